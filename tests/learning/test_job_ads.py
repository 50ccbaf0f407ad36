"""What a job ad says is read by its figures and words, and nothing of it stays with the person."""

from dataclasses import replace

import pytest

from bot.extraction.job_ads import LONGEST, found, is_job_ad, read_ad
from content.checks.job_ad import JOB_AD, check_job_ad
from content.library import load
from content.reading import read

CONTENT = load()
AD = (
    "About the role. We are looking for a lead engineer in Perth or Adelaide, on site. "
    "Requirements: 8 to 10 years' experience with machine learning, 2 years with Spark. "
    "Salary {pay}. Apply now. You will have Terraform, drift monitoring and a sense of humour. "
) + "We like people who write things down. " * 3


@pytest.mark.parametrize(
    ("said", "pay"),
    [
        ("$150,000 - $180,000 plus super", (150_000, 180_000, "year", "plus")),
        ("$150k–$180k + 12% super", (150_000, 180_000, "year", "plus")),
        ("150-180k package", (150_000, 180_000, "year", "including")),
        ("AUD 165,000 per annum", (165_000, 165_000, "year", "")),
        ("up to $200k inclusive of super", (200_000, 200_000, "year", "including")),
        ("$1,050 per day", (1_050, 1_050, "day", "")),
        ("$900-$1000/day + super", (900, 1_000, "day", "plus")),
        ("$95 per hour", (95, 95, "hour", "")),
        ("competitive", None),
        ("for a team that saved $4,000 and 35% of the time", None),
    ],
)
def test_a_pay_is_read_with_its_unit_and_super(said, pay):
    found_in = read_ad(CONTENT, AD.format(pay=said))
    told = found_in.pay
    assert (told and (told.low, told.high, told.per, found_in.super_said)) == pay


def test_years_level_place_and_what_is_left_out_are_the_ads_own():
    told = read_ad(CONTENT, AD.format(pay="competitive"))
    assert (told.years.low, told.years.high) == (8, 10)
    assert told.level == "architect"
    assert told.places == ("Perth", "Adelaide")
    assert told.ways == ("on site",)
    assert {"super", "term", "call", "rights"} <= set(told.unsaid)
    assert told.layers["success_metric"] == ((), ("drift", "monitoring"))
    assert told.units["monitor"] == ("drift", "monitoring")


def test_words_are_whole_words_in_any_case():
    assert found("Rag, RAGE and drag", ("rag",)) == ("Rag",)
    assert found("CI/CD, ci/cd", ("ci/cd",)) == ("CI/CD",)
    assert found("machine  learning\nfundamentals", ("machine learning fundamentals",))


@pytest.mark.parametrize(
    "text",
    [
        "what is the salary of a senior in Sydney and how do I get one",
        "I read about the role of ML engineers and the salary. " * 6,
        "apply now",
    ],
)
def test_a_question_or_a_story_is_no_ad(text):
    assert not is_job_ad(CONTENT, text)


def test_nothing_of_an_ad_stays(talk):
    before = talk.state.person
    talk.say(AD.format(pay="$150k + super"))
    talk.say("ad " + AD.format(pay="$150k + super"))
    assert talk.state.person == replace(before, nudges_to=talk.state.person.nudges_to)
    kept = repr(talk.state)
    assert "Terraform" not in kept
    assert "humour" not in kept
    assert talk.state.conversation.last.command == "ad"


def test_the_last_of_ten_thousand_characters_is_read():
    filler = "We like people who write things down. "
    long = AD.format(pay="competitive") + filler * 300
    tail = " Kubeflow"
    whole = long[: LONGEST - len(tail)] + tail
    assert len(whole) == LONGEST
    assert "Kubeflow" in read_ad(CONTENT, whole).layers["deployment"][1]


def test_a_list_for_a_row_unit_or_band_that_is_not_there_is_refused():
    documents = {JOB_AD: read(CONTENT.folder / JOB_AD, JOB_AD)}
    units = {**CONTENT.job_ad.units, "knitting": ("wool",)}
    broken = replace(CONTENT, job_ad=CONTENT.job_ad.model_copy(update={"units": units}))
    (problem,) = check_job_ad(broken, documents)
    assert "no 'knitting'" in str(problem)
