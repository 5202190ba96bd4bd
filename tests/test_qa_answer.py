"""The values that all faces share."""

from __future__ import annotations

from qa.answer import Answer, Question

LONG = "沿河步道全长三公里，两岸种了香樟和银杏，每隔三百米设一处休息的长椅，夜里有灯。" * 3


def test_an_answer_at_a_prompt_is_one_short_line() -> None:
    answer = Answer(Question("步道多长？"), "步道多长？", LONG, confidence=0.876, done=True)
    assert repr(answer).startswith("Answer('沿河步道全长三公里")
    assert repr(answer).endswith("…', citations=0, confidence=0.88)")
    assert len(repr(answer)) < 120


def test_a_refusal_and_an_unfinished_answer_say_so() -> None:
    question = Question("步道多长？")
    assert repr(Answer(question, "步道多长？", "文章里没有。", confidence=0.1, refused=True, done=True)) == (
        "Answer('文章里没有。', refused, confidence=0.10)"
    )
    assert repr(Answer(question, "步道多长？", "步道")).endswith("not done)")
