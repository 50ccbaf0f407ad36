"""What `pivotbot check` asks of the example files: is each read as it is meant?

An example that is misread is filed under the wrong intent, stands against a rule, or is new to the model. Examples that the
model was built from were read then, so that checking stays quick.
"""

from collections.abc import Iterable

from bot.understanding.model import mark
from bot.understanding.reading import OUT_OF_SCOPE, Reader, reader_of
from content.content import Content
from content.reading import Problem


def problems(
    content: Content, *, every: bool = False, reader: Reader | None = None
) -> Iterable[Problem]:
    """Examples answered as something else: the new ones, or `every` one. To be asked back is no error; without the model
    nothing is checked.
    """
    reader = reader or reader_of(content)
    if reader.model is None:
        return
    for stem, entry in content.examples.items():
        for line in entry.lines:
            if not every and mark(entry.label, line) in reader.model.head.learnt:
                continue
            reading = reader.read(line)
            refused = reading.action == "reject" and entry.intent != OUT_OF_SCOPE
            if refused or (reading.action == "answer" and reading.intent != entry.intent):
                yield Problem(
                    file=f"language/examples/{stem}.yaml",
                    line=0,
                    key="texts",
                    what=f"{line!r} is read as {reading.intent}",
                    instead="another wording, another intent, or build the model again (make model)",
                )
