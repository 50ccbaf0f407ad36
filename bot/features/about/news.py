"""`news`, `watch`, `unwatch`: what changed in the facts, and being told of it with a nudge.

Two ways to be told, each asked for: a subject that is watched, and corrections of figures that the
person was shown. Both come once, under a nudge, so at the person's own pace; what was shown is kept
for them alone and for half a year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from string import Formatter
from typing import Final

from bot.core.reply import Block, Choices, Heading, Paragraph, Strong, Tap, Text, paragraph
from bot.core.request import Grammar, Handler, Request, marked
from bot.core.state import Following, ShownFact, State
from bot.core.turn import Turn
from bot.features import figures
from content.answer import fact_names
from content.content import Content
from content.news import NewsItem

KEPT: Final = timedelta(days=180)
MOST_SHOWN: Final = 200
MOST_NEWS: Final = 4
MOST_TOLD: Final = 2
"""Changes under one nudge; what is left comes with the next."""
MOST_WATCHED: Final = 10
LONGEST_FIGURE: Final = 80
CORRECTIONS: Final = "corrections"


def news(request: Request) -> Turn:
    """The latest changes; first those of figures that this person was shown."""
    corrected, following = _corrections(request)
    items = sorted(request.content.news.values(), key=lambda item: item.since, reverse=True)
    latest = items[:MOST_NEWS]
    cited = [request.content.facts[name] for item in latest for name in fact_names(item.say)]
    blocks = [*corrected, Heading(request.text("news_title"))]
    blocks += [_item_paragraph(request, item) for item in latest]
    return request.answer(
        *blocks,
        figures.sources_block(request, *cited),
        Choices(_taps(request)),
        personal=bool(corrected),
        sources=figures.keys(request, *cited),
        state=_following(request, following),
    )


def _taps(request: Request) -> tuple[Tap, ...]:
    watching = request.state.person.following.corrections
    if watching:
        line = f"unwatch {CORRECTIONS}"
    else:
        line = f"watch {CORRECTIONS}"
    label = request.text("tap_news_unwatch" if watching else "tap_news_watch")
    return (Tap(label, line), Tap(request.text("tap_news_subjects"), "watch"))


def watch(request: Request) -> Turn:
    """`watch 189`, `watch corrections`; alone: what is watched and what can be."""
    subject = _subject(request.words)
    following = request.state.person.following
    if subject == CORRECTIONS:
        return _set_corrections(request, on=True)
    if not subject or not _items(request.content, subject):
        return _watch(request, subject)
    if len(following.watches) >= MOST_WATCHED and subject not in following.watches:
        return request.answer(paragraph(request.text("watch_full")), personal=True, remember=False)
    # What is known already is no news: only items that come later are told.
    known = tuple(_items(request.content, subject))
    changed = replace(following, watches={**following.watches, subject: known})
    return request.answer(
        Paragraph(request.spans("watch_set", subject=subject)),
        *_without_nudges(request),
        Choices((Tap(request.text("tap_news_undo"), f"unwatch {subject}"), _news_tap(request))),
        personal=True,
        state=_following(request, changed),
    )


def unwatch(request: Request) -> Turn:
    """`unwatch 189`, `unwatch corrections`, `unwatch all`."""
    subject = _subject(request.words)
    following = request.state.person.following
    if subject == CORRECTIONS:
        return _set_corrections(request, on=False)
    if subject in ("", "all", "everything"):
        left: dict[str, tuple[str, ...]] = {}
    else:
        left = {name: known for name, known in following.watches.items() if name != subject}
    if len(left) == len(following.watches):
        phrase = "watch_nothing"
    else:
        phrase = "watch_dropped"
    return request.answer(
        paragraph(request.text(phrase, subject=subject or "everything")),
        Choices((_news_tap(request),)),
        personal=True,
        state=_following(request, replace(following, watches=left)),
    )


def _set_corrections(request: Request, *, on: bool) -> Turn:
    """Whether to be told when a figure changes that the person was shown.

    Off also drops what was kept for it.
    """
    following = request.state.person.following
    shown = following.shown if on else {}
    changed = replace(following, corrections=on, shown=shown)
    return request.answer(
        paragraph(request.text("corrections_on" if on else "corrections_off")),
        *(_without_nudges(request) if on else ()),
        Choices((_news_tap(request),)),
        personal=True,
        state=_following(request, changed),
    )


def _without_nudges(request: Request) -> tuple[Block, ...]:
    if any(one.active for one in request.state.person.subscriptions):
        return ()
    return (Paragraph(request.spans("watch_no_nudge")),)


def _watch(request: Request, subject: str) -> Turn:
    following = request.state.person.following
    named = sorted({name for item in request.content.news.values() for name in item.about[:2]})
    blocks: list[Block] = []
    if subject:
        blocks.append(paragraph(request.text("watch_unknown", subject=subject[:40])))
    if following.watches:
        watched = ", ".join(following.watches)
        blocks.append(Paragraph(request.spans("watch_list", subjects=watched)))
    blocks.append(Paragraph(request.spans("watch_which", subjects=", ".join(named))))
    return request.answer(*blocks, Choices((_news_tap(request),)), personal=True, remember=False)


def _news_tap(request: Request) -> Tap:
    return Tap(request.text("tap_news"), "news")


def _subject(words: str) -> str:
    """'the 189 visa' is '189'."""
    kept = [word for word in words.lower().split() if word not in ("the", "visa", "my", "for")]
    return " ".join(kept).strip(".?!")


def _items(content: Content, subject: str) -> tuple[str, ...]:
    return tuple(key for key, item in content.news.items() if subject in item.about)


def under_nudge(request: Request) -> tuple[list[Block], Following]:
    """Changes that this person asked to be told of and was not told yet,
    and what is remembered once they are.
    """
    blocks, following = _corrections(request)
    told = dict(following.watches)
    for subject, known in following.watches.items():
        fresh = [key for key in _items(request.content, subject) if key not in known]
        for key in fresh[: MOST_TOLD - len(blocks)]:
            blocks.append(_item_paragraph(request, request.content.news[key]))
            # One item may be about several subjects that are watched: it is told once.
            told = {
                name: (*seen, key) if name in request.content.news[key].about else seen
                for name, seen in told.items()
            }
    return _once(blocks), replace(following, watches=told)


def _once(blocks: list[Block]) -> list[Block]:
    return list(dict.fromkeys(blocks))


def _corrections(request: Request) -> tuple[list[Block], Following]:
    """Figures that this person was shown and that an item of news says are others now."""
    following = request.state.person.following
    if not following.corrections:
        return [], following
    blocks: list[Block] = []
    shown = dict(following.shown)
    corrected = {name for item in request.content.news.values() for name in item.corrects}
    for key in sorted(corrected & shown.keys()):
        now = _text_of(request.content, key)
        if now and now != shown[key].figure and len(blocks) < MOST_TOLD:
            blocks.append(_correction(request, key, shown[key].figure))
            shown[key] = ShownFact(figure=now, at=request.event.at)
    return blocks, replace(following, shown=shown)


def _correction(request: Request, key: str, was: str) -> Paragraph:
    fact = request.content.facts[key]
    source = figures.name_of(request.content.sources[fact.source])
    values = {
        "measures": fact.measures,
        "was": was,
        "now": _text_of(request.content, key),
        "date": figures.as_of(fact.as_of),
        "source": source,
    }
    return Paragraph(request.spans("correction", **values))


def _text_of(content: Content, key: str) -> str:
    fact = content.facts.get(key)
    if not fact:
        return ""
    return figures.figure(fact)[:LONGEST_FIGURE]


def _item_paragraph(request: Request, item: NewsItem) -> Paragraph:
    parts = []
    for before, name, form, _ in Formatter().parse(item.say):
        parts.append(before)
        if name is not None:
            parts.append(figures.figure_text(request, request.content.facts[name], form or ""))
    said = "".join(parts).replace("{", "{{").replace("}", "}}")
    return Paragraph((Strong(figures.day(item.since)), Text(" · "), *marked(said, {})))


def _following(request: Request, following: Following) -> State:
    person = replace(request.state.person, following=following)
    return replace(request.state, person=person)


def shown_facts(content: Content, turn: Turn, at: datetime) -> Turn:
    """The turn, with the figures of its answer remembered for those who asked for corrections;
    older ones are dropped.
    """
    person, last = turn.state.person, turn.state.conversation.last
    if not person.following.corrections or last is None or last.at != at or not turn.replies:
        return turn
    fresh = {
        key: ShownFact(figure=printed, at=at)
        for key in last.sources
        if (printed := _text_of(content, key))
    }
    if not fresh:
        return turn
    kept = dict(_recent({**person.following.shown, **fresh}, at))
    following = replace(person.following, shown=kept)
    person = replace(person, following=following)
    return replace(turn, state=replace(turn.state, person=person))


def _recent(shown: Mapping[str, ShownFact], now: datetime) -> Iterator[tuple[str, ShownFact]]:
    """Those of the last half year, the latest first, so many at most."""
    latest = sorted(shown.items(), key=lambda one: one[1].at, reverse=True)
    for key, one in latest[:MOST_SHOWN]:
        if now - one.at <= KEPT:
            yield key, one


def knows(content: Content, command: str, words: str) -> bool:
    subject = _subject(words)
    if command == "news":
        return not subject
    return subject in (CORRECTIONS, "all", "everything") or bool(_items(content, subject))


HANDLERS: Final[dict[str, Handler]] = {"news": news, "watch": watch, "unwatch": unwatch}
GRAMMARS: Final[dict[str, Grammar]] = dict.fromkeys(HANDLERS, knows)
