"""Dialogs as they go: by tap, in words, with detours, over restarts,
and when the content changed meanwhile.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import TypeAdapter

from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Pressed, Said, Surface
from bot.core.reply import Choices, Paragraph, Table, Tap, plain
from bot.core.state import Person, State
from bot.features.questionnaires.engine import fields, first_open, path
from content.library import load

CONTENT = load()
ACCOUNT, CHAT = Account(platform="console", user="ada"), Chat(platform="console", id="here")
KEYS, STATES = count(), TypeAdapter(State)


class Talk:
    """One person in one chat, on a clock that moves a minute with every message."""

    def __init__(self, *said, content=CONTENT, surface=None):
        self.content, self.surface = content, surface or Surface(name="console")
        self.now, self.state, self.replies = (
            datetime(2026, 11, 21, 1, tzinfo=UTC),
            State(person=Person(id=1)),
            (),
        )
        for text in said:
            self.say(text)

    def event(self, body):
        self.now += timedelta(minutes=1)
        return Event(
            key=str(next(KEYS)),
            at=self.now,
            account=ACCOUNT,
            chat=CHAT,
            surface=self.surface,
            body=body,
        )

    def happens(self, body):
        turn = step(self.content, self.state, self.event(body))
        self.state, self.replies = turn.state, turn.replies
        return self

    def say(self, text):
        return self.happens(Said(text))

    def press(self, label):
        return self.happens(Pressed(self.taps[label]))

    @property
    def blocks(self):
        return [block for reply in self.replies for block in reply.blocks]

    @property
    def words(self):
        lines = [plain(block.spans) for block in self.blocks if isinstance(block, Paragraph)]
        cells = [
            " ".join(row) for block in self.blocks if isinstance(block, Table) for row in block.rows
        ]
        return "\n".join((*lines, *cells))

    @property
    def taps(self):
        return {
            tap.label: tap.action
            for block in self.blocks
            if isinstance(block, Choices)
            for tap in block.choices
            if isinstance(tap, Tap)
        }

    @property
    def answers(self):
        return dict(self.state.person.dialog.answers) if self.state.person.dialog else {}

    @property
    def asked(self):
        return self.state.person.dialog.question if self.state.person.dialog else ""


WHOLE = ("points", "34", "IELTS 8", "3", "2", "bachelor", "no", "no", "no", "single")


def test_a_whole_test_can_be_typed_or_tapped_with_the_same_result():
    typed = Talk(*WHOLE)
    tapped = Talk("points")
    for label in (
        "33–39",
        "Superior",
        "3 or 4",
        "1 or 2",
        "Bachelor or masters",
        "No",
        "No",
        "No",
        "No partner",
    ):
        tapped.press(label)
    assert "189: 80 · 190: 85 · 491: 95" in typed.words
    assert "189: 80 · 190: 85 · 491: 95" in tapped.words
    assert typed.state.person.dialog is tapped.state.person.dialog is None


def test_back_takes_the_last_answer_out_and_says_what_it_was():
    talk = Talk("points", "34", "IELTS 8", "back")
    assert "You said: Superior (IELTS 8)." in talk.words
    assert (talk.asked, set(talk.answers)) == ("english", {"age"})
    assert Talk("points", "back").asked == "age"


def test_cancel_puts_it_away_and_keeps_what_was_told():
    talk = Talk("points", "34", "cancel")
    assert talk.state.person.dialog is None
    assert talk.state.person.profile.answers["age"].startswith("34")
    assert "Going on with the points test." in talk.say("points").words
    assert talk.answers["age"].startswith("34")


def test_an_answer_can_be_changed_at_any_time():
    talk = Talk("points", "34", "IELTS 8", "change age to 41")
    assert (talk.answers["age"].split()[0], talk.asked) == ("41", "overseas_years")
    assert (
        Talk(*WHOLE, "change english to IELTS 7").state.person.results["points"]["result.189"]
        == "70"
    )
    assert Talk(*WHOLE, "change partner").asked == "partner"


def test_a_side_question_is_answered_and_the_open_one_named():
    talk = Talk("points", "salary senior")
    assert "$160,000 – $210,000" in talk.words
    assert "Still open in the points test: Age." in talk.words
    assert talk.say("34").answers["age"].startswith("34")


def test_stop_and_commands_win_over_the_open_question():
    assert "Still open in the points test" in Talk("points", "/stop").words
    assert Talk("audit", "2", "stop").asked == "q1_evidence"
    assert Talk("audit", "2", "/visa 189").asked == "q1_evidence"


def test_a_long_sentence_that_opens_with_a_commands_name_is_evidence_all_the_same():
    talk = Talk("audit", "2", "plan forecasting model where I shifted the label by a week")
    assert talk.answers["q1_evidence"].startswith("plan forecasting")


def test_start_over_forgets_the_answers_of_this_dialog():
    talk = Talk("points", "34", "IELTS 8", "start over")
    assert (talk.asked, talk.answers) == ("age", {})


def test_several_answers_at_once_skip_their_questions_and_are_said_back():
    talk = Talk("points", "I'm 34, IELTS 8, bachelor's from Pune, 3 years overseas and 2 in Sydney")
    assert "Taken: Age 34 · English Superior (IELTS 8)" in talk.words
    assert talk.asked == "australian_study"


def test_a_dialog_left_for_two_weeks_is_offered_and_not_resumed_in_silence():
    talk = Talk("points", "34")
    talk.now += timedelta(days=15)
    talk.say("points")
    assert (
        "You started the points test on 21 Nov 2026 and had answered 1 of its questions"
        in talk.words
    )
    assert talk.press("Go on").asked == "english"
    talk.now += timedelta(days=15)
    assert talk.say("IELTS 8").answers == {"age": "34 on 2026-11-21"}


def test_a_tap_on_an_old_message_changes_that_answer():
    talk = Talk("points")
    old = talk.taps["40–44"]
    talk.say("34").say("IELTS 8").happens(Pressed(old))
    assert (talk.answers["age"], talk.asked) == ("40-44", "overseas_years")


def test_a_dialog_goes_on_when_its_open_question_has_disappeared():
    talk = Talk("points", "34", "IELTS 8", "3")
    dialog = CONTENT.dialogs["points"]
    without = dialog.model_copy(
        update={
            "steps": tuple(
                one for one in dialog.steps if one.question not in ("australian_years", "english")
            )
        }
    )
    talk.content = replace(CONTENT, dialogs={**CONTENT.dialogs, "points": without})
    assert talk.say("points").asked == "education"
    assert "have changed since you started" in talk.words


def test_an_option_that_disappeared_is_asked_again():
    talk = Talk("points", "34", "IELTS 8", "3", "2", "PhD")
    education = CONTENT.questions["education"]
    fewer = education.model_copy(
        update={
            "options": {
                key: option for key, option in education.options.items() if key != "doctorate"
            }
        }
    )
    talk.content = replace(CONTENT, questions={**CONTENT.questions, "education": fewer})
    assert talk.say("points").asked == "education"


def test_who_may_read_is_said_once_before_the_first_personal_question():
    talk = Talk("points", surface=Surface(name="work", workspace_owners_may_read=True))
    assert "owners of this workspace may be able to read" in talk.words
    assert "owners of this workspace" not in talk.say("34").words
    assert "owners of this workspace" not in talk.say("cancel").say("audit").words


def test_a_dialog_that_interrupts_another_gives_it_back():
    talk = Talk("audit", "1", "0", "points")
    assert "I keep your place in the self-audit" in talk.words
    for text in WHOLE[1:]:
        talk.say(text)
    assert "189: 80" in talk.words
    assert "Still open in the self-audit" in talk.words
    assert (talk.asked, talk.answers, talk.state.person.parked) == (
        "q3",
        {"q1": "1", "q2": "0"},
        None,
    )


def test_a_change_in_a_finished_result_leaves_the_open_dialog_open():
    talk = Talk(*WHOLE, "audit", "1")
    before = talk.answers
    talk.say("change age to 41")
    assert talk.state.person.results["points"]["result.189"] == "70"
    assert (talk.asked, talk.answers) == ("q2", before)


def test_one_result_never_erases_another():
    talk = Talk(*WHOLE, "audit")
    for _ in range(10):
        talk.say("1")
    assert set(talk.state.person.results) == {"points", "audit"}


def test_a_question_that_holds_a_number_is_no_answer():
    talk = Talk("points", "34", "IELTS 8", "how much do seniors with 5 years earn?")
    assert (talk.asked, "overseas_years" in talk.answers) == ("overseas_years", False)


def test_everything_in_a_dialog_is_for_the_asker_alone():
    talk = Talk("points")
    for text in WHOLE[1:]:
        assert all(reply.personal for reply in talk.say(text).replies)


@pytest.mark.parametrize("age", ["45", "52", "born 1 Jan 1980"])
def test_at_45_no_total_is_shown_at_any_point(age):
    talk = Talk("points", age)
    assert "At 45 or over there is no invitation" in talk.words
    for text in WHOLE[2:]:
        talk.say(text)
        assert "before nomination" not in talk.words
    assert "So no total is shown" in talk.words
    assert "189:" not in talk.words


def test_below_competent_is_said_plainly():
    talk = Talk("points", "34", "no test yet")
    assert "Below Competent English there is no invitation" in talk.words


def test_switched_off_nothing_is_added_up_anywhere():
    talk = Talk(*WHOLE)
    talk.content = replace(CONTENT, points=CONTENT.points.model_copy(update={"available": False}))
    for text in (
        "points",
        "points result",
        "points chart",
        "what if IELTS 7",
        "change age to 41",
        "what if 491",
    ):
        assert "The points test has changed" in talk.say(text).words
        assert "189" not in talk.words


def test_eight_and_eight_years_are_questioned():
    talk = Talk("points", "40", "IELTS 8", "8", "8", "bachelor", "no", "no", "no", "single")
    assert "16 together" in talk.words
    assert "points" in talk.press("Work overseas").words
    assert talk.asked == "overseas_years"


def test_a_claim_without_evidence_counts_as_one():
    talk = Talk("audit")
    for _ in range(10):
        talk.say("3").say("skip")
    assert talk.state.person.results["audit"]["result.total"] == "10"
    assert "10 of 30: API layer" in talk.words


def test_a_repeated_audit_says_what_changed_and_allows_a_drop():
    talk = Talk("audit")
    for _ in range(10):
        talk.say("1")
    talk.say("audit")
    for _ in range(10):
        talk.say("0")
    assert "On 21 Nov 2026 it was 10; now 0. A lower score is allowed" in talk.words


def test_the_audits_units_can_be_applied_to_a_running_plan():
    talk = Talk("plan start", "audit")
    for _ in range(10):
        talk.say("2").say("I did it, see https://example.org")
    before = talk.state.person.progress
    assert talk.press("Apply to my plan").state.person.progress.chosen_units
    assert talk.state.person.progress.done == before.done


def test_every_question_of_the_profile_may_be_skipped():
    talk = Talk("profile fill")
    for _ in CONTENT.dialogs["profile"].questions:
        talk.say("skip")
    assert (talk.state.person.dialog, talk.state.person.profile.answers) == (None, {})


def test_a_correction_of_the_profile_is_one_line():
    talk = Talk(
        "profile hours 6", "change state to vic", "profile background data", "change age to 41"
    )
    profile = talk.state.person.profile
    assert (profile.hours, profile.region, profile.background) == (6.0, "VIC", "data")
    assert profile.answers["age"].startswith("41")


def test_what_if_compares_and_keeps_nothing():
    talk = Talk(*WHOLE)
    before = talk.state.person
    assert "189 80 70 −10" in talk.say("what if IELTS 7").words
    assert "189 80 90 +10" not in talk.words
    talk.say("what if I wait a year")
    talk.say("what if 491")
    assert "491: 95" in talk.words
    assert talk.state.person == before


def test_a_form_shows_the_fields_that_its_answers_lead_to():
    def keys(answers):
        return [
            field.key
            for field in fields(
                CONTENT, "points", answers, date(2026, 11, 21), CONTENT.dialogs["points"].questions
            )
        ]

    assert "specialist_education" in keys({"education": "doctorate", "australian_study": "yes"})
    assert "specialist_education" not in keys({"education": "none"})


@settings(max_examples=40)
@given(some.integers(0, len(WHOLE) - 1))
def test_any_beginning_of_a_dialog_survives_a_restart(prefix):
    straight, restarted = Talk(*WHOLE), Talk(*WHOLE[: prefix + 1])
    restarted.state = STATES.validate_json(STATES.dump_json(restarted.state))
    for text in WHOLE[prefix + 1 :]:
        restarted.say(text)
    assert restarted.words == straight.words


@settings(max_examples=30)
@given(
    some.permutations(
        ["I'm 34", "IELTS 8", "3 years overseas", "2 years in Sydney", "bachelors", "single"]
    )
)
def test_the_order_of_answers_changes_nothing(order):
    talk = Talk("points", ", ".join(order), "no", "no", "no")
    assert talk.state.person.results["points"]["result.189"] == "80"


@settings(max_examples=60)
@given(some.data(), some.sampled_from(sorted(CONTENT.dialogs)))
def test_every_path_of_every_dialog_ends(data, key):
    dialog, answers = CONTENT.dialogs[key], {}
    while question := first_open(dialog, answers):
        options = tuple(CONTENT.questions[question].options) or ("",)
        answers[question] = data.draw(some.sampled_from(options))
    assert set(path(dialog, answers)) == set(answers)
