from __future__ import annotations

import numpy as np

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.reading.features import Asked
from qa.reading.reader import Read, Reading
from qa.reading.reranking import merge, point_at, rerank
from qa.reading.units import Unit

ASKED = Asked("问", "other", {}, frozenset(), frozenset(), (), (), "", "问", np.zeros(2, np.float32))


def hit(name: str, score: float, rank: int = 1) -> Hit:
    return Hit(Passage(name, name, "文", 0, 1), score, rank)


def reading(**shares: float) -> Reading:
    """A reading of hits a, b, c … with the share of the best unit of each."""
    units = (Read(Unit("abcdef".index(name), 0, 1, (0, 1), "文"), share) for name, share in shares.items())
    return Reading(ASKED, tuple(units), 0.9)


def names(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.id for hit in hits]


HITS = (hit("a", 0.5, 1), hit("b", 0.4, 2), hit("c", 0.4, 3))


def test_a_passage_that_answers_comes_before_one_that_was_only_found_first() -> None:
    assert names(rerank(HITS, reading(b=0.9, a=0.1))) == ["b", "a", "c"]


def test_what_the_reader_says_nothing_about_stays_in_the_order_of_the_search() -> None:
    assert rerank(HITS, Reading(ASKED, (), 0.0)) == HITS
    assert names(rerank(HITS, reading(a=0.4, b=0.3))) == ["a", "b", "c"]
    assert rerank((), Reading(ASKED, (), 0.0)) == ()
    assert names(rerank((hit("a", 0.0), hit("b", 0.0)), reading(b=0.2))) == ["b", "a"]


def test_parts_take_turns_and_every_passage_comes_once() -> None:
    merged = merge([(hit("a", 0.9), hit("b", 0.8)), (hit("c", 0.1), hit("a", 0.1), hit("d", 0.1))])
    assert names(merged) == ["a", "c", "b", "d"]
    assert [hit.rank for hit in merged] == [1, 2, 3, 4]


def test_units_follow_their_passages() -> None:
    ranked = rerank(HITS, reading(c=0.9, a=0.1))
    moved = point_at(reading(c=0.9, a=0.1), HITS, ranked)
    assert [ranked[read.unit.hit].passage.id for read in moved.units] == ["c", "a"]
