"""What a collection looks passages up in: words and vectors by row, behind one protocol.

Knows rows, terms, vectors and limits. There are two kinds: files beside the articles
(`embeddings/search/local_index.py`) and a Milvus server (`embeddings/search/milvus_index.py`), which holds more than
one machine can. The articles themselves are never in it: whatever is found here is a row of the article store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage


class Scope:
    """The passages a search is limited to: those of `articles` (all where empty) published from `since` to `until`."""

    def __init__(
        self, articles: Iterable[str], since: str, until: str, find_rows: Callable[[Scope], Sequence[int]]
    ) -> None:
        """`find_rows` says which rows these are, for an index that knows nothing of articles and dates."""
        self.articles = tuple(articles)
        self.since = since
        self.until = until
        self._find_rows = find_rows

    @cached_property
    def rows(self) -> Sequence[int]:
        """The rows, ascending."""
        return self._find_rows(self)


class PassageIndex(Protocol):
    """Passages by row, open for reading. May be searched from many threads.

    What lies on another machine raises CollectionError where that does not answer.
    """

    def by_terms(self, terms: Sequence[str], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        """The `count` rows that say most about `terms`, with their BM25 scores, best first; ties by row."""
        ...

    def by_vector(self, query: NDArray[np.float32], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        """The `count` rows nearest to `query`, shape (dimension,), with their cosines, best first."""
        ...

    def term_scores(self, terms: Sequence[str], rows: Sequence[int]) -> dict[int, float]:
        """The BM25 scores of `rows`; those that share no term with `terms` are left out."""
        ...

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """The cosines of `query`, shape (dimension,), with `rows`, which must all be there."""
        ...

    def inverse_document_frequency(self, term: str) -> float:
        """ln(1 + (N - n + 1/2) / (n + 1/2)) for `term` in the texts of n of N rows: never below 0."""
        ...

    def ceiling(self, terms: Iterable[str]) -> float:
        """The BM25 score that the text of a row nears when it holds every one of `terms` again and again."""
        ...

    def counts(self) -> tuple[int, ...]:
        """How many rows there are in each of its parts."""
        ...


class IndexWriter(Protocol):
    """Puts passages into an index, and takes them out; readers see nothing of it until the generation is published."""

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32], passages: Sequence[Passage]) -> None:
        """Put in `passages` under new `rows`, with their `vectors`, shape (len(rows), dimension)."""
        ...

    def remove(self, rows: Sequence[int]) -> None:
        """Take out `rows`, also such as were added just now."""
        ...

    def finish(self) -> None:
        """Write everything out; the writer cannot be used after it."""
        ...

    def abandon(self) -> None:
        """Let go of everything; what was not finished is lost."""
        ...
