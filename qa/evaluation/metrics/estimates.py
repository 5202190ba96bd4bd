"""How sure a number is: intervals by bootstrap, a paired test of two runs, and many tests at once.

Knows numbers only. Everything is drawn with a fixed seed, so that the same rows give the same intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import comb, isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.evaluation.results import Estimate

RESAMPLES = 2000
PERMUTATIONS = 10_000
_SEED = 20_230_904
_ENDS = (2.5, 97.5)  # per cent: a 95 % interval
_AT_ONCE = 4_000_000  # numbers in memory, at most
_MOST_EXACT = 14  # changed pairs whose 2^n signs are all tried

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two runs on the same `n` questions: mean of the second less that of the first, its 95 % interval, and p.

    `better` and `worse` count the questions with a higher and a lower value in the second run, whatever is good.
    """

    difference: float
    low: float
    high: float
    p: float
    better: int
    worse: int
    n: int


def mean_interval(values: ArrayLike) -> Estimate:
    """The mean of `values` (n,) with its interval; NaN is left out. Raises ValueError where nothing is left.

    >>> mean_interval([0.5])
    Estimate(value=0.5, low=0.5, high=0.5, n=1)
    """
    numbers = _finite(values)
    distinct, counts = np.unique(numbers, return_counts=True)
    drawn = bootstrap(counts, lambda weights: weights @ distinct / len(numbers))
    # No mean is outside its numbers, whatever rounding says.
    low, value, high = np.clip((drawn[0], numbers.mean(), drawn[1]), distinct[0], distinct[-1]).tolist()
    return Estimate(value, min(low, value), max(high, value), len(numbers))


def share_interval(values: ArrayLike) -> Estimate:
    """The mean of `values` (n,) in [0, 1] with its interval; where all are 0 or all 1, how far off that may be by luck.

    Resampling four right ones gives four right ones, as if there could be no others. If a share p of all were right,
    all n would be with probability p^n: the interval ends where that is 2.5 % (Clopper and Pearson 1934; 3.7 / n for
    many). Raises ValueError where there are no values.

    >>> round(share_interval([1, 1, 1, 1]).low, 3), round(share_interval([0] * 100).high, 3)
    (0.398, 0.036)
    """
    found = mean_interval(values)
    return _not_certain(found, found.n)


def _not_certain(found: Estimate, n: int) -> Estimate:
    """`found` with the end of its interval that `n` independent trials without exception leave open."""
    if found.value not in (0.0, 1.0):
        return found
    far = (_ENDS[0] / 100) ** (1 / n)
    return replace(found, low=far) if found.value else replace(found, high=1 - far)


def bootstrap(counts: ArrayLike, statistic: Statistic) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic of rows (Efron 1979), over 2,000 resamples.

    Equal rows are counted together: `counts` (m,) says how often each distinct row occurs. `statistic` gets weights
    (resamples, m), how often each was drawn, and returns a number for each resample; NaN (say, 0/0) is left out.
    """
    counted = np.asarray(counts, dtype=np.int64)
    found = np.concatenate([statistic(weights) for weights in _drawn(counted)])
    found = found[np.isfinite(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.percentile(found, _ENDS)
    return float(low), float(high)


def _drawn(counts: NDArray[np.int64]) -> Iterator[Floats]:
    """How often each distinct row is drawn, in blocks (resamples, m) that fit into memory."""
    distinct, n = len(counts), int(counts.sum())
    if distinct == 1:
        yield np.full((1, 1), float(n))
        return
    random = np.random.default_rng(_SEED)
    # Drawing each row is faster than drawing counts where nearly every row is distinct.
    by_counts = 10 * distinct < n
    owner = np.repeat(np.arange(distinct), counts)
    block = max(1, min(RESAMPLES, _AT_ONCE // (distinct if by_counts else n)))
    for start in range(0, RESAMPLES, block):
        size = min(block, RESAMPLES - start)
        if by_counts:
            yield random.multinomial(n, counts / n, size).astype(np.float64)
            continue
        drawn = owner[random.integers(n, size=(size, n), dtype=np.int32)]
        drawn += np.arange(size)[:, None] * distinct
        yield np.bincount(drawn.ravel(), minlength=size * distinct).reshape(size, distinct).astype(np.float64)


def quantile_interval(values: ArrayLike, share: float) -> Estimate:
    """The quantile of `values` (n,) at `share`, between neighbours by interpolation, with its interval.

    The quantile of a resample lies between two order statistics; which places those come from is known without drawing
    n numbers: the k-th smallest of n uniform ones is Beta(k, n - k + 1), the next one as much further as the smallest
    of the n - k that are left.

    >>> quantile_interval([3.0, 1.0, 2.0], 0.5).value
    2.0
    """
    numbers = np.sort(_finite(values))
    n = len(numbers)
    place = share * (n - 1)
    k = min(int(place), n - 2) + 1 if n > 1 else 1
    rest = place - (k - 1)
    value = float(np.quantile(numbers, share))
    if n == 1:
        return Estimate(value, value, value, 1)
    random = np.random.default_rng(_SEED)
    first = random.beta(k, n - k + 1, RESAMPLES)
    second = first + (1 - first) * random.beta(1, n - k, RESAMPLES)
    lower, upper = (numbers[np.minimum((u * n).astype(np.int64), n - 1)] for u in (first, second))
    low, high = np.percentile(lower + rest * (upper - lower), _ENDS)
    return Estimate(value, min(float(low), value), max(float(high), value), n)


def paired_test(a: ArrayLike, b: ArrayLike) -> Paired:
    """Whether the second run differs from the first, by signs turned at random (Fisher 1935), two-sided.

    If both were alike, every difference could as well have the other sign. p is the share of sign patterns whose sum is
    as far from 0 as the one seen: of all patterns where few pairs differ or all by the same amount (which is the exact
    McNemar test then), otherwise of 10,000 drawn ones and the one seen. Never 0. Raises ValueError for different
    lengths or none.

    Three questions got better by 1 and none worse: 2 of 8 patterns are as far from 0.

    >>> paired_test([0, 0, 0, 1], [1, 1, 1, 1]).p
    0.25
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} and {len(second)} values are no pairs")
    differences = second - first
    mean = mean_interval(differences)
    differences = _finite(differences)
    changed = differences[differences != 0]
    better = int((changed > 0).sum())
    return Paired(mean.value, mean.low, mean.high, _p(changed), better, len(changed) - better, mean.n)


