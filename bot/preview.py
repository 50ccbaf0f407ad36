"""`pivotbot preview`: what a few lines are answered, as the console, Telegram and Slack show it, on one page to open in a browser.

For people who write content: nothing is stored and nobody is written to.
"""

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.console.render import text as console_text
from adapters.slack import preview as slack
from adapters.telegram import preview as telegram
from bot.events import Account, Chat, Event, Said
from bot.state import Person, State
from bot.step import step
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
    """One HTML page: each line of one conversation, and its answer on every face."""
    faces = (telegram.Face(content.phrases), slack.Face(content.phrases))
    states = {face.title: State(person=Person(id=1)) for face in faces}
    sections = []
    for number, line in enumerate(lines):
        shown = []
        for face in faces:
            event = Event(
                key=f"preview:{number}",
                at=at or datetime.now(UTC),
                account=Account(platform=face.surface.name, user="1"),
                chat=Chat(platform=face.surface.name, id="1"),
                surface=face.surface,
                body=Said(line, reading=reader(content, line)),
                nonce=f"{number:032x}",
            )
            turn = step(content, states[face.title], event)
            states[face.title] = turn.state
            messages = [message for reply in turn.replies for message in face.render(reply, event)]
            shown.append("".join(face.fragment(message) for message in messages))
        plain = html.escape("\n\n".join(console_text(reply) for reply in turn.replies))
        sections.append(f'<h2>{html.escape(line)}</h2><div class="faces">{"".join(shown)}<div class="console">{plain}</div></div>')
    return f'<!doctype html><meta charset="utf-8"><title>pivotbot preview</title><style>{_STYLE}</style>{"".join(sections)}'
