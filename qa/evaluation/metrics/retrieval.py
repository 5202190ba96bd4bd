"""How good a ranking is: the first places against what should be there. Ranks count from 1, gains are 0 or 1.

Knows ids and texts in order. Agrees with ir-measures (Success, R, RR, nDCG), against which the tests hold it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from math import log2

from qa.evaluation.metrics.answer_text import Parts, coverage


def hit(ranking: Sequence[str], relevant: Set[str], k: int) -> float:
    """1 if one of the first `k` is relevant, else 0 (also called success).

    >>> hit(["a", "b", "c"], {"c"}, 1), hit(["a", "b", "c"], {"c"}, 5)
    (0.0, 1.0)
    """
    return float(any(item in relevant for item in ranking[:k]))


def recall(ranking: Sequence[str], relevant: Set[str], k: int) -> float:
    """Share of the relevant that are among the first `k`.

    >>> recall(["a", "b", "c"], {"c", "d"}, 5)
    0.5
    """
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Set[str], k: int) -> float:
    """1 / rank of the first relevant among the first `k`, else 0; its mean is MRR (Voorhees 1999).

    >>> reciprocal_rank(["a", "b", "c"], {"b", "c"}, 10)
    0.5
    """
    return next((1 / rank for rank, item in enumerate(ranking[:k], 1) if item in relevant), 0.0)


def ndcg(ranking: Sequence[str], relevant: Set[str], k: int) -> float:
    """Sum of 1 / log2(rank + 1) over the relevant among the first `k`, divided by that of the best order.

    Järvelin and Kekäläinen 2002, with gains of 0 and 1. Two relevant ones at ranks 1 and 3, the best are 1 and 2:
    (1 + 1/2) / (1 + 1/log2(3)) = 1.5 / 1.6309 = 0.9197.

    >>> round(ndcg(["a", "b", "c"], {"a", "c"}, 10), 4)
    0.9197
    """
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1))
    gained = sum(1 / log2(rank + 1) for rank, item in enumerate(ranking[:k], 1) if item in relevant)
    return gained / best if best else 0.0


def answer_in(texts: Sequence[str], required: Parts, k: int) -> float:
    """Share of the required parts that the first `k` texts have, compared as in `answer_text.holds`.

    >>> answer_in(["王寨街已改造", "常青路和宏达路"], [["王寨街"], ["常青路"], ["长虹路"]], 1)
    0.3333333333333333
    """
    return coverage(texts[:k], required)
