"""A question finds its answer: by what it says, by its subject, by what the talk is about; a
phrasing added needs no training.
"""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from bot.understanding import model as models
from bot.understanding.model import BYTE
from bot.understanding.reading import find_answers, find_in_talk, reader_of
from bot.understanding.retrieval import Vectors, about_topic, in_bytes
from bot.understanding.stored_phrasings import load_stored
from bot.understanding.talk_fit import FOLLOW_UPS
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


AFTER = (
    ("senior_pay", "leads?", "lead_pay"),
    ("acs_fee", "with rpl", "acs_fee_rpl"),
    ("acs_fee", "how long do they take", "acs_time"),
    ("visa_482_to_pr", "and if i change jobs", "visa_482_change_employer"),
    ("skill_llm", "pays better?", "genai_pay"),
)


@pytest.mark.parametrize(("told", "said", "key"), AFTER)
def test_a_text_that_leaves_its_subject_out_is_seen_from_what_was_told_last(
    content, told, said, key
):
    about = content.answer_units[told].about
    best = find_in_talk(content, said, about, told)[0]
    alone = {match.key: match.score for match in find_answers(content, said)}
    assert best.key == key
    assert best.score > alone.get(key, 0.0) + 0.1


def test_what_was_told_last_answers_nothing_further(content):
    said = "and how long does that take"
    likely = find_in_talk(content, said, frozenset(), "acs_fee")
    assert "acs_fee" not in [match.key for match in likely[:NEAR]]


def test_a_question_that_stands_by_itself_is_answered_in_the_midst_of_any_talk(content):
    """What was told before must not stand in for what is asked now."""
    for told in ("senior_pay", "place_sydney", "nudge_pause", "points_age_33_39"):
        found = find_in_talk(content, "what does the 482 cost", frozenset(), told)
        assert found[0].key == "visa_482_charge", told


def test_the_follow_ups_name_answers_that_there_are(content):
    lines = yaml.safe_load(FOLLOW_UPS.read_text(encoding="utf-8"))
    answers = {line["answer"] for line in lines} - {""}
    assert answers <= set(content.answer_units)
    told = {line["after"] for line in lines if line["after"] not in content.answer_units}
    assert {line.split()[0] for line in told} <= set(content.commands)


def test_the_talk_finds_half_as_many_answers_again(content):
    """Of the follow-ups each fifth is looked up, with the talk and without."""
    lines = yaml.safe_load(FOLLOW_UPS.read_text(encoding="utf-8"))[::5]
    asked = [line for line in lines if line["answer"] and line["after"] in content.answer_units]
    alone = [keys(content, line["say"])[0] == line["answer"] for line in asked]
    in_talk = []
    for line in asked:
        about = content.answer_units[line["after"]].about
        found = find_in_talk(content, line["say"], about, line["after"])
        in_talk.append(found[0].key == line["answer"])
    assert sum(in_talk) > 1.5 * sum(alone)


def test_a_phrasing_built_with_the_model_has_the_words_that_it_would_be_given_now(content):
    """A text of another spelling would be looked for by words that no message has."""
    reader = reader_of(content)
    stored = load_stored(models.folder(), reader.spelling)
    known = [ask for ask in reader.answers.asks if stored.text(ask) is not None]
    assert len(known) > 0.9 * len(reader.answers.asks), (
        "after new slang: python -m bot.understanding.retrieval_fit --vectors"
    )
    for ask in known:
        assert stored.text(ask) == reader.phrase(ask), ask


def test_another_slang_takes_nothing_of_what_was_stored(content):
    slang = {**content.writing.slang, "gaff": "house"}
    writing = content.writing.model_copy(update={"slang": slang})
    reader = reader_of(replace(content, writing=writing))
    assert not load_stored(models.folder(), reader.spelling).texts
