"""Spans by OpenTelemetry, sent to a collector over OTLP.

Needs the extra `traces`; nobody imports this module without an endpoint.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import StatusCode

from bot.core.traces import Note, Value

FAREWELL_SECONDS = 2.0
"""How long a stop waits for the last spans to reach the collector."""

EXPORT_SECONDS = 5.0

SERVICE = "pivotbot"


class OpenTelemetry:
    """See bot.core.traces.Traces."""

    on = True

    def __init__(self, processor: SpanProcessor) -> None:
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(SERVICE)

    @contextmanager
    def span(self, name: str, **attributes: Value) -> Iterator[Note]:
        with self._tracer.start_as_current_span(
            name,
            attributes=_names_of_ours(attributes),
            record_exception=False,  # an exception's text may quote a person
            set_status_on_exception=False,
        ) as span:
            try:
                yield lambda key, value: span.set_attribute(f"{SERVICE}.{key}", value)
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def record(self, name: str, begun: int, ended: int, **attributes: Value) -> None:
        self._tracer.start_span(name, start_time=begun, attributes=_names_of_ours(attributes)).end(
            end_time=ended
        )

    async def close(self) -> None:
        """Send what is left, for a moment.

        A collector that is away holds up no stop: the thread that waits for it dies with the
        process.
        """
        loop = asyncio.get_running_loop()
        flushed = loop.create_future()

        def flush() -> None:
            self._provider.force_flush()
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(flushed.cancel)

        Thread(target=flush, daemon=True).start()
        await asyncio.wait({flushed}, timeout=FAREWELL_SECONDS)


def to(endpoint: str) -> OpenTelemetry:
    """Traces for the collector at this address (OTEL_EXPORTER_OTLP_ENDPOINT)."""
    exporter = OTLPSpanExporter(
        endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
    )
    return OpenTelemetry(BatchSpanProcessor(exporter))


def _names_of_ours(attributes: dict[str, Value]) -> dict[str, Value]:
    return {f"{SERVICE}.{key}": value for key, value in attributes.items()}
