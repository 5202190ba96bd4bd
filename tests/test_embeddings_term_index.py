"""BM25: tantivy ranks as ten lines of Python do, whatever a question looks like."""

from __future__ import annotations

import math
import random
from collections import Counter
from pathlib import Path

import pytest

from embeddings.search import term_index
from embeddings.search.term_index import MOST_QUERY_TERMS, TermIndex, TermWriter

WORDS = [f"词{number}" for number in range(200)]


def documents(count: int = 300) -> dict[int, list[str]]:
    chance = random.Random(0)
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    return {row: chance.choices(WORDS, weights, k=chance.randint(5, 40)) for row in range(10, 10 + count)}


def bm25(texts: dict[int, list[str]], query: list[str], k1: float = 1.2, b: float = 0.75) -> dict[int, float]:
    average = sum(map(len, texts.values())) / len(texts)
    holding = Counter(word for text in texts.values() for word in set(text))
    scores: dict[int, float] = {}
    for row, text in texts.items():
        counts = Counter(text)
        for word in set(query) & counts.keys():
            idf = math.log(1 + (len(texts) - holding[word] + 0.5) / (holding[word] + 0.5))
            weight = counts[word] * (k1 + 1) / (counts[word] + k1 * (1 - b + b * len(text) / average))
            scores[row] = scores.get(row, 0.0) + idf * weight
    return scores


def index_of(folder: Path, texts: dict[int, list[str]], titles: dict[int, list[str]] | None = None) -> TermIndex:
    folder.mkdir(exist_ok=True)
    writer = TermWriter(folder)
    for row, text in texts.items():
        writer.add(row, text, (titles or {}).get(row, []))
    writer.finish()
    return TermIndex(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TermIndex:
    return index_of(tmp_path_factory.mktemp("terms"), documents())


@pytest.mark.parametrize("seed", range(10))
def test_scores_are_bm25(index: TermIndex, seed: int) -> None:
    query = random.Random(seed).sample(WORDS, 4)
    expected = bm25(documents(), query)
    found = dict(index.search(query, 1_000))
    assert found.keys() == expected.keys()
    # Lengths are kept in one byte, exact to 40 words.
    assert found == {row: pytest.approx(score, rel=1e-4) for row, score in expected.items()}


def test_best_first_and_ties_by_row(tmp_path: Path) -> None:
    index = index_of(tmp_path / "t", {5: ["甲", "乙"], 3: ["甲", "乙"], 4: ["甲", "甲"]})
    assert [row for row, _ in index.search(["甲"], 3)] == [4, 3, 5]
    assert [row for row, _ in index.search(["甲"], 1)] == [4]


def test_nothing_known_nothing_found(index: TermIndex) -> None:
    assert index.search(["没有的词"], 10) == []
    assert index.search([], 10) == []
    assert index.search(WORDS[:1], 0) == []


@pytest.mark.parametrize("term", ['"', "(", "AND", "text:*", "a:b", "\\", "词1^9", " ", ""])
def test_no_term_is_read_as_a_query(index: TermIndex, term: str) -> None:
    assert index.search([term], 10) == []


def test_a_filter_leaves_only_its_rows_with_the_same_scores(index: TermIndex) -> None:
    everything = dict(index.search(WORDS[:3], 1_000))
    within = [row for row in everything if row % 3 == 0]
    assert dict(index.search(WORDS[:3], 1_000, within=within)) == pytest.approx(
        {row: everything[row] for row in within}
    )
    assert index.search(WORDS[:3], 10, within=[]) == []


def test_a_filter_of_many_rows_gives_what_naming_them_gives(index: TermIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    for share in (2, 9, 60):
        within = [row for row in documents() if row % share == 0]
        named = [index.search(WORDS[place : place + 3], 8, within=within) for place in range(0, 60, 7)]
        with monkeypatch.context() as patch:
            patch.setattr(term_index, "_MOST_ROWS_NAMED", 0)
            among = [index.search(WORDS[place : place + 3], 8, within=within) for place in range(0, 60, 7)]
        for first, second in zip(named, among, strict=True):
            assert dict(first) == pytest.approx(dict(second))


def test_a_very_long_question_keeps_its_rarest_terms(index: TermIndex) -> None:
    rare = WORDS[-MOST_QUERY_TERMS // 2 :]
    found = index.search(WORDS * 50 + [f"无{n}" for n in range(5_000)], 300)
    assert found
    best = documents()[found[0][0]]
    assert set(best) & set(rare)


def test_removed_rows_are_gone_also_such_as_were_just_added(tmp_path: Path) -> None:
    index_of(tmp_path / "t", {1: ["甲"], 2: ["甲"], 3: ["乙"]})
    writer = TermWriter(tmp_path / "t")
    writer.add(4, ["甲"], [])
    writer.add(5, ["甲"], [])
    writer.remove([1, 4, 77])
    writer.finish()
    assert {row for row, _ in TermIndex(tmp_path / "t").search(["甲"], 10)} == {2, 5}


def test_an_abandoned_change_leaves_no_trace(tmp_path: Path) -> None:
    index_of(tmp_path / "t", {1: ["甲"]})
    writer = TermWriter(tmp_path / "t")
    writer.add(2, ["甲"], [])
    writer.abandon()
    assert [row for row, _ in TermIndex(tmp_path / "t").search(["甲"], 10)] == [1]


def test_most_rows_can_be_removed(tmp_path: Path) -> None:
    index_of(tmp_path / "t", {row: ["甲"] for row in range(1, 30)})
    writer = TermWriter(tmp_path / "t")
    writer.remove(range(1, 29))
    writer.finish()
    index = TermIndex(tmp_path / "t")
    assert [row for row, _ in index.search(["甲"], 10)] == [29]
    assert index.inverse_document_frequency("甲") >= 0


def test_titles_count(tmp_path: Path) -> None:
    index = index_of(tmp_path / "t", {1: ["丙", "丁"], 2: ["丙", "丁"]}, {2: ["甲"]})
    assert [row for row, _ in index.search(["甲"], 10)] == [2]
    assert [row for row, _ in index.search(["甲", "丙"], 10)] == [2, 1]


def test_no_score_is_above_the_ceiling(index: TermIndex) -> None:
    for place in range(0, 190, 3):
        query = WORDS[place : place + 4]
        best = index.search(query, 1)
        assert not best or 0.1 * index.ceiling(query) < best[0][1] < index.ceiling(query)
    assert index.ceiling([]) == 0
    assert index.ceiling([WORDS[0], WORDS[0]]) == index.ceiling(WORDS[:1])


def test_inverse_document_frequency(index: TermIndex) -> None:
    texts = documents()
    for word in (WORDS[0], WORDS[50], "没有的词"):
        holding = sum(word in text for text in texts.values())
        expected = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        assert index.inverse_document_frequency(word) == pytest.approx(expected)
