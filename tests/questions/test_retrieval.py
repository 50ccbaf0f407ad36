"""A question finds its answer: by what it says, by its subject, by what the talk is about; a
phrasing added needs no training.
"""

from dataclasses import replace

import numpy as np
import pytest

from bot.understanding.model import BYTE
from bot.understanding.reading import find_answers, reader_of
from bot.understanding.retrieval import Vectors, about_topic, in_bytes
from content.content import Content
from content.subject import Mention, tokens

NEAR = 3
"""Answers that are shown: one is told and two are named beside it."""

THE_482, THE_491 = Mention("visa", "482"), Mention("visa", "491")


def keys(content: Content, text: str, topic: frozenset[Mention] = frozenset()) -> list[str]:
    return [match.key for match in find_answers(content, text, topic=topic)]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("yearly price of nothing, just: 186 application charge?", "visa_186_charge"),
        ("482 - max yrs allowed", "visa_482_stay"),
        ("hubby and two kids, do they come on the 190", "visa_190_family"),
        ("must somebody hire me first for a 189", "visa_189_starts"),
        ("who does the assessment for code 224113", "code_224113_assessor"),
        ("is Geelong regional", "place_geelong"),
        ("hours in unit 9", "unit_9_hours"),
        ("what must i hand in at the end of unit 3", "unit_3_evidence"),
        ("oet numbers for superior", "english_oet_superior"),
        ("define overfitting", "term_overfitting"),
    ],
)
def test_what_is_asked_of_a_subject_is_among_those_shown(content, asked, key):
    assert key in keys(content, asked)[:NEAR]


def test_another_subject_is_never_told(content):
    """Whatever is asked about the 190, no answer about the 189 alone
    stands before those about the 190.
    """
    for asked in ("190 fee", "how long on the 190", "can i bring my wife on a 190", "190 age"):
        about = content.answer_units[keys(content, asked)[0]].about
        assert not about or Mention("visa", "190") in about


def test_every_answer_is_found_by_its_own_phrasing(content):
    """The index holds the phrasing itself, so its answer is among those shown."""
    index = reader_of(content).answers
    lost = []
    for number, place in enumerate(index.starts):
        query = index.query(index.vectors[place], index.phrasings[place])
        found = [match.key for match in index.matches(query)[:NEAR]]
        if index.units[number].key not in found:
            lost.append((index.phrasings[place], index.units[number].key, found[0]))
    assert len(lost) <= len(index.units) // 50, lost


def test_a_phrasing_that_was_added_works_at_once(content):
    """No vector is stored for it: it is encoded when it is first needed."""
    unit = content.answer_units["visa_491_stay"]
    strange = "for what stretch may one dwell upon subclass 491 zebra"
    asks = (*unit.answer.asks, strange)
    answer = unit.answer.model_copy(update={"asks": asks})
    units = {**content.answer_units, unit.key: replace(unit, answer=answer)}
    assert keys(replace(content, answer_units=units), strange)[0] == unit.key


def test_what_the_talk_is_about_stands_in_for_a_subject_left_out(content):
    for topic, key in ((THE_482, "visa_482_stay"), (THE_491, "visa_491_stay")):
        assert keys(content, "how long can i stay on it", frozenset({topic}))[0] == key


def test_a_reading_is_seen_from_the_topic_too(content):
    """The text is read before anybody knows what was talked about."""
    text = "how long can i stay on it"
    reader = reader_of(content)
    matches = reader.read(text).answers
    moved = about_topic(
        content, reader.fit, matches, content.mentions(tokens(text)), frozenset({THE_491})
    )
    assert moved[0].key == "visa_491_stay"


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("is the 189 better", {Mention("visa", "189")}),
        ("i earn 190k and 482 dollars", set()),
        ("189 points", {Mention("visa", "189")}),
        ("visa 888 please", {Mention("visa", "888")}),
        ("code 261313 in unit 4", {Mention("code", "261313"), Mention("unit", "4")}),
        ("does it lead to pr", set()),
        ("pte or ielts for a senior", {Mention("level", "senior")}),
    ],
)
def test_what_a_text_speaks_of(content, text, mentions):
    found = content.mentions(tokens(text))
    assert mentions <= found
    assert {one for one in found if one.kind != "english_test"} == mentions


def test_stored_vectors_are_those_of_the_encoder(content):
    """A stored vector is what the encoder gives today,
    or the likeness of a question would mean nothing.
    """
    reader = reader_of(content)
    index = reader.answers
    sample = list(range(0, len(index.phrasings), len(index.phrasings) // 20))
    fresh = index.encode([index.phrasings[place] for place in sample])
    likeness = (fresh * index.vectors[sample]).sum(axis=1)
    assert likeness.min() > 0.99


def test_likeness_is_that_of_the_rows_however_many_go_at_once():
    """Rows are kept as bytes, and some hundreds are floats at a time:
    the last ones count as the first.
    """
    random = np.random.default_rng(7)
    rows = random.uniform(-1, 1, (2 * Vectors.AT_ONCE + 3, 24)).astype(np.float32)
    vector = random.uniform(-1, 1, 24).astype(np.float32)
    kept = Vectors(in_bytes(rows))
    np.testing.assert_allclose(kept[:], rows, atol=0.5 / BYTE + 1e-6)
    np.testing.assert_allclose(kept.likeness(vector), kept[:] @ vector, atol=1e-5)
    np.testing.assert_array_equal(in_bytes(kept[:]), kept.rows)
