"""What a message states about its speaker, as answers of questions: 'I'm 31, proficient, bachelor,
my husband is a citizen'.

Only a stated fact of the speaker counts, and a partner's answers nothing but the question about the
partner; what is asked, doubted, imagined or somebody else's is left alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from bot.extraction import slots
from bot.extraction.slots import Ambiguity, choices
from bot.extraction.slots.lines import NOT, find, spelled
from bot.understanding.acts import Clause, Utterance, plain
from content.content import Content
from content.dialog import Question
from content.english import LEVELS

PARTNER: Final = "partner"
STATE: Final = "state"
HOURS: Final = "hours"
AGE: Final = "age"

_ELSEWHERE: Final = re.compile(
    r"\b(?:kiwi|nz|new zealand|british|uk|us|american|canadian|irish|indian|chinese|nepali"
    r"|filipino|pakistani)\b"
)
_LOCAL: Final = re.compile(
    r"\b(?:aussie|australian|oz)\b(?! (?:study|studies|degree|uni|university|work|exp\w*|diploma|years?|english))|\bcitizens?\b|\bpr\b|\bperm(?:anent)? res(?:idents?"
    r"|idency|idence)?\b"
)
_ASSESSED: Final = re.compile(r"\bassess(?:ed|ment)\b|\bskilled\b|\bskills assessment\b")
_LIVES: Final = r"\b(?:in|at|from|based in|live in|living in|here in) (?:the )?"
_HOURS_A_WEEK: Final = re.compile(
    r"\b(?P<hours>\d{1,2}(?:\.\d)?) ?(?:h|hrs?|hours?)\b[^;,.]{0,12}?(?:/|\b(?:a|per|each"
    r"|every|the|in the) ?)?\b(?:w|wk|week|weekly)\b"
)
_AT_WORK: Final = re.compile(
    r"\b(?:job|casual|worked|employer|shifts?|contract|consulting|freelanc\w{1,4}|on the side"
    r"|tutoring|lectur\w{1,4})\b"
    r"|\bwork(?:ing|s)? (?:about |around |roughly |only |just |up to |like "
    r"|maybe ){0,2}\d{1,2}(?:\.\d)? ?(?:h|hrs?|hours?)\b"
)
_MINE_IS: Final = re.compile(r"\bmine is (?P<age>1[5-9]|[2-6]\d)\b")
_NAMED_AGED: Final = re.compile(
    r"^(?:hi |hey |hello )?(?:im|i am|myself|this is|name is|my name is) (?!on |at |in |a "
    r"|an |the |from |over |under |about |making |paid )[a-z]+,? (?P<age>1[5-9]"
    r"|[2-6]\d)\b(?! ?(?:years?|yrs?|k\b|%|hours?|hrs?|points?|days?|jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec|to\b|till?\b|until|[-–/:]))"
)
_NUMBER: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")
_NO_WORK: Final = re.compile(
    r"\b(?:no|zero|nil|without(?: any)?|dont have(?: any)?|do not have(?: any)?|havent(?: got)?(?: any)?)"
    r" (?:prior |previous |relevant |formal |real ){0,2}(?:(?:work|working|job|professional|paid"
    r"|skilled|industry|it) ){0,2}(?:experience|exp|work(?! (?:in|here|overseas|abroad|there))|jobs?)\b"
    r"|\b(?:never|havent|have not|not|didnt) (?:yet |ever |actually ){0,2}work(?:ed)?(?: yet| before"
    r"| ever| so far)?(?:$|[,;.])"
    r"|^(?:and |so |but )?(?:work|work experience|experience|exp|jobs?)[: ]{1,2}(?:is )?(?:no|none|nil|zero|0)\b"
    r"|^(?:im |i am |me |still |just |only |a |total |complete ){0,5}freshers?(?: here| only| now)?$"
    r"|\b(?:im|i am) (?:still |just |only |a |total |complete ){0,4}freshers?\b"
    r"|^(?:im |i am |just |fresh |straight ){1,4}(?:out of|off|from) (?:uni|university|college|school)\b"
    r"|^(?:no|zero|0) (?:years?|yrs?)(?: of)? (?:work|working|experience|exp)$"
)
_NO_WORK_WHERE: Final = re.compile(
    r"\b(?:in|with|on|of) (?!this field|my field|total|all\b|any\b|uni\b|university)\w|\b(?:australian?|aus|aussie|oz|here|local|locally|overseas"
    r"|abroad|onshore|offshore|ml|ai|management|leadership)\b"
)
"""'No experience in Python', 'no local work': of one kind or place only."""
_WORK: Final = ("overseas_years", "australian_years")
_SMALL_WORDS: Final = frozenset(
    """
    i im ive am is are was my me a an the of in at on to and with have has had got get for it
    its that this about only just so now ok well say id be would still years year yrs yr old
    each all exp experience work test hi hello hey please pls thanks no yes not yet then by
    sorry actually oops wait mean meant but as from every everything points also running
    currently bit btw fine mine age score scores
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`answers` and `ambiguities` as bot.extraction.slots has them.

    `covers`: the share of the message that they explain.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    ambiguities: tuple[Ambiguity, ...] = ()
    covers: float = 0.0


