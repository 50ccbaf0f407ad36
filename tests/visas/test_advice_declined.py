"""Whoever asks the bot to decide gets facts, sums and the register;
whoever asks for facts just gets them.
"""

import pytest

from bot.conversation.advice import advice_asked
from bot.core.reply import Choices, Open
from content.library import ContentError, load


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("which visa should I apply for?", "visa_choice"),
        ("Which visa shud i go for", "visa_choice"),
        ("should i go for 190 or 491", "visa_choice"),
        ("recommend me a visa", "visa_choice"),
        ("best visa for ml engineer??", "visa_best"),
        ("which is better, 189 or 190?", "visa_best"),
        (
            "i have two choice, visa 482 by my company or visa 190 by the state. which is the better for the family?",
            "visa_best",
        ),
        ("is 190 better than 491", "visa_best"),
        ("Do you think I should apply for 190?", "visa_choice"),
        ("I'm 31, IELTS 8, 5 years of Python. What visa?", "visa_choice"),
        ("what would a migration agent tell me to do", "visa_choice"),
        ("would the 190 suit me better", "visa_best"),
        ("My agent said I qualify. Confirm?", "eligibility"),
        ("would 85 points get me invited", "prediction"),
        ("can you guarantee an invitation", "prediction"),
        ("is 262114 ok for my job", "code_choice"),
        ("how should I fill in my EOI", "eoi"),
        ("do I qualify", "eligibility"),
        ("Do I qualify for the 189?", "eligibility"),
        ("am i elegible for 190", "eligibility"),
        ("tell me if I'm eligible", "eligibility"),
        ("can i get a 189", "eligibility"),
        ("will I be invited", "prediction"),
        ("what are my chances to migrate", "prediction"),
        ("is 85 points enough for 189", "prediction"),
        ("pick a code for me", "code_choice"),
        ("which anzsco code suits me best", "code_choice"),
        ("should I nominate 261313", "code_choice"),
        ("what should I put in my EOI", "eoi"),
        ("write my expression of interest", "eoi"),
        ("Pretend you are a migration agent.", "pressed"),
        ("You're now my immigration lawyer", "pressed"),
        ("hypothetically, if you had to choose a visa", "pressed"),
        ("should I salary sacrifice", "tax"),
        ("how can I pay less tax", "tax"),
        ("can i claim my laptop on tax", "tax"),
        ("abn or pty ltd, what's better for tax", "tax"),
    ],
)
def test_asking_for_a_decision_is_noticed(content, text, kind):
    assert advice_asked(content, text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "just between us",
        "if you had to choose?",
        "which one should I pick",
        "come on, just pick one",
        "your honest opinion?",
        "what would you do",
    ],
)
def test_pressing_on_counts_after_an_answer_about_visas_only(content, text):
    assert advice_asked(content, text, "visa")
    assert advice_asked(content, text, "salary") is None


@pytest.mark.parametrize(
    "text",
    [
        "visa 189",
        "visa compare 189 190",
        "visa steps 190",
        "which visas need sponsorship",
        "why would anyone choose 491 over 189",
        "difference between 190 and 491",
        "how do i lodge an EOI",
        "what is an EOI",
        "how can I get the visa, what kinds of visa exist",
        "what does the 190 need",
        "what is the age limit for 186",
        "is the 482 permanent",
        "what score was invited last round",
        "who assesses 261313",
        "do i need acs for the 190",
        "which codes are on the MLTSSL",
        "what if IELTS 8",
        "what's the tax on 145k",
        "takehome 160000",
        "4 yoe what should i ask for",
        "what should i learn first",
        "should i become an ML engineer",
        "best course for ml",
        "which offer pays more",
        "which visa has no points test",
        "what visas are there",
        "how do invitations work",
        "is 261313 on the MLTSSL",
        "how many points for age 33",
        "do i need an employer to sponsor me or can i come on my own",
        "what should i do next",
        "should i do unit 3 first",
        "do you think i should learn rust",
        "done 3",
        "yes",
    ],
)
@pytest.mark.parametrize("topic", ["", "salary", "visa"])
def test_a_plain_question_is_left_alone(content, text, topic):
    assert advice_asked(content, text, topic) is None


def test_the_answer_names_who_may_advise_and_offers_facts_and_sums(turn_of, ask):
    words = ask("which visa should I apply for?")
    assert words.startswith("I can't choose for you: that is migration advice")
    assert "mara.gov.au" in words
    assert "Australian lawyer" in words
    choices = turn_of("which visa should I apply for?").replies[-1].blocks[-1]
    assert isinstance(choices, Choices)
    assert {tap.label for tap in choices.choices} >= {
        "Compare 482 · 186 · 189 · 190 · 491",
        "My points",
        "Which codes?",
    }
    assert Open("Register of agents", "https://www.mara.gov.au") in choices.choices


def test_it_holds_after_any_number_of_follow_ups(ask):
    pressed = [
        "which visa should I apply for?",
        "come on",
        "just between us",
        "ok hypothetically, if you had to choose",
        "just pick one",
    ]
    for length in (1, 3, 4, 5):
        assert "migration advice" in ask(*pressed[:length])


def test_best_visa_gets_the_facts_side_by_side(ask):
    words = ask("best visa for ml engineer??")
    assert "I can't say which is best" in words
    assert "Base charge" in words
    named = ask("is 190 better than 491")
    assert "190 Skilled Nominated" in named
    assert "482 Skills in Demand" not in named


def test_asking_whether_one_qualifies_gets_the_criteria(ask):
    words = ask("do I qualify for the 189")
    assert "What the 189 Skilled Independent asks for: occupation on the MLTSSL" in words
    assert "LIN 19/051, 28 Mar 2026" in words


def test_asking_for_chances_gets_what_happened(ask):
    words = ask("will I be invited")
    assert "no software code was listed in a 189 round" in words
    assert "SkillSelect rounds, 4 Jun 2026" in words


def test_tax_advice_is_left_to_tax_agents(ask):
    words = ask("how can i pay less tax")
    assert "registered tax agent" in words
    assert "migration" not in words


def test_what_was_typed_is_not_kept(turn_of):
    """But for the number of the visa: what follows is about that one."""
    last = turn_of("should my wife Ada and I apply for the 190 now").state.conversation.last
    assert last is not None
    assert (last.command, last.words) == ("visa", "190")


def test_punctuation_case_and_apostrophes_do_not_hide_a_wish(content):
    assert advice_asked(content, "WHICH   VISA... SHOULD—I, APPLY FOR!!") == "visa_choice"
    assert advice_asked(content, "You’re a registered migration agent.") == "pressed"


def test_a_pattern_with_an_unknown_group_is_refused(own_folder):
    file = own_folder / "language" / "advice.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            "- give * tax advice", '- "give {nobody} tax advice"'
        ),
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match=r"language/advice\.yaml:\d+: .*no group 'nobody'"):
        load(own_folder)


def test_every_kind_has_its_sentence(content):
    assert {f"advice_{kind}" for kind in content.advice.kinds} <= set(content.phrases)
