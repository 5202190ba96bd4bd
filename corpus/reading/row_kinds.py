"""What the rows of a file are: articles, questions with their answers, a set of questions, or the rows of a table.

Knows the names that people give to columns. Knows nothing of files or of how a row is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from corpus.reading.records import FIELDS

RowsKind = Literal["articles", "answers", "questions", "table"]

QUESTION = (
    "question",
    "q",
    "query",
    "问题",
    "问",
    "提问",
    "常见问题",
    "标准问题",
    "标准问",
    "问句",
    "用户问题",
    "咨询问题",
)
ANSWER = (
    "answer",
    "a",
    "response",
    "reply",
    "答案",
    "答",
    "回答",
    "回复",
    "答复",
    "解答",
    "标准答案",
    "标准答",
    "答复内容",
)
# What only sets for evaluation have beside their questions.
_EVALUATED = frozenset(
    [
        "answers",
        "answerable",
        "articles",
        "contexts",
        "context",
        "ground_truth",
        "ground_truths",
        "reference",
        "references",
        "keep",
        "positive",
        "positives",
        "negative",
        "negatives",
        "choices",
        "options",
        "留用",
        "参考答案",
        "选项",
        "是否可答",
    ]
)
_GROUP = ("category", "类别", "分类", "类型", "栏目", "模块", "主题", "标签", "tags")
_SHORT_TEXT = 40  # characters of the usual text below which a column of that name is one of a table


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, and the group it belongs to ("" where there is none)."""

    question: str
    answer: str
    group: str = ""


def kind_of_rows(rows: Sequence[Mapping[str, object]]) -> RowsKind:
    """What the rows are, by their names and by how long their texts are."""
    names = _names(rows)
    if _named(names, QUESTION):
        if names.keys() & _EVALUATED:
            return "questions"
        if _named(names, ANSWER):
            return "answers"
        if not _named(names, FIELDS["text"]):
            return "questions" if len(names) < 3 else "table"
    text = _named(names, FIELDS["text"])
    if not text:
        return "table"
    lengths = [len(value) for row in rows[:200] if isinstance(value := row.get(names[text]), str) and value.strip()]
    others = len(names) - 1
    if others < 2 or _named(names, FIELDS["title"]) or not lengths or median(lengths) >= _SHORT_TEXT:
        return "articles"
    return "table"


def answered(rows: Sequence[Mapping[str, object]]) -> list[Answered]:
    """The questions that have an answer."""
    names = _names(rows)
    question, answer = names[_named(names, QUESTION)], names[_named(names, ANSWER)]
    group = names.get(_named(names, _GROUP), "")
    found = []
    for row in rows:
        pair = Answered(_text(row.get(question)), _text(row.get(answer)), _text(row.get(group)) if group else "")
        if pair.question and pair.answer:
            found.append(pair)
    return found


def _names(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The names of the columns as they stand there, by their lower case."""
    return {str(name).strip().lower(): str(name) for row in rows[:200] for name in row}


def _named(names: Mapping[str, str], wanted: Sequence[str]) -> str:
    """The first of the wanted names that is there, in lower case; "" if none is."""
    return next((name for name in wanted if name in names), "")


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    return "" if value is None else str(value).strip()