_PUT_RIGHT: Final = re.compile(
    r"\b\d{1,3}(?:\.\d)?\b\W{1,4}(?:(?:oh|oops|no|wait|sorry|actually)\W{1,4}){0,3}"
    r"(?:sorry|no|wait|oops|actually|i mean|i meant|make that|scratch that)\W{1,4}"
    r"(?=\d{1,3}(?:\.\d)?\b(?! ?(?:years?|yrs?|points?|months?|hours?|k)\b))",
    re.IGNORECASE,
)


def put_right(text: str) -> str:
    """The text with a number that its writer takes back in the same breath left out: 'I am 36.

    Sorry, 35'.
    """
    return _PUT_RIGHT.sub("", text)


def stated(
    content: Content, keys: Iterable[str], said: Utterance, today: date, *, asked: str = ""
) -> Statement:
    """What the message states that answers any of these questions,
    `asked` (the open one, or '') most generously.
    """
    wanted = tuple(keys)
    clauses = tuple(_own_again(clause) for clause in said.clauses)
    mine = [clause for clause in clauses if clause.is_mine and not clause.is_opening]
    partners = [one for one in clauses if one.holder == PARTNER and one.mood == "stated"]
    answers: dict[str, str] = {}
    ambiguities: tuple[Ambiguity, ...] = ()
    own = tuple(key for key in wanted if key != PARTNER or not partners)
    if mine:
        if len(mine) == len(clauses):
            text = said.text
        else:
            text = "; ".join(c.text for c in mine)
        text = without_pay(put_right(text))
        open_one = asked if asked in own else ""
        found = slots.fill_slots(content, own, open_one, text, today)
        answers, ambiguities = dict(found.answers), found.ambiguities
        answers = _without_guesses(content, answers, text, open_one)
        if answers.get(PARTNER) == "single" and _TOGETHER.search(spelled(said.text)):
            answers.pop(PARTNER)  # 'not married, we live together' has a partner
        answers |= _in_passing(content, own, mine, answers, today)
        answers |= _amend(content, mine, answers, today)
        if open_one and not answers and not ambiguities:
            bare = [replace(one, text=without_pay(one.text)) for one in mine]
            answers |= _lone_number(content, open_one, bare, today)
    if partners and PARTNER in wanted:
        partner = partner_of(content, "; ".join(clause.text for clause in partners), today)
        answers |= {PARTNER: partner} if partner else {}
    relevant = [*mine, *(partners if PARTNER in answers else ())]
    return Statement(
        answers=answers,
        ambiguities=ambiguities,
        covers=_coverage(
            content, {*answers, *(one.question for one in ambiguities)}, relevant, said
        ),
    )


_NEVER_THEIRS: Final = re.compile(
    r"\b(?:no|not|without|never|havent) (?:\w{1,10} ){0,3}?(?:naati|ccl|professional year|py"
    r"|(?:aus|aussie|australian|regional) (?:study|degree|uni)|studied in \w+|study in aus\w*)"
    r"|\b(?:naati|ccl|py|professional year) (?:\w{1,10} ){0,2}?(?:no|not|none|never)\b"
)
_NAMES_THEM: Final = re.compile(
    r"\b(?:he|she|hes|shes|his|her|wife|wifes|husband|husbands|partners?|spouse|gf|bf|girlfriend"
    r"|boyfriend|fiancee?)\b"
)


def _own_again(clause: Clause) -> Clause:
    """'Wife has no test, no naati': what no partner is asked for is the speaker's own again."""
    line = plain(clause.text)
    is_theirs = clause.holder == PARTNER and bool(_NAMES_THEM.search(line))
    if clause.holder == PARTNER and not is_theirs and _NEVER_THEIRS.search(line):
        return replace(clause, holder="self")
    return clause


_PAY: Final = re.compile(
    r"(?:a?\$\s?\d[\d,.]{0,12}\s?k?|\b\d[\d,.]{0,12}\s?(?:k|grand|thousand)\b"
    r"|\b\d{2,3},\d{3}\b|\b\d{5,9}\b"
    r"|\b\d[\d,.]{0,12}\s?(?:plus|\+|including|incl?\.?|inclusive of|with|before"
    r"|base)\s{1,3}super\b)(?!\s{0,3}(?:years?|yrs?)\b)",
    re.IGNORECASE,
)


