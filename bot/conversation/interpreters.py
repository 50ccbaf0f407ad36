"""One table of readers for what people type, and the choice between what they find.

Each reader says what the message may mean, how sure that is and how much of the message it
explains; the interpretation that explains most at the best score is decided, and only that one. The
order breaks ties, and is what a person who adds a reader has to think about.
"""

from collections.abc import Iterator
from typing import Final

from bot.conversation import (
    abroad_readers,
    act_readers,
    ad_readers,
    answer_readers,
    command_readers,
    conclusion_readers,
    courtesies,
    currency_readers,
    doubt_readers,
    experience_readers,
    fact_readers,
    learning_questions,
    loan_readers,
    meaning_readers,
    numbers_of_ours,
    pay_readers,
    pointing_readers,
    points_readers,
    remarks,
    rumour_readers,
    schedule_readers,
    study_readers,
    subject_readers,
    talk_readers,
    term_readers,
    topic_readers,
    visa_time_readers,
)
from bot.conversation.heard import Heard, Interpreter
from bot.core.interpretation import Interpretation
from bot.core.reply import paragraph
from bot.extraction.reports import reported
from bot.features import nudges, questionnaires

ENOUGH: Final = 0.5
"""An interpretation that ranks below this is no answer."""
SURE: Final = 0.99


def interpretations(heard: Heard) -> tuple[Interpretation, ...]:
    """Everything that the readers find, best first."""
    found = [one for _, interpreter in INTERPRETERS for one in interpreter(heard)]
    return tuple(sorted(found, key=lambda one: -one.rank))


def best(heard: Heard) -> Interpretation | None:
    """The interpretation to decide; None where nothing explains enough."""
    if typed := _surely_typed(heard):
        return typed
    first = next(iter(interpretations(heard)), None)
    return first if first is not None and first.rank >= ENOUGH else None


def _surely_typed(heard: Heard) -> Interpretation | None:
    """A command word for word, while nothing waits for an answer:
    nothing that the other readers find goes before it.
    """
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return None
    if schedule_readers.quiz_line(heard):
        return None  # 'stop quizzing me' stops no nudges
    if next(pay_readers.money_talk(heard), None):
        return None  # 'what if 84 incl' changes the pay that stands above
    if next(study_readers.later_starts(heard), None):
        return None  # 'start in may' opens no page
    if next(ad_readers.quoted(heard), None):
        return None  # 'ad says 130k package, is that good' asks for no whole ad
    typed = next(command_readers.commands(heard), None)
    return typed if typed is not None and typed.rank >= SURE else None


# ---- the readers


def _courtesies(heard: Heard) -> Iterator[Interpretation]:
    yield from courtesies.readings(heard.request("help", heard.text), heard.utterance)


def _kept_to_oneself(heard: Heard) -> Iterator[Interpretation]:
    """'Rather not say where I worked', with no question that waits for it: fine."""
    if questionnaires.waiting(heard.words):
        return
    words = heard.request()
    yield Interpretation(
        name="kept to oneself",
        score=0.9,
        decide=lambda: words.answer(paragraph(words.text("fine_not_needed")), remember=False),
        takes_facts=True,
    )


def _maybes(heard: Heard) -> Iterator[Interpretation]:
    """'Might be moving to Perth, dunno yet': nothing is kept, and that is said."""
    said = heard.utterance
    doubted = [one for one in said.clauses if one.mood == "doubted" and one.holder == "self"]
    if not doubted or said.asks or heard.facts.answers or reported(heard.text):
        return
    if said.does("unsure") and questionnaires.keeps_to_self(said):
        yield from _kept_to_oneself(heard)
        return
    turn = nudges.maybe_moving(heard.words) or questionnaires.maybe(heard.words, said)
    if turn:
        yield Interpretation(name="a maybe", score=0.98, decide=lambda: turn, takes_facts=True)


