"""start, help, limits, privacy."""

import pytest

from bot.core.events import Surface
from bot.understanding import model


def test_start_says_what_the_bot_is_for_and_where_to_go(talk):
    told = talk("start")
    assert "machine learning in Australia" in told.words.splitlines()[0]
    assert told.labels == ("Pay", "Visas", "Learning plan", "Self-audit", "All I can do")


def test_help_names_every_command_that_is_not_hidden(talk, content):
    words = talk("help").words + talk("help more").words
    for key, command in content.commands.items():
        if not command.hidden:
            assert command.summary in words, key
            assert key in words or command.example in words, key


def test_help_says_when_free_text_is_read_without_the_model(talk, content, monkeypatch):
    assert content.phrases["commands_only"] not in talk("help").words
    monkeypatch.setattr(model, "COMMANDS_ONLY", True)
    assert content.phrases["commands_only"] in talk("help").words


def test_help_leaves_hidden_commands_out(talk, content):
    words = talk("help").words
    assert not [
        key
        for key, command in content.commands.items()
        if command.hidden and command.summary in words
    ]


def test_help_shows_a_command_as_this_platform_takes_it(talk):
    assert (
        "/pivot salary senior"
        in talk("help", surface=Surface(name="Somewhere", prefix="/pivot ")).words
    )


def test_help_for_one_command_gives_usage_and_an_example_to_tap(talk, content):
    told = talk("help salary")
    assert "salary [level | years | amount | day rate | chart]" in told.words
    assert content.commands["salary"].example in told.labels


@pytest.mark.parametrize("typed", ["help salry", "help slaary"])
def test_a_misspelt_command_is_taken_and_said(talk, typed):
    assert "as salary." in talk(typed).words.splitlines()[0]


def test_an_alias_is_not_a_mistake(talk):
    assert talk("help pay").words.startswith("salary:")


def test_an_unknown_command_is_answered_with_the_nearest(talk):
    told = talk("help remind")
    assert "reminders" in told.words


def test_nonsense_is_answered_with_the_way_to_everything(talk):
    told = talk("help zzzzzz")
    assert told.words.startswith("I don't know “zzzzzz”.")
    assert told.labels == ("All I can do",)


def test_limits_tell_what_this_platform_cannot_do(talk, content):
    platform = Surface(name="Somewhere", cannot=("telegram_cannot_read_media",))
    assert (
        content.phrases["telegram_cannot_read_media"] in talk("limits more", surface=platform).words
    )
    assert "On Somewhere:" in talk("limits more", surface=platform).words
    assert "On Console:" not in talk("limits more").words


def test_limits_say_when_sources_were_last_read(talk, content):
    newest = max(source.read_on for source in content.sources.values())
    assert f"last read on {newest.day} Nov {newest.year}" in talk("limits").words


def test_privacy_says_what_is_kept_for_how_long_and_how_to_end_it(talk):
    words = talk("privacy").words + talk("privacy more").words
    for said in (
        "14 days",
        "30 days",
        "8 days",
        "90 days",
        "a year",
        "mydata",
        "forget",
        "Those who run this bot",
    ):
        assert said in words


def test_privacy_names_workspace_owners_only_where_they_may_read(talk):
    may = Surface(name="Somewhere", workspace_owners_may_read=True)
    assert "owners of this workspace" in talk("privacy", surface=may).words
    assert "owners of this workspace" not in talk("privacy").words
