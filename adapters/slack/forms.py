"""Questionnaires as Slack forms: which form a payload opens, how it follows the answers, what is wrong in it. Pure.

The questions, their order and what an answer means are the core's (bot.questionnaire); here stands only how Slack shows
them. A form keeps nothing: its answers are in Slack until it is sent, and what is sent becomes an ordinary event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.kit import BUTTON_TEXT, Kit, plain_text
from adapters.slack.parse import SHORTCUTS, Payload, answers_of
from adapters.slack.render import VIEW_TITLE
from adapters.slack.surface import SURFACE
from bot import questionnaire
from bot.asking import Ask
from bot.dialogs import points
from bot.events import Account, Chat, Event, Said
from bot.state import Person, State
from content.library import Content

FIELD_MARK = "form:"
"""Fields' ids begin with it, so that a choice in a form is never taken for a tap."""

LABEL_TEXT = 2000
OPTION_TEXT = BUTTON_TEXT
RADIOS = 4
"""More options than this are a list to open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """Show this form. The trigger is good for three seconds, once."""

    trigger: str
    view: Kit


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """Show the open form anew: an answer changed which questions there are, or the sum so far."""

    view_id: str
    hash: str
    view: Kit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Say beside each field why it cannot be used."""

    errors: Mapping[str, str]


def asked(content: Content, body: Payload, at: datetime) -> Opens | Follows | Wrong | None:
    """What a payload means for a form; None when it means nothing, or when the form is well filled and goes on as an event."""
    match body.get("type"):
        case "shortcut" if (key := str(body.get("callback_id"))) in SHORTCUTS and key in content.dialogs:
            return Opens(trigger=str(body["trigger_id"]), view=form_view(content, key, {}, at))
        case "block_actions" if key := _dialog(content, body):
            view = body["view"]
            return Follows(view_id=str(view["id"]), hash=str(view.get("hash", "")), view=form_view(content, key, answers_of(body), at))
        case "view_submission" if key := _dialog(content, body):
            wrong = questionnaire.filled(content, key, answers_of(body), at.date()).wrong
            errors = {name: content.phrases[doubt.phrase].format(**doubt.values) for name, doubt in wrong.items()}
            return Wrong(errors=errors) if errors else None
        case _:
            return None


def _dialog(content: Content, body: Payload) -> str:
    """The questionnaire whose form this payload comes from; empty if none."""
    view = body.get("view")
    key = str(view.get("callback_id", "")) if isinstance(view, Mapping) and view.get("type") == "modal" else ""
    return key if key in content.dialogs else ""


def form_view(content: Content, key: str, values: Mapping[str, str], at: datetime) -> Kit:
    answers = questionnaire.filled(content, key, values, at.date()).answers
    form = questionnaire.form(content, key, answers)
    total = points.so_far(_stranger(content, key, at), answers) if key == "points" else ""
    summary: list[Kit] = [{"type": "context", "block_id": "so_far", "elements": [plain_text(total)]}] if total else []
    return {
        "type": "modal",
        "callback_id": key,
        "title": plain_text(form.title[:VIEW_TITLE]),
        "submit": plain_text(content.phrases["slack_form_submit"]),
        "close": plain_text(content.phrases["slack_form_cancel"]),
        "blocks": [*summary, *(_field(field) for field in form.fields)],
    }


def _field(field: questionnaire.Field) -> Kit:
    """One question. Its block keeps its id while the form follows the answers, so Slack keeps what was entered."""
    block: Kit = {
        "type": "input",
        "block_id": field.key,
        "label": plain_text(field.label[:LABEL_TEXT]),
        "optional": field.optional,
        "element": _element(field),
    }
    if field.options:
        return {**block, "dispatch_action": True}
    return {**block, "hint": plain_text(field.hint)} if field.hint else block


def _element(field: questionnaire.Field) -> Kit:
    action_id = f"{FIELD_MARK}{field.key}"
    if not field.options:
        return {"type": "plain_text_input", "action_id": action_id}
    options = [_option(value, label) for value, label in field.options]
    return {"type": "radio_buttons" if len(options) <= RADIOS else "static_select", "action_id": action_id, "options": options}


def _option(value: str, label: str) -> Kit:
    """A label too long for Slack goes on in the small line below it."""
    option: Kit = {"text": plain_text(label[:OPTION_TEXT]), "value": value}
    rest = label[OPTION_TEXT:]
    return {**option, "description": plain_text(rest[:OPTION_TEXT])} if rest else option


def _stranger(content: Content, key: str, at: datetime) -> Ask:
    """A question without a person: a form knows only what stands in it."""
    nobody = Account(platform=SURFACE.name, user="")
    event = Event(key="", at=at, account=nobody, chat=Chat(platform=SURFACE.name, id=""), surface=SURFACE, body=Said(""))
    return Ask(content=content, state=State(person=Person(id=0)), event=event, command=key)
