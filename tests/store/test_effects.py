"""Effects that the database carries out in the turn's own transaction,
and what the core learns from them.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b, sha256

import pytest
import sqlalchemy as sa

from adapters.storage.people.linking import MOST_TRIES
from adapters.storage.sql.tables import metadata
from bot.core.events import Found
from bot.core.messages import (
    Delivered,
    Dropped,
    Malformed,
    NotSent,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.state import Profile, Progress
from bot.core.turn import (
    Broadcast,
    CountPeople,
    Export,
    Forget,
    JoinPeople,
    KeepUnanswered,
    LookUpLink,
    LookUpZone,
    OfferLink,
    ReloadContent,
    Turn,
    Unlink,
)
from tests.store.scripted_decider import (
    MONDAY,
    ROOM,
    Script,
    account,
    chat,
    effecting,
    only,
    reply,
    said,
    second,
    subscribing,
    texts,
)

CODE = "c0de"
SLACK = {"platform": "slack", "workspace": "T1"}


def knowing(plan="", **profile):
    """A decision that teaches the bot something about the person."""

    def decide(state, event):
        progress = Progress(plan=plan, started_on=date(2026, 11, 2), hours=5) if plan else None
        person = replace(
            state.person, profile=Profile(**profile), progress=progress, nudges_to=event.chat
        )
        return Turn(state=replace(state, person=person))

    return decide


@pytest.fixture
def script():
    return Script(
        offer=effecting(OfferLink(code_hash=CODE, expires_at=MONDAY + timedelta(minutes=10))),
        look=effecting(LookUpLink(code_hash=CODE)),
        wrong=effecting(LookUpLink(code_hash="wrong")),
        mine=effecting(JoinPeople(code_hash=CODE, keep="mine")),
        theirs=effecting(JoinPeople(code_hash=CODE, keep="theirs")),
        subscribe=subscribing(),
        forget=effecting(Forget(), text="forgotten"),
        export=effecting(Export()),
    )


async def found(store, script, text, user="ada", **more):
    """What the core was told in the turn that this text began."""
    before = len(script.heard)
    await store.turn(said(text, user, **more), script, room=0)
    (event,) = script.heard[before + 1 :]
    return dict(event.body.values)


async def person(store, script, user="ada", **more):
    await store.turn(said("who", user, **more), script, room=0)
    return script.states[-1].person


# --- forgetting ----------------------------------------------------------------------------------------------------


async def test_nothing_of_a_forgotten_person_is_left_but_hashes(store, script):
    script.decisions = {**script.decisions, "know": knowing(plan="core", zone="Australia/Perth")}
    for text in ("know", "subscribe", "offer", "wrong", "my salary is 123456"):
        await store.turn(said(text, "ada-user"), script, room=0)
    await store.book(MONDAY)
    assert "ada-user" in json.dumps(await everything(store), default=str)
    outcome = await store.turn(said("forget", "ada-user"), script, room=4)
    assert texts(outcome) == ["forgotten"]
    held = await everything(store)
    assert [name for name, rows in held.items() if "ada-user" in json.dumps(rows, default=str)] == [
        "outbox"
    ], "where the farewell goes"
    await store.exchange(MONDAY, [(only(outcome), Delivered("m1"))], {}, script)
    held = await everything(store)
    assert {name for name, rows in held.items() if rows} <= {
        "seen_events",
        "tombstones",
        "send_pace",
        "outbox",
        "deployment",
    }
    assert "ada-user" not in json.dumps(held, default=str)
    await store.tidy(MONDAY)
    assert not (await everything(store))["outbox"]


@pytest.mark.parametrize(
    "receipt",
    [
        NotSent(0.0, "429", limited=True, bulk=True),
        Unclear("reset"),
        Malformed("odd"),
        Unreachable("blocked"),
        Dropped("late"),
    ],
)
async def test_a_farewell_that_does_not_go_out_at_once_leaves_nothing_either(
    store, script, receipt
):
    """However often it is tried again, it is delivered or given up,
    and then nothing says to whom it went.
    """
    await store.turn(said("hello", "ada-user"), script, room=0)
    receipts = [(only(await store.turn(said("forget", "ada-user"), script, room=4)), receipt)]
    again = (await store.exchange(second(1), receipts, ROOM, script)).claimed
    await store.exchange(second(2), [(one, Delivered("m1")) for one in again], {}, script)
    assert "ada-user" not in json.dumps(await everything(store), default=str)


async def test_a_farewell_whose_sender_died_is_sent_once_more_and_leaves_nothing(store, script):
    await store.turn(said("forget", "ada-user"), script, room=4)
    again = only(await store.exchange(second(100), [], ROOM, script))
    assert (again.message.fallback, again.message.address.chat.id) == ("forgotten", "ada-user")
    assert await store.begin(again)
    await store.exchange(second(200), [], ROOM, script)
    assert "ada-user" not in json.dumps(await everything(store), default=str)


async def test_a_farewell_to_a_dead_token_is_given_up_in_the_end(store, script):
    farewell = only(await store.turn(said("forget", "ada-user"), script, room=4))
    await store.exchange(second(1), [(farewell, TokenDead("revoked"))], ROOM, script)
    await store.tidy(MONDAY + timedelta(days=3))
    assert "ada-user" not in json.dumps(await everything(store), default=str)


async def everything(store):
    def look(connection):
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }

    return await store.database.look(look)


async def test_after_forgetting_the_next_message_meets_a_stranger(store, script):
    script.decisions = {**script.decisions, "know": knowing(zone="Australia/Perth")}
    await store.turn(said("know"), script, room=0)
    before = await person(store, script)
    await store.turn(said("forget"), script, room=0)
    after = await person(store, script, at=second(60))
    assert after.profile == Profile()
    assert after.id != before.id


async def test_what_is_delivered_again_from_before_does_not_bring_a_forgotten_person_back(
    store, script
):
    await store.turn(said("hello", key="old", at=MONDAY), script, room=0)
    await store.turn(said("forget", at=second(60)), script, room=0)
    again = await store.turn(said("hello", key="old", at=MONDAY), script, room=4)
    never_seen = await store.turn(said("late", key="lost", at=second(30)), script, room=4)
    assert (again.duplicate, never_seen.duplicate) == (True, True)
    assert (await store.figures(MONDAY)).values["people"] == 0


async def test_an_event_that_the_platform_dates_before_the_forgetting_does_not_bring_a_person_back(
    store, script
):
    """Slack brings an event again for an hour; its first copy may never have been committed."""
    late = replace(said("late", at=second(90)), sent_at=second(30))
    await store.turn(replace(said("forget", at=second(62)), sent_at=second(60)), script, room=0)
    assert (await store.turn(late, script, room=4)).duplicate
    fresh = replace(said("hello", at=second(91)), sent_at=second(61))
    assert not (await store.turn(fresh, script, room=4)).duplicate, "said after the farewell"


async def test_a_date_too_old_to_be_brought_again_silences_nobody_after_a_forgetting(store, script):
    await store.turn(replace(said("forget", at=second(62)), sent_at=second(60)), script, room=0)
    misdated = replace(said("hello", at=second(91)), sent_at=second(60) - timedelta(days=2))
    assert not (await store.turn(misdated, script, room=4)).duplicate


async def test_what_a_tombstone_holds_says_nothing_without_this_databases_salt(store, script):
    await store.turn(said("forget", "123456"), script, room=0)
    (row,) = (await everything(store))["tombstones"]
    plain = {
        digest(text.encode()).hexdigest()
        for text in ("123456", "telegram\0\x00123456")
        for digest in (sha256, blake2b)
    }
    assert row[0] not in plain
    assert row[0] != blake2b(b"telegram\0\x00123456", digest_size=32).hexdigest()


async def test_an_errand_of_a_forgotten_person_answers_nobody(store, script):
    script.decisions = {**script.decisions, "zone": effecting(LookUpZone(then="x"))}
    asked = said("zone")
    await store.turn(asked, script, room=0)
    await store.turn(said("forget", at=second(1)), script, room=0)
    assert (await store.turn(answering(asked), script, room=4)).duplicate
    assert (await store.figures(MONDAY)).values["people"] == 0


async def test_a_message_in_the_air_while_its_person_is_forgotten_is_never_sent_again(
    store, script
):
    claimed = only(await store.turn(said("hello"), script, room=4))
    await store.turn(said("forget"), script, room=0)
    assert "hello" not in texts(await store.exchange(second(120), [], ROOM, script))
    assert claimed.message.fallback == "hello"


# --- export --------------------------------------------------------------------------------------------------------


async def test_an_export_holds_everything_that_is_held(store, script):
    script.decisions = {
        **script.decisions,
        "know": knowing(plan="core", zone="Australia/Perth"),
        "keep": effecting(KeepUnanswered(text="odd one")),
    }
    for text in ("know", "offer", "keep", "hello"):
        await store.turn(said(text), script, room=0)
    values = await found(store, script, "export")
    held = json.loads(values["json"])
    assert held["person"]["profile"]["zone"] == "Australia/Perth"
    assert held["person"]["progress"]["plan"] == "core"
    assert held["person"]["accounts"] == [{"platform": "telegram", "workspace": "", "user": "ada"}]
    assert held["conversations"][0]["last"]["command"] == "hello"
    assert [row["text"] for row in held["messages"]] == ["hello"]
    assert held["unanswered"][0]["text"] == "odd one"
    assert held["link_codes"][0]["offered_on"] == "telegram"


# --- linking -------------------------------------------------------------------------------------------------------


async def test_a_good_code_says_whose_it_is_and_how_many_plans_there_are(store, script):
    script.decisions = {**script.decisions, "know": knowing(plan="core")}
    await store.turn(said("know"), script, room=0)
    await store.turn(said("offer"), script, room=0)
    values = await found(store, script, "look", "bob", **SLACK)
    assert (values["outcome"], values["plans"], values["schedules"]) == ("ok", "1", "0")
    assert json.loads(values["accounts"]) == [
        {"platform": "telegram", "workspace": "", "user": "ada"}
    ]


async def test_a_code_that_is_no_good_says_why(store, script):
    assert await found(store, script, "look", "bob") == {"outcome": "unknown"}
    await store.turn(said("offer"), script, room=0)
    assert await found(store, script, "look") == {"outcome": "own"}
    assert await found(store, script, "look", "bob", at=MONDAY + timedelta(minutes=11)) == {
        "outcome": "expired"
    }
    await store.turn(said("mine", "bob", **SLACK), script, room=0)
    assert await found(store, script, "look", "eve") == {"outcome": "used"}


async def test_guessing_codes_is_slowed_down(store, script):
    await store.turn(said("offer"), script, room=0)
    for _ in range(MOST_TRIES):
        assert await found(store, script, "wrong", "bob") == {"outcome": "unknown"}
    assert await found(store, script, "look", "bob") == {"outcome": "throttled"}
    assert await found(store, script, "look", "eve") == {"outcome": "ok"} | await found(
        store, script, "look", "eve"
    )
    assert (await found(store, script, "look", "bob", at=MONDAY + timedelta(hours=2)))[
        "outcome"
    ] == "expired"


@pytest.mark.parametrize(
    ("keep", "plan", "zone"),
    [("mine", "capstone", "Australia/Perth"), ("theirs", "core", "Australia/Perth")],
)
async def test_joined_people_are_one_with_the_plan_they_chose(store, script, keep, plan, zone):
    script.decisions = {
        **script.decisions,
        "ada": knowing(plan="core"),
        "bob": knowing(plan="capstone", zone="Australia/Perth"),
    }
    await store.turn(said("ada"), script, room=0)
    await store.turn(said("bob", "bob", **SLACK), script, room=0)
    await store.turn(said("offer"), script, room=0)
    assert await found(store, script, keep, "bob", **SLACK) == {"outcome": "ok"}
    there, here = await person(store, script), await person(store, script, "bob", **SLACK)
    assert there == here
    assert (here.progress.plan, here.profile.zone) == (plan, zone)
    assert set(here.accounts) == {account(), account("bob", "slack", "T1")}
    assert (await store.figures(MONDAY)).values["people"] == 1


@pytest.mark.parametrize("keep", ["mine", "theirs"])
async def test_joined_people_get_one_nudge_a_week(store, script, keep):
    await store.turn(said("subscribe", at=MONDAY - timedelta(days=1)), script, room=0)
    await store.turn(
        said("subscribe", "bob", at=MONDAY - timedelta(days=1), **SLACK), script, room=0
    )
    await store.book(MONDAY)
    await store.turn(said("offer"), script, room=0)
    await store.turn(said(keep, "bob", **SLACK), script, room=0)
    await store.book(second(5))
    got = await drained(store, script)
    assert [text for text in got if text.startswith("nudge")] == ["nudge 2026-W48 0"]


async def test_answers_on_their_way_arrive_after_a_join(store, script):
    await store.turn(said("hello"), script, room=0)
    await store.turn(said("offer"), script, room=0)
    await store.turn(said("mine", "bob", **SLACK), script, room=0)
    assert "hello" in texts(await store.exchange(second(5), [], ROOM, script))


async def test_an_unlinked_account_starts_anew_and_the_history_stays_with_the_other(store, script):
    script.decisions = {
        **script.decisions,
        "know": knowing(plan="core"),
        "unlink": effecting(Unlink(account=account("bob", "slack", "T1"))),
    }
    await store.turn(said("know"), script, room=0)
    await store.turn(said("offer"), script, room=0)
    await store.turn(said("mine", "bob", **SLACK), script, room=0)
    await store.turn(said("unlink", "bob", **SLACK), script, room=0)
    ada, bob = await person(store, script), await person(store, script, "bob", **SLACK)
    assert (ada.progress.plan, ada.accounts) == ("core", (account(),))
    assert (bob.progress, bob.accounts) == (None, (account("bob", "slack", "T1"),))


async def test_nudges_move_to_the_chat_that_is_left_after_unlinking(store, script):
    script.decisions = {
        **script.decisions,
        "unlink": effecting(Unlink(account=account("bob", "slack", "T1"))),
    }
    await store.turn(said("hello"), script, room=0)
    await store.turn(said("subscribe", "bob", **SLACK), script, room=0)
    await store.turn(said("offer"), script, room=0)
    await store.turn(said("mine", "bob", **SLACK), script, room=0)
    await store.turn(said("unlink", "bob", **SLACK), script, room=0)
    ada = await person(store, script)
    assert (ada.nudges_to, len(ada.subscriptions)) == (chat(), 1)


async def drained(store, script):
    """Everything that goes out within ten seconds."""
    got, receipts = [], []
    for step in range(10):
        exchange = await store.exchange(second(5 + step), receipts, ROOM, script)
        receipts = [(one, Delivered()) for one in exchange.claimed]
        got.extend(texts(exchange))
    return got


# --- the others ----------------------------------------------------------------------------------------------------


async def test_what_needs_the_network_is_handed_on(store, script):
    script.decisions = {"both": effecting(LookUpZone(then="x"), ReloadContent(), text="asked")}
    outcome = await store.turn(said("both"), script, room=4)
    assert outcome.effects == (LookUpZone(then="x"), ReloadContent())
    assert texts(outcome) == ["asked"]


def answering(event, at=0.0):
    """What the engine makes of an errand's result."""
    return replace(
        event,
        key=f"{event.key}:LookUpZone",
        at=second(at),
        body=Found("LookUpZone", (("zone", "Australia/Perth"),), event.body),
    )


