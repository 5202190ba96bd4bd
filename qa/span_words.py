"""The words of an answer as a question sees them: one row of numbers per word, from which borders of spans are told.

Knows the question, its gap, and the claims of an answer. Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from qa.features import Asked
from qa.figures import find_figures, is_stated
from qa.gap import WANTED, Gap, gap_in
from qa.question_words import EMPTY_TERMS, KINDS
from qa.span_kinds import SPAN_KINDS, Expectations, kind_of_span
from qa.span_text import COMMAS, ENDS, Look, Word, code_of, look_at
from qa.tagging import PERSON

Floats = NDArray[np.float32]
_PLACE_END = re.compile(r"[省市县区国州洲岛镇乡村街路山河湖江海港湾城府郡道园馆宫寺院站]$")
_PAD = 4  # empty words before, between and after claims
_FAR = 15  # words; what is farther away counts as this far


@dataclass(frozen=True, slots=True)
class Board:
    """All words of all claims in a row, claim after claim, with what the question makes of each.

    `claim`, `start`, `end` are `(words,)`; `table` is `(words, len(names))`. `mass` is the question's weight that each
    word carries, `breaks` whether it is a comma or an end.
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


_BASE = (
    "code", "length", "mass", "mass_before", "mass_after", "focus", "in_question", "figure", "date", "stated", "measure",
    "fits", "like_noun", "like_subject", "quoted", "bracketed", "breaks", "verb", "expected",
)  # fmt: skip


def _base_rows(asked: Asked, gap: Gap, text: str, look: Look, expected: Floats) -> list[list[float]]:
    """One row of `_BASE` per word of a claim."""
    total = sum(asked.weights.values()) or 1.0
    covered = [0] * (len(text) + 1)
    for kind, spans in ((1, look.figures), (2, look.dates)):
        for start, end in spans:
            covered[start:end] = [kind] * (end - start)
    known = [0] * (len(text) + 1)
    if asked.figures:
        for figure in find_figures(text):
            if is_stated(figure, asked.figures):
                known[figure.start : figure.end] = [1] * (figure.end - figure.start)
    quoted, bracketed = [0] * (len(text) + 1), [0] * (len(text) + 1)
    for start, end in look.quoted:
        (bracketed if text[start] in "（(" else quoted)[start:end] = [1] * (end - start)
    rows = []
    for word in look.words:
        mass = 0.0
        if word.plain and word.plain not in EMPTY_TERMS:
            mass = asked.weights.get(word.plain, 0.0) / total
            if not mass and len(word.plain) > 1:
                pairs = [word.plain[i : i + 2] for i in range(len(word.plain) - 1)]
                mass = sum(pair in asked.pairs for pair in pairs) / len(pairs) / (len(asked.weights) or 1)
        inside = bool(word.plain) and word.plain in asked.plain
        rows.append(
            [
                code_of(word), len(word.plain), mass,
                mass if mass and word.plain in gap.before else 0.0,
                mass if mass and word.plain in gap.after else 0.0,
                float(word.plain in asked.focus),
                float(inside),
                float(covered[word.start] == 1), float(covered[word.start] == 2), float(known[word.start]),
                float(bool(asked.measure) and word.text.startswith(asked.measure)),
                _fits(gap, word, covered[word.start]),
                _alike(word.plain, gap.noun), _alike(word.plain, gap.subject),
                float(quoted[word.start]), float(bracketed[word.start]),
                float(bool(word.text.strip()) and word.text[0] in ENDS + COMMAS),
                float(bool(gap.verb) and word.text in gap.verb),
                float(expected[kind_of_span((word,))]) if word.plain else 0.0,
            ]
        )  # fmt: skip
    return rows


def _fits(gap: Gap, word: Word, figure: int) -> float:
    """Whether a word is of the kind that fills the gap."""
    if gap.wanted == "figure":
        return float(figure == 1)
    if gap.wanted == "when":
        return float(figure == 2 or word.flag == "t")
    if gap.wanted == "who":
        return float(word.flag in PERSON or "·" in word.text)
    if gap.wanted == "where":
        return float(word.flag in ("ns", "s", "nt")) or 0.5 * float(bool(_PLACE_END.search(word.text)))
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


