"""What Telegram makes of HTML: TDLib's own parser where it is installed, and rules that only its
send step knows.

`read` gives text and entities, or raises Refused with Telegram's words. Without tdjson a small
reader of our own steps in.
"""

import html
import json
import re
from dataclasses import dataclass

try:
    import tdjson
except ImportError:  # the benchmark may run without it
    tdjson = None
else:
    tdjson.td_execute(
        json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode()
    )

_TOKEN = re.compile(
    r"<(/?)([a-zA-Z-]+)((?:\s+[a-z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>|(<)|([^<]+)"
)
_NAMES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_TDLIB_NAMES = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeUnderline": "underline",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeSpoiler": "spoiler",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeDateTime": "date_time",
}


class Refused(Exception):  # noqa: N818 -- as Telegram would put it
    """Telegram's description."""


@dataclass(frozen=True, slots=True)
class Parsed:
    text: str
    entities: tuple[dict[str, object], ...]


def read(source: str) -> Parsed:
    """Parse as Telegram does. Raises Refused."""
    lint(source)
    return _by_tdlib(source) if tdjson else _by_hand(source)


def lint(source: str) -> None:
    """What TDLib's parse step lets through and its send step does not: wrong nesting, quotes in
    quotes, anything inside code.
    """
    open_tags: list[str] = []
    for match in _TOKEN.finditer(source):
        closing, tag, _, stray, _ = match.groups()
        if stray:
            raise Refused(
                f"can't parse entities: Unsupported start tag at byte offset {len(source[: match.start()].encode())}"
            )
        if tag is None:
            continue
        name = _NAMES.get(tag.lower())
        if name is None:
            raise Refused(
                f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {len(source[: match.start()].encode())}'
            )
        if closing:
            if not open_tags or open_tags.pop() != tag:
                raise Refused(
                    f"can't parse entities: Unmatched end tag at byte offset {len(source[: match.start()].encode())}"
                )
            continue
        if any(_NAMES[outer] in {"code", "pre"} for outer in open_tags) and not (
            open_tags[-1] == "pre" and tag == "code"
        ):
            raise Refused(f"can't parse entities: {tag} inside code")
        if name in {"code", "pre"} and any(
            _NAMES[outer] not in {"blockquote", "pre"} for outer in open_tags
        ):
            raise Refused(f"can't parse entities: code inside {open_tags[-1]}")
        if name == "blockquote" and open_tags:
            raise Refused(f"can't parse entities: a quote inside {open_tags[-1]}")
        open_tags.append(tag)
    if open_tags:
        raise Refused(
            f"can't parse entities: Can't find end tag corresponding to start tag {open_tags[-1]}"
        )


def _by_tdlib(source: str) -> Parsed:
    request = {
        "@type": "parseTextEntities",
        "text": source,
        "parse_mode": {"@type": "textParseModeHTML"},
    }
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()))
    if answer["@type"] == "error":
        message = answer["message"]
        raise Refused(message[:1].lower() + message[1:])
    return Parsed(answer["text"], tuple(_entity(entity) for entity in answer["entities"]))


def _entity(entity: dict[str, object]) -> dict[str, object]:
    kind = entity["type"]
    assert isinstance(kind, dict)
    shown: dict[str, object] = {
        "type": _TDLIB_NAMES[kind["@type"]],
        "offset": entity["offset"],
        "length": entity["length"],
    }
    return shown | {key: kind[key] for key in ("url", "unix_time", "language") if key in kind}


def _by_hand(source: str) -> Parsed:
    text = ""
    starts: list[tuple[str, int, str]] = []
    entities: list[dict[str, object]] = []
    for match in _TOKEN.finditer(source):
        closing, tag, attributes, _, words = match.groups()
        if words is not None:
            text += re.sub(
                r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);",
                lambda found: html.unescape(found[0]),
                words,
            )
        elif closing:
            name, start, given = starts.pop()
            length = _units(text) - start
            if length:
                url = re.search(r'href="([^"]*)"', given)
                more = {"url": html.unescape(url[1])} if url else {}
                entities.append({"type": name, "offset": start, "length": length, **more})
        else:
            expandable = "expandable_" if tag == "blockquote" and "expandable" in attributes else ""
            starts.append((expandable + _NAMES[tag], _units(text), attributes))
    return Parsed(
        text,
        tuple(sorted(entities, key=lambda entity: (entity["offset"], -int(str(entity["length"]))))),
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