async def test_an_errand_whose_process_died_is_handed_out_again_until_it_is_answered_once(
    store, script
):
    script.decisions = {"zone": effecting(LookUpZone(then="friday"))}
    asked = said("zone please", in_ack=True)
    await store.turn(asked, script, room=0)
    assert await store.pending_effects(second(10)) == (), "its own process is at it"
    assert await store.pending_effects(second(16)) == ((asked, LookUpZone(then="friday")),)
    assert await store.pending_effects(second(17)) == (), "one at a time"
    assert await store.pending_effects(second(32)) == ((asked, LookUpZone(then="friday")),)
    assert texts(await store.turn(answering(asked, 33), script, room=4)) == ["found LookUpZone"]
    assert (await store.turn(answering(asked, 34), script, room=4)).duplicate
    assert await store.pending_effects(second(100)) == ()


async def test_an_errand_moves_with_its_person_when_two_are_joined(store, script):
    script.decisions = {**script.decisions, "zone": effecting(LookUpZone(then="x"))}
    await store.turn(said("zone"), script, room=0)
    await store.turn(said("offer"), script, room=0)
    await store.turn(said("mine", "bob", **SLACK), script, room=0)
    await store.turn(said("forget", "bob", **SLACK), script, room=0)
    assert await store.pending_effects(second(60)) == ()


