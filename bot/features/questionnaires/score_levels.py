"""'PTE 65 in all four, is that proficient?', 'what if IELTS 7.5 7 8 6.5', 'my friend sat his in
October, same 65s': which level scores are.

Worked out from the tables for any scores, whoever's they are; nothing is kept. A date in the next
message, or one skill that is asked about, belongs to the test that was talked about.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Block, Paragraph, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots.english_scores import SKILLS
from bot.extraction.slots.english_tests import is_before_change
from bot.extraction.slots.exam_dates import DATE
from bot.extraction.slots.lines import spelled
from bot.features.figures import answered
from bot.features.questionnaires import partner_talk
from bot.features.questionnaires.english_results import ENGLISH, Result, date_alone, result_in
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.statements import stated
from bot.features.questionnaires.turns import known_answers
from bot.understanding.acts import Utterance
from content.english import LEVELS, EnglishTest, Level, Scores

WHAT_IF: Final = "what-if"
_LEVEL_ASKED: Final = re.compile(
    r" (?:proficient|superior|competent|level|band|points?|pts|enough|ok|okay|good|count"
    r"|counts|pass|reach|make|makes|get|gets|give|gives|worth|mean|means) "
)
_ASKS: Final = re.compile(
    r"\?|\b(?:what|which) (?:level|band|points?)\b|\bis (?:that|it)\b", re.IGNORECASE
)
_SAME_AS: Final = re.compile(
    r"(?<![\d.])(?P<score>\d{1,2}(?:\.\d)?)(?:s\b| (?:each|in (?:each|all|every)|across"
    r"|all round|flat)\b)"
)
_SAT: Final = re.compile(r" (?:sat|took|did|done|test|exam|score|scores|scored|got|gets|has|same) ")
_SKILL: Final = re.compile(rf" (?P<skill>{'|'.join(SKILLS)}) ")
_NEEDED: Final = re.compile(
    r" (?:needs?|needed|required?|short|aim|target|must|how (?:much|many|high)|what|wetin"
    r"|minimum|least) "
)
_CLAIMED: Final = re.compile(
    r" (?:says?|said|reckons?|thinks?|claims?|gets?|get|worth"
    r"|for) (?:\w{1,10} ){0,3}?(?P<points>[0-9]|10|20) (?:points?|pts|too|as well)? ?"
)
_RESIT: Final = re.compile(
    r" (?:sit|take|took|do|book|resit|retake|redo)(?: (?:it|the test|that|one))? (?:now|again"
    r"|today|this (?:week|month|year)|next (?:week|month|year)) "
    r"| same (?:scores?|marks?|numbers?) (?:\w{1,10} ){0,5}(?:now|today|again|this month"
    r"|next month) "
)
"""The same scores in a test of today: 'and if i take it now with the same score'."""
_LONGEST: Final = 40


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """What a message asks of scores of English; nothing where they
    are the speaker's own and told.
    """
    if len(said.text.split()) > _LONGEST:
        return
    found = (
        _asked(request, said)
        or _dated(request, said)
        or _same_of_another(request, said)
        or _like_mine(request, said)
    )
    if found is not None:
        of_others = any(one.holder != "self" for one in said.clauses)
        yield Interpretation(
            name="the level of scores",
            score=0.984,
            decide=lambda: _level(request, said, found, of_others=of_others),
            takes_facts=True,
        )
    elif (test := _skill_asked(request, said)) is not None:
        yield Interpretation(
            name="what a skill needs",
            score=0.984,
            decide=lambda: needed(request, test, _skill_in(said)),
            takes_facts=True,
        )


def _asked(request: Request, said: Utterance) -> Result | None:
    """A test and its scores that are asked about, imagined, or somebody else's."""
    open_one = waiting(request)
    moods = {one.mood for one in said.clauses}
    of_others = any(one.holder != "self" for one in said.clauses)
    asks = bool(moods & {"asked", "hypothetical"}) or bool(_ASKS.search(said.text))
    if not (asks or of_others) or (open_one is not None and open_one.question == ENGLISH):
        return None
    if not _LEVEL_ASKED.search(said.line) and "hypothetical" not in moods and not of_others:
        return None
    if of_others and not moods & {"asked", "hypothetical"} and _tells_own(request, said):
        return None  # one's own result beside the partner's is kept, not looked at
    return _read(request, said.text)


def _tells_own(request: Request, said: Utterance) -> bool:
    return ENGLISH in stated(request.content, (ENGLISH,), said, request.today).answers


