"""Short questions about points and lists whose answer needs what was told before: a job named
earlier, one's own age, one's own test.

Each says which words of the text it accounts for; a text with more in it is left to others.
"""

import re
from collections.abc import Iterator
from functools import reduce
from typing import Final

from bot.conversation import accounted, sentences
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import Tap, paragraph
from bot.core.turn import Turn
from bot.extraction.slots import age_of
from bot.features import questionnaires
from bot.features.about import fact
from bot.features.figures import answered
from bot.features.questionnaires import near_misses, points
from bot.features.questionnaires.turns import known_answers
from bot.understanding.acts import plain
from content.content import Content
from content.subject import tokens

SURE: Final = 0.984
MOST_WORDS: Final = 16
_CODE: Final = "code"

# ---- a job on the lists

_ON_LIST: Final = re.compile(
    r" (?:is|are|if|whether) (?:my |this |that |the |our )?(?:job|jobs|occupation|role|profession"
    r"|work|title|position|it|that) (?:\w{1,8} ){0,2}?(?:on|in) (?:\w{1,8} ){0,2}?(?:lists?|csol"
    r"|mltssl|stsol) | my (?:job|occupation|role|profession|title) (?:\w{1,8} ){0,3}?lists? "
)
_TITLE_ON: Final = re.compile(
    r" (?:is|are|if|was) (?:an? |the )?(?:\w{1,12} ){1,4}?on (?:the |any |a |which )?(?:189|190|491|482"
    r"|186|csol|mltssl|stsol|rol|lists?) "
)
_ON_IT: Final = re.compile(
    r" (?:is|are) my (?:job|occupation|role|profession|title|work) on (?:it|that|this|there|one) "
)
_LIST_OF: Final = re.compile(
    r" (?:(?:what|which|wat|wich|anong|show|tell|give) (?:\w{1,8} ){0,4}?(?:visa |occupation |skill"
    r"|skilled ){0,2}lists?|(?:visas?|visa lists?|lists?) (?:for|of|is|are|has)) "
)


def jobs_on_lists(heard: Heard) -> Iterator[Interpretation]:
    """'Is my job on the list' with a job named here or before: that occupation's lists; without
    one, that lists go by codes.
    """
    line = plain(heard.text)
    asks_mine = _ON_LIST.search(line) or _ON_IT.search(line)
    asks_list = _LIST_OF.search(line) or _TITLE_ON.search(line)
    if not (asks_mine or asks_list) or questionnaires.waiting(heard.words):
        return
    codes = codes_named(heard.content, line) or (_codes_talked_of(heard) if asks_mine else ())
    keys = tuple(filter(None, (_lists_of(heard.content, code) for code in codes)))
    if not keys and not asks_mine:
        return
    yield Interpretation(
        name="a job on the lists",
        score=0.985,
        decide=lambda: _lists_told(heard, keys) if keys else _which_job(heard),
    )


def _lists_told(heard: Heard, keys: tuple[str, ...]) -> Turn:
    return reduce(sentences.merged, (heard.run(Line(fact.COMMAND, key), None) for key in keys))


_INSTEAD: Final = re.compile(r" (?:instead of|rather than|in place of) ")


def codes_named(content: Content, line: str) -> tuple[str, ...]:
    """The codes whose title, or other name, stands longest in a text: two where both have it. What
    stands behind 'instead of' is looked at last.
    """
    asked = f"{_INSTEAD.split(line, maxsplit=1)[0]} "
    return _longest_named(content, asked) or _longest_named(content, line)


def _longest_named(content: Content, line: str) -> tuple[str, ...]:
    found = [
        (len(name), number)
        for number, code in content.codes.items()
        for name in (code.title, *code.also_called)
        if f" {' '.join(tokens(name))} " in line and "mlops" not in name
    ]
    longest = max(found, default=(0, ""))[0]
    return tuple(sorted({number for length, number in found if length == longest}))


def _codes_talked_of(heard: Heard) -> tuple[str, ...]:
    """The code of the answers told last."""
    conversation = heard.state.conversation
    told = (one for one in (conversation.last, *conversation.topics[:2]) if one is not None)
    for topic in told:
        unit = heard.content.answer_units.get(topic.words)
        codes = [one.key for one in unit.about if one.kind == _CODE] if unit else []
        if len(codes) == 1:
            return (codes[0],)
        if topic.command == _CODE and topic.words in heard.content.codes:
            return (topic.words,)
    return ()


