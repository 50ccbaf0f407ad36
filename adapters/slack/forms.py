"""Forms as Slack shows them: as modals. Pure.

Which questions stand in a form, what is known of them and what an answer means are the core's
(bot.features.forms); here stands only how Slack shows them. A form keeps nothing: its answers are
in Slack until it is sent, and what is sent becomes an ordinary event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.block_kit import BUTTON_TEXT, HEADER_TEXT, Kit, plain_text, rich
from adapters.slack.envelope import Payload
from adapters.slack.parse import answers_of
from adapters.slack.render import VIEW_TITLE
from adapters.slack.surface import SURFACE
from bot.core.form import Field, Form
from bot.features import forms
from content.content import Content

FIELD_MARK = "form:"
"""Fields' ids begin with it, so that a choice in a form is never taken for a tap."""

LABEL_TEXT = 2000
OPTION_TEXT = BUTTON_TEXT
RADIOS = 4
"""More options than this are a list to open."""
ONE_SCREEN = 6
"""More fields than this, and the sum so far stands below them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalTrigger:
    """What a payload allows: to open a modal by its trigger (good for three seconds, once), or to
    replace the one it came from. Never one modal above another, so Slack's limit of three is not
    met.
    """

    trigger: str = ""
    view_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """Show the open form anew: an answer changed which questions there are, or the sum so far."""

    view_id: str
    hash: str
    view: Kit


def door(body: Payload) -> ModalTrigger:
    """Without both, no form can be shown: a typed message allows none."""
    view = body.get("view")
    if (
        body.get("type") == "block_actions"
        and isinstance(view, Mapping)
        and view.get("type") == "modal"
    ):
        return ModalTrigger(view_id=str(view["id"]))
    return ModalTrigger(trigger=str(body.get("trigger_id") or ""))


def follows_of(content: Content, body: Payload, at: datetime) -> Follows | None:
    """What an answer chosen in an open form changes in it; None for any other payload."""
    view = body.get("view")
    if (
        body.get("type") != "block_actions"
        or not isinstance(view, Mapping)
        or view.get("type") != "modal"
    ):
        return None
    if not any(
        str(one.get("action_id", "")).startswith(FIELD_MARK) for one in body.get("actions") or ()
    ):
        return None
    name = str(view.get("callback_id", ""))
    form = forms.form_after(content, SURFACE, name, answers_of(body), at)
    if not form:
        return None
    return Follows(
        view_id=str(view["id"]),
        hash=str(view.get("hash", "")),
        view=modal(form, content.phrases),
    )


def modal(form: Form, phrases: Mapping[str, str]) -> Kit:
    """`private_metadata` stays empty: the form's name says what it is,
    and what was answered before is in the database.
    """
    sums: list[Kit] = [_sum("so_far", form.so_far)] if form.so_far else []
    sums_below: list[Kit] = (
        [_sum("so_far_below", form.so_far)] if form.so_far and len(form.fields) > ONE_SCREEN else []
    )
    headings: list[Kit] = (
        [{"type": "header", "text": plain_text(form.heading[:HEADER_TEXT])}] if form.heading else []
    )
    return {
        "type": "modal",
        "callback_id": form.name,
        "title": plain_text(form.title[:VIEW_TITLE]),
        "submit": plain_text(form.submit[:VIEW_TITLE]),
        "close": plain_text(phrases["slack_form_cancel"]),
        "blocks": [
            *(rich(line) for line in form.lead),
            *headings,
            *sums,
            *(_input(field) for field in form.fields),
            *sums_below,
        ],
    }


def errors(form: Form) -> dict[str, str]:
    """Why fields cannot be used, by the ids of their blocks."""
    return {field.key: field.wrong for field in form.fields if field.wrong}


def _sum(block_id: str, words: str) -> Kit:
    return {"type": "context", "block_id": block_id, "elements": [plain_text(words)]}


def _input(field: Field) -> Kit:
    """One question.

    Its block keeps its id while the form follows the answers, so Slack keeps what was entered.
    """
    block: Kit = {
        "type": "input",
        "block_id": field.key,
        "label": plain_text(field.label[:LABEL_TEXT]),
        "optional": field.optional,
        "element": _element(field),
    }
    if field.follows:
        block["dispatch_action"] = True
    if field.hint:
        block["hint"] = plain_text(field.hint[:LABEL_TEXT])
    return block


def _element(field: Field) -> Kit:
    element: Kit = {"action_id": f"{FIELD_MARK}{field.key}"}
    if not field.options:
        if field.answer:
            known = {"initial_value": field.answer}
        else:
            known = {}
        # On every key would be a call a letter; the next choice brings the typed answers along
        # anyway.
        if field.follows:
            told = {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}
        else:
            told = {}
        return {**element, "type": "plain_text_input", **known, **told}
    options = {value: _option(value, label) for value, label in field.options}
    chosen = [options[value] for value in field.answer.split(",") if value in options]
    if field.many:
        return {
            **element,
            "type": "checkboxes",
            "options": [*options.values()],
            **({"initial_options": chosen} if chosen else {}),
        }
    if len(options) <= RADIOS:
        kind = "radio_buttons"
    else:
        kind = "static_select"
    return {
        **element,
        "type": kind,
        "options": [*options.values()],
        **({"initial_option": chosen[0]} if chosen else {}),
    }


def _option(value: str, label: str) -> Kit:
    """A label too long for Slack goes on in the small line below it."""
    option: Kit = {"text": plain_text(label[:OPTION_TEXT]), "value": value}
    rest = label[OPTION_TEXT:]
    if rest:
        return {**option, "description": plain_text(rest[:OPTION_TEXT])}
    return option
