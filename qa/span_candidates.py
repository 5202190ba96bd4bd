"""Spans that may be the shortest answer, and what tells a good one: one row of numbers per span.

Knows the words of an answer (`qa/span_words.py`) and how likely each is judged to begin, to end and to belong to the
answer. Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.gap import WANTED
from qa.question_words import KINDS
from qa.span_kinds import kind_of_span
from qa.span_text import CLOSES, LISTS, OPENS
from qa.span_words import Board, Floats

MOST = 40  # candidates
LONGEST = 45  # words


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans from word `first` to word `last`, both inside one claim, and their rows `(spans, len(COLUMNS))`."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    table: Floats


def candidates_of(board: Board, begins: Floats, ends: Floats, inside: Floats) -> Candidates:
    """The `MOST` most likely spans by their borders and words; all scores are log-odds, `(words,)`."""
    first, last = _pairs(board)
    cumulated = np.concatenate([[0], np.cumsum(inside)])
    mean = (cumulated[last + 1] - cumulated[first]) / (last + 1 - first)
    rough = begins[first] + ends[last] + mean
    kept = np.argsort(-rough, kind="stable")[:MOST]
    first, last = first[kept], last[kept]
    return Candidates(first, last, _rows(board, first, last, begins, ends, inside, rough[kept]))


def _pairs(board: Board) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All spans of a claim that begin and end on a word, or on a mark that opens or closes."""
    code = board.base[:, 0]
    named = np.array([bool(word.plain) for word in board.words])
    can_begin, can_end = np.flatnonzero(named | (code == OPENS)), np.flatnonzero(named | (code == CLOSES))
    first, last = (grid.ravel() for grid in np.meshgrid(can_begin, can_end, indexing="ij"))
    fits = (first <= last) & (last - first < LONGEST) & (board.claim[first] == board.claim[last])
    return first[fits], last[fits]


COLUMNS = (
    "begins", "ends", "inside_mean", "inside_least", "inside_most", "inside_before", "inside_after", "begins_gap",
    "ends_gap", "rough_gap", "begins_inside", "ends_inside", "rank",
    "length", "words", "share_of_claim", "mass", "known_share", "focus", "stated", "figures", "dates", "fits",
    "fits_first", "fits_last", "measured", "like_noun", "like_subject", "noun_after", "first_code", "last_code", "code_before", "code_after",
    "tail_before", "head_after", "tail_after", "head_before", "agreement", "mass_left", "mass_right",
    "breaks", "list_marks", "clause_start", "clause_end", "claim_start", "claim_end", "quoted_whole", "unbalanced",
    "claim", "claim_mass", "clause_mass_best", "claims", "wanted", "kind", "several", "question_length", "has_noun", "has_subject", "span_kind",
    "expected", "expected_relative", "longer_than_expected", "pair_left", "pair_right", "share", "share_relative",
)  # fmt: skip


def _rows(
    board: Board,
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    begins: Floats,
    ends: Floats,
    inside: Floats,
    rough: Floats,
) -> Floats:
    column = {name: board.table[:, i] for i, name in enumerate(board.names)}
    base = board.base.T
    code, length, mass, focus, known, figure, date, stated, measure, fits = (base[i] for i in (0, 1, 2, 5, 6, 7, 8, 9, 10, 11))
    like_noun, like_subject, breaks = base[12], base[13], base[16]
    count = len(code)

    def summed(values: Floats) -> Floats:
        sums = np.concatenate([[0], np.cumsum(values)])
        return np.asarray(sums[last + 1] - sums[first], np.float32)

    words = (last + 1 - first).astype(np.float32)
    characters = summed(length)
    spans = [inside[a : b + 1] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    before, after = np.maximum(first - 1, 0), np.minimum(last + 1, count - 1)
    opens, closes = column["place"][first] == 0, column["left_over"][last] == 0
    claim_sizes = np.bincount(board.claim, length)
    gap, asked = board.gap, board.asked
    kinds = np.array([kind_of_span(board.words[a : b + 1]) for a, b in zip(first.tolist(), last.tolist(), strict=True)])
    marks_open, marks_close = summed((code == OPENS).astype(np.float32)), summed((code == CLOSES).astype(np.float32))
    every = (
        begins[first], ends[last], summed(inside) / words, [s.min() for s in spans], [s.max() for s in spans],
        np.where(opens, -9, inside[before]), np.where(closes, -9, inside[after]),
        begins[first] - begins.max(), ends[last] - ends.max(), rough - rough.max(),
        [begins[a : b + 1].max() - begins[a] for a, b in zip(first.tolist(), last.tolist(), strict=True)],
        [ends[a : b + 1].max() - ends[b] for a, b in zip(first.tolist(), last.tolist(), strict=True)],
        np.arange(len(first)),
        characters, words, characters / np.maximum(claim_sizes[board.claim[first]], 1), summed(mass),
        summed(known * length) / np.maximum(characters, 1), summed(focus), summed(stated), summed(figure), summed(date),
        summed(fits), fits[first], fits[last], summed(measure), like_noun[last], like_subject[last],
        np.where(closes, 0, like_noun[after]), code[first], code[last],
        np.where(opens, 0, code[before]), np.where(closes, 0, code[after]),
        column["tail_before"][first], column["head_after"][last], column["tail_after"][first], column["head_before"][last],
        column["tail_before"][first] + column["head_after"][last], column["mass_left6"][first], column["mass_right6"][last],
        summed(breaks), summed((code == LISTS).astype(np.float32)),
        column["place_in_clause"][first], column["left_in_clause"][last], opens, closes,
        (code[first] == OPENS) & (code[last] == CLOSES), marks_open - marks_close,
        board.claim[first], column["claim_mass"][first], column["clause_mass_best"][first],
        np.full(len(first), len(board.texts)), np.full(len(first), WANTED.index(gap.wanted)),
        np.full(len(first), KINDS.index(asked.kind)), np.full(len(first), float(gap.several)),
        np.full(len(first), len(asked.plain)), np.full(len(first), len(gap.noun)), np.full(len(first), len(gap.subject)),
        kinds, board.expected[kinds], board.expected[kinds] / board.expected[:-1].max(), np.log(words) - board.expected[-1],
        column["pair_left"][first], column["pair_right"][last], column["share"][first], column["share_relative"][first],
    )  # fmt: skip
    return np.stack([np.asarray(values, np.float32) for values in every], axis=1)
