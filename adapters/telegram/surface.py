"""What Telegram can show and knows, as one constant, and the address book of deep links.

A deep link opens the private chat with a few words already said; Telegram lets 64 characters of A–Z
a–z 0–9 _ - through.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

from bot.core.events import Surface

PLATFORM = "telegram"

SURFACE = Surface(
    name=PLATFORM,
    prefix="/",
    edits=True,
    pictures=True,
    files=True,
    shares_location=True,
    cannot=(
        "telegram_cannot_read_media",
        "telegram_cannot_know_zone",
        "telegram_cannot_whisper",
        "telegram_cannot_see_old_taps",
    ),
)

# https://core.telegram.org/bots/features#deep-linking
PAYLOAD_CHARACTERS = 64
_READABLE = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*")
_CODED = "b64-"


def surface(username: str) -> Surface:
    """The constant, with the link that opens this bot's private chat once its name is known."""
    if username:
        return replace(SURFACE, private_link=f"https://t.me/{username}?start=")
    return SURFACE


def payload(words: str) -> str:
    """A command line as a deep link's payload: readable where it can be ('visa_189'), or empty if
    it is too long to travel.
    """
    if _READABLE.fullmatch(words) and not words.startswith(_CODED):
        coded = words.replace(" ", "_")
    else:
        coded = _base64(words)
    if len(coded) <= PAYLOAD_CHARACTERS:
        return coded
    return ""


def words(payload: str) -> str:
    """What a payload says; empty for one that nobody could have made here.

    Anyone can forge one: it is worth as much as typed text.
    """
    if not payload.startswith(_CODED):
        return payload.replace("_", " ").strip()
    try:
        coded = payload.removeprefix(_CODED)
        return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return ""


def _base64(words: str) -> str:
    if not words:
        return ""
    return _CODED + urlsafe_b64encode(words.encode()).decode().rstrip("=")
