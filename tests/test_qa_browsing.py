"""What the browser tells of the list of articles, and what it shows then."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from embeddings.collections.hit import ArticleSummary
from qa.web.browsing import MOST_TICKED, Browsed, Selection, Wish, is_within, wish_of
from qa.web.html_catalogue import Shelf, draw_browse, draw_catalogue, draw_drop
from qa.web.texts import CHINESE, ENGLISH

ARTICLES = [
    ArticleSummary("b", "东河大桥通车", "bridge.txt", "2019-05-02", "", 10, 1),
    ArticleSummary("x<y", "<b>柠檬</b>树", "lemon.html", "2021", "", 10, 1),
    ArticleSummary("n", "", "无题.txt", "", "王记者", 10, 1),
]


def names(browsed: Browsed, since: str = "", until: str = "") -> list[str]:
    return [article.id for article in browsed.pick(ARTICLES, since, until)[0]]


def test_the_list_is_searched_and_sorted() -> None:
    assert names(Browsed()) == ["b", "x<y", "n"]
    assert names(Browsed(sort="newest")) == ["x<y", "b", "n"]
    assert names(Browsed(sort="oldest")) == ["b", "x<y", "n"]
    assert names(Browsed(query="大桥")) == ["b"]
    assert names(Browsed(query="TXT 王记者")) == ["n"]
    assert names(Browsed(query="火星")) == []
    assert names(Browsed(), since="2020") == ["x<y"]


@pytest.mark.parametrize(
    ("published", "since", "until", "within"),
    [("2021", "2021-07", "", True), ("2021-06", "2021-07", "", False), ("2021-07-01", "", "2021-07", True), ("", "2000", "", False), ("", "", "", True), ("2022", "", "2021-12-31", False)],
)  # fmt: skip
def test_periods_are_those_of_a_search(published: str, since: str, until: str, within: bool) -> None:
    assert is_within(published, since, until) is within


def test_ticks_and_dates_are_kept_at_the_desk() -> None:
    selection = wish_of(json.dumps({"tick": "b", "on": True, "since": "2019-01-01"})).ticked(Selection(visitor="v"))
    selection = wish_of(json.dumps({"tick": "n", "on": True, "since": "2019-01-01"})).ticked(selection)
    assert (selection.articles, selection.since, selection.visitor) == (("b", "n"), "2019-01-01", "v")
    assert wish_of(json.dumps({"tick": "b", "on": False})).ticked(selection).articles == ("n",)
    assert wish_of(json.dumps({"do": "untick", "since": "2020"})).ticked(selection) == Selection(
        visitor="v", since="2020"
    )
    assert wish_of(json.dumps({"do": "no-dates", "since": "2020"})).ticked(selection).since == ""
    full = Selection(articles=tuple(map(str, range(MOST_TICKED))))
    assert wish_of(json.dumps({"tick": "b", "on": True})).ticked(full) == full


@pytest.mark.parametrize(
    "told", [None, "", "[]", "{", 7, '{"query": 5}', '{"since": "<b>"}', '{"sort": ["a"]}', "[" * 9999, '{"tick": {}}']
)
def test_what_is_no_wish_wishes_nothing(told: Any) -> None:
    assert wish_of(told) == Wish()


def test_the_list_is_drawn_without_running_anything() -> None:
    found, count = Browsed().pick(ARTICLES)
    drawn = draw_catalogue(Shelf(found, count, 3, ("x<y",), "2019", "", own=True), CHINESE)
    assert "<b>柠檬" not in drawn
    assert 'data-tick="x&lt;y" aria-label="只问这篇：&lt;b&gt;柠檬&lt;/b&gt;树" checked' in drawn
    assert 'data-article="b"' in drawn
    assert "只问 2019 以来 的文章" in drawn
    assert "移除选中的 1 篇" in drawn
    assert "移除" not in draw_catalogue(Shelf(found, count, 3, ("b",)), CHINESE)
    assert CHINESE.shelf.no_such_articles in draw_catalogue(Shelf((), 0, 3), CHINESE)


def test_limits_are_told_before_anything_is_sent() -> None:
    assert "200 MB" in draw_drop(CHINESE)
    assert "2000" in draw_drop(CHINESE)
    assert not re.search(r"[一-鿿]", draw_drop(ENGLISH) + draw_browse(ENGLISH))
