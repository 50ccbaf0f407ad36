"""Every fact of the content, found by walking its models, and named by the place where it stands.

Nothing here knows which kinds of content there are: a new model's facts get their keys, and
`sources` can explain them, with no change of code.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from content.entry import Fact


def facts_below(attributes: Mapping[str, object]) -> dict[str, Fact]:
    """`{'occupations.ml_engineer.bands.senior.pay': Fact(…), …}` for
    everything reachable from these values.
    """
    return {".".join(place): fact for place, fact in _walk(attributes, ())}


def _walk(value: object, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Fact]]:
    if isinstance(value, Fact):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name), (*place, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, (*place, str(key)))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*place, str(index)))
