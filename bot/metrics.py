"""What is counted while the bot runs, in Prometheus's words. Labels name platforms and classes, never people or texts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_FAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LATE = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)


class Metrics:
    """One registry per process, so that tests and replicas do not share figures."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.turns = Counter("pivotbot_turns", "Events decided.", ("platform", "outcome"), registry=registry)
        self.turn_seconds = Histogram(
            "pivotbot_turn_seconds", "From the event to its commit.", ("platform",), buckets=_FAST, registry=registry
        )
        self.understood = Counter("pivotbot_understood", "What became of free text.", ("action",), registry=registry)
        self.sent = Counter(
            "pivotbot_sent", "Attempts to send, by what became of them.", ("platform", "lane", "receipt"), registry=registry
        )
        self.limited = Counter("pivotbot_limited", "Times a platform asked to slow down (429).", ("platform",), registry=registry)
        self.errors = Counter("pivotbot_errors", "Failures, by class.", ("where", "error"), registry=registry)
        self.store_gone = Counter("pivotbot_store_gone", "Times the database did not answer.", registry=registry)
        self.nudge_lateness = Histogram(
            "pivotbot_nudge_lateness_seconds", "From a nudge's due instant to its sending.", buckets=_LATE, registry=registry
        )
        self.store = Gauge("pivotbot_store", "Figures of the database.", ("figure",), registry=registry)
        self.heard_seconds = Gauge("pivotbot_heard_seconds", "Since the platform last answered.", ("platform",), registry=registry)
        self.tick_seconds = Gauge("pivotbot_tick_seconds", "Since the scheduler's last tick.", registry=registry)
