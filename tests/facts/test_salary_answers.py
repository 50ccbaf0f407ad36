"""`salary`: what a level, years, an amount and a day rate are answered with."""

import pytest


def test_a_level_opens_with_its_figure_and_years(talk):
    assert talk("salary senior").words.startswith(
        "Senior ML engineer: $160,000 – $210,000 a year (6–10 years)\n"
    )


def test_a_level_says_what_it_measures_where_it_is_from_and_what_else_is_known(talk):
    words = talk("salary senior").words
    assert "doesn't say for which year, or whether super is included" in words
    assert "$165,000 for seniors, and $165,000 for all ML engineers" in words
    assert (
        "the tax office's 2023–24 median for software engineers, all levels, was $132,758" in words
    )
    assert "aicareergraph.com, undated" in words
    assert "ATO, 2023–24, second-hand, old ⚠" in words


@pytest.mark.parametrize("level", ["junior", "mid", "senior", "architect", "contract"])
def test_every_level_offers_something_to_go_on_with(talk, level):
    assert 2 <= len(talk(f"salary {level}").labels) <= 4


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("grad", "Junior"),
        ("mid-level", "Mid-level"),
        ("a senior ML engineer", "Senior"),
        ("LLM specialist", "Senior"),
        ("lead", "ML architect"),
        ("AI lead??", "ML architect"),
        ("consultant", "Contract"),
        ("for a senior role in Australia", "Senior"),
    ],
)
def test_levels_are_known_by_the_names_people_use(talk, typed, label):
    assert talk(f"salary {typed}").words.startswith(label)


def test_without_a_word_all_levels_stand_in_one_table(talk):
    words = talk("salary").words
    for figures in (
        "$90,000 – $120,000",
        "$120,000 – $160,000",
        "$160,000 – $210,000",
        "$200,000 – $320,000",
        "$150,000 – $280,000",
    ):
        assert figures in words
    assert "$160,000 – $300,000" in talk("salary more").words, "the page's own contradiction"


def test_four_years_are_the_mid_band(talk):
    assert talk("salary 4 years").words.startswith(
        "Mid-level ML engineer: $120,000 – $160,000 a year (3–6 years)"
    )


@pytest.mark.parametrize(
    ("years", "one", "other"),
    [("3", "Junior", "Mid-level"), ("6", "Mid-level", "Senior"), ("10", "Senior", "ML architect")],
)
def test_a_year_where_bands_meet_shows_both_and_says_which_is_counted(talk, years, one, other):
    words = talk(f"salary {years} years").words
    assert words.startswith(one)
    assert f"\n{other}" in words
    assert "two bands meet" in words


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("0 years", "Junior"),
        ("2.5 yrs", "Junior"),
        ("9 yoe", "Senior"),
        ("12 years", "ML architect"),
        ("3-6 years", "Mid"),
    ],
)
def test_years_without_a_level_find_their_band(talk, typed, label):
    assert talk(f"salary {typed}").words.startswith(label)


def test_an_amount_is_put_in_its_band_and_beside_independent_medians(talk):
    told = talk("salary 145000")
    assert told.words.startswith(
        "$145,000 a year is within one band: mid-level ($120,000 – $160,000, 3–6 years)."
    )
    assert "$12,242 above $132,758" in told.words
    assert told.reply.personal


@pytest.mark.parametrize(
    "typed", ["145000", "145,000", "$145k", "145 grand", "145 000", "AUD 145000 a year", "mid 145k"]
)
def test_an_amount_may_be_written_in_many_ways(talk, typed):
    assert talk(f"salary {typed}").words.startswith("$145,000 a year is within one band")


def test_an_amount_in_two_bands_names_both(talk):
    words = talk("salary 205k").words
    assert "more than one band: senior" in words
    assert "architect / lead ($200,000 – $320,000" in words


def test_an_amount_at_a_shared_edge_is_in_both_bands(talk):
    words = talk("salary 160000").words
    assert "mid-level ($120,000 – $160,000" in words
    assert "senior ($160,000 – $210,000" in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [("50k", "below the lowest band, junior"), ("400k", "above the highest band, architect")],
)
def test_an_amount_outside_all_bands_is_said_to_be(talk, typed, said):
    assert said in talk(f"salary {typed}").words


