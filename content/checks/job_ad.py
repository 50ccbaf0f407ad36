"""What must hold between the words that an ad is read by and what they speak of: rows,
units and bands exist.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from content.content import Content
from content.reading import Document, Problem

JOB_AD: Final = "job_ad.yaml"


def check_job_ad(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every row of the table, unit of a plan and band of pay that the word lists name exists."""
    document = documents[JOB_AD]
    defaults = [each for each in content.occupations.values() if each.default]
    if len(defaults) != 1:
        return  # said by the check of occupations
    occupation = defaults[0]
    units = {unit for plan in content.plans.values() for unit in plan.units}
    known = {"layers": set(occupation.layers), "units": units, "levels": set(occupation.bands)}
    for part, names in known.items():
        for name in set(getattr(content.job_ad, part)) - names:
            instead = f"one of {', '.join(sorted(names))}"
            yield document.problem((part, name), f"there is no {name!r}", instead)