def _lists_of(content: Content, number: str) -> str:
    """The answer that tells which lists a code is on."""
    for key in (f"code_{number}", f"code_{number}_lists"):
        if number and key in content.answer_units:
            return key
    about = (
        unit.key
        for unit in content.answer_units.values()
        if unit.attribute == "code.opens"
        and any(one.kind == _CODE and one.key == number for one in unit.about)
    )
    return next(about, "") if number else ""


def _which_job(heard: Heard) -> Turn:
    request = heard.request(_CODE, "")
    taps = (Tap(request.text("tap_which_codes"), _CODE),)
    facts = heard.content.migration.who_decides[:1]
    return answered(request, paragraph(request.text("job_for_a_list")), cite=facts, taps=taps)


# ---- a shortage of another title

_SHORTAGES: Final = {
    "shortage_rating",
    "shortage_tester",
    "shortage_2026",
    "visa_482_core_shortage",
}
_TESTER: Final = re.compile(r" (?:software )?testers? | qa ")
_DEVELOPER: Final = re.compile(
    r" (?:software (?:engineers?|developers?|devs?)|developer programmers?|programmers?"
    r"|developers?|devs?|swe) "
)
_BESIDE: Final = re.compile(r"\A (?:(?:and|or|what|about|how|so|ok|for|the|a|an|is|then) ){0,5}")
_LONGEST_TITLE: Final = 6


def shortages(heard: Heard) -> Iterator[Interpretation]:
    """'And software engineer?' after whether testers are short: the same list's rating, no pay."""
    last = heard.state.conversation.last
    line = plain(heard.text)
    is_topic = last is not None and last.words in _SHORTAGES
    if not is_topic or len(line.split()) > _LONGEST_TITLE or _BESIDE.match(line) is None:
        return
    if _TESTER.search(line):
        key = "shortage_tester"
    elif _DEVELOPER.search(line):
        key = "shortage_rating"
    else:
        return
    yield Interpretation(
        name="the shortage rating of another title",
        score=SURE,
        decide=lambda: heard.run(Line(fact.COMMAND, key), None),
        takes_facts=True,
    )


# ---- what a test is worth, what a degree adds

_TEST_WORTH: Final = re.compile(
    r" (?:whats|what is|what are|how much (?:is|are|does|do)|how many points (?:is|are|does|do|for"
    r"|from)|points (?:for|from|of)|what does|what do|what would|is) (?:the |an |my |a ){0,2}"
    r"(?:ielts|pte|toefl|english(?: test)?|english tests)"
    r"(?: (?:really|even|actually|test|score|scores|give|gives|get|gets|bring|brings|do|good"
    r"|for|me|us|points?|worth|worth it|if|i|bother|then|at|all|anyway|in|add|adds)){1,8} "
)
_WORTH: Final = re.compile(r" (?:worth|points?|bring|brings|give|gives|add|adds|get|gets) ")
_EXTRA_TEN: Final = re.compile(
    r" (?:extra|another|additional|bonus|specialist|plus|more) (?:ten|10|points?)"
    r"| (?:ten|10) (?:extra|more|bonus|additional) "
)
_DEGREE: Final = re.compile(
    r" (?:masters?|master|degree|thesis|coursework|phd|doctorate|dissertation|major|mphil) "
)


def tests_worth(heard: Heard) -> Iterator[Interpretation]:
    """'What's IELTS worth': the points of each level."""
    line = plain(heard.text)
    is_about = _TEST_WORTH.search(line) and _WORTH.search(line)
    if is_about and not any(map(str.isdigit, line)) and len(line.split()) <= MOST_WORDS:
        yield Interpretation(
            name="what a test of English is worth",
            score=SURE,
            decide=lambda: heard.run(Line(fact.COMMAND, "points_english"), None),
        )


def specialist_ten(heard: Heard) -> Iterator[Interpretation]:
    """'My master is AI major, can I get the extra 10': the specialist row, not a partner's ten."""
    line = plain(_STOPS.split(heard.text.strip(" .!?"))[-1])  # a story asks in its last sentence
    if not (_EXTRA_TEN.search(line) and _DEGREE.search(line)) or len(line.split()) > _LONGEST_ASK:
        return
    is_doctorate = bool(re.search(r" (?:phd|doctorate) ", line))
    key = "points_specialist" if is_doctorate else "points_specialist_coursework"
    yield Interpretation(
        name="the specialist ten",
        score=0.993,
        decide=lambda: heard.run(Line(fact.COMMAND, key), None),
    )


_STOPS: Final = re.compile(r"[.!?\n]{1,3}\s{1,3}")
_LONGEST_ASK: Final = 24

# ---- one's own age