def board_of(asked: Asked, texts: Sequence[str], shares: Sequence[float], known: Expectations) -> Board:
    """The words of `texts` (claims of an answer, best first) with their numbers."""
    gap = gap_in(asked.text)
    expected = known.of(gap)
    looks = [look_at(text) for text in texts]
    base_rows: list[list[float]] = [[0.0] * len(_BASE)] * _PAD
    beside: list[list[float]] = []
    real: list[int] = []
    for text, look in zip(texts, looks, strict=True):
        real += range(len(base_rows), len(base_rows) + len(look.words))
        base_rows += _base_rows(asked, gap, text, look, expected) + [[0.0] * len(_BASE)] * _PAD
        beside += _beside(gap, look.words)
    padded = np.asarray(base_rows, np.float32)
    at = np.asarray(real, np.intp)
    claim = np.repeat(np.arange(len(texts), dtype=np.int32), [len(look.words) for look in looks])
    columns = _columns(asked, gap, padded, at, claim)
    columns["share"] = np.asarray(shares, np.float32)[claim]
    columns["share_relative"] = columns["share"] / max(*shares, 1e-6)
    columns |= {f"expects_{n}": np.full(len(at), v, np.float32) for n, v in zip((*SPAN_KINDS, "length"), expected, strict=True)}
    columns |= {name: column for name, column in zip(_BESIDE, np.asarray(beside, np.float32).reshape(-1, 6).T, strict=True)}
    return Board(
        asked, gap, tuple(texts), tuple(w for look in looks for w in look.words), claim,
        np.stack(list(columns.values()), axis=1).astype(np.float32), padded[at], expected, tuple(columns),
    )  # fmt: skip


def _columns(asked: Asked, gap: Gap, padded: Floats, at: NDArray[np.intp], claim: NDArray[np.int32]) -> dict[str, Floats]:
    column = {name: padded[:, i] for i, name in enumerate(_BASE)}
    out: dict[str, Floats] = {}
    for shift in (-3, -2, -1, 0, 1, 2, 3):
        out[f"code{shift:+d}"] = column["code"][at + shift]
    for name in ("length", "mass", "in_question", "fits", "figure", "date", "quoted", "expected"):
        for shift in (-1, 0, 1):
            out[f"{name}{shift:+d}"] = column[name][at + shift]
    for name in ("focus", "stated", "measure", "like_noun", "like_subject", "bracketed", "verb"):
        for shift in (-1, 0, 1) if name in ("like_noun", "measure", "verb") else (0,):
            out[f"{name}{shift:+d}"] = column[name][at + shift]
    for name in ("mass", "mass_before", "mass_after"):
        sums = np.concatenate([[0], np.cumsum(column[name])]).astype(np.float32)
        for width in (2, 6):
            low, high = np.maximum(at - width, 0), np.minimum(at + 1 + width, len(padded))
            out[f"{name}_left{width}"] = sums[at] - sums[low]
            out[f"{name}_right{width}"] = sums[high] - sums[at + 1]
    for name in ("mass", "fits", "verb", "like_noun", "focus"):
        out[f"{name}_far_left"], out[f"{name}_far_right"] = _distances(column[name] > (0.5 if name == "like_noun" else 0), at)
    first, last = np.searchsorted(claim, claim, "left"), np.searchsorted(claim, claim, "right")
    number = np.arange(len(at))
    out["place"], out["left_over"] = (number - first).astype(np.float32), (last - 1 - number).astype(np.float32)
    out["claim"] = claim.astype(np.float32)
    breaks = np.cumsum(column["breaks"])[at]
    clause = claim * 1000 + breaks - column["breaks"][at]
    _, group = np.unique(clause, return_inverse=True)
    mass = np.bincount(group, column["mass"][at])
    of_claim = np.bincount(claim, column["mass"][at])
    starts = np.searchsorted(group, group, "left")
    stops = np.searchsorted(group, group, "right")
    out["clause_mass"] = mass[group]
    out["clause_mass_best"] = mass[group] / (mass.max() if len(mass) and mass.max() > 0 else 1)
    out["claim_mass"] = of_claim[claim]
    out["clause_mass_before"] = np.where(group > 0, mass[group - 1], 0)
    out["clause_words"] = (stops - starts).astype(np.float32)
    out["place_in_clause"] = (number - starts).astype(np.float32)
    out["left_in_clause"] = (stops - 1 - number).astype(np.float32)
    out["clause_number"] = breaks - breaks[first]
    fitting = np.bincount(claim, column["fits"][at])
    out["fits_in_claim"] = fitting[claim]
    for name, value in (
        ("wanted", WANTED.index(gap.wanted)),
        ("kind", KINDS.index(asked.kind)),
        ("several", gap.several),
        ("has_noun", len(gap.noun)),
        ("has_subject", len(gap.subject)),
        ("after_length", len(gap.after)),
        ("before_length", len(gap.before)),
        ("claims", len(of_claim)),
    ):
        out[name] = np.full(len(at), float(value), np.float32)
    return out


def _distances(present: NDArray[np.bool_], at: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Words to the nearest present one on the left and on the right, at most `_FAR`; the word itself does not count."""
    count = np.arange(len(present))
    before = np.maximum.accumulate(np.where(present, count, -_FAR - 1))
    after = np.minimum.accumulate(np.where(present, count, len(present) + _FAR)[::-1])[::-1]
    left = np.minimum(at - before[at - 1], _FAR)
    right = np.minimum(after[at + 1] - at, _FAR)
    return left.astype(np.float32), right.astype(np.float32)
