"""Whether somebody can be written to, as the statements ask it that look for what is due."""

from typing import Final

import sqlalchemy as sa

from adapters.storage.sql.tables import people, send_pace
from bot.core.state import REACHABLE

TOKEN: Final = people.c.nudge_platform + ":" + people.c.nudge_workspace
"""The key of the token that serves their chat: see bot.core.bot_token."""

OWN_PACE: Final = sa.and_(send_pace.c.token == TOKEN, send_pace.c.chat == "")
"""Joins the row that says whether that token still works, if there is one."""

IS_REACHABLE: Final = sa.and_(
    people.c.nudge_chat.is_not(None),
    people.c.unreachable.in_(REACHABLE),
    send_pace.c.dead_reason.is_(None),
)
