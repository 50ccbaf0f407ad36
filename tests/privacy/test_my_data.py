"""What `mydata` sends holds everything that is held, and explains every field."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from adapters.storage.people.exporting import LEFT_OUT
from adapters.storage.sql.tables import metadata, people
from adapters.storage.store import open_store
from bot.core.state import Conversation, Person, Profile
from bot.core.turn import Export
from content.library import load
from tests.store.scripted_decider import MONDAY, Script, chat, effecting, said

ABOUT_A_PERSON = {
    table.name
    for table in metadata.sorted_tables
    if table.name == "people" or "person_id" in table.columns
}


def test_every_field_about_a_person_is_explained():
    explained = load().data_fields
    wanted = {f"person.{one.name}" for one in fields(Person) if one.name != "profile"}
    wanted |= {f"person.profile.{one.name}" for one in fields(Profile)}
    wanted |= {f"conversations.{one.name}" for one in fields(Conversation)}
    assert wanted <= set(explained), wanted - set(explained)


def test_every_table_and_column_is_in_the_file_or_named_with_its_reason():
    columns = {
        f"{table}.{column.name}"
        for table in ABOUT_A_PERSON
        for column in metadata.tables[table].columns
    }
    others = {table.name for table in metadata.sorted_tables} - ABOUT_A_PERSON
    assert others <= set(LEFT_OUT), (
        f"{others - set(LEFT_OUT)}: say in LEFT_OUT why a person's file has nothing of it"
    )
    assert set(LEFT_OUT) <= columns | others, "no such column any more"
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


async def test_whatever_stands_in_a_column_that_is_not_left_out_stands_in_the_file(url):
    """Every column of every row of one person is given a value of its own; each is found in the
    file, explained, or was left out.
    """
    store = await open_store(url, real_time=False)
    script = Script(export=effecting(Export()))
    await store.turn(said("hello"), script, room=0)
    planted = await store.database.run(fill)
    await store.turn(said("export", at=MONDAY + timedelta(days=1)), script, room=0)
    held = json.loads(dict(script.heard[-1].body.values)["json"])
    await store.close()
    text = json.dumps(held)
    missing = {column for column, value in planted.items() if value not in text}
    assert missing == set()
    explained = load().data_fields
    unexplained = (
        {
            f"{part}.{name}"
            for part, entries in held.items()
            for entry in (entries if part != "person" else [entries])
            if isinstance(entry, dict)
            for name in entry
        }
        - set(explained)
        - {"person.profile"}
    )
    assert unexplained == set()


KEYS = {
    "person_id",
    "platform",
    "workspace",
    "chat",
    "thread",
    "nudge_platform",
    "nudge_workspace",
    "nudge_chat",
    "nudge_thread",
    "state",
    "rest",
    "user_id",
}
"""Filled by the conversation itself, which the file shows by name."""


def fill(connection: sa.Connection) -> dict[str, str]:
    """Give the person a row in every table and each plain column a value that nothing else has.

    Returns them as the file would show them.
    """
    person = connection.execute(sa.select(people.c.id)).scalar_one()
    planted: dict[str, str] = {}
    for number, name in enumerate(sorted(ABOUT_A_PERSON - {"errands"})):
        table = metadata.tables[name]
        row: dict[str, object] = {}
        for place, column in enumerate(table.columns):
            if (
                f"{name}.{column.name}" in LEFT_OUT
                or column.name in KEYS
                or column.name in {"id", "active", "nudge_shared", "shared"}
            ):
                continue
            row[column.name], shown = value_for(column, number * 100 + place)
            planted[f"{name}.{column.name}"] = shown
        mine = table.c.id == person if name == "people" else table.c.person_id == person
        if (
            connection.execute(
                sa.select(sa.func.count()).select_from(table).where(mine)
            ).scalar_one()
            == 0
        ):
            connection.execute(sa.insert(table).values(needed(table, person) | row))
        elif row:
            connection.execute(sa.update(table).where(mine).values(row))
    connection.execute(sa.update(people).values(subscriptions=1))
    return planted


def value_for(column: sa.Column, number: int) -> tuple[object, str]:
    exact = {
        "zone": ("Australia/Lord_Howe", "Australia/Lord_Howe"),
        "local_time": ("07:43", "07:43"),
        "paused_from": ("2031-01-31", "2031-01-31"),
        "paused_until": ("2031-02-03", "2031-02-03"),
        "starts_on": ("2025-02-04", "2025-02-04"),
        "ends_on": ("2032-02-05", "2032-02-05"),
        "sent_week": ("2025-W17", "2025-W17"),
        "week": ("2025-W18", "2025-W18"),
        "weekday": (6, '"weekday": 6'),
        "pace": ("monthly", "monthly"),
        "lane": ("nudge", '"kind": "nudge"'),
        "unreachable": ("zebra_reason", "zebra_reason"),
    }
    if column.name in exact:
        return exact[column.name]
    if type(column.type).__name__ == "Instant":
        instant = datetime(2030, 1, 1, 3, 4, 5, tzinfo=UTC) + timedelta(days=number)
        return instant, instant.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(column.type, sa.Integer | sa.SmallInteger | sa.BigInteger):
        return 4000 + number, str(4000 + number)
    return f"planted-{number}", f"planted-{number}"


def needed(table: sa.Table, person: int) -> dict[str, object]:
    """What a row cannot do without and the file shows by other means."""
    row: dict[str, object] = {"person_id": person}
    for column in table.columns:
        if (
            column.name not in row
            and not column.nullable
            and column.server_default is None
            and column.name != "id"
        ):
            row[column.name] = {
                "state": "{}",
                "rest": "{}",
                "active": True,
                "shared": False,
                "platform": "telegram",
            }.get(column.name, value_for(column, 9000)[0])
    if table.name == "subscriptions":
        row["id"] = "weekly"
    return row


async def test_accounts_and_chats_of_a_person_stand_in_the_file(url):
    store = await open_store(url, real_time=False)
    script = Script(export=effecting(Export()))
    where = chat("chat-77", "slack", "T7")
    await store.turn(
        said("hello", "user-77", platform="slack", workspace="T7", where=where), script, room=0
    )
    await store.turn(
        said("export", "user-77", platform="slack", workspace="T7", where=where), script, room=0
    )
    held = json.loads(dict(script.heard[-1].body.values)["json"])
    await store.close()
    assert held["person"]["accounts"] == [
        {"platform": "slack", "workspace": "T7", "user": "user-77"}
    ]
    assert (held["conversations"][0]["chat"], held["messages"][0]["chat"]) == ("chat-77", "chat-77")
