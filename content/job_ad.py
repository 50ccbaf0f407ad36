"""The words by which a job ad is read: which layer and units it speaks of, its level, what it
leaves unsaid.

Lists of words, and nothing that judges: what an ad says is shown with its own words, what it does
not say is a question that one might ask. A phrase is found as whole words, in any case.
"""

from collections.abc import Mapping

from pydantic import Field

from content.entry import Entry, Key, Words

Phrases = tuple[Words, ...]


class LayerWords(Entry):
    """What in an ad speaks of the API layer or of the ML layer,
    for one row of the article's table.
    """

    api: Phrases = Field(min_length=1)
    ml: Phrases = Field(min_length=1)


class Silence(Entry):
    """Something that an ad may leave out: the words that would say it,
    and the question where none is there.
    """

    said: Phrases = Field(min_length=1)
    ask: Words


class JobAd(Entry):
    signs: Phrases = Field(min_length=5, description="What only an advertisement says.")
    layers: Mapping[Key, LayerWords] = Field(description="By row of the article's table.")
    units: Mapping[Key, Phrases] = Field(description="By plan unit: what asks for what it teaches.")
    levels: Mapping[Key, Phrases] = Field(description="By band: the words that name its level.")
    contract: Phrases
    permanent: Phrases
    ways: Phrases = Field(description="Where one works from: remote, hybrid, on site.")
    sponsors: Phrases = Field(description="Words that concern only those who need a visa.")
    retired: Mapping[Key, Phrases] = Field(
        description="By figure of the occupation: names of certificates that are not offered."
    )
    silences: Mapping[Key, Silence]
