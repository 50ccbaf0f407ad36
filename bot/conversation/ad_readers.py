"""Readers of a job ad quoted in a message, and of what is asked about the pay that it states."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.conversation.heard import Heard
from bot.core.command_line import parse
from bot.core.interpretation import Interpretation
from bot.extraction import money, quoted_ads
from bot.extraction.job_ads import ReadAd, is_job_ad, read_ad
from bot.extraction.money import Money
from bot.extraction.quoted_ads import QuotedAd
from bot.features.learning import short_ad
from bot.features.learning.short_ad import Asked
from bot.features.pay import money_pays, talk

LEAST_SIGNS: Final = 2
"""Besides a pay, where no quotation marks say what the ad is."""
MOST_UNEXPLAINED: Final = 2
_TITLE: Final = 90
"""Characters in which an ad names its level: 'report to the head of data' comes later."""
_JOB: Final = re.compile(
    r"\b(?:machine[ -]learning|ml|mle|ai|data (?:engineer|scientist)|engineer|developer)\b",
    re.IGNORECASE,
)


def quoted(heard: Heard) -> Iterator[Interpretation]:
    """'saw this ad - ML Engineer, 130-145k package, 3+ yrs. any good?': the ad's pay read, and
    what is asked of it; a whole ad without a question is read as one.
    """
    found = quoted_ads.part(heard.text)
    if found is None or is_job_ad(heard.content, heard.text):
        return
    if not found.question and parse(heard.content, heard.text):
        return  # 'ad We are looking for ...' is read whole
    read = read_ad(heard.content, found.ad)
    read = replace(read, level=read_ad(heard.content, found.ad[:_TITLE]).level)
    if read.pay is None or not _is_ad(found, read):
        return
    said = money.read(found.question, talk.vocabulary(heard.request()))
    if len(said.left) > MOST_UNEXPLAINED:
        return
    request, asked = heard.request("salary", heard.text), _asked(heard, said)
    yield Interpretation(
        name="an ad quoted",
        score=0.993,
        decide=lambda: short_ad.answer(request, read, asked, found.ad),
        takes_facts=True,  # nothing of an ad is the speaker's
    )


def _is_ad(found: QuotedAd, read: ReadAd) -> bool:
    signs = (
        read.years is not None,
        bool(read.level),
        bool(_JOB.search(found.ad)),
        bool(read.super_said),
        bool(read.places or read.ways),
        bool(read.term or read.rights),
        any(any(row) for row in read.layers.values()) or bool(read.units),
    )
    return sum(signs) >= (1 if found.is_quoted else LEAST_SIGNS)


def _asked(heard: Heard, said: Money) -> Asked:
    mine = [
        one for one in money_pays.named(heard.request(), said) if not money_pays.is_unclear(one)
    ]
    return Asked(
        base=said.means("base"),
        verdict=said.means("judged", "pick", "beside") or said.asks,
        years=said.count("year"),
        mine=mine[0] if len(mine) == 1 else None,
    )
