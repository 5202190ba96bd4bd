"""Conversations as a browser keeps them: written and read back equal, and nothing else taken for one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corpus.article import Passage
from embeddings.collections.hit import Arm, Hit
from qa.answer import Answer, Citation, Claim, Question, Turn
from qa.web.commands import Wishes, command_of, wishes_of
from qa.web.conversation import Exchange, begun
from qa.web.keeping import MOST_TURNS, kept, restored

PASSAGE = Passage("a#0", "a", "井深十七米。", 3, 9, "老井", "well.txt", "2020-03")
ANSWER = Answer(
    Question("井有多深？", since="2020-01-01"),
    "老井有多深？",
    "井深十七米。[1]",
    (Claim("井深十七米。", 0, 9, (1,), True),),
    (Citation(1, PASSAGE, "井深十七米。", 3, 9, ((3, 5), (6, 10))),),
    (Hit(PASSAGE, 0.5, 1, Arm(3.5, 1)), Hit(replace(PASSAGE, id="a#1"), 0.25, 2, None, Arm(0.5, 2))),
    ((2, 5),),
    0.75,
    done=True,
    model="wenju",
    seconds={"total": 0.5},
)


def test_what_was_kept_is_read_back_equal_with_its_history() -> None:
    first = Exchange(ANSWER, asked_of="问的是示例文章（1 篇）", rating="good")
    second = Exchange(replace(ANSWER, question=Question("它在哪里？"), refused=True), notice="断了", waited=1.5)
    one, two = restored([json.loads(kept(exchange)) for exchange in (first, second)])
    assert one == first
    history = (Turn("井有多深？", "井深十七米。[1]"),)
    assert two == replace(second, answer=replace(second.answer, question=Question("它在哪里？", history)))
    assert begun(Question("再问"), (one, two)).answer.question.history[:1] == history


def test_a_passage_is_kept_once() -> None:
    told = json.loads(kept(Exchange(ANSWER)))
    answer = told["exchange"]["answer"]
    assert [passage["id"] for passage in told["passages"]] == ["a#0", "a#1"]
    assert answer["citations"][0]["passage"] == answer["hits"][0]["passage"] == 0


@pytest.mark.parametrize(
    "turn",
    [
        None,
        {},
        {"version": 1, "passages": [], "exchange": {}},
        {"version": 1, "passages": [], "exchange": {"answer": {"question": {"text": 3}, "standalone": ""}}},
        {"version": 1, "passages": [{"id": "a"}], "exchange": {"answer": {}}},
        {"version": 1, "passages": [], "exchange": {"answer": {"question": {"text": ""}, "standalone": "", "hits": [7]}}},
        {"version": 2, "passages": [], "exchange": {"answer": {"question": {"text": ""}, "standalone": ""}}},
    ],
)  # fmt: skip
def test_what_is_no_exchange_is_refused(turn: object) -> None:
    with pytest.raises(ValueError):
        restored([turn])


def test_a_conversation_has_an_end() -> None:
    with pytest.raises(ValueError, match=str(MOST_TURNS)):
        restored([json.loads(kept(Exchange(ANSWER)))] * (MOST_TURNS + 1))


def test_orders_and_wishes_hold_only_what_they_may() -> None:
    command = command_of('{"do": "read", "article": "a", "turn": "3", "number": -2, "raw": 1, "wrong": ["甲", 5]}')
    assert (command.does, command.text("article"), command.number("turn"), command.number("number")) == (
        "read",
        "a",
        3,
        0,
    )
    assert (command.number("raw"), command.texts("wrong"), command.text("turns"), command.values("article")) == (
        1,
        ("甲",),
        "",
        [],
    )
    assert [command_of(text).does for text in ("", "[1]", "{", '{"do": 5}', 7, "[" * 100_000)] == [""] * 6
    assert wishes_of('{"caution": "eager", "k": "20"}') == Wishes("eager", 20)
    assert wishes_of('{"caution": "reckless", "k": 5000}') == wishes_of(None) == Wishes()
