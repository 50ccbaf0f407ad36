"""What a message means in this chat, and which answer it gets."""
