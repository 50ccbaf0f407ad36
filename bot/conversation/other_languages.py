"""Somebody writes in another language: one line in it says what works here, with the nearest page
first.

Where figures and names suffice the text was understood before it came here. Lines and words are
content.
"""

from bot.core.events import Said
from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features import right_to_work
from bot.understanding.languages import language_of, subjects_of

_PAGES = ("salary", "visa", "points", "plan")
"""What most people come for, where the text names nothing that we know."""


def in_their_language(request: Request) -> Turn | None:
    """One line in the language of the text; None where the content does not know it."""
    match request.event.body:
        case Said(text=text):
            key = language_of(request.content, text)
        case _:
            return None
    if not key:
        return None
    language = request.content.languages[key]
    pages = subjects_of(language, text) or _PAGES
    taps = tuple(Tap(_label(request, page), page) for page in pages)
    return request.answer(
        paragraph(language.says), Choices(right_to_work.concerning(request, taps)), remember=False
    )


def _label(request: Request, command: str) -> str:
    """What the command's button says elsewhere too."""
    intents = request.content.intents.values()
    labels = (intent.says for intent in intents if intent.command == command)
    return next(labels, request.content.commands[command].summary)
