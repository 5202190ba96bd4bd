"""Batches for the network's training: questions and passages as padded numbers.

Knows words as numbers, and which variants of a question are shown; nothing of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from qa.network.network import LONGEST_PASSAGE, LONGEST_QUESTION, LONGEST_TITLE
from qa.network.training_data import Corpus, Posed, Shown
from qa.network.training_gaps import Gapped
from qa.network.training_model import Batch
from qa.network.words import FIRST, KEY, LETTERS, TAG, UNKNOWN, WORD, Lexicon, shape, spelt


@dataclass(frozen=True, slots=True)
class Rows:
    """Words of one text as in `Words.table`, the unit of each, and where answers begin and end."""

    table: NDArray[np.int32]
    units: NDArray[np.int32]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]


def rows_of(lexicon: Lexicon, shown: Shown) -> Rows:
    """A passage: its title as unit 0, then its units."""
    tables, units, starts, ends = [], [], [], []
    for number, text in enumerate((shown.title, *shown.units)):
        words = lexicon.look_up(text)
        table = words.table
        start, end = np.zeros(len(table), bool), np.zeros(len(table), bool)
        for unit, first, last in shown.answers:
            if unit + 1 == number:
                inside = np.flatnonzero((words.places[:, 1] > first) & (words.places[:, 0] < last))
                if len(inside):
                    start[inside[0]] = end[inside[-1]] = True
        if number == 0:
            table, start, end = table[:LONGEST_TITLE], start[:LONGEST_TITLE], end[:LONGEST_TITLE]
        tables.append(table)
        units.append(np.full(len(table), number, np.int32))
        starts.append(start)
        ends.append(end)
    cut = slice(LONGEST_PASSAGE)
    return Rows(*(np.concatenate(parts)[cut] for parts in (tables, units, starts, ends)))


def question_rows(lexicon: Lexicon, question: str) -> NDArray[np.int32]:
    """A question's words."""
    return lexicon.look_up(question).table[:LONGEST_QUESTION]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with passages, ready for a batch."""

    question: NDArray[np.int32]
    passages: tuple[Rows, ...]


def without_answers(rows: Rows) -> Rows:
    """The passage less the units that answer."""
    kept = ~np.isin(rows.units, rows.units[rows.starts | rows.ends])
    return Rows(rows.table[kept], rows.units[kept], rows.starts[kept], rows.ends[kept])


def silent(rows: Rows) -> Rows:
    """The passage as one that does not answer."""
    return Rows(rows.table, rows.units, np.zeros_like(rows.starts), np.zeros_like(rows.ends))


class Questions:
    """Real questions, each time in one of four ways: as asked; with the answer taken out; about another year or name;
    with passages of other articles alone."""

    def __init__(self, lexicon: Lexicon, posed: Sequence[Posed], *, passages: int = 3) -> None:
        from rich.progress import track

        self.passages = passages
        self.rows: list[tuple[NDArray[np.int32], NDArray[np.int32] | None, list[Rows], list[Rows]]] = []
        known: dict[tuple[object, ...], Rows] = {}

        def cut(shown: Shown) -> Rows:
            name = (shown.title, shown.units, shown.answers)
            if name not in known:
                known[name] = rows_of(lexicon, shown)
            return known[name]

        for one in track(posed, description="words"):
            other = question_rows(lexicon, one.other) if one.other else None
            own, rest = [cut(s) for s in one.own], [cut(s) for s in one.rest]
            self.rows.append((question_rows(lexicon, one.question), other, own, rest))

    def pick(self, number: int, dice: np.random.Generator) -> Lesson:
        """One way to see a question."""
        question, other, own, rest = self.rows[number]
        way = dice.random()
        has = [rows for rows in own if rows.starts.any()]
        rest = rest + [rows for rows in own if not rows.starts.any()]
        count = self.passages
        # Nearer ones are the harder ones.
        order = np.argsort(np.arange(len(rest)) / 3 + dice.exponential(size=len(rest)))
        negatives = [rest[i] for i in order]
        if way < 0.1 and other is not None:
            return Lesson(other, tuple([silent(r) for r in has[:1]] + negatives[: count - 1]))
        if way < 0.25 and has:
            return Lesson(question, tuple([without_answers(r) for r in has[:1]] + negatives[: count - 1]))
        if way < 0.33 and negatives:
            return Lesson(question, tuple(negatives[:count]))
        one = [has[int(dice.integers(len(has)))]] if has else []
        return Lesson(question, tuple(one + negatives[: count - len(one)]))


class Gaps:
    """Questions made of documents, ready for batches."""

    def __init__(self, corpus: Corpus, lexicon: Lexicon) -> None:
        forms = corpus.forms
        self.table = np.zeros((len(forms), FIRST + LETTERS), np.int32)
        self.table[:, WORD] = [lexicon.words.get(shape(f), UNKNOWN) for f in forms]
        self.table[:, KEY:] = [spelt(f) for f in forms]

    def seen(self, gapped: Gapped) -> Lesson:
        """One of them."""
        shown = gapped.passage
        rows = Rows(self._rows(shown.keys, shown.tags), shown.sentences + 1, shown.starts, shown.ends)
        return Lesson(self._rows(gapped.question, gapped.tags), (rows,))

    def _rows(self, keys: NDArray[np.int32], tags: NDArray[np.int8]) -> NDArray[np.int32]:
        rows = self.table[keys]
        rows[:, TAG] = tags
        return rows


def batch_of(lexicon: Lexicon, seen: Sequence[Lesson]) -> tuple[Batch, torch.Tensor, torch.Tensor]:
    """The padded batch, and where answers start and end: `(passages, words)`."""
    pairs = [(number, one.question, rows) for number, one in enumerate(seen) for rows in one.passages]
    size, n, m = len(pairs), max(len(r.table) for _, _, r in pairs), max(len(q) for _, q, _ in pairs)
    p = np.zeros((size, n, FIRST + LETTERS), np.int32)
    q = np.zeros((size, m, FIRST + LETTERS), np.int32)
    units, gold = np.zeros((size, n), np.int32), np.zeros((2, size, n), bool)
    for place, (_, question, rows) in enumerate(pairs):
        count = len(rows.table)
        p[place, :count], q[place, : len(question)] = rows.table, question
        units[place, :count] = rows.units
        gold[0, place, :count], gold[1, place, :count] = rows.starts, rows.ends
    groups = torch.tensor([number for number, _, _ in pairs])
    tensor = torch.from_numpy
    rarity = lexicon.rarity[q[..., WORD]] * (q[..., KEY] > 0)
    batch = Batch(
        words=tensor(p[..., WORD]), letters=tensor(lexicon.letters[p[..., FIRST:]]), codes=tensor(p[..., FIRST:]),
        tags=tensor(p[..., TAG]), keys=tensor(p[..., KEY]), units=tensor(units).long(),
        q_words=tensor(q[..., WORD]), q_letters=tensor(lexicon.letters[q[..., FIRST:]]), q_codes=tensor(q[..., FIRST:]),
        q_tags=tensor(q[..., TAG]), q_keys=tensor(q[..., KEY]), q_rarity=tensor(rarity), groups=groups,
    )  # fmt: skip
    return batch, tensor(gold[0]), tensor(gold[1])


def stream(count: int, dice: np.random.Generator) -> Iterator[int]:
    """All numbers below `count` in random order, again and again."""
    while True:
        yield from dice.permutation(count).tolist()
