"""What a real model wrote (Qwen2.5-Coder-0.5B-Instruct in 4 bits, by llama.cpp) when the samples were asked, word for word.

To answer with: `tests/recorded_answers.jsonl`. None of it was made up for a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.text.terms import squeeze
from embeddings.collections.collection import Collection
from qa.answerer import Answerer
from qa.checking.marks import parse_marks
from qa.language_models.language_model import Message
from qa.settings import Settings
from qa.writing.generative_writer import GenerativeWriter, is_silent, unless_silent
from qa.writing.judging import repeats_itself
from qa.writing.writer import QuotingWriter

PLACE = Path(__file__).parent / "recorded_answers.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in PLACE.read_text(encoding="utf-8").splitlines()]


class Recorded:
    """A model that writes what was recorded for the question in its prompt."""

    name, room, parameters = "recorded", 1200, 0

    def count(self, text: str) -> int:
        return len(text)

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        yield from next(row["written"] for row in ROWS if row["question"] in messages[-1].text)


def test_marks_that_it_writes_are_no_part_of_its_sentences() -> None:
    for row in ROWS:
        for marked in parse_marks(row["written"]):
            assert "[" not in marked.text and set(marked.numbers) <= {1, 2, 3}


def test_of_its_answers_only_one_says_that_there_is_nothing() -> None:
    assert [row["written"] for row in ROWS if is_silent(row["written"])] == ["资料里没有。"]


def test_what_it_says_before_its_answers_is_left_out() -> None:
    opened = [row["written"] for row in ROWS if row["written"].startswith("根据资料，")]
    assert len(opened) >= 3
    assert not any("".join(unless_silent(iter(written))).startswith("根据") for written in opened)


def test_where_it_goes_round_in_circles_it_is_stopped() -> None:
    ended = [
        row["id"] for row in ROWS if any(repeats_itself(row["written"][:end]) for end in range(len(row["written"])))
    ]
    assert ended == ["q164"]


def _right(row: dict[str, Any], text: str) -> bool:
    return any(squeeze(answer) in squeeze(text) for answer in row["answers"])


@pytest.mark.slow
def test_nothing_that_it_writes_makes_an_answer_worse(sample: Collection) -> None:
    settings = replace(Settings.from_environment(), model="wenju")
    alone = Answerer(sample, settings=settings, writer=QuotingWriter())
    both = Answerer(sample, settings=settings, writer=GenerativeWriter(Recorded()))
    for row in ROWS:
        one, other = alone.answer(row["question"]), both.answer(row["question"])
        assert one.refused == other.refused
        assert _right(row, other.text) or not _right(row, one.text), other.text