async def test_the_effects_of_a_nudges_turn_are_carried_out(store, script):
    def due(state, event):
        effects = (KeepUnanswered(text="of a nudge"), LookUpZone(then="x"))
        return Turn(state=state, replies=(reply("nudge"),), sends_nudge=True, effects=effects)

    script.decisions = {**script.decisions, "Due": due}
    await store.turn(said("subscribe", at=MONDAY - timedelta(days=1)), script, room=0)
    await store.book(MONDAY)
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["nudge"]
    assert [row[2] for row in (await everything(store))["unanswered"]] == ["of a nudge"]
    ((event, effect),) = await store.pending_effects(second(20))
    assert (event.body.subscription, effect) == ("weekly", LookUpZone(then="x"))


async def test_a_nudge_whose_words_cannot_be_chosen_holds_up_nobody(store, script, caplog):
    def due(state, event):
        raise ZeroDivisionError("quoting zebraquartz")

    script.decisions = {**script.decisions, "Due": due}
    await store.turn(said("subscribe", at=MONDAY - timedelta(days=1)), script, room=0)
    await store.book(MONDAY)
    await store.turn(said("hello", "bob"), script, room=0)
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["hello"]
    assert (await store.exchange(second(2), [], ROOM, script)).claimed == ()
    assert "ZeroDivisionError" in caplog.text
    assert "zebraquartz" not in caplog.text