def without_pay(text: str) -> str:
    """The text without amounts of money: '88k including super' is no number of years.

    Nor is the length of a contract on offer.
    """
    if _RATE_OR_OFFER.search(text):
        text = _LENGTH.sub(" ", text)
    return _PAY.sub(" ", text)


_RATE_OR_OFFER: Final = re.compile(
    r"\b(?:a|per|each) day\b|\d ?/ ?d(?:ay)?\b|\bday rate\b|\boffer(?:ed|s)?\b"
    r"|\bcontract\b(?! (?:at|with) \w+ (?:since|for))",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(
    r"\b\d{1,2}[ -]?(?:months?|mths?|mos?|weeks?|wks?)\b(?! (?:of )?(?:exp|work|ago))",
    re.IGNORECASE,
)


_YEARS_SAID: Final = re.compile(
    r"\d ?\+? ?(?:years?|yrs?|yr|y|months?|mths?|mos?)\b|\byears?\b|\bexp\b|\bexperience\b"
)
_WORK_SAID: Final = re.compile(
    r"\bwork(?:ed|ing)?\b|\bexp(?:erience)?\b|\byears?\b|\bjobs?\b|\bemploy"
)


def _without_guesses(
    content: Content, answers: Mapping[str, str], text: str, asked: str
) -> dict[str, str]:
    """Years of work are only those that are said to be years;
    'no Aussie degree' is no 'no work in Australia'.
    """
    line = spelled(text)
    in_years = bool(asked) and content.questions[asked].kind == "years"
    kept = {}
    for key, answer in answers.items():
        is_years = content.questions[key].kind == "years" and key != asked
        if answer == "0":
            says_so = _WORK_SAID
        else:
            says_so = _YEARS_SAID
        if not is_years or in_years or says_so.search(line):
            kept[key] = answer
    return kept


_NO_PARTNER: Final = re.compile(
    r"\b(?:no|without an?|(?:dont|do not) have an?|(?:havent|have not) (?:got )?an?"
    r"|no longer have an?)"
    r" (?:partner|wife|husband|spouse|girlfriend|boyfriend)\b(?! (?:visa|english|skills?|in ))"
)


_TOGETHER: Final = re.compile(
    r"\b(?:liv(?:e|ed|ing) together|de ?facto|bf|gf|boyfriend|girlfriend|fiancee?|my partner"
    r"|our relationship|together for)\b"
)
_UNTESTED: Final = re.compile(
    r"\b(?:not|never|hasnt|havent|didnt|doesnt|isnt|no|without|yet to)\b(?: \w{1,12}){0,3}?"
    r" (?:english|ielts|pte|toefl|language) (?:test|exam|result|score|certificate)s?\b"
)
"""'She has not written any English test yet': for now that partner brings nothing."""


def partner_of(content: Content, text: str, today: date) -> str:
    """The option of the question about a partner that these words mean;
    empty where they say nothing about it.
    """
    line = spelled(text)
    if _NO_PARTNER.search(line):
        return "single"
    if _LOCAL.search(line) and not _ELSEWHERE.search(line):
        return "partner_au_citizen_or_pr"
    if _UNTESTED.search(line):
        return "partner_none_of_these"
    level = _level_of_partner(content, line.replace(PARTNER, ""), today)
    speaks = level in LEVELS or bool(re.search(r"\benglish\b", line) and not NOT.search(line))
    if _ASSESSED.search(line) and not re.search(r"\b(?:no|not|without)\b", line):
        if speaks or not level:
            return "partner_skilled"
        return ""
    if re.search(r"\bno english\b|\bnot (?:in|on|part of) (?:the|my) application\b", line):
        return "partner_none_of_these"
    if level in LEVELS:
        return "partner_competent_english"
    return "partner_none_of_these" if level else ""


_BARE_BANDS: Final = re.compile(
    r"(?<![\d.$])(?P<bands>[4-9](?:\.[05])?(?:[ ,/]{1,2}[4-9](?:\.[05])?){3}|[4-9](?:\.[05])?"
    r"(?= (?:each|in (?:each|all|every\w*)|all|every\w*|across|overall|flat)\b))"
    r"(?! ?(?:years?|yrs?|months?))"
)
_BELOW: Final = re.compile(
    r"(?<![\d.])(?P<one>[45](?:\.5)?) (?:in|for|on) (?:listening|reading|writing|speaking)\b"
    r"|\b(?:listening|reading|writing|speaking)(?: (?:is|was|only|just|at|got)){0,2} (?P<two>[45](?:\.5)?)\b"
)


_FIVE_PASSPORTS: Final = re.compile(
    r"\b(?:is|an?|got|has|have|hes|shes|from) (?:an? )?(?:irish|british|english|scottish|welsh|american"
    r"|canadian|kiwi|nz|new zealander|uk|us)\b(?! (?:test|teacher|nurse|company|school|exam|score"
    r"|degree|uni|visa|level|dollars?))"
)
"""Whose passport counts as Competent without a test."""


def _level_of_partner(content: Content, line: str, today: date) -> str:
    """The level of a partner's English: bands without a test's name are of the one that has such."""
    if _FIVE_PASSPORTS.search(line):
        return "competent"
    names = {name for test in content.english.tests.values() for name in test.also_called}
    is_named = any(find(name, line) for name in (*names, *content.english.tests))
    if not is_named and (_BARE_BANDS.search(line) or _BELOW.search(line)):
        if _BELOW.search(line):
            return "below_competent"
        line = _BARE_BANDS.sub(lambda hit: f"ielts {hit[0]}", line, count=1)
    elif is_named and _BELOW.search(line) and find("ielts", line):
        return "below_competent"
    english = slots.fill_slots(content, ("english",), "", line, today)
    if "english" not in english.answers:
        return ""
    return slots.level_of(english.answers["english"])


def _in_passing(
    content: Content,
    keys: Iterable[str],
    clauses: Iterable[Clause],
    known: Mapping[str, str],
    today: date,
) -> dict[str, str]:
    """Hours a week, and the state somebody lives in: said among other things."""
    found: dict[str, str] = {}
    whole = " ".join(clause.text.lower() for clause in clauses)
    for clause in clauses:
        line = spelled(clause.text)
        if (
            HOURS in keys
            and HOURS not in known
            and (hit := _HOURS_A_WEEK.search(line))
            and not _AT_WORK.search(whole)
        ):
            found[HOURS] = f"{float(hit['hours']):g}"
        if STATE in keys and STATE not in known and (state := _state(content, line, whole)):
            found[STATE] = state
        hit = _MINE_IS.search(line) or _NAMED_AGED.search(line)
        if AGE in keys and AGE not in known and hit:
            found[AGE] = f"{hit['age']} on {today.isoformat()}"
        found |= _choices_by_name(content, keys, line, {**known, **found})
    return found | _no_work(keys, clauses, {**known, **found})


def _no_work(
    keys: Iterable[str], clauses: Iterable[Clause], known: Mapping[str, str]
) -> dict[str, str]:
    """'No work experience', 'fresher': no years on either side of the border, where none are
    told.
    """
    lines = [spelled(clause.text).strip(" .,") for clause in clauses]
    is_said = any(_NO_WORK.search(one) and not _NO_WORK_WHERE.search(one) for one in lines)
    if not is_said or any(known.get(key, "0") != "0" for key in _WORK):
        return {}
    return {key: "0" for key in _WORK if key in keys and key not in known}


def _choices_by_name(
    content: Content, keys: Iterable[str], line: str, known: Mapping[str, str]
) -> dict[str, str]:
    """'background software', 'state to NT': a question's name and an option of it."""
    found = {}
    for key in keys:
        question = content.questions[key]
        if question.kind != "choice" or key in known:
            continue
        for name in (key, question.label.lower()):
            option = _beside(question, name, line)
            if option:
                found[key] = option
    return found


def _beside(question: Question, name: str, line: str) -> str | None:
    """The option that stands beside a question's name: after it, else before it."""
    if name not in line:
        return None
    after = re.search(rf"\b{re.escape(name)}(?: is| to|:| =|=)? (?P<value>[a-z /]+)", line)
    before = re.search(rf"(?P<value>[a-z]+) {re.escape(name)}\b", line)
    for hit in (after, before):
        option = None
        if hit:
            option = choices.choice(question, hit["value"].strip())
        if option:
            return option
    return None


def _amend(
    content: Content, mine: list[Clause], answers: Mapping[str, str], today: date
) -> dict[str, str]:
    """'35, sorry 36': a number that takes the place of the one before it in the same breath."""
    if len(answers) != 1 or len(mine) < 2 or not mine[-1].does("correct"):
        return {}
    key = next(iter(answers))
    numbers = _NUMBER.findall(mine[-1].text)
    if len(numbers) != 1 or content.questions[key].kind not in ("age", "years", "hours"):
        return {}
    found = slots.read(content, key, numbers[0], today)
    if not isinstance(found, str):
        return {}
    return {key: found}


_EMPLOYERS: Final = re.compile(
    r"\b(?:offer(?:s|ed|ing)?|firms?|compan(?:y|ies)|crowd|bank|employers?|agency|clients?"
    r"|startups?|recruiters?|roles?|positions?|jobs?|ads?)\b"
)
"""Whose place it is that a clause names: 'a bank in Perth offers'
says nothing of where its hearer lives.
"""


_MAY: Final = re.compile(
    r"\b(?:can|could|may|should|would|will|must|do|does|if|when)\s(?:we|i|he|she|they|you|one)\b"
)
"""'Can we live in the Gold Coast with that' says nothing of where anybody lives."""


def _state(content: Content, line: str, whole: str) -> str:
    if _EMPLOYERS.search(line) or _MAY.search(line):
        return ""
    if re.search(r"\d ?(?:\+ ?)?(?:years?|yrs?|months?)\b|\bstud(?:y|ied)\b|\bdegree\b", line):
        return ""
    bare = line.strip(" ,.")
    for key, option in content.questions[STATE].options.items():
        for word in (key, *option.words):
            if word not in line:
                continue
            is_bare = bare == word and not _EMPLOYERS.search(whole)
            if (
                is_bare
                or bare == f"im in {word}"
                or re.search(rf"{_LIVES}{re.escape(word)}\b", line)
            ):
                return key
    return ""


def _lone_number(
    content: Content, asked: str, clauses: Iterable[Clause], today: date
) -> dict[str, str]:
    """'31 running', 'id say 1': a short clause with one number,
    where the open question wants one.
    """
    question = content.questions[asked]
    if question.kind not in ("age", "years", "hours", "choice"):
        return {}
    for clause in clauses:
        numbers = _NUMBER.findall(clause.text)
        if len(numbers) != 1 or len(clause.text.split()) > _SHORT:
            continue
        if question.kind == "choice" and numbers[0] not in question.options:
            continue
        found = slots.read(content, asked, numbers[0], today)
        if isinstance(found, str):
            return {asked: found}
    return {}


_SHORT: Final = 7
"""Words: a clause with a number in it that is no longer than this may be an
answer to a question that wants a number.
"""


def _coverage(content: Content, found: set[str], relevant: list[Clause], said: Utterance) -> float:
    """The share of the message's content words that stand in clauses about what was found,
    or belong to its questions.
    """
    if not found:
        return 0.0
    words = [word for word in said.line.split() if word not in _SMALL_WORDS]
    if not words:
        return 1.0
    vocabulary = _vocabulary(content, found)
    known = [
        word
        for clause in relevant
        for word in plain(clause.text).split()
        if word not in _SMALL_WORDS and (word in vocabulary or word[0].isdigit())
    ]
    return min(1.0, len(known) / len(words))


def _vocabulary(content: Content, keys: Iterable[str]) -> frozenset[str]:
    """Words that belong to these questions: their names, options, tests and places."""
    words: set[str] = set()
    for key in keys:
        question = content.questions[key]
        words.update(
            key.split("_"), *(name.split() for name in (question.label.lower(), *question.called))
        )
        words.update(*(mention.split() for mention in question.mentions))
        for option in question.options.values():
            words.update(
                *(word.split() for word in (spelled(option.label), *option.words, *option.anywhere))
            )
        if question.kind == "english":
            words |= _ENGLISH_WORDS
            for name, test in content.english.tests.items():
                words.update(
                    name.split(), *(one.split() for one in (spelled(test.name), *test.also_called))
                )
        if question.kind == "years":
            words.update(*(place.name.lower().split() for place in content.places.values()))
        if question.kind == "hours":
            words |= {"hours", "hrs", "hour", "h", "week", "weekly", "wk"}
    return frozenset(words)


_ENGLISH_WORDS: Final = frozenset(
    """
    overall listening reading writing speaking band bands l r w s in before after since old new
    ibt academic
    """.split()
)


def negates(said: Utterance) -> bool:
    """'nothing really', 'can't show any': a refusal in place of an answer in words."""
    return bool(_REFUSES.search(said.line))


_REFUSES: Final = re.compile(
    r" (?:nothing|none|nope|no evidence|nil|cant|cannot|can not|wont|wouldnt|not really"
    r"|no link|nda|skip|na|nah|no) "
)


def is_named(content: Content, key: str, line: str) -> bool:
    """Whether these words name this question: 'second one', 'english', 'manila'."""
    question = content.questions[key]
    names = (key, key.replace("_", " "), question.label.lower(), *question.called)
    return any(find(name, line) for name in names)
