"""Every subject that questions are about, read out of the entries that are there:
a new visa or code is a new subject.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from content.code import OccupationCode
from content.content import Content
from content.english import English, Level, Scores
from content.entry import Fact
from content.occupation import Band, Contract
from content.subject import KINDS, Kind, Subject
from content.visa import Shared, Visa


def subjects(content: Content) -> tuple[Subject, ...]:
    """Every subject of every kind, in the order of the files."""
    return tuple(subject for kind in KINDS for subject in _SUBJECTS[kind](content))


def _visas(content: Content) -> Iterator[Subject]:
    for key, visa in content.visas.items():
        facts = {row: _reference(content, cell) for row, cell in visa.cells.items()}
        income = _income(content, visa.thresholds)
        yield Subject(
            kind="visa",
            key=key,
            name=f"the {key}",
            typed=key,
            names=(key, visa.name.lower(), *visa.also_called),
            page=f"visa {key}",
            fills={"title": visa.name, "line": visa.in_a_line, **facts, **income, **_steps(visa)},
        )


def _steps(visa: Visa) -> dict[str, str]:
    """The steps in order, numbered."""
    titles = (f"{number} {step.title}" for number, step in enumerate(visa.steps, 1))
    if not visa.steps:
        return {}
    return {"steps": "; ".join(titles)}


def _income(content: Content, thresholds: Iterable[str]) -> dict[str, str]:
    """Each threshold's latest figure; where sources disagree, the other one too."""
    fills: dict[str, str] = {}
    for name in thresholds:
        latest = content.migration.thresholds[name].years[-1]
        for label, fact in zip((name, f"{name}_other"), latest.facts, strict=False):
            fills[label] = _reference(content, fact)
    return fills


def _codes(content: Content) -> Iterator[Subject]:
    migration = content.migration
    for key, code in content.codes.items():
        opens = [
            route.label for route in migration.routes.values() if set(route.lists) & set(code.lists)
        ]
        closed = [route.label for route in migration.routes.values() if route.label not in opens]
        names = dict.fromkeys(migration.lists[name].name for name in code.lists)
        listed = [f"{one.state} ({', '.join(one.visas)})" for one in code.states or ()]
        fills = {
            "title": code.title,
            "edition": code.edition,
            "assessor": _reference(content, code.assessor),
            "is_not": code.is_not or "",
            "opens": ", ".join(opens),
            "closed": ", ".join(closed),
            "lists": ", ".join(names),
            "states": ", ".join(listed),
        }
        facts = [_address(content, migration.lists[name].made_by) for name in code.lists]
        yield Subject(
            kind="code",
            key=key,
            name=key,
            typed=key,
            names=(key, code.title.lower(), *code.also_called),
            page=f"code {key}",
            fills={name: text for name, text in fills.items() if text},
            rests_on=tuple(facts),
        )


def _levels(content: Content) -> Iterator[Subject]:
    occupation = next(each for each in content.occupations.values() if each.default)
    named: dict[str, Band | Contract] = dict(occupation.bands)
    if occupation.contract:
        named["contract"] = occupation.contract
    for key, level in named.items():
        if isinstance(level, Band):
            pay = level.pay
        else:
            pay = level.day_rate
        fills = {"label": level.label, "pay": _reference(content, pay)}
        if isinstance(level, Contract):
            fills["yearly"] = _reference(content, level.yearly)
        yield Subject(
            kind="level",
            key=key,
            name=level.label,
            typed=level.short,
            names=tuple(
                name
                for name in map(str.lower, (key, level.short, level.label, *level.aliases))
                if name not in _WORDS_TOO
            ),
            page=f"salary {key}",
            fills=fills,
        )


_WORDS_TOO = frozenset(
    ["lead", "head", "staff", "entry", "starting", "middle", "principal", "director", "intern"]
)
"""Names of levels that are English words too: alone they speak of nothing ('lead to', 'entry')."""


def _english_tests(content: Content) -> Iterator[Subject]:
    english = content.english
    for key, test in english.tests.items():
        fills = {str(level): _scores(scores) for level, scores in test.scores.items()}
        for level, scores in (test.before or {}).items():
            fills[f"{level}_before"] = _scores(scores)
        yield Subject(
            kind="english_test",
            key=key,
            name=test.name,
            typed=min((test.name, *test.also_called), key=len),
            names=tuple(map(str.lower, (test.name, *test.also_called))),
            page="visa english",
            fills=fills,
            rests_on=(english.source,),
        )


