"""The path of one search: both ways of searching, what one of them missed scored all the same, and the two made one.

Knows a generation's files by what they answer. Knows nothing of how generations come and go.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection as Ids
from dataclasses import dataclass

from corpus.text.exact import question_terms
from embeddings.collections.generation import Generation
from embeddings.collections.hit import Arm, Hit
from embeddings.collections.storable import whole
from embeddings.encoders.encoder import Encoder
from embeddings.search.fusion import fuse
from embeddings.search.passage_index import Scope

# Each way of searching hands in this many; a passage that one misses is scored by it all the same.
_LEAST_DEPTH = 50


def search(
    generation: Generation, encoder: Encoder, text: str, k: int, articles: Ids[str], since: str, until: str
) -> tuple[Hit, ...]:
    """The `k` passages that say most about `text`, best first, as `Collection.search` has it.

    Raises LookupError, or what the libraries below raise, where files do not agree with each other.
    """
    scope = Scope(articles, since, until, _rows_in(generation)) if articles or since or until else None
    found = candidates(generation, encoder, whole(text), max(_LEAST_DEPTH, 2 * k), scope)
    best = fuse(found.weights, found.cosines, found.ceiling)[: max(0, k)]
    passages = generation.store.passages(row for row, _ in best)
    if len(passages) < len(best):
        raise LookupError("rows without a passage")
    return tuple(
        Hit(passages[row], score, rank, found.by_terms.get(row), found.by_vectors.get(row))
        for rank, (row, score) in enumerate(best, 1)
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows with their BM25 scores (below `ceiling`) and cosines, and what each way of searching found by itself."""

    weights: dict[int, float]
    cosines: dict[int, float]
    ceiling: float
    by_terms: dict[int, Arm]
    by_vectors: dict[int, Arm]


def candidates(
    generation: Generation, encoder: Encoder, text: str, depth: int, scope: Scope | None = None
) -> Candidates:
    """The `depth` best passages of either way of searching, each scored by both."""
    wanted = question_terms(text)
    if not wanted:
        return Candidates({}, {}, 0.0, {}, {})
    index = generation.index
    by_terms = index.by_terms(wanted, depth, scope)
    query = encoder.encode_queries([text])[0]
    by_vectors = index.by_vector(query, depth, scope)
    weights, cosines = dict(by_terms), dict(by_vectors)
    # What one way of searching found, the other scores too: its silence would otherwise count as a score of 0.
    weights |= index.term_scores(wanted, [row for row in cosines if row not in weights])
    cosines |= index.cosines(query, [row for row, _ in by_terms if row not in cosines])
    return Candidates(weights, cosines, index.ceiling(wanted), _arms(by_terms), _arms(by_vectors))


def _rows_in(generation: Generation) -> Callable[[Scope], list[int]]:
    return lambda scope: generation.store.rows_within(scope.articles, scope.since, scope.until)


def _arms(found: list[tuple[int, float]]) -> dict[int, Arm]:
    return {row: Arm(score, rank) for rank, (row, score) in enumerate(found, 1)}
