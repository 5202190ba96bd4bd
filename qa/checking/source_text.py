"""What texts have: words, figures, names, clauses, and what stands beside them, worked out once and kept for a while.

Knows texts in one plain form (`corpus.text.terms.normalise`). Compares places of two texts, and judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.article import Span
from corpus.text.figures import Figure, find_figures, stated_figures
from corpus.text.lexicon import EMPTY_TERMS
from corpus.text.sentences import split_sentences
from corpus.text.tagging import NAMED, tag
from corpus.text.terms import terms

APART = "\f"  # stands between the passages of a source
_BEFORE, AFTER = 10, 6  # characters around a word that tell what is said of it
CLEARLY = 6.0  # how much better than its own place another must fit
CLAUSE_ENDS = re.compile(r"[，,、。；;：:！？!?\n]")
_TOPIC = 30  # characters at the beginning that tell what all of a text is about
_SHORTER = 60  # characters: how much less a longer stretch counts that has the same words
_STOPS = re.compile(r"[。！？!?；;\n]")
_NO_WORD = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=512)
def words_of(text: str) -> frozenset[str]:
    """The distinct words of `text`, less those of any question."""
    return frozenset(terms(text)) - EMPTY_TERMS


@lru_cache(maxsize=512)
def figures_of(text: str) -> tuple[Figure, ...]:
    """All figures of `text`."""
    return tuple(find_figures(text))


@lru_cache(maxsize=512)
def stated_in(text: str) -> tuple[Figure, ...]:
    """The figures that `text` asserts."""
    return tuple(stated_figures(text))


@lru_cache(maxsize=512)
def names_of(text: str) -> tuple[tuple[str, str, Span], ...]:
    """People, places and bodies in `text`: the name, its kind, its place."""
    found, place = [], 0
    for word, flag in tag(text):
        if flag in NAMED and len(word) > 1:
            found.append((word, flag[:2], (place, place + len(word))))
        place += len(word)
    return tuple(found)


@lru_cache(maxsize=512)
def windows_of(text: str) -> tuple[str, ...]:
    """Sentences of `text`, and each two neighbours; headings and the first words, the topic, go with each."""
    spans = split_sentences(text)
    heads = [text[a:b] for a, b in spans if text[b : b + 1] == "\n" and not _STOPS.match(text, b - 1)]
    said = [text[a:b] for a, b in spans if text[a:b] not in heads]
    topic = CLAUSE_ENDS.split(said[0][:_TOPIC])[0] if said else ""
    shared = "\n".join([*heads, topic]) + "\n"
    alone = [shared + one for one in said]
    return tuple(alone + [shared + one + other for one, other in pairwise(said)]) or (text,)


@lru_cache(maxsize=512)
def support_of(claim: str, source: str) -> str:
    """The sentence or two of `source` that have most of the words of `claim`, the shorter the better."""
    wanted = words_of(claim)
    return max(windows_of(source), key=lambda window: size_of(wanted & words_of(window)) / (len(window) + _SHORTER))


def sentence_at(text: str, place: int) -> str:
    """The sentence of `text` at `place`."""
    return next((text[a:b] for a, b in _spans(text) if a <= place < b), "")


@lru_cache(maxsize=512)
def _spans(text: str) -> tuple[Span, ...]:
    return tuple(split_sentences(text))


def clause_of(text: str, place: Span) -> str:
    """The clause around `place`, without what stands there."""
    return f"{CLAUSE_ENDS.split(text[: place[0]])[-1]} {CLAUSE_ENDS.split(text[place[1] :])[0]}"


def figure_text(text: str, figure: Figure) -> str:
    """`figure` as it is written in `text`."""
    return text[figure.start : figure.end].strip()


def places_of(word: str, text: str) -> list[Span]:
    """Where `word` stands in `text`."""
    return [match.span() for match in re.finditer(re.escape(word), text)]


def grams_of(text: str) -> frozenset[str]:
    """Characters and pairs of neighbouring characters of `text`, without figures and signs."""
    plain = _NO_WORD.sub("", text)
    return frozenset(plain) | {plain[i : i + 2] for i in range(len(plain) - 1)}


def size_of(words: frozenset[str]) -> int:
    """The characters of all `words`."""
    return sum(len(word) for word in words)


def fit(claim: str, place: Span, source: str, places: Sequence[Span]) -> float:
    """How well the best of `places` of `source` fits to what is said around `place` of `claim`."""
    before, after = _around(claim, *place)
    around = [_around(source, *other) for other in places]
    return max((size_of(before & b) + 1.5 * size_of(after & a) for b, a in around), default=0.0)


@lru_cache(maxsize=4096)
def _around(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """Characters and pairs of characters before and after a place, within its sentence."""
    before = _STOPS.split(text[max(0, start - _BEFORE) : start])[-1]
    after = _STOPS.split(text[end : end + AFTER])[0]
    return grams_of(before), grams_of(after)