def _p(changed: Floats) -> float:
    if not len(changed):
        return 1.0
    sizes = np.abs(changed)
    if np.allclose(sizes, sizes[0], rtol=1e-9):
        return _binomial_p(int((changed > 0).sum()), len(changed))
    seen = abs(changed.sum()) * (1 - 1e-12)
    if len(changed) <= _MOST_EXACT:
        patterns = np.arange(2 ** len(changed))[:, None] >> np.arange(len(changed)) & 1
        return float(np.mean(np.abs((2 * patterns - 1) @ sizes) >= seen))
    random = np.random.default_rng(_SEED)
    block = max(1, _AT_ONCE // len(changed))
    as_far = 0
    for start in range(0, PERMUTATIONS, block):
        shape = (min(block, PERMUTATIONS - start), len(changed))
        bits = np.unpackbits(np.frombuffer(random.bytes(shape[0] * -(-shape[1] // 8)), dtype=np.uint8))
        signs = bits.reshape(shape[0], -1)[:, : shape[1]]
        as_far += int((np.abs(2 * (signs @ sizes) - sizes.sum()) >= seen).sum())
    return (1 + as_far) / (1 + PERMUTATIONS)


def _binomial_p(higher: int, n: int) -> float:
    """Two-sided p of `higher` heads in `n` throws of a fair coin."""
    fewer = min(higher, n - higher)
    tail = term = 1
    for k in range(1, fewer + 1):
        term = term * (n - k + 1) // k
        tail += term
    both = 2 * tail - (comb(n, fewer) if 2 * fewer == n else 0)
    return max(min(both / (1 << n), 1.0), 5e-324)


def holm(p_values: Sequence[float]) -> list[float]:
    """`p_values`, in their order, made larger for their number (Holm 1979): the k-th smallest of m times m - k + 1.

    No p gets smaller than that of a smaller one, none larger than 1. 0.01 * 3, 0.02 * 2, 0.5 * 1:

    >>> holm([0.5, 0.01, 0.02])
    [0.5, 0.03, 0.04]
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = largest
    return adjusted


def area(confidences: Sequence[float], answerable: Sequence[bool]) -> Estimate | None:
    """Area under the ROC curve: how probably one that is answerable has more confidence than one that is not.

    Ties count half (Hanley and McNeil 1982). None where all or none are answerable. Where every pair is won, or every
    one lost, the interval is that of as many pairs as there are without a row in common.

    0.9 and 0.4 answerable, 0.4 and 0.1 not: 0.9 beats both, 0.4 beats one and ties one, 3.5 of 4 pairs.

    >>> area([0.9, 0.4, 0.4, 0.1], [True, True, False, False]).value
    0.875
    """
    kept = [(c, yes) for c, yes in zip(confidences, answerable, strict=True) if isfinite(c)]
    if len({yes for _, yes in kept}) < 2:
        return None
    levels, level = np.unique([c for c, _ in kept], return_inverse=True)
    cells = np.bincount(2 * level + np.array([yes for _, yes in kept]), minlength=2 * len(levels))
    there = np.flatnonzero(cells)

    def statistic(weights: Floats) -> Floats:
        every = np.zeros((len(weights), len(cells)))
        every[:, there] = weights
        without, having = every[:, 0::2], every[:, 1::2]
        pairs = (having * (np.cumsum(without, axis=1) - without / 2)).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(pairs / (having.sum(axis=1) * without.sum(axis=1)))

    value = float(statistic(cells[there][None].astype(np.float64))[0])
    low, high = bootstrap(cells[there], statistic)
    apart = min(int(cells[0::2].sum()), int(cells[1::2].sum()))
    return _not_certain(Estimate(value, min(low, value), max(high, value), len(kept)), apart)


def ratio(above: int, below: int, n: int) -> Estimate | None:
    """`above` of `below` rows, themselves of `n`: a share whose denominator is drawn anew too. None where it is 0."""
    if not below:
        return None
    counts = np.array([above, below - above, n - below])

    def statistic(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            return np.asarray(weights[:, 0] / weights[:, :2].sum(axis=1))

    low, high = bootstrap(counts, statistic)
    return _not_certain(Estimate(above / below, low, high, below), below)


def _finite(values: ArrayLike) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        raise ValueError("there are no values")
    return numbers
