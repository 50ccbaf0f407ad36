"""Every regular expression of the program, and texts that make a careless one slow.

A pattern is recorded where the program compiles it, and read out of the source where a function
compiles it only when it is called. The texts are the same sixty for each, and more that are made
from the pattern's own repeats.
"""

import ast
import importlib
import json
import math
import pkgutil
import re
import re._parser as parser
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from content.content import Content

FOLDERS = ("bot", "adapters", "content", "scheduler")
ROOT = Path(__file__).parents[2]
LENGTH = 4000

UNITS = (
    "0", "1,", "1 000 ", "0 ", "1.", "1-", "9:", "0,000", "١", "½", " ", "\n", "\t", "\xa0", " \n",
    "a", "a ", "an ", "of ", "the ", "in ", "and ", "no ", "not ", "per ", "to ", "x1", "A", "é",
    "-", "+", "$", "$ ", "$1", "%", "/", "/1", ".", "..", ",", ", ", ";", ":", "'", '"', "(", "()",
    "<", "<a", "<@U", "[", "*", "**a", "`", "_", "{", "{a}", "\\", "1 year ", "monday ",
)  # fmt: skip
"""Repeated to the full length each, with an end that nothing matches."""


def pumped(unit: str, before: str = "", length: int = LENGTH) -> str:
    body = unit * (length // max(len(unit), 1))
    return (before + body)[: length - 1] + "\x01"


def texts(pattern: str, flags: int) -> Iterator[str]:
    yield from map(pumped, UNITS)
    yield from own_texts(pattern, flags)


def own_texts(pattern: str, flags: int) -> Iterator[str]:
    """What the pattern's own repeats take, many times, behind what leads to them."""
    tree = parser.parse(pattern, flags & ~re.TEMPLATE if hasattr(re, "TEMPLATE") else flags)
    seen = set()
    for before, unit in _repeats(list(tree), ""):
        if unit and (before, unit) not in seen:
            seen.add((before, unit))
            yield pumped(unit, before)
            yield pumped(before + unit)


def _repeats(nodes: list[tuple[object, object]], before: str) -> Iterator[tuple[str, str]]:
    for op, value in nodes:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inside = value  # type: ignore[misc]
            if most > 3:
                yield before, _sample(list(inside))
            yield from _repeats(list(inside), before)
        elif name == "BRANCH":
            for branch in value[1]:  # type: ignore[index]
                yield from _repeats(list(branch), before)
        elif name == "SUBPATTERN":
            yield from _repeats(list(value[-1]), before)  # type: ignore[index]
        elif name == "ATOMIC_GROUP":
            yield from _repeats(list(value), before)  # type: ignore[call-overload]
        before += _sample([(op, value)])


def _sample(nodes: list[tuple[object, object]]) -> str:
    """A text that these parts would take; what only looks around takes none."""
    return "".join(_one(str(op), value) for op, value in nodes)


def _one(name: str, value: object) -> str:
    match name:
        case "LITERAL":
            return chr(value)  # type: ignore[arg-type]
        case "NOT_LITERAL" | "ANY":
            return "z"
        case "IN":
            return _member(list(value))  # type: ignore[call-overload]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, inside = value  # type: ignore[misc]
            return _sample(list(inside)) * least
        case "BRANCH":
            return _sample(list(value[1][0]))  # type: ignore[index]
        case "SUBPATTERN":
            return _sample(list(value[-1]))  # type: ignore[index]
        case "ATOMIC_GROUP":
            return _sample(list(value))  # type: ignore[call-overload]
        case _:
            return ""


_CLASSES = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_NOT_DIGIT": "z",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "z",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": " ",
}


def _member(members: list[tuple[object, object]]) -> str:
    name, value = str(members[0][0]), members[0][1]
    if name == "NEGATE":
        return "~"
    if name == "RANGE":
        return chr(value[0])  # type: ignore[index]
    return chr(value) if name == "LITERAL" else _CLASSES[str(value)]  # type: ignore[arg-type]


