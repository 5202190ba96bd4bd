"""Examples that were written for this project: made-up documents of everyday kinds, asked in everyday words.

`written/*.jsonl` holds a document a line: title, text, and questions with the shortest stretch that answers, "" where
nothing does. A tenth of the documents is never learned from (`is_held_out`). Knows these files only.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Span
from corpus.text.terms import pairs, squeeze
from qa.training.examples.example import Example, units_in
from qa.training.examples.wordings import reworded

FOLDER = Path(__file__).parent / "written"
HEADLESS = 0.15  # of the documents come without their title
REWORDED, SILENT, ELSEWHERE = 0.15, 0.1, 0.25
SHORTEST = 20  # characters of a document worth asking without the sentence that answers


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its questions; the span is that of the answer in `text`, None where nothing there answers."""

    title: str
    text: str
    questions: tuple[tuple[str, Span | None], ...]

    @property
    def is_held_out(self) -> bool:
        """Whether it is kept for evaluation."""
        return zlib.crc32(self.text.encode()) % 10 == 0


def documents(folder: Path = FOLDER) -> list[Document]:
    """All that was written. Raises ValueError where an answer does not stand in its text exactly once."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [_document(json.loads(line)) for line in lines]


def _document(row: dict[str, object]) -> Document:
    title, text, questions = str(row["title"]), str(row["text"]), row["questions"]
    assert isinstance(questions, list)
    return Document(title, text, tuple((asked, _span(text, *answer)) for asked, *answer in questions))


def _span(text: str, answer: str, within: str = "") -> Span | None:
    """Where `answer` stands: by itself, or in the longer stretch `within`."""
    if not answer:
        return None
    stretch = within or answer
    if text.count(stretch) != 1 or answer not in stretch:
        raise ValueError(f"not once in its text: {stretch!r}")
    start = text.index(stretch) + stretch.index(answer)
    return start, start + len(answer)


def written_examples(rounds: int, seed: int, *, held_out: bool = False) -> Iterator[Example]:
    """Each question of each document `rounds` times; beside it the same without its answer, and asked of another document."""
    known = [document for document in documents() if document.is_held_out == held_out]
    for turn in range(rounds):
        for number, document in enumerate(known):
            dice = random.Random(f"written {seed} {turn} {number}")
            for question, span in document.questions:
                yield from _shown(document, question, span, known, dice)


def _shown(
    document: Document, question: str, span: Span | None, known: Sequence[Document], dice: random.Random
) -> Iterator[Example]:
    asked = reworded(question, dice) if dice.random() < REWORDED else question
    head = "" if dice.random() < HEADLESS else document.title
    way = "told" if span else "not told"
    yield Example(asked, head, document.text, (span,) if span else (), units_in(document.text), f"written: {way}")
    if span and dice.random() < SILENT and (text := _without(document.text, span)):
        yield Example(asked, head, text, (), units_in(text), "written: silent")
    if span and dice.random() < ELSEWHERE and (other := _near(document, question, span, known, dice)):
        yield Example(asked, other.title, other.text, (), units_in(other.text), "written: elsewhere")


def _without(text: str, span: Span) -> str:
    """`text` without the units that answer; "" where little is left, or what is left says it, too."""
    left = "".join(text[a:b] for a, b in units_in(text) if b <= span[0] or a >= span[1])
    return left if len(left) >= SHORTEST and text[slice(*span)] not in left else ""


def _near(
    document: Document, question: str, span: Span, known: Sequence[Document], dice: random.Random
) -> Document | None:
    """Of some other documents the one that has most of the question, and not its answer."""
    answer, asked = squeeze(document.text[slice(*span)]), pairs(question)
    others = [other for other in dice.sample(known, min(30, len(known))) if other is not document]
    others = [other for other in others if answer not in squeeze(other.text)]
    return max(others, key=lambda other: len(asked & pairs(other.text)), default=None)