def _scores(scores: Scores) -> str:
    """'7 in each skill', or each of the four by name."""
    each = {name: f"{value:g}" for name, value in scores.model_dump().items()}
    if len(set(each.values())) == 1:
        return f"{next(iter(each.values()))} in each skill"
    return ", ".join(f"{name} {value}" for name, value in each.items())


def _english_levels(content: Content) -> Iterator[Subject]:
    english = content.english
    points = content.points.english.model_dump()
    for level, name in english.levels.items():
        tests = [
            f"{test.name} {_short_scores(test.scores[level])}"
            for test in english.tests.values()
            if level in test.scores
        ]
        yield Subject(
            kind="english_level",
            key=level,
            name=f"{name} English",
            typed=f"{level} english",
            names=(level,),
            page="visa english",
            fills={
                "scores": "; ".join(tests[:2]),
                "points": str(points[level]),
                "before": "; ".join(_before(english, level)),
            },
            rests_on=(english.source, content.points.source),
        )


def _before(english: English, level: Level) -> Iterator[str]:
    """What the level took in tests whose table changed."""
    for test in english.tests.values():
        if test.before and level in test.before and test.before != test.scores:
            yield f"{test.name} {_short_scores(test.before[level])}"


def _short_scores(scores: Scores) -> str:
    """'7 each', or '58/59/69/76' in the order of the instrument."""
    each = [f"{value:g}" for value in scores.model_dump().values()]
    if len(set(each)) == 1:
        return f"{each[0]} each"
    return "/".join(each)


def _occupation_lists(content: Content) -> Iterator[Subject]:
    migration = content.migration
    merged: dict[str, list[str]] = {}
    for key, one in migration.lists.items():
        merged.setdefault(one.name, []).append(key)
    for name, keys in merged.items():
        made_by = migration.lists[keys[0]].made_by
        opens = [route.label for route in migration.routes.values() if set(route.lists) & set(keys)]
        titles = [f"{title.title} ({number})" for number, title in _occupations_on(content, keys)]
        yield Subject(
            kind="occupation_list",
            key=name.lower(),
            name=f"the {name}",
            typed=name,
            names=(name.lower(), str(made_by.value).lower()),
            page="code",
            fills={"full": _reference(content, made_by), "opens": ", ".join(opens)}
            | ({"codes": ", ".join(titles)} if titles else {}),
            rests_on=tuple(_address(content, migration.lists[key].made_by) for key in keys),
        )


def _occupations_on(content: Content, lists: Iterable[str]) -> Iterator[tuple[str, OccupationCode]]:
    wanted = set(lists)
    for number, code in content.codes.items():
        if code.usual and wanted & set(code.lists):
            yield number, code


def _places(content: Content) -> Iterator[Subject]:
    for key, place in content.places.items():
        if place.regional is None:
            continue
        yield Subject(
            kind="place",
            key=key,
            name=place.name,
            typed=place.name,
            names=tuple(
                name for name in (place.name.lower(), *place.aka) if name not in place.careful
            ),
            page="visa 491",
            fills={f"regional_{place.regional}": place.name},
        )


def _units(content: Content) -> Iterator[Subject]:
    for plan in content.plans.values():
        numbers = {name: number for number, name in enumerate(plan.units, 1)}
        for key, unit in plan.units.items():
            number = numbers[key]
            free = [plan.resources[name].title for name in unit.resources]
            fills = {
                "title": unit.title,
                "objective": unit.objective,
                "hours": f"{unit.hours:g} hours",
                "evidence": unit.evidence,
                "steps": "; ".join(step.title for step in unit.steps.values()),
                "resources": ", ".join(free),
                "needs": ", ".join(f"unit {numbers[name]}" for name in unit.needs),
            }
            yield Subject(
                kind="unit",
                key=str(number),
                name=f"unit {number}",
                typed=f"unit {number}",
                names=(f"unit {number}", f"week {number}", f"module {number}"),
                page=f"plan unit {number}",
                fills={name: text for name, text in fills.items() if text},
            )


_SUBJECTS: Mapping[Kind, Callable[[Content], Iterator[Subject]]] = {
    "visa": _visas,
    "code": _codes,
    "level": _levels,
    "english_test": _english_tests,
    "english_level": _english_levels,
    "occupation_list": _occupation_lists,
    "place": _places,
    "unit": _units,
}


def _reference(content: Content, cell: Shared) -> str:
    """A fact, as a text names it: in braces, by where it stands."""
    return f"{{{_address(content, cell)}}}"


def _address(content: Content, cell: Shared) -> str:
    if isinstance(cell, Fact):
        return content.fact_keys[id(cell)]
    return f"migration.facts.{cell}"