async def test_admins_see_figures(store, script):
    script.decisions = {**script.decisions, "stats": effecting(CountPeople())}
    await store.turn(said("subscribe"), script, room=0)
    values = await found(store, script, "stats", "bob")
    assert (values["people"], values["subscriptions"], values["reachable"]) == ("2", "1", "1")


async def test_a_broadcast_says_how_many_it_is_for_and_reaches_no_one_twice(store, script):
    script.decisions = {
        "know": knowing(),
        "all": effecting(Broadcast(reply=reply("news"), audit="test")),
    }
    for user in ("ada", "bob"):
        await store.turn(said("know", user), script, room=0)
    assert await found(store, script, "all", "admin") == {"people": "2"}
    assert (await drained(store, script)).count("news") == 2


async def test_answers_to_findings_travel_in_the_acknowledgement_only_once(store, script):
    script.decisions = {"look": effecting(LookUpLink(code_hash=CODE), text="one moment")}
    outcome = await store.turn(said("look", in_ack=True), script, room=4)
    assert [one.message.address.in_ack for one in outcome.claimed] == [True]
    assert outcome.waiting


async def test_a_finding_without_a_first_answer_travels_in_the_acknowledgement(store, script):
    script.decisions = {"look": effecting(LookUpLink(code_hash=CODE))}
    assert (
        only(await store.turn(said("look", in_ack=True), script, room=0)).message.fallback
        == "found LookUpLink"
    )
