"""The words of an answer as a question sees them: one row of numbers per word, from which borders of spans are told.

Knows the question, its gap, and the claims of an answer. Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.questions.kinds import KINDS
from qa.reading.features import Asked
from qa.reading.spans.gap import WANTED, Gap, gap_in
from qa.reading.spans.habits import HABITS, Habits
from qa.reading.spans.kinds import SPAN_KINDS, Expectations
from qa.reading.spans.single import BASE, BESIDE, base_rows, beside_rows
from qa.reading.spans.text import Word, look_at
from qa.reading.trees import Floats

Columns = dict[str, Floats]
_PAD = 4  # empty words before, between and after claims
_FAR = 15  # words; what is farther away counts as this far


@dataclass(frozen=True, slots=True)
class Board:
    """All words of all claims in a row, claim after claim, with what the question makes of each.

    `claim` is the claim of each word, `(words,)`; `base` is `(words, len(BASE))`, `table` is `(words, len(names))`, and
    `expected` what the question expects (see `Expectations`).
    """

    asked: Asked
    gap: Gap
    texts: tuple[str, ...]
    words: tuple[Word, ...]
    claim: NDArray[np.int32]
    table: Floats
    base: Floats
    expected: Floats
    names: tuple[str, ...]


def board_of(asked: Asked, texts: Sequence[str], shares: Sequence[float], known: Expectations, habits: Habits) -> Board:
    """The words of `texts` (claims of an answer) with their numbers. `shares` is the reader's belief in each text."""
    gap = gap_in(asked.text)
    expected = known.of(gap)
    looks = [look_at(text) for text in texts]
    words = [word for look in looks for word in look.words]
    claim = np.repeat(np.arange(len(texts), dtype=np.int32), [len(look.words) for look in looks])
    empty = [[0.0] * len(BASE)] * _PAD
    rows = list(empty)
    at: list[int] = []
    for text, look in zip(texts, looks, strict=True):
        at += range(len(rows), len(rows) + len(look.words))
        rows += base_rows(asked, gap, text, look, expected) + empty
    place = np.asarray(at, np.intp)
    padded = np.asarray(rows, np.float32)
    base = {name: padded[:, i] for i, name in enumerate(BASE)}
    columns = _shifted(base, place) | _windows(base, place) | _clauses(base, place, claim)
    columns |= _of_question(asked, gap, len(texts), len(place))
    columns |= _habits(habits.of(gap.wanted, words), claim)
    columns["share"] = np.asarray(shares, np.float32)[claim]
    columns["share_relative"] = columns["share"] / max(*shares, 1e-6)
    for name, value in zip((*SPAN_KINDS, "length"), expected, strict=True):
        columns[f"expects_{name}"] = np.full(len(place), value, np.float32)
    beside = np.asarray([row for look in looks for row in beside_rows(gap, look.words)], np.float32)
    columns |= dict(zip(BESIDE, beside.reshape(-1, len(BESIDE)).T, strict=True))
    table = np.stack(list(columns.values()), axis=1).astype(np.float32)
    return Board(asked, gap, tuple(texts), tuple(words), claim, table, padded[place], expected, tuple(columns))


def _shifted(base: Columns, at: NDArray[np.intp]) -> Columns:
    """What a word and its neighbours are."""
    out = {f"code{shift:+d}": base["code"][at + shift] for shift in range(-3, 4)}
    for name in ("length", "mass", "in_question", "fits", "figure", "date", "quoted", "expected"):
        for shift in (-1, 0, 1):
            out[f"{name}{shift:+d}"] = base[name][at + shift]
    for name in ("focus", "stated", "measure", "like_noun", "like_subject", "bracketed", "verb"):
        for shift in (-1, 0, 1) if name in ("like_noun", "measure", "verb") else (0,):
            out[f"{name}{shift:+d}"] = base[name][at + shift]
    return out


