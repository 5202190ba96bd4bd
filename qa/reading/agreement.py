"""Whether the embedded reader agrees with what a writer chose to tell, whoever wrote it.

Knows claims with their citations and readings of the questions. That the passages say what is claimed is checked
elsewhere; here it is asked whether what they say answers the question.
"""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.collections.hit import Hit
from qa.answer import Citation, Claim
from qa.reading.reader import Read, Reading

# Of 395 questions of CMRC 2018's trial part, each over the best ten of 433 passages: 3.3 % of the sentences that hold
# the answer have less, and 49 % of the sentences without it that look most like the question.
LEAST_AGREEMENT = 0.005


def agreement(
    claims: Sequence[Claim], citations: Sequence[Citation], hits: Sequence[Hit], readings: Sequence[Reading]
) -> tuple[float, ...]:
    """How much the reader believes in what each of `claims` rests on, in [0, 1]; 0 for one that cites nothing.

    It is the reader's share of the best unit that the cited quotes touch, against its best unit of all: 1 where the
    claim rests on what the reader would have quoted. Of several `readings` the one counts that agrees most.
    """
    quotes = {citation.number: citation for citation in citations}
    return tuple(
        max((_share(quotes[n], hits, reading) for n in claim.citations for reading in readings), default=0.0)
        for claim in claims
    )


def beside_the_point(
    claims: Sequence[Claim], citations: Sequence[Citation], hits: Sequence[Hit], readings: Sequence[Reading]
) -> bool:
    """Whether the reader would have quoted next to nothing of what the supported claims of an answer rest on.

    One claim that it agrees with is enough: what a writer adds to the answer need not answer by itself.
    """
    believed = agreement(claims, citations, hits, readings)
    supported = [share for share, claim in zip(believed, claims, strict=True) if claim.supported]
    return bool(supported) and bool(readings) and max(supported) < LEAST_AGREEMENT


def _share(quote: Citation, hits: Sequence[Hit], reading: Reading) -> float:
    touched = (read.share for read in reading.units if _touches(read, quote, hits))
    return max(touched, default=0.0) / reading.units[0].share if reading.units else 0.0


def _touches(read: Read, quote: Citation, hits: Sequence[Hit]) -> bool:
    passage, unit = hits[read.unit.hit].passage, read.unit
    same = passage.article_id == quote.passage.article_id
    return same and passage.start + unit.start < quote.end and quote.start < passage.start + unit.end
