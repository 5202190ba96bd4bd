"""Intervals and tests against scipy, which is slower and does the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qa.evaluation.metrics.estimates import (
    area,
    bootstrap,
    holm,
    mean_interval,
    paired_test,
    quantile_interval,
    ratio,
    share_interval,
)

SHARES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=30)


def scipy_interval(values: object, statistic: Callable[..., object]) -> tuple[float, float]:
    found = stats.bootstrap(
        (values,), statistic, n_resamples=4000, method="percentile", rng=np.random.default_rng(1), vectorized=True
    ).confidence_interval
    return float(found.low), float(found.high)


@pytest.mark.parametrize("kind", ["shares", "distinct", "ties"])
def test_the_interval_of_a_mean_agrees_with_scipy(kind: str) -> None:
    drawn = np.random.default_rng(3).random(200)
    values = {"shares": (drawn > 0.3).astype(float), "distinct": drawn, "ties": np.round(drawn, 1)}[kind]
    ours = mean_interval(values)
    assert ours.value == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx(scipy_interval(values, np.mean), abs=0.01)


@pytest.mark.parametrize("share", [0.5, 0.95])
@pytest.mark.parametrize("n", [2, 9, 200])
def test_the_interval_of_a_quantile_agrees_with_scipy(share: float, n: int) -> None:
    values = np.random.default_rng(n).random(n)
    ours = quantile_interval(values, share)
    assert ours.value == pytest.approx(np.quantile(values, share))
    theirs = scipy_interval(values, lambda sample, axis: np.quantile(sample, share, axis=axis))
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=0.03)


def test_both_ways_of_drawing_agree() -> None:
    counts = np.array([30, 50, 20])
    values = np.array([0.0, 0.5, 1.0])
    few = bootstrap(counts, lambda weights: weights @ values / 100)
    # Every row its own: drawn one by one.
    many = bootstrap(np.ones(100, dtype=int), lambda weights: weights @ np.repeat(values, counts) / 100)
    assert few == pytest.approx(many, abs=0.01)


@pytest.mark.slow
def test_an_interval_needs_little_memory_and_is_the_same_each_time() -> None:
    values = np.random.default_rng(0).random(50_000)
    found = mean_interval(values)
    assert found == mean_interval(values[::-1])
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 50_000**0.5, rel=0.1)


@given(SHARES)
@settings(deadline=None, max_examples=30)
def test_an_interval_holds_its_value(values: list[float]) -> None:
    for found in (mean_interval(values), quantile_interval(values, 0.5), quantile_interval(values, 0.95)):
        assert min(values) <= found.low <= found.value <= found.high <= max(values)
        assert found.n == len(values)


def test_intervals_of_one_equal_or_missing_values() -> None:
    for values in ([0.3], [0.1, 0.1, 0.1], [float("nan"), 0.7]):
        for found in (mean_interval(values), quantile_interval(values, 0.95)):
            assert found.low == found.value == found.high == values[-1]
    with pytest.raises(ValueError, match="no values"):
        mean_interval([float("nan")])


def test_a_test_of_few_pairs_is_exact() -> None:
    a = [0.1, 0.5, 0.3, 0.9, 0.2, 0.2]
    b = [0.4, 0.4, 0.8, 0.95, 0.2, 0.9]
    differences = np.subtract(b, a)
    patterns = [abs(np.dot(signs, differences)) for signs in product((1, -1), repeat=6)]
    found = paired_test(a, b)
    assert found.p == pytest.approx(np.mean(np.array(patterns) >= abs(differences.sum()) - 1e-12))
    assert (found.better, found.worse, found.n) == (4, 1, 6)
    assert found.difference == pytest.approx(differences.mean())
    assert found.low < found.difference < found.high
    theirs = stats.permutation_test((a, b), lambda x, y, axis: np.mean(y - x, axis=axis), permutation_type="samples")
    assert found.p == pytest.approx(theirs.pvalue)


def test_a_test_of_many_pairs_agrees_with_scipy() -> None:
    random = np.random.default_rng(4)
    a = random.random(150)
    b = a + random.normal(0.02, 0.1, 150)
    theirs = stats.permutation_test(
        (a, b), lambda x, y, axis: np.mean(y - x, axis=axis), permutation_type="samples", n_resamples=20_000, rng=random
    )
    assert paired_test(a, b).p == pytest.approx(theirs.pvalue, abs=0.01)


@pytest.mark.parametrize(("higher", "lower"), [(0, 1), (3, 0), (10, 10), (40, 20), (900, 1000)])
def test_right_and_wrong_are_tested_as_mcnemar_does(higher: int, lower: int) -> None:
    a = [0.0] * higher + [1.0] * lower + [1.0] * 5
    b = [1.0] * higher + [0.0] * lower + [1.0] * 5
    assert paired_test(a, b).p == pytest.approx(stats.binomtest(higher, higher + lower).pvalue)


def test_p_is_never_nought_nor_more_than_one() -> None:
    assert paired_test([0.0] * 3000, [1.0] * 3000).p > 0
    rising = np.linspace(0.1, 1, 3000)
    assert paired_test(np.zeros(3000), rising).p == pytest.approx(1 / 10_001)
    assert paired_test([1, 0, 0.5], [1, 0, 0.5]).p == 1
    assert paired_test([1, 0], [0, 1]).p == 1


@given(SHARES)
@settings(deadline=None, max_examples=30)
def test_turning_a_comparison_round_turns_only_its_sign(values: list[float]) -> None:
    other = values[1:] + values[:1]
    one, two = paired_test(values, other), paired_test(other, values)
    assert one.p == two.p
    assert one.difference == pytest.approx(-two.difference)
    assert (one.better, one.worse) == (two.worse, two.better)


def test_pairs_must_be_pairs() -> None:
    with pytest.raises(ValueError, match="pairs"):
        paired_test([1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="no values"):
        paired_test([], [])


def test_holm() -> None:
    # By hand: 0.01 * 4; 0.03 * 3; 0.04 * 2 is less than the one before, so 0.09; 0.9.
    assert holm([0.9, 0.01, 0.04, 0.03]) == pytest.approx([0.9, 0.04, 0.09, 0.09])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_area_agrees_with_scipy() -> None:
    random = np.random.default_rng(8)
    confidences = np.round(random.random(300), 2)
    answerable = random.random(300) < confidences
    beaten = stats.mannwhitneyu(confidences[answerable], confidences[~answerable]).statistic
    found = area(confidences, answerable)
    assert found is not None
    assert found.value == pytest.approx(beaten / (answerable.sum() * (~answerable).sum()))
    assert found.low < found.value < found.high
    # Resampled plainly, row by row.
    plain = []
    for _ in range(400):
        drawn = random.integers(300, size=300)
        c, yes = confidences[drawn], answerable[drawn]
        plain.append(np.mean(c[yes][:, None] > c[~yes]) + np.mean(c[yes][:, None] == c[~yes]) / 2)
    assert (found.low, found.high) == pytest.approx(np.percentile(plain, (2.5, 97.5)), abs=0.02)


def test_areas_of_the_extremes() -> None:
    assert area([0.9, 0.8, 0.1], [True, True, False]).value == 1
    assert area([0.1, 0.9], [True, False]).value == 0
    assert area([0.5, 0.5, 0.5], [True, False, False]).value == 0.5
    assert area([0.1, 0.9], [True, True]) is None
    assert area([0.1, float("nan")], [True, False]) is None


def test_a_ratio_and_its_interval() -> None:
    found = ratio(6, 10, 50)
    assert found is not None
    assert (found.value, found.n) == (0.6, 10)
    # The interval of six out of ten: wide.
    inside = [k / 10 for k in range(11) if comb(10, k) * 0.6**k * 0.4 ** (10 - k) > 0.05]
    assert found.low <= inside[0] < 0.6 < inside[-1] <= found.high
    assert ratio(0, 0, 5) is None


def test_shares_without_exception_are_not_taken_for_certain() -> None:
    for n in (1, 4, 250):
        exact = stats.binomtest(n, n).proportion_ci(0.95, method="exact")
        for found in (share_interval([1.0] * n), ratio(n, n, 2 * n), area([0.9, 0.1] * n, [True, False] * n)):
            assert found is not None
            assert (found.value, found.low, found.high) == (1, pytest.approx(exact.low), 1)
        none = share_interval([0.0] * n)
        assert (none.value, none.low, none.high) == (0, 0, pytest.approx(1 - exact.low))
    mixed = [0.0, 1.0, 1.0, 0.5]
    assert share_interval(mixed) == mean_interval(mixed)
    with pytest.raises(ValueError, match="no values"):
        share_interval([])
