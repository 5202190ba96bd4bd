"""Examples of questions that people wrote: with the passage that answers, with ones that nearly do, with none that does.

Reads the question sets of the data folder and a collection of all its articles for wrong passages. What is held out
(`is_held_out`) is never learned from, and `nc/` is never read.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.article import Article, Span
from corpus.text.passages import split_passages
from corpus.text.terms import squeeze
from embeddings.collections.collection import Collection
from embeddings.training.data import is_held_out as unseen_by_encoder
from embeddings.training.data import read_rows
from qa.training.examples.example import Example, units_in, window_around
from qa.training.examples.exchanged import exchanged_noun, exchanged_passage, exchanged_question, names_of, nouns_of
from qa.training.examples.neighbours import Neighbours, in_other_words
from qa.training.examples.wordings import as_yes_no, reworded

QUESTION_SETS = ("qa_cmrc2018", "qa_drcd", "qa_xquad_zh", "qa_cmrc2017", "qa_crud_dev")
HEADLESS = 0.25  # of the windows come without their title, as in a folder of notes
REWORDED = 0.5
OTHER_WORDS = 0.3  # of the questions with a word exchanged for its neighbour
SHORTEST = 12  # characters of a passage worth showing as a wrong one
# How often a question is shown in each way, beside once with its own passage.
SHARES = {
    "search": 0.4,
    "same article": 0.12,
    "silent": 0.12,
    "other question": 0.25,
    "other noun": 0.04,
    "other passage": 0.1,
    "renamed": 0.1,
    "yes or no": 0.06,
}


def is_held_out(row: dict[str, Any]) -> bool:
    """Whether a question is kept for evaluation: CMRC's trial part, a tenth of DRCD and of the news by article."""
    if row["dataset"].startswith("crud"):
        return zlib.crc32(str(row["context_ids"]).encode()) % 10 == 0
    return unseen_by_encoder(row)


def rows_of(data: Path, held_out: bool = False) -> list[dict[str, Any]]:
    """The questions of all sets that have an answer which stands in their context word for word."""
    rows = (row for name in QUESTION_SETS for row in read_rows(data / f"{name}.jsonl.gz"))
    return [
        row
        for row in rows
        if is_held_out(row) == held_out
        and row["question"].strip()
        and row.get("self_contained", True)
        and max(row["answer_starts"], default=-1) >= 0
    ]


def titles_of(data: Path) -> dict[str, str]:
    """The title of each article that questions are about."""
    files = [data / "corpus_reading.jsonl.gz", *sorted(data.glob("corpus_crud_news-*.jsonl.gz"))]
    return {row["id"]: row["title"] for path in files for row in read_rows(path)}


def examples_of(
    rows: Sequence[dict[str, Any]], titles: dict[str, str], articles: Collection, near: Neighbours, seed: int
) -> Iterator[Example]:
    """Each of `rows` in all its ways."""
    names = sorted({name for row in rows for name in names_of(row["question"])})
    nouns = sorted({noun for row in rows for noun in nouns_of(row["question"])})
    for row in rows:
        dice = random.Random(f"{seed} {row['id']}")
        asked = _Asked(row, titles, articles, near, (names, nouns), dice)
        yield from asked.examples()


