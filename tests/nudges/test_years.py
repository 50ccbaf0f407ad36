"""Years of nudges with people who snooze, pause, move and change their minds: seeded, replayable,
on `step` and booking alone.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.core.events import Due
from scheduler.booking import CATCH_UP_GAP
from scheduler.civil_time import zone
from tests.talk import Talk

ZONES = (
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Vancouver",
    "Pacific/Auckland",
    "Africa/Cairo",
    "Antarctica/Troll",
)
DOING = (
    *(
        "done",
        "plan",
        "snooze 3h",
        "snooze tomorrow",
        "snooze 7d",
        "reminders earlier",
        "reminders friday",
        "reminders sunday 2:30am",
    ),
    *(
        "timezone perth",
        "timezone auckland",
        "timezone London",
        "pause 2 weeks",
        "resume",
        "too much",
        "reminders fortnightly",
        "reminders weekly",
    ),
)


@pytest.mark.parametrize("seed", range(8))
def test_two_years_of_a_restless_person_bring_one_nudge_a_week_and_none_twice(seed):
    random = Random(seed)
    talk = Talk(now=datetime(2026, 1, 5, tzinfo=UTC))
    talk.say("plan start")
    talk.say(
        f"subscribe {random.choice(('monday', 'thursday', 'sunday'))} {random.choice(('2:30am', '9am', '23:45'))} {random.choice(ZONES)}"
    )
    keys: Counter[tuple[str, str, int]] = Counter()
    wall: list[bool] = []
    while talk.now < datetime(2028, 1, 5, tzinfo=UTC):
        if not any(rule.next_due_at for rule in talk.rules):
            talk.say("resume")
            talk.say("reminders weekly")
        (rule,) = talk.rules
        snoozed, due = rule.snoozed_until, rule.next_due_at
        talk.tick()
        body = talk.last
        assert isinstance(body, Due)
        if talk.turn.sends_nudge:
            keys[(body.subscription, body.week, body.resend)] += 1
            local = due.astimezone(zone(rule.zone))
            plain = snoozed is None and body.due_at == due
            wall.append(
                not plain
                or (local.weekday(), local.time()) == (rule.weekday, rule.local_time)
                or _shifted(local, rule)
            )
        if random.random() < 0.6:
            talk.now += timedelta(minutes=random.randrange(1, 6000))
            line = random.choice(DOING)
            assert talk.say(line) or line == "resume"
    assert max(keys.values()) == 1, keys.most_common(1)
    assert all(wall)
    assert len({week for _, week, _ in keys}) > 30


def _shifted(local, rule) -> bool:
    """Moved out of a gap: an hour or two later on the same day."""
    gap = timedelta(
        hours=local.hour - rule.local_time.hour, minutes=local.minute - rule.local_time.minute
    )
    return timedelta() < gap <= timedelta(hours=2)


@pytest.mark.parametrize("zone_name", ZONES)
def test_an_untouched_weekly_nudge_never_leaves_a_gap_of_eight_days(zone_name):
    talk = Talk(now=datetime(2026, 1, 5, tzinfo=UTC))
    talk.say("plan start")
    talk.say(f"subscribe monday 2:30am {zone_name}")
    before = None
    for _ in range(105):
        talk.tick()
        sent = talk.last.due_at
        assert before is None or timedelta(days=6, hours=20) < sent - before < timedelta(
            days=7, hours=4
        )
        before = sent
        talk.say("plan")


@pytest.mark.parametrize("days", [1, 4, 6, 8, 30, 200])
def test_after_downtime_at_most_one_nudge_comes_and_the_next_is_two_days_off(days):
    talk = Talk(now=datetime(2026, 11, 22, 20, tzinfo=UTC))
    talk.say("plan start")
    talk.say("subscribe mon 9am sydney")
    talk.now += timedelta(days=days, hours=5)
    came = talk.now
    talk.tick()
    sent = talk.turn.sends_nudge
    assert all(rule.next_due_at > came for rule in talk.rules)
    if sent:
        assert talk.rules[0].next_due_at - talk.last.due_at >= CATCH_UP_GAP
