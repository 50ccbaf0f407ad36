"""The glossary holds itself to its rules, and refuses a term that leads nowhere."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from content.checks.glossary import GLOSSARY, check_glossary
from content.library import load
from content.reading import Problem, read
from content.term import Term

CONTENT = load()
RAG = CONTENT.glossary["rag"]
CSIT = CONTENT.glossary["csit"]


def problems(key: str, term: Term) -> list[Problem]:
    documents = {GLOSSARY: read(CONTENT.folder / GLOSSARY, GLOSSARY)}
    broken = replace(CONTENT, glossary={**CONTENT.glossary, key: term})
    return list(check_glossary(broken, documents))


@pytest.mark.parametrize(
    "name", ["RAG", "drift", "CSOL", "k8s", "HECS", "back propagation", "super"]
)
def test_a_word_is_found_by_the_names_that_people_use(name):
    names = {one.lower() for term in CONTENT.glossary.values() for one in term.names}
    assert name.lower() in names


def test_no_term_shouts_and_every_unit_teaches_some():
    assert [key for key, term in CONTENT.glossary.items() if "!" in term.say] == []
    taught = {term.unit for term in CONTENT.glossary.values() if term.unit}
    units = set(CONTENT.plans["ml_engineer"].units)
    assert units - taught == {"leave_notebook", "job_steps"}


def test_no_term_is_asked_for_in_the_words_of_another():
    asked = [words for term in CONTENT.glossary.values() for words in term.asks]
    assert sorted(asked) == sorted(set(asked))


def test_a_page_counts_as_opened_everywhere_or_nowhere():
    resources = [term.resource for term in CONTENT.glossary.values()]
    resources += CONTENT.plans["ml_engineer"].resources.values()
    status: dict[str, str] = {}
    for resource in resources:
        assert status.setdefault(resource.address, resource.status) == resource.status, resource
    opened = {source.address for source in CONTENT.sources.values()}
    opened |= {one.address for one in CONTENT.plans["ml_engineer"].resources.values()}
    assert {address for address, seen in status.items() if seen == "seen"} <= opened


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"say": "a" * 241}, "at most 240 characters"),
        ({"asks": ("one", "two")}, "at least 3 items"),
        ({"unit": None}, "either 'unit' or 'more'"),
        ({"more": "skills"}, "either 'unit' or 'more'"),
    ],
)
def test_a_term_that_is_too_long_or_leads_nowhere_is_refused(change, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Term.model_validate(RAG.model_dump() | change)


@pytest.mark.parametrize(
    ("term", "change", "complaint"),
    [
        (RAG, {"unit": "gardening"}, "no unit 'gardening'"),
        (RAG, {"also_called": ("drift",)}, "'drift' names 'rag' too"),
        (CSIT, {"more": "wages"}, "'wages' is no command line"),
        (CSIT, {"rests_on": ("hearsay",)}, "no fact or source 'hearsay'"),
        (CSIT, {"say": "At least 79,423 a year."}, "423 is a figure"),
        (CSIT, {"say": "At least {pay.floor}."}, "no fact 'pay.floor'"),
        (CSIT, {"say": "At least {pay."}, "a brace does not close"),
    ],
)
def test_a_term_that_names_nothing_real_is_told_with_its_line(term, change, complaint):
    key = "rag" if term is RAG else "csit"
    found = problems(key, term.model_copy(update=change))
    assert complaint in {problem.what for problem in found}
    assert all(problem.line > 1 for problem in found)
