"""What a payload means, payload by payload."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.block_kit import escape
from adapters.slack.envelope import workspaces_gone
from adapters.slack.markup import plain
from adapters.slack.parse import parse
from bot.core.command_line import names
from bot.core.events import Account, Chat, Event, OpenedHome, Pressed, Said, Submitted
from content.library import load

AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
NAMES = frozenset(names(load()))
TEAM = {"team_id": "T1", "enterprise_id": None}


def heard(body: dict[str, Any]) -> Event | None:
    return parse(body, at=AT, nonce="00", names=NAMES)


def command(name: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        **TEAM,
        "command": name,
        "text": text,
        "user_id": "U1",
        "channel_id": "C1",
        "trigger_id": "13.37",
        "response_url": "https://hooks.slack.com/commands/1",
        "is_enterprise_install": "false",
        **more,
    }


def message(text: str, /, **more: Any) -> dict[str, Any]:
    event = {
        "type": "message",
        "channel": "D1",
        "channel_type": "im",
        "user": "U1",
        "text": text,
        "ts": "1700.1",
        **more,
    }
    return {
        **TEAM,
        "type": "event_callback",
        "event_id": "Ev1",
        "event": event,
        "authorizations": [
            {"team_id": "T1", "user_id": "UBOT", "is_bot": True, "is_enterprise_install": False}
        ],
    }


def tap(**more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "1700.5", "channel_id": "C1"},
        "message": {"ts": "1700.5", "thread_ts": "1700.1"},
        "trigger_id": "13.38",
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"type": "button", "action_id": "v1:0", "value": "takehome 160000"}],
        "is_enterprise_install": False,
        **more,
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("/pivot", "salary senior", "/salary senior"),
        ("/pivot", "/salary senior", "/salary senior"),
        ("/salary", "senior", "/salary senior"),
        ("/salary", "", "/salary"),
        ("/visa", "compare 189 190", "/visa compare 189 190"),
        ("/pivot", "", "/start"),
        ("/pivot", "too much", "/too much"),
        ("/pivot-staging", "plan", "/plan"),
        ("/pivot", "what does a senior earn?", "what does a senior earn?"),
        ("/pivot", "salary\u00a0\u201csenior\u201d", '/salary "senior"'),
        ("/pivot", "done 3 <https://github.com/me/x>", "/done 3 https://github.com/me/x"),
        ("/pivot", "done 3 <https://github.com/me/x|github.com/me/x>", "/done 3 github.com/me/x"),
        (
            "/pivot",
            "salary for <@U123|ann> in <#C9|general> &amp; more &lt;3",
            "/salary for @ann in #general & more <3",
        ),
        ("/pivot", "pay\x00me 😀", "/pay me 😀"),
    ],
)
def test_a_command_line_means_the_same_however_it_was_typed(
    name: str, text: str, said: str
) -> None:
    event = heard(command(name, text))
    assert event
    assert event.body == Said(said)


def test_a_command_carries_its_answer_address_and_is_known_by_its_trigger() -> None:
    event = heard(command("/salary", "senior"))
    assert event
    assert event.key == "slack:13.37"
    assert event.account == Account(platform="slack", workspace="T1", user="U1")
    assert event.chat == Chat(platform="slack", workspace="T1", id="C1", shared=True)
    assert event.token
    assert (event.token.address, event.token.in_ack) == ("https://hooks.slack.com/commands/1", True)
    assert event.token.expires_at == AT + timedelta(minutes=30)


def test_an_org_wide_installation_goes_by_the_organisation() -> None:
    event = heard(
        command("/salary", team_id="T9", enterprise_id="E1", is_enterprise_install="true")
    )
    assert event
    assert (event.account.workspace, event.chat.workspace) == ("E1", "E1")


def test_a_message_is_known_by_team_channel_and_time_and_an_envelope_never_counts() -> None:
    first = heard({**message("hi"), "envelope_id": "one"})
    again = heard({**message("hi"), "envelope_id": "two", "event_id": "Ev2"})
    assert first
    assert again
    assert first.key == again.key == "slack:T1:D1:1700.1"


def test_a_mention_and_its_message_are_one_and_answered_in_a_thread() -> None:
    said = {"channel": "C1", "channel_type": "channel", "text": "<@UBOT> salary senior"}
    mention, copy = heard(message("", type="app_mention", **said)), heard(message("", **said))
    assert mention == copy
    assert mention
    assert mention.body == Said("salary senior", message="1700.1")
    assert mention.chat == Chat(
        platform="slack", workspace="T1", id="C1", thread="1700.1", shared=True
    )


@pytest.mark.parametrize(
    ("text", "words", "quoted"),
    [
        ("&gt; admin broadcast hello\nsalary senior", "salary senior", False),
        ("visa 189\n&gt; forget yes", "visa 189", False),
        ("&gt; forget yes", "forget yes", True),
        ("&gt;stop\n&gt; please", "stop\nplease", True),
        ("more than 5 &gt; 4", "more than 5 > 4", False),
    ],
)
def test_quoted_lines_are_left_out_and_alone_they_ask_and_never_act(
    text: str, words: str, quoted: bool
) -> None:
    found = heard(message(text))
    assert found
    assert found.body == Said(words, message="1700.1", quoted=quoted)


def test_a_bare_mention_asks_to_start() -> None:
    event = heard(message("<@UBOT>", type="app_mention", channel="C1", channel_type="channel"))
    assert event
    assert event.body == Said("/start", message="1700.1")


def test_a_direct_message_is_answered_beside_it_and_a_threaded_one_in_its_thread() -> None:
    plainly, threaded, agent = (
        heard(message("hi")),
        heard(message("hi", thread_ts="1699.9")),
        heard(message("hi", assistant_thread={})),
    )
    assert [event.chat.thread for event in (plainly, threaded, agent) if event] == [
        "",
        "1699.9",
        "1700.1",
    ]
    assert plainly
    assert not plainly.chat.shared


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": "USLACKBOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"channel": "C1", "channel_type": "channel"},
        {"type": "reaction_added"},
        {"type": "app_home_opened", "tab": "messages"},
    ],
)
def test_what_is_not_said_to_the_bot_by_a_person_is_nothing(more: dict[str, Any]) -> None:
    assert heard(message("hi", **more)) is None


def test_a_message_with_a_file_is_still_a_message() -> None:
    assert heard(message("see", subtype="file_share")) is not None


def test_an_opened_home_is_known_by_its_event_id() -> None:
    event = heard(message("", type="app_home_opened", tab="home"))
    assert event
    assert (event.body, event.key) == (OpenedHome(), "slack:Ev1")


def test_a_tap_names_its_message_unless_that_is_ephemeral() -> None:
    public, private = (
        heard(tap()),
        heard(tap(container={"type": "message", "message_ts": "1", "is_ephemeral": True})),
    )
    assert public
    assert private
    assert (public.body, private.body) == (
        Pressed("takehome 160000", message="1700.5"),
        Pressed("takehome 160000"),
    )
    assert public.chat.thread == "1700.1"
    assert public.key == "slack:13.38"
    assert public.token
    assert not public.token.in_ack


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "v1:link:0", "value": "x"},
        {"action_id": "another-app", "value": "x"},
        {"action_id": "v1:0"},
    ],
)
def test_link_buttons_and_strange_elements_are_nothing(action: dict[str, str]) -> None:
    assert heard(tap(actions=[action])) is None


def test_a_form_is_its_callback_and_its_answers_by_question() -> None:
    values = {
        "a": {"weekday": {"type": "static_select", "selected_option": {"value": "tuesday"}}},
        "b": {"time": {"type": "timepicker", "selected_time": "07:30"}},
        "c": {
            "units": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "3"}]}
        },
        "d": {"note": {"type": "plain_text_input", "value": None}},
    }
    body = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "13.39",
        "view": {"callback_id": "subscribe", "state": {"values": values}},
    }
    event = heard(body)
    assert event
    assert event.body == Submitted(
        "subscribe", (("weekday", "tuesday"), ("time", "07:30"), ("units", "1,3"))
    )
    assert event.token
    assert event.token.in_ack
    assert event.chat.id == "U1"


def test_shortcuts_open_what_their_name_says_and_others_nothing() -> None:
    body = {
        "type": "shortcut",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "1",
        "callback_id": "points",
    }
    event = heard(body)
    assert event
    assert event.body == Said("/form points")
    assert heard({**body, "callback_id": "somebody-elses"}) is None


SHARED = {
    "type": "app_mention",
    "channel": "C1",
    "channel_type": "channel",
}


@pytest.mark.parametrize(("theirs", "account"), [("T1", "T1"), ("T7", "T7"), ("", "T7")])
def test_the_workspace_of_a_shared_channel_is_the_one_that_installed(
    theirs: str, account: str
) -> None:
    """The other company's id stands outside, ours among the authorizations.

    Whoever's company is not told is none of ours.
    """
    home = {"user_team": theirs, "team": theirs}
    body = {**message("<@UBOT> my points", **SHARED, **home), "team_id": "T7"}
    event = heard({**body, "is_ext_shared_channel": True})
    assert event
    assert (event.account.workspace, event.chat.workspace) == (account, "T1")
    assert event.key == "slack:T1:C1:1700.1"


def test_without_authorizations_the_context_names_the_workspace() -> None:
    body = {**message("points"), "authorizations": [], "team_id": "T7", "context_team_id": "T1"}
    event = heard(body)
    assert event
    assert event.chat.workspace == "T1"


@pytest.mark.parametrize(("theirs", "account"), [("T1", "T1"), ("T7", "T7")])
def test_a_form_belongs_to_the_workspace_whose_app_showed_it(theirs: str, account: str) -> None:
    body = {
        "type": "view_submission",
        "team": {"id": "T7"},
        "user": {"id": "U1", "team_id": theirs},
        "trigger_id": "1.2",
        "view": {"callback_id": "audit", "app_installed_team_id": "T1", "state": {"values": {}}},
    }
    event = heard(body)
    assert event
    assert (event.account.workspace, event.chat.workspace) == (account, "T1")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (":+1::skin-tone-3:", "👍🏼"),
        ("done :thumbsup::skin-tone-6: now", "done 👍🏿 now"),
        ("7:30am :sunrise:", "7:30am 🌅"),
        ("great:tada:", "great🎉"),
        (":writing_hand::skin-tone-2:", "✍🏻"),
        (":flag-au: :1234:", "🇦🇺 🔢"),
        ("well done :our-logo: team", "well done   team"),
        (":our-logo::our-logo:", ""),
        ("from 7:30:00 to 9:15", "from 7:30:00 to 9:15"),
        ("a:b:c", "a:b:c"),
        (":", ":"),
        ("<https://x.test/a:b:c|x.test/a:b:c>", "x.test/a:b:c"),
        ("pay for <@U07CC57KKSR> in <#C0123456789>", "pay for @someone in #channel"),
    ],
)
def test_codes_and_ids_become_what_their_writer_saw(written: str, seen: str) -> None:
    assert plain(written) == seen


def test_somebody_of_another_company_is_no_member_of_the_workspace() -> None:
    body = message(
        "<@UBOT> my points",
        type="app_mention",
        channel="C1",
        channel_type="channel",
        user_team="T7",
        team="T7",
    )
    event = heard({**body, "is_ext_shared_channel": True})
    assert event
    assert (event.account.workspace, event.chat.workspace) == ("T7", "T1")
    tapped = heard(tap(user={"id": "U9", "team_id": "T7"}))
    assert tapped
    assert tapped.account.workspace == "T7"


@pytest.mark.parametrize(
    ("event", "gone"),
    [
        ({"type": "app_uninstalled"}, "T1"),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}, "T1"),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, None),
        ({"type": "team_access_revoked", "team_ids": ["T1", "T2"]}, "T1,T2"),
        ({"type": "message", "text": "hi"}, None),
    ],
)
def test_the_end_of_an_installation_is_recognised(event: dict[str, Any], gone: str | None) -> None:
    assert workspaces_gone({**TEAM, "type": "event_callback", "event": event}) == gone


@given(
    st.text(
        alphabet=st.characters(
            exclude_characters="\u2018\u2019\u201c\u201d\u00a0\u202f\x00`",
            exclude_categories=["Cs"],
        )
    )
)
def test_whatever_slack_escapes_is_read_back(text: str) -> None:
    assert plain(escape(text)) == text.strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "text", "value", "user"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["subtype", "text", "thread_ts", "user", "bot_id", "channel_type", "files", "blocks"]
        ),
        JSON,
    )
)
def test_a_message_of_any_shape_does_no_harm(more: dict[str, Any]) -> None:
    heard(message("hi", **more))
