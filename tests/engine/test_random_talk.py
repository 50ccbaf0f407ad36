"""Talk that nobody wrote: whatever is said, pressed or shared in whatever order, the core answers
and its state holds together.
"""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.core.events import Chat, Located, Said
from bot.understanding.reading import Reader
from tests.talk import CONSOLE, CONTENT, Talk

TURNS = 8
CHUNKS = 8
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LETTERS = "\u0130\u0131\u017f\u212aßﬁ½²١０\u0301\u200d\u2028éŁ"
"""Letters that are folded to another one, or to several, and digits that are none."""


@pytest.fixture(scope="module")
def reader():
    """Without the language model: what it makes of a text fails no differently."""
    return Reader(CONTENT, None)


@pytest.fixture
def talks(request, thorough):
    return request.config.getoption("--talks") * (20 if thorough else 1)


WORDS = (
    *[
        "yes",
        "no",
        "34",
        "3",
        "2",
        "8",
        "40k",
        "145000",
        "1200/day",
        "tomorrow",
        "monday",
        "7am",
        "perth",
        "istanbul",
        "ielts",
        "senior",
        "189",
        "491",
        "all",
        "off",
        "7d",
    ],
    *("in 20 minutes", "every second tuesday", "until 3 february", "21:00-07:00", "165k + super"),
    *("vs 1000/day", "what if", "more", "why", "change age to 41", "8 7.5 7 7", "not sure", "skip"),
)


def _line(random: Random) -> str:
    command = random.choice(sorted(CONTENT.commands))
    line = random.choice((CONTENT.commands[command].example, command, "", random.choice(WORDS)))
    return " ".join((line, *random.sample(WORDS, random.randint(0, 2)))).strip() or "help"


def _holds(talk: Talk) -> None:
    person = talk.state.person
    rules = person.subscriptions
    assert len({one.id for one in rules}) == len(rules)
    for one in rules:
        assert one.next_due_at is None or one.next_due_at.utcoffset() == timedelta()
        assert 0 <= one.weekday <= 6
        assert one.resend >= 0
    assert talk.turn.replies or talk.turn.effects or not isinstance(talk.last, Said)
    assert talk.understood()


def _one_talk(seed: int, reader: Reader) -> None:
    random = Random(seed)
    talk = Talk(now=NOW, surface=CONSOLE)
    said = []
    try:
        for _ in range(TURNS):
            kind = random.random()
            if kind < 0.3 and talk.turn and talk.taps:
                said.append(label := random.choice(sorted(talk.taps)))
                talk.press(label)
            elif kind < 0.35:
                talk.take(Located(random.choice(("Australia/Perth", "Europe/Istanbul"))))
            elif kind < 0.45 and any(one.next_due_at for one in talk.rules):
                talk.tick()
            else:
                said.append(line := _line(random))
                talk.take(Said(line, reader.read(line)))
            talk.now += timedelta(seconds=random.choice((5, 600, 90_000)))
            _holds(talk)
    except Exception as error:
        error.add_note(f"seed {seed}: {said}")
        raise


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_is_said_in_whatever_order_has_an_answer(chunk, talks, reader):
    for seed in range(chunk, talks, CHUNKS):
        _one_talk(seed, reader)


@pytest.mark.parametrize("command", sorted(CONTENT.commands))
def test_one_strange_letter_loses_no_message(command, reader):
    random = Random(command)
    example = CONTENT.commands[command].example
    for place in random.sample(range(len(example)), min(5, len(example))):
        letter = random.choice(LETTERS)
        for text in (example[:place] + letter + example[place + 1 :], f"{example} {letter}"):
            talk = Talk(now=NOW, chat=Chat(platform="console", id="ada"))
            talk.take(Said(text, reader.read(text)))
            assert talk.turn.replies or talk.turn.effects, text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("timezone \u0130stanbul", "timezone Istanbul"),
        ("I live in Br\u0131sbane", "I live in Brisbane"),
        ("subscribe fr\u0131day 7am \u0130stanbul", "subscribe friday 7am Istanbul"),
        ("\u017ftop", "stop"),
    ],
)
def test_a_letter_that_is_folded_is_the_plain_one(text, plain, reader):
    answers = [
        Talk(now=NOW).take(Said(one, reader.read(one))).replace(one, "") for one in (text, plain)
    ]
    assert answers[0] == answers[1]
