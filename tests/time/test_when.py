"""What people type about time: read right, or not at all."""

from datetime import UTC, date, datetime, time
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction.times import (
    Duration,
    InvalidTime,
    dates,
    days_of,
    durations,
    half_named,
    nearest_places,
    times,
    weekdays,
    zones,
)
from bot.extraction.times.zones import plain_letters
from content.library import load
from tests.talk import Talk

TODAY = date(2026, 11, 21)
PLACES = load().places


@pytest.mark.parametrize(
    ("text", "days", "clock", "zone"),
    [
        ("subscribe tuesday 7:30am brisbane", (1,), time(7, 30), "Australia/Brisbane"),
        ("every fri arvo at 4", (4,), time(16), ""),
        ("weekly, Sunday 20:00, Perth", (6,), time(20), "Australia/Perth"),
        ("subscribe mon 9am sydney", (0,), time(9), "Australia/Sydney"),
        ("nudge me mon n wed 6.30pm", (0, 2), time(18, 30), ""),
        ("reminders weekdays at noon", (0, 1, 2, 3, 4), time(12), ""),
        ("want notification every friday 20.00 IST", (4,), time(20), "Asia/Kolkata"),
        ("rmeind me thurs 8pm", (3,), time(20), ""),
        ("hit me up saturdays 10ish", (5,), time(10), ""),
        ("get reminders on fri @ 5:15pm UTC", (4,), time(17, 15), "UTC"),
        ("weekly ping mon 8.30am ACST thx", (0,), time(8, 30), "Australia/Darwin"),
        ("weekly reminder tues 7pm sydney time", (1,), time(19), "Australia/Sydney"),
        ("subscribe tues 7.30 brissie", (1,), time(7, 30), "Australia/Brisbane"),
        ("subscribe tue half past 7 pm melb", (1,), time(19, 30), "Australia/Melbourne"),
        ("quarter to eight on sundays", (6,), time(7, 45), ""),
        ("change reminder to sunday 6pm", (6,), time(18), ""),
        ("chagne my reminder dya to sunady", (6,), None, ""),
        ("mon/wed/fri 18:00", (0, 2, 4), time(18), ""),
        ("sat and sun mornings at 9", (5, 6), time(9), ""),
        ("subscribe sun 8pm hobart", (6,), time(20), "Australia/Hobart"),
        ("daylight savings ended, push my reminder to 7", (), time(7), ""),
        ("8 at night tuesday", (1,), time(20), ""),
        ("tue 12am", (1,), time(0), ""),
        ("9 o'clock fridays", (4,), time(9), ""),
        ("subscribe monday 9", (0,), time(9), ""),
        (
            "nudge me tuesdays half past seven in the evening, perth",
            (1,),
            time(19, 30),
            "Australia/Perth",
        ),
        (
            "nudge me tuesdays at 7:30 in the evening in perth",
            (1,),
            time(19, 30),
            "Australia/Perth",
        ),
        (
            "nudge me tuesdays quarter to eight at night in perth",
            (1,),
            time(19, 45),
            "Australia/Perth",
        ),
        ("nudge me tuesdays seven thirty pm in perth", (1,), time(19, 30), "Australia/Perth"),
        ("weekly nudge wed 0700 perth", (2,), time(7), "Australia/Perth"),
        ("wake me half seven tuesdays in tassie", (1,), time(7, 30), "Australia/Hobart"),
        (
            "subscribe mon wed fri 07:30 America/Argentina/Buenos_Aires",
            (0, 2, 4),
            time(7, 30),
            "America/Argentina/Buenos_Aires",
        ),
        ("thursday 6h30 bangalore", (3,), time(6, 30), "Asia/Kolkata"),
        ("on weds 1930h hanoi", (2,), time(19, 30), "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_wish_for_a_reminder_is_read(text, days, clock, zone):
    where = zones(PLACES, text)
    assert days_of(weekdays(text)) == days
    assert tuple(spotted.value for spotted in times(text)) == ((clock,) if clock else ())
    assert (where[0].value.zone if where else "") == zone


@pytest.mark.parametrize(
    "text",
    [
        *(
            "100M",
            "to",
            "$1000",
            "482",
            "190k",
            "24/7",
            "sat the exam",
            "sun visa?",
            "I sat IELTS on 7.5",
            "i sat at home",
            "wed in 2020",
        ),
        *(
            "a mon ami",
            "i have 65 am I eligible",
            "i'm 34 am i too old",
            "120 grand, am i dreaming",
            "8.50 an hour",
            "$45.50",
            "IELTS 7.50",
        ),
        *(
            "I am at 65",
            "at 34 am i too old",
            "9-5 job",
            "the sun also rises",
            "wed my wife",
            "sun microsystems engineer",
            "salary 7.30",
        ),
        *(
            "points 65.00",
            "1:30:00",
            "$1000 daily",
            "1100/day",
            "2000 hours of work",
            "est. 2020",
            "I act as a lead",
            "at 12.50%",
        ),
        *(
            "visa 189 vs 190",
            "was 5 years at Atlassian",
            "score 7/10",
            "we may 10x",
            "26 and a half years",
            "half a million",
            "i sat and thought",
        ),
        *(
            "I can march on",
            "senior ml engineer pay",
            "2024-25",
            "in 2 of 10 cases",
            "age 33-39",
            "10k a month",
            "half the pay",
        ),
    ],
)
def test_no_time_is_seen_where_there_is_none(text):
    assert weekdays(text) == ()
    assert times(text) == ()
    assert zones(PLACES, text) == ()
    assert dates(text, TODAY) == ()


@pytest.mark.parametrize(
    "text",
    [
        "25:00",
        "7:75",
        "subscribe mon 25:00",
        "remind me at 24:30",
        "26pm",
        "tuesday 7.75",
        "monday 0pm",
    ],
)
def test_a_time_that_cannot_be_is_reported_not_guessed(text):
    (spotted,) = times(text)
    assert isinstance(spotted.value, InvalidTime)
    assert spotted.value.text in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", time(7)),
        ("7.30", time(7, 30)),
        ("0730", time(7, 30)),
        ("6 pm", time(18)),
        ("at 8", time(8)),
        ("seven", time(7)),
        ("4", time(16)),
    ],
)
def test_a_bare_number_is_a_time_only_when_a_time_was_asked_for(text, value):
    assert [spotted.value for spotted in times(text, asked=True)] == [value]


def test_a_spot_says_where_it_stands():
    text = "please, every Tuesday at 7:30 am in Brisbane"
    spotted = (*weekdays(text), *times(text), *zones(PLACES, text))
    assert [text[one.start : one.end].strip() for one in spotted] == [
        "Tuesday",
        "7:30 am",
        "Brisbane",
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("7:30", False),
        ("10ish", False),
        ("7:30pm", True),
        ("19:30", True),
        ("07:30", True),
        ("noon", True),
    ],
)
def test_whether_morning_or_evening_was_named(text, named):
    assert half_named(times(text)[0]) is named


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pause until 5 January", date(2027, 1, 5)),
        ("until 5/1", date(2027, 1, 5)),
        ("5/1/2027", date(2027, 1, 5)),
        ("2027-01-05", date(2027, 1, 5)),
        ("pause till monday", date(2026, 11, 23)),
        ("until saturday", date(2026, 11, 28)),
        ("until march", date(2027, 3, 1)),
        ("until the end of january", date(2027, 2, 1)),
        ("Jan 5th", date(2027, 1, 5)),
        ("until 29 feb", date(2028, 2, 29)),
        ("next week", date(2026, 11, 23)),
        ("after new year", date(2027, 1, 1)),
        ("tomorrow", date(2026, 11, 22)),
    ],
)
def test_a_day_without_a_year_is_the_next_to_come(text, value):
    assert [spotted.value for spotted in dates(text, TODAY)] == [value]


