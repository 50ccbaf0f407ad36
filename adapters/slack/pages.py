"""The pages that somebody sees who installs the bot: plain HTML that needs no script, style sheet
or picture from anywhere.
"""

from collections.abc import Mapping
from html import escape

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""The address holds a code and a state: no other site is told of it, and nothing keeps it."""

_PAGE = """<!doctype html>
<html lang="en-AU">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem }}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
<p><a href="{address}">{label}</a></p>
</main>
</body>
</html>
"""


def page(phrases: Mapping[str, str], key: str, *, address: str, **blanks: str) -> str:
    """The page whose title, text and link are the phrases `KEY_title`,
    `KEY_text` and `KEY_link`.
    """
    title, text, label = (
        escape(phrases[f"{key}_{part}"].format(**blanks)) for part in ("title", "text", "link")
    )
    return _PAGE.format(title=title, text=text, label=label, address=escape(address))