def _statements(heard: Heard) -> Iterator[Interpretation]:
    if questionnaires.keeps_to_self(heard.utterance):
        return  # 'rather not say where I worked' takes back nothing that was said
    yield from questionnaires.statements(
        heard.request("profile", heard.text), heard.utterance, heard.facts
    )


INTERPRETERS: Final[tuple[tuple[str, Interpreter], ...]] = (
    (
        "a yes or no answers what was just asked; anything like a no is the safe side",
        answer_readers.yes_or_no,
    ),
    ("what is typed as a command, or as a button's label, is that", command_readers.commands),
    (
        "a side question about what is asked leaves the question open",
        answer_readers.about_the_question,
    ),
    (
        "the open question is strong where the text holds a value of its kind",
        answer_readers.open_dialog,
    ),
    ("the open question about a schedule likewise", answer_readers.open_schedule),
    ("the unit or the link of the term just told", term_readers.readings),
    ("a rumour answers no open question; the fact it is about is told", rumour_readers.readings),
    ("being abroad is kept, and changes what was just told", abroad_readers.readings),
    ("a doubt is about the answer that stands", doubt_readers.readings),
    ("a place in a list is that item of the last reply", pointing_readers.items),
    ("going back to an earlier topic by its name", pointing_readers.earlier),
    (
        "an act that is denied or asked about explains, and changes nothing",
        act_readers.acts_spoken_of,
    ),
    ("going on with what was left open", answer_readers.resumes),
    ("the one questionnaire that a button offers begins on a go-ahead", answer_readers.offer_taken),
    ("taking back the last change", act_readers.changes_back),
    ("thanks, hello, a complaint: what people say that asks for no fact", _courtesies),
    ("news, a mood, small talk: a line in return", remarks.readings),
    ("the last answer again, or shorter", topic_readers.again),
    ("an ad quoted in a message, and what is asked of its pay", ad_readers.quoted),
    ("days of a week at full-time pay", pay_readers.part_of_full_time),
    ("whose tax is no resident's, and what a passport changes", pay_readers.tax_of_others),
    ("two incomes are taxed as one", pay_readers.two_incomes),
    ("shares and options are not counted", pay_readers.equity),
    ("what of a pay goes to a study loan", loan_readers.repayments),
    ("how much is owed on a study loan changes no repayment", loan_readers.balances),
    ("how long a study loan lasts at this pay", loan_readers.years_left),
    ("another currency has no rate here", currency_readers.readings),
    ("years of other work are none of ML", experience_readers.readings),
    (
        "a message of money and nothing else, against what stands above",
        numbers_of_ours.unless_named(pay_readers.money_talk),
    ),
    (
        "a pay is set beside the visa income thresholds",
        numbers_of_ours.unless_named(pay_readers.pay_beside_thresholds),
    ),
    (
        "a pay and nothing else is taxed, and so is one that is asked about after tax",
        numbers_of_ours.unless_named(pay_readers.pays_taxed),
    ),
    ("two pays after tax are set side by side", numbers_of_ours.unless_named(pay_readers.two_pays)),
    ("a day rate and its days make a year's pay", pay_readers.rates_of_a_year),
    ("time on a sponsored visa is added up", visa_time_readers.sponsored_time),
    ("a visa that ends: the date said back, and the ways there are", visa_time_readers.visa_ends),
    ("a questionnaire that waits in silence can be left", answer_readers.leaves),
    ("a maybe is no fact", _maybes),
    ("a plan is started, or gets other hours", schedule_readers.plans),
    ("where to begin, what counts, and sighs about learning", learning_questions.readings),
    ("an answer that missed its question: sorry, and the nearest", learning_questions.missed),
    ("where we were: what is set, and what comes next", schedule_readers.where_we_were),
    ("the smallest thing to do is one step, made small", schedule_readers.small_steps),
    ("acts on nudges and plan in people's own words", schedule_readers.steered),
    ("the one button that the words name", study_readers.taps_in_words),
    ("hours for the plan, in passing", study_readers.hours_in_passing),
    ("several steps that are done, by their numbers", study_readers.several_ticked),
    ("other hours, where a plan's length is too long", study_readers.other_hours),
    ("a start that is to come: the hours are kept", study_readers.later_starts),
    ("a self-audit's score is put into its band", study_readers.audit_scores),
    ("how long somebody's own plan is, at their hours", study_readers.own_lengths),
    ("days that stay, an absence, another hour, what is set", schedule_readers.wishes),
    ("a wish for a weekly nudge in a sentence, or for later", schedule_readers.weekly_wishes),
    ("a move that is to come leaves the clocks as they are", schedule_readers.later_moves),
    ("one week's nudge alone is moved or left out", schedule_readers.single_weeks),
    ("one day of a schedule is given up for another", schedule_readers.swaps),
    ("days, a time and a place and nothing else are a schedule", schedule_readers.plain_schedules),
    (
        "what a short text asks of a pay, by itself or after a sum",
        numbers_of_ours.unless_named(pay_readers.pay_asked_about),
    ),
    (
        "somebody else's pay is placed, and is nobody's here",
        numbers_of_ours.unless_named(pay_readers.pay_of_others),
    ),
    (
        "a pay that a site or somebody is reported to name",
        numbers_of_ours.unless_named(pay_readers.pay_reported),
    ),
    ("why a weak figure is shown", pay_readers.why_shown),
    ("facts about the speaker, and points from them", _statements),
    ("a short text that changes one value of what was talked about", topic_readers.ellipses),
    ("visas side by side, where no fact compares just these", fact_readers.side_by_side),
    ("a passport, or a country's English, beside a test of English", subject_readers.passports),
    ("a job on the lists, by the title named here or before", points_readers.jobs_on_lists),
    ("another title after a shortage rating is rated, not paid", points_readers.shortages),
    ("what a test of English is worth in points", points_readers.tests_worth),
    ("the extra ten of a degree is the specialist row", points_readers.specialist_ten),
    ("one's own age, where it was told", points_readers.own_age),
    ("one skill's band, where no result was told", points_readers.one_skill),
    ("a fact that a few words name, whatever stands beside", points_readers.named_facts),
    ("half a band short gets a warm line and the level that stands", points_readers.sighs),
    ("an invitation round by its date, or beside the one just told", talk_readers.rounds),
    ("an occupation's title while codes are talked about is its code", talk_readers.titles),
    ("a row of the points table by its name, or the one just told of", talk_readers.rows),
    ("scores that name no test belong to the one talked about", talk_readers.scores),
    ("one skill of the test just told of", talk_readers.skills),
    ("hours of a job, after which work counts, are none of the plan's", talk_readers.hours),
    ("a partner's test to come", talk_readers.partner_passes),
    ("the assessor that is named, its fee and its time", talk_readers.assessor),
    ("the visa that an employer starts, and the employer's part", talk_readers.sponsored),
    ("a birthday to come, and what changes with it", talk_readers.birthdays),
    ("a total of one's own, beside what past rounds took", talk_readers.own_totals),
    ("a sigh about chances gets the facts behind it", talk_readers.despair),
    ("a citizen asks what that is worth to a partner", talk_readers.citizen_for_partner),
    ("a number that is none of our visas and codes", subject_readers.numbers_not_ours),
    ("the fact that is asked for, near enough to be told", fact_readers.facts),
    (
        "something we have that a sentence tells of goes before a guess",
        subject_readers.named_subject,
    ),
    ("a conclusion from the last answer gets what it said first", conclusion_readers.readings),
    ("a short text that means something after one answer only", topic_readers.follow_ups),
    ("a quiz is answered, gone on with or left in words", schedule_readers.quizzes),
    ("sentences that steer a schedule", schedule_readers.schedule_sentences),
    ("a reminder that is set gets another time, or is dropped", schedule_readers.reminder_changes),
    ("one reminder, with its time", schedule_readers.reminders),
    ("what the text is understood as, by rules and model", meaning_readers.meanings),
    ("a bare yes or no that nothing waits for", answer_readers.bare_answers),
)
"""How a text is read, with the reason for each row."""