class _Asked:
    """One question with its own article, and the ways to show it."""

    def __init__(
        self,
        row: dict[str, Any],
        titles: dict[str, str],
        articles: Collection,
        near: Neighbours,
        words: tuple[Sequence[str], Sequence[str]],
        dice: random.Random,
    ) -> None:
        self.row, self.dice, self.articles, self.near = row, dice, articles, near
        self.names, self.nouns = words
        self.ids = set(row.get("context_ids") or [row["context_id"]])
        self.question, self.context = row["question"].strip(), row["context"]
        place = next(i for i, start in enumerate(row["answer_starts"]) if start >= 0)
        self.answer = row["answers"][place]
        start = row["answer_starts"][place]
        self.span = (start, start + len(self.answer))
        self.head = titles.get(sorted(self.ids)[0], "")
        self.plain = [squeeze(answer) for answer in row["answers"] if squeeze(answer)]
        self.source = row["dataset"].split("_")[0]

    def examples(self) -> Iterator[Example]:
        own, span = window_around(self.context, self.span, self.dice)
        head = "" if self.dice.random() < HEADLESS else self.head
        question = reworded(self.question, self.dice) if self.dice.random() < REWORDED else self.question
        if self.dice.random() < OTHER_WORDS:
            question = in_other_words(question, self.near, self.dice)
        yield self._example(question, head, own, (span,), "own")
        ways: dict[str, Callable[[], Example | None]] = {
            "search": lambda: self._searched(question),
            "same article": lambda: self._elsewhere(question, head),
            "silent": lambda: self._silent(question, head, own, span),
            "other question": lambda: self._other_question(head, own),
            "other noun": lambda: self._other_noun(head, own),
            "other passage": lambda: self._other_passage(head, own, span, renamed=False),
            "renamed": lambda: self._other_passage(head, own, span, renamed=True),
            "yes or no": lambda: self._yes_no(head, own, span),
        }
        for way, make in ways.items():
            if self.dice.random() < SHARES[way] and (example := make()):
                yield example

    def _example(self, question: str, head: str, text: str, spans: tuple[Span, ...], way: str) -> Example:
        return Example(question, head, text, spans, units_in(text), f"{self.source}: {way}")

    def _says_it(self, text: str) -> bool:
        plain = squeeze(text)
        return any(answer in plain for answer in self.plain)

    def _searched(self, question: str) -> Example | None:
        hits = self.articles.search(question, 10)
        wrong = [
            h.passage
            for h in hits
            if h.passage.article_id not in self.ids and not self._says_it(h.passage.title + h.passage.text)
        ]
        if not wrong:
            return None
        passage = self.dice.choice(wrong[:4])
        return self._example(question, passage.title, passage.text, (), "search")

    def _elsewhere(self, question: str, head: str) -> Example | None:
        passages = split_passages(Article("a", "", self.context))
        wrong = [p.text for p in passages if len(p.text) >= SHORTEST and not self._says_it(p.text)]
        return self._example(question, head, self.dice.choice(wrong), (), "same article") if wrong else None

    def _silent(self, question: str, head: str, own: str, span: Span) -> Example | None:
        left = [own[a:b] for a, b in units_in(own) if not (a < span[1] and span[0] < b) and not self._says_it(own[a:b])]
        text = "".join(left)
        return (
            self._example(question, head, text, (), "silent")
            if len(text) >= SHORTEST and not self._says_it(text)
            else None
        )

    def _other_question(self, head: str, own: str) -> Example | None:
        other = exchanged_question(self.question, head + own, self.names, self.dice)
        return self._example(other, head, own, (), "other question") if other else None

    def _other_noun(self, head: str, own: str) -> Example | None:
        other = exchanged_noun(self.question, head + own, self.nouns, self.dice)
        return self._example(other, head, own, (), "other noun") if other else None

    def _other_passage(self, head: str, own: str, span: Span, *, renamed: bool) -> Example | None:
        if not (found := exchanged_passage(self.question, head, own, span, self.names, self.dice)):
            return None
        name, other, new_head, text, new = found
        if renamed:
            return self._example(self.question.replace(name, other), new_head, text, (new,), "renamed")
        return self._example(self.question, new_head, text, (), "other passage")

    def _yes_no(self, head: str, own: str, span: Span) -> Example | None:
        told = self.answer
        if self.dice.random() < 0.5 and any(c.isdigit() for c in told):
            told = exchanged_question(told, own, self.names, self.dice) or told
        asked = as_yes_no(self.question, told, self.dice)
        return self._example(asked, head, own, (span,), "yes or no") if asked else None
