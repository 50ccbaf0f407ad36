"""A visa is content: a file added to the folder is asked about in all the usual ways, with no code and no training."""

import re
import shutil

import pytest

from bot.understanding.reading import find_answers
from content.library import load, shipped

NEAR = 3


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(shipped(), folder)
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
