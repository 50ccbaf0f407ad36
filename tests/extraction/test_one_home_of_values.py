"""A value means the same wherever it is typed: in a dialog, in a sentence,
after a command's name.
"""

from datetime import date, time

import pytest

from bot.extraction import pay
from bot.extraction.amounts import spoken
from bot.extraction.numbers import value_of, with_digits
from bot.extraction.slots.lines import spelled
from bot.extraction.slots.work_years import years
from bot.extraction.times import dates, durations, times, weekdays
from bot.understanding.reading import Reader
from content.library import load

READER = Reader(load(), None)
TODAY = date(2026, 11, 30)

YEARS = {
    "two years": 2,
    "3 years": 3,
    "seven years": 7,
    "twelve years": 12,
    "a couple of years": 2,
    "one year": 1,
    "18 months": 1.5,
    "thirty months": 2.5,
    "fifteen yrs": 15,
}


@pytest.mark.parametrize(("said", "meant"), YEARS.items())
def test_years_of_work(said: str, meant: float) -> None:
    assert float(str(years("q", spelled(said)))) == pytest.approx(meant, abs=0.01)
    assert READER.notice(f"what should i earn with {said} of experience").values.years == meant
    assert spoken(f"{said} of experience").years == (meant, meant)


DAYS = {
    "7 days": 7,
    "seven days": 7,
    "a week": 7,
    "two weeks": 14,
    "twelve weeks": 84,
    "a couple of days": 2,
    "a fortnight": 14,
    "ten days": 10,
    "twenty-one days": 21,
}


@pytest.mark.parametrize(("said", "meant"), DAYS.items())
def test_stretches_of_time(said: str, meant: int) -> None:
    assert [one.value.days for one in durations(spelled(f"for {said}"))] == [meant]
    assert READER.notice(f"snooze it for {said}").values.days == meant
    assert [one.value.days for one in durations(said)] == [meant]


PAY = {
    "165k + super": (165_000, "plus_super"),
    "165k plus super": (165_000, "plus_super"),
    "165k + superannuation": (165_000, "plus_super"),
    "165k including superannuation": (165_000, "including_super"),
    "one hundred and thirty thousand": (130_000, None),
    "130 grand": (130_000, None),
    "one thirty k": (130_000, None),
    "$130,000": (130_000, None),
    "a hundred and fifty thousand plus super": (150_000, "plus_super"),
    "140k package": (140_000, "including_super"),
}


@pytest.mark.parametrize(("said", "meant"), PAY.items())
def test_yearly_pay(said: str, meant: tuple[int, str | None]) -> None:
    amount, basis = meant
    values = READER.notice(f"what is left of {said} after tax").values
    assert values.amounts == (amount,)
    assert values.basis == (basis or "").replace("_", " ")
    for read in (pay.read(said), pay.read(spelled(said))):
        assert (read.amount, read.basis) == meant


RATES = {"eleven hundred a day": 1100, "1,200 per day": 1200, "nine hundred a day": 900}


@pytest.mark.parametrize(("said", "meant"), RATES.items())
def test_day_rates(said: str, meant: int) -> None:
    assert READER.notice(f"is {said} good for a contract").values.day_rates == (meant,)
    assert pay.read(said).day_rate == pay.read(spelled(said)).day_rate == meant


CLOCKS = {
    "tuesday 7pm": (1, time(19)),
    "tuesdays at half seven": (1, time(7, 30)),
    "friday evenings, say 7:15": (4, time(19, 15)),
    "sunday at eight in the morning": (6, time(8)),
    "thursday at noon": (3, time(12)),
    "monday quarter to seven pm": (0, time(18, 45)),
}


@pytest.mark.parametrize(("said", "meant"), CLOCKS.items())
def test_days_and_clock_times(said: str, meant: tuple[int, time]) -> None:
    day, clock = meant
    values = READER.notice(f"remind me {said}").values
    assert values.time == clock
    for text in (said, spelled(said)):
        assert [one.value for one in weekdays(text, asked=True)] == [(day,)]
        assert [one.value for one in times(text, asked=True)] == [clock]


MONTHS = {"5 january": date(2027, 1, 5), "5 jan": date(2027, 1, 5), "march 3": date(2027, 3, 3)}


@pytest.mark.parametrize(("said", "meant"), MONTHS.items())
def test_calendar_days(said: str, meant: date) -> None:
    for text in (
        f"until {said}",
        spelled(f"until {said}"),
        READER.notice(f"pause until {said}").written.plain,
    ):
        assert [one.value for one in dates(text, TODAY)] == [meant]


@pytest.mark.parametrize(
    "text", ["this one", "seven thirty am", "the one eighty nine", "six o'clock", "half seven"]
)
def test_words_that_are_no_plain_number_stay(text: str) -> None:
    assert with_digits(text) == text


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        value_of("plenty")
