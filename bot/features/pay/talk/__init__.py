"""Talk about money as it goes on: each short message is read whole, and changes, asks about or
compares what stands in the chat.

'second one per fortnight', 'and at 190 days', 'whats my base', 'so should i take it', 'leads?': the
meanings of the message and what was talked about before decide, never its sentence.
"""

from bot.features.pay.talk.belonging import is_of_money
from bot.features.pay.talk.context import Talk, vocabulary
from bot.features.pay.talk.readers import meant

__all__ = ["Talk", "is_of_money", "meant", "vocabulary"]
