"""`pivotbot preview`: what a few lines are answered, as the console, Telegram and Slack show it, on one page to open in a browser.

For people who write content: nothing is stored and nobody is written to.
"""

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from adapters.console.render import text as console_text
from adapters.slack import preview as slack
from adapters.telegram import preview as telegram
from bot.events import Account, Body, Chat, Event, Found, OpenedHome, Said, cause_of
from bot.reply import Reply
from bot.state import Person, State
from bot.step import step
from bot.turn import LookUpZone, Turn
from bot.wiring import reader
from content.library import Content

_STYLE = f"""
body {{ font: 15px/1.4 sans-serif; background: #f2f2f2; margin: 24px; }}
h2 {{ font-size: 17px; }}
.faces {{ display: flex; gap: 24px; align-items: flex-start; flex-wrap: wrap; margin-bottom: 40px; }}
.console {{ width: 720px; white-space: pre-wrap; font: 13px/1.4 monospace; background: #1e1e1e; color: #eee; padding: 12px; border-radius: 8px; }}
.media {{ border: 1px dashed #888; color: #666; padding: 20px; margin: 6px 0; text-align: center; }}
{telegram.STYLE}
{slack.STYLE}
"""


def page(content: Content, lines: Sequence[str], *, at: datetime | None = None) -> str:
    """One HTML page: each line of one conversation and its answer on every face; then the page and the forms that Slack has besides."""
    at = at or datetime.now(UTC)
    faces = (telegram.Face(content.phrases), slack.Face(content.phrases))
    states = {face.title: State(person=Person(id=1)) for face in faces}
    sections = []
    for number, line in enumerate(lines):
        shown = []
        for face in faces:
            event = _event(face, Said(line, reading=reader(content, line)), at, number)
            turn = _turn(content, states[face.title], event)
            states[face.title] = turn.state
            shown.append(_fragments(face, turn.replies, event))
        plain = html.escape("\n\n".join(console_text(reply) for reply in turn.replies))
        sections.append(_section(line, f'{"".join(shown)}<div class="console">{plain}</div>'))
    for face in faces:
        if face.surface.home:
            event = _event(face, OpenedHome(), at, len(lines))
            sections.append(_section(face.title, _fragments(face, step(content, states[face.title], event).replies, event)))
    sections += [_section(title, fragment) for title, fragment in faces[1].extras(content, at)]
    return f'<!doctype html><meta charset="utf-8"><title>pivotbot preview</title><style>{_STYLE}</style>{"".join(sections)}'


def _turn(content: Content, state: State, event: Event) -> Turn:
    """One decision, and the next where it had to ask the platform for a zone: here nobody knows one."""
    turn = step(content, state, event)
    for effect in turn.effects:
        if isinstance(effect, LookUpZone):
            found = Found("LookUpZone", (("zone", ""), ("then", effect.then)), cause_of(event))
            return step(content, turn.state, replace(event, body=found))
    return turn


def _event(face: telegram.Face | slack.Face, body: Body, at: datetime, number: int) -> Event:
    name = face.surface.name
    account, chat = Account(platform=name, user="1"), Chat(platform=name, id="1")
    return Event(key=f"preview:{number}", at=at, account=account, chat=chat, surface=face.surface, body=body, nonce=f"{number:032x}")


def _fragments(face: telegram.Face | slack.Face, replies: Sequence[Reply], event: Event) -> str:
    return "".join(face.fragment(message) for reply in replies for message in face.render(reply, event))


def _section(title: str, inside: str) -> str:
    return f'<h2>{html.escape(title)}</h2><div class="faces">{inside}</div>'
