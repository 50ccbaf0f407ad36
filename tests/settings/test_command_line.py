"""The command line as other programs meet it: a line out for each line in, exit codes,
and whose nudge it is.
"""

import argparse
import io
import json
import sys

import pytest

from bot import cli
from bot.cli import main

TAKEHOME = '{"amount": 165000, "basis": "plus_super", "year": "2026-27"}'


@pytest.fixture
def pipe(monkeypatch, capsys):
    """Runs a command on these bytes; gives its exit code and the JSON values it printed,
    one for each line.
    """

    def run(*arguments, given):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        code = main(arguments)
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


WRONG = (
    b"",
    b"   ",
    b"not json",
    b"[]",
    b"null",
    b'{"amount": NaN, "basis": "plus_super", "year": "2026-27"}',
    b'{"amount": 1e400, "basis": "plus_super", "year": "2026-27"}',
    b'{"amount": "165k", "basis": "plus_super", "year": "2026-27"}',
    b'{"amount": -1, "basis": "plus_super", "year": "2026-27"}',
    b'{"\\ud800": 1}',
    b'{"amount": "\xff\xfe"}',
    b"[" * 50_000,
    b'{"a": "' + b"x" * 200_000 + b'"}',
)


def test_every_line_has_its_line_and_a_wrong_one_stops_nothing(pipe):
    lines = [TAKEHOME.encode()]
    for wrong in WRONG:
        lines += [wrong, TAKEHOME.encode()]
    code, answers = pipe("takehome", given=b"\n".join(lines) + b"\n")
    assert code == 1
    assert ["take_home" in answer for answer in answers] == [True, *[False, True] * len(WRONG)]
    assert all({"error", "field"} == set(answer) for answer in answers[1::2])


def test_right_lines_alone_end_well(pipe):
    code, answers = pipe("takehome", given=f"{TAKEHOME}\r\n{TAKEHOME}".encode())
    assert (code, [answer["take_home"] for answer in answers]) == (0, [119_580.0, 119_580.0])


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "--weeks", "0"),
        ("simulate", "--weeks", "-3"),
        ("simulate", "--weeks", "9999"),
        ("simulate", "--zone", "Mars/Base"),
        ("chat", "--at", "2026-10-04"),
        ("nonsense",),
    ],
)
def test_a_wrong_argument_is_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert arguments[-1] in capsys.readouterr().err


def test_a_reply_to_somebody_else_says_to_whom(pipe):
    lines = (":as ann", "subscribe monday 9am sydney", ":as bob", "hello", ":wait 3d")
    code, answers = pipe(
        "chat", "--json", "--at", "2026-11-21T10:00+11:00", given="\n".join(lines).encode()
    )
    assert code == 0
    assert len(answers) == len(lines)
    assert [reply.get("to") for answer in answers for reply in answer["replies"]] == [
        None,
        None,
        "ann",
    ]


def test_every_argument_of_every_command_says_what_it_is():
    (commands,) = [
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    silent = [
        (name, action.dest)
        for name, parser in commands.choices.items()
        for action in parser._actions
        if not action.help
    ]
    assert silent == []
