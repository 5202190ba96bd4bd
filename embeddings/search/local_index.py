"""Words (tantivy) and vectors (FAISS) in files of a generation: the index of a collection on one machine.

Knows where in the folder of a generation the two lie and how the next generation goes on with them; what is in them is
the business of `term_index.py` and `dense_layers.py`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.text.exact import passage_terms
from embeddings.search.dense_layers import VECTORS, DenseLayers, DenseWriter
from embeddings.search.passage_index import Scope
from embeddings.search.term_index import TermIndex, TermWriter
from embeddings.sharing import link

TERMS = "terms"


class LocalIndex:
    """The files in the folder of a generation, open for reading."""

    def __init__(self, folder: Path) -> None:
        self.vectors = DenseLayers(folder)
        self.terms = TermIndex(folder / TERMS)

    def by_terms(self, terms: Sequence[str], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        return self.terms.search(terms, count, within=None if scope is None else scope.rows)

    def by_vector(self, query: NDArray[np.float32], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        rows = None if scope is None else np.asarray(scope.rows, dtype=np.int64)
        return self.vectors.search(query, count, within=rows)

    def term_scores(self, terms: Sequence[str], rows: Sequence[int]) -> dict[int, float]:
        return dict(self.terms.search(terms, len(rows), within=rows))

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        return dict(zip(rows, self.vectors.scores(query, rows), strict=True))

    def inverse_document_frequency(self, term: str) -> float:
        return self.terms.inverse_document_frequency(term)

    def ceiling(self, terms: Iterable[str]) -> float:
        return self.terms.ceiling(terms)

    def counts(self) -> tuple[int, ...]:
        return len(self.vectors), len(self.terms)


class LocalWriter:
    """Writes both into the folder of a generation in the making."""

    def __init__(self, folder: Path, base: Path | None, dimension: int) -> None:
        """Go on with what the generation in `base` holds, or begin with nothing."""
        self._folder = folder
        (folder / TERMS).mkdir()
        if base:
            _link_terms(base / TERMS, folder / TERMS)
        self._vectors = DenseWriter(base, dimension)
        self._terms = TermWriter(folder / TERMS)

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32], passages: Sequence[Passage]) -> None:
        self._vectors.add(rows, vectors)
        for row, passage in zip(rows, passages, strict=True):
            self._terms.add(row, *passage_terms(passage))

    def remove(self, rows: Sequence[int]) -> None:
        self._vectors.remove(rows)
        self._terms.remove(rows)

    def finish(self) -> None:
        self._vectors.save(self._folder)
        self._terms.finish()
        # tantivy keeps its lists to its user; others may read what they may read of the rest.
        mode = (self._folder / VECTORS).stat().st_mode & 0o777
        for path in (self._folder / TERMS).iterdir():
            if path.suffix == ".lock":
                path.unlink()
            elif path.suffix == ".json":
                path.chmod(mode)

    def abandon(self) -> None:
        self._terms.abandon()


def forget_locks(folder: Path) -> None:
    """Take away the lock files that opening the generation in `folder` left there."""
    for lock in (folder / TERMS).glob(".*.lock"):
        lock.unlink()


def _link_terms(source: Path, target: Path) -> None:
    """Share the segments, which tantivy never changes, and copy the lists of them, which it does."""
    for path in source.iterdir():
        if path.suffix == ".json":
            shutil.copyfile(path, target / path.name)
        elif path.suffix != ".lock":
            link(path, target / path.name)
