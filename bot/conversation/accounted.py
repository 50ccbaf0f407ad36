"""How much of a text a reader accounts for: what lets it say 'not mine'.

A reader of a few words wins over every other one where those are all that is said. Each further
word that it knows nothing of makes it less sure, so that a text about something else goes to the
reader that explains it.
"""

import re
from typing import Final

from bot.extraction.calendar_names import MONTHS

FREE: Final = 2
"""Words that say nothing to a reader and cost nothing."""
_COST: Final = 0.12
LEAST: Final = 0.4
_SMALL: Final = frozenset(
    """
    a about abt after again ago all also already always am an and any anyway are as at au aussie
    aus australia away back bad be because been before being best better bit but by came can cant
    come could dear did do does doesnt doing done dont down each else end even ever every exactly
    far feel few first for from gave get gets getting give given go goes going gone gonna good got
    guess had hard has have havent he hello help her here hey hi him his hmm hold how however i id
    if ill im in into is isnt it its ive job just keep know last late later least left less let
    like little ll long look lot made make makes many matter maybe me mean might mine months more
    most much must my near need needs never new next no not nothing now of off oh ok okay old on
    once one ones only or other our out over people please pls point possible really right said
    same say says see she should since so some something soon sorry still such sure take takes
    tell than thank thanks that thats the their them then there these they thing things think this
    those though time to today told too took try two under until up us use very want was way we
    week well went were what whats when where which while who why will wish with within wont work
    would yeah year years yes yet you your yr yrs
    """.split()
)
_OF_MIGRATION: Final = frozenset(
    """
    189 190 491 482 186 485 191 2613 261311 261312 261313 261399 224999 acs age agent anzsco
    application apply applied applying assessment authority bachelor band bands bridging cap charge
    citizen code codes competent cost csol cut cutoff days degree developer document documents eoi
    employer engineer english experience family fee fees grant health ielts immi invitation
    invitations invite invited invites job jobs law lawyer list lists lodge lodged lowest mara
    masters migration minimum ml mltssl naati nomination nominate nsw nt occupation offer
    offshore onshore overseas part partner pass passport pathway permanent phd point points pool pr
    processing proficient program programmer pte pts qld regional register residency residence rol
    round rounds rpl sa scientist score scores scored section selected senior skill skilled skills
    skillselect software sponsor sponsored sponsorship state states stsol submit subclass superior
    table tas temporary test tests threshold toefl total turn turning turns vetassess vic victoria
    visa visas wa waiting weeks work working
    """.split()
)
_KNOWN: Final = _SMALL | _OF_MIGRATION | frozenset(MONTHS)


def share(line: str, *patterns: re.Pattern[str]) -> float:
    """The share of a plain line that a reader with these patterns accounts for, from 1 down."""
    rest = line
    for pattern in patterns:
        rest = pattern.sub(" ", rest)
    unknown = [word for word in rest.split() if word not in _KNOWN and not word[0].isdigit()]
    return max(LEAST, 1.0 - _COST * max(0, len(unknown) - FREE))
