"""What the visa answers say: criteria and dates first, both sides of every disputed statement,
never a verdict.
"""

import re
from datetime import UTC, date, datetime

import pytest

from bot.core.reply import Bullets, Choices, Open, Table, Tap, plain
from bot.features.visas.migration import last_listed
from content.library import ContentError, load

AFTER_JULY_2027 = datetime(2027, 7, 2, tzinfo=UTC)


def _table(turn) -> Table:
    return next(block for block in turn.replies[-1].blocks if isinstance(block, Table))


def _taps(turn) -> dict[str, str]:
    return {
        tap.label: tap.action
        for block in turn.replies[-1].blocks
        if isinstance(block, Choices)
        for tap in block.choices
        if isinstance(tap, Tap)
    }


def test_the_overview_lists_every_pathway_and_the_trouble_with_the_code(turn_of, ask):
    words = ask("visa")
    for subclass in (
        "482 Skills in Demand",
        "186 Employer",
        "189 Skilled Independent",
        "190 Skilled Nominated",
        "491 Skilled Work Regional",
    ):
        assert subclass in words
    assert "262114 is a cyber-governance job" in words
    assert _taps(turn_of("visa"))["189"] == "visa 189"


@pytest.mark.parametrize(
    ("question", "page_says", "we_found"),
    [
        pytest.param(
            "code 262114",
            "262114 as machine learning engineer",
            "Cyber Governance Risk and Compliance Specialist",
            id="S1-002, S1-110",
        ),
        pytest.param(
            "code 262114",
            "skilled migration occupation",
            "none of the points-tested lists",
            id="S1-003",
        ),
        pytest.param(
            "visa steps 189",
            "A careers page gives $500 to $1,500",
            "$1,647.80 in Australia with GST",
            id="S1-093 cost",
        ),
        pytest.param(
            "visa steps 189",
            "2–6 months (aicareergraph.com, undated)",
            "4–6 weeks (ACS times, Oct 2026)",
            id="S1-093 time",
        ),
        pytest.param(
            "visa steps 190",
            "careers page lists the assessment as optional",
            "among the criteria of the 189, the 190",
            id="S1-104",
        ),
        pytest.param(
            "visa 482",
            "core shortage occupation",
            'Software Engineer and Developer Programmer "No Shortage"',
            id="S1-111",
        ),
        pytest.param(
            "visa 186", "employer-sponsored permanent residency", "three streams", id="S1-112"
        ),
        pytest.param("visa 189", "listed on MLTSSL", "on no points-tested list", id="S1-113"),
        pytest.param(
            "visa 190",
            "NSW/VIC AI industry pathway",
            "Nothing by that name was found",
            id="S1-114 pathway",
        ),
        pytest.param(
            "visa 190",
            "95 points as competitive",
            "The figure of 95 has no source",
            id="S1-114 points",
        ),
        pytest.param(
            "visa 491",
            "remote area IT",
            "nearly everywhere except greater Sydney, Melbourne and Brisbane",
            id="S1-115 place",
        ),
        pytest.param(
            "visa 491",
            "90 points as competitive",
            "The figure of 90 has no source",
            id="S1-115 points",
        ),
    ],
)
def test_a_corrected_statement_shows_both_sides(ask, question, page_says, we_found):
    words = ask(question) + ask(f"{question} more")
    assert page_says in words
    assert we_found in words


def test_the_189_opens_with_its_criteria_then_what_happened_lately(ask):
    words = ask("visa 189")
    assert (
        words.index("occupation on the MLTSSL")
        < words.index("What happened lately")
        < words.index("The careers page:")
    )
    assert "LIN 19/051, 28 Mar 2026" in words
    assert "SkillSelect rounds" in ask("visa 189", "sources")
    assert words.count("not migration advice") == 1


