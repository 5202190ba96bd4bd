"""What the lines of a text are taken for; and that blocks cover every visible character, whatever the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Block
from corpus.text.blocks import blocks_of
from corpus.text.passages import split_passages

_LABELS = [
    "",
    "第一条 ",
    "第二条之一　",
    "一、",
    "（一）",
    "1.",
    "2．",
    "①",
    "• ",
    "3.2 ",
    "第三章 ",
    "问：",
    "答：",
    "- ",
    "注：",
]
_WORDS = [
    "渡口开航。",
    "下列材料：",
    "船票",
    "（一）船证；（二）印章。",
    "摆渡人要看天，也要看水，一年到头都在河上。",
    " ",
    "　",
]
_TEXTS = st.lists(
    st.builds(
        lambda label, words: label + "".join(words),
        st.sampled_from(_LABELS),
        st.lists(st.sampled_from(_WORDS), max_size=4),
    ),
    max_size=14,
).map("\n".join)


def assert_covers(text: str, blocks: tuple[Block, ...]) -> None:
    end = 0
    for index, block in enumerate(blocks):
        assert not text[end : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip() != ""
        assert -1 <= block.above < index
        end = block.end
    assert not text[end:].strip()


@settings(max_examples=300, deadline=None)
@given(_TEXTS | st.text(max_size=80))
def test_blocks_cover_what_is_visible_and_passages_keep_them(text: str) -> None:
    blocks = blocks_of(text)
    assert_covers(text, blocks)
    passages = split_passages(Article("a", "", text, blocks=blocks), 40)
    end = 0
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert not text[end : passage.start].strip()
        end = passage.end
        for block in passage.blocks:
            assert passage.text_of(block) == text[block.start : block.end]
            passage.leads_of(block)
    assert not text[end:].strip()


def told(text: str, title: str = "") -> list[tuple[str, str, int]]:
    """Kind, number and owner of every block."""
    return [(block.kind, block.number, block.above) for block in blocks_of(text, title=title)]


def test_a_list_knows_its_lead_and_its_numbers() -> None:
    text = "申请渡船牌照须带下列材料：\n（一）船舶检验证；\n（二）船员证；\n（三）保险单。\n受理时间为每周二上午。"
    assert told(text) == [
        ("paragraph", "", -1),
        ("item", "（一）", 0),
        ("item", "（二）", 0),
        ("item", "（三）", 0),
        ("paragraph", "", -1),
    ]


def test_numbered_titles_stand_over_lists() -> None:
    text = "一、登船须知：\n1.先下后上；\n2.扶好栏杆。\n二、货物规定：\n1.活禽装笼；\n2.油桶加盖。"
    assert [kind for kind, _, _ in told(text)] == ["heading", "item", "item", "heading", "item", "item"]
    assert [above for _, _, above in told(text)] == [-1, 0, 0, -1, 3, 3]


def test_items_inside_items_have_their_owner() -> None:
    text = "一、安检时不得携带：\n1.易燃物品，包括\n（1）汽油；\n（2）酒精；\n2.活禽。\n二、超重另付费。"
    blocks = blocks_of(text)
    assert [text[blocks[block.above].start :][:2] for block in blocks if block.number.startswith("（")] == ["1.", "1."]
    assert [block.level for block in blocks if block.number.startswith("（")] == [3, 3]


def test_bullets_of_markdown_are_nested_by_their_indent() -> None:
    text = "老周，柳湾村\n管缆绳\n修船底\n小何，石桥村\n卖船票"
    starts = [0, *(index + 1 for index, mark in enumerate(text) if mark == "\n")]
    marks = dict(zip(starts, ["+ ", "  + ", "  + ", "+ ", "  + "], strict=True))
    assert [block.above for block in blocks_of(text, marks)] == [-1, 0, 0, -1, 3]


def test_clauses_own_their_paragraphs_and_a_reference_is_no_clause() -> None:
    text = (
        "第一章　总则\n第一条　渡口由镇政府管理。\n渡口的维修由交通站负责。\n第二条之一　渡船不得超载，超载按下列办法处罚：\n"
        "（一）警告；\n（二）停航三日。\n第二条规定的超载，以核定人数为准。"
    )
    assert told(text) == [
        ("heading", "第一章", -1),
        ("clause", "第一条", -1),
        ("paragraph", "", 1),
        ("clause", "第二条之一", -1),
        ("item", "（一）", 3),
        ("item", "（二）", 3),
        ("paragraph", "", 3),
    ]


def test_dotted_numbers_are_titles_or_clauses() -> None:
    text = "3 缆绳\n3.1 通则\n3.1.2的检查适用于钢缆。\n3.1.1 外观检查\n缆绳表面不得断丝。\n3.2 缆绳每年至少更换一次，并做记录。\n3.5万元由镇里支付。"
    assert told(text)[:6] == [
        ("heading", "3", -1),
        ("heading", "3.1", -1),
        ("paragraph", "", -1),
        ("heading", "3.1.1", -1),
        ("paragraph", "", -1),
        ("clause", "3.2", -1),
    ]
    assert told(text)[6][0] == "paragraph"


def test_enumerations_inside_a_paragraph_are_items() -> None:
    text = "乘船时应当：（一）排队上船；（二）穿好救生衣；（三）听从船工指挥。违者不得乘船。"
    blocks = blocks_of(text)
    assert [text[block.start : block.end] for block in blocks] == [
        "乘船时应当：",
        "（一）排队上船；",
        "（二）穿好救生衣；",
        "（三）听从船工指挥。",
        "违者不得乘船。",
    ]
    assert [block.above for block in blocks] == [-1, 0, 0, 0, -1]


@pytest.mark.parametrize(
    "text", ["符合第（一）、（二）项的，免票。", "甲方（1）人，乙方（2）人到场。", "版本1.2与1.3相同，2.0不同。"]
)
def test_references_are_no_enumeration(text: str) -> None:
    assert len(blocks_of(text)) == 1


def test_questions_own_their_answers() -> None:
    text = "渡口问答\n问：末班船几点开？\n答：夏天晚上七点，冬天晚上六点。\n问：能带自行车吗？\n答：可以，每辆一元。"
    assert told(text, "渡口问答") == [
        ("heading", "", -1),
        ("heading", "", -1),
        ("paragraph", "", 1),
        ("heading", "", -1),
        ("paragraph", "", 3),
    ]


def test_rosters_have_no_headings() -> None:
    assert {kind for kind, _, _ in told("船工 周大山\n售票 何小云\n巡查 吴立\n电工 郑平")} == {"paragraph"}


def test_headings_above() -> None:
    text = "渡口规程\n一、开航\n每天六点开航。\n二、停航\n大风天停航，由站长决定。\n遇雾也停航。"
    article = Article("a", "渡口规程", text, blocks=blocks_of(text, title="渡口规程"))
    assert article.headings_above(text.index("遇雾")) == ("渡口规程", "二、停航")
    assert article.headings_above(text.index("二、")) == ("渡口规程",)


def test_a_list_stays_with_its_lead_where_it_fits() -> None:
    before = "渡口自去年改造以来，客流逐月上升，镇里又添了两条船。" * 6
    members = "\n".join(f"（{number}）船舶证件第{number}号的原件和复印件；" for number in "一二三四五六")
    passages = split_passages(
        Article("a", "", f"{before}\n办理渡船牌照须提交下列材料：\n{members}\n窗口周一至周五受理。"), 120
    )
    [listed] = [passage for passage in passages if "（一）" in passage.text]
    assert listed.text.startswith("办理渡船牌照") and "（六）" in listed.text


def test_the_rest_of_a_long_list_knows_its_lead() -> None:
    members = "\n".join(
        f"{number}．第{number}条航线的船票、班次和停靠码头都要公示，不得临时变更；" for number in range(1, 15)
    )
    passages = split_passages(Article("a", "", f"各站必须做到下列各项：\n{members}"), 150)
    assert passages[0].text.startswith("各站") and len(passages) > 2
    assert all(passage.lead == "各站必须做到下列各项：" for passage in passages[1:])
    assert passages[1].leads_of(passages[1].blocks[0]) == ("各站必须做到下列各项：",)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "（一）甲、" * 60_000,
        "1.甲\n" * 60_000,
        "第一条 甲。" * 40_000,
        "（" * 200_000,
        "1." * 100_000,
        "甲\n- 乙\n" * 40_000,
    ],
)
def test_blocks_of_anything_take_linear_time(text: str) -> None:
    began = time.process_time()
    blocks_of(text)
    assert time.process_time() - began < 5


def test_an_appendix_ends_the_last_clause() -> None:
    text = "第一条　渡口由镇里管理。\n渡船另有规定的，从其规定。\n附件1\n船名册上的船可以载客。"
    assert told(text) == [("clause", "第一条", -1), ("paragraph", "", 0), ("heading", "", -1), ("paragraph", "", -1)]


def test_numbers_without_a_dot_count_on_or_are_none() -> None:
    assert told("做法\n1 洗净鱼片，抓匀。\n2 下锅煮两分钟。\n3 出锅。")[1:] == [("item", str(n), 0) for n in (1, 2, 3)]
    assert {kind for kind, _, _ in told("3 月里渡口停航。\n12 条船都修好了。")} == {"paragraph"}


def test_topics_stand_over_what_was_said_of_them() -> None:
    text = "议题一：渡船检修\n会议决定，本月完成检修。\n议题二：票价\n会议认为，票价不变。"
    assert [kind for kind, _, _ in told(text)] == ["heading", "paragraph", "heading", "paragraph"]


def test_numbered_lists_of_markdown_are_nested_by_their_indent() -> None:
    text = "1. 选班次\n1. 看时刻\n2. 看船名\n2. 付款\n3. 上船"
    starts = [0, *(index + 1 for index, mark in enumerate(text) if mark == "\n")]
    blocks = blocks_of(text, {starts[1]: "   ", starts[2]: "   "})
    assert [(block.level, block.above) for block in blocks] == [(1, -1), (2, 0), (2, 0), (1, -1), (1, -1)]


def test_parts_of_a_clause_belong_to_it() -> None:
    assert told(
        "第二条 租金\n2.1 租金每月三千元，每月五日前付。\n2.2 逾期加收百分之一，按日计算。\n3.5 其他约定另行书面商定，双方签字。"
    ) == [
        ("clause", "第二条", -1),
        ("clause", "2.1", 0),
        ("clause", "2.2", 0),
        ("clause", "3.5", -1),
    ]
