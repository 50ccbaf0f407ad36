"""Everything the bot knows, as one frozen value, and the way it is read from a folder.

`SECTIONS` says which files make which attribute of `Content`; a new kind of content is one model,
one attribute and one line there. All problems of all files are reported together, each with file,
line, key, what is wrong and what to write.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final
from weakref import WeakValueDictionary

from pydantic import TypeAdapter, ValidationError

from content import cache
from content.acts import Acts
from content.advice import Advice
from content.answer import Answer
from content.answer_units import answer_units
from content.attribute import Attributes
from content.care import Care
from content.checks.answers import check_answers
from content.checks.attributes import check_attributes
from content.checks.care import check_care
from content.checks.dialogs import check_dialogs
from content.checks.glossary import check_glossary
from content.checks.job_ad import check_job_ad
from content.checks.language import check_language
from content.checks.news import check_news
from content.checks.other_languages import check_other_languages
from content.checks.plans import check_plans
from content.checks.quizzes import check_quizzes
from content.checks.references import check_commands, check_facts, check_occupations, check_phrases
from content.checks.visas import check_visas
from content.claims import NotRepeated
from content.code import OccupationCode
from content.commands import Command, CommandGroup
from content.content import Content
from content.dialog import Dialog, Question
from content.english import English
from content.entry import ClaimId, Fact, Key, Source, Words
from content.facts import facts_below
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
from content.reading import ContentSyntax, Document, Problem, read
from content.subject import MentionFinder
from content.subjects import subjects
from content.tax_year import TaxYear
from content.term import Term
from content.visa import Visa


class ContentError(Exception):
    """The folder cannot be used. `problems` are sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Section:
    """`pattern` is a glob below the folder.

    With `many`, each file is a mapping and the files are merged by key; otherwise each file is one
    entry, keyed by its stem, or (`single`) the attribute itself.
    """

    attribute: str
    pattern: str
    shape: Any
    many: bool = False
    single: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("phrases", "phrases/*.yaml", Mapping[str, Words], many=True),
    Section("sources", "sources.yaml", Mapping[Key, Source], many=True),
    Section("data_fields", "data_fields.yaml", Mapping[str, Words], many=True),
    Section("groups", "groups.yaml", Mapping[Key, CommandGroup], many=True),
    Section("commands", "commands.yaml", Mapping[str, Command], many=True),
    Section("occupations", "occupations/*.yaml", Occupation),
    Section("not_repeated", "claims.yaml", Mapping[ClaimId, NotRepeated], many=True),
    Section("points", "points.yaml", PointsTest, single=True),
    Section("tax", "tax/*.yaml", TaxYear),
    Section("pay", "pay.yaml", Mapping[Key, Fact], many=True),
    Section("questions", "questions/*.yaml", Mapping[Key, Question], many=True),
    Section("dialogs", "dialogs/*.yaml", Dialog),
    Section("english", "english.yaml", English, single=True),
    Section("migration", "migration.yaml", Migration, single=True),
    Section("acts", "language/acts.yaml", Acts, single=True),
    Section("advice", "language/advice.yaml", Advice, single=True),
    Section("care", "care.yaml", Care, single=True),
    Section("languages", "language/languages.yaml", Mapping[Key, OtherLanguage], many=True),
    Section("visas", "visas/*.yaml", Visa),
    Section("codes", "codes/*.yaml", OccupationCode),
    Section("places", "places.yaml", Mapping[Key, Place], many=True),
    Section("plans", "plans/*.yaml", Plan),
    Section("answers", "answers/*.yaml", Mapping[Key, Answer], many=True),
    Section("glossary", "glossary.yaml", Mapping[Key, Term], many=True),
    Section("quizzes", "quizzes/*.yaml", Quiz),
    Section("attributes", "attributes.yaml", Attributes, single=True),
    Section("news", "news.yaml", Mapping[Key, NewsItem], many=True),
    Section("job_ad", "job_ad.yaml", JobAd, single=True),
    Section("nudges", "nudges.yaml", Nudges, single=True),
    Section("writing", "language/words.yaml", Writing, single=True),
    Section("concepts", "language/concepts.yaml", Mapping[Key, Concept], many=True),
    Section("intents", "language/intents.yaml", Mapping[Key, Intent], many=True),
    Section("follow_ups", "language/follow_ups.yaml", tuple[FollowUp, ...], single=True),
    Section("examples", "language/examples/*.yaml", Examples),
)

