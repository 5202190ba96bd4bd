"""Vectors on disk and the nearest of them, through FAISS.

Knows rows (whole numbers that the caller gives) and unit vectors, nothing of texts. Exact while that is quick,
by cells (IVF) beyond; vectors are kept in half precision, which moves a cosine by less than 0.001.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Above this many vectors a full scan takes more than about ten milliseconds, and cells are worth their training.
EXACT_LIMIT = 300_000
_TRAINING_VECTORS_PER_CELL = 40
_BLOCK = 65_536


class DenseIndex:
    """Unit vectors by row. `search` may be called from many threads, changes from one."""

    def __init__(self, index: Any, *, exact_limit: int = EXACT_LIMIT) -> None:
        self._index = index
        self._exact_limit = exact_limit

    @classmethod
    def create(cls, dimension: int, *, exact_limit: int = EXACT_LIMIT) -> DenseIndex:
        """An empty index for vectors of `dimension`."""
        faiss = _faiss()
        return cls(faiss.IndexIDMap2(_exact(dimension)), exact_limit=exact_limit)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> DenseIndex:
        """The index saved at `path`; mapped into memory rather than read, unless it is to be changed."""
        faiss = _faiss()
        flags = 0 if writable else faiss.IO_FLAG_MMAP_IFC
        return cls(faiss.read_index(str(path), flags))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Put in `vectors`, shape (len(rows), dimension), under new `rows`."""
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(rows, dtype=np.int64))

    def remove(self, rows: Sequence[int]) -> None:
        """Take out `rows`; those that are not there are passed over."""
        if len(rows):
            self._index.remove_ids(np.asarray(rows, dtype=np.int64))

    def save(self, path: Path) -> None:
        """Write the index to `path`, by cells if it has outgrown a full scan."""
        faiss = _faiss()
        if len(self) > self._exact_limit and not self._cells:
            self._index = _by_cells(self._index)
        faiss.write_index(self._index, str(path))

    def search(
        self,
        query: NDArray[np.float32],
        count: int,
        *,
        within: NDArray[np.int64] | None = None,
        without: NDArray[np.int64] | None = None,
    ) -> list[tuple[int, float]]:
        """The `count` rows nearest to `query`, shape (dimension,), with their cosines, best first.

        Only rows in `within` where it is given, else all but those in `without`.
        """
        faiss = _faiss()
        count = min(count, len(self) if within is None else len(within))
        if count == 0:
            return []
        cells = self._cells
        settings: dict[str, Any] = {} if within is None else {"sel": faiss.IDSelectorBatch(within)}
        if within is None and without is not None and len(without):
            # faiss keeps no hold of the inner selector: the name does, until the search is over.
            passed_over = faiss.IDSelectorBatch(without)
            settings = {"sel": faiss.IDSelectorNot(passed_over)}
        if cells:
            # A filter may leave only far cells: with one, all of them are looked through.
            probes = cells if within is not None else max(16, cells // 32)
            parameters = faiss.SearchParametersIVF(nprobe=probes, **settings)
        else:
            parameters = faiss.SearchParameters(**settings)
        scores, rows = self._index.search(query.reshape(1, -1), count, params=parameters)
        pairs = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return [(row, score) for row, score in pairs if row >= 0]

    def scores(self, query: NDArray[np.float32], rows: Sequence[int]) -> list[float]:
        """The cosines of `query`, shape (dimension,), with `rows`, which must all be there."""
        if not rows:
            return []
        vectors = self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        cosines: list[float] = (vectors @ query).tolist()
        return cosines

    def rows(self) -> NDArray[np.int64]:
        """All rows, in no order."""
        if not self._cells:
            found: NDArray[np.int64] = _faiss().vector_to_array(self._index.id_map)
            return found
        lists = self._index.invlists
        faiss = _faiss()
        parts = [faiss.rev_swig_ptr(lists.get_ids(cell), lists.list_size(cell)) for cell in range(self._cells)]
        return np.concatenate([np.array(part) for part in parts if len(part)] or [np.empty(0, dtype=np.int64)])

    def first_row(self) -> int:
        """The least row; a large number where there is none."""
        rows = self.rows()
        return int(rows.min()) if len(rows) else 2**63 - 1

    def all(self) -> tuple[list[int], NDArray[np.float32]]:
        """All rows and their vectors."""
        rows = self.rows()
        vectors = self._index.reconstruct_batch(rows) if len(rows) else np.empty((0, int(self._index.d)))
        return rows.tolist(), np.asarray(vectors, dtype=np.float32)

    @property
    def _cells(self) -> int:
        """The number of cells, 0 for an exact index."""
        return int(getattr(self._index, "nlist", 0))


def _exact(dimension: int) -> Any:
    faiss = _faiss()
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _by_cells(index: Any) -> Any:
    """The vectors of an exact `index` in cells: four times the square root of their number, as is usual."""
    faiss = _faiss()
    rows = faiss.vector_to_array(index.id_map)
    cells = min(int(4 * np.sqrt(len(rows))), max(1, len(rows) // _TRAINING_VECTORS_PER_CELL))
    quantizer = faiss.IndexFlatIP(index.d)
    fp16 = faiss.ScalarQuantizer.QT_fp16
    made = faiss.IndexIVFScalarQuantizer(quantizer, index.d, cells, fp16, faiss.METRIC_INNER_PRODUCT, False)
    made.own_fields = True
    quantizer.this.disown()
    sample = np.random.default_rng(0).choice(rows, cells * _TRAINING_VECTORS_PER_CELL, replace=False)
    made.train(index.reconstruct_batch(sample))
    # Vectors by row, for scores of given rows; the only kind of map that allows for removal.
    made.set_direct_map_type(faiss.DirectMap.Hashtable)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        made.add_with_ids(index.reconstruct_batch(block), block)
    return made


def _faiss() -> ModuleType:
    """faiss, set to one thread for the calling thread: a single query gains nothing from more, and waits for them."""
    import faiss

    faiss.omp_set_num_threads(1)
    module: ModuleType = faiss
    return module
