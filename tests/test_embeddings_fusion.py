"""Fusion: each ranking counts by its share, whatever the other says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from embeddings.search.fusion import fuse

ROWS = st.integers(0, 30)


def test_scores_are_weighed() -> None:
    assert fuse({1: 8.0, 2: 4.0}, {1: 0.2, 2: 0.9}, 10.0, 0.5) == [(2, 0.2 + 0.45), (1, 0.4 + 0.1)]


def test_with_all_weight_on_terms_the_order_is_that_of_bm25() -> None:
    assert [row for row, _ in fuse({1: 1.0, 2: 3.0, 3: 2.0}, {1: 0.9, 4: 1.0}, 5.0, 1.0)] == [2, 3, 1, 4]


def test_ties_go_to_the_earlier_row() -> None:
    assert [row for row, _ in fuse({7: 2.0, 3: 2.0}, {}, 4.0)] == [3, 7]


def test_no_hit_at_all() -> None:
    assert fuse({}, {}, 0.0) == []


@given(st.dictionaries(ROWS, st.floats(0, 100)), st.dictionaries(ROWS, st.floats(-1.001, 1.001)), st.floats(0, 1))
def test_scores_lie_between_0_and_1_and_every_row_is_there_once(
    term_scores: dict[int, float], cosines: dict[int, float], weight: float
) -> None:
    fused = fuse(term_scores, cosines, 50.0, weight)
    assert sorted(row for row, _ in fused) == sorted(set(term_scores) | set(cosines))
    assert all(0 <= score <= 1 + 1e-9 for _, score in fused)
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
