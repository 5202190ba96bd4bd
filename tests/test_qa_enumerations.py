"""Lists that a text counts off, and questions that ask for all of one."""

from __future__ import annotations

import pytest

from qa.reading.enumerations import asks_for_all, items_at

MEASURES = "下一步将推出以下措施：一是降低经手费，并降低佣金费率。二是扩大标的范围；三是加强监管。此外还有别的。"


def begins(text: str, items: list[int]) -> list[str]:
    return [text[item : item + 4] for item in items]


@pytest.mark.parametrize(
    "question",
    [
        "证监会将采取哪些措施？",
        "王毅提出的四点主张分别是什么？",
        "事故的原因有哪些？",
        "规划包括哪几个方面？",
        "箭竹的繁殖方式有哪些？",
        "会议指出了什么问题？",
    ],
)
def test_questions_for_measures_points_and_reasons_ask_for_all(question: str) -> None:
    assert asks_for_all(question)


@pytest.mark.parametrize(
    "question", ["证监会将扩大哪些标的范围？", "谁提出了四点主张？", "为什么要入地？", "电影的主演有哪些？"]
)
def test_others_do_not(question: str) -> None:
    assert not asks_for_all(question)


def test_a_list_is_found_from_what_announces_it_and_from_each_of_its_items() -> None:
    places = [(0, MEASURES.index("一是"))]
    places += [(MEASURES.index(word), MEASURES.index(word) + 4) for word in ("一是", "并降低", "二是", "加强监管")]
    for start, end in places:
        items = items_at("哪些措施？", MEASURES, start, end)
        assert begins(MEASURES, items) == ["一是降低", "二是扩大", "三是加强"]


def test_what_stands_behind_a_list_or_far_before_it_is_not_of_it() -> None:
    start = MEASURES.index("此外")
    assert items_at("哪些措施？", MEASURES, start, len(MEASURES)) == []
    assert items_at("哪些措施？", f"先说别的。{MEASURES}", 0, 5) == []


def test_a_list_with_another_number_of_items_than_asked_for_is_another() -> None:
    assert items_at("四点主张是什么？", MEASURES, 0, 20) == []
    assert len(items_at("三项措施是什么？", MEASURES, 0, 20)) == 3
    assert len(items_at("两个部门推出了哪些措施？", MEASURES, 0, 20)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "首先要检查轮胎。其次，要训练机长。最后，要填平溪谷。",
        "第一，要消除冲突；第二，要重振活力；第三，要开放包容。",
        "（一）明确方针。（二）增加奖项。（三）改进评审。",
        "1.明确方针\n2.增加奖项\n3.改进评审",
        "一、明确方针\n二、增加奖项\n三、改进评审",
    ],
)
def test_lists_are_counted_in_many_ways(text: str) -> None:
    assert len(items_at("哪些要求？", text, 0, 4)) == 3


def test_one_item_alone_or_figures_in_a_sentence_make_no_list() -> None:
    assert items_at("哪些特点？", "一是安全。其他不谈。", 0, 4) == []
    assert items_at("哪些特点？", "长1.5米，宽2.5米，高3.5米。", 0, 4) == []
    assert items_at("哪些特点？", "这是第一是第二都不要紧的事。", 0, 4) == []
