"""What may be asked, and of which articles: a question is checked, and its dates become the limits of the search.

Knows the limits of a question and which articles a collection has. Knows nothing of how an answer is found.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from corpus.errors import QuestionError
from qa.answer import Question, Turn
from qa.questions.dates import date_range

if TYPE_CHECKING:
    from embeddings.collections.together import AnyCollection

LONGEST_QUESTION = 1000  # characters
LONGEST_ANSWER = 8000  # characters of an earlier answer that are remembered
MOST_TURNS = 20  # earlier turns that are remembered


def checked(question: str | Question) -> Question:
    """`question` in one line, with as much of its history as can matter. Raises QuestionError."""
    asked = Question(question) if isinstance(question, str) else question
    if not isinstance(asked, Question) or not isinstance(asked.text, str):
        given = type(asked.text if isinstance(asked, Question) else question).__name__
        raise QuestionError(
            f'问题应当是一段文字，给的是 {given}。例：ask("商都路有多少名党员？")',
            f'A question is a text, this is a {given}. Example: ask("商都路有多少名党员？")',
        )
    text = " ".join(_encodable(asked.text).replace("\x00", "").split())
    if not text:
        raise QuestionError("问题是空的，请写下您想问的内容。", "The question is empty: write what you want to know.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"问题有 {len(text)} 个字，最多 {LONGEST_QUESTION} 个。请只写要问的一件事；长文请作为文章放进来。",
            f"The question has {len(text)} characters, {LONGEST_QUESTION} are allowed. "
            "Ask one thing; add long texts as articles.",
        )
    return replace(asked, text=text, history=tuple(map(_remembered, asked.history[-MOST_TURNS:])))


def with_dates(question: Question, collection: AnyCollection, today: date | None = None) -> Question:
    """`question` with the dates that its words ask within, where it has none and the articles have any.

    When something happened (今年上半年) may be told by articles without a date, where none is from then.
    """
    if not question.read_dates or question.since or question.until:
        return question
    found = date_range(question.text, today or date.today())
    if found is None or not any(collection.dates()):
        return question
    if found.of_facts and not collection.count(since=found.since, until=found.until) and _any_undated(collection):
        return question
    return replace(question, since=found.since, until=found.until, dates=found.words)


def _any_undated(collection: AnyCollection) -> bool:
    return collection.count() > collection.count(since="0001")


def _remembered(turn: Turn) -> Turn:
    return Turn(_encodable(turn.question[:LONGEST_QUESTION]), _encodable(turn.answer[:LONGEST_ANSWER]))


def _encodable(text: str) -> str:
    """`text` with "?" for halves of surrogate pairs, which no library below takes."""
    return text.encode("utf-8", "replace").decode()
