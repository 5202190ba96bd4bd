"""Vectors of a collection that grows: a large index that does not change, what came since, and what of it is gone.

    vectors.faiss    all vectors; of a large collection, those of a while ago, shared by the generations since
    recent.faiss     those that came since, if any
    gone.npy         rows of vectors.faiss that are there no more, if any

Knows rows and vectors. Rows only ever grow, so what came since has greater ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.search.dense_index import DenseIndex
from embeddings.sharing import hand_on, is_shared, worth_writing_anew

VECTORS, RECENT, GONE = "vectors.faiss", "recent.faiss", "gone.npy"
_NONE = np.empty(0, dtype=np.int64)


class DenseLayers:
    """The vectors in the folder of a generation, open for reading. May be searched from many threads."""

    def __init__(self, folder: Path) -> None:
        self._base = DenseIndex.open(folder / VECTORS)
        self._recent = DenseIndex.open(folder / RECENT) if (folder / RECENT).exists() else None
        self._gone = _gone_in(folder)
        self._first_recent = self._recent.first_row() if self._recent else 0

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + (len(self._recent) if self._recent else 0)

    def search(
        self, query: NDArray[np.float32], count: int, *, within: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """As `DenseIndex.search`."""
        if within is not None and len(self._gone):
            within = np.setdiff1d(within, self._gone)
        found = self._base.search(query, count, within=within, without=self._gone if within is None else _NONE)
        if self._recent:
            found = sorted([*found, *self._recent.search(query, count, within=within)], key=lambda pair: -pair[1])
        return found[:count]

    def scores(self, query: NDArray[np.float32], rows: Sequence[int]) -> list[float]:
        """The cosines of `query`, shape (dimension,), with `rows`, which must all be there."""
        if self._recent is None:
            return self._base.scores(query, rows)
        first = self._first_recent
        older, newer = [row for row in rows if row < first], [row for row in rows if row >= first]
        scored = dict(zip(older, self._base.scores(query, older), strict=True))
        scored |= zip(newer, self._recent.scores(query, newer), strict=True)
        return [scored[row] for row in rows]


class DenseWriter:
    """Goes on with the vectors in the folder of a generation, or begins with none; `save` writes them to another."""

    def __init__(self, base: Path | None, dimension: int) -> None:
        self._base = base if base and (is_shared(base / VECTORS) or (base / RECENT).exists()) else None
        self._gone: list[int] = [] if self._base is None else _gone_in(self._base).tolist()
        if self._base and (self._base / RECENT).exists():
            self._index = DenseIndex.open(self._base / RECENT, writable=True)
        elif base and not self._base:
            self._index = DenseIndex.open(base / VECTORS, writable=True)
        else:
            self._index = DenseIndex.create(dimension)

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Put in `vectors`, shape (len(rows), dimension), under new `rows`."""
        self._index.add(rows, vectors)

    def remove(self, rows: Sequence[int]) -> None:
        """Take out `rows`; those that are not there are passed over."""
        self._gone += rows

    def save(self, folder: Path) -> None:
        """Write all that there is into `folder`."""
        self._index.remove(self._gone)
        if self._base is None:
            self._index.save(folder / VECTORS)
            return
        whole = DenseIndex.open(self._base / VECTORS)
        gone = np.intersect1d(np.asarray(self._gone, dtype=np.int64), whole.rows())
        if worth_writing_anew(len(self._index) + len(gone), len(whole)):
            whole = DenseIndex.open(self._base / VECTORS, writable=True)
            whole.remove(gone.tolist())
            whole.add(*self._index.all())
            whole.save(folder / VECTORS)
            return
        hand_on(self._base / VECTORS, folder / VECTORS)
        if len(self._index):
            self._index.save(folder / RECENT)
        if len(gone):
            np.save(folder / GONE, gone)


def _gone_in(folder: Path) -> NDArray[np.int64]:
    if not (folder / GONE).exists():
        return _NONE
    gone: NDArray[np.int64] = np.load(folder / GONE, allow_pickle=False)
    return gone
