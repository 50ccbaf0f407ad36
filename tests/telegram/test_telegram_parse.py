"""What counts as spoken to us, and that no update, however odd,
does more harm than to be passed over.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.parse import Me, Unreadable, parse, update_id
from adapters.telegram.surface import surface
from bot.core.events import (
    EDITED,
    Account,
    Body,
    Chat,
    ChatMovedTo,
    Event,
    Joined,
    Left,
    Located,
    Pressed,
    Said,
)

ME = Me(id=42, username="pivot_bot", commands=frozenset({"salary", "help", "too_much"}))
SURFACE = surface("pivot_bot")
AT = datetime(2026, 11, 21, tzinfo=UTC)
ALICE = {"id": 7, "is_bot": False, "first_name": "Alice"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Alice"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Pivoters"}


def read(update: Mapping[str, Any]) -> Event | None:
    return parse({"update_id": 5, **update}, me=ME, surface=SURFACE, at=AT, nonce="00")


def message(text: str = "", *, chat: Mapping[str, Any] = PRIVATE, **extra: Any) -> dict[str, Any]:
    words = {"text": text} if text else {}
    return {"message": {"message_id": 11, "date": 1, "chat": chat, "from": ALICE, **words, **extra}}


def body(update: Mapping[str, Any]) -> Body | None:
    event = read(update)
    return event.body if event else None


def test_a_private_text_is_said() -> None:
    assert read(message("salary senior")) == Event(
        key="telegram:update:42:5",
        at=AT,
        account=Account(platform="telegram", user="7"),
        chat=Chat(platform="telegram", id="7"),
        surface=SURFACE,
        body=Said("salary senior", message="11"),
        nonce="00",
        sent_at=datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("dates", "sent_at"),
    [
        ({"date": 1_700_000_000}, datetime(2023, 11, 14, 22, 13, 21, tzinfo=UTC)),
        ({"date": int(AT.timestamp())}, AT),
        ({"date": 0}, None),
        ({"date": 10**18}, None),
        ({"date": "yesterday"}, None),
    ],
    ids=str,
)
def test_a_message_is_dated_by_telegram_but_never_later_than_now(
    dates: dict[str, object], sent_at: datetime | None
) -> None:
    update = message("salary senior")
    update["message"] |= dates
    event = read(update)
    assert event is not None
    assert event.sent_at == sent_at


def test_an_edited_message_is_dated_by_its_edit() -> None:
    update = message("salary senior")
    update["edited_message"] = update.pop("message") | {"edit_date": 1_700_000_000}
    event = read(update)
    assert event is not None
    assert event.sent_at == datetime(2023, 11, 14, 22, 13, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/salary@pivot_bot senior", "/salary senior"),
        ("/salary@Pivot_Bot", "/salary"),
        ("/salary@other_bot senior", None),
        ("/salary senior", "/salary senior"),
        ("/too_much", "/too_much"),
        ("/weather", None),
        ("@pivot_bot what is the median?", "what is the median?"),
        ("hey @Pivot_Bot", "hey"),
        ("@pivot_bot", "/help"),
        ("@pivot_bottom salary", None),
        ("what is the median?", None),
    ],
)
def test_in_a_group_only_what_is_addressed_to_us_is_heard(text: str, heard: str | None) -> None:
    found = body(message(text, chat=GROUP))
    assert found == (None if heard is None else Said(heard, message="11"))


def test_in_a_group_a_reply_to_us_is_heard_and_one_to_others_is_not() -> None:
    ours = {"message_id": 9, "from": {"id": 42, "is_bot": True}}
    theirs = {"message_id": 9, "from": {"id": 8, "is_bot": False}}
    assert body(message("and juniors?", chat=GROUP, reply_to_message=ours)) == Said(
        "and juniors?", message="11", reply_to="9"
    )
    assert body(message("and juniors?", chat=GROUP, reply_to_message=theirs)) is None


def test_a_group_is_shared_and_a_topic_is_a_thread() -> None:
    event = read(message("/salary", chat=GROUP, is_topic_message=True, message_thread_id=3))
    assert event is not None
    assert event.chat == Chat(platform="telegram", id="-100123", thread="3", shared=True)
    unthreaded = read(message("/salary", chat=GROUP, message_thread_id=3))
    assert unthreaded is not None
    assert unthreaded.chat.thread == ""


@pytest.mark.parametrize(
    "extra",
    [
        {
            "from": {"id": 136817688, "is_bot": True},
            "sender_chat": {"id": -5, "type": "channel"},
            "is_automatic_forward": True,
        },
        {"from": {"id": 1087968824, "is_bot": False}},
        {"from": {"id": 777000, "is_bot": False}, "sender_chat": {"id": -5, "type": "channel"}},
        {"from": {"id": 9, "is_bot": True}},
    ],
    ids=[
        "a copied post",
        "the group's stand-in",
        "a channel's post",
        "another bot",
    ],
)
def test_nobody_in_particular_is_not_heard(extra: dict[str, Any]) -> None:
    assert body(message("/salary", chat=GROUP, **extra)) is None


@pytest.mark.parametrize("sender", [GROUP, {"id": -5, "type": "channel"}])
def test_who_writes_as_the_group_or_a_channel_asks_as_nobody(sender: dict[str, Any]) -> None:
    event = read(
        message(
            "/salary",
            chat=GROUP,
            **{"from": {"id": 1087968824, "is_bot": True}},
            sender_chat=sender,
        )
    )
    assert event is not None
    assert event.body == Said("/salary", message="11", anonymous=True)
    assert event.account.user == str(sender["id"])
    assert body(message("hello all", chat=GROUP, sender_chat=sender)) is None


def test_a_channel_is_not_heard() -> None:
    assert (
        body(
            {
                "channel_post": {
                    "message_id": 1,
                    "chat": {"id": -9, "type": "channel"},
                    "text": "/salary",
                }
            }
        )
        is None
    )
    assert body(message("/salary", chat={"id": -9, "type": "channel"})) is None


@pytest.mark.parametrize(
    "joiner", [{"new_chat_members": [ALICE]}, {"left_chat_member": ALICE}, {"pinned_message": {}}]
)
def test_a_group_s_service_messages_are_not_heard(joiner: dict[str, Any]) -> None:
    assert body(message(chat=GROUP, **joiner)) is None


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/start", "/start"),
        ("/start visa_189", "/start visa 189"),
        ("/start@pivot_bot points", "/start points"),
        ("/start b64-dGFrZWhvbWUgJDE2NSww", "/start takehome $165,0"),
        ("/start b64-!!", "/start b64-!!"),
        ("/start b64-_w", "/start"),
    ],
)
def test_a_deep_link_arrives_as_words(text: str, heard: str) -> None:
    assert body(message(text)) == Said(heard, message="11")


def test_a_tap_carries_its_action_and_the_message_it_sits_on() -> None:
    on = {"message_id": 21, "date": 5, "chat": PRIVATE, "text": "Pay"}
    tap = {
        "id": "9",
        "from": ALICE,
        "message": on,
        "data": "1:takehome 160000",
        "chat_instance": "1",
    }
    assert body({"callback_query": tap}) == Pressed("takehome 160000", "21")
    assert body({"callback_query": {**tap, "data": "7:whatever"}}) == Pressed("help stale", "21")
    assert body({"callback_query": {**tap, "message": {**on, "date": 0}}}) == Pressed(
        "takehome 160000", ""
    )
    for under in ({"photo": [{}], "caption": "Pay"}, {"document": {}}):
        media = {name: value for name, value in on.items() if name != "text"} | under
        assert body({"callback_query": {**tap, "message": media}}) == Pressed("takehome 160000", "")
    assert (
        body(
            {
                "callback_query": {
                    "id": "9",
                    "from": ALICE,
                    "inline_message_id": "x",
                    "data": "1:plan",
                }
            }
        )
        is None
    )


def test_an_edit_says_which_text_was_edited() -> None:
    edited = message("salary junior")["message"]
    assert body({"edited_message": edited}) == Said("salary junior", edit_of=EDITED, message="11")
    assert (
        body(
            {
                "edited_message": {
                    **message()["message"],
                    "location": {"latitude": 1.0, "longitude": 1.0},
                }
            }
        )
        is None
    )


def member(before: str, after: str, chat: Mapping[str, Any] = PRIVATE) -> dict[str, Any]:
    return {
        "my_chat_member": {
            "chat": chat,
            "from": ALICE,
            "old_chat_member": {"status": before},
            "new_chat_member": {"status": after},
        }
    }


def test_blocking_and_unblocking_are_leaving_and_joining() -> None:
    assert body(member("member", "kicked")) == Left("blocked")
    assert body(member("kicked", "member")) == Joined()
    assert body(member("member", "left", GROUP)) == Left("removed")
    assert body(member("left", "member", GROUP)) == Joined()
    assert body(member("member", "administrator", GROUP)) is None


def test_a_location_becomes_a_zone_and_nothing_else_is_kept() -> None:
    event = read(message(location={"latitude": -31.95, "longitude": 115.86}))
    assert event is not None
    assert event.body == Located("Australia/Perth")
    assert "115" not in repr(event)
    assert body(message(chat=GROUP, location={"latitude": -31.95, "longitude": 115.86})) is None


def test_a_group_that_became_a_supergroup_moves() -> None:
    assert body(message(chat={"id": -5, "type": "group"}, migrate_to_chat_id=-1005)) == ChatMovedTo(
        "-1005"
    )


def test_what_cannot_be_read_is_answered_in_private_and_ignored_in_groups() -> None:
    assert body(message(voice={"file_id": "x"})) == Said("limits", message="11")
    assert body(message(voice={"file_id": "x"}, chat=GROUP)) is None
    assert body(message(photo=[{}], caption="salary senior")) == Said("salary senior", message="11")


def test_our_own_inline_result_is_not_heard_again() -> None:
    assert body(message("Senior: $160,000", via_bot={"id": 42, "is_bot": True})) is None


def test_an_unknown_kind_of_update_is_passed_over() -> None:
    assert read({"telepathy": {"from": ALICE}}) is None
    assert read({}) is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": 1}},
        {"message": []},
        {
            "message": {
                "message_id": 1,
                "from": ALICE,
                "chat": {"id": "abc", "type": "private"},
                "text": "hi",
            }
        },
        {"message": {"message_id": 1, "from": ALICE, "chat": PRIVATE, "text": 5}},
        {"callback_query": {"id": "1", "from": ALICE, "message": {"message_id": 4}, "data": "1:x"}},
        {"my_chat_member": {"chat": PRIVATE}},
    ],
)
def test_a_broken_update_is_unreadable_and_never_anything_else(update: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert read(update) is None


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "chat",
                    "from",
                    "type",
                    "text",
                    "message_id",
                    "date",
                    "data",
                    "message",
                    "location",
                ]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["message", "edited_message", "callback_query", "my_chat_member", "update_id"]
        ),
        anything,
        max_size=3,
    )
)
def test_no_update_raises_anything_but_unreadable(update: dict[str, Any]) -> None:
    with suppress(Unreadable):
        update_id(update)
        parse(update, me=ME, surface=SURFACE, at=AT, nonce="00")


@pytest.mark.parametrize(
    "extra",
    [
        {"forward_origin": {"type": "user", "sender_user": ALICE, "date": 1}},
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Bob", "date": 1}},
        {"via_bot": {"id": 99, "is_bot": True, "username": "somebody_bot"}},
    ],
)
@pytest.mark.parametrize("text", ["admin broadcast hello", "forget yes", "stop", "/salary senior"])
def test_words_of_others_ask_and_never_act(text: str, extra: dict[str, Any]) -> None:
    found = body(message(text, **extra))
    assert isinstance(found, Said)
    assert found.quoted
    assert body(message(text)) == Said(text, message="11")


def _quotation(text: str, of: str) -> dict[str, Any]:
    before = text[: text.index(of)]
    units = len(before.encode("utf-16-le")) // 2
    return {"type": "blockquote", "offset": units, "length": len(of.encode("utf-16-le")) // 2}


@pytest.mark.parametrize(
    ("text", "of", "words"),
    [
        ("👍 admin broadcast hello\nsalary senior", "👍 admin broadcast hello", "salary senior"),
        ("visa 189\nforget yes", "\nforget yes", "visa 189"),
    ],
)
def test_a_quotation_beside_ones_own_words_is_left_out(text: str, of: str, words: str) -> None:
    found = body(message(text, entities=[_quotation(text, of)]))
    assert found == Said(words, message="11")


def test_a_quotation_alone_asks_and_never_acts() -> None:
    text = "forget yes"
    found = body(message(text, entities=[_quotation(text, text)]))
    assert found == Said(text, message="11", quoted=True)
