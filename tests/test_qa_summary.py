from pathlib import Path

import pytest

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answer import Turn
from qa.questions.summaries import Length, named_articles, summary_topic, wanted_length
from qa.writing.outline import spoken_of, summary_quotes
from qa.writing.summary import KeySentence, summarise

ENCODER = load_encoder()
HARBOUR = Article(
    "a",
    "渔港改造一年完成",
    "渔港改造一年完成\n"
    "来源：港口日报 日期：2022-05-01\n\n"
    "东湾渔港的改造工程历时一年，今年四月全部完成。\n\n"
    "码头\n"
    "新码头长三百二十米，可以同时停靠四十条渔船。过去渔船要排队等候，最长等过六个小时。排队等候的渔船过去最长等过六个小时。\n\n"
    "市场\n"
    "码头旁边新建了鲜鱼市场，共有六十个摊位。市场由渔民合作社管理，摊位费每月两百元。你去过那里吗？\n\n"
    "环境\n"
    "港区铺设了污水管网，污水不再直接排入海湾。合作社还组织渔民每周清理一次海滩。\n",
)
SCHOOL = Article(
    "b", "山区小学有了校车", "三月起，山区小学开通了四条校车线路。校车每天接送一百八十名学生。家长每月只付三十元。"
)


def idf(word: str) -> float:
    return float(len(word))


def of(texts: list[Article], length: Length | None = None, about: str = "") -> tuple[KeySentence, ...]:
    return summarise(texts, ENCODER, idf, length=length, about=about)


def test_key_sentences_are_slices_in_order() -> None:
    keys = of([HARBOUR])
    assert 3 <= len(keys) <= 8
    assert all(HARBOUR.text[key.start : key.end] == key.text for key in keys)
    assert [key.start for key in keys] == sorted(key.start for key in keys)


def test_headings_imprints_questions_and_repetitions_are_not_quoted() -> None:
    keys = of([HARBOUR], Length(sentences=20))
    text = "".join(key.text for key in keys)
    assert "来源" not in text and "吗？" not in text and "码头\n" not in text
    assert text.count("六个小时") == 1
    assert {key.heading for key in keys} >= {"码头", "市场", "环境"}


@pytest.mark.parametrize("characters", [15, 30, 60, 120])
def test_a_length_in_characters_is_kept(characters: int) -> None:
    keys = of([HARBOUR], Length(characters=characters))
    assert keys
    assert sum(key.end - key.start for key in keys) <= characters


def test_a_length_in_sentences_is_kept() -> None:
    assert [len(of([HARBOUR], Length(sentences=n))) for n in (1, 2, 4)] == [1, 2, 4]


def test_each_of_several_texts_is_heard() -> None:
    assert {key.source for key in of([HARBOUR, SCHOOL], Length(sentences=2))} == {0, 1}


def test_a_topic_decides_what_is_quoted() -> None:
    assert "污水" in of([HARBOUR], Length(sentences=1), about="污水治理")[0].text
    assert "摊位" in of([HARBOUR], Length(sentences=1), about="市场摊位")[0].text


def test_nothing_to_quote_is_an_empty_summary() -> None:
    assert of([Article("c", "空", "图片：\n")]) == ()


def test_a_very_long_text_is_summarised() -> None:
    text = "".join(f"第{n}条线路今年运送了{n}名乘客和{n * 3}件包裹。" for n in range(6000))
    assert len(of([Article("d", "线路一览", text)], Length(sentences=5))) == 5


@pytest.mark.parametrize(
    ("request_", "length"),
    [
        ("用三句话概括，一百字以内", Length(3, 100)),
        ("用两百字介绍", Length(None, 200)),
        ("一句话说说", Length(1)),
        ("Summarize it in two sentences", Length(2)),
        ("这篇文章讲了什么", Length()),
        ("分五点总结", Length(5)),
    ],
)
def test_the_length_asked_for(request_: str, length: Length) -> None:
    assert wanted_length(request_) == length


@pytest.mark.parametrize(
    ("request_", "topic"),
    [
        ("总结一下南湖街道的养老工作", "南湖街道的养老工作"),
        ("这篇文章主要讲了什么？", ""),
        ("给我一个一百字以内的摘要", ""),
        ("总结这几篇关于就业的报道", "就业"),
        ("把第二篇文章缩写成五十字", ""),
        ("综述一下近年的治水工作", "近年的治水工作"),
        ("南湖区治水这篇讲了什么？", "南湖区治水"),
        ("这篇文章最后说了什么？", ""),
    ],
)
def test_the_topic_asked_for(request_: str, topic: str) -> None:
    assert summary_topic(request_) == topic


@pytest.mark.parametrize(
    ("request_", "places"),
    [
        ("概括《老旧小区改造办法》", (0,)),
        ("总结 water-report.pdf 的内容", (1,)),
        ("water-report讲了什么", (1,)),
        ("把第三篇缩写成五十字", (2,)),
        ("第九篇讲了什么", ()),
        ("总结一下养老工作", ()),
    ],
)
def test_the_article_named(request_: str, places: tuple[int, ...]) -> None:
    titles = [("南湖区老旧小区改造办法（试行）", "a.txt"), ("供水年报", "in/water-report.pdf"), ("春游", "trip.md")]
    assert named_articles(request_, titles) == places


@pytest.mark.parametrize(
    ("request_", "at_hand", "titles", "count"),
    [
        ("用两句话概括《渔港改造一年完成》", (), {"渔港改造一年完成"}, 2),
        ("总结一下校车", (), {"山区小学有了校车"}, None),
        ("这篇文章主要讲了什么？", ("b",), {"山区小学有了校车"}, None),
        ("用一句话说说鲜鱼市场的摊位", (), {"渔港改造一年完成"}, 1),
        ("校车那篇讲了什么？", ("a",), {"山区小学有了校车"}, None),
        ("这篇文章最后说了什么？", ("b",), {"山区小学有了校车"}, None),
    ],
)
def test_a_request_becomes_quotes_of_passages(
    tmp_path: Path, request_: str, at_hand: tuple[str, ...], titles: set[str], count: int | None
) -> None:
    with Collection.build(tmp_path / "articles", [HARBOUR, SCHOOL]) as collection:
        quotes = summary_quotes(request_, collection, lambda text: collection.search(text, 10), at_hand)
        assert {quote.passage.title for quote in quotes} == titles
        assert count is None or len(quotes) == count
        for quote in quotes:
            text = collection.text(quote.passage.article_id)
            shown = quote.passage.text[quote.start : quote.end]
            assert text[quote.passage.start + quote.start :].startswith(shown)


def test_this_article_is_the_one_that_the_last_answer_quotes(tmp_path: Path) -> None:
    history = (Turn("校车什么时候开？", "校车每天早上开。[1]"), Turn("收费吗？", "在这些文章里没有找到。"))
    with Collection.build(tmp_path / "articles", [HARBOUR, SCHOOL]) as collection:
        assert spoken_of(history, lambda text: collection.search(text, 10)) == ("b",)
        assert spoken_of(history[1:], lambda text: collection.search(text, 10)) == ()
