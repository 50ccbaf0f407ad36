"""A Slack message, page or form as a fragment of HTML, roughly as Slack shows its blocks: for
looking at, not for sending. Pure.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from adapters.slack import forms
from adapters.slack.render import Words, render
from adapters.slack.surface import SURFACE
from bot.core.events import Event, Surface
from bot.core.form import Form
from bot.core.messages import Message
from bot.core.reply import Reply

Kit = Mapping[str, Any]

_LINK = re.compile(r"&lt;(https?://[^|&]+)\|([^&]*)&gt;")
_DATE = re.compile(r"&lt;!date\^[^|]*\|([^&]*)&gt;")


class Face:
    title = "Slack"

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = phrases
        self._words = Words(
            **{name: phrases[f"slack_{name}"] for name in Words.__dataclass_fields__}
        )

    @property
    def surface(self) -> Surface:
        return SURFACE

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render(reply, event, self._words)

    def fragment(self, message: Message) -> str:
        # Our own JSON.
        blocks: list[Kit] = list(message.payload.get("blocks") or [])  # type: ignore[call-overload]
        inside = "".join(_block(block) for block in blocks) or html.escape(
            str(message.payload.get("text", ""))
        )
        return f'<div class="slack">{inside}</div>'

    def form(self, form: Form) -> str:
        view = forms.modal(form, self._phrases)
        title = f'<div class="title">{_plain(view["title"])}</div>'
        buttons = (
            f'<div class="actions"><span class="button">{_plain(view["close"])}</span><span '
            f'class="button">{_plain(view["submit"])}</span></div>'
        )
        return f'<div class="slack">{title}{"".join(_block(block) for block in view["blocks"])}{buttons}</div>'


def _block(block: Kit) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_plain(block['text'])}</h3>"
        case "section":
            texts = block["fields"] if "text" not in block else [block["text"]]
            return "".join(f"<p>{_mrkdwn(one)}</p>" for one in texts)
        case "rich_text":
            return "".join(_rich(element) for element in block["elements"])
        case "context":
            return "".join(
                f'<p class="context">{_mrkdwn(element)}</p>' for element in block["elements"]
            )
        case "actions":
            return f'<div class="actions">{"".join(_button(element) for element in block["elements"])}</div>'
        case "table":
            return f"<table>{''.join(_row(row) for row in block['rows'])}</table>"
        case "input":
            optional = " (optional)" if block.get("optional") else ""
            if "hint" in block:
                hint = f'<p class="context">{_plain(block["hint"])}</p>'
            else:
                hint = ""
            return (
                f"<p><b>{_plain(block['label'])}</b>{optional}</p>{_field(block['element'])}{hint}"
            )
        case "divider":
            return "<hr>"
        case "image":
            return f'<div class="media">{html.escape(block["alt_text"])}</div>'
        case other:
            return f'<div class="media">{html.escape(other)}</div>'


def _rich(element: Kit) -> str:
    inside = "".join(_rich_text(one) for one in element["elements"])
    match element["type"]:
        case "rich_text_list":
            tag = "ol" if element["style"] == "ordered" else "ul"
            items = "".join(
                f"<li>{''.join(_rich_text(one) for one in item['elements'])}</li>"
                for item in element["elements"]
            )
            if tag == "ol":
                return f'<{tag} start="{element.get("offset", 0) + 1}">{items}</{tag}>'
            return f"<ul>{items}</ul>"
        case "rich_text_quote":
            return f"<blockquote>{inside}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{inside}</pre>"
        case _:
            return f"<p>{inside}</p>"


def _rich_text(element: Kit) -> str:
    words = html.escape(
        str(element.get("text") or element.get("fallback") or element.get("url") or "")
    ).replace("\n", "<br>")
    style = element.get("style") or {}
    for name, tag in (("bold", "b"), ("italic", "i"), ("code", "code")):
        if style.get(name):
            words = f"<{tag}>{words}</{tag}>"
    if element["type"] == "link":
        return f'<a href="#">{words}</a>'
    return words


def _row(row: list[Kit]) -> str:
    return f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>"


def _cell(cell: Kit) -> str:
    if "text" in cell:
        return html.escape(str(cell["text"]))
    return "".join(_rich(element) for element in cell.get("elements", []))


def _button(element: Kit) -> str:
    return (
        f'<span class="button">{_plain(element["text"])}{" ↗" if element.get("url") else ""}</span>'
    )


def _field(element: Kit) -> str:
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    else:
        chosen = element.get("initial_options", [])
    options = [
        f"{_plain(one['text'])}{_plain(one['description']) if 'description' in one else ''}"
        if one not in chosen
        else f"<b>{_plain(one['text'])}</b>"
        for one in element.get("options", [])
    ]
    match element["type"]:
        case "radio_buttons":
            return "".join(
                f"<p>{'◉' if '<b>' in option else '◯'} {option}</p>" for option in options
            )
        case "checkboxes":
            return "".join(
                f"<p>{'☑' if '<b>' in option else '☐'} {option}</p>" for option in options
            )
        case "static_select":
            return f'<p class="field">▾ {" / ".join(options)}</p>'
        case _:
            return (
                f'<p class="field">{html.escape(element.get("initial_value", "")) or "&nbsp;"}</p>'
            )


def _plain(text: Kit) -> str:
    return html.escape(str(text["text"]))


def _mrkdwn(text: Kit) -> str:
    if text["type"] != "mrkdwn":
        return _plain(text)
    words = _DATE.sub(
        r"<u>\1</u>",
        _LINK.sub(r'<a href="#">\2</a>', html.escape(html.unescape(str(text["text"])))),
    )
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", words).replace("\n", "<br>")


STYLE = """
.slack { width: 560px; font: 15px/1.46 Lato, 'Slack-Lato', Arial, sans-serif; color: #1d1c1d; background: #fff; padding: 12px 16px; border: 1px solid #ddd; border-radius: 8px; }
.slack p { margin: 4px 0; overflow-wrap: anywhere; }
.slack h3 { margin: 8px 0 4px; font-size: 18px; }
.slack .context { color: #616061; font-size: 13px; }
.slack blockquote { margin: 4px 0; padding-left: 10px; border-left: 4px solid #ddd; }
.slack table { border-collapse: collapse; margin: 6px 0; }
.slack td { border: 1px solid #ddd; padding: 4px 10px; font-size: 14px; }
.slack tr:first-child td { font-weight: bold; background: #f8f8f8; }
.slack ul, .slack ol { margin: 4px 0; padding-left: 24px; }
.slack .title { font-weight: bold; font-size: 20px; border-bottom: 1px solid #ddd; padding-bottom: 8px; }
.slack .field { border: 1px solid #bbb; border-radius: 4px; padding: 4px 8px; }
.slack .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.slack .button { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-weight: bold; font-size: 14px; }
"""
