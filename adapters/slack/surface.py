"""What Slack can show and knows."""

from bot.core.events import Surface

SURFACE = Surface(
    name="slack",
    prefix="/pivot ",
    ephemeral=True,
    edits=True,
    tables=True,
    pictures=True,
    files=True,
    forms=True,
    home=True,
    knows_zone=True,
    workspace_owners_may_read=True,
    cannot=(
        "slack_cannot_thread",
        "slack_cannot_location",
        "slack_cannot_fold",
        "slack_cannot_edit",
        "slack_cannot_repeat",
    ),
)