def _read(request: Request, text: str) -> Result | None:
    """The test and scores of a text, with the side of the change that its date says."""
    keys = (ENGLISH, "age", "overseas_years", "australian_years", "education")
    found = slots.fill_slots(request.content, keys, "", text.replace("?", " "), request.today)
    if set(found.answers) - {ENGLISH}:
        return None  # a person's facts in one: points are asked for, not a level
    answer = found.answers.get(ENGLISH, "")
    if answer:
        return result_in(answer)
    doubt = next((one for one in found.ambiguities if one.phrase == "doubt_when_taken"), None)
    if not doubt:
        return None
    return result_in(f"({doubt.values['said']})")


def talked_of(request: Request) -> Result | None:
    """The scores that were talked about last, else the speaker's own."""
    last = request.state.conversation.last
    if last is not None and last.command == WHAT_IF and (found := result_in(f"({last.words})")):
        return found
    return result_in(known_answers(request).get(ENGLISH, ""))


def _last_asked(request: Request) -> Result | None:
    last = request.state.conversation.last
    is_level = last is not None and last.command == WHAT_IF
    if last is not None and is_level:
        return result_in(f"({last.words})")
    return None


def _dated(request: Request, said: Utterance) -> Result | None:
    """'February 2025' after a level was told both ways."""
    before = _last_asked(request)
    if before is not None and _RESIT.search(said.line):
        return replace(before, when=" after")
    if before:
        when = date_alone(request.content, said.text, request.today)
    else:
        when = ""
    if before is not None and when:
        return replace(before, when=when)
    return None


_SAME_SCORE: Final = re.compile(
    r" (?:same|similar|almost same|identical|like mine|as me|as mine) (?:\w{1,8} ){0,3}?(?:scores?"
    r"|marks?|result|numbers?|pte|ielts|but|he|she|and|with) | same (?:as )?(?:me|mine) "
)


def _like_mine(request: Request, said: Utterance) -> Result | None:
    """'My friend has the same score but 10 points': one's own test, by both tables."""
    of_others = any(one.holder == "other" for one in said.clauses)
    before = talked_of(request)
    if before is None or not of_others or not _SAME_SCORE.search(said.line):
        return None
    if re.search(r" (?:points?|pts|proficient|superior|competent|level) ", said.line) is None:
        return None
    return replace(before, when="")


def _same_of_another(request: Request, said: Utterance) -> Result | None:
    """'My friend sat his in October, same 65s': the test that was talked about, with their date."""
    if all(one.holder == "self" for one in said.clauses) or not _SAT.search(said.line):
        return None
    line = spelled(said.text)
    hit = _SAME_AS.search(line)
    before = talked_of(request)
    if hit is None or before is None:
        return None
    is_old = None
    if DATE.search(line):
        is_old = is_before_change(request.content, line, request.today)
    when = {True: " before", False: " after", None: ""}[is_old]
    return Result(test=before.test, scores=(float(hit["score"]),), when=when)


def _test_of(request: Request, result: Result) -> EnglishTest | None:
    tests = request.content.english.tests.values()
    return next((one for one in tests if one.name == result.test), None)


def _level(request: Request, said: Utterance, result: Result, *, of_others: bool) -> Turn:
    test = _test_of(request, result)
    if test is None:
        raise ValueError(f"no such test: {result.test!r}")
    whole = result.scores * (len(SKILLS) if len(result.scores) == 1 else 1)
    scores = Scores(**dict(zip(SKILLS, whole, strict=True)))
    blocks = list(_lines(request, test, scores, result))
    claimed = _CLAIMED.search(said.line)
    if of_others and partner_talk.is_partner(request, said):
        blocks.append(paragraph(request.text("level_of_partner")))
    if claimed and of_others:
        blocks.append(paragraph(request.text("level_claimed", points=claimed["points"])))
    if of_others:
        kept = "worth_others_not_kept"
    else:
        kept = "worth_not_kept"
    return answered(
        replace(request, command=WHAT_IF, words=result.words),
        *blocks,
        paragraph(request.text(kept)),
        cite=(request.content.english.source, request.content.points.source),
        personal=True,
    )


