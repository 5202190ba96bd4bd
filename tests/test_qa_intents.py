"""The labelled questions: 15 of each kind were read while the rules were written, 15 were held out."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from qa.questions.intents import INTENTS, intent_of
from qa.questions.negation import asks_for_exclusion, fits_polarity, says_exclusion

ROWS = [json.loads(line) for line in (Path(__file__).parent / "question_kinds.jsonl").read_text("utf-8").splitlines()]


def test_the_set_has_thirty_of_each_kind() -> None:
    sections = defaultdict(list)
    for row in ROWS:
        sections[row["section"]].append(row["half"])
    assert set(sections) == {*INTENTS, "negated"}
    assert all(halves.count("seen") == halves.count("held") == 15 for halves in sections.values())


@pytest.mark.parametrize(("half", "least"), [("seen", 0.99), ("held", 0.96)])
def test_kinds_are_told(half: str, least: float) -> None:
    rows = [row for row in ROWS if row["half"] == half]
    assert sum(intent_of(row["question"]) == row["kind"] for row in rows) >= least * len(rows)


@pytest.mark.parametrize("half", ["seen", "held"])
def test_negation_is_told(half: str) -> None:
    rows = [row for row in ROWS if row["half"] == half]
    assert sum(asks_for_exclusion(row["question"]) == row["negated"] for row in rows) >= 0.98 * len(rows)


def test_the_samples_questions_are_not_taken_for_talk_or_summaries() -> None:
    path = Path(__file__).parents[1] / "corpus" / "articles" / "questions.jsonl"
    questions = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    strange = {"small_talk", "about_program", "clause", "summary"}
    assert [question for question in questions if intent_of(question) in strange] == []


def test_an_item_under_a_lead_in_that_forbids_is_an_exclusion() -> None:
    assert says_exclusion("在校学生。", lead_in="下列人员不得申请：")
    assert not says_exclusion("在校学生。", lead_in="下列人员可以申请：")


@pytest.mark.parametrize(
    ("question", "text", "lead_in", "fits"),
    [
        ("谁不能申请？", "本市户籍居民可以申请。", "", False),
        ("谁不能申请？", "已有住房的家庭不得申请。", "", True),
        ("谁可以申请？", "已有住房的家庭不得申请。", "", False),
        ("谁可以申请？", "除已有住房的家庭不得申请外，其他居民均可以申请。", "", True),
        ("申请要多少钱？", "申请不收费。", "", True),
        ("哪些车辆禁止通行？", "货车", "以下车辆可以通行：", False),
    ],
)
def test_the_opposite_is_told(question: str, text: str, lead_in: str, fits: bool) -> None:
    assert fits_polarity(question, text, lead_in) is fits