def test_what_is_said_about_software_codes_agrees_with_the_rounds(content):
    sentence = str(content.migration.facts["no_software_in_2025_26"].value)
    rounds = content.migration.rounds
    assert last_listed(content, "261313") == (date(2024, 11, 7), 95)
    assert "7 Nov 2024, at 95" in sentence
    latest = [held for held in rounds.rounds if held.program_year == "2025–26"]
    assert len(latest) == 3
    assert not any(held.lowest for held in latest)


def test_the_rounds_table_gives_every_date_and_says_what_not_listed_means(turn_of, ask):
    listed = next(
        block for block in turn_of("visa rounds").replies[-1].blocks if isinstance(block, Bullets)
    )
    assert [plain(item) for item in listed.items] == [
        "4 Jun 2026 (10,000 invited): no software code listed",
        "13 Nov 2025 (10,000 invited): no software code listed",
        "21 Aug 2025 (6,887 invited): no software code listed",
        "7 Nov 2024: 261313 95, 261312 95, 261311 85, 261399 85",
        "5 Sep 2024: 261313 100, 261312 100, 261311 90, 261399 90",
        "13 Jun 2024: 261313 100, 261312 100, 261311 95, 261399 95",
    ]
    words = ask("visa rounds") + ask("visa rounds more")
    assert "no expression of interest was available, or none met" in words
    assert "no national cut-off" in words


def test_thresholds_that_disagree_stand_side_by_side(ask):
    words = ask("visa 482")
    assert (
        "Core $79,423 or $79,499; Specialist $146,576 or $146,717 a year (sources differ)" in words
    )
    assert "agents' pages" in ask("visa 482", "sources")


@pytest.mark.parametrize(
    ("day", "core", "specialist"),
    [
        (date(2024, 6, 30), [70000], None),
        (date(2024, 7, 1), [73150], None),
        (date(2026, 6, 30), [76515], [141210]),
        (date(2026, 7, 1), [79423, 79499], [146576, 146717]),
    ],
)
def test_the_threshold_is_the_one_of_the_day(content, day, core, specialist):
    thresholds = content.migration.thresholds
    assert [fact.value for fact in thresholds["core"].on(day).facts] == core
    year = thresholds["specialist"].on(day)
    assert (year and [fact.value for fact in year.facts]) == specialist


def test_thresholds_and_charges_are_called_out_of_date_after_june_2027(ask):
    before = ask("visa 482", "sources")
    after = ask("visa 482", "sources", at=AFTER_JULY_2027)
    assert "Known to hold until 30 Jun 2027, which has passed" not in before
    for figure in ("$79,423", "$4,015"):
        line = next(line for line in after.splitlines() if line.startswith(f"• {figure}"))
        assert "Known to hold until 30 Jun 2027, which has passed" in line
    assert "⚠" in ask("visa 482", at=AFTER_JULY_2027)
    places = next(
        line for line in ask("visa 189 more", at=AFTER_JULY_2027).splitlines() if "21,090" in line
    )
    assert "known to hold only until a day that has passed" in places


def test_a_status_that_changes_weekly_says_so_and_how_old_it_is(ask):
    words = ask("visa 190")
    assert "This changes weekly" in words
    assert "⚠" in words
    told = ask("visa 190", "sources")
    assert "Known to hold until 10 Oct 2026, which has passed" in told


@pytest.mark.parametrize(
    "typed",
    [
        "visa compare 482 190",
        "visa 482 vs 190",
        "visa 482 190",
        "visa skills in demand vs state nominated",
    ],
)
def test_two_visas_stand_side_by_side_however_it_is_asked(turn_of, typed):
    table = _table(turn_of(typed))
    assert table.header[1:] == ("482 Skills in Demand", "190 Skilled Nominated")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Kind"] == ("temporary", "permanent")
    assert rows["Base charge"] == ("$4,015", "$6,140")
    assert rows["Age"][0] == "not in our sources"


