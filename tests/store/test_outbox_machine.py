"""Any order of turns, claims, receipts, deaths and late words:
what holds for the outbox whatever happens.
"""

import asyncio
import shutil
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.store import LEASE, open_store
from bot.core.messages import Delivered, Dropped, Malformed, NotSent, Unclear
from tests.store.scripted_decider import MONDAY, ROOM, Script, said

USERS = ("ada", "bob", "eve")
RECEIPTS = (
    Delivered(),
    NotSent(1, "refused"),
    NotSent(3, "429", limited=True),
    Unclear("timeout"),
    Malformed("bad"),
    Dropped("old"),
)


class Outbox(RuleBasedStateMachine):
    """`arrived` is what the platform took.

    A claim is in `air` until its process reports or dies; then it may still speak late.
    """

    blank: Path

    def __init__(self):
        super().__init__()
        self.folder = Path(mkdtemp(prefix="pivotbot-"))
        shutil.copy(self.blank, self.folder / "store.db")
        self.runner = asyncio.Runner()
        self.store = self.runner.run(
            open_store(
                f"sqlite:///{self.folder}/store.db", real_time=False, pace=SendLimits(rates={})
            )
        )
        self.script = Script()
        self.now = MONDAY
        self.numbers = count(1)
        self.asked = defaultdict(list)
        self.arrived = []
        self.air = []
        self.dead = []
        self.newest = {}
        self.excused = Counter()

    def teardown(self):
        self.drain()
        everything = [text for texts in self.asked.values() for text in texts]
        copies = Counter(self.arrived)
        assert set(copies) | set(self.excused) == set(everything), "lost without a reason"
        self.runner.run(self.store.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def drain(self):
        """Everybody reports, the dead stay dead, time passes: in the end nothing is open."""
        receipts = [(claimed, Delivered()) for claimed in self.air]
        self.air = []
        for _ in range(400):
            exchange = self.runner.run(self.store.exchange(self.now, receipts, ROOM, self.script))
            for claimed in exchange.claimed:
                self.arrive(claimed)
            receipts = [(claimed, Delivered()) for claimed in exchange.claimed]
            self.now = (
                self.now
                if receipts
                else max(self.now, exchange.wake_at or self.now) + timedelta(milliseconds=1)
            )
            if not receipts and exchange.wake_at is None:
                return
        raise AssertionError("the outbox never empties")

    def arrive(self, claimed):
        self.newest[claimed.id] = claimed.attempt
        self.arrived.append(claimed.message.fallback)

    @rule(user=st.sampled_from(USERS), lines=st.integers(1, 3), room=st.integers(0, 4))
    def somebody_writes(self, user, lines, room):
        texts = [f"{user} {next(self.numbers)}" for _ in range(lines)]
        self.asked[user].extend(texts)
        outcome = self.runner.run(
            self.store.turn(said("\n".join(texts), user, at=self.now), self.script, room=room)
        )
        self.take(outcome.claimed)

    @rule(room=st.integers(1, 4))
    def delivery_claims(self, room):
        exchange = self.runner.run(
            self.store.exchange(self.now, [], {"telegram:*": room}, self.script)
        )
        assert len(exchange.claimed) <= room
        self.take(exchange.claimed)

    def take(self, claims):
        for claimed in claims:
            assert not claimed.resent or self.runner.run(self.store.begin(claimed))
            self.arrive(claimed)
            self.air.append(claimed)

    @precondition(lambda self: self.air)
    @rule(which=st.integers(0, 100), receipt=st.sampled_from(RECEIPTS))
    def a_process_reports(self, which, receipt):
        claimed = self.air.pop(which % len(self.air))
        text = claimed.message.fallback
        if not isinstance(receipt, Delivered | Unclear):
            self.arrived.reverse()
            self.arrived.remove(text)
            self.arrived.reverse()
        if isinstance(receipt, Dropped | Malformed):
            self.excused[text] += 1
        self.runner.run(self.store.exchange(self.now, [(claimed, receipt)], {}, self.script))

    @precondition(lambda self: self.air)
    @rule()
    def every_process_dies(self):
        self.dead.extend(self.air)
        self.air = []
        self.now += LEASE + timedelta(seconds=1)

    @precondition(lambda self: self.dead)
    @rule(which=st.integers(0, 100), receipt=st.sampled_from(RECEIPTS))
    def the_dead_speak(self, which, receipt):
        """They were only frozen.

        Whose message was taken over may say anything; the others say the truth: it arrived.
        """
        claimed = self.dead[which % len(self.dead)]
        if self.newest[claimed.id] == claimed.attempt and not isinstance(
            receipt, Delivered | Unclear
        ):
            receipt = Delivered()
        self.runner.run(self.store.exchange(self.now, [(claimed, receipt)], {}, self.script))

    @rule(seconds=st.integers(1, 10))
    def time_passes(self, seconds):
        if not self.air:
            self.now += timedelta(seconds=seconds)

    @invariant()
    def never_a_third_copy(self):
        assert max(Counter(self.arrived).values(), default=0) <= 2

    @invariant()
    def one_in_the_air_a_chat(self):
        chats = Counter(claimed.message.address.chat.id for claimed in self.air)
        assert max(chats.values(), default=0) <= 1

    @invariant()
    def first_copies_in_order(self):
        for user, texts in self.asked.items():
            first = list(
                dict.fromkeys(text for text in self.arrived if text.startswith(f"{user} "))
            )
            assert first == [text for text in texts if text in first]


def test_whatever_happens_nothing_is_lost_or_sent_a_third_time(blank_sqlite):
    Outbox.blank = blank_sqlite
    limits = settings(
        max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Outbox, settings=limits)
