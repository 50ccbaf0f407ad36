"""A message of one intent that another command answers better:
'lowest score' is read as points and answered by the rounds.
"""

import pytest

from bot.understanding import understand


@pytest.mark.parametrize(
    ("text", "intent", "line"),
    [
        ("lowest score that got invited last round", "points_test", "visa rounds"),
        ("cut-off for 189?", "points_test", "visa rounds 189"),
        ("is the points test changing", "points_test", "visa reform"),
        ("190 timeline", "visa_detail", "visa steps 190"),
        ("data scientist anzsco code", "code", "code data scientist"),
    ],
)
def test_the_phrase_decides_the_command_and_the_intent_stays(content, text, intent, line):
    reading = understand(content, text)
    assert reading.intent == intent
    assert f"{reading.command} {reading.arguments}".strip() == line


def test_without_such_a_phrase_the_intents_own_command_answers(content):
    assert understand(content, "how many points do i need").command == "points"


def test_every_such_line_is_one_that_its_command_knows(content, ask):
    for intent in content.intents.values():
        for line in intent.instead:
            assert line.split(" ")[0] in content.commands
            assert "I don't know" not in ask(line), line