def standing(request: Request, result: Result) -> tuple[Block, ...]:
    """The level that a result stands at, in a line, and what the next level asks."""
    test = _test_of(request, result)
    if test is None:
        return ()
    whole = result.scores * (len(SKILLS) if len(result.scores) == 1 else 1)
    scores = Scores(**dict(zip(SKILLS, whole, strict=True)))
    is_old = result.when == " before"
    level = test.level(scores, before_change=is_old and test.before is not None)
    said = result.words.removesuffix(result.when)
    line = Paragraph(request.spans("level_stands", **named(request, level), said=said))
    if len(result.scores) == 1:
        return (line, *_next_level(request, test, level, is_old=is_old))
    return (line, *_short(request, test, scores, level, is_old=is_old))


def _next_level(
    request: Request, test: EnglishTest, level: Level | None, *, is_old: bool
) -> Iterator[Block]:
    """What the next level asks, where the single skills are not known."""
    table = test.before if is_old and test.before is not None else test.scores
    place = LEVELS.index(level) + 1 if level else 0
    following = next((one for one in LEVELS[place:] if one in table), None)
    if following is None:
        return
    needs = "/".join(f"{getattr(table[following], skill):g}" for skill in SKILLS)
    yield paragraph(request.text("level_next", **named(request, following), needs=needs))


def _lines(request: Request, test: EnglishTest, scores: Scores, result: Result) -> Iterator[Block]:
    """The level on the side that the date says, or on both where it matters and is not known."""
    now = test.level(scores)
    if test.before is None:
        then = now
    else:
        then = test.level(scores, before_change=True)
    is_old = result.when == " before"
    told = result.words.removesuffix(result.when)
    if now == then or result.when:
        level = then if is_old else now
        key = _key_of_level(test, now, then, is_old=is_old)
        yield Paragraph(request.spans(key, **named(request, level), said=told))
        yield from _short(request, test, scores, level, is_old=is_old)
        return
    yield Paragraph(request.spans("level_since", **named(request, now), said=told))
    yield from _short(request, test, scores, now, is_old=False)
    yield Paragraph(request.spans("level_before", **named(request, then)))


def _key_of_level(test: EnglishTest, now: Level | None, then: Level | None, *, is_old: bool) -> str:
    """The phrase that says by which table the level was read."""
    if now != then:
        if is_old:
            return "level_is_old"
        return "level_is"
    if test.before is None:
        return "level_is"
    return "level_is_both"


def named(request: Request, level: str | None) -> dict[str, object]:
    """The level's name and its points."""
    english = request.content.points.english.model_dump()
    options = request.content.questions[ENGLISH].options
    key = level or "below_competent"
    if level:
        label = options[key].label
    else:
        label = request.text("level_below")
    return {"level": label, "points": english[key]}


def _short(
    request: Request, test: EnglishTest, scores: Scores, level: Level | None, *, is_old: bool
) -> Iterator[Block]:
    """What the next level asks, and which skills are short of it."""
    if is_old and test.before is not None:
        table = test.before
    else:
        table = test.scores
    place = LEVELS.index(level) + 1 if level else 0
    following = next((one for one in LEVELS[place:] if one in table), None)
    if following is None:
        return
    least = table[following]
    short = [skill for skill in SKILLS if getattr(scores, skill) < getattr(least, skill)]
    needs = "/".join(f"{getattr(least, skill):g}" for skill in SKILLS)
    label = request.content.questions[ENGLISH].options[following].label
    yield paragraph(request.text("level_short", level=label, needs=needs, skills=", ".join(short)))


# ---- one skill


def _skill_in(said: Utterance) -> str:
    hit = _SKILL.search(said.line)
    return hit["skill"] if hit else ""


def _skill_asked(request: Request, said: Utterance) -> EnglishTest | None:
    """'What does he need for writing', after scores were talked about: of that test."""
    if not _skill_in(said) or not _NEEDED.search(said.line) or re.search(r"\d", said.text):
        return None
    names = (name for test in request.content.english.tests.values() for name in test.also_called)
    if any(f" {name} " in said.line for name in names):
        return None
    result = talked_of(request)
    if not result:
        return None
    return _test_of(request, result)


def needed(request: Request, test: EnglishTest, skill: str) -> Turn:
    parts = (
        request.text(
            "skill_level",
            level=request.content.questions[ENGLISH].options[level].label,
            score=f"{getattr(test.scores[level], skill):g}",
        )
        for level in LEVELS
        if level in test.scores
    )
    words = request.spans("skill_needs", test=test.name, skill=skill, levels=" · ".join(parts))
    return request.answer(Paragraph(words), remember=False)
