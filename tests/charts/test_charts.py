"""Charts: drawn in a child process, whole in words, and the same picture for the same spec."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Said, Surface
from bot.core.request import Request
from bot.core.state import Person, State
from bot.features.chart_specs import PayBand, pay_chart, points_chart, progress_chart
from bot.runtime.charts import Studio
from content.library import load

CONTENT = load()
CHAT = Chat(platform="console", id="here")
EVENT = Event(
    key="1",
    at=datetime(2026, 11, 21, 1, tzinfo=UTC),
    account=Account(platform="console", user="ada"),
    chat=CHAT,
    surface=Surface(name="console"),
    body=Said("x"),
)
ASK = Request(content=CONTENT, state=State(person=Person(id=1)), event=EVENT, command="salary")
BANDS = (
    PayBand(label="Junior", note="0–3 years", low=90_000, high=120_000),
    PayBand(label="Senior", note="6–10 years", low=160_000, high=210_000),
)
PICTURES = {
    "ranges": pay_chart(ASK, BANDS, origin="a page, undated", you=145_000),
    "bars": points_chart(
        ASK,
        (("Age", 25, 30), ("English", 20, 20)),
        {"189": 65, "190": 70, "491": 80},
        65,
        origin="a table",
    ),
    "progress": progress_chart(ASK, "Your plan", (("Fundamentals", 4, 4), ("Data", 0, 9))),
}


@pytest.fixture(scope="module")
def studio():
    made = Studio()
    yield made
    made.close()


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


async def test_every_kind_of_chart_becomes_a_picture_as_wide_as_a_phone_shows_it(studio):
    for picture in PICTURES.values():
        width, height = size(await studio.draw(picture.spec))
        assert (width, 400 < height < 2 * width) == (1080, True)


async def test_the_same_spec_gives_the_same_bytes_so_that_it_is_uploaded_once(studio):
    spec = PICTURES["bars"].spec
    assert await studio.draw(spec) == await studio.draw(dict(spec))


async def test_what_is_no_chart_is_refused_and_the_next_one_is_drawn(studio):
    with pytest.raises(ValueError, match="pie"):
        await studio.draw({"kind": "pie"})
    assert size(await studio.draw(PICTURES["progress"].spec))


async def test_a_killed_child_is_replaced(studio):
    await studio.draw(PICTURES["progress"].spec)
    for process in list(studio._pool._processes.values()):
        process.kill()
        process.join()
    assert size(await studio.draw(PICTURES["progress"].spec))


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        (
            "ranges",
            ["$90,000 – $120,000", "$160,000 – $210,000", "You: $145,000", "a page, undated"],
        ),
        ("bars", ["Age 25 of 30", "English 20 of 20", "189 65", "491 80", "65 is the least"]),
        ("progress", ["4 of 13", "Fundamentals 4 of 4", "Data 0 of 9"]),
    ],
)
def test_the_text_for_those_who_cannot_see_it_holds_every_figure(kind, figures):
    assert [figure for figure in figures if figure not in PICTURES[kind].alt] == []


def test_the_plotting_library_is_not_loaded_by_the_bot_itself():
    code = "import sys, bot.conversation.step, bot.runtime.charts, bot.features.chart_specs; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_salary_chart_says_where_a_person_stands_to_that_person_alone():
    said = step(CONTENT, State(person=Person(id=1)), replace(EVENT, body=Said("salary chart 145k")))
    (reply,) = said.replies
    assert reply.personal
    assert any("You: $145,000" in getattr(block, "alt", "") for block in reply.blocks)


def test_every_word_of_a_chart_stands_out_from_its_ground_and_bars_from_their_track():
    code = """
import bot.runtime.drawing as d
def light(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear))
def contrast(one, other):
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
print(min(contrast(c, d.GROUND) for c in (d.INK, d.SOFT, d.RUST)), contrast(d.BLUE, d.TRACK))
"""
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    words, bars = map(float, told.split())
    assert (words >= 4.5, bars >= 3) == (True, True), told


def test_points_are_shown_of_the_most_that_each_factor_brings_with_the_mark_to_reach():
    rows = PICTURES["bars"].spec["rows"]
    assert [row["text"] for row in rows] == ["65", "70", "80", "25 of 30", "20 of 20"]
    assert [row.get("mark") for row in rows] == [65, 65, 65, None, None]
    table = CONTENT.points
    assert [table.most(one) for one in ("age", "english", "partner", "ccl")] == [30, 20, 10, 5]
