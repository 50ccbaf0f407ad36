"""Words that nobody knows are spelt as they are most likely meant, before anything reads them."""

import pytest

from bot.understanding.reading import mended, reader_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "yeh remmind me evry thersday haf past 6",
            "yeah remind me every thursday half past 6",
        ),
        ("what is the sallary of a senor enginere", "what is the salary of a senior engineer"),
        (
            "is it at https://x.example/asessment like the asessment",
            "is it at https://x.example/asessment like the assessment",
        ),
        ("the rate has super inside btw", "the rate has super inside btw"),
        ("remind me to practise and analyse it", "remind me to practise and analyse it"),
        ("go raibh maith agat", "go raibh maith agat"),
        ("obrigado muito bom dia", "obrigado muito bom dia"),
    ],
)
def test_words_that_nobody_knows_are_spelt_as_they_are_meant(content, typed, meant):
    assert mended(content, typed) == meant


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("wait is it free", "is it free"),
        ("hang on, how long is that", "how long is that"),
        ("oh btw who checks the degree tho", "who checks the degree"),
        ("yeah just wondering what a round is", "what a round is"),
        ("wait times of the acs", "wait times of the acs"),
        ("hmm", "hmm"),
    ],
)
def test_what_people_say_while_they_think_is_no_part_of_a_question(content, typed, asked):
    """A 'wait' that asks somebody to wait belongs to it."""
    assert reader_of(content).written(typed).text == asked
