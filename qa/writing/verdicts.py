"""What the program says itself above its quotations: a verdict on a premise, a comparison, a sum. Said to be computed.

Knows answers. What the verdict is, others tell.
"""

from __future__ import annotations

from dataclasses import replace

from qa.answer import Answer, Claim


def headed(answer: Answer, sentence: str) -> Answer:
    """`answer` with `sentence` before its quotations, resting on all of them; itself where there is no sentence."""
    if not sentence or not answer.citations:
        return answer
    numbers = tuple(citation.number for citation in answer.citations)
    shown = sentence + "".join(f"[{number}]" for number in numbers)
    by = len(shown)
    claim = Claim(sentence, 0, by, numbers, True, computed=True)
    moved = tuple(replace(claim, start=claim.start + by, end=claim.end + by) for claim in answer.claims)
    highlights = tuple((start + by, end + by) for start, end in answer.highlights)
    return replace(answer, text=shown + answer.text, claims=(claim, *moved), highlights=highlights)
