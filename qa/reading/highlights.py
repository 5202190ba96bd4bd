"""What an answer shows in bold: of each question asked, the shortest stretch that answers it, where that is clear.

Knows the claims of an answer and readings of the questions. Which stretch it is, `qa/reading/spans/finder.py` finds;
here it is decided whether it is marked: not where little is expected of it, and not where it would be all that is
shown. What the program added in brackets is never marked.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Span
from qa.answer import Claim
from qa.checking.brackets import put_back, without_added
from qa.checking.verification import squeeze
from qa.reading.reader import Reading
from qa.reading.spans.finder import LEAST_WORTH, SpanFinder, shares_of

_MOST = 0.8  # share of all that is shown


def highlights(finder: SpanFinder, readings: Sequence[Reading], claims: Sequence[Claim]) -> tuple[Span, ...]:
    """Spans of the answer's text, at most one of each reading, ascending; none of claims that are not supported."""
    supported = [claim for claim in claims if claim.supported]
    shown = sum(len(squeeze(without_added(claim.text))) for claim in supported)
    found: list[tuple[float, Span]] = []
    for reading in readings:
        asked_of = _own_claims(reading, supported) if len(readings) > 1 else supported
        texts = [without_added(claim.text) for claim in asked_of]
        best = finder.find(reading.asked, texts, shares_of(reading, texts)) if texts else None
        if best is None or best.worth < LEAST_WORTH:
            continue
        claim = asked_of[best.claim]
        start, end = put_back(best.span, claim.text)
        if len(squeeze(claim.text[start:end])) <= _MOST * shown:
            found.append((best.worth, (claim.start + start, claim.start + end)))
    kept: list[Span] = []
    for _, (start, end) in sorted(found, key=lambda pair: -pair[0]):
        if not any(start < other[1] and other[0] < end for other in kept):
            kept.append((start, end))
    return tuple(sorted(kept))


def _own_claims(reading: Reading, claims: Sequence[Claim]) -> list[Claim]:
    """The claims that `reading` believes in, where other readings have claims too; all where it knows none."""
    shares = shares_of(reading, [without_added(claim.text) for claim in claims])
    best = max(shares, default=0.0)
    return [claim for claim, share in zip(claims, shares, strict=True) if share >= best / 2]
