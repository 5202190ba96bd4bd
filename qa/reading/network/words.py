"""Texts as the neural reader sees them: words as numbers.

Knows one text and the lexicon; nothing of questions, weights or what is made of the numbers. A word is seen three
ways: as itself where the lexicon has it, as its first characters, and by its part of speech. Figures are seen by
their length and by their digits.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.text.tagging import tag
from corpus.text.terms import normalise

Numbers = NDArray[np.int32]

NOTHING, UNKNOWN = 0, 1
LETTERS = 4  # of a word that are looked at
HIGHEST = 0x10000  # rarer characters are beyond it
TAGS = (
    "", "n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "v", "vn", "a", "ad", "an", "b", "c", "d", "f", "g", "i", "j", "l",
    "m", "p", "q", "r", "s", "t", "u", "x", "y", "z", "eng", "w", "h", "k", "o", "e",
)  # fmt: skip
_TAG_NUMBERS = {name: number for number, name in enumerate(TAGS)}
_DIGITS = re.compile(r"\d+")


WORD, TAG, KEY, FIRST = 0, 1, 2, 3  # columns


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, blanks left out; a row each. `places` `(words, 2)` are offsets in the text.

    `table` `(words, FIRST + LETTERS)` has the numbers of the word and its part of speech, a key that is the same for
    the same normal form, and the codes of its first characters.
    """

    places: Numbers
    table: Numbers

    def __len__(self) -> int:
        return len(self.table)

    def first(self, count: int) -> Words:
        """The first `count` words."""
        return Words(self.places[:count], self.table[:count])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words, numbered from 2, the characters by their codes, and how rare words are: 0 to 1, `(words + 2,)`."""

    words: Mapping[str, int]
    letters: Numbers
    rarity: NDArray[np.float32]

    def look_up(self, text: str) -> Words:
        """The words of `text`."""
        places, rows, at = [], [], 0
        for word, flag in tag(text):
            start, at = at, at + len(word)
            if not word.isspace():
                form = normal(word)
                places.append((start, at))
                rows.append((self.words.get(shape(form), UNKNOWN), number_of_tag(flag), *spelt(form)))
        table = np.asarray(rows, np.int32).reshape(-1, FIRST + LETTERS)
        return Words(np.asarray(places, np.int32).reshape(-1, 2), table)


@lru_cache(maxsize=65_536)
def spelt(form: str) -> tuple[int, ...]:
    """The key of a word in normal form, and the codes of its first characters, 0 where it has none."""
    codes = [min(ord(letter), HIGHEST - 1) for letter in form[:LETTERS]]
    key = zlib.crc32(form.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF
    return (key, *codes, *[NOTHING] * (LETTERS - len(codes)))


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """The form in which a word is compared: simplified, lower case, half width."""
    return normalise(word) or word


def shape(form: str) -> str:
    """The word that stands for `form` in the lexicon: figures by their length alone."""
    if form[0].isdigit() and _DIGITS.fullmatch(form):
        return "0" * min(len(form), 9)
    return form


def number_of_tag(flag: str) -> int:
    """The number of a part of speech; of one that is not listed, that of its first letter."""
    return _TAG_NUMBERS.get(flag) or _TAG_NUMBERS.get(flag[:1], 0)
