"""A visa is content: a file added to the folder is asked about in all the usual ways,
with no code and no training.
"""

import re
import shutil
from datetime import UTC, datetime

import pytest

from bot.understanding.reading import find_answers
from content.library import folder_shipped, load
from tests.talk import Talk

NEAR = 3


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(folder_shipped(), folder)
    text = (folder / "visas/491.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?<![_\d])491(?![_\d])", "494", text)
    text = re.sub(r"also_called: .*", "also_called: [employer regional]", text)
    text = text.replace("Skilled Work Regional", "Employer Sponsored Regional")
    (folder / "visas/494.yaml").write_text(text, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("how long does a 494 last", "visa_494_stay"),
        ("what is the fee of the 494", "visa_494_charge"),
        ("494 price pls", "visa_494_charge"),
        ("is 494 temporary or permanent", "visa_494_kind"),
        ("can a 494 become pr", "visa_494_leads_to"),
        ("can my wife and kids come on the 494", "visa_494_family"),
        ("where do i need to live with subclass 494", "visa_494_where"),
        ("max age 494", "visa_494_age"),
        ("which ielts for the 494", "visa_494_english"),
        ("do i need acs for a 494", "visa_494_assessment"),
        ("how many months wait for 494", "visa_494_processing"),
    ],
)
def test_it_is_asked_about_like_the_others(content, asked, key):
    assert key in [match.key for match in find_answers(content, asked)[:NEAR]]


NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "opening"),
    [
        (("visa 494",), "494 Employer Sponsored Regional – provisional"),
        (("tell me about the 494 visa",), "Employer Sponsored Regional (494): provisional"),
        (("how much is the 494",), "$6,140 is the base application charge of the 494."),
        (("494 or 190, what differs",), "494 · 190 side by side"),
        (("compare the 494 with the 491",), "494 · 491 side by side"),
        (("what are the steps of the four ninety four",), "The 494, in order: 1 Compare duties"),
        (("four nine four visa please",), "Employer Sponsored Regional (494)"),
        (("visa 190", "and the 494?"), "494 Employer Sponsored Regional"),
        (("visa compare 189 190", "and the 494"), "189 · 190 · 494 side by side"),
        (("how long can i stay on a 482", "and on the 494?"), "5 years on the 494."),
        (("visa 494", "how much does it cost"), "$6,140 is the base application charge"),
        (("should i get the 494",), "I can't choose for you"),
        (("limits",), "these visas: 482, 186, 189, 190, 491 and 494."),
    ],
)
def test_a_talk_about_it_goes_like_one_about_the_others(content, lines, opening):
    talk = Talk(now=NOW, content=content)
    said = [talk.hear(line) for line in lines][-1]
    assert opening in said


def test_the_answer_that_says_that_nothing_is_known_of_it_is_gone(content):
    assert "visa_494" in content.answers
    assert "visa_494" not in content.answer_units
    assert "visa_494" in load().answer_units