_MY_AGE: Final = re.compile(
    r"\A (?:(?:and|so|ok|but|what|how|about|abt|is|for|then|with|does|do|will|whats|many|much"
    r"|points?|pts|in|it|now|please) ){0,8}my age(?: (?:too|old|matter|matters|then|ok|okay|a"
    r"|problem|give|gives|bring|brings|points?|pts|worth|now|please)){0,4} \Z"
)


def own_age(heard: Heard) -> Iterator[Interpretation]:
    """'What about my age', where it was told: what that age brings."""
    request = heard.request("points", "")
    known = known_answers(request).get("age", "")
    if not known or not _MY_AGE.search(plain(heard.text)) or questionnaires.waiting(heard.words):
        return
    yield Interpretation(
        name="one's own age", score=SURE, decide=lambda: _age_told(heard, known), takes_facts=True
    )


def _age_told(heard: Heard, known: str) -> Turn:
    request = heard.request("points", "")
    if age_of(known, request.today)[0] >= request.content.points.too_old:
        return heard.run(Line(fact.COMMAND, "verdict_age_44"), None)
    words = request.text(
        "row_is",
        label=request.content.questions["age"].label,
        answer=str(age_of(known, request.today)[0]),
        points=points.brings(request, "age", known),
    )
    lines = (words, *points.next_band(request, {"age": known}))
    return answered(
        request,
        *(paragraph(one) for one in lines),
        cite=(request.content.points.source,),
        personal=True,
    )


# ---- half a band short


def sighs(heard: Heard) -> Iterator[Interpretation]:
    """'Only 0.5 short', '10 points gone for one band': a warm line and the level that stands."""
    request = heard.request("points", heard.text)
    if near_misses.is_sigh(request, heard.utterance):
        yield Interpretation(
            name="a near miss in a test",
            score=0.992,  # 'only 6 short in speaking' puts no score right
            decide=lambda: near_misses.told(request),
            on_dialog=True,
            takes_facts=True,
        )


# ---- one skill's band, where no result was told

_BAND: Final = re.compile(
    r"(?<![\d.])(?P<band>[4-9](?:\.5)?) (?:in|for|on) (?:listening|reading|writing|speaking)\b"
    r"|\b(?:listening|reading|writing|speaking) (?:is |of |at |becomes? )?(?P<also>[4-9](?:\.5)?)\b",
    re.IGNORECASE,
)
_BRINGS: Final = re.compile(
    r" (?:points?|pts|bring|brings|give|gives|worth|get me|count|counts|matter|matters) "
)


def one_skill(heard: Heard) -> Iterator[Interpretation]:
    """'What does 6 in writing bring me', with no result known: the level of that band."""
    hit = _BAND.search(heard.text)
    request = heard.request("points", heard.text)
    is_asked = heard.utterance.asks or "?" in heard.text or " if " in plain(heard.text)
    if hit is None or not is_asked or not _BRINGS.search(plain(heard.text)):
        return
    if heard.facts.answers or "english" in known_answers(request):
        return
    band = hit["band"] or hit["also"]
    yield Interpretation(
        name="one skill's band",
        score=SURE,
        decide=lambda: near_misses.band_told(request, float(band)),
        on_dialog=True,
        takes_facts=True,
    )


# ---- facts that a few words name, whatever else stands beside them

