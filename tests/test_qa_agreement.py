from typing import Any, cast

import pytest

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.checking.citations import cite
from qa.reading.agreement import agreement, beside_the_point
from qa.reading.features import Asked
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of

TEXTS = ("桥长八百米。桥宽十二米。桥上没有灯。", "食堂中午开门。")
PASSAGES = [Passage(f"{n}#0", str(n), text, 50 * n, 50 * n + len(text)) for n, text in enumerate(TEXTS)]
HITS = tuple(Hit(passage=passage, score=1.0, rank=n) for n, passage in enumerate(PASSAGES, 1))
UNITS = units_of(HITS)


def reading(*shares: float) -> Reading:
    reads = [Read(unit, share) for unit, share in zip(UNITS, shares, strict=True)]
    best_first = sorted(reads, key=lambda read: -read.share)
    return Reading(cast("Asked", None), tuple(best_first), 0.9)


def told(written: str) -> tuple[Any, Any]:
    _, claims, citations = cite(written, PASSAGES, lambda passage, start, end: ())
    return claims, citations


def test_a_claim_is_worth_what_the_reader_thinks_of_its_quote() -> None:
    claims, citations = told("桥长八百米。[1]食堂中午开门。[2]今天下雨。")
    assert agreement(claims, citations, HITS, [reading(0.8, 0.1, 0.06, 0.04)]) == pytest.approx((1.0, 0.05, 0.0))
    assert agreement(claims, citations, HITS, []) == (0.0, 0.0, 0.0)


def test_of_several_readings_the_one_that_agrees_counts() -> None:
    claims, citations = told("桥长八百米。[1]食堂中午开门。[2]")
    assert agreement(claims, citations, HITS, [reading(1, 0, 0, 0), reading(0, 0, 0, 1)]) == (1.0, 1.0)


def test_an_answer_is_beside_the_point_only_where_none_of_it_is_believed() -> None:
    believed = reading(0.999, 0.0005, 0.0003, 0.0002)
    assert beside_the_point(*told("食堂中午开门。[2]"), HITS, [believed])
    assert not beside_the_point(*told("食堂中午开门。[2]桥长八百米。[1]"), HITS, [believed])
    assert not beside_the_point(*told("今天下雨。"), HITS, [believed])
    assert not beside_the_point(*told("食堂中午开门。[2]"), HITS, [])
