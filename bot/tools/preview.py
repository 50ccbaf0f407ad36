"""`pivotbot preview`: what a few lines are answered, as the console, Telegram and Slack show it, on
one page to open in a browser.

For people who write content: nothing is stored and nobody is written to.
"""

import base64
import html
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from adapters.console.render import text as console_text
from adapters.slack import preview as slack
from adapters.telegram import preview as telegram
from bot.conversation.step import step
from bot.core.events import Account, Body, Chat, Event, Found, OpenedHome, Said, Submitted, cause_of
from bot.core.form import Form
from bot.core.reply import Picture, Reply
from bot.core.state import Person, State
from bot.core.turn import LookUpZone, ShowForm, Turn
from bot.runtime.wiring import reader
from content.content import Content

_STYLE = f"""
body {{ font: 15px/1.4 sans-serif; background: #f2f2f2; margin: 24px; }}
h2 {{ font-size: 17px; }}
.faces {{ display: flex; gap: 24px; align-items: flex-start; flex-wrap: wrap; margin-bottom: 40px; }}
.console {{ width: 720px; white-space: pre-wrap; font: 13px/1.4 monospace; background: #1e1e1e; color: #eee; padding: 12px; border-radius: 8px; }}
.picture {{ width: 360px; border-radius: 8px; margin: 6px 0; }}
.media {{ border: 1px dashed #888; color: #666; padding: 20px; margin: 6px 0; text-align: center; }}
{telegram.STYLE}
{slack.STYLE}
"""


def page(content: Content, lines: Sequence[str], *, at: datetime | None = None) -> str:
    """One HTML page: each line of one conversation and its answer on every face; then the page and
    the forms that Slack has besides.
    """
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
    pages = (("its page", states["Slack"]), ("a newcomer's page", State(person=Person(id=2))))
    sections += [
        _section(f"Slack, {title}", _home_page(content, faces[1], state, at))
        for title, state in pages
    ]
    sections += [
        _section(form.title, faces[1].form(form))
        for form in _forms(content, faces[1], states["Slack"], at)
    ]
    return (
        '<!doctype html><meta charset="utf-8"><title>pivotbot '
        f"preview</title><style>{_STYLE}</style>{''.join(sections)}"
    )


def _home_page(content: Content, face: slack.Face, state: State, at: datetime) -> str:
    event = _event(face, OpenedHome(), at, 0)
    return _fragments(face, step(content, state, event).replies, event)


def _forms(content: Content, face: slack.Face, state: State, at: datetime) -> Iterator[Form]:
    """Every form as this person would see it, page after page: each is sent as it came,
    or with the first choice.
    """
    for name in (*content.dialogs, "subscribe"):
        turn = step(content, state, _event(face, Said(f"/form {name}"), at, 0))
        form, before = _form(turn), ""
        while form and (form.heading != before or not before):
            yield form
            before = form.heading
            entered = tuple(
                (field.key, field.answer or next((value for value, _ in field.options), ""))
                for field in form.fields
            )
            turn = step(content, turn.state, _event(face, Submitted(name, entered), at, 0))
            form = _form(turn) if before else None


def _form(turn: Turn) -> Form | None:
    return next((effect.form for effect in turn.effects if isinstance(effect, ShowForm)), None)


def _turn(content: Content, state: State, event: Event) -> Turn:
    """One decision, and the next where it had to ask the platform for a zone:
    here nobody knows one.
    """
    turn = step(content, state, event)
    for effect in turn.effects:
        if isinstance(effect, LookUpZone):
            found = Found("LookUpZone", (("zone", ""), ("then", effect.then)), cause_of(event))
            return step(content, turn.state, replace(event, body=found))
    return turn


def _event(face: telegram.Face | slack.Face, body: Body, at: datetime, number: int) -> Event:
    name = face.surface.name
    account, chat = Account(platform=name, user="1"), Chat(platform=name, id="1")
    return Event(
        key=f"preview:{number}",
        at=at,
        account=account,
        chat=chat,
        surface=face.surface,
        body=body,
        nonce=f"{number:032x}",
    )


def _fragments(face: telegram.Face | slack.Face, replies: Sequence[Reply], event: Event) -> str:
    shown = [face.fragment(message) for reply in replies for message in face.render(reply, event)]
    pictures = [
        _picture(block) for reply in replies for block in reply.blocks if isinstance(block, Picture)
    ]
    return "".join((*shown, *pictures))


def _picture(picture: Picture) -> str:
    """The drawn chart, in the page itself."""
    from bot.runtime.drawing import png  # noqa: PLC0415 -- matplotlib, for pages that show a chart

    drawn = base64.b64encode(png(picture.spec)).decode()
    words = html.escape(picture.alt, quote=True)
    return f'<img class="picture" alt="{words}" src="data:image/png;base64,{drawn}">'


def _section(title: str, inside: str) -> str:
    return f'<h2>{html.escape(title)}</h2><div class="faces">{inside}</div>'
