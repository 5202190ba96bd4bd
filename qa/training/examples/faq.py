"""Examples of lists of questions with their answers, as help pages have them: asked in other words, the answer is found.

Made of questions that people wrote, each with the sentence that answers it. Where the list has no such question, nothing answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from corpus.text.sentences import split_sentences
from qa.training.examples.example import Example
from qa.training.examples.wordings import reworded

_FORMS = (
    ("Q：{}", " A：{}"),
    ("问：{}", "\n答：{}"),
    ("问题：{}", "\n答案：{}"),
    ("{}", "\n{}"),
    ("Q: {}", "\nA: {}"),
    ("## {}", "\n{}"),
)
_LONGEST = 120  # characters of an answer
_ABSENT = 0.3  # of the examples ask for what is not in the list
_ALONE = 0.25  # show one answer under its question as the title


def faq_examples(rows: Sequence[dict[str, Any]], count: int, seed: int) -> Iterator[Example]:
    """`count` examples made of `rows`, the questions of the data folder with their contexts."""
    dice = random.Random(f"faq {seed}")
    pairs = [pair for row in dice.sample(rows, min(len(rows), 4 * count)) if (pair := _pair(row))]
    for _ in range(count):
        chosen = dice.sample(pairs, dice.randint(3, 7))
        yield _alone(chosen[0], dice) if dice.random() < _ALONE else _listed(chosen, dice)


def _pair(row: dict[str, Any]) -> tuple[str, str] | None:
    """The question and the sentence that answers it."""
    start = max(row["answer_starts"])
    for first, last in split_sentences(row["context"]):
        if first <= start < last and last - first <= _LONGEST:
            return row["question"].strip(), row["context"][first:last]
    return None


def _asked(question: str, dice: random.Random) -> str:
    return reworded(question, dice) if dice.random() < 0.6 else question


def _alone(pair: tuple[str, str], dice: random.Random) -> Example:
    question, answer = pair
    return Example(_asked(question, dice), question, answer, ((0, len(answer)),), ((0, len(answer)),), "faq: alone")


def _listed(pairs: Sequence[tuple[str, str]], dice: random.Random) -> Example:
    form, text, units, answers = dice.choice(_FORMS), "", list[tuple[int, int]](), list[tuple[int, int]]()
    absent = dice.random() < _ABSENT
    shown = pairs[1:] if absent else pairs
    for question, answer in dice.sample(shown, len(shown)):
        asked, told = form[0].format(question), form[1].format(answer)
        start = len(text)
        text += asked + told
        if told.startswith("\n"):
            units += [(start, start + len(asked)), (start + len(asked) + 1, len(text))]
        else:
            units.append((start, len(text)))
        if question == pairs[0][0]:
            answers.append((len(text) - len(answer), len(text)))
        text += "\n"
    spans = () if absent else tuple(answers[:1])
    return Example(
        _asked(pairs[0][0], dice),
        "",
        text.rstrip("\n"),
        spans,
        tuple(units),
        f"faq: {'absent' if absent else 'listed'}",
    )
