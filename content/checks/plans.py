"""What must hold for a plan beyond its own file: every unit, block,
page and obstacle that it names exists.
"""

from collections.abc import Iterable, Iterator, Mapping

from content.content import Content
from content.plan import Plan
from content.reading import Document, Place, Problem


def check_plans(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every unit, block, resource and obstacle that a plan names exists;
    what a unit needs comes before it.
    """
    for key, plan in content.plans.items():
        document = documents[f"plans/{key}.yaml"]
        yield from _check_units(plan, document)
        yield from _check_steps(content, plan, document)
        yield from _check_milestones(plan, document)
        yield from _check_lists(plan, document)


def _check_units(plan: Plan, document: Document) -> Iterator[Problem]:
    before: set[str] = set()
    for name, unit in plan.units.items():
        place = ("units", name)
        if unit.block not in plan.blocks:
            known = f"one of {', '.join(plan.blocks)}"
            yield document.problem((*place, "block"), f"no block {unit.block!r}", known)
        for needed in unit.needs:
            if needed not in before:
                what = f"{needed!r} is no earlier unit"
                yield document.problem((*place, "needs"), what, "a unit that stands above this one")
        for resource in unit.resources:
            if resource not in plan.resources:
                yield _no_resource(document, (*place, "resources"), resource)
        before.add(name)


def _check_steps(content: Content, plan: Plan, document: Document) -> Iterator[Problem]:
    """Each step has a page of its own and obstacles that are described;
    the dialog that it opens exists.
    """
    taken: dict[str, str] = {}
    for name, unit in plan.units.items():
        for key, step in unit.steps.items():
            place = ("units", name, "steps", key)
            if step.resource not in plan.resources:
                yield _no_resource(document, (*place, "resource"), step.resource)
            elif taken.setdefault(step.resource, key) != key:
                what = f"{step.resource!r} is the page of {taken[step.resource]!r}"
                yield document.problem((*place, "resource"), what, "a page of its own")
            if step.opens is not None and step.opens not in content.dialogs:
                what, known = f"no dialog {step.opens!r}", ", ".join(content.dialogs)
                yield document.problem((*place, "opens"), what, f"one of {known}")
            for obstacle in step.obstacles:
                if obstacle not in plan.obstacles:
                    what = f"no obstacle {obstacle!r}"
                    yield document.problem((*place, "obstacles"), what, "a key of 'obstacles'")


def _no_resource(document: Document, place: Place, resource: str) -> Problem:
    return document.problem(place, f"no resource {resource!r}", "a key of 'resources' below")


def _check_milestones(plan: Plan, document: Document) -> Iterator[Problem]:
    for block in plan.blocks.keys() ^ plan.milestones.keys():
        what = f"{block!r} is no block, or a block without milestone"
        yield document.problem(("milestones",), what, "one sentence for each block")


def _check_lists(plan: Plan, document: Document) -> Iterator[Problem]:
    lists = [("known_from", name, units) for name, units in plan.known_from.items()]
    lists += [("audit", name, units) for name, units in plan.audit.adds.items()]
    lists += [("audit", band.name, band.core) for band in plan.audit.bands]
    for part, name, units in lists:
        for unit_key in units:
            if unit_key not in plan.units:
                yield document.problem((part,), f"{name}: no unit {unit_key!r}", "a key of 'units'")