def test_many_visas_show_the_core_rows_and_offer_the_others(turn_of, content):
    turn = turn_of("visa compare")
    assert [row[0] for row in _table(turn).rows] == [
        content.migration.rows[row] for row in content.migration.core_rows
    ]
    every = turn_of("visa compare", _taps(turn)["All rows"])
    assert [row[0] for row in _table(every).rows] == list(content.migration.rows.values())


def test_steps_are_in_order_with_the_assessment_before_the_expression_of_interest(ask):
    words = ask("visa steps 190")
    assert (
        words.index("1. Compare duties")
        < words.index("Skills assessment")
        < words.index("4. Expression of interest")
        < words.index("7. Apply")
    )
    assert "Counted from 24 Nov 2026: 22 Dec 2026 to 24 May 2027" in words


@pytest.mark.parametrize(
    "typed", ["visa 198", "visa 485", "visa compare 189 198", "visa steps 417"]
)
def test_a_number_is_never_corrected(ask, typed):
    words = ask(typed)
    assert "isn't a pathway I cover" in words
    assert "186 Employer Nomination Scheme – permanent" in words
    assert "Needs:" not in words


def test_a_mistyped_word_is_corrected_and_named(turn_of, ask):
    assert 'Taking "comapre" as "compare"' in ask("visa comapre 482 190")
    assert _table(turn_of("visa comapre 482 190")).header[1:] == (
        "482 Skills in Demand",
        "190 Skilled Nominated",
    )
    assert "482 Skills in Demand" in ask("visa skils in demand").splitlines()[1]


@pytest.mark.parametrize(
    ("name", "subclass"),
    [
        ("skills in demand", "482"),
        ("employer sponsored", "186"),
        ("independent", "189"),
        ("state nominated", "190"),
        ("regional", "491"),
        ("Skilled Work Regional", "491"),
        ("one eight nine", "189"),
    ],
)
def test_a_visa_answers_to_its_names(ask, name, subclass):
    assert ask(f"visa {name}").startswith(subclass)


def test_a_six_digit_number_is_a_code_wherever_it_stands(ask):
    assert ask("visa 261313").startswith("261313 Software Engineer")


def test_every_shown_fact_can_be_explained_afterwards(turn_of, content):
    last = turn_of("visa 189").state.conversation.last
    assert last is not None
    assert "migration.facts.no_software_in_2025_26" in last.sources
    assert "visas.189.cells.charge" in last.sources
    assert all(key in content.facts or key in content.sources for key in last.sources)


def test_what_does_not_fit_the_answer_is_a_tap_away_with_its_sources(turn_of, ask):
    assert "Family" not in ask("visa 189")
    assert _taps(turn_of("visa 189"))["More"] == "visa 189 more"
    words = ask("visa 189 more")
    assert (
        "Family: yes, in the same application (Home Affairs visa pages, undated, as quoted by others)"
        in words
    )
    assert "21,090" in words
    assert "Experience, Income before super: not in our sources" in words


def test_places_and_reform_carry_their_dates(ask):
    places, reform = ask("visa places"), ask("visa reform")
    assert "21,090" in places
    assert "16,900" in places
    assert "Home Affairs planning levels, 12 May 2026" in places
    assert "March 2027: reported start" in reform
    assert "no new table and no start date had been made law" in reform


def test_the_skills_assessment_has_its_fees_times_and_validity(ask):
    words = ask("visa acs")
    assert "$1,647.80 in Australia with GST. (ACS fees, 3 Nov 2025, as quoted by others)" in words
    assert "4–6 weeks: time for an ACS assessment." in words
    assert "ACS letters count for 2 years" in words


def test_no_shared_fact_lies_unused(content):
    text = "\n".join(
        file.read_text(encoding="utf-8") for file in (content.folder / "visas").glob("*.yaml")
    )
    unused = [
        key
        for key in content.migration.facts
        if key not in text and key not in content.migration.assessment
    ]
    assert unused == []