_ENDS: Final = re.compile(
    r" (?:pte|ielts|toefl|oet|test|tests|score|scores|result|english) (?:\w{1,8} ){0,4}?(?:valid"
    r"|validity|expires?|expired|expiry|expiring|still (?:ok|okay|good|count|counts|usable)"
    r"|too old|run out|runs out) "
)
_IT_ENDS: Final = re.compile(r" it (?:\w{1,8} ){0,4}?(?:valid|validity|expires?|expired|expiry) ")
_SPAN: Final = re.compile(
    r" (?:in|till|until|by|before|how long|when|month|year|years|20\d\d|still|for) "
)
_NO_TEST: Final = re.compile(
    r" (?:acs|letter|assessment|passport|visa|eoi|naati|licen[cs]e|offer|plan|degree|code) "
)
_GUARANTEE: Final = re.compile(
    r" (?:agent|agents|consultant|consultancy|agency|lawyer|guy|company) (?:\w{1,14} ){0,9}?"
    r"(?:guarantee[ds]?|guaranteeing|guaranty|promis\w{1,4}|sure invite|confirmed invite) "
)
_HURRY: Final = re.compile(
    r" (?:hurry|rush) (?:\w{1,8} ){0,4}?(?:lodge|apply|eoi|submit|before|now)"
    r"| (?:lodge|apply|submit|file) (?:\w{1,6} ){0,2}?now or (?:wait|later) "
)
_HUNDRED: Final = re.compile(
    r" (?:out of|from|of|up to) (?:a )?100 (?:points?|now|then)? ?| 100 points? for age "
)
_STATES: Final = re.compile(
    r" (?:which|what|wat|wich) states? (?:\w{1,10} ){0,3}?(?:data scien\w{1,4}|224999"
    r"|software|developers?|programmers?|2613\d\d|2613|devs?) "
)
_DATA: Final = re.compile(r" (?:data scien\w{1,4}|224999) ")
_WHEN: Final = re.compile(
    r"\A (?:(?:so|and|ok|but|then|na) ){0,3}(?:when|from when|what date|which date|wen)"
    r"(?: (?:exactly|then|is it|will it|does it|start|starts|come|comes|in|force|be|that)){0,5} \Z"
)
_MAIN: Final = re.compile(
    r" (?:who|which (?:one|of us)|whoever) (?:\w{1,8} ){0,4}?(?:(?:main|primary|principal)"
    r"(?: applicant| one)?|first applicant) "
)
_PASSPORT: Final = re.compile(
    r" (?:uk|british|irish|us|american|canadian|nz|kiwi|new zealand) passport (?:\w{1,10} ){0,6}?"
    r"(?:competent|english|ielts|pte|tests?) "
)
_SIDE_WORK: Final = re.compile(
    r" (?:consulting|lecturing|teaching|tutoring|freelance|freelancing|internships?|part time|casual"
    r"|unpaid|cooking|volunteering|volunteer|side|hospitality|retail|research (?:assistant|job|work)|postdoc) "
)
_COUNTED: Final = re.compile(r" (?:count|counts|counted|consider|considered|accept|accepted) ")
_REFORM: Final = "reform"
_TOGETHER: Final = re.compile(r" (?:liv(?:e|ed|ing) together|de facto|defacto) ")
_ON_PAPER: Final = re.compile(
    r" (?:split|splitting|break|breaking|separate|separating|divorce|divorcing) (?:up )?(?:only |just )?"
    r"on paper "
)


def named_facts(heard: Heard) -> Iterator[Interpretation]:
    """'Is my PTE still ok in october 2027', 'an agent guarantees the invite', 'lodge now or wait':
    the one fact that these words are about.
    """
    line = plain(heard.text)
    key, pattern = _named_fact(heard, line)
    if not key or len(line.split()) > _LONGEST_ASK:
        return
    yield Interpretation(
        name="a fact by its words",
        score=0.989 if pattern is _GUARANTEE else SURE,  # what an agent says is no mere rumour
        covers=accounted.share(line, pattern),
        decide=lambda: heard.run(Line(fact.COMMAND, key), None),
    )


def _ends_a_test(line: str, *, is_of_test: bool) -> bool:
    """Whether the text asks how long a test's result holds; 'it' is one where one was told of."""
    names_it = _ENDS.search(line) or (is_of_test and _IT_ENDS.search(line))
    return bool(names_it and _SPAN.search(line)) and not _NO_TEST.search(line)


def _named_fact(heard: Heard, line: str) -> tuple[str, re.Pattern[str]]:
    last = heard.state.conversation.last
    unit = heard.content.answer_units.get(last.words) if last is not None else None
    is_of_test = unit is not None and unit.key.startswith("english")
    if _ends_a_test(line, is_of_test=is_of_test):
        return "english_validity", _ENDS
    if _GUARANTEE.search(line):
        return "law_agent_guarantee", _GUARANTEE
    if _HURRY.search(line):
        return "reform_rush", _HURRY
    if _STATES.search(line):
        return ("state_lists_data" if _DATA.search(line) else "state_lists_all"), _STATES
    if _MAIN.search(line):
        return "verdict_partner_main", _MAIN
    if _PASSPORT.search(line):
        return "english_passports", _PASSPORT
    if _SIDE_WORK.search(line) and _COUNTED.search(line):
        return "points_work_counts", _SIDE_WORK
    if _TOGETHER.search(line):
        return "verdict_claim_single", _TOGETHER
    if _ON_PAPER.search(line):
        return "points_single", _ON_PAPER
    is_of_reform = unit is not None and unit.answer.subject == _REFORM
    if is_of_reform and _WHEN.search(line):
        return "reform_when", _WHEN
    if _HUNDRED.search(line) and (is_of_reform or " age " in line):
        return "reform_grattan", _HUNDRED
    return "", _WHEN