@pytest.mark.parametrize(
    "text", ["until 31 feb", "31/02/2027", "2026-13-01", "until 32 march 2027", "29 feb 2027"]
)
def test_a_day_that_no_calendar_has_is_reported(text):
    assert [type(spotted.value) for spotted in dates(text, TODAY)] == [InvalidTime]


@pytest.mark.parametrize(
    ("text", "lapse"),
    [
        ("3h", Duration(minutes=180)),
        ("snooz 2 hrs", Duration(minutes=120)),
        ("7d", Duration(days=7)),
        ("snooze 1 week", Duration(days=7)),
        ("push it back a day", Duration(days=1)),
        ("fortnight", Duration(days=14)),
        ("in a couple of days", Duration(days=2)),
        ("tomorrow", Duration(days=1)),
        ("not this week", Duration(days=7)),
        ("45 min", Duration(minutes=45)),
    ],
)
def test_a_stretch_of_time_is_read(text, lapse):
    assert [spotted.value for spotted in durations(text)] == [lapse]


@pytest.mark.parametrize(
    "text",
    ["twice a week", "$1000 a day", "100M", "1100 a day", "and then", "100D", "once a fortnight"],
)
def test_a_rate_is_no_stretch_of_time(text):
    assert durations(text) == ()


def test_half_of_a_rate_counts_once():
    assert [spotted.value for spotted in durations("5 hrs a week")] == [Duration(minutes=300)]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Australia/Lord_Howe", "Australia/Lord_Howe"),
        ("australia/perth", "Australia/Perth"),
        ("moved to WA", "Australia/Perth"),
        ("melbs", "Australia/Melbourne"),
        ("saigon", "Asia/Ho_Chi_Minh"),
        ("7am ist", "Asia/Kolkata"),
        ("act", "Australia/Sydney"),
    ],
)
def test_places_are_known_by_the_names_people_use(text, zone):
    assert [spotted.value.zone for spotted in zones(PLACES, text)] == [zone]


