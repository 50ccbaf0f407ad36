"""The page for looking at answers: every line on every face, then what Slack has besides.

Nothing on it is left unrendered.
"""

import base64
import re
from datetime import UTC, datetime

from bot.tools.preview import page
from content.library import load

AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


def test_lines_the_home_page_and_the_forms_are_shown() -> None:
    shown = page(load(), ["plan start 6h", "salary senior", "subscribe tuesday 7:30am"], at=AT)
    titles = re.findall(r"<h2>(.*?)</h2>", shown)
    assert titles[3:5] == ["Slack, its page", "Slack, a newcomer&#x27;s page"]
    assert [
        titles.count(form) for form in ("Points test", "Self-audit", "Your profile", "Weekly nudge")
    ] == [1, 4, 1, 1]
    sections = dict(zip(titles, shown.split("<h2>")[1:], strict=True))
    assert sections["salary senior"].count("$160,000 – $210,000") == 3
    assert "52 steps" in sections["Slack, its page"]
    assert "How old are you?" in sections["Points test"]
    assert "0 · never" in sections["Self-audit"]
    assert "4 of 4" in sections["Self-audit"]


def test_where_slack_would_look_a_zone_up_the_page_asks_for_the_city() -> None:
    section = page(load(), ["subscribe tuesday 7:30am"], at=AT).split("<h2>")[1]
    assert section.count("In which city are you?") == 3


def test_a_chart_is_shown_as_it_is_drawn_with_its_words():
    section = page(load(), ["salary chart"], at=AT).split("<h2>")[1]
    [(alt, drawn), *_] = re.findall(
        r'<img [^>]*alt="([^"]+)" src="data:image/png;base64,([^"]+)"', section
    )
    assert base64.b64decode(drawn).startswith(b"\x89PNG")
    assert "160,000" in alt