def test_a_day_rate_becomes_a_year_with_its_days_stated(talk):
    told = talk("salary 1200/day")
    assert told.words.startswith("$1,200 a day is $240,000 a year at 200 paid days.")
    assert (
        "At 220 paid days, a common planning figure without a source, it is $264,000." in told.words
    )
    rest = talk("salary 1200/day more").words
    assert "$150,000 – $280,000" in rest
    assert "$160,000 – $300,000" in rest
    assert told.reply.personal


@pytest.mark.parametrize(
    "typed",
    [
        "1200/day",
        "$1,200 per day",
        "1200 a day",
        "1.2k/day",
        "1200 daily",
        "1200 pd",
        "contract 1200/day",
    ],
)
def test_a_day_rate_may_be_written_in_many_ways(talk, typed):
    assert talk(f"salary {typed}").words.startswith(
        "$1,200 a day is $240,000 a year at 200 paid days."
    )


def test_stated_paid_days_are_the_ones_that_count(talk):
    assert talk("salary 950 per day 190 days").words.startswith(
        "$950 a day is $180,500 a year at 190 paid days."
    )


def test_a_general_figure_is_not_personal(talk):
    assert not talk("salary senior").reply.personal
    assert not talk("salary 4 years").reply.personal


def test_a_misspelt_level_is_taken_and_said(talk):
    lines = talk("salary senoir").words.splitlines()
    assert lines[0] == "Taking “senoir” as senior."
    assert lines[1].startswith("Senior ML engineer: $160,000")


@pytest.mark.parametrize("typed", ["14500", "1450000"])
def test_a_number_is_never_corrected(talk, typed):
    assert f"${int(typed):,}" in talk(f"salary {typed}").words


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("145", ("$145,000 a year", "$145 a day")),
        ("4", ("4 years of experience",)),
        ("1200", ("$1,200 a day",)),
    ],
)
def test_a_number_without_a_unit_is_asked_about(talk, typed, offered):
    told = talk(f"salary {typed}")
    assert told.labels == offered
    assert "$" not in told.words.splitlines()[0]


@pytest.mark.parametrize(
    "typed",
    [
        "-5 years",
        "99 years",
        "5/day",
        "900000/day",
        "99999999",
        "-145000",
        "1200/day 400 days",
        "6-3 years",
    ],
)
def test_numbers_out_of_range_are_asked_about_politely(talk, typed):
    told = talk(f"salary {typed}")
    assert "I take" in told.words
    assert told.turn.state.conversation.last is None


def test_an_unknown_word_is_answered_with_what_is_known(talk):
    told = talk("salary nurse")
    assert "I only cover machine-learning engineers" in told.words
    assert told.labels == ("Junior", "Mid-level", "Senior", "Architect / lead", "Contract")


def test_every_tap_of_a_salary_answer_can_be_typed(talk, content):
    from bot.core.command_line import parse

    for line in (
        "salary",
        "salary senior",
        "salary contract",
        "salary 145k",
        "salary 1200/day",
        "salary 145",
        "salary nurse",
    ):
        for action in talk(line).turn.state.conversation.choices.values():
            assert parse(content, action), action


@pytest.mark.parametrize(
    "rated", ["highest-paid", "highest paid", "7.1", "core shortage", "1.2 billion", "qualify"]
)
def test_advertising_language_is_not_repeated(talk, rated):
    lines = (
        "salary",
        "salary senior",
        "role",
        "ai",
        "skills",
        "education",
        "qualifications",
        "fit",
        "outlook",
        "start",
        "limits",
    )
    for line in lines:
        assert rated not in talk(line).words.lower()


def test_years_named_beside_another_level_are_not_passed_over(talk):
    words = talk("salary senior 4 years").words
    assert words.startswith("Senior ML engineer")
    assert "By years alone that would be its mid-level band, $120,000 – $160,000." in words
    assert "By years alone" not in talk("salary senior 8 years").words


def test_years_named_beside_an_amount_say_which_band_to_compare_with(talk):
    assert (
        "For mid-level the estimate is $120,000 – $160,000 a year: yours is below it."
        in talk("salary 110k with 5 years").words
    )


def test_the_chart_holds_every_band_in_words_too(talk, content):
    words = talk("salary chart").words
    for band in content.occupations["ml_engineer"].bands.values():
        assert band.short in words
    assert "$160,000 – $210,000" in words
    assert "aicareergraph.com, undated" in words


def test_a_chart_with_ones_own_pay_is_personal(talk):
    assert "You: $145,000" in talk("salary chart 145k").words
    assert talk("salary chart 145k").reply.personal
    assert not talk("salary chart").reply.personal
    assert "I take" in talk("salary chart 99999999").words
