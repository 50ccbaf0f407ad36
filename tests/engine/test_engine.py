"""The engine and delivery on a real SQLite store,
with a platform that answers when it is told to.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from adapters.clock import VirtualClock
from adapters.console import render
from adapters.console.surface import SURFACE
from adapters.storage.store import open_store
from bot.core.events import Account, AnswerToken, Chat, Event, Reading, Said
from bot.core.messages import (
    Address,
    Begin,
    Claimed,
    Delivered,
    Message,
    NotSent,
    Receipt,
    mark_nothing,
)
from bot.core.ports import StoreGone
from bot.runtime.content_store import ContentStore
from bot.runtime.delivery import MAX_IN_FLIGHT, Delivery
from bot.runtime.engine import Engine
from bot.runtime.metrics import Metrics
from bot.runtime.turn_decider import TurnDecider

SHELF = ContentStore()
START = datetime(2026, 11, 24, tzinfo=UTC)
KEYS = count(1)


class Platform:
    """Shows replies as plain text.

    While `held`, a send waits; `most` is how many waited at once.
    """

    surface = SURFACE

    def __init__(self):
        self.shown = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.flying = self.most = 0

    def render(self, reply, event):
        address = Address(chat=event.chat, token=event.token.address if event.token else "")
        return (Message(address=address, payload={}, fallback=render.text(reply)),)

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        self.flying += 1
        self.most = max(self.most, self.flying)
        await self.gate.wait()
        self.flying -= 1
        await begin()
        self.shown.append((claimed.message.address.chat.id, claimed.message.fallback))
        return Delivered()


class Brittle(TurnDecider):
    """Fails whenever somebody says 'poison'."""

    def decide(self, state, event):
        if isinstance(event.body, Said) and event.body.text == "poison":
            raise KeyError("poison")
        return super().decide(state, event)


class Rig:
    def __init__(self, store):
        self.store, self.platform, self.clock = store, Platform(), VirtualClock(START)
        messengers, metrics = {SURFACE.name: self.platform}, Metrics()
        decider = Brittle(SHELF, messengers)
        self.delivery = Delivery(
            store=store, clock=self.clock, messengers=messengers, decider=decider, metrics=metrics
        )
        self.engine = Engine(
            decider=decider,
            store=store,
            clock=self.clock,
            delivery=self.delivery,
            read=unread,
            metrics=metrics,
        )


def unread(_content, _text):
    return Reading(command="", intent="", confidence=0.0, action="reject")


def said(text, user="ada", *, key=None, in_ack=False):
    token = (
        AnswerToken(address="there", expires_at=START + timedelta(minutes=30), in_ack=True)
        if in_ack
        else None
    )
    return Event(
        key=key or f"test:{next(KEYS)}",
        at=START,
        account=Account(platform=SURFACE.name, user=user),
        chat=Chat(platform=SURFACE.name, id=user),
        surface=SURFACE,
        body=Said(text),
        nonce="0" * 32,
        token=token,
    )


@pytest.fixture
async def rig(tmp_path):
    store = await open_store(f"sqlite:///{tmp_path / 'engine.db'}", real_time=False)
    yield Rig(store)
    await store.close()


async def test_an_event_that_fails_twice_is_set_aside_its_sender_told_and_the_next_one_answered(
    rig,
):
    await rig.engine.take(said("poison"))
    await rig.delivery.run_until_idle()
    await rig.engine.take(said("help"))
    await rig.delivery.run_until_idle()
    (_, apology), (_, answer) = rig.platform.shown
    assert "the reference is" in apology
    assert "salary" in answer


async def test_a_poisonous_event_delivered_again_is_not_tried_again(rig):
    await rig.engine.take(said("poison", key="same"))
    outcome = await rig.engine.take(said("poison", key="same"))
    await rig.delivery.run_until_idle()
    assert outcome.duplicate
    assert len(rig.platform.shown) == 1


async def test_an_event_delivered_again_has_its_effect_once(rig):
    event = said("help")
    await rig.engine.take(event)
    outcome = await rig.engine.take(event)
    await rig.delivery.run_until_idle()
    assert outcome.duplicate
    assert len(rig.platform.shown) == 1


async def test_never_more_than_four_messages_are_in_the_air(rig):
    rig.platform.gate.clear()
    running = asyncio.create_task(rig.delivery.run())
    try:
        await asyncio.gather(
            *(rig.engine.take(said("help", f"user{number}")) for number in range(12))
        )
        while rig.platform.flying < MAX_IN_FLIGHT:
            await asyncio.sleep(0)
        rig.platform.gate.set()
        while len(rig.platform.shown) < 12:
            await asyncio.sleep(0)
    finally:
        running.cancel()
    assert rig.platform.most == MAX_IN_FLIGHT
    assert {user for user, _ in rig.platform.shown} == {f"user{number}" for number in range(12)}


async def test_an_answer_that_travels_in_the_acknowledgement_is_the_callers_to_send(rig):
    outcome = await rig.engine.take(said("help", in_ack=True))
    (claimed,) = outcome.claimed
    assert claimed.message.address.in_ack
    assert rig.platform.shown == []
    await rig.engine.settle(claimed, Delivered())
    await rig.delivery.run_until_idle()
    assert rig.platform.shown == []


async def test_an_acknowledgement_that_did_not_go_out_goes_by_the_answer_address(rig):
    outcome = await rig.engine.take(said("help", in_ack=True))
    (claimed,) = outcome.claimed
    await rig.engine.settle(claimed, NotSent(0.0, "connection closed"))
    exchange = await rig.delivery.run_until_idle()
    rig.clock.move_to(exchange.wake_at)
    await rig.delivery.run_until_idle()
    ((user, _),) = rig.platform.shown
    assert user == "ada"


async def test_a_turn_goes_on_when_its_caller_is_cancelled(rig):
    event = said("help")
    task = asyncio.create_task(rig.engine.take(event))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await rig.engine.finish(5)
    await rig.delivery.run_until_idle()
    assert len(rig.platform.shown) == 1


class Away:
    """A store whose database is away."""

    async def turn(self, event, decider, *, room):
        raise StoreGone("gone")


async def test_without_a_database_nothing_is_confirmed_and_no_place_in_the_air_is_lost(rig):
    engine = Engine(
        decider=Brittle(SHELF, {SURFACE.name: rig.platform}),
        store=Away(),
        clock=rig.clock,
        delivery=rig.delivery,
        read=unread,
        metrics=Metrics(),
    )
    for _ in range(MAX_IN_FLIGHT + 1):
        with pytest.raises(StoreGone):
            await engine.take(replace(said("help")))
    assert rig.delivery.try_acquire(f"{SURFACE.name}:")