def _windows(base: Columns, at: NDArray[np.intp]) -> Columns:
    """How much of the question stands left and right of a word, and how far away."""
    out: Columns = {}
    for name in ("mass", "mass_before", "mass_after"):
        sums = np.concatenate([[0], np.cumsum(base[name])]).astype(np.float32)
        for width in (2, 6):
            low, high = np.maximum(at - width, 0), np.minimum(at + 1 + width, len(sums) - 1)
            out[f"{name}_left{width}"] = sums[at] - sums[low]
            out[f"{name}_right{width}"] = sums[high] - sums[at + 1]
    for name in ("mass", "fits", "verb", "like_noun", "focus"):
        present = base[name] > (0.5 if name == "like_noun" else 0)
        out[f"{name}_far_left"], out[f"{name}_far_right"] = _distances(present, at)
    return out


def _clauses(base: Columns, at: NDArray[np.intp], claim: NDArray[np.int32]) -> Columns:
    """Where in its claim and clause a word stands, and how much of the question these have."""
    number = np.arange(len(at))
    first, last = np.searchsorted(claim, claim, "left"), np.searchsorted(claim, claim, "right")
    breaks = np.cumsum(base["breaks"])[at]
    _, clause = np.unique(claim * 1000 + breaks - base["breaks"][at], return_inverse=True)
    mass = np.bincount(clause, base["mass"][at])
    starts, stops = np.searchsorted(clause, clause, "left"), np.searchsorted(clause, clause, "right")
    most = mass.max() if len(mass) else 0
    return {
        name: np.asarray(values, np.float32)
        for name, values in (
            ("place", number - first),
            ("left_over", last - 1 - number),
            ("claim", claim),
            ("clause_mass", mass[clause]),
            ("clause_mass_best", mass[clause] / (most if most > 0 else 1)),
            ("claim_mass", np.bincount(claim, base["mass"][at])[claim]),
            ("clause_mass_before", np.where(clause > 0, mass[clause - 1], 0)),
            ("clause_words", stops - starts),
            ("place_in_clause", number - starts),
            ("left_in_clause", stops - 1 - number),
            ("clause_number", breaks - breaks[first]),
            ("fits_in_claim", np.bincount(claim, base["fits"][at])[claim]),
        )
    }


def _of_question(asked: Asked, gap: Gap, claims: int, words: int) -> Columns:
    """What is the same for all words."""
    return {
        name: np.full(words, float(value), np.float32)
        for name, value in (
            ("wanted", WANTED.index(gap.wanted)),
            ("kind", KINDS.index(asked.kind)),
            ("several", gap.several),
            ("has_noun", len(gap.noun)),
            ("has_subject", len(gap.subject)),
            ("after_length", len(gap.after)),
            ("before_length", len(gap.before)),
            ("claims", claims),
        )
    }


def _habits(rows: Floats, claim: NDArray[np.int32]) -> Columns:
    """The habits of each word, and together with its neighbours: as a beginning, and as an end."""
    out = {f"habit_{name}": rows[:, i] for i, name in enumerate(HABITS)}
    same = np.append(claim[1:] == claim[:-1], False)
    out["habit_before"] = np.where(np.roll(same, 1), np.roll(rows[:, 1], 1), 0)
    out["habit_after"] = np.where(same, np.roll(rows[:, 3], -1), 0)
    out["habit_begin"] = rows[:, 0] + out["habit_before"]
    out["habit_end"] = rows[:, 2] + out["habit_after"]
    return out


def _distances(present: NDArray[np.bool_], at: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Words to the nearest present one on the left and on the right, at most `_FAR`; the word itself does not count."""
    count = np.arange(len(present))
    before = np.maximum.accumulate(np.where(present, count, -_FAR - 1))
    after = np.minimum.accumulate(np.where(present, count, len(present) + _FAR)[::-1])[::-1]
    left = np.minimum(at - before[at - 1], _FAR)
    right = np.minimum(after[at + 1] - at, _FAR)
    return left.astype(np.float32), right.astype(np.float32)
