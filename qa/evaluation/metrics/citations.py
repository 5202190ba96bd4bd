"""What the citations of an answer are worth: do they support it, are they true to the articles, have they the answer.

Knows values of an answer. Support is judged by the product's own check, `qa.checking.verification.find_problem`, which
already decided which claims keep their marks: on these two metrics an answer that quotes scores 1 almost by
construction. The others do not use it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus.article import Passage
from qa.answer import Citation, Claim
from qa.checking.verification import find_problem, source_of

Supports = Callable[[str, str], bool]
"""Whether a source (second) supports a claim (first)."""


def supports(claim: str, source: str) -> bool:
    """Whether the product's check finds nothing in `claim` that `source` lacks.

    >>> supports("共有党员86名。", "街道有党员86名，党支部7个。"), supports("共有党员99名。", "街道有党员86名。")
    (True, False)
    """
    return not find_problem(claim, source)


def recall_and_precision(
    claims: Sequence[Claim], citations: Sequence[Citation], judge: Supports = supports
) -> tuple[float, float]:
    """Citation recall and precision of one answer, each in [0, 1], after ALCE (Gao et al. 2023, arXiv 2305.14627).

    Recall is the share of claims whose cited passages together support them. A citation is precise if its claim is
    supported by all of its citations and this one supports it alone, or the others do not without it; precision is the
    share of such, 0 where nothing is cited. ALCE asks a language-inference model, this asks `judge`.

    Claim 1 cites A and B, of which A alone supports it: A is precise, B is not. Claim 2 cites nothing. Recall 1/2,
    precision 1/2:

    >>> a, b = (Passage(name, name, text, 0, len(text)) for name, text in (("A", "桥长八百米。"), ("B", "天气很好。")))
    >>> both = [Citation(1, a, a.text, 0, 6), Citation(2, b, b.text, 0, 5)]
    >>> recall_and_precision([Claim("桥长八百米。", 0, 6, (1, 2), True), Claim("桥很美。", 6, 10, (), False)], both)
    (0.5, 0.5)
    """
    passages = {citation.number: citation.passage for citation in citations}
    supported = [_judged(claim, passages, judge) for claim in claims]
    cited = [precise for _, of_claim in supported for precise in of_claim]
    recall = sum(whole for whole, _ in supported) / len(supported) if supported else 0.0
    return recall, sum(cited) / len(cited) if cited else 0.0


def _judged(claim: Claim, passages: Mapping[int, Passage], judge: Supports) -> tuple[bool, list[bool]]:
    """Whether all that `claim` cites supports it, and of each citation whether it is precise."""

    def supported(numbers: Sequence[int]) -> bool:
        sources = [passages[number] for number in numbers if number in passages]
        return bool(sources) and judge(claim.text, source_of(sources))

    if not supported(claim.citations):
        return False, [False] * len(claim.citations)
    if len(claim.citations) == 1:
        return True, [True]
    rest = {n: [other for other in claim.citations if other != n] for n in claim.citations}
    return True, [supported([n]) or not supported(rest[n]) for n in claim.citations]


def quote_exact(citations: Sequence[Citation], text_of: Callable[[str], str]) -> float:
    """Share of citations whose quote is, character by character, what the article has at its place; 0 without any.

    A quote of nothing, or of an article that there is not, is not exact.

    >>> passage = Passage("A#0", "A", "桥长八百米。", 0, 6)
    >>> true, false = Citation(1, passage, "八百米", 2, 5), Citation(2, passage, "九百米", 2, 5)
    >>> quote_exact([true, false], {"A": "桥长八百米。"}.__getitem__)
    0.5
    """
    true = [bool(c.quote) and _text(c, text_of)[c.start : c.end] == c.quote for c in citations]
    return sum(true) / len(true) if true else 0.0


def _text(citation: Citation, text_of: Callable[[str], str]) -> str:
    try:
        return text_of(citation.passage.article_id)
    except KeyError:
        return ""
