"""Telegram, one of the equal faces of the conversation: parse, render, transport."""
