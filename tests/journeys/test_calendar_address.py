"""A private calendar address, from the chat to the bytes a calendar program gets over HTTP, on both databases."""

import asyncio
import json
import logging
import re
from email.utils import parsedate_to_datetime

import pytest
import vobject
from icalendar import Calendar

from adapters.calendar_feed import BURST, PER_SECOND, Bucket
from tests.running_bot import running_bot
from tests.servers.telegram import Fault, TelegramServer

PUBLIC_URL = "https://bot.example/pivot"
OF_THE_TEST = ("httpx", "httpcore")
"""Logs of the client that plays the calendar program."""
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'calendar.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, url):
    return url if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")


async def say(telegram: TelegramServer, text: str) -> str:
    before = len(telegram.texts(7))
    telegram.say(text, user=7)
    await telegram.until(lambda: len(telegram.texts(7)) > before, seconds=20)
    return telegram.last(7).text


def path_in(text: str) -> str:
    return re.search(rf"{PUBLIC_URL}(/calendar/[A-Za-z0-9_-]{{22}}\.ics)", text)[1]


async def test_an_address_is_served_to_whoever_has_it_and_to_nobody_after_it_is_revoked(
    database, caplog
):
    caplog.set_level(logging.DEBUG)
    async with (
        TelegramServer() as telegram,
        running_bot(database, telegram=telegram, public_url=PUBLIC_URL) as bot,
    ):
        await say(telegram, "plan start 4h")
        await say(telegram, "subscribe tuesday 7:30am hobart")
        path = path_in(await say(telegram, "calendar feed"))
        copied = [one for row in telegram.last(7).markup["inline_keyboard"] for one in row]
        assert copied[0]["copy_text"]["text"] == f"{PUBLIC_URL}{path}"

        got = await bot.door.get(path)
        assert got.status_code == 200
        assert got.headers["content-type"] == "text/calendar; charset=utf-8"
        assert got.headers["cache-control"] == "private, no-cache"
        assert {str(one["uid"]) for one in Calendar.from_ical(got.text).walk("VEVENT")} == {
            one.uid.value for one in vobject.readOne(got.text).vevent_list
        }
        changed = parsedate_to_datetime(got.headers["last-modified"])
        assert changed == Calendar.from_ical(got.text).walk("VEVENT")[0].decoded("last-modified")

        head = await bot.door.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]
        for mark in (got.headers["etag"], f'"other", W/{got.headers["etag"]}', "*"):
            same = await bot.door.get(path, headers={"If-None-Match": mark})
            assert (same.status_code, same.content) == (304, b"")
        assert (await bot.door.post(path)).status_code == 405

        await say(telegram, "done 1")
        other = await bot.door.get(path, headers={"If-None-Match": got.headers["etag"]})
        assert other.status_code == 200
        assert other.headers["etag"] != got.headers["etag"]

        telegram.say("mydata", user=7)
        await telegram.until(lambda: any(sent.document for sent in telegram.sent), seconds=20)
        held = next(sent.document for sent in telegram.sent if sent.document)
        assert json.loads(held)["held"]["person"]["feed"]["sequence"] == 1

        renewed = path_in(await say(telegram, "calendar feed new"))
        refused = await bot.door.get(path)
        strangers = [
            await bot.door.get(f"/calendar/{name}")
            for name in (f"{UNKNOWN}.ics", UNKNOWN, "short.ics", "%2e%2e.ics", "a" * 400)
        ]
        for one in strangers:
            assert one.status_code == refused.status_code == 404
            assert one.content == refused.content
            assert without_date(one) == without_date(refused)
        assert (await bot.door.get(renewed.removesuffix(".ics"))).status_code == 200
        assert (await bot.door.get(f"/pivot{renewed}")).status_code == 200

        await say(telegram, "forget")
        telegram.tap("Erase everything", user=7)
        await telegram.until(lambda: "start as strangers" in telegram.last(7).text, seconds=20)
        assert (await bot.door.get(renewed)).status_code == 404
    logged = [one for one in caplog.records if not one.name.startswith(OF_THE_TEST)]
    assert logged
    for secret in (path, renewed):
        assert not [one for one in logged if secret[10:-4] in one.getMessage()]


def without_date(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


async def test_the_plan_may_change_while_calendars_fetch(url):
    """Each fetch gets one whole calendar, and each number stands for the same bytes."""
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, public_url=PUBLIC_URL) as bot,
    ):
        await say(telegram, "plan start 4h")
        await say(telegram, "subscribe tuesday 7:30am hobart")
        path = path_in(await say(telegram, "calendar feed"))
        for step in range(1, 5):
            telegram.say(f"done {step}", user=7)
            fetched = await asyncio.gather(*(bot.door.get(path) for _ in range(4)))
            assert {one.status_code for one in fetched} == {200}
            by_number = {}
            for one in fetched:
                number = Calendar.from_ical(one.text).walk("VEVENT")[0]["sequence"]
                assert by_number.setdefault(number, one.text) == one.text


async def test_without_a_public_url_there_is_no_such_address(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        await say(telegram, "plan start 4h")
        assert "no address on the web" in await say(telegram, "calendar feed")
        assert (await bot.door.get(f"/calendar/{UNKNOWN}.ics")).status_code == 404


def test_a_flood_of_fetches_is_turned_away_and_let_in_again_later():
    now = [1000.0]
    bucket = Bucket(lambda: now[0])
    taken = sum(bucket.takes() for _ in range(BURST * 3))
    assert taken == BURST
    now[0] += 1.0
    assert sum(bucket.takes() for _ in range(BURST)) == PER_SECOND
    now[0] += 3600
    assert sum(bucket.takes() for _ in range(BURST * 3)) == BURST


async def test_a_server_that_knows_no_buttons_that_copy_gets_the_rest(url):
    """It refuses the first such message; from then on none is sent."""
    unknown = "Bad Request: Text buttons are unallowed in the inline keyboard"
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, public_url=PUBLIC_URL),
    ):
        await say(telegram, "plan start 4h")
        await say(telegram, "subscribe tuesday 7:30am hobart")
        telegram.faults.append(
            Fault("status", method="sendMessage", status=400, description=unknown)
        )
        assert path_in(await say(telegram, "calendar feed"))
        assert telegram.last(7).labels == ["Switch it off"]
        assert path_in(await say(telegram, "calendar feed new"))
        assert telegram.last(7).labels == ["Switch it off"]
        assert not telegram.faults
