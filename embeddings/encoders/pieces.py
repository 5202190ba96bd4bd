"""Text to pieces: characters and words of a fixed vocabulary, for many texts at once.

Knows the vocabulary, how likely each piece is, and which characters count as one (traditional and simplified, full
and half width, upper and lower case). Knows nothing of vectors. Written for throughput: no loop runs over characters
or texts, only over places within a run and lengths of pieces: a million characters take a quarter of a second.

A run is an unbroken stretch of Han characters, of letters or of digits. Every run is cut into the most likely sequence
of pieces (Viterbi over a unigram model). A run is never longer than `LONGEST_RUN`: longer ones are cut there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

LONGEST_PIECE = 6
LONGEST_RUN = 32
_CODES = 1 << 16
_UNREACHED = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of many texts, longest first, as columns: `columns[j][r]` is the j-th character of run r.

    Only the first `len(columns[j])` runs have a j-th character. `starts` are the places of the runs in the joined text.
    """

    starts: Ints
    lengths: Ints
    columns: list[Ints]


class PieceCutter:
    """Cuts texts into the pieces of a vocabulary.

    `pieces` are all different, at most `LONGEST_PIECE` characters long, and every character in them is also a piece by
    itself; `scores` are their natural log probabilities. `twins` maps further characters to the pieces they count as.
    All other characters are borders between words. Raises ValueError for a vocabulary that is not like this.
    """

    def __init__(self, pieces: Sequence[str], scores: Floats, twins: Mapping[str, str]) -> None:
        self._scores = scores
        self._folding = np.zeros(_CODES, dtype=np.int64)
        characters = np.array(pieces, dtype=f"<U{LONGEST_PIECE + 1}").view(np.uint32)
        codes: Ints = characters.reshape(len(pieces), -1).astype(np.int64)
        single = codes[codes[:, 1] == 0, 0]
        self._folding[single] = single
        for character, twin in twins.items():
            self._folding[ord(character)] = self._folding[ord(twin)]
        if not np.isin(codes[:, :-1], np.append(single, 0)).all() or codes[:, -1].any():
            raise ValueError(f"every character needs a piece of its own, and pieces have at most {LONGEST_PIECE}")
        self._lengths = (codes > 0).sum(axis=1)
        self._kinds = _kinds_of_characters()
        self._levels = _build_trie(codes)

    def cut(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Numbers of the pieces of all texts, in reading order, and how many each text has (shape (len(texts),))."""
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
        codes = self._folding[np.where(codes < _CODES, codes, 0)]
        ends = np.cumsum(lengths)
        runs = _find_runs(codes, self._kinds, ends)
        found = self._cut_runs(runs, len(codes))
        places = np.flatnonzero(found >= 0)
        counts = np.diff(np.searchsorted(places, ends), prepend=0)
        return found[places], counts

    def _cut_runs(self, runs: Runs, size: int) -> Ints:
        """For every place of the joined text the piece that begins there, or -1."""
        longest, count = len(runs.columns), len(runs.starts)
        best = np.full((longest + 1, count), _UNREACHED, dtype=np.float32)
        chosen = np.full((longest + 1, count), -1, dtype=np.int32)
        best[0] = 0
        for place in range(longest):
            nodes = np.zeros(len(runs.columns[place]), dtype=np.int64)
            rows = np.arange(len(nodes))
            for target, level in enumerate(self._levels[: longest - place], start=place + 1):
                column = runs.columns[target - 1]
                inside = rows < len(column)
                rows, nodes = rows[inside], nodes[inside]
                nodes, pieces = level.step(nodes, column[rows])
                ending = pieces >= 0
                ends, pieces = rows[ending], pieces[ending]
                score = best[place, ends] + self._scores[pieces]
                better = score > best[target, ends]
                best[target, ends[better]] = score[better]
                chosen[target, ends[better]] = pieces[better]
                alive = nodes >= 0
                rows, nodes = rows[alive], nodes[alive]
        return self._walk_back(runs, chosen, size)

    def _walk_back(self, runs: Runs, chosen: NDArray[np.int32], size: int) -> Ints:
        """The best cut of every run, read from its end to its beginning."""
        found = np.full(size, -1, dtype=np.int64)
        rows = np.arange(len(runs.starts))
        ends = runs.lengths.copy()
        while len(rows):
            pieces = chosen[ends, rows]
            ends -= self._lengths[pieces]
            found[runs.starts[rows] + ends] = pieces
            left = ends > 0
            rows, ends = rows[left], ends[left]
        return found


@dataclass(frozen=True, slots=True)
class _Level:
    """The edges of the trie at one depth: `keys` = parent * 65536 + character, ascending; a node's number is its place.

    `pieces[node]` is the piece that ends there, or -1.
    """

    keys: Ints
    pieces: Ints

    def step(self, parents: Ints, characters: Ints) -> tuple[Ints, Ints]:
        """The children reached (-1 where there is none) and the pieces that end there (-1 likewise)."""
        wanted = parents * _CODES + characters
        nodes = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        missing = self.keys[nodes] != wanted
        return np.where(missing, -1, nodes), np.where(missing, -1, self.pieces[nodes])


def _build_trie(characters: Ints) -> list[_Level]:
    """Depth by depth, so that the nodes of one depth can be numbered by their sorted keys.

    `characters` has one row for each piece, filled up with zeros.
    """
    parents = np.zeros(len(characters), dtype=np.int64)
    numbers = np.arange(len(characters))
    lengths = (characters > 0).sum(axis=1)
    levels = []
    for depth in range(LONGEST_PIECE):
        numbers = numbers[lengths[numbers] > depth]
        if not len(numbers):
            break
        keys, parents_here = np.unique(parents[numbers] * _CODES + characters[numbers, depth], return_inverse=True)
        ends = np.full(len(keys), -1, dtype=np.int64)
        parents[numbers] = parents_here
        finished = numbers[lengths[numbers] == depth + 1]
        ends[parents[finished]] = finished
        levels.append(_Level(keys, ends))
    return levels


def _kinds_of_characters() -> NDArray[np.int8]:
    """0: between words, 1: digit, 2: Latin letter, 3: everything else (Han above all)."""
    kinds = np.full(_CODES, 3, dtype=np.int8)
    kinds[0] = 0
    kinds[ord("0") : ord("9") + 1] = 1
    kinds[ord("a") : ord("z") + 1] = 2
    return kinds


def _find_runs(codes: Ints, kinds: NDArray[np.int8], text_ends: Ints) -> Runs:
    """Runs of one kind of character inside one text, none longer than `LONGEST_RUN`, longest first."""
    kind = kinds[codes]
    change = np.ones(len(codes) + 1, dtype=np.bool_)
    change[1:-1] = kind[1:] != kind[:-1]
    change[text_ends] = True
    borders = np.flatnonzero(change)
    starts, lengths = borders[:-1], np.diff(borders)
    inside = kind[starts] > 0
    starts, lengths = starts[inside], lengths[inside]
    parts = -(-lengths // LONGEST_RUN)
    part = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    starts = np.repeat(starts, parts) + part * LONGEST_RUN
    lengths = np.minimum(np.repeat(lengths, parts) - part * LONGEST_RUN, LONGEST_RUN)
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    longest = int(lengths[0]) if len(lengths) else 0
    counts = np.searchsorted(-lengths, -np.arange(longest), side="left")
    return Runs(starts, lengths, [codes[starts[: counts[place]] + place] for place in range(longest)])
