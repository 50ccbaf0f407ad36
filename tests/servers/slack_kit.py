"""Block Kit as Slack accepts it, checked by hand over plain JSON with the limits that the package
slackblocks keeps.

Not the product's code and sharing nothing with it: it judges what the product sends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from slackblocks import _limits as limit
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as BLOCK_TYPES

Kit = Mapping[str, Any]

TABLES_TEXT = 10_000
RICH = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
RICH_LEAVES = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "date": "timestamp",
}
ELEMENTS = {
    "button",
    "static_select",
    "overflow",
    "datepicker",
    "timepicker",
    "radio_buttons",
    "checkboxes",
}
INPUTS = {
    "plain_text_input",
    "static_select",
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
    "number_input",
    "email_text_input",
}
ALLOWED = {
    "header": {"text", "level"},
    "section": {"text", "fields", "accessory", "expand"},
    "rich_text": {"elements"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set(),
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "table": {"rows", "column_settings"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
}


def problems(
    blocks: Any, surface: str = "message", files: frozenset[str] | None = None
) -> list[str]:
    """What Slack would refuse; empty when nothing. `files`: ids of files that may be shown."""
    if not isinstance(blocks, list):
        return ["blocks is no list"]
    most = limit.MESSAGE_BLOCKS_MAX_ITEMS if surface == "message" else limit.VIEW_BLOCKS_MAX_ITEMS
    found = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    ids: list[str] = []
    for number, block in enumerate(blocks):
        found += [f"blocks[{number}]: {problem}" for problem in _block(block, surface, files)]
        if "block_id" in block:
            ids.append(block["block_id"])
    if len(ids) != len(set(ids)):
        found.append("block_id twice")
    tables = sum(
        len(cell.get("text", ""))
        for block in blocks
        if block.get("type") == "table"
        for row in block["rows"]
        for cell in row
    )
    if tables > TABLES_TEXT:
        found.append(f"{tables} characters in tables")
    return found


def view_problems(view: Any) -> list[str]:
    """The same for a modal or a home page."""
    if not isinstance(view, Mapping) or view.get("type") not in ("modal", "home"):
        return ["no view"]
    found = problems(view.get("blocks"), str(view["type"]))
    if view["type"] == "modal":
        found += [
            f"title: {one}"
            for one in _text(view.get("title"), limit.VIEW_TITLE_MAX_LENGTH, only="plain_text")
        ]
        for key, most in (
            ("submit", limit.VIEW_SUBMIT_MAX_LENGTH),
            ("close", limit.VIEW_CLOSE_MAX_LENGTH),
        ):
            if key in view:
                found += [f"{key}: {one}" for one in _text(view[key], most, only="plain_text")]
        if (
            any(block.get("type") == "input" for block in view.get("blocks", []))
            and "submit" not in view
        ):
            found.append("inputs without submit")
    if len(str(view.get("private_metadata", ""))) > limit.VIEW_PRIVATE_METADATA_MAX_LENGTH:
        found.append("private_metadata too long")
    if len(str(view.get("callback_id", ""))) > limit.VIEW_CALLBACK_ID_MAX_LENGTH:
        found.append("callback_id too long")
    return found


def _block(block: Any, surface: str, files: frozenset[str] | None) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, Mapping) else None
    if kind not in BLOCK_TYPES[surface] or kind not in ALLOWED:  # type: ignore[index]
        yield f"unknown block type {kind!r} on {surface}"
        return
    extra = set(block) - ALLOWED[kind] - {"type", "block_id"}
    if extra:
        yield f"unknown keys {sorted(extra)}"
    match kind:
        case "header":
            yield from _text(block.get("text"), limit.HEADER_TEXT_MAX_LENGTH, only="plain_text")
        case "section":
            if "text" not in block and not block.get("fields"):
                yield "a section needs text or fields"
            if "text" in block:
                yield from _text(block["text"], limit.SECTION_TEXT_MAX_LENGTH)
            if len(block.get("fields", [])) > limit.SECTION_FIELDS_MAX_ITEMS:
                yield "too many fields"
            for field in block.get("fields", []):
                yield from _text(field, limit.SECTION_FIELDS_ITEM_MAX_LENGTH)
        case "context":
            yield from _count(block, limit.CONTEXT_ELEMENTS_MAX_ITEMS)
            for element in block.get("elements", []):
                yield from (
                    _text(element, limit.TEXT_MAX_LENGTH)
                    if element.get("type") != "image"
                    else _image(element, files)
                )
        case "actions":
            yield from _count(block, limit.ACTIONS_ELEMENTS_MAX_ITEMS)
            ids = [element.get("action_id") for element in block.get("elements", [])]
            if len(ids) != len(set(ids)):
                yield "action_id twice"
            for element in block.get("elements", []):
                yield from _element(element, ELEMENTS)
        case "image":
            yield from _image(block, files)
        case "table":
            yield from _table(block)
        case "rich_text":
            yield from _rich(block)
        case "input":
            yield from _text(block.get("label"), limit.INPUT_LABEL_MAX_LENGTH, only="plain_text")
            if "hint" in block:
                yield from _text(block["hint"], limit.INPUT_HINT_MAX_LENGTH, only="plain_text")
            yield from _element(block.get("element", {}), INPUTS)


def _count(block: Kit, most: int) -> Iterator[str]:
    if not 1 <= len(block.get("elements", [])) <= most:
        yield f"{len(block.get('elements', []))} elements"


def _text(text: Any, most: int, *, only: str = "") -> Iterator[str]:
    if not isinstance(text, Mapping) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"no text object: {text!r:.60}"
        return
    if only and text["type"] != only:
        yield f"must be {only}"
    if set(text) - {"type", "text", "emoji", "verbatim"}:
        yield "unknown keys in text"
    if text["type"] == "plain_text" and "verbatim" in text:
        yield "verbatim is for mrkdwn"
    if not 1 <= len(str(text.get("text", ""))) <= most:
        yield f"text of {len(str(text.get('text', '')))} characters"


def _image(image: Kit, files: frozenset[str] | None) -> Iterator[str]:
    if not 1 <= len(str(image.get("alt_text") or "")) <= limit.IMAGE_ALT_TEXT_MAX_LENGTH:
        yield "alt_text missing or too long"
    if ("image_url" in image) == ("slack_file" in image):
        yield "either image_url or slack_file"
    if "slack_file" in image and files is not None and image["slack_file"].get("id") not in files:
        yield "invalid slack file"


def _table(block: Kit) -> Iterator[str]:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= limit.TABLE_ROWS_MAX_ITEMS:
        yield f"{len(rows)} rows"
    if len({len(row) for row in rows}) > 1 or any(
        not 1 <= len(row) <= limit.TABLE_COLUMNS_MAX_ITEMS for row in rows
    ):
        yield "rows of unequal or too great length"
    if len(block.get("column_settings", [])) > limit.TABLE_COLUMN_SETTINGS_MAX_ITEMS:
        yield "too many column settings"
    for row in rows:
        for cell in row:
            if cell.get("type") not in ("raw_text", "raw_number", "rich_text") or not cell.get(
                "text"
            ):
                yield f"bad cell {cell!r:.60}"


def _rich(block: Kit) -> Iterator[str]:
    if not block.get("elements"):
        yield "empty rich text"
    for element in block.get("elements", []):
        if element.get("type") not in RICH:
            yield f"unknown rich text element {element.get('type')!r}"
            continue
        if element["type"] == "rich_text_list" and element.get("style") not in (
            "bullet",
            "ordered",
        ):
            yield "a list needs a style"
        inner = element.get("elements", [])
        if not inner:
            yield "empty rich text element"
        leaves = (
            [leaf for part in inner for leaf in part["elements"]]
            if element["type"] == "rich_text_list"
            else inner
        )
        for leaf in leaves:
            needed = RICH_LEAVES.get(str(leaf.get("type")))
            if needed is None or not leaf.get(needed):
                yield f"bad rich text leaf {leaf!r:.60}"
            if set(leaf.get("style", {})) - {"bold", "italic", "strike", "code", "underline"}:
                yield "unknown style"
            if leaf.get("type") == "link" and len(leaf["url"]) > limit.BUTTON_URL_MAX_LENGTH:
                yield "link too long"


def _element(element: Kit, kinds: set[str]) -> Iterator[str]:
    kind = element.get("type")
    if kind not in kinds:
        yield f"element {kind!r} does not belong here"
        return
    if not 1 <= len(str(element.get("action_id", ""))) <= limit.ACTION_ID_MAX_LENGTH:
        yield "action_id missing or too long"
    match kind:
        case "button":
            yield from _text(element.get("text"), limit.BUTTON_TEXT_MAX_LENGTH, only="plain_text")
            if len(element.get("value", "")) > limit.BUTTON_VALUE_MAX_LENGTH:
                yield "button value too long"
            if len(element.get("url", "")) > limit.BUTTON_URL_MAX_LENGTH:
                yield "button url too long"
            if (
                len(element.get("accessibility_label", ""))
                > limit.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH
            ):
                yield "accessibility_label too long"
        case "static_select" | "radio_buttons" | "checkboxes" | "overflow":
            options = element.get("options", [])
            most = {
                "static_select": limit.SELECT_OPTIONS_MAX_ITEMS,
                "radio_buttons": limit.RADIO_BUTTONS_OPTIONS_MAX_ITEMS,
                "checkboxes": limit.CHECKBOXES_OPTIONS_MAX_ITEMS,
                "overflow": limit.OVERFLOW_OPTIONS_MAX_ITEMS,
            }[kind]
            if not 1 <= len(options) <= most:
                yield f"{len(options)} options"
            for option in options:
                yield from _text(option.get("text"), limit.OPTION_TEXT_MAX_LENGTH)
                if not 1 <= len(str(option.get("value", ""))) <= limit.OPTION_VALUE_MAX_LENGTH:
                    yield "option value missing or too long"
            initial = element.get("initial_option")
            if initial is not None and initial not in options:
                yield "initial_option is none of the options"
            initials = element.get("initial_options")
            if initials is not None and (
                not initials or any(one not in options for one in initials)
            ):
                yield "initial_options are none of the options"
        case "plain_text_input":
            if (
                not limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN
                <= element.get("max_length", 3000)
                <= limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX
            ):
                yield "max_length"
            if element.get("initial_value") == "":
                yield "initial_value is empty"
    if "placeholder" in element:
        yield from _text(
            element["placeholder"], limit.SELECT_PLACEHOLDER_MAX_LENGTH, only="plain_text"
        )
