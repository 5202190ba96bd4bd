"""Which words answers begin and end with, and stand beside: 位于 before a place, 年 at the end of a date.

Knows words and what a question wants. Counted from answered questions by `qa/training/spans_training.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.reading.spans.text import Word

# What is counted of a word: the answer begins with it, begins after it, ends with it, ends before it, has it inside.
HABITS = ("begins", "begins_after", "ends", "ends_before", "inside")
_FEWEST, _FEWEST_WANTED = 10, 20  # times that a word must have been seen, in all and for one kind of question
_PRIOR, _PRIOR_WANTED = 12.0, 25.0  # how many times what is known more generally counts for


@dataclass(frozen=True, slots=True)
class Habits:
    """Log-odds over the usual of each of `HABITS`, by word ("位于") and by word and what is wanted ("where 位于")."""

    keys: tuple[str, ...]
    rows: NDArray[np.float32]
    places: Mapping[str, int]

    def of(self, wanted: str, words: Sequence[Word]) -> NDArray[np.float32]:
        """The rows of `words`, 0 for those that are not known: `(words, HABITS)`."""
        names = [name_of(word) for word in words]
        # Row 0 is of all words together.
        found = [self.places.get(f"{wanted} {name}", self.places.get(name, 0)) for name in names]
        return np.asarray(self.rows[found])


def name_of(word: Word) -> str:
    """Under which name a word is counted; all figures are one."""
    return "#" if any(character.isdigit() for character in word.text) else word.text.strip() or " "


def habits(keys: Sequence[str], rows: NDArray[np.float32]) -> Habits:
    """Habits from their arrays."""
    return Habits(tuple(keys), rows, {key: place for place, key in enumerate(keys)})


def count_habits(claims: Iterable[tuple[str, Sequence[Word], NDArray[np.int8]]]) -> Habits:
    """Count claims: what is wanted, their words, and whether each begins, ends and is inside: `(3, words)`."""
    counts: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(HABITS) + 1))
    for wanted, words, (begins, ends, inside) in claims:
        after, before = np.append(begins[1:], 0), np.insert(ends[:-1], 0, 0)
        rows = np.stack([begins, after, ends, before, inside, np.ones(len(words))], axis=1)
        for word, row in zip(words, rows, strict=True):
            name = name_of(word)
            for key in ("", name, f"{wanted} {name}"):
                counts[key] += row
    usual = counts[""][:-1] / counts[""][-1]
    rates = {"": usual}
    for key, row in counts.items():
        if key and key.rpartition(" ")[0] == "" and row[-1] >= _FEWEST:
            rates[key] = (row[:-1] + _PRIOR * usual) / (row[-1] + _PRIOR)
    for key, row in counts.items():
        wanted, _, name = key.partition(" ")
        if wanted and name in rates and row[-1] >= _FEWEST_WANTED:
            rates[key] = (row[:-1] + _PRIOR_WANTED * rates[name]) / (row[-1] + _PRIOR_WANTED)
    kept = ["", *sorted(key for key in rates if key)]
    table = np.clip(np.stack([rates[key] for key in kept]), 1e-4, 1 - 1e-4)
    odds = np.log(table / (1 - table))
    return habits(kept, (odds - odds[0]).astype(np.float32).round(2))
