"""Rules that later ones put out of force: who says so, and which of several of the same name are meant."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus.article import Article, Validity
from corpus.reading.contents import document_contents
from corpus.reading.dating import repealed_names
from corpus.reading.document import Document
from corpus.text.passages import split_passages
from embeddings.collections.article_store import ArticleStore, content_of
from embeddings.collections.collection import Collection

OLD = Article("old", "清河渡口管理办法", "第一条 渡船每年检验一次。", published="2012-03-01")
NEW_TEXT = "第一条 渡船每半年检验一次。\n第二条 本办法自2021年5月1日起施行，《清河渡口管理办法》（清政办〔2012〕3号）同时废止。"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本规定自2020年1月1日起施行。《船工守则》《票价规定》同时废止。", ("船工守则", "票价规定")),
        ("根据《港口条例》，经研究，《船工守则》（港办〔2009〕2号）、《票价规定》即行废止。", ("船工守则", "票价规定")),
        ("《新票价规定》自2020年1月1日起施行，原《票价规定》自本规定施行之日起废止。", ("票价规定",)),
        ("现决定废止《船工守则》、《票价规定》。", ("船工守则", "票价规定")),
        ("《票价规定》不予废止，继续有效。", ()),
        ("建议尽快修订《票价规定》。旧船票作废。", ()),
        ("有人问《票价规定》是否废止《船工守则》。", ()),
    ],
)
def test_what_is_put_out_of_force_is_named(text: str, names: tuple[str, ...]) -> None:
    assert repealed_names(text) == names


def newer(title: str, published: str = "2021-04-02") -> Article:
    document = Document()
    document.title, document.published = title, published
    for line in NEW_TEXT.split("\n"):
        document.paragraph(line)
    [article] = document_contents(document, "new").articles
    return article


def validity_of(folder: Path, *articles: Article) -> Validity:
    """What is told of the old rules, by a search and by the article itself."""
    with Collection.build(folder, articles) as collection:
        hit = next(hit for hit in collection.search("渡船检验", 5) if hit.passage.article_id == "old")
        assert collection.article("old").validity == hit.passage.validity
        return hit.passage.validity


def test_a_later_article_puts_an_earlier_one_out_of_force(tmp_path: Path) -> None:
    validity = validity_of(tmp_path / "c", OLD, newer("清河渡口管理条例"))
    assert validity.repealed and validity.told() == ("已由《清河渡口管理条例》废止",)


@pytest.mark.parametrize(("published", "repealed"), [("2021-04-02", True), ("", False), ("2012-03-01", False)])
def test_of_two_of_one_name_the_surely_older_one_is_meant(tmp_path: Path, published: str, repealed: bool) -> None:
    assert validity_of(tmp_path / "c", OLD, newer(OLD.title, published)).repealed is repealed


def test_the_circular_that_issues_rules_is_meant_by_their_name(tmp_path: Path) -> None:
    circular = Article("old", "关于印发《清河渡口管理办法（试行）》的通知", OLD.text, published=OLD.published)
    assert validity_of(tmp_path / "c", circular, newer("清河渡口管理条例")).repealed


def test_it_ends_with_the_article_that_says_so(tmp_path: Path) -> None:
    with Collection.build(tmp_path / "c", [OLD, newer("清河渡口管理条例")]) as collection:
        collection.remove(["new"])
        assert not collection.article("old").validity.repealed
        collection.add([newer("清河渡口管理条例")])
        assert collection.article("old").validity.repealed
        assert collection.article("new").validity.repeals == ("清河渡口管理办法",)


def test_a_store_made_before_this_was_kept_is_read_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    store = ArticleStore(path, writable=True)
    store.add(OLD, content_of(OLD), split_passages(OLD, 100))
    store.save()
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE repeals")
    before = ArticleStore(path)
    assert [one.validity for one in before.passages_of("old")] == [Validity()]
    before.close()
    later, new = ArticleStore(path, writable=True), newer("清河渡口管理条例")
    later.add(new, content_of(new), split_passages(new, 100))
    assert [one.validity.repealed for one in later.passages_of("old")] == [True]
