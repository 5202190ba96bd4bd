"""Named collections of a visitor: kept apart by name, asked alone or together, gone with their articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.errors import InputError, QuestionError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.settings import Settings
from qa.web import serving
from qa.web.browsing import Selection
from qa.web.commands import Wishes
from qa.web.groups import LONGEST_NAME, Group, Groups, plain_name
from qa.web.html_groups import draw_groups
from qa.web.texts import CHINESE
from qa.writing.writer import QuotingWriter

pytestmark = pytest.mark.slow

VISITOR = "0123456789abcdef" * 2
SHARED = Article("bridge", "东河大桥", "东河大桥桥长八百二十米。", "bridge.txt")
OWN = [
    Article("井.txt", "老井", "桂花巷的老井井深十七米。", "井.txt"),
    Article("塔.txt", "古塔", "古塔高四十二米，有七层。", "塔.txt"),
    Article("桥.txt", "石桥", "石桥在柳荫街，桥长八米。", "桥.txt"),
]


class Plain:
    """An answerer that only lends its collection."""

    def __init__(self, collection: Collection, **_: Any) -> None:
        self.collection, self.writer = collection, QuotingWriter()


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    return Groups(tmp_path / "groups")


def test_names_are_kept_and_articles_may_be_in_several(groups: Groups) -> None:
    assert groups.of(VISITOR) == ()
    assert groups.begin(VISITOR, " 合同\n2021 ", ["a"]) == "合同 2021"
    groups.begin(VISITOR, "通知")
    groups.add(VISITOR, "通知", ["a", "b", "a"])
    groups.rename(VISITOR, "合同 2021", "合同")
    assert Groups(groups.folder).of(VISITOR) == (Group("合同", ("a",)), Group("通知", ("a", "b")))
    assert groups.articles(VISITOR, ["合同", "通知", "没有"]) == ("a", "b")
    assert groups.remove(VISITOR, "通知") == ("b",)
    groups.forget(VISITOR, ["a"])
    assert groups.of(VISITOR) == (Group("合同"),)
    assert groups.of("f" * 32) == ()
    assert groups.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "  \n", "\x00\x1b"])
def test_a_name_can_be_seen(groups: Groups, name: str) -> None:
    with pytest.raises(InputError, match="名字"):
        groups.begin(VISITOR, name)
    assert len(plain_name("长" * 99)) == LONGEST_NAME


def test_no_two_have_one_name_and_there_are_not_too_many(groups: Groups, monkeypatch: pytest.MonkeyPatch) -> None:
    groups.begin(VISITOR, "合同")
    with pytest.raises(InputError, match="合同"):
        groups.begin(VISITOR, "合同")
    groups.begin(VISITOR, "通知")
    with pytest.raises(InputError, match="合同"):
        groups.rename(VISITOR, "通知", "合同")
    monkeypatch.setattr("qa.web.groups.MOST_GROUPS", 2)
    with pytest.raises(InputError, match="2 个"):
        groups.begin(VISITOR, "三")


def test_a_broken_file_is_no_collection(groups: Groups) -> None:
    groups.begin(VISITOR, "合同")
    for broken in ("{", "[1]", '[{"name": "x"}]', "null"):
        next(groups.folder.glob("*.json")).write_text(broken, encoding="utf-8")
        assert groups.of(VISITOR) == ()


def test_names_are_shown_as_text() -> None:
    drawn = draw_groups([Group('<b>"合同', ("a",))], ['<b>"合同'], 0, CHINESE)
    assert "<b>" not in drawn
    assert 'data-group="&lt;b&gt;&quot;合同" checked' in drawn


# --- on the page ---


@pytest.fixture
def tab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The articles side of a page, and the selection of a visitor who has three articles."""
    monkeypatch.setattr("qa.answerer.Answerer", Plain)
    settings, encoder = Settings(home=tmp_path, encoder="hashing"), load_encoder("hashing")
    with (
        Collection.build(tmp_path / "c", [SHARED], encoder=encoder) as shared,
        Collection.build(tmp_path / "uploads" / VISITOR, OWN, encoder=encoder) as own,
    ):
        page = serving._both(Plain(shared), settings, (), local=True)  # type: ignore[arg-type]
        yield page.articles, Selection(VISITOR, page.answerers.answerer_of(own), asks_own=True)


def wished(tab: Any, selection: Selection, **wish: object) -> Selection:
    """The selection after a wish of the browser."""
    changed: Selection = tab.browse(json.dumps(wish), selection)[tab.selection]
    return changed


def names(tab: Any, selection: Selection) -> list[str]:
    """The articles that are asked."""
    return [each.id for each in tab.answerers.searched(selection).articles()]


