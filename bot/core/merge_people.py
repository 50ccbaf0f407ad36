"""Two people who turn out to be one: what the joined person knows. Pure; the store moves the rows.

Nothing is merged by a guess: of two plans or two schedules one stays whole, and `kept` says whose.
"""

from dataclasses import fields, replace

from bot.core.events import Chat
from bot.core.state import Following, Learning, Person, Profile


def merge(kept: Person, other: Person) -> Person:
    """`kept` with everything it lacks taken from `other`."""
    return replace(
        kept,
        accounts=kept.accounts + other.accounts,
        profile=_profile(kept.profile, other.profile),
        dialog=kept.dialog or other.dialog,
        parked=kept.parked or other.parked,
        progress=kept.progress or other.progress,
        calendar=kept.calendar if kept.calendar.weeks else other.calendar,
        feed=kept.feed or other.feed,
        subscriptions=kept.subscriptions or other.subscriptions,
        reminders=tuple(
            sorted((*kept.reminders, *other.reminders), key=lambda one: (one.due_at, one.id))
        ),
        results={**other.results, **kept.results},
        learning=_learning(kept.learning, other.learning),
        following=_following(kept.following, other.following),
        nudges=kept.nudges if kept.nudges.last_at else other.nudges,
        uncertain=kept.uncertain + other.uncertain,
        nudges_to=_nudges_to(kept, other),
    )


def _learning(kept: Learning, other: Learning) -> Learning:
    """Every question that either of them answered; of one that both did,
    what the kept one remembers.
    """
    return Learning(
        recalls={**other.recalls, **kept.recalls},
        with_nudges=kept.with_nudges or other.with_nudges,
    )


def _following(kept: Following, other: Following) -> Following:
    """Both wanted what either asked for."""
    return Following(
        corrections=kept.corrections or other.corrections,
        shown={**other.shown, **kept.shown},
        watches={**other.watches, **kept.watches},
    )


def _nudges_to(kept: Person, other: Person) -> Chat | None:
    """Nudges go on where they went: to the one whose schedule it is."""
    first, second = (
        (other, kept) if other.subscriptions and not kept.subscriptions else (kept, other)
    )
    return first.nudges_to or second.nudges_to


def _profile(kept: Profile, other: Profile) -> Profile:
    """Field by field, what the kept one was told; otherwise what the other one was."""
    untold = Profile()
    lacking = {
        field.name: getattr(other, field.name)
        for field in fields(Profile)
        if getattr(kept, field.name) == getattr(untold, field.name)
    }
    return replace(kept, **lacking | {"answers": {**other.answers, **kept.answers}})
