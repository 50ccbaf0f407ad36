"""Whatever follows a command about the work, there is an answer,
and every tap of it can be typed and answered too.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.command_line import parse

COMMANDS = ("salary", "role", "outlook", "help", "sources", "limits")
WORDS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(["senior", "4", "years", "145k", "$", "1200", "/day", "-", "days", "ml", "engineer", "{x}", "9" * 400, "٣", "k", "a", "where", "1e9", "nan"]),
        max_size=6,
    ).map(" ".join),
)  # fmt: skip


@given(command=st.sampled_from(COMMANDS), words=WORDS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_there_is_an_answer_to_whatever_is_typed(talk, content, command, words):
    told = talk(f"{command} {words}")
    assert told.words.strip()
    for action in told.turn.state.conversation.choices.values():
        assert parse(content, action), action


@pytest.mark.parametrize(
    "line",
    [
        "start",
        "help",
        "salary",
        "salary senior",
        "salary contract",
        "salary 145",
        "role",
        "ai",
        "skills",
        "education",
        "qualifications",
        "fit",
        "outlook",
        "limits",
    ],
)
def test_taps_about_the_work_lead_to_answers(talk, line):
    for action in talk(line).turn.state.conversation.choices.values():
        if action.split()[0] in (
            "salary",
            "role",
            "ai",
            "skills",
            "education",
            "qualifications",
            "fit",
            "outlook",
            "help",
            "sources",
            "limits",
            "privacy",
        ):
            assert "I don't know" not in talk(action).words
            assert "I only cover" not in talk(action).words
