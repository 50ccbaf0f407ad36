"""Everything the bot knows, as one frozen value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from content.acts import Acts
from content.advice import Advice
from content.answer import Answer
from content.attribute import AnswerUnit, Attributes
from content.care import Care
from content.claims import NotRepeated
from content.code import CodeNumber, OccupationCode
from content.commands import Command, CommandGroup
from content.dialog import Dialog, Question
from content.english import English
from content.entry import Fact, Source
from content.job_ad import JobAd
from content.language import Concept, Examples, FollowUp, Intent, Writing
from content.migration import Migration
from content.news import NewsItem
from content.nudge import Nudges
from content.occupation import Occupation
from content.other_language import OtherLanguage
from content.places import Place
from content.plan import Plan
from content.points import PointsTest
from content.quiz import Quiz
from content.subject import MentionFinder, Subject
from content.tax_year import TaxYear
from content.term import Term
from content.visa import Subclass, Visa

SHORTEST_NAME: Final = 3
"""Shorter names of places ('WA', 'LA') are words of other things in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What was read from one folder. Every mapping is keyed by the key that the files use."""

    folder: Path
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Every fact of every file, by the place where it stands; gathered by `load`."""
    fact_keys: Mapping[int, str] = field(default_factory=dict, repr=False)
    """The way back: where a fact stands, by its identity."""
    phrases: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    groups: Mapping[str, CommandGroup] = field(default_factory=dict)
    """The groups of commands, in the order of help."""
    commands: Mapping[str, Command] = field(default_factory=dict)
    data_fields: Mapping[str, str] = field(default_factory=dict)
    occupations: Mapping[str, Occupation] = field(default_factory=dict)
    not_repeated: Mapping[str, NotRepeated] = field(default_factory=dict)
    points: PointsTest
    tax: Mapping[str, TaxYear] = field(default_factory=dict)
    """By income year: '2026-27'."""
    pay: Mapping[str, Fact] = field(default_factory=dict)
    """What stands beside sums of pay."""
    questions: Mapping[str, Question] = field(default_factory=dict)
    dialogs: Mapping[str, Dialog] = field(default_factory=dict)
    english: English
    migration: Migration
    acts: Acts
    advice: Advice
    care: Care
    languages: Mapping[str, OtherLanguage] = field(default_factory=dict)
    visas: Mapping[Subclass, Visa] = field(default_factory=dict)
    codes: Mapping[CodeNumber, OccupationCode] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attributes: Attributes = field(default_factory=dict)
    subjects: tuple[Subject, ...] = field(default=(), repr=False)
    """What questions are about, gathered by `load`: every visa, code, level, test,
    place and unit.
    """
    mentions: MentionFinder = field(default=MentionFinder(()), repr=False)
    """Which subjects a text speaks of."""
    answer_units: Mapping[str, AnswerUnit] = field(default_factory=dict, repr=False)
    """Everything that can be answered in a few lines, gathered by `load`."""
    glossary: Mapping[str, Term] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    """By the unit that each asks about, and `article`."""
    news: Mapping[str, NewsItem] = field(default_factory=dict)
    nudges: Nudges
    job_ad: JobAd
    """The words by which a job ad is read."""
    writing: Writing
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    follow_ups: tuple[FollowUp, ...]
    examples: Mapping[str, Examples] = field(default_factory=dict)

    @cached_property
    def place_names(self) -> Mapping[str, tuple[str, ...]]:
        """The names of places in Australia and elsewhere, in lower case: the sides of the border
        that questions about work have.

        A whole country with several clocks is among a question's own mentions.
        """
        single = [place for place in self.places.values() if not place.several]
        home = [place for place in single if place.is_australian]
        away = [place for place in single if not place.is_australian]
        return {"australia": _names(home), "elsewhere": _names(away)}

    def group_of(self, command: str) -> CommandGroup | None:
        """The group of a command; None for what is none."""
        entry = self.commands.get(command)
        if entry is None:
            return None
        return self.groups[entry.group]

    @cached_property
    def command_names(self) -> Mapping[str, str]:
        """Every name and alias of a command, in lower case, with its command."""
        return {
            name: key
            for key, command in self.commands.items()
            for name in (key, key.replace("-", "_"), *command.aliases)
        }


def _names(places: Iterable[Place]) -> tuple[str, ...]:
    every = (name for place in places for name in (place.name.lower(), *place.aka))
    return tuple(name for name in every if len(name) > SHORTEST_NAME)