def test_a_country_with_many_clocks_asks_which():
    (spotted,) = zones(PLACES, "straya")
    assert spotted.value.zone == ""
    assert "brisbane" in spotted.value.several


def test_a_misspelt_place_has_neighbours_and_an_invented_one_has_none():
    assert nearest_places(PLACES, "sydny")[0] == "sydney"
    assert nearest_places(PLACES, "narnia") == ()


def test_every_place_has_a_zone_of_the_wheel_or_places_that_have():
    from scheduler.civil_time import zone

    for place in PLACES.values():
        assert zone(place.zone) if place.zone else all(PLACES[key].zone for key in place.several)


CITIES = [
    row.split("\t")[2]
    for row in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines()
    if row and not row.startswith("#")
]


def test_every_zone_has_a_city_or_island_that_names_it() -> None:
    named = {place.zone for place in PLACES.values()}
    assert not [zone for zone in CITIES if zone not in named]


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        *(("Lissabon", "Europe/Lisbon"), ("Wien", "Europe/Vienna"), ("Genève", "Europe/Zurich")),
        *(
            ("KØBENHAVN", "Europe/Copenhagen"),
            ("Kraków", "Europe/Warsaw"),
            ("Köln", "Europe/Berlin"),
        ),
        *(
            ("Türkiye", "Europe/Istanbul"),
            ("İzmir", "Europe/Istanbul"),
            ("Malmo", "Europe/Stockholm"),
        ),
        *(
            ("Bogota", "America/Bogota"),
            ("Medellín", "America/Bogota"),
            ("Reykjavík", "Atlantic/Reykjavik"),
        ),
        *(
            ("Đà Nẵng", "Asia/Ho_Chi_Minh"),
            ("Albury", "Australia/Sydney"),
            ("Nairobi", "Africa/Nairobi"),
        ),
    ],
)
def test_a_city_is_known_by_its_names_with_or_without_accents(said, zone) -> None:
    for text in (said, said.upper(), f"subscribe monday 8am {said}", f"i live in {said} now"):
        (found,) = zones(PLACES, text)
        assert found.value.zone == zone


@given(st.text(max_size=60))
def test_folding_keeps_every_letter_in_its_place(text) -> None:
    assert len(plain_letters(text)) == len(text)


@pytest.mark.parametrize("offset", ["GMT+5:30", "UTC+0930", "gmt-3", "UTC + 10"])
def test_an_offset_is_no_clock_time_and_no_place(offset) -> None:
    talk = Talk(now=datetime(2026, 11, 23, tzinfo=UTC))
    assert "alone doesn't say when the clocks change" in talk.say(f"subscribe monday 8am {offset}")
    assert not talk.rules
