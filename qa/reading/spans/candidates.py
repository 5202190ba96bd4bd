"""Spans that may be the shortest answer, and what tells a good one: one row of numbers per span.

Knows the words of an answer (`qa/reading/spans/words.py`) and how likely each is judged to begin, to end and to belong
to the answer. Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.questions.kinds import KINDS
from qa.reading.spans.gap import WANTED
from qa.reading.spans.kinds import kind_of_span
from qa.reading.spans.single import BASE
from qa.reading.spans.text import CLOSES, LISTS, OPENS
from qa.reading.spans.words import Board, Columns
from qa.reading.trees import Floats

MOST = 40  # candidates
LONGEST = 45  # words
_NOTHING = -9.0  # log-odds of what stands outside a claim


@dataclass(frozen=True, slots=True)
class Borders:
    """Log-odds that each word of a board begins, ends, and belongs to the answer, each `(words,)`."""

    begins: Floats
    ends: Floats
    inside: Floats


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans from word `first` to word `last`, both inside one claim, and their rows `(spans, len(names))`."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    table: Floats
    names: tuple[str, ...]


def candidates_of(board: Board, borders: Borders) -> Candidates:
    """The `MOST` most likely spans by their borders and words."""
    first, last = _pairs(board)
    rough = borders.begins[first] + borders.ends[last] + _sums(borders.inside, first, last) / (last + 1 - first)
    kept = np.argsort(-rough, kind="stable")[:MOST]
    first, last = first[kept], last[kept]
    columns = _by_borders(board, borders, first, last, rough[kept]) | _by_words(board, first, last)
    columns |= _by_place(board, first, last) | _by_kind(board, first, last)
    table = np.stack([np.asarray(values, np.float32) for values in columns.values()], axis=1)
    return Candidates(first, last, table, tuple(columns))


def _pairs(board: Board) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All spans of a claim that begin and end on a word, or on a mark that opens or closes."""
    code = board.base[:, BASE.index("code")]
    named = np.array([bool(word.plain) for word in board.words])
    can_begin, can_end = np.flatnonzero(named | (code == OPENS)), np.flatnonzero(named | (code == CLOSES))
    first, last = (grid.ravel() for grid in np.meshgrid(can_begin, can_end, indexing="ij"))
    fits = (first <= last) & (last - first < LONGEST) & (board.claim[first] == board.claim[last])
    return first[fits], last[fits]


def _sums(values: Floats, first: NDArray[np.intp], last: NDArray[np.intp]) -> Floats:
    sums = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(sums[last + 1] - sums[first], np.float32)


def _by_borders(
    board: Board, borders: Borders, first: NDArray[np.intp], last: NDArray[np.intp], rough: Floats
) -> Columns:
    begins, ends, inside = borders.begins, borders.ends, borders.inside
    opens, closes, before, after = _edges(board, first, last)
    spans = [slice(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    return {
        "begins": begins[first],
        "ends": ends[last],
        "inside_mean": _sums(inside, first, last) / (last + 1 - first),
        "inside_least": np.array([inside[span].min() for span in spans]),
        "inside_most": np.array([inside[span].max() for span in spans]),
        "inside_before": np.where(opens, _NOTHING, inside[before]),
        "inside_after": np.where(closes, _NOTHING, inside[after]),
        "begins_gap": begins[first] - begins.max(),
        "ends_gap": ends[last] - ends.max(),
        "rough_gap": rough - rough.max(),
        "begins_inside": np.array([begins[span].max() for span in spans]) - begins[first],
        "ends_inside": np.array([ends[span].max() for span in spans]) - ends[last],
        "rank": np.arange(len(first), dtype=np.float32),
    }


def _by_words(board: Board, first: NDArray[np.intp], last: NDArray[np.intp]) -> Columns:
    base = {name: board.base[:, i] for i, name in enumerate(BASE)}
    code, like_noun = base["code"], base["like_noun"]
    opens, closes, before, after = _edges(board, first, last)
    summed = {name: _sums(column, first, last) for name, column in base.items()}
    characters = np.maximum(summed["length"], 1)
    return {
        "length": summed["length"],
        "words": (last + 1 - first).astype(np.float32),
        "share_of_claim": summed["length"]
        / np.maximum(np.bincount(board.claim, base["length"]), 1)[board.claim[first]],
        "known_share": _sums(base["in_question"] * base["length"], first, last) / characters,
        **{name: summed[name] for name in ("mass", "focus", "stated", "figure", "date", "fits", "measure", "breaks")},
        "fits_first": base["fits"][first],
        "fits_last": base["fits"][last],
        "like_noun": like_noun[last],
        "like_subject": base["like_subject"][last],
        "noun_after": np.where(closes, 0, like_noun[after]),
        "first_code": code[first],
        "last_code": code[last],
        "code_before": np.where(opens, 0, code[before]),
        "code_after": np.where(closes, 0, code[after]),
        "list_marks": _sums(np.equal(code, LISTS).astype(np.float32), first, last),
        "quoted_whole": (code[first] == OPENS) & (code[last] == CLOSES),
        "unbalanced": _sums(np.equal(code, OPENS).astype(np.float32) - np.equal(code, CLOSES), first, last),
    }


def _by_place(board: Board, first: NDArray[np.intp], last: NDArray[np.intp]) -> Columns:
    column = {name: board.table[:, i] for i, name in enumerate(board.names)}
    opens, closes, _, _ = _edges(board, first, last)
    at_first = ("tail_before", "tail_after", "pair_left", "mass_left6", "place_in_clause", "habit_begin")
    at_last = ("head_after", "head_before", "pair_right", "mass_right6", "left_in_clause", "habit_end")
    of_claim = ("claim", "claim_mass", "clause_mass_best", "share", "share_relative")
    return {
        **{name: column[name][first] for name in (*at_first, *of_claim)},
        **{name: column[name][last] for name in at_last},
        "agreement": column["tail_before"][first] + column["head_after"][last],
        "claim_start": opens.astype(np.float32),
        "claim_end": closes.astype(np.float32),
    }


def _by_kind(board: Board, first: NDArray[np.intp], last: NDArray[np.intp]) -> Columns:
    """What kind of span it is beside what the question expects, and the question itself."""
    gap, count = board.gap, len(first)
    pairs = zip(first.tolist(), last.tolist(), strict=True)
    kinds = np.array([kind_of_span(board.words[a : b + 1]) for a, b in pairs], np.intp)
    expected = board.expected[kinds]
    return {
        "span_kind": kinds.astype(np.float32),
        "expected": expected,
        "expected_relative": expected / board.expected[:-1].max(),
        "longer_than_expected": np.log(last + 1 - first) - board.expected[-1],
        "claims": np.full(count, float(len(board.texts))),
        "wanted": np.full(count, float(WANTED.index(gap.wanted))),
        "kind": np.full(count, float(KINDS.index(board.asked.kind))),
        "several": np.full(count, float(gap.several)),
        "question_length": np.full(count, float(len(board.asked.plain))),
        "has_noun": np.full(count, float(len(gap.noun))),
        "has_subject": np.full(count, float(len(gap.subject))),
    }


def _edges(
    board: Board, first: NDArray[np.intp], last: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp]]:
    """Whether spans open and close their claim, and the words before and after them."""
    before, after = np.maximum(first - 1, 0), np.minimum(last + 1, len(board.claim) - 1)
    opens = (first == 0) | (board.claim[before] != board.claim[first])
    closes = (last == len(board.claim) - 1) | (board.claim[after] != board.claim[last])
    return opens, closes, before, after