Check = Callable[[Content, Mapping[str, Document]], Iterable[Problem]]
CHECKS: tuple[Check, ...] = (
    check_facts,
    check_occupations,
    check_commands,
    check_phrases,
    check_plans,
    check_language,
    check_visas,
    check_dialogs,
    check_answers,
    check_glossary,
    check_quizzes,
    check_job_ad,
    check_news,
    check_care,
    check_other_languages,
)
"""What only holds between files: references, ranges that must agree.

Each yields problems with the place to mend.
"""


def folder_shipped() -> Path:
    """The folder that comes with the program."""
    return Path(str(resources.files("content")))


def load(folder: Path | None = None) -> Content:
    """Read a content folder (the shipped one when None).

    Raises ContentError with every problem found. What was found whole before is taken from the
    cache; what is in use in this process, and has not changed, is given out again.
    """
    folder = folder or folder_shipped()
    name = cache.mark(_files(folder))
    content = _IN_USE.get((folder, name)) or _load(folder, name)
    _IN_USE[folder, name] = content
    return content


_IN_USE: Final[WeakValueDictionary[tuple[Path, str], Content]] = WeakValueDictionary()
"""By folder and mark, for as long as somebody holds it."""


def _load(folder: Path, name: str) -> Content:
    kept = cache.read(name)
    if kept is not None and kept.keys() == {section.attribute for section in SECTIONS}:
        whole = _whole(folder, {each.attribute: _validate(each, kept) for each in SECTIONS})
        return _with_answers(replace(whole, subjects=subjects(whole)))
    values: dict[str, Any] = {}
    content = _read(folder, values)
    cache.keep(name, values)
    return content


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(path for section in SECTIONS for path in sorted(folder.glob(section.pattern)))


def _validate(section: Section, kept: Mapping[str, bytes]) -> Any:
    is_keyed = not (section.many or section.single)
    # Built at run time.
    shape = Mapping[str, section.shape] if is_keyed else section.shape  # type: ignore[name-defined]
    return TypeAdapter(shape).validate_json(kept[section.attribute])


def _whole(folder: Path, attributes: Mapping[str, Any]) -> Content:
    facts = facts_below(attributes)
    fact_keys = {id(fact): key for key, fact in facts.items()}
    return Content(folder=folder, **attributes, facts=facts, fact_keys=fact_keys)


def _read(folder: Path, values: dict[str, Any]) -> Content:
    """The folder's files, checked one by one and together; `values` is given what they hold."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    attributes: dict[str, Any] = {}
    for section in SECTIONS:
        attributes[section.attribute] = _section(folder, section, documents, problems)
        values[section.attribute] = _raw(folder, section, documents)
    if problems:
        raise ContentError(problems)
    content = _whole(folder, attributes)
    for check in CHECKS:
        problems.extend(check(content, documents))
    if problems:
        raise ContentError(problems)
    content = replace(content, subjects=subjects(content))
    if problems := list(check_attributes(content, documents)):
        raise ContentError(problems)
    return _with_answers(content)


def _with_answers(content: Content) -> Content:
    """The content with what is made of its entries and subjects, which had to be whole before."""
    content = replace(content, advice=content.advice.with_visas(content.visas))
    content = replace(
        content, mentions=MentionFinder(content.subjects, content.writing.clear_visas)
    )
    return replace(content, answer_units=answer_units(content))


def _raw(folder: Path, section: Section, documents: Mapping[str, Document]) -> Any:
    raw: dict[str, Any] = {}
    for path in sorted(folder.glob(section.pattern)):
        document = documents.get(path.relative_to(folder).as_posix())
        if document is None:
            continue
        if section.single:
            return document.value
        if section.many:
            raw |= document.value
        else:
            raw[path.stem] = document.value
    return raw


def _section(
    folder: Path, section: Section, documents: dict[str, Document], problems: list[Problem]
) -> Any:
    adapter = TypeAdapter(section.shape)
    entries: dict[str, Any] = {}
    files: dict[str, str] = {}
    paths = sorted(folder.glob(section.pattern))
    if not paths:
        problems.append(
            Problem(
                file=section.pattern,
                line=0,
                key="",
                what="no such file",
                instead="add at least one file",
            )
        )
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            document = read(path, name)
        except ContentSyntax as error:
            problems.append(error.problem)
            continue
        documents[name] = document
        try:
            value = adapter.validate_python(document.value)
        except ValidationError as error:
            problems.extend(document.explain(error))
            continue
        if section.single:
            return value
        if section.many:
            for key, entry in value.items():
                if key in entries:
                    problems.append(
                        document.problem(
                            (key,),
                            f"this key stands in {files[key]} too",
                            "one of the two, or another key",
                        )
                    )
                entries[key], files[key] = entry, name
        else:
            entries[path.stem] = value
    return entries
