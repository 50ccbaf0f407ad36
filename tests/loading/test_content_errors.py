"""A mistake in the content is named by file, line and key,
with what is wrong and what to write instead.
"""

import shutil
from pathlib import Path

import pytest

from bot.cli import main
from content.library import ContentError, folder_shipped, load
from content.reading import Problem

OCCUPATION = "occupations/ml_engineer.yaml"


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(
        folder_shipped(), folder, ignore=shutil.ignore_patterns("*.py", "*.npz", "__pycache__")
    )
    return folder


@pytest.fixture
def mistake(copied):
    """Put a mistake into a file, read the folder, give the problems with the
    number of the line where the mistake is.
    """
    kept: dict[Path, str] = {}

    def make(file: str, old: str, new: str) -> tuple[tuple[Problem, ...], int]:
        path = copied / file
        text = path.read_text(encoding="utf-8")
        kept.setdefault(path, text)
        assert old in text, f"{old!r} stands no longer in {file}: mend this test"
        line = text[: text.index(old)].count("\n") + 1
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ContentError) as caught:
            load(copied)
        return caught.value.problems, line

    yield make
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def test_the_shipped_content_has_no_mistake(copied):
    assert load(copied).facts.keys() == load().facts.keys()


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        (OCCUPATION, ("value: {low: 90000, high: 120000}", "value: {low: 130000, high: 120000}"), ("bands.junior.pay.value", "'low' (130000) is above 'high' (120000)", "agree")),
        (OCCUPATION, ("value: {low: 90000, high: 120000}", "value: {lo: 90000, high: 120000}"), ("bands.junior.pay.value.lo", "no such key", "spelling")),
        (OCCUPATION, ("value: {low: 90000, high: 120000}", "value: {low: 90 000, high: 120000}"), ("bands.junior.pay.value.low", "'90 000' does not belong here", "a number")),
        (OCCUPATION, ("value: {low: 90000, high: 120000}", "value:"), ("bands.junior.pay.value", "nothing stands here", "a number or")),
        (OCCUPATION, ("value: {low: 90000, high: 120000}", "value: well paid"), ("bands.junior.pay.value", "a band's pay is a number or a range", "{low: 90000")),
        ("commands.yaml", ("group: pay", "group: paid"), ("salary.group", "no group 'paid'", "groups.yaml")),
        (OCCUPATION, ("source: aicareergraph", "source: aicareergraf"), ("bands.junior.pay.source", "no source 'aicareergraf'", "such as aicareergraph")),
        (OCCUPATION, ("as_of: undated", "as_of: last year"), ("bands.junior.pay.as_of", "'last year' does not belong here", "a date like 2026-11-21 or 'undated'")),
        (OCCUPATION, ("confidence: low", "confidence: sure"), ("bands.junior.pay.confidence", "'sure' does not belong here", "'high', 'medium', 'low' or 'unverified'")),
        (OCCUPATION, ("claims: [S1-081]", "claims: [S1-81]"), ("bands.junior.pay.claims.0", "'S1-81' does not fit", "like S1-081")),
        (OCCUPATION, ("years: {low: 3, high: 6}", "years: {low: 4, high: 6}"), ("bands.mid.years", "the years of 'junior' and 'mid' do not join", "rising order")),
        (OCCUPATION, ("scale_note: \"For scale: the tax office's {ato_software", "scale_note: \"For scale: the tax office's {ato_softwar"), ("scale_note", "no figure 'ato_softwar'", "such as ato_software")),
        (OCCUPATION, ("scale: [ato_software", "scale: [listings"), ("scale.0", "no figure with a single number", "a key of 'figures'")),
        (OCCUPATION, ("disagrees: [occupations.ml_engineer.contract.yearly_from_days]", "disagrees: [occupations.ml_engineer.contract.yearly_fromdays]"), ("contract.yearly.disagrees", "no fact 'occupations.ml_engineer.contract.yearly_fromdays'", "such as occupations.ml_engineer.contract.yearly_from_days")),
        (OCCUPATION, ("default: true", "default: false"), ("default", "0 occupations are the default one", "exactly one")),
        (OCCUPATION, ("{label: What AI changes, action: ai}", "{label: What AI changes, action: robots}"), ("topics.role.taps.0.action", "'robots' is no command line", "salary senior")),
        (OCCUPATION, ("short: ML engineer", "name: ML engineer"), ("name", "stands already on line", "one of the two")),
        ("sources.yaml", ("read_on: 2026-11-20", "read_on: 20.11.2026"), ("aicareergraph.read_on", "'20.11.2026' does not belong here", "a date like 2026-11-21")),
        ("sources.yaml", ("address: https://aicareergraph", "address: aicareergraph"), ("aicareergraph.address", "does not fit", "begins with https://")),
        ("commands.yaml", ("example: salary senior", "example: wages senior"), ("salary.example", "'wages senior' opens with no command", "a line to type")),
        ("phrases/work.yaml", ('“{words}”."', '“{words”."'), ("only_these", "a brace that does not close", "{word}")),
        ("claims.yaml", ("S1-004:", "S1-4:"), ("S1-4", "'S1-4' does not fit", "like S1-081")),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_what_to_write(mistake, file, change, told):
    (problem,), line = mistake(file, *change)
    key, what, instead = told
    assert (problem.file, problem.key) == (file, key)
    assert what in problem.what
    assert instead in problem.instead
    assert problem.line == line


