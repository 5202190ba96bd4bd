"""The words of an answer as a question sees them: one row of numbers per word, from which borders of spans are told.

Knows the question, its gap, and the claims of an answer. Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from qa.features import Asked
from qa.figures import find_figures, is_stated
from qa.gap import WANTED, Gap, gap_in
from qa.question_words import EMPTY_TERMS, KINDS
from qa.span_habits import HABITS, Habits
from qa.span_kinds import PLACE_END, SPAN_KINDS, Expectations, kind_of_span
from qa.span_text import COMMAS, ENDS, Look, Word, code_of, look_at
from qa.tagging import PERSON

Floats = NDArray[np.float32]
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


# What is told of each word by itself.
BASE = (
    "code", "length", "mass", "mass_before", "mass_after", "focus", "in_question", "figure", "date", "stated",
    "measure", "fits", "like_noun", "like_subject", "quoted", "bracketed", "breaks", "verb", "expected",
)  # fmt: skip


def _base_rows(asked: Asked, gap: Gap, text: str, look: Look, expected: Floats) -> list[list[float]]:
    """One row of `BASE` per word of a claim."""
    figures, dates = _covered(text, look.figures), _covered(text, look.dates)
    known = [(f.start, f.end) for f in find_figures(text) if is_stated(f, asked.figures)] if asked.figures else []
    stated = _covered(text, known)
    bracketed = _covered(text, [span for span in look.quoted if text[span[0]] in "（("])
    quoted = _covered(text, [span for span in look.quoted if text[span[0]] not in "（("])
    rows = []
    for word in look.words:
        mass, at = _mass(asked, word), word.start
        rows.append(
            [
                code_of(word),
                len(word.plain),
                mass,
                mass if mass and word.plain in gap.before else 0.0,
                mass if mass and word.plain in gap.after else 0.0,
                float(word.plain in asked.focus),
                float(bool(word.plain) and word.plain in asked.plain),
                figures[at],
                dates[at],
                stated[at],
                float(bool(asked.measure) and word.text.startswith(asked.measure)),
                _fits(gap, word, figures[at], dates[at]),
                _alike(word.plain, gap.noun),
                _alike(word.plain, gap.subject),
                quoted[at],
                bracketed[at],
                float(bool(word.text.strip()) and word.text[0] in ENDS + COMMAS),
                float(bool(gap.verb) and word.text in gap.verb),
                float(expected[kind_of_span((word,))]) if word.plain else 0.0,
            ]
        )
    return rows


def _covered(text: str, spans: Sequence[Span]) -> list[float]:
    """1 for each character of `text` that is in one of `spans`, else 0."""
    covered = [0.0] * len(text)
    for start, end in spans:
        covered[start:end] = [1.0] * (end - start)
    return covered


def _mass(asked: Asked, word: Word) -> float:
    """The share of the question's weight that a word carries; of a word that it lacks, by pairs of characters."""
    if not word.plain or word.plain in EMPTY_TERMS:
        return 0.0
    if weight := asked.weights.get(word.plain, 0.0):
        return weight / sum(asked.weights.values())
    pairs = [word.plain[i : i + 2] for i in range(len(word.plain) - 1)]
    return sum(pair in asked.pairs for pair in pairs) / (len(pairs) or 1) / (len(asked.weights) or 1)


def _fits(gap: Gap, word: Word, figure: float, date: float) -> float:
    """Whether a word is of the kind that fills the gap."""
    if gap.wanted == "figure":
        return figure
    if gap.wanted == "when":
        return float(date > 0 or word.flag == "t")
    if gap.wanted == "who":
        return float(word.flag in PERSON or "·" in word.text)
    if gap.wanted == "where":
        return float(word.flag in ("ns", "s", "nt")) or 0.5 * float(bool(PLACE_END.search(word.text)))
    return 0.0


def _alike(word: str, noun: str) -> float:
    """How much a word looks like the noun of the question: 2 the same end of two characters, 1 of one, else 0."""
    if not word or not noun:
        return 0.0
    if word[-2:] == noun[-2:]:
        return 2.0
    return float(word[-1] == noun[-1]) or 0.5 * float(word[0] == noun[0])


def _shared_tail(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _shared_head(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _beside(gap: Gap, words: Sequence[Word]) -> list[list[float]]:
    """How text and question agree next to each word's borders, in characters.

    Left of the word against what stands left of the gap, right of it against what stands right; and crosswise.
    """
    whole = "".join(word.plain for word in words)
    rows, at = [], 0
    for word in words:
        left, right = whole[max(0, at - 8) : at], whole[at + len(word.plain) : at + len(word.plain) + 8]
        rows.append(
            [
                _shared_tail(left, gap.before),
                _shared_head(right, gap.after),
                _shared_tail(left, gap.after),
                _shared_head(right, gap.before),
                float(bool(gap.before) and len(left) > 1 and left[-2:] in gap.before),
                float(bool(gap.after) and len(right) > 1 and right[:2] in gap.after),
            ]
        )
        at += len(word.plain)
    return rows


_BESIDE = ("tail_before", "head_after", "tail_after", "head_before", "pair_left", "pair_right")


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
        rows += _base_rows(asked, gap, text, look, expected) + empty
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
    beside = np.asarray([row for look in looks for row in _beside(gap, look.words)], np.float32)
    columns |= dict(zip(_BESIDE, beside.reshape(-1, len(_BESIDE)).T, strict=True))
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
