"""Names that a whole article is about, and questions asked with them."""

from pathlib import Path

import pytest

from corpus.article import Article, Passage
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from qa import Answerer
from qa.reading.carried import TIMES, is_about, without_carried
from qa.settings import Settings

PASSAGE = "街道先后探索“五步工作法”，即一抓、二学、三建、四选、五全。"
WHOLE = "中原区" * TIMES + PASSAGE


def hit(text: str = PASSAGE) -> Hit:
    return Hit(Passage("a#1", "a", text, 0, len(text), "题"), 1.0, 1)


@pytest.mark.parametrize(
    ("question", "shorter", "names"),
    [
        ("中原区五步工作法是什么？", "五步工作法是什么？", ("中原区",)),
        ("中原区的“五步工作法”指什么？", "“五步工作法”指什么？", ("中原区",)),
        ("五步工作法是什么？", "五步工作法是什么？", ()),
        ("惠济区五步工作法是什么？", "惠济区五步工作法是什么？", ()),
        ("中原区在哪？", "中原区在哪？", ()),
    ],
)
def test_a_name_that_the_article_carries_is_left_out(question: str, shorter: str, names: tuple[str, ...]) -> None:
    assert without_carried(question, hit(), lambda _: WHOLE) == (shorter, names)


def test_a_name_that_the_passage_has_or_the_article_only_mentions_stays() -> None:
    question = "中原区五步工作法是什么？"
    assert without_carried(question, hit(f"中原区{PASSAGE}"), lambda _: WHOLE) == (question, ())
    assert without_carried(question, hit(), lambda _: f"中原区{PASSAGE}") == (question, ())
    assert not is_about(hit(), ("中原区", "金水区"), lambda _: WHOLE)


def test_an_article_answers_on_what_it_is_about_and_on_no_other_place(tmp_path: Path) -> None:
    filler = "中原区各项工作按照年初的安排一步一步往前推进，干部到一线去，群众有事找得到人。\n\n" * 20
    around = "过去任务一来大家各干各的，常常返工，群众也有意见；后来坐下来想办法，把要做的事排成了次序。" * 6
    articles = [
        Article(
            "zy",
            "基层党建巡礼",
            f"{filler}{around}各街道在实践中摸索出“五步工作法”，通过一抓书记、二学理论、三建阵地，手把手地帮助基层。{around}",
        ),
        Article("lake", "东湖清淤", "东湖清淤工程历时八个月完工，共清出淤泥12万立方米。"),
    ]
    collection = Collection.build(tmp_path / "two", articles)
    plain, careful = (Answerer(collection, settings=Settings(), threshold=least) for least in (0.0, 1.0))
    own, other = "中原区五步工作法是什么？", "惠济区五步工作法是什么？"
    assert careful.answer(own).confidence > plain.answer(own).confidence  # read again, since not sure enough
    assert careful.answer(other).confidence == plain.answer(other).confidence
