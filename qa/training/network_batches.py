"""Batches for the network's training: questions and passages as padded numbers.

Knows words as numbers, and which variants of a question are shown; nothing of the network.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from qa.reading.network.network import LONGEST_PASSAGE, LONGEST_QUESTION, LONGEST_TITLE
from qa.reading.network.words import FIRST, KEY, LETTERS, TAG, UNKNOWN, WORD, Lexicon, shape, spelt
from qa.training.network_data import Corpus, Posed, Shown
from qa.training.network_drafts import terse
from qa.training.network_gaps import Gapped, Window
from qa.training.network_model import Batch

TOGETHER = 20  # passages
SNIPPET = (30, 120)  # words


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


def snippet(rows: Rows, dice: np.random.Generator) -> Rows:
    """A piece of the passage, cut as search engines cut: anywhere, amid sentences; half of them without title.

    Where the passage has answers, one of them is whole in it.
    """
    titles, count, length = int((rows.units == 0).sum()), len(rows.units), int(dice.integers(*SNIPPET))
    answers = list(zip(np.flatnonzero(rows.starts).tolist(), np.flatnonzero(rows.ends).tolist(), strict=False))
    low, high = titles, max(titles, count - length)
    if fits := [(start, end) for start, end in answers if titles <= start <= end < start + length]:
        start, end = fits[int(dice.integers(len(fits)))]
        low, high = min(high, max(low, end + 1 - length)), min(high, start)
    first = int(dice.integers(low, high + 1))
    kept = np.zeros(count, bool)
    kept[first : first + length] = True
    kept[:titles] = dice.random() < 0.5
    starts, ends = np.zeros(count, bool), np.zeros(count, bool)
    for start, end in answers:
        starts[start] = ends[end] = kept[start] and kept[end]
    return Rows(rows.table[kept], rows.units[kept], starts[kept], ends[kept])


def silent(rows: Rows) -> Rows:
    """The passage as one that does not answer."""
    return Rows(rows.table, rows.units, np.zeros_like(rows.starts), np.zeros_like(rows.ends))


@dataclass(frozen=True, slots=True)
class Ways:
    """How large a share of questions is asked about another year or name, with the answer taken out, with passages of
    other articles alone, and, of the rest, in few words; and how large a share has its passages cut to snippets."""

    swapped: float
    taken_out: float
    elsewhere: float
    terse: float = 0.0
    cut: float = 0.0


REAL, DRAFTED = Ways(0.1, 0.15, 0.08, terse=0.15), Ways(0.1, 0.25, 0.15)
REAL_CUT, DRAFTED_CUT = Ways(0.1, 0.15, 0.08, terse=0.25, cut=0.3), Ways(0.08, 0.17, 0.07, cut=0.5)


@dataclass(frozen=True, slots=True)
class _Known:
    """A question as it is, about another year or name, in few words; and the passages of its article and of others."""

    question: NDArray[np.int32]
    other: NDArray[np.int32] | None
    short: NDArray[np.int32]
    own: list[Rows]
    rest: list[Rows]


class Questions:
    """Questions with passages, each time seen in one of several ways."""

    def __init__(self, lexicon: Lexicon, posed: Sequence[Posed], passages: int = 3) -> None:
        from rich.progress import track

        self.passages = passages
        self.known: list[_Known] = []
        seen: dict[tuple[object, ...], Rows] = {}
        dice = random.Random(0)

        def cut(shown: Shown) -> Rows:
            name = (shown.title, shown.units, shown.answers)
            if name not in seen:
                seen[name] = rows_of(lexicon, shown)
            return seen[name]

        for one in track(posed, description="words"):
            other = question_rows(lexicon, one.other) if one.other else None
            short = question_rows(lexicon, terse(one.question, dice))
            own, rest = [cut(s) for s in one.own], [cut(s) for s in one.rest]
            self.known.append(_Known(question_rows(lexicon, one.question), other, short, own, rest))

    def pick(self, number: int, dice: np.random.Generator, ways: Ways) -> Lesson:
        """One way to see a question."""
        lesson = self._pick(number, dice, ways)
        if dice.random() >= ways.cut:
            return lesson
        return Lesson(lesson.question, tuple(snippet(rows, dice) for rows in lesson.passages))

    def _pick(self, number: int, dice: np.random.Generator, ways: Ways) -> Lesson:
        known, count = self.known[number], self.passages
        way = dice.random()
        has = [rows for rows in known.own if rows.starts.any()]
        rest = known.rest + [rows for rows in known.own if not rows.starts.any()]
        # Nearer ones are the harder ones.
        order = np.argsort(np.arange(len(rest)) / 3 + dice.exponential(size=len(rest)))
        negatives = [rest[i] for i in order]
        if way < ways.swapped and known.other is not None:
            return Lesson(known.other, tuple([silent(r) for r in has[:1]] + negatives[: count - 1]))
        question = known.short if dice.random() < ways.terse else known.question
        way -= ways.swapped
        if way < ways.taken_out and has:
            return Lesson(question, tuple([without_answers(r) for r in has[:1]] + negatives[: count - 1]))
        if way < ways.taken_out + ways.elsewhere and negatives:
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
        return Lesson(self._rows(gapped.question, gapped.tags), tuple(map(self._passage, gapped.passages)))

    def _passage(self, shown: Window) -> Rows:
        return Rows(self._rows(shown.keys, shown.tags), shown.sentences + 1, shown.starts, shown.ends)

    def _rows(self, keys: NDArray[np.int32], tags: NDArray[np.int8]) -> NDArray[np.int32]:
        rows = self.table[keys]
        rows[:, TAG] = tags
        return rows


Pair = tuple[int, NDArray[np.int32], Rows]  # the number of a lesson, its question and one of its passages


def pairs_of(seen: Sequence[Lesson]) -> list[list[Pair]]:
    """Questions with one passage each, those of like length together, so that little has to be padded."""
    pairs = [(number, one.question, rows) for number, one in enumerate(seen) for rows in one.passages]
    pairs.sort(key=lambda pair: len(pair[2].table))
    return [pairs[start : start + TOGETHER] for start in range(0, len(pairs), TOGETHER)]


def batch_of(lexicon: Lexicon, pairs: Sequence[Pair]) -> tuple[Batch, torch.Tensor, torch.Tensor]:
    """The padded batch, and where answers start and end: `(passages, words)`."""
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
