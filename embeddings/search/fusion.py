"""How the two rankings, by terms and by vectors, become one.

Pure functions over rows and scores. Scores are weighed, not ranks: reciprocal-rank fusion, which throws away how
much better the first is than the second, was measured to lose to BM25 alone. BM25 is measured against the most that
a passage could reach for the question, which was found better than against the best passage there is: where no
passage has all the words, the meaning counts for more.
"""

from __future__ import annotations

from collections.abc import Mapping

# Chosen by `python -m embeddings.training.measure`; the share of the terms, the rest is that of the vectors.
TERMS_WEIGHT = 0.88


def fuse(
    terms: Mapping[int, float], vectors: Mapping[int, float], ceiling: float, weight: float = TERMS_WEIGHT
) -> list[tuple[int, float]]:
    """Every row of `terms` (BM25 scores) and `vectors` (cosines) with its score in [0, 1], best first; ties by row.

    BM25 counts as a share of `ceiling`, a cosine as it is; a row that one of them lacks has 0 there.
    """
    scale = weight / ceiling if ceiling > 0 else 0.0
    rows = dict.fromkeys((*terms, *vectors))
    scored = [(row, scale * terms.get(row, 0.0) + (1 - weight) * max(0.0, vectors.get(row, 0.0))) for row in rows]
    scored.sort(key=lambda pair: (-pair[1], pair[0]))
    return [(row, min(1.0, score)) for row, score in scored]
