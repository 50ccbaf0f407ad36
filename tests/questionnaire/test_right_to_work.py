"""Whether somebody needs a visa decides which halves of the bot they are offered; nobody's need is guessed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation import home
from bot.conversation.step import HANDLERS
from bot.core.command_line import parse
from bot.core.events import Account, Event, OpenedHome
from bot.core.reply import Choices, Tap
from bot.core.request import Request
from bot.features import right_to_work
from tests.talk import CONTENT, Talk

MONDAY = datetime(2026, 11, 23, 0, tzinfo=UTC)


@pytest.fixture
def talk() -> Talk:
    return Talk(MONDAY)


PAGES = (
    "start",
    "help",
    "help more",
    "salary senior",
    "salary 4 years",
    "takehome 130k plus super",
    "offer 165k + super vs 150k + super",
    "role",
    "skills",
    "education",
    "outlook",
    "ai",
    "plan",
    "sources",
    "profile",
)


def visa_taps(talk, text: str) -> list[str]:
    talk.say(text)
    lines = [parse(CONTENT, action) for action in talk.taps.values()]
    return [
        line.command for line in lines if line and right_to_work.is_of_visas(CONTENT, line.command)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_local_is_offered_no_visa_page(talk, page):
    talk.hear("i'm an australian citizen")
    assert visa_taps(talk, page) == []


def test_others_are_offered_them_and_a_local_who_asks_gets_their_buttons(talk):
    assert "visa" in visa_taps(talk, "start")
    talk.hear("i need a visa")
    assert "visa" in visa_taps(talk, "start")
    talk.hear("i'm an australian citizen")
    assert visa_taps(talk, "visa 482")


def test_unknown_words_offer_a_local_no_visas(talk):
    talk.hear("i'm an australian citizen")
    assert not {"visa", "points"} & set(talk.taps.values())
    assert "Visa pathways" not in talk.hear("qwertz uiop asdf") + " ".join(talk.taps)


def test_what_an_older_version_kept_still_counts_and_undo_takes_back_what_is_said_now(talk):
    profile = replace(talk.state.person.profile, needs_visa="no")
    talk.state = replace(talk.state, person=replace(talk.state.person, profile=profile))
    assert visa_taps(talk, "start") == []
    assert "Citizen or permanent resident" in talk.say("profile")
    talk.say("visa needed yes")
    assert right_to_work.of(talk.state.person.profile) == "visa"
    talk.say("undo")
    assert right_to_work.of(talk.state.person.profile) == "local"


def test_the_question_is_put_once_and_taking_its_answer_back_does_not_put_it_again(talk):
    assert "Do you need a visa" in talk.say("offer 165k + super vs 150k + super")
    assert "Do you need a visa" not in talk.say("offer 145k + super vs 150k + super")
    talk.say("visa needed no")
    talk.say("undo")
    assert right_to_work.of(talk.state.person.profile) == ""
    assert "Do you need a visa" not in talk.say("offer 165k + super vs 150k + super")


def test_what_a_friend_needs_says_nothing_of_the_speaker(talk):
    for text in ("my friend is an australian citizen", "does she need a visa?", "she needs a visa"):
        talk.hear(text)
        assert right_to_work.of(talk.state.person.profile) == ""


def test_every_block_of_a_local_home_page_leaves_visas_out(talk):
    talk.hear("i'm an australian citizen")
    event = Event(
        key="home",
        at=talk.now,
        account=Account(platform="console", user="ada"),
        chat=talk.chat,
        surface=talk.surface,
        body=OpenedHome(),
    )
    request = Request(content=CONTENT, state=talk.state, event=event, command="start")
    page = home.page(request, HANDLERS)
    taps = [
        one.action
        for block in page.blocks
        if isinstance(block, Choices)
        for one in block.choices
        if isinstance(one, Tap)
    ]
    assert "audit" in taps
    assert not {"visa", "points", "form points"} & set(taps)
