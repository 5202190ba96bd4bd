"""Clauses and items that are counted in the structure, and questions that it must leave alone."""

import pytest

from corpus.article import Article
from corpus.reading.contents import text_article
from qa.answer import Answer, Question
from qa.reading.counting import counted
from qa.writing.listing import write_count

RULES = """清河渡口管理办法
第一章 总则
第一条 为了加强渡口管理，保障乘客安全，制定本办法。
第二条 交通局主管渡口工作。违反第四条规定的，由其处理。
第二章 渡船
第三条 渡船应当每年检验一次。
渡船应当配备救生衣。
第四条 有下列情形之一的，不得开航：
（一）风力六级以上的；
（二）大雾天气，看不清对岸的；
（三）船工酒后的。
第三章 罚则
第五条 超载的，处二百元罚款。
第五条之一 不按时检验的，处五百元罚款。
第六条 本办法自2020年5月1日起施行。"""
NOTICE = """果园采摘须知
办理团体采摘需要下列材料：
1. 单位介绍信
2. 人员名单
3. 联系人身份证
入园须遵守下列规定：
1. 不带宠物入园
2. 不攀爬果树"""
STANDARD = """水表检定规程
5 检定方法
5.1 外观检查
目测水表外壳有无裂纹，读数是否清楚可辨，铭牌是否完整无缺。
5.2 密封试验
加压到规定的压力，保持一刻钟，各处不得渗水，不得有水珠冒出。
5.3 示值误差
在三个流量点各测两次，取其平均值，与标准装置的读数相比较。
6 检定周期
6.1 周期
口径五十毫米以下的水表每六年检定一次，其余的每两年检定一次。"""


def article(text: str, name: str = "a") -> Article:
    title = text.split("\n")[0]
    return text_article(text, id=name, title=title, source=f"{title}.txt", published="", author="")[0]


ARTICLES = {name: article(text, name) for name, text in (("rules", RULES), ("notice", NOTICE), ("standard", STANDARD))}


def count(question: str) -> tuple[int, str] | None:
    found = counted(question, tuple(ARTICLES), ARTICLES.__getitem__)
    return (found.count, found.unit) if found else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("清河渡口管理办法一共有多少条？", (7, "条")),
        ("《清河渡口管理办法》共几章？", (3, "章")),
        ("渡口管理辦法共有幾條？", (7, "条")),
        ("渡口管理办法第二章有几条？", (2, "条")),
        ("罚则一章有几条？", (3, "条")),
        ("第四条列了几项？", (3, "项")),
        ("渡口管理办法第三条有几款？", (2, "款")),
        ("办理团体采摘需要几种材料？", (3, "项")),
        ("团体采摘的材料有几样？", (3, "项")),
        ("采摘须知里入园有几条规定？", (2, "项")),
        ("检定方法有几条？", (3, "条")),
    ],
)
def test_parts_are_counted(question: str, expected: tuple[int, str]) -> None:
    assert count(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "码头管理办法一共有多少条？",  # of another law
        "第九条有几项？",
        "第九章有几条？",
        "清河有几条渡船？",
        "渡船每年检验几次？",
        "第四条规定了什么？",
        "团体采摘收多少钱？",
        "散客采摘需要几种材料？",
    ],
)
def test_what_the_structure_does_not_tell_is_not_counted(question: str) -> None:
    assert count(question) is None


def test_two_articles_that_say_otherwise_are_no_answer() -> None:
    two = {"one": article("甲办法\n第一条 甲。\n第二条 乙。", "one"), "other": article("乙办法\n第一条 丙。", "other")}
    assert counted("一共有几条？", tuple(two), two.__getitem__) is None
    found = counted("甲办法一共有几条？", tuple(two), two.__getitem__)
    assert found is not None and (found.article.id, found.count) == ("one", 2)


def shown(question: str) -> Answer:
    found = counted(question, tuple(ARTICLES), ARTICLES.__getitem__)
    assert found is not None
    spans = found.article.raw_spans
    return write_count(Answer(Question(question), question), found, lambda _, start, end: spans(start, end))


def test_the_count_is_said_to_be_computed_and_rests_on_what_was_counted() -> None:
    answer = shown("渡口管理办法第二章有几条？")
    assert answer.text == "“第二章 渡船”共有2条：第三条、第四条（按原文的编号数出）。[1][2]"
    assert [answer.text[start:end] for start, end in answer.highlights] == ["2条"]
    assert [citation.quote[:3] for citation in answer.citations] == ["第三条", "第四条"]
    assert all(claim.computed for claim in answer.claims)


def test_items_are_shown_under_what_leads_in() -> None:
    answer = shown("办理团体采摘需要几种材料？")
    assert answer.text.startswith("这里共列了3项。[1]办理团体采摘需要下列材料：\n1. 单位介绍信")
    text = ARTICLES["notice"].text
    assert all(text[citation.start : citation.end] == citation.quote for citation in answer.citations)


def test_of_very_many_clauses_the_first_and_the_last_are_shown() -> None:
    numerals = [*"一二三四五六七八九十", *(f"十{n}" for n in "一二三四五六七八九"), "二十"]
    long = article("长桥办法\n" + "\n".join(f"第{n}条 桥工按期检查桥面。" for n in numerals))
    found = counted("长桥办法有多少条？", ("a",), {"a": long}.__getitem__)
    assert found is not None and found.count == 20
    answer = write_count(Answer(Question("？"), "？"), found, lambda _, start, end: ((start, end),))
    assert "共有20条：第一条至第二十条" in answer.text and len(answer.citations) == 2