def test_one_or_more_are_asked_and_never_all_instead(tab: Any) -> None:
    page, selection = tab
    selection = wished(page, selection, tick="井.txt", on=True)
    selection = wished(page, selection, do="begin-group", name="水")
    assert (selection.groups, names(page, selection)) == (("水",), ["井.txt"])
    selection = wished(page, wished(page, selection, do="no-groups"), tick="塔.txt", on=True)
    selection = wished(page, selection, do="begin-group", name="高")
    both = wished(page, selection, do="group", group="水", on=True)
    assert names(page, both) == ["井.txt", "塔.txt"]
    assert page.answerers.asked_of(both) == "问的是文集 高、水（2 篇）"
    empty = wished(page, both, do="begin-group", name="空")
    with pytest.raises(QuestionError, match="还没有文章"):
        page.answerers.answerer(empty, None, Wishes())
    assert wished(page, empty, do="group", group="没有这个", on=True).groups == ("空",)
    assert len(names(page, page.choose("own", both)[page.selection])) == 3
    assert names(page, page.choose("samples", both)[page.selection]) == ["bridge"]


def test_own_articles_and_shared_ones_are_asked_together(tab: Any) -> None:
    page, selection = tab
    both = page.choose("both", selection)[page.selection]
    assert names(page, both) == ["井.txt", "塔.txt", "桥.txt", "bridge"]
    assert page.answerers.asked_of(both) == "问的是我的文章和文章（4 篇）"
    assert page.answerers.article(both, "bridge").title == "东河大桥"
    page.answerers.groups.begin(VISITOR, "水", ["井.txt"])
    some = wished(page, both, do="group", group="水", on=True)
    assert names(page, some) == ["井.txt", "bridge"]
    assert page.answerers.asked_of(some) == "问的是文集 水和文章（2 篇）"
    assert names(page, wished(page, some, do="shared", on=False)) == ["井.txt"]
    ticked = wished(page, wished(page, both, tick="bridge", on=True), tick="塔.txt", on=True)
    fresh = replace(selection, asks_own=False)
    again = wished(page, fresh, do="recall", on=True, shared=True, articles=list(ticked.articles))
    assert (again.with_shared, again.articles) == (True, ("bridge", "塔.txt"))
    drawn = page.browse(json.dumps({"do": "begin-group", "name": "高"}), ticked)
    assert page.answerers.groups.articles(VISITOR, ["高"]) == ("塔.txt",)
    assert "data-shared" in drawn[page.grouping]
    left = wished(page, ticked, do="remove")
    assert names(page, left) == ["井.txt", "桥.txt", "bridge"]


def test_programs_name_collections_too(tab: Any) -> None:
    page, _ = tab
    page.answerers.groups.begin(VISITOR, "水", ["井.txt"])
    page.answerers.groups.begin(VISITOR, "空")
    answerer = page.answerers.program_answerer(VISITOR, ["水"], with_shared=True)
    assert [each.id for each in answerer.collection.articles()] == ["井.txt", "bridge"]
    with pytest.raises(InputError, match="火"):
        page.answerers.program_answerer(VISITOR, ["水", "火"])
    with pytest.raises(QuestionError, match="还没有文章"):
        page.answerers.program_answerer(VISITOR, ["空"])
    assert page.answerers.program_answerer("f" * 32) is None


def test_what_was_asked_is_taken_up_again_without_what_has_gone(tab: Any) -> None:
    page, selection = tab
    page.answerers.groups.begin(VISITOR, "水", ["井.txt"])
    fresh = replace(selection, asks_own=False)
    again = wished(page, fresh, do="recall", on=True, groups=["水", "火"], articles=["井.txt", "没有"], since="2020")
    assert (again.asks_own, again.groups, again.articles, again.since) == (True, ("水",), ("井.txt",), "2020")
    others = wished(page, replace(fresh, own=None), do="recall", on=True, groups=["水"], articles=["bridge", "井.txt"])
    assert (others.asks_own, others.groups, others.articles) == (False, (), ("bridge",))
    assert wished(page, fresh, do="recall", groups="水", articles=[1]).articles == ()


def test_one_that_is_removed_takes_its_articles_along_but_not_those_of_others(tab: Any) -> None:
    page, selection = tab
    for name, articles in (("水", ("井.txt", "桥.txt")), ("石", ("桥.txt", "塔.txt"))):
        page.answerers.groups.begin(VISITOR, name, articles)
    selection = wished(page, selection, do="group", group="石", on=True)
    selection = wished(page, selection, do="rename-group", group="石", name="石头")
    assert selection.groups == ("石头",)
    selection = wished(page, selection, do="remove-group", group="石头")
    assert sorted(each.id for each in selection.own.collection.articles()) == ["井.txt", "桥.txt"]
    assert selection.groups == ()
    drawn = page.browse(json.dumps({"do": "rename-group", "group": "水", "name": ""}), selection)
    assert "名字" in drawn[page.progress]
    selection = wished(page, selection, do="remove-group", group="水")
    assert (selection.own, selection.asks_own, page.answerers.groups.of(VISITOR)) == (None, False, ())
