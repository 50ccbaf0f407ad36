"""What the docs point to is there: the reading order names functions in order of call,
and stays short enough to be read.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tests/README.md"])
MOST_LINES = 1_500
_STOP = re.compile(r"^\d+\. `(?P<file>[^`]+)`: (?P<names>(?:`[^`]+`(?:, )?)+)\.", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#)(?P<target>[^)#]+)")
_CODE = re.compile(
    r"`(?P<file>(?:bot|adapters|content|scheduler|tests|docs)/[\w/.-]+\.(?:py|md|yaml))`"
)


def definitions(path: Path) -> dict[str, int]:
    """The lines of each class and function of a file, methods as 'Class.method'."""
    lines: dict[str, int] = {}

    def collect(node: ast.Module | ast.ClassDef, prefix: str) -> None:
        for one in node.body:
            if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                lines[prefix + one.name] = (one.end_lineno or one.lineno) - one.lineno + 1
            if isinstance(one, ast.ClassDef):
                collect(one, f"{prefix}{one.name}.")

    collect(ast.parse(path.read_text(encoding="utf-8")), "")
    return lines


def test_the_reading_order_names_what_exists_and_can_be_read_in_a_day():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    total, stops = 0, list(_STOP.finditer(text))
    assert len(stops) > 20, "the list of the docs is no longer read"
    for stop in stops:
        known = definitions(ROOT / stop["file"])
        for name in re.findall(r"`([^`]+)`", stop["names"]):
            assert name in known, f"{stop['file']} has no {name}"
            total += known[name]
    assert total <= MOST_LINES, f"{total} lines"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_exists(path):
    text = path.read_text(encoding="utf-8")
    for link in _LINK.finditer(text):
        assert (path.parent / link["target"]).exists(), link["target"]
    for named in _CODE.finditer(text):
        assert (ROOT / named["file"]).exists(), named["file"]
