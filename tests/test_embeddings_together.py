"""Several collections searched as one, against one collection with all of their articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.collections.together import Part, Together
from embeddings.encoders.loading import load_encoder

FIRST = [
    Article("井.txt", "老井", "桂花巷的老井井深十七米，开凿于1893年。", "井.txt", "2019-05-02"),
    Article("桥.txt", "石桥", "石桥在柳荫街，桥长八米。", "桥.txt", "2021"),
]
SECOND = [
    Article("桥.txt", "东河大桥", "东河大桥桥长八百二十米，造价三亿元。", "桥.txt", "2020-08-02"),
    Article("塔@2", "古塔", "古塔高四十二米，有七层。", "塔", ""),
    Article("井二.txt", "老井", "桂花巷的老井井深十七米，开凿于1893年。", "井二.txt", "2018"),
]
NAMES = ["井.txt", "桥.txt", "桥.txt@2", "塔@2@2", "井二.txt"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collection, Collection]]:
    folder, encoder = tmp_path_factory.mktemp("pair"), load_encoder("hashing")
    with (
        Collection.build(folder / "a", FIRST, encoder=encoder) as first,
        Collection.build(folder / "b", SECOND, encoder=encoder) as second,
    ):
        yield first, second


@pytest.fixture
def both(pair: tuple[Collection, Collection]) -> Together:
    return Together(pair)


def test_every_article_has_a_name_of_its_own_that_leads_to_it(both: Together) -> None:
    assert [each.id for each in both.articles()] == NAMES
    assert len(both) == len(NAMES)
    for name, article in zip(NAMES, [*FIRST, *SECOND], strict=True):
        found = both.article(name)
        assert (found.id, found.title, both.text(name)) == (name, article.title, article.text)
        assert [passage.article_id for passage in both.passages(name)] == [name]
    for wrong in ("塔", "塔@2", "桥.txt@3", "桥.txt@0", "井二.txt@2@2", ""):
        assert both.text(wrong) == ""
        with pytest.raises(KeyError):
            both.article(wrong)


def test_a_search_finds_the_best_of_all_under_the_names_they_have_here(both: Together) -> None:
    hits = both.search("大桥桥长多少米？", 5)
    assert hits[0].passage.article_id == "桥.txt@2"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        passage = hit.passage
        assert both.article(passage.article_id).text[passage.start : passage.end] == passage.text
    assert sum(hit.passage.title == "老井" for hit in both.search("老井井深多少米？", 5)) == 1
    assert len(both.search("桥", 1)) == 1
    assert both.search("", 5) == ()


def test_limits_hold_in_each_and_never_fall_back(both: Together) -> None:
    def found(**limits: object) -> set[str]:
        return {hit.passage.article_id for hit in both.search("桥长多少米？", 9, **limits)}  # type: ignore[arg-type]

    assert found(articles=["桥.txt@2"]) == {"桥.txt@2"}
    assert found(articles=["桥.txt", "桥.txt@2"]) == {"桥.txt", "桥.txt@2"}
    assert found(articles=["没有这篇"]) == set()
    assert found(since="2021") == {"桥.txt"}
    assert both.count(articles=["桥.txt", "没有这篇"]) == 1
    assert both.count(since="2020") == 2
    assert both.count() == 5
    assert both.dates() == ("2018", "2021")


def test_a_part_may_be_some_of_a_collection(pair: tuple[Collection, Collection]) -> None:
    first, second = pair
    some = Together([Part(first, frozenset({"井.txt"})), second])
    assert [each.id for each in some.articles()] == ["井.txt", "桥.txt", "塔@2@2", "井二.txt"]
    assert some.article("桥.txt").title == "东河大桥"
    assert len(some) == 4
    assert not some.whole
    none = Together([Part(first, frozenset())])
    assert (len(none), none.search("桥", 5), none.dates(), none.count()) == (0, (), ("", ""), 0)
    assert Together([Part(first, frozenset({"桥.txt"}))]).dates() == ("2021", "2021")
    assert [part.path for part in Together([some, first]).parts] == [first.path, second.path, first.path]


def test_nothing_is_no_collection() -> None:
    with pytest.raises(ValueError, match="no collection"):
        Together([])


def test_changes_are_seen_at_once(tmp_path: Path) -> None:
    encoder = load_encoder("hashing")
    with Collection.build(tmp_path / "a", FIRST, encoder=encoder) as first:
        together = Together([first])
        first.remove(["桥.txt"])
        assert [each.id for each in together.articles()] == ["井.txt"]
        assert together.text("桥.txt") == ""
