"""The conversation: what the bot decides, the doors it needs (ports), and the parts that run it."""
