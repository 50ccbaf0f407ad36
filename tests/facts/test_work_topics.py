"""role, ai, skills, education, qualifications, fit, outlook:
corrected where the sources are wrong, and cited.
"""

from typing import get_args

import pytest

from bot.features.figures import figure, filled, named
from content.occupation import Subject

SUBJECTS = get_args(Subject)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_topic_opens_with_its_headline_and_names_its_sources(talk, content, subject):
    told = talk(subject)
    topic = content.occupations["ml_engineer"].topics[subject]
    assert told.words.startswith(topic.headline)
    assert "general information" in told.words
    assert told.turn.state.conversation.last.sources


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_topic_offers_a_few_taps_that_can_be_typed(talk, content, subject):
    from bot.core.command_line import parse

    told = talk(subject)
    assert 2 <= len(told.labels) <= 5
    assert all(parse(content, action) for action in told.turn.state.conversation.choices.values())


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_topic_is_no_personal_answer(talk, subject):
    assert not talk(subject).reply.personal


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_disagrees_stands_beside_what_it_disagrees_with(content, talk, subject):
    occupation = content.occupations["ml_engineer"]
    topic = occupation.topics[subject]
    words = "\n".join(
        (
            talk(subject).words,
            talk(f"{subject} more").words,
            *(talk(f"{subject} {key}".replace("_", " ")).words for key in topic.lists),
        )
    )
    for fact in named(occupation, *occupation.topics[subject].texts()):
        for other in fact.disagrees:
            shown = figure(content.facts[other]).removesuffix(" a year")
            assert shown in words, f"{subject} shows {figure(fact)} but not {shown}"


def test_bands_show_what_disagrees_with_their_remarks(content, talk):
    occupation = content.occupations["ml_engineer"]
    for key, band in occupation.bands.items():
        words = talk(f"salary {key}").words
        for fact in named(occupation, *(point.say for point in band.remarks)):
            for other in fact.disagrees:
                assert figure(content.facts[other]).removesuffix(" a year") in words


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_answer_fits_about_one_phone_screen(talk, subject):
    assert len(talk(subject).words) <= 1700


def test_what_does_not_fit_is_behind_a_tap_that_can_be_typed(talk):
    told = talk("ai")
    assert "distilling" not in told.words
    assert told.turn.state.conversation.choices["What AI helps with"] == "ai assisted"
    assert "distilling" in talk("ai assisted").words
    assert talk("ai assisted").labels[0] == "What AI changes"
    assert "distilling" in talk("ai asisted").words


def test_deployment_is_not_called_automated_without_the_word_simple(talk):
    words = talk("ai").words + talk("ai more").words
    assert "Simple deployment and monitoring" in words
    assert "production with cost, drift and security is the scarce skill" in words


def test_the_skills_assessment_is_not_called_optional_for_the_visas(talk):
    words = talk("qualifications").words
    assert "a condition of 189, 190, 491 and of 186 Direct Entry" in words
    assert "retired on 31 March 2026" in words


def test_ielts_is_shown_as_no_visa_rule(talk):
    words = talk("fit more").words
    assert "That is no visa rule" in words
    assert "IELTS 6 in every band" in words


def test_the_shortage_claim_stands_beside_the_governments_rating(talk):
    words = talk("outlook").words
    assert "in short supply" in words
    assert "No Shortage" in words
    assert "18,000 people" in words
    assert "84,585 software engineers" in words


def test_no_university_is_named(talk):
    for subject in SUBJECTS:
        words = talk(subject).words
        assert "Melbourne" not in words
        assert "functionally equivalent" not in words


@pytest.mark.parametrize(
    "typed", ["role data engineer", "outlook for nurses", "skills scrum master"]
)
def test_another_occupation_is_declined_honestly(talk, typed):
    told = talk(typed)
    assert told.words.startswith("I only cover machine-learning engineers, so I have nothing on")
    assert told.turn.state.conversation.last is None


@pytest.mark.parametrize(
    "typed",
    [
        "role ml engineer",
        "skills for a machine learning engineer",
        "outlook for ML engineers in Australia",
    ],
)
def test_the_occupation_itself_may_be_named(talk, content, typed):
    subject = typed.split()[0]
    assert talk(typed).words.startswith(content.occupations["ml_engineer"].topics[subject].headline)


def test_texts_print_figures_by_name(content, talk):
    occupation = content.occupations["ml_engineer"]
    request = _request(content)
    assert filled(request, occupation, "{ato_software}") == "$132,758 a year"
    assert filled(request, occupation, "{ato_software:amount}") == "$132,758"
    assert filled(request, occupation, "{ato_software:date}") == "2023–24"
    assert filled(request, occupation, "{contract.day_rate}") == "$800 – $1,500 a day"


def _request(content):
    from datetime import UTC, datetime

    from bot.core.events import Account, Chat, Event, OpenedHome, Surface
    from bot.core.request import Request
    from bot.core.state import Person, State

    event = Event(
        key="1",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        account=Account(platform="console", user="ada"),
        chat=Chat(platform="console", id="ada"),
        surface=Surface(name="Console"),
        body=OpenedHome(),
    )
    return Request(content=content, state=State(person=Person(id=1)), event=event, command="role")
