"""The console: a face of the bot on standard input and output."""