def test_a_misspelt_key_is_told_beside_the_one_that_is_missing(mistake):
    problems, line = mistake(OCCUPATION, "confidence: low", "confidance: low")
    assert [(problem.key, problem.what, problem.instead) for problem in problems] == [
        ("bands.junior.pay.confidence", "it is missing", "'confidence: …' here"),
        (
            "bands.junior.pay.confidance",
            "no such key is known here",
            "'confidence', if that is meant",
        ),
    ]
    assert problems[1].line == line


def test_a_file_that_is_no_yaml_is_named_with_a_line(mistake):
    (problem,), _ = mistake(OCCUPATION, "figures:\n", "figures: [\n")
    assert problem.file == OCCUPATION
    assert problem.what.startswith("no valid YAML")
    assert problem.line > 1


BOMB = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 12))
BROKEN = {
    "bytes that are not UTF-8": (b"one: yes\ntwo: \xff\xfe", 2, "these bytes are not UTF-8"),
    "an alias on itself": (b"one:\n  two: &x [1, *x]\n", 2, "*x stands in what it names"),
    "an alias on what is around it": (b"one: &x\n  two: [*x]\n", 2, "*x stands in what it names"),
    "an alias bomb": (f"k0: &k0 [x]\n{BOMB}".encode(), 7, "its aliases repeat too much"),
    "brackets without end": (b"one: " + b"[" * 200_000, 1, "nested too deeply"),
    "dashes without end": (b"- " * 100_000 + b"one", 1, "nested too deeply"),
    "a sign that YAML has no place for": (b"one: \x01", 1, "no valid YAML"),
    "a day that there is not": (b"one: 2026-02-31", 1, "no valid YAML"),
    "a number without end": (b"one: " + b"9" * 5000, 1, "no valid YAML"),
    "a key that is a list": (b"? [one]\n: two", 1, "no valid YAML"),
    "nothing": (b"", 1, "the file is empty"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_at_all_is_named_and_the_check_ends_in_three(
    copied, broken, capsys, monkeypatch
):
    content, line, what = broken
    path = copied / "glossary.yaml"
    kept = path.read_bytes()
    path.write_bytes(content)
    monkeypatch.setenv("PIVOTBOT_CONTENT", str(copied))
    try:
        code = main(["check"])
    finally:
        path.write_bytes(kept)
    printed = capsys.readouterr().err
    assert code == 3
    assert f"glossary.yaml:{line}: (the file): " in printed
    assert what in printed
    assert "Traceback" not in printed


def test_a_folder_in_place_of_a_file_is_named_too(copied):
    path = copied / "plans" / "one.yaml"
    path.mkdir()
    try:
        with pytest.raises(ContentError) as caught:
            load(copied)
    finally:
        path.rmdir()
    assert [(one.file, one.what) for one in caught.value.problems] == [
        ("plans/one.yaml", "it cannot be read (Is a directory)")
    ]


def test_several_mistakes_in_several_files_come_at_once(mistake, copied):
    (copied / "claims.yaml").rename(copied / "kept.txt")
    try:
        problems, _ = mistake("sources.yaml", "kind: careers_page", "kind: blog")
    finally:
        (copied / "kept.txt").rename(copied / "claims.yaml")
    assert [(problem.file, problem.key) for problem in problems] == [
        ("claims.yaml", ""),
        ("sources.yaml", "aicareergraph.kind"),
    ]


def test_a_problem_reads_as_one_line():
    problem = Problem(
        file="sources.yaml",
        line=8,
        key="a.kind",
        what="'blog' does not belong here",
        instead="'survey'",
    )
    assert (
        str(problem)
        == "sources.yaml:8: a.kind: 'blog' does not belong here; write instead: 'survey'"
    )


def test_every_fact_can_be_found_in_its_file():
    from content.checks.references import locate
    from content.library import SECTIONS
    from content.reading import read

    folder = folder_shipped()
    documents = {
        path.relative_to(folder).as_posix(): read(path, path.relative_to(folder).as_posix())
        for section in SECTIONS
        for path in folder.glob(section.pattern)
    }
    for key, fact in load().facts.items():
        document, place = locate(documents, key)
        value = document.value
        for part in place:
            value = value[part]
        assert value["source"] == fact.source, key
