"""What a message mentions, as a set of names: the concepts found in it and a few facts (@…) about
its values and wording.

Rules count these, the model sees them. The facts here need more than a word list: whether a job is
the topic or the speaker's background, whether a country is where somebody comes from or wants to
go.
"""

from itertools import pairwise

from bot.understanding.entities import Values
from bot.understanding.normalise import Written
from bot.understanding.phrase_matcher import Hit

FEATURES = tuple(
    """
    @subclass @one_subclass @subclasses @named_visa @other_visa @occupation @amount @two_amounts
    @day_rate @years @level @points @score @step @weekday @time @zone @duration @until @short
    @long @question_first @topic_job @background_job @background_trade @topic_tech @topic_visa
    @destination @remind_to_other @foreign @gibberish
    """.split()
)

FOREIGN_LETTERS = 0.15
"""Above this share of letters that English does not use, a text is in another language: Vietnamese
has a quarter, `résumé tips` less.
"""
_QUESTION = frozenset(
    """
    how what which why when where who is are do does can could should will would did have has am
    """.split()
)
_IS_A = frozenset(["am", "as", "was", "been", "former", "ex"])
_LIVES = frozenset(
    """
    am living live working work based currently born staying grew study studying
    """.split()
)
_AFTER_ORIGIN = frozenset(
    """
    degree degrees company experience citizen citizens national qualification university
    passport employer background bachelor
    """.split()
)
_STUDY = frozenset(
    """
    study learn do code practise practice revise work finish start continue keep read complete
    resume my
    """.split()
)


def signals(written: Written, hits: tuple[Hit, ...], values: Values) -> frozenset[str]:
    words = written.words
    found = {hit.concept for hit in hits}
    found.update(_value_facts(values))
    found.update(_job_facts(words, hits))
    if len(words) <= 4:
        found.add("@short")
    if len(words) > 25:
        found.add("@long")
    if words and words[0] in _QUESTION:
        found.add("@question_first")
    if any(not _is_origin(words, hit) for hit in hits if hit.concept == "other_country"):
        found.add("@destination")
    if any(not _is_status(words, hit) for hit in hits if hit.concept == "other_visa"):
        found.add("@topic_visa")
    if _reminds_of_other(words):
        found.add("@remind_to_other")
    found.update(_strange(written, hits))
    return frozenset(found)


def _value_facts(values: Values) -> set[str]:
    count = len(values.subclasses)
    facts = {
        "@subclass": count > 0,
        "@one_subclass": count == 1,
        "@subclasses": count > 1,
        "@named_visa": values.named_visa,
        "@other_visa": bool(values.other_visas),
        "@occupation": bool(values.occupations),
        "@amount": bool(values.amounts),
        "@two_amounts": len(values.amounts) + len(values.day_rates) > 1,
        "@day_rate": bool(values.day_rates),
        "@years": values.years is not None,
        "@level": bool(values.level),
        "@points": values.points is not None,
        "@score": values.score is not None,
        "@step": bool(values.steps),
        "@weekday": bool(values.weekdays),
        "@time": values.time is not None,
        "@zone": bool(values.zone),
        "@duration": values.days is not None or values.hours is not None,
        "@until": bool(values.until),
    }
    return {name for name, holds in facts.items() if holds}


def _job_facts(words: tuple[str, ...], hits: tuple[Hit, ...]) -> set[str]:
    """A job is background when it is the speaker's ('I am a nurse', 'java dev 8 years', 'from
    teaching'); else it is the topic.
    """
    facts: set[str] = set()
    for hit in hits:
        if hit.concept not in ("trade_job", "tech_job"):
            continue
        trade = hit.concept == "trade_job"
        if _is_background(words, hit):
            facts.add("@background_job")
            if trade:
                facts.add("@background_trade")
        else:
            facts.add("@topic_job" if trade else "@topic_tech")
    return facts


def _is_background(words: tuple[str, ...], hit: Hit) -> bool:
    before = words[max(0, hit.start - 4) : hit.start]
    after = words[hit.end : hit.end + 4]
    if "from" in before or "here" in after[:3] or "background" in after:
        return True
    if "become" in before or "becoming" in before:
        return False
    if any(word in ("years", "year") for word in after[1:]) and any(
        word.isdecimal() for word in after
    ):
        return True
    if before and before[-1] in ("years", "year"):
        return True
    near = before[-3:]
    return bool(near) and near[-1] not in ("to", "for", "like") and bool(set(near) & _IS_A)


def _is_origin(words: tuple[str, ...], hit: Hit) -> bool:
    """Where somebody is or comes from, not where they want to go."""
    before = words[max(0, hit.start - 4) : hit.start]
    if hit.end < len(words) and words[hit.end] in _AFTER_ORIGIN:
        return True
    if not before:
        return False
    if "from" in before or "leaving" in before:
        return True
    said = words[: hit.start]
    lives = ("i" in words and bool(_LIVES & set(said))) or ("we", "are") in pairwise(said)
    return lives and any(word in ("in", "at") for word in (*before[-2:], words[hit.start]))


def _is_status(words: tuple[str, ...], hit: Hit) -> bool:
    """The visa somebody holds now: 'I am on a student visa'."""
    before = words[max(0, hit.start - 2) : hit.start]
    return "on" in before and "i" in words[: hit.start]


def _reminds_of_other(words: tuple[str, ...]) -> bool:
    """'remind me to call mum': something to do that is not studying."""
    for place in range(len(words) - 3):
        if (
            words[place] in ("remind", "nudge", "ping", "notify")
            and words[place + 1] in ("me", "us")
            and words[place + 2] in ("to", "about", "of")
        ):
            return not set(words[place + 3 : place + 6]) & (_STUDY | {"the", "this", "plan"})
    return False


def _strange(written: Written, hits: tuple[Hit, ...]) -> set[str]:
    letters = [char for char in written.plain if char.isalpha()]
    if letters and sum(not char.isascii() for char in letters) > FOREIGN_LETTERS * len(letters):
        return {"@foreign"}
    if len({written.words[hit.start] for hit in hits if hit.concept == "foreign"}) >= 2:
        return {"@foreign"}
    if written.unknown > 0.5 and not any(hit.concept != "foreign" for hit in hits):
        return {"@gibberish"}
    return set()
