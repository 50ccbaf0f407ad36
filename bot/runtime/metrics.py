"""What is counted while the bot runs, in Prometheus's words.

Labels name platforms and classes, never people or texts.
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_FAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LATE = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)

OF_THE_STORE: Final[Mapping[str, tuple[str, str]]] = {
    "people": ("pivotbot_people", "People known."),
    "unreachable": (
        "pivotbot_people_unreachable",
        "People who cannot be written to (blocked, deactivated, archived).",
    ),
    "reachable": ("pivotbot_people_reachable", "People a nudge or broadcast would reach."),
    "subscriptions": ("pivotbot_subscriptions", "Active weekly nudges."),
    "due": ("pivotbot_subscriptions_due", "Nudges that are due and not booked yet."),
    "booking_age_seconds": (
        "pivotbot_booking_oldest_seconds",
        "How long the most overdue nudge has been waiting to be booked.",
    ),
    "outbox_answers": ("pivotbot_outbox_answers", "Answers not delivered yet."),
    "outbox_answers_age_seconds": (
        "pivotbot_outbox_answers_oldest_seconds",
        "How long the oldest answer has been waiting past its time.",
    ),
    "outbox_nudges": ("pivotbot_outbox_nudges", "Nudges not delivered yet."),
    "outbox_nudges_age_seconds": (
        "pivotbot_outbox_nudges_oldest_seconds",
        "How long the oldest nudge has been waiting past its time.",
    ),
    "in_the_air": ("pivotbot_outbox_sending", "Messages being sent now."),
    "unknown": (
        "pivotbot_messages_unknown",
        "Messages of late of which nobody knows whether they arrived.",
    ),
    "failed": ("pivotbot_messages_failed", "Messages of late that were given up."),
    "errands": ("pivotbot_errands", "Look-ups that somebody waits for."),
    "dead_letters": ("pivotbot_dead_letters", "Events of late whose turn failed twice."),
    "dead_tokens": ("pivotbot_dead_tokens", "Bot tokens that their platform refuses."),
    "nudge_lateness_seconds": (
        "pivotbot_nudge_latest_seconds",
        "How late the latest nudge of the last hour was.",
    ),
}
"""Figures of the database (all replicas share them) and the gauges that show them."""


class Metrics:
    """One registry per process, so that tests and replicas do not share figures."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.turns = Counter(
            "pivotbot_turns", "Events decided.", ("platform", "outcome"), registry=registry
        )
        self.turn_seconds = Histogram(
            "pivotbot_turn_seconds",
            "From the event to its commit.",
            ("platform",),
            buckets=_FAST,
            registry=registry,
        )
        self.understood = Counter(
            "pivotbot_understood", "What became of free text.", ("action",), registry=registry
        )
        self.missed = Counter(
            "pivotbot_missed",
            "Texts that found no answer, by what they seemed to be about.",
            ("kind",),
            registry=registry,
        )
        self.sent = Counter(
            "pivotbot_sent",
            "Attempts to send, by what became of them.",
            ("platform", "lane", "receipt"),
            registry=registry,
        )
        self.limited = Counter(
            "pivotbot_limited",
            "Times a platform asked to slow down (429).",
            ("platform",),
            registry=registry,
        )
        self.held_back = Counter(
            "pivotbot_events_held_back",
            "Times a platform said that it holds back what people sent.",
            ("platform",),
            registry=registry,
        )
        self.errors = Counter(
            "pivotbot_errors", "Failures, by class.", ("where", "error"), registry=registry
        )
        self.store_gone = Counter(
            "pivotbot_store_gone", "Times the database did not answer.", registry=registry
        )
        self.nudge_lateness = Histogram(
            "pivotbot_nudge_lateness_seconds",
            "From a nudge's due instant to its sending; a herd is spread over nine minutes.",
            buckets=_LATE,
            registry=registry,
        )
        self.heard_seconds = Gauge(
            "pivotbot_platform_heard_seconds",
            "Since the platform last answered; NaN before it ever did.",
            ("platform",),
            registry=registry,
        )
        self.tick_seconds = Gauge(
            "pivotbot_tick_seconds",
            "Since the scheduler's last tick; NaN before its first.",
            registry=registry,
        )
        self.clock_step_seconds = Gauge(
            "pivotbot_clock_step_seconds",
            "By how much the clock has stepped, while that is waited out; 0 when it is steady.",
            registry=registry,
        )
        self._of_the_store = {
            figure: Gauge(name, text, registry=registry)
            for figure, (name, text) in OF_THE_STORE.items()
        }

    def show(self, figures: Mapping[str, float]) -> None:
        """The figures of the database, as they are now."""
        for figure, value in figures.items():
            self._of_the_store[figure].set(value)

    def count_failure(self, where: str, error: BaseException) -> None:
        self.errors.labels(where, type(error).__name__).inc()
