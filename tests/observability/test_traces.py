"""Traces: off and unloaded unless a collector is named; then spans from intake to send, joined by
the turn's number, about nobody.
"""

import asyncio
import json
import sqlite3
import sys
import time

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.traces import OpenTelemetry
from bot.runtime import service
from bot.runtime.settings import Settings, SettingsError
from tests.process import bot
from tests.running_bot import running_bot, until
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

USER, MEMBER, DIRECT = 70_770_077, "U0PLANTED", "D0PLANTED"
PLANTED = ("zebraquartz", "187654", str(USER), MEMBER, DIRECT)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(spans) -> OpenTelemetry:
    return OpenTelemetry(SimpleSpanProcessor(spans))


def named(spans, name, **attributes):
    wanted = {f"pivotbot.{key}": value for key, value in attributes.items()}
    return [
        one
        for one in spans.get_finished_spans()
        if one.name == name and wanted.items() <= one.attributes.items()
    ]


async def test_a_turn_is_traced_from_intake_to_send_under_its_number_and_about_nobody(
    url, spans, traces
):
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack, traces=traces),
    ):
        await slack.until(lambda: slack.live, seconds=20)
        telegram.say("takehome 187654", user=USER)
        await telegram.until(lambda: telegram.texts(USER), seconds=20)
        for _ in range(2):
            await slack.message(
                "salary 187654 zebraquartz", user=MEMBER, channel=DIRECT, ts="1700000000.000001"
            )
        telegram.block(USER)
        telegram.say("visa 189", user=USER)
        await until(lambda: seen(spans, "send", platform="telegram", receipt="Unreachable"))
        await until(lambda: seen(spans, "send", platform="slack", receipt="Delivered"))
    (intake,) = named(spans, "intake", platform="slack", kind="Said", duplicate=False)
    assert named(spans, "intake", platform="slack", duplicate=True)
    turn = intake.attributes["pivotbot.turn"]
    family = {
        one.name: one
        for one in spans.get_finished_spans()
        if one.attributes.get("pivotbot.turn") == turn and one.end_time <= intake.end_time + 10**10
    }
    assert set(family) == {"intake", "turn", "commit", "send"}
    assert family["turn"].parent.span_id == family["commit"].parent.span_id
    assert {
        one.context.trace_id for one in family.values() if one.name in {"turn", "commit", "send"}
    } <= {one.context.trace_id for one in named(spans, "intake", turn=turn)}
    assert family["turn"].end_time == family["commit"].start_time
    told = json.dumps([json.loads(one.to_json()) for one in spans.get_finished_spans()])
    assert [secret for secret in PLANTED if secret in told] == []


async def seen(spans, name, **attributes):
    return named(spans, name, **attributes)


async def test_a_tick_that_books_nudges_and_each_nudges_send_are_traced(url, file, spans, traces):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram, traces=traces):
        telegram.say("subscribe monday 8am sydney", user=USER)
        await telegram.until(lambda: telegram.texts(USER), seconds=20)
        with sqlite3.connect(file, timeout=10) as database:
            database.execute(
                "UPDATE subscriptions SET next_due_at = ?", (int((time.time() - 60) * 1_000_000),)
            )
        database.close()
        await until(lambda: seen(spans, "send", lane="nudge", receipt="Delivered"))
    assert named(spans, "nudge tick", booked=1)
    assert len(named(spans, "nudge tick")) == 1, "a tick with nothing to do is no news"
    assert all(len(one.attributes["pivotbot.turn"]) == 8 for one in named(spans, "send"))


async def test_an_error_is_noted_by_its_class_alone(spans, traces):
    with pytest.raises(ZeroDivisionError), traces.span("intake", platform="slack"):
        raise ZeroDivisionError("quoting zebraquartz")
    (span,) = spans.get_finished_spans()
    assert span.attributes["error.type"] == "ZeroDivisionError"
    assert (span.events, span.status.description) == ((), None)
    assert not span.status.is_ok


async def test_without_a_collector_the_library_is_not_even_loaded(tmp_path):
    program = "import sys, bot.cli, bot.runtime.service; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0
    assert service._traces(Settings(_env_file=None)) is None


def test_a_collector_without_the_extra_is_a_wrong_setting_that_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "adapters.traces", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"pip install 'pivotbot\[traces\]'"):
        service._traces(
            Settings(_env_file=None, otel_exporter_otlp_endpoint="http://localhost:4318")
        )


async def test_spans_reach_the_collector_and_one_that_is_away_holds_up_no_stop(tmp_path):
    heard: list[bytes] = []

    async def collect(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with (
        TelegramServer() as telegram,
        await asyncio.start_server(collect, "127.0.0.1", 0) as collector,
    ):
        endpoint = f"http://127.0.0.1:{collector.sockets[0].getsockname()[1]}"
        settings = {**telegram.environment, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        async with bot(
            tmp_path, **settings, DATABASE_URL=f"sqlite:///{tmp_path / 'traced.db'}"
        ) as process:
            telegram.say("salary senior", user=7)
            await telegram.until(lambda: telegram.texts(7), seconds=30)
            assert await process.stop() == 0
        assert heard
        assert heard[0].startswith(b"POST /v1/traces")
        collector.close()
        async with bot(
            tmp_path, **settings, DATABASE_URL=f"sqlite:///{tmp_path / 'traced.db'}"
        ) as process:
            telegram.say("visa 189", user=7)
            await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=30)
            assert await process.stop() == 0
