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

from embeddings.terms import normalise
from qa.tagging import tag

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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, blanks left out; one row each.

    `places` `(words, 2)` are offsets in the text, `keys` stand for the words in normal form, `letters` `(words,
    LETTERS)` are the codes of their first characters, `numbers` and `tags` their places in the lexicon and in `TAGS`.
    """

    places: Numbers
    keys: Numbers
    numbers: Numbers
    letters: Numbers
    tags: Numbers

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words (numbered from 2), the characters by their codes, and how rare the words are: 0 to 1, `(words + 2,)`."""

    words: Mapping[str, int]
    letters: Numbers
    rarity: NDArray[np.float32]

    def look_up(self, text: str) -> Words:
        """The words of `text`."""
        rows = []
        at = 0
        for word, flag in tag(text):
            start, at = at, at + len(word)
            if not word.isspace():
                form = normal(word)
                number = self.words.get(shape(form), UNKNOWN)
                rows.append((start, at, key_of(form), number, number_of_tag(flag), *letters_of(form)))
        table = np.asarray(rows, np.int32).reshape(-1, 5 + LETTERS)
        return Words(table[:, :2], table[:, 2], table[:, 3], table[:, 5:], table[:, 4])


@lru_cache(maxsize=65_536)
def key_of(form: str) -> int:
    """A number for a word in normal form, the same everywhere."""
    return zlib.crc32(form.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF


def letters_of(form: str) -> tuple[int, ...]:
    """The codes of the first characters of a word, 0 where it has none."""
    codes = [min(ord(letter), HIGHEST - 1) for letter in form[:LETTERS]]
    return (*codes, *[NOTHING] * (LETTERS - len(codes)))


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
