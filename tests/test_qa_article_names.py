from __future__ import annotations

from embeddings.collections.hit import ArticleSummary
from qa.evaluation.article_names import ids_by_name, resolve


def summary(id: str, title: str = "") -> ArticleSummary:
    return ArticleSummary(id, title, "", "", "", 100, 1)


def names(*summaries: ArticleSummary) -> dict[str, tuple[str, ...]]:
    return dict(ids_by_name(summaries))


def test_an_article_goes_by_id_file_stem_and_title() -> None:
    known = names(summary("报纸/三月/头版.txt", "商都路街道开会"))
    for name in ("报纸/三月/头版.txt", "头版.txt", "头版", "商都路街道开会", "《商都路街道开会》"):
        assert resolve([name], known) == ("报纸/三月/头版.txt",)


def test_a_row_of_a_file_goes_by_its_own_number() -> None:
    known = names(summary("news.jsonl.gz#crud-1"), summary("news.jsonl.gz#crud-2"))
    assert resolve(["crud-2"], known) == ("news.jsonl.gz#crud-2",)
    assert resolve(["news"], known) == ("news.jsonl.gz#crud-1", "news.jsonl.gz#crud-2")


def test_all_articles_of_a_page_go_by_its_name() -> None:
    known = names(summary("004.txt#1", "甲"), summary("004.txt#2", "乙"))
    assert resolve(["004"], known) == ("004.txt#1", "004.txt#2")


def test_an_id_beats_a_title_that_reads_the_same() -> None:
    known = names(summary("甲", "乙"), summary("乙", "丙"))
    assert resolve(["乙"], known) == ("乙",)


def test_two_articles_with_one_title_are_both_meant() -> None:
    known = names(summary("1.txt", "通知"), summary("2.txt", "通知"))
    assert resolve(["通知"], known) == ("1.txt", "2.txt")


def test_unknown_names_are_left_out_and_each_article_comes_once() -> None:
    known = names(summary("甲.txt", "题目"))
    assert resolve(["没有", "甲", "题目", "甲.txt"], known) == ("甲.txt",)
    assert resolve(["", "《》"], known) == ()
