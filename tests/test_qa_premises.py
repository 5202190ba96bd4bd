"""Yes/no questions: the labelled set (30 read while the rules were written, 30 held out until then) and single rules."""

import json
from pathlib import Path

import pytest

from qa.questions.premise import premise_of
from qa.writing.premises import agreement

ROWS = [json.loads(line) for line in (Path(__file__).parent / "premises.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("half", ["seen", "held"])
def test_the_open_question_is_found(half: str) -> None:
    rows = [row for row in ROWS if row["half"] == half]
    opened = [premise_of(row["question"]) for row in rows]
    right = [p is not None and p.open_question == row["open"] for p, row in zip(opened, rows, strict=True)]
    assert sum(right) >= 29


@pytest.mark.parametrize(("half", "least"), [("seen", 29), ("held", 27)])
def test_agreement_is_told_and_never_turned_round(half: str, least: int) -> None:
    right = 0
    for row in (row for row in ROWS if row["half"] == half):
        premise = premise_of(row["question"])
        assert premise is not None
        verdict = agreement(premise.statement, row["sentence"]).verdict
        assert {verdict, row["verdict"]} != {"agrees", "contradicts"}, row
        right += verdict == row["verdict"]
    assert right >= least


@pytest.mark.parametrize(
    "question", ["高温补贴每月多少元？", "为什么停水？", "你好", "南湖街道下辖哪些社区？", "他们怎么学的？"]
)
def test_an_open_question_has_no_premise(question: str) -> None:
    assert premise_of(question) is None


def test_what_differs_is_shown() -> None:
    found = agreement("高温补贴每月500元", "高温补贴标准为每人每月三百元。")
    assert (found.verdict, found.claimed, found.told) == ("contradicts", "500元", "三百元")
    assert found.sentence == "不是：文章说的是“三百元”，不是“500元”。"


@pytest.mark.parametrize(
    ("statement", "told", "verdict"),
    [
        ("人数超过200人", "参加的人数为200多人", "agrees"),
        ("人数不到100人", "参加的人数为150人", "contradicts"),
        ("人数有3千人", "人数为3000人", "agrees"),
        ("人数有300人", "人数不超过500人", "unknown"),
    ],
)
def test_ranges_are_compared_as_ranges(statement: str, told: str, verdict: str) -> None:
    assert agreement(statement, told).verdict == verdict


@pytest.mark.parametrize(
    ("statement", "told", "verdict"),
    [
        ("东河镇税收增长", "乡镇：东河镇；税收：2875；同比增长（%）：-2.1", "contradicts"),
        ("客流量下降", "一季度客流量同比增长-3.5%。", "agrees"),
        ("住校生能带手表", "住校生不得携带手机进入宿舍，可以携带手表。", "unknown"),
        ("住校生能带手机", "住校生不得携带手机进入宿舍，可以携带手表。", "contradicts"),
        ("青山镇书记是李卫东", "会议宣布王建军任青山镇书记，免去李卫东青山镇书记职务。", "contradicts"),
        ("李卫东是青山镇书记", "李卫东不再担任青山镇书记。", "contradicts"),
        ("王建军是青山镇书记", "会议宣布王建军任青山镇书记，免去李卫东青山镇书记职务。", "agrees"),
        ("李卫东被免去青山镇书记", "会议免去李卫东青山镇书记职务。", "agrees"),
    ],
)
def test_less_than_nothing_who_was_removed_and_what_else_is_allowed(statement: str, told: str, verdict: str) -> None:
    assert agreement(statement, told).verdict == verdict


def test_a_name_in_the_title_is_not_missed() -> None:
    assert agreement("郑州的补贴每月300元", "补贴标准为每月300元。", context="郑州高温补贴办法").verdict == "agrees"


def test_a_case_is_no_claim() -> None:
    rule = "申请人家庭人均月收入应当低于2800元。"
    case = premise_of("人均月收入3000元能申请吗？")
    assert case
    assert case.open_question == "人均月收入多少元能申请"
    assert agreement(case.statement, rule).verdict == "unknown"
    claim = premise_of("满3000元才能申请，对吗？")
    assert claim
    assert agreement(claim.statement, "消费满2800元可以申请。").told == "2800元"
