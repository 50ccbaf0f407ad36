"""What `pivotbot check` asks of the model and the example files: do they agree, is each example
read as it is meant?

An example that is misread is filed under the wrong intent or is new to the model. Examples that the
model was built from were read then, so that checking stays quick. A head that does not know every
signal of the content judges less than it could see.
"""

from collections.abc import Iterable

from bot.understanding.features import FEATURES
from bot.understanding.model import Head, mark
from bot.understanding.reading import OUT_OF_SCOPE, Reader, reader_of
from content.content import Content
from content.reading import Problem

REBUILD = "build the head again (make head)"


def problems(
    content: Content, *, every: bool = False, reader: Reader | None = None
) -> Iterable[Problem]:
    """Signals that the head does not know, and examples answered as something else: the new ones,
    or `every` one.

    To be asked back is no error; without the model nothing is checked.
    """
    reader = reader or reader_of(content)
    if reader.model is None:
        return
    yield from _check_signals(content, reader.model.head)
    learnt = set(reader.model.head.learnt)
    for stem, entry in content.examples.items():
        for line in entry.lines:
            if every or mark(entry.label, line) not in learnt:
                yield from _misread(reader, stem, entry.intent, line)


def _check_signals(content: Content, head: Head) -> Iterable[Problem]:
    for name in sorted({*content.concepts, *FEATURES}.symmetric_difference(head.signals)):
        yield Problem(
            file="language/concepts.yaml",
            line=0,
            key=name,
            what="the model's head was built with other concepts",
            instead=REBUILD,
        )


def _misread(reader: Reader, stem: str, intent: str, line: str) -> Iterable[Problem]:
    reading = reader.intent(reader.notice(line))
    refused = reading.action == "reject" and intent != OUT_OF_SCOPE
    if refused or (reading.action == "answer" and reading.intent != intent):
        yield Problem(
            file=f"language/examples/{stem}.yaml",
            line=0,
            key="texts",
            what=f"{line!r} is read as {reading.intent}",
            instead="another wording, another intent, or build the model again (make model)",
        )