def test_times_are_counted_on_the_calendar_from_the_persons_day(ask):
    assert "Counted from 31 Aug 2027: not before 31 Aug 2029" in ask(
        "visa steps 482", at=datetime(2027, 8, 31, 1, tzinfo=UTC)
    )
    assert "28 Sep 2027 to 29 Feb 2028" in ask(
        "visa steps 190", at=datetime(2027, 8, 31, 1, tzinfo=UTC)
    )


MADE_UP_VISA = """
name: Made-up Talent
in_a_line: permanent, for this test
also_called: [talent]
official_page: https://immi.homeaffairs.gov.au/made-up
cells:
  kind: permanent
  age: {value: under 99, measures: age, source: homeaffairs_visa_pages, as_of: undated, confidence: low}
needs: [age]
"""


def test_a_new_visa_file_answers_compares_and_is_listed_without_new_code(ask, turn_of, own_folder):
    (own_folder / "visas" / "858.yaml").write_text(MADE_UP_VISA, encoding="utf-8")
    knowing = load(own_folder)
    assert "858 Made-up Talent" in ask("visa", knowing=knowing)
    assert "under 99" in ask("visa talent", knowing=knowing)
    table = _table(turn_of("visa compare 858 189", knowing=knowing))
    assert (
        "Points",
        "not in our sources",
        "65 points or more to lodge an expression of interest",
    ) in table.rows
    assert "not in our sources" in ask("visa steps 858", knowing=knowing)


def test_at_most_five_visas_stand_side_by_side(ask, turn_of, own_folder):
    (own_folder / "visas" / "858.yaml").write_text(MADE_UP_VISA, encoding="utf-8")
    knowing = load(own_folder)
    six = "visa compare 482 186 189 190 491 858"
    assert len(_table(turn_of(six, knowing=knowing)).header) == 6
    assert "Five at most" in ask(six, knowing=knowing)


def test_a_visa_that_names_an_unknown_fact_is_refused_with_its_place(own_folder):
    (own_folder / "visas" / "858.yaml").write_text(
        MADE_UP_VISA.replace("kind: permanent", "kind: permanant"), encoding="utf-8"
    )
    with pytest.raises(
        ContentError, match=r"visas/858\.yaml:\d+: cells\.kind: 'permanant' is not known"
    ):
        load(own_folder)


def test_the_official_page_is_one_tap_away(turn_of, content):
    for subclass, entry in content.visas.items():
        choices = turn_of(f"visa {subclass} more").replies[-1].blocks[-1]
        assert isinstance(choices, Choices)
        assert Open("Official page", entry.official_page) in choices.choices


VERDICT = re.compile(
    r"\byou(?:'re| are| would| will| could| may| might| should|) (?:qualify|eligible|be invited|should|meet|get invited)\b|\byou should\b",
    re.IGNORECASE,
)


def test_no_answer_says_that_somebody_qualifies_or_what_to_do(ask, content):
    questions = [
        "visa",
        "code",
        "visa compare",
        "visa rounds",
        "visa english",
        "visa places",
        "visa reform",
    ]
    questions += [f"visa {subclass}" for subclass in content.visas] + [
        f"visa steps {subclass}" for subclass in content.visas
    ]
    questions += [f"code {number}" for number in content.codes]
    for question in questions:
        assert not VERDICT.search(ask(question)), question


def test_no_sentence_of_the_visa_content_is_a_verdict(content):
    files = [
        *(content.folder / "visas").glob("*.yaml"),
        *(content.folder / "codes").glob("*.yaml"),
        content.folder / "migration.yaml",
        content.folder / "phrases" / "visas.yaml",
        content.folder / "english.yaml",
    ]
    assert len(files) > 15
    for file in files:
        assert not VERDICT.search(file.read_text(encoding="utf-8")), file.name


def test_the_verdict_check_sees_verdicts():
    assert VERDICT.search("So you qualify for it")
    assert VERDICT.search("you will be invited")
    assert VERDICT.search("You are eligible under 261313")
    assert VERDICT.search("you should apply")
