"""A sentence taken apart for finding spans in it: words with their tags, figures, dates, what stands in quotes.

Knows one text, nothing of questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.article import Span
from corpus.text.figures import stated_figures
from corpus.text.tagging import PERSON, tag
from qa.checking.verification import squeeze

ENDS, COMMAS, OPENING, CLOSING = "。！？!?；;…", "，,：:—", '《“「『（([【〈‘"', '》”」』）)]】〉’"'
OPENS, CLOSES, LISTS = 4, 5, 3  # codes of marks
_CODES = {"、": LISTS, "的": 7, "在": 8, "于": 8.2, "到": 8.4, "从": 8.6, "自": 8.6, "由": 8.8, "被": 8.8, "是": 13,
    "为": 13.2, "叫": 13.4, "称": 13.4, "称为": 13.4, "有": 13.6, "达": 13.7, "包括": 13.8}  # fmt: skip
_LETTERS = {
    "u": 6, "p": 9, "c": 10, "d": 11, "r": 12, "y": 12, "e": 12, "o": 12, "v": 14, "a": 16, "z": 16, "b": 17, "f": 18,
    "s": 24, "q": 19, "m": 20, "t": 21, "n": 22, "l": 23, "i": 23, "j": 23, "g": 22, "h": 17, "k": 17,
}  # fmt: skip
_WHOLE_TAGS = {"vn": 15, "ns": 24, "nt": 25, "nz": 26, "eng": 28} | dict.fromkeys(PERSON, 27)


@dataclass(frozen=True, slots=True)
class Word:
    """A word `text[start:end]` of a claim, with its tag and its normal form without marks."""

    start: int
    end: int
    text: str
    flag: str
    plain: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one claim has, independent of the question: words, amounts, dates, what is quoted."""

    words: tuple[Word, ...]
    figures: tuple[Span, ...]
    dates: tuple[Span, ...]
    quoted: tuple[Span, ...]


@lru_cache(maxsize=2048)
def look_at(text: str) -> Look:
    """Take a claim apart, once."""
    words, at = [], 0
    for word, flag in tag(text):
        words.append(Word(at, at + len(word), word, flag, squeeze(word)))
        at += len(word)
    figures = stated_figures(text)
    return Look(
        tuple(words),
        tuple((f.start, f.end) for f in figures if f.kind != "date"),
        tuple((f.start, f.end) for f in figures if f.kind == "date"),
        tuple(m.span() for m in re.finditer(r"《[^》]+》|“[^”]+”|「[^」]+」|『[^』]+』|（[^）]+）|\([^)]+\)", text)),
    )


def code_of(word: Word) -> float:
    """A number for the kind of word: marks first, then words that join, then words that name."""
    first = word.text[:1]
    if word.text in _CODES:
        return _CODES[word.text]
    if first in ENDS:
        return 1
    if first in COMMAS:
        return 2
    if first in OPENING:
        return OPENS
    if first in CLOSING:
        return CLOSES
    if not word.plain:
        return 1
    return _WHOLE_TAGS.get(word.flag) or (20 if word.plain[0].isdigit() else _LETTERS.get(word.flag[:1], 28))
