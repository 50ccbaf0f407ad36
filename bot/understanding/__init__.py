"""Free text becomes a command: normalise, spot typed values and concepts, weigh intents, choose a
band.

Everything here needs the text and the content only; what the last answer decides is in `context`,
which `step` calls. Nothing of a text is kept or logged, and a text can only choose among commands:
it never becomes a fact.
"""

from bot.understanding.reading import understand

__all__ = ["understand"]
