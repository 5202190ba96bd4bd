"""Passages looked up on a Milvus server: vectors, BM25 and limits are its business.

Knows what rows a generation shows, and how the scores of text and title are made one; what is asked of the server how,
`embeddings/search/milvus_server.py` knows. Results are those of files (`embeddings/search/local_index.py`), as exact as
the server's index of vectors is; its BM25 also counts rows that are not shown any more, until they are cleared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import CollectionDamaged
from corpus.text.exact import CLAUSE
from embeddings.search.milvus_place import coded, condition, read_place
from embeddings.search.milvus_server import TEXT, TITLE, server
from embeddings.search.passage_index import Scope
from embeddings.search.term_index import CLAUSE_BOOST, MOST_QUERY_TERMS, SATURATION, TITLE_BOOST, idf

# A row that is best by text and title together stands among so many of one of them.
_LEAST_DEPTH = 100
_MOST_AT_ONCE = 16_384


class MilvusIndex:
    """The rows that the generation with the place at `path` shows."""

    def __init__(self, path: Path) -> None:
        """Raises CollectionDamaged where the server has lost them, CollectionError where it does not answer."""
        self._place = read_place(path)
        self._server = server(self._place.address)
        if self._place.name not in self._server.names():
            raise CollectionDamaged(
                f"Milvus（{self._place.address}）里没有 {self._place.name}。"
                f"请用 wenju doctor --repair --collection {path.parents[2]} 重新写入。",
                f"Milvus ({self._place.address}) has no {self._place.name}. "
                f"Write it anew with wenju doctor --repair --collection {path.parents[2]}",
            )
        self._server.load(self._place.name)
        self._rows = self._server.count(self._place.name, self._place.visible)
        self._holding: dict[str, int] = {}

    def by_terms(self, terms: Sequence[str], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        if not terms or count <= 0:
            return []
        limits = self._limits(scope)
        asked = self._rarest(terms)
        depth = min(max(2 * count, _LEAST_DEPTH), _MOST_AT_ONCE)
        texts, titles = (self._words(field, asked, depth, limits) for field in (TEXT, TITLE))
        texts |= self._among(TEXT, asked, [row for row in titles if row not in texts])
        titles |= self._among(TITLE, asked, [row for row in texts if row not in titles])
        return _best(_joined(texts, titles), count)

    def by_vector(self, query: NDArray[np.float32], count: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        count = min(count, self._rows, _MOST_AT_ONCE)
        if count <= 0:
            return []
        return _best(self._server.by_vector(self._place.name, query, count, self._limits(scope)), count)

    def term_scores(self, terms: Sequence[str], rows: Sequence[int]) -> dict[int, float]:
        asked = self._rarest(terms)
        return _joined(self._among(TEXT, asked, rows), self._among(TITLE, asked, rows))

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        if not rows:
            return {}
        vectors = self._server.vectors(self._place.name, rows)
        return {row: float(np.asarray(vectors[row], dtype=np.float32) @ query) for row in rows}

    def inverse_document_frequency(self, term: str) -> float:
        return idf(self._rows, self._frequency(term))

    def ceiling(self, terms: Iterable[str]) -> float:
        return SATURATION * math.fsum(self.inverse_document_frequency(term) for term in dict.fromkeys(terms))

    def counts(self) -> tuple[int, ...]:
        return (self._rows,)

    def _limits(self, scope: Scope | None) -> str:
        limits = scope and condition(scope.articles, scope.since, scope.until)
        return f"{self._place.visible} and {limits}" if limits else self._place.visible

    def _among(self, field: str, terms: Sequence[str], rows: Sequence[int]) -> dict[int, float]:
        return self._words(field, terms, len(rows), f"row in {list(rows)}") if rows else {}

    def _words(self, field: str, terms: Sequence[str], count: int, limits: str) -> dict[int, float]:
        """A clause asked for by its number is asked for again and again, which weighs it more."""
        repeated = [term for term in terms for _ in range(int(CLAUSE_BOOST) if _boosted(term, field) else 1)]
        return self._server.by_words(self._place.name, field, coded(repeated), count, limits) if repeated else {}

    def _rarest(self, terms: Sequence[str]) -> list[str]:
        """`terms`, each once; of very many those that few texts have, which say what a question is about."""
        once = list(dict.fromkeys(terms))
        if len(once) <= MOST_QUERY_TERMS:
            return once
        known = [term for term in once if self._frequency(term)]
        return sorted(known, key=self._frequency)[:MOST_QUERY_TERMS]

    def _frequency(self, term: str) -> int:
        """In how many of the texts to be seen `term` stands: asked once, since this generation never changes."""
        if term not in self._holding:
            holds = f"{self._place.visible} and TEXT_MATCH(text, '{coded([term])}')"
            self._holding[term] = self._server.count(self._place.name, holds)
        return self._holding[term]


def _boosted(term: str, field: str) -> bool:
    return field == TEXT and term.startswith(CLAUSE)


def _joined(texts: dict[int, float], titles: dict[int, float]) -> dict[int, float]:
    return {row: texts.get(row, 0.0) + TITLE_BOOST * titles.get(row, 0.0) for row in {**texts, **titles}}


def _best(scores: dict[int, float], count: int) -> list[tuple[int, float]]:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
