"""Sentence and clause borders: what is split, what is kept together, and that offsets are exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text.sentences import split_clauses, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in split_clauses(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路修好了。灯也亮了！谁来管？", ["路修好了。", "灯也亮了！", "谁来管？"]),
        ("修路；装灯；种树。", ["修路；", "装灯；", "种树。"]),
        ("这是怎么回事？！！快说……好吧…。", ["这是怎么回事？！！", "快说……", "好吧…。"]),
        ("第一行\n第二行\r\n\n　　第三行", ["第一行", "第二行", "第三行"]),
        ("没有结尾的句子", ["没有结尾的句子"]),
        ("", []),
        (" \n\u3000\n", []),
        ("增长3.5%，版本1.2.3。共1,234元。", ["增长3.5%，版本1.2.3。", "共1,234元。"]),
        ("见www.example.com/?a=1&b=2的说明。完。", ["见www.example.com/?a=1&b=2的说明。", "完。"]),
        ("The road is open. It is 3.5 km long. U.S. visitors came.", 3),
        ("Mr. Wang met Dr. Li. They talked.", ["Mr. Wang met Dr. Li.", "They talked."]),
        ("1. Roads\n2. Lights", ["1. Roads", "2. Lights"]),
        ("有人问（真的会通吗？什么时候？），没人答。", ["有人问（真的会通吗？什么时候？），没人答。"]),
        ("《谁来了？》上映了。好看。", ["《谁来了？》上映了。", "好看。"]),
        ("（掌声。）他坐下了。", ["（掌声。）", "他坐下了。"]),
        ("这（没有配对。下一句。", ["这（没有配对。", "下一句。"]),
    ],
)
def test_borders(text: str, expected: list[str] | int) -> None:
    if isinstance(expected, int):
        assert len(sentences(text)) == expected
    else:
        assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“路通了。”大家鼓掌。", ["他说：“路通了。”", "大家鼓掌。"]),
        ("“路通了！”他说。大家鼓掌。", ["“路通了！”他说。", "大家鼓掌。"]),
        ("“为什么？”的问题还在。", ["“为什么？”的问题还在。"]),
        ("她喊“快来！”，没人应。", ["她喊“快来！”，没人应。"]),
        ("他说：“路通了。车来了。”", ["他说：“路通了。车来了。”"]),
        ('他说："路通了。"她说："好。"走了。', ['他说："路通了。"', '她说："好。"', "走了。"]),
        ('他走了。"好"字还在墙上。', ["他走了。", '"好"字还在墙上。']),
        ("「路通了。」大家鼓掌。", ["「路通了。」", "大家鼓掌。"]),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_long_quotation_is_split_and_keeps_its_closing_mark() -> None:
    first = "这条路从去年春天开始修，中间因为下雨停过两次，到今年秋天才算全部修完。"
    second = "以后老人出门买菜再也不用绕远路了，孩子上学也能少走一刻钟。"
    assert sentences(f"“{first}{second}”老李很高兴。") == [f"“{first}", f"{second}”", "老李很高兴。"]


def test_clauses_keep_their_mark_and_leave_numbers_alone() -> None:
    assert clauses("上午，在12:30，花了1,234元：买米、买面；走了") == [
        "上午，",
        "在12:30，",
        "花了1,234元：",
        "买米、买面；",
        "走了",
    ]
    assert clauses("改造（一期，二期）完成，住户满意") == ["改造（一期，二期）完成，", "住户满意"]


def test_clauses_stay_inside_the_span() -> None:
    text = "甲，乙。丙，丁。"
    assert [text[start:end] for start, end in split_clauses(text, 4, 8)] == ["丙，", "丁。"]


_TEXTS = st.text(alphabet='路灯李a.1 \n\u3000，。！？；…“”"（）()《》「」:', max_size=80)


@given(_TEXTS)
def test_spans_cover_everything_but_blanks(text: str) -> None:
    spans = split_sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


@given(_TEXTS)
def test_clauses_cover_the_sentence(text: str) -> None:
    joined = "".join(text[start:end] for start, end in split_clauses(text, 0, len(text)))
    assert "".join(joined.split()) == "".join(text.split())


@given(_TEXTS)
def test_no_sentence_holds_a_line_break(text: str) -> None:
    assert not any("\n" in sentence for sentence in sentences(text))
