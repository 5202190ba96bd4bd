from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language_models.thinking import without_thinking

PARTS = (
    "<think>",
    "</think>",
    "<thinking>",
    "</thinking>",
    "<answer>",
    "</answer>",
    "<",
    ">",
    "</",
    "<th",
    "think",
    "/",
)
TEXTS = st.lists(st.one_of(st.sampled_from(PARTS), st.sampled_from(("甲村。", "三百户", "\n", " ", "[1]")))).map(
    "".join
)


def shown(text: str, *, opened: bool = False) -> str:
    return "".join(without_thinking(iter([text]), opened=opened))


def by_rule(text: str, *, opened: bool) -> str:
    """The same in one expression, of the whole text."""
    thought = r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|</think(?:ing)?>|</?answer>"
    return re.sub(thought, "", ("<think>" if opened else "") + text, flags=re.DOTALL).lstrip()


def test_thoughts_are_dropped_and_the_answer_is_kept() -> None:
    assert shown("<think>\n问的是户数\n</think>\n\n甲村有三百户。[1]") == "甲村有三百户。[1]"
    assert shown("先说。<think>想</think>后说。") == "先说。后说。"
    assert shown("<think></think><answer>\n三百户。\n</answer>") == "三百户。\n"


def test_thoughts_whose_beginning_stands_in_the_prompt_are_dropped() -> None:
    assert shown("问的是户数</think>三百户", opened=True) == "三百户"
    assert shown("问的是户数", opened=True) == ""
    assert shown("三百户</think>。") == "三百户。"


def test_thoughts_that_never_end_are_dropped() -> None:
    assert shown("甲。<think>还在想 <answer>三百") == "甲。"


@pytest.mark.parametrize("text", ["甲<", "甲</thin", "1 < 2", "甲<b>乙</b>", "甲<thinker>"])
def test_what_is_no_tag_is_kept(text: str) -> None:
    assert shown(text) == text


@given(TEXTS, st.booleans(), st.data())
def test_any_cut_gives_the_same_and_never_a_thought(text: str, opened: bool, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    borders = list(zip([0, *cuts], [*cuts, len(text)], strict=True))
    pieces = [text[start:end] for start, end in borders]
    assert "".join(without_thinking(iter(pieces), opened=opened)) == by_rule(text, opened=opened)


def test_a_reader_is_not_kept_waiting_by_thoughts() -> None:
    assert list(without_thinking(iter(["<think>", "想", "", "</think>", "甲"]))) == ["", "", "", "", "甲"]


def test_closing_the_answer_closes_what_it_is_made_of() -> None:
    closed = []

    def pieces() -> Iterator[str]:
        try:
            while True:
                yield "甲"
        finally:
            closed.append(True)

    answer = without_thinking(pieces())
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    assert closed