def collect() -> dict[tuple[str, int], str]:
    """(pattern, flags) → where, of everything compiled on import, on loading the content,
    and written in a function.
    """
    found: dict[tuple[str, int], str] = {}
    compile_one = re._compile  # type: ignore[attr-defined]

    def spy(pattern: object, flags: int) -> object:
        place = _caller()
        if place and isinstance(pattern, str):
            found.setdefault((pattern, int(flags)), place)
        return compile_one(pattern, flags)

    re._compile = spy  # type: ignore[attr-defined]
    modules = [*_import_all()]
    from content.library import load

    content = load(ROOT / "content")
    re._compile = compile_one  # type: ignore[attr-defined]
    for module in modules:
        found.update(_written_in(module))
    return found | _of_content(content)


def _of_content(content: "Content") -> dict[tuple[str, int], str]:
    """What a running bot compiles for the first text that needs it."""
    acts = [one.expression for opening in content.acts.openings.values() for one in opening]
    advice = [one for pair in content.advice.expressions.values() for one in pair if one]
    return {(one, 0): "content/language" for one in (*acts, *advice)}


def _caller() -> str:
    frame = sys._getframe(2)
    while frame and frame.f_code.co_filename.endswith(("/re/__init__.py", "/enum.py")):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename) if frame else Path()
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in FOLDERS:
        return ""
    return f"{path.relative_to(ROOT)}:{frame.f_lineno}"


_NEVER_MEET_A_TEXT = (".migrations", ".training")
"""Run by whoever works on the bot, some with libraries that a running bot has not."""


def _import_all() -> Iterator[object]:
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        yield package
        for info in pkgutil.walk_packages(package.__path__, f"{folder}."):
            if not any(part in info.name for part in _NEVER_MEET_A_TEXT):
                yield importlib.import_module(info.name)


def _written_in(module: object) -> dict[tuple[str, int], str]:
    path = Path(module.__file__)  # type: ignore[attr-defined]
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not _is_call_of_re(node):
            continue
        try:
            pattern = eval(compile(ast.Expression(node.args[0]), "", "eval"), vars(module))
        except NameError:
            continue  # made of what the function was given
        if isinstance(pattern, str):
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else 0
            found[pattern, int(flags)] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and bool(node.args)
        and node.func.attr != "escape"
    )


def slow(most_seconds: float) -> list[tuple[float, str, str, str]]:
    """The patterns that take longer for some text: milliseconds, where, the pattern,
    the text's two ends.
    """
    found = []
    for (pattern, flags), place in collect().items():
        compiled = re.compile(pattern, flags)
        # Seven hundred phrases of one list are alike but for their words: their own texts are enough.
        pumps = own_texts if place.startswith("content/") else texts
        for text in pumps(pattern, flags):
            took = min_seconds(lambda: [*compiled.finditer(text)], most_seconds)  # noqa: B023
            if took > most_seconds:
                found.append((took * 1000, place, pattern, f"{text[:20]}…{text[-10:]}"))
                break
    return found


def min_seconds(work: Callable[[], object], enough: float) -> float:
    """Of the processor, the least of some tries, as on a machine that does nothing else."""
    least = math.inf
    for _ in range(40):
        taken = _seconds(work)
        least = min(least, taken if taken <= enough else taken / _slowness())
        if least <= enough:
            break
    return least


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


_KNOWN = re.compile(r"(?:a{1,12})b")
_KNOWN_SECONDS = 0.0001
"""What this takes for 4,000 letters on an idle core of the
machine that the limits were chosen on.
"""


def _slowness() -> float:
    """How much slower this machine is at this moment; never below one."""
    return max(1.0, min(_seconds(lambda: _KNOWN.search("a" * LENGTH)) / _KNOWN_SECONDS, 4.0))


if __name__ == "__main__":
    json.dump(slow(float(sys.argv[1])), sys.stdout)
