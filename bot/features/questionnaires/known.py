"""What a person told us once, as answers of questions: read from the profile, and written back to
it.

A few answers have a field of their own because the plan and the nudges use them; the rest stay
under their question's key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.core.state import Profile
from bot.extraction import slots
from bot.features import right_to_work
from content.content import Content

STATED_AGE_HOLDS = timedelta(days=365)
"""An age in years, said longer ago than this, is asked again; a date of birth never."""


def answers(content: Content, profile: Profile, today: date) -> dict[str, str]:
    """Everything known that is still valid, by question key."""
    found: dict[str, str] = {
        key: value
        for key, value in profile.answers.items()
        if slots.valid(content, key, value, today)
    }
    if profile.background in content.questions["background"].options:
        found["background"] = profile.background
    if profile.region.lower() in content.questions["state"].options:
        found["state"] = profile.region.lower()
    if profile.hours is not None:
        found["hours"] = f"{profile.hours:g}"
    if status := right_to_work.of(profile):
        found[right_to_work.QUESTION] = status
    return {key: value for key, value in found.items() if not _stale(value, today)}


def _stale(answer: str, today: date) -> bool:
    _, stated, said_on = answer.partition(" on ")
    try:
        return bool(stated) and today - date.fromisoformat(said_on) > STATED_AGE_HOLDS
    except ValueError:
        return False


def remembered(content: Content, profile: Profile, given: Mapping[str, str]) -> Profile:
    """The profile with these answers, as far as their questions are kept there."""
    for key, answer in given.items():
        match key:
            case "background":
                profile = replace(profile, background=answer)
            case right_to_work.QUESTION:
                profile = right_to_work.noted(profile, answer)
            case "hours":
                profile = replace(profile, hours=float(answer))
            case "state":
                abroad = answer == "overseas"
                profile = replace(
                    profile,
                    region="" if abroad else answer.upper(),
                    answers=_with(profile, key, answer if abroad else ""),
                )
            case _ if content.questions[key].remember:
                profile = replace(profile, answers=_with(profile, key, answer))
    return profile


def without(profile: Profile, keys: Iterable[str]) -> Profile:
    """The profile without what was answered to these questions."""
    for key in keys:
        match key:
            case "background":
                profile = replace(profile, background="")
            case "hours":
                profile = replace(profile, hours=None)
            case right_to_work.QUESTION:
                profile = right_to_work.noted(profile, "")
            case _:
                region = "" if key == "state" else profile.region
                profile = replace(profile, region=region, answers=_with(profile, key, ""))
    return profile


def _with(profile: Profile, key: str, answer: str) -> dict[str, str]:
    kept = {name: value for name, value in profile.answers.items() if name != key}
    if answer:
        return {**kept, key: answer}
    return kept
