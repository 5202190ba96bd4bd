"""Whether what a language model wrote answers the question, as far as the reader can tell, and is fit to be shown.

Knows answers with their claims checked, and readings of the question. That the passages say what is claimed is verified
elsewhere; here it is asked whether what they say there answers what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.text.terms import squeeze
from qa.answer import Answer, Citation, Claim
from qa.reading.reader import Reading

LEAST_BELIEF = 0.05  # in the unit that a claim rests on; below it the figure may be right and of somebody else
_BESIDE = "出处里这句话说的不是所问的。"
_AGAIN = 24  # characters that a model which is caught in a loop has written three times


def judged(answer: Answer, readings: Sequence[Reading]) -> Answer:
    """`answer` with each supported claim taken back that rests only on what does not answer.

    One claim that the reader agrees with is enough to let the others stand: what is added need not answer by itself.
    """
    quotes = {citation.number: citation for citation in answer.citations}
    beliefs = [max((_belief(quotes[n], readings) for n in claim.citations), default=0.0) for claim in answer.claims]
    if not readings or max(beliefs, default=1.0) >= LEAST_BELIEF:
        return answer
    return replace(answer, claims=tuple(_taken_back(claim) for claim in answer.claims))


def _taken_back(claim: Claim) -> Claim:
    return replace(claim, supported=False, problem=_BESIDE) if claim.supported else claim


def _belief(quote: Citation, readings: Sequence[Reading]) -> float:
    """The reader's belief in the best unit that `quote` touches."""
    touched = (
        read.belief
        for reading in readings
        for read in reading.reads
        if read.unit.passage.id == quote.passage.id
        and quote.passage.start + read.unit.start < quote.end
        and quote.start < quote.passage.start + read.unit.end
    )
    return max(touched, default=0.0)


def stands(answer: Answer, quoted: Answer) -> bool:
    """Whether `answer` may be shown: most of it is supported, and has what the embedded one marks as the answer."""
    supported = [claim for claim in answer.claims if claim.supported]
    if not supported or 2 * len(supported) < len(answer.claims):
        return False
    said = squeeze("".join(claim.text for claim in supported))
    return all(squeeze(quoted.text[start:end]) in said for start, end in quoted.highlights)


def repeats_itself(written: str) -> bool:
    """Whether `written` ends in the same words for the third time, as a model does that will not stop."""
    return len(written) >= 3 * _AGAIN and written[-10 * _AGAIN :].count(written[-_AGAIN:]) >= 3
