"""How densely the code is written, counted: `python -m tests.density [ROOT]`.

It prints and never fails: no limit is a claim.

Two trees are compared by running it on two checkouts. `--by-file WHAT` lists the files that hold
most of one count.
"""

import argparse
import ast
import io
import statistics
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOMS = ("bot", "adapters", "content", "scheduler")
LONGEST = 100
NOT_TOKENS = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

IRREGULAR = frozenset(
    """
    begun bought bound broken brought built caught chosen cut done drawn driven fallen felt forgiven
    forgotten found given gone grown heard held hidden kept known laid learnt led left lent lit lost
    made meant met paid read_back redone said seen sent set_apart shown shut spent spoken stood sung
    taken taught thought thrown told torn understood undone unknown won worn written
    """.split()
)
NO_PARTICIPLES = frozenset("embed exceed feed need proceed seed speed shed bed red".split())
NOUNS_IN_ING = frozenset(
    """
    booking building drawing encoding heading layout lightning meaning naming offspring pausing
    preceding pricing quizzing rating reading routing scheduling setting sharing spelling staging
    standing string timing training understanding wiring
    """.split()
)
NO_NOUNS = frozenset(
    """
    away authorize changing check checking claiming erasing exporting fine_tuning known linking
    local noting open prepared queued sending serving showing starting stated styled subscribing
    ticking typed wished
    """.split()
)


@dataclass
class Counts:
    """What was counted in some files."""

    functions: list[int] = field(default_factory=list)
    participles: list[str] = field(default_factory=list)
    tokens: int = 0
    lines: int = 0
    long_lines: int = 0
    comments: int = 0
    conditionals: int = 0
    nested_conditionals: int = 0
    comprehensions: int = 0
    modules: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def is_participle(name: str) -> bool:
    """Whether a function is headed by what was done, not by what it does or what it returns."""
    head = name.strip("_").partition("_")[0]
    if head in NO_PARTICIPLES:
        return False
    return head in IRREGULAR or (head.endswith("ed") and len(head) > len("need"))


def is_noun(module: str) -> bool:
    """Whether a module is named after a thing: by lists,
    since no grammar knows 'reading' from 'checking'.
    """
    if module in NO_NOUNS:
        return False
    head = module.rpartition("_")[2]
    return not head.endswith("ing") or head in NOUNS_IN_ING


def positions_of_docstrings(tree: ast.AST) -> set[int]:
    """The lines on which a docstring, of anything, begins."""
    return {
        node.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def count(path: Path) -> Counts:
    """One file's counts.

    A token is a name, number, operator, keyword or string; docstrings and comments are none.
    """
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstrings = positions_of_docstrings(tree)
    counts = Counts(modules=[path.stem] if not path.stem.startswith("__") else [])
    per_line: Counter[int] = Counter()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            counts.comments += 1
        is_docstring = token.type == tokenize.STRING and token.start[0] in docstrings
        if token.type not in NOT_TOKENS and not is_docstring:
            per_line[token.start[0]] += 1
    counts.tokens = sum(per_line.values())
    lines = text.splitlines()
    counts.lines = sum(1 for line in lines if line.strip())
    counts.long_lines = sum(1 for line in lines if len(line) > LONGEST)
    for function in functions(tree):
        end = function.end_lineno or function.lineno
        body = range(function.body[0].lineno, end + 1)
        counts.functions.append(sum(per_line[line] for line in body))
        if is_participle(function.name):
            counts.participles.append(f"{path.stem}.{function.name}")
    for node in ast.walk(tree):
        counts.comprehensions += isinstance(node, COMPREHENSIONS)
        if isinstance(node, ast.IfExp):
            counts.conditionals += 1
            inner = (node.body, node.test, node.orelse)
            counts.nested_conditionals += any(isinstance(one, ast.IfExp) for one in inner)
    return counts


def files(root: Path) -> list[Path]:
    """The program's own files: neither tests nor what `make model` alone runs nor migrations."""
    every = (path for room in ROOMS for path in sorted((root / room).rglob("*.py")))
    return [path for path in every if not {"training", "versions"} & set(path.parts)]


def table(counts: Counts) -> list[tuple[str, str, str]]:
    """What is counted, the count, the aim."""
    sizes = sorted(counts.functions)
    p90 = statistics.quantiles(sizes, n=10)[-1]
    nouns = [name for name in counts.modules if is_noun(name)]
    thousands = counts.tokens / 1000
    return [
        ("functions", f"{len(sizes)}", ""),
        (
            "tokens in a function's body, median / p90",
            f"{statistics.median(sizes):.0f} / {p90:.0f}",
            "30 / 110",
        ),
        ("lines over 100 characters", f"{counts.long_lines / counts.lines:.1%}", "0 %"),
        (
            "conditional expressions per 1,000 tokens",
            f"{counts.conditionals / thousands:.2f}",
            "1.5",
        ),
        ("of them nested", f"{counts.nested_conditionals}", "0"),
        ("comprehensions per 1,000 tokens", f"{counts.comprehensions / thousands:.2f}", "2"),
        ("comment lines", f"{counts.comments / counts.lines:.1%}", ""),
        (
            "functions headed by a participle",
            f"{len(counts.participles) / len(sizes):.1%}",
            "3 %",
        ),
        ("modules named by a noun", f"{len(nouns) / len(counts.modules):.0%}", "95 %"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parents[1])
    parser.add_argument(
        "--by-file", choices=["conditionals", "comprehensions", "participles", "long_lines"]
    )
    parser.add_argument("--modules", action="store_true", help="modules that are no nouns")
    chosen = parser.parse_args()
    counted = {path.relative_to(chosen.root): count(path) for path in files(chosen.root)}
    every = Counts()
    for counts in counted.values():
        every.add(counts)
    for what, here, aim in table(every):
        print(f"{what:<42} {here:>10}   {aim}")
    if chosen.modules:
        print(*sorted(name for name in every.modules if not is_noun(name)))
    if chosen.by_file:
        values = {path: getattr(counts, chosen.by_file) for path, counts in counted.items()}
        sizes = {
            path: value if isinstance(value, int) else len(value) for path, value in values.items()
        }
        for path in sorted(sizes, key=lambda path: -sizes[path]):
            if sizes[path]:
                value = values[path]
                print(f"{sizes[path]:4} {path}", *([] if isinstance(value, int) else value))


if __name__ == "__main__":
    main()
