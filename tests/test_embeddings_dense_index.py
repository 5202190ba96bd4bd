"""Vectors: FAISS says what a matrix product says, before and after saving, removing and filtering."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.search.dense_index import DenseIndex

Matrix = NDArray[np.float32]


def unit_vectors(count: int, dimension: int = 32, seed: int = 0) -> Matrix:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    unit: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def nearest(vectors: Matrix, rows: list[int], query: Matrix, count: int) -> list[int]:
    return [rows[place] for place in np.argsort(-(vectors @ query))[:count]]


VECTORS = unit_vectors(500)
ROWS = [3 * place + 7 for place in range(500)]
QUERIES = unit_vectors(20, seed=1)


@pytest.fixture
def index() -> DenseIndex:
    made = DenseIndex.create(32)
    made.add(ROWS[:200], VECTORS[:200])
    made.add(ROWS[200:], VECTORS[200:])
    return made


@pytest.mark.parametrize("writable", [False, True])
def test_search_is_a_matrix_product(index: DenseIndex, tmp_path: Path, writable: bool) -> None:
    index.save(tmp_path / "vectors")
    index = DenseIndex.open(tmp_path / "vectors", writable=writable)
    for query in QUERIES:
        found = index.search(query, 5)
        assert [row for row, _ in found] == nearest(VECTORS, ROWS, query, 5)
        assert [score for _, score in found] == pytest.approx(sorted(VECTORS @ query)[:-6:-1], abs=2e-3)


def test_removed_rows_are_gone_and_the_rest_is_found(index: DenseIndex) -> None:
    index.remove([*ROWS[:100], 999_999])
    assert len(index) == 400
    for query in QUERIES:
        assert [row for row, _ in index.search(query, 5)] == nearest(VECTORS[100:], ROWS[100:], query, 5)


def test_a_filter_leaves_only_its_rows(index: DenseIndex) -> None:
    within = np.asarray(ROWS[40:60], dtype=np.int64)
    for query in QUERIES:
        found = [row for row, _ in index.search(query, 50, within=within)]
        assert found == nearest(VECTORS[40:60], ROWS[40:60], query, 50)


def test_scores_of_given_rows(index: DenseIndex) -> None:
    wanted = ROWS[10:15]
    assert index.scores(QUERIES[0], wanted) == pytest.approx((VECTORS[10:15] @ QUERIES[0]).tolist(), abs=2e-3)
    assert index.scores(QUERIES[0], []) == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    DenseIndex.create(32).save(tmp_path / "vectors")
    assert DenseIndex.open(tmp_path / "vectors").search(QUERIES[0], 5) == []


def test_cells_find_what_a_full_scan_finds_and_still_change(tmp_path: Path) -> None:
    centres = unit_vectors(20, seed=2)
    noise = unit_vectors(2_000, seed=3)
    vectors = np.repeat(centres, 100, axis=0) + 0.5 * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = list(range(1_000, 3_000))
    index = DenseIndex.create(32, exact_limit=1_000)
    index.add(rows, vectors)
    index.save(tmp_path / "cells")
    index = DenseIndex.open(tmp_path / "cells", writable=True)
    assert index._cells > 0
    index.remove(rows[:50])
    index.add([9_999], vectors[:1])
    index.save(tmp_path / "again")
    index = DenseIndex.open(tmp_path / "again")
    assert len(index) == 1_951
    kept, kept_rows = np.vstack([vectors[50:], vectors[:1]]), [*rows[50:], 9_999]
    found = [len({row for row, _ in index.search(v, 10)} & set(nearest(kept, kept_rows, v, 10))) for v in kept[::40]]
    assert np.mean(found) > 9
    assert index.search(vectors[0], 1)[0][0] == 9_999
    within = np.asarray(kept_rows[::9], dtype=np.int64)
    expected = nearest(kept[::9], kept_rows[::9], kept[5], 10)
    assert {row for row, _ in index.search(kept[5], 10, within=within)} == set(expected)
    assert index.scores(vectors[60], [1_060]) == pytest.approx([1.0], abs=2e-3)
