"""The table of what each platform can show: made from the Surface constants,
and short enough for a phone.
"""

from dataclasses import fields, replace

import pytest

from adapters.console.surface import SURFACE as CONSOLE
from adapters.slack.surface import SURFACE as SLACK
from adapters.telegram.sections import PHONE_COLUMNS
from adapters.telegram.surface import SURFACE as TELEGRAM
from bot.core.events import Surface
from bot.core.reply import Table
from bot.features.about.abilities import ABILITIES

UNSHOWN = {"asks_links", "workspace_owners_may_read", "own_machine"}
"""How the bot behaves there, not what it can do."""


def table(talk, surface):
    (found,) = [
        block
        for block in talk("limits more", surface=surface).reply.blocks
        if isinstance(block, Table)
    ]
    return found


def test_whatever_a_surface_can_do_is_in_the_table():
    flags = {field.name for field in fields(Surface) if field.type in (bool, "bool")}
    assert flags - UNSHOWN == set(ABILITIES)


@pytest.mark.parametrize("surface", [SLACK, TELEGRAM, CONSOLE], ids=lambda surface: surface.name)
def test_the_table_says_what_the_surface_declares(talk, surface):
    for name, (_, here) in zip(ABILITIES, table(talk, surface).rows, strict=True):
        assert (here == "yes") == getattr(surface, name), name
        turned = replace(surface, **{name: not getattr(surface, name)})
        assert table(talk, turned).rows != table(talk, surface).rows


@pytest.mark.parametrize("surface", [SLACK, TELEGRAM, CONSOLE], ids=lambda surface: surface.name)
def test_a_row_fits_a_phones_line(talk, surface):
    shown = table(talk, surface)
    first, second = (
        max(map(len, column)) for column in zip(shown.header, *shown.rows, strict=True)
    )
    assert first + 2 + second <= PHONE_COLUMNS
