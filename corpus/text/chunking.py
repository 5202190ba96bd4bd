"""Sentences packed into passages.

Knows sentence, clause and paragraph borders, and lengths in characters. Knows nothing of vectors or of what a
passage is used for.

The number of passages follows from the length of the article, and their borders are sought near equal distances,
so that there is no tiny last passage. A border at the end of a paragraph is worth going some way for; one inside a
sentence, or between a heading and its text, is taken only where there is no other.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import IntEnum

from corpus.article import Article, Passage, Span
from corpus.text.sentences import LINE_BREAKS, TERMINATORS, append_span, split_clauses, split_sentences

_LONGEST = 1.5
"""The longest passage, in multiples of the size asked for."""

_SHORTEST_REST = 0.4
"""A border that leaves less than this (in multiples of the size) at the end of the article is avoided."""

_LONGEST_HEADING = 40
_HEADING = re.compile(r"#{1,6} ")
_BLANK = re.compile(r"(?<=[^\d\s])\s+")
_LINE_ENDS = frozenset(TERMINATORS + "”’）)》」』，,.、|")


class _Border(IntEnum):
    """What stands after a unit of text, from the worst place to end a passage to the best."""

    HEADING = 0
    CLAUSE = 1
    SENTENCE = 2
    PARAGRAPH = 3


# How far from the ideal place (in multiples of the size) a border of this kind may be and still be as good as one
# in the ideal place between two sentences.
_WORTH = {_Border.HEADING: -2.0, _Border.CLAUSE: -1.0, _Border.SENTENCE: 0.0, _Border.PARAGRAPH: 0.25}


def split_passages(article: Article, size: int = 300) -> list[Passage]:
    """The passages of `article` in order, about `size` characters each and never more than 1.5 times that.

    They begin and end on sentence borders, do not overlap, and leave out only blanks and line breaks. A sentence that
    is too long for one passage is cut at its clauses, and a clause that is too long is cut hard. The offsets are
    exact: `article.text[passage.start:passage.end] == passage.text`.
    """
    if size < 1:
        raise ValueError(f"a passage size of {size} characters; it must be at least 1")
    units, borders = _units(article.text, size)
    return [
        Passage(
            id=f"{article.id}#{index}",
            article_id=article.id,
            text=article.text[start:end],
            start=start,
            end=end,
            title=article.title,
            source=article.source,
            published=article.published,
        )
        for index, (start, end) in enumerate(_pack(units, borders, size))
    ]


def _units(text: str, size: int) -> tuple[list[Span], list[_Border]]:
    """The smallest pieces that passages are made of, and the kind of border after each."""
    limit = int(_LONGEST * size)
    units: list[Span] = []
    borders: list[_Border] = []
    sentences = split_sentences(text)
    line_start = True
    for index, (start, end) in enumerate(sentences):
        following = sentences[index + 1][0] if index + 1 < len(sentences) else len(text)
        line_end = any(mark in LINE_BREAKS for mark in text[end:following])
        if end - start > limit:
            pieces = _cut(text, start, end, size)
            units += pieces
            borders += [_Border.CLAUSE] * (len(pieces) - 1)
        else:
            units.append((start, end))
        if line_start and line_end and _is_heading(text, start, end):
            borders.append(_Border.HEADING)
        else:
            borders.append(_Border.PARAGRAPH if line_end else _Border.SENTENCE)
        line_start = line_end
    return units, borders


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether the line `text[start:end]` belongs to the next: a heading, marked or short and open, or "如下："."""
    if _HEADING.match(text, start, end) or text[end - 1] in "：:":
        return True
    return end - start <= _LONGEST_HEADING and text[end - 1] not in _LINE_ENDS


def _cut(text: str, start: int, end: int, size: int) -> list[Span]:
    """The pieces of a sentence that is too long for one passage: its clauses, cut hard where one is still too long."""
    pieces: list[Span] = []
    for first, last in split_clauses(text, start, end):
        count = 1 if last - first <= _LONGEST * size else -(-(last - first) // size)
        for remaining in range(count, 1, -1):
            middle = first + (last - first) // remaining
            # A blank just before is a better place, but not in "1000 万元".
            blanks = [blank.end() for blank in _BLANK.finditer(text, middle - (middle - first) // 4, middle)]
            middle = blanks[-1] if blanks else middle
            append_span(pieces, text, first, middle)
            first = middle
        append_span(pieces, text, first, last)
    return pieces


def _pack(units: list[Span], borders: list[_Border], size: int) -> list[Span]:
    """Neighbouring units joined into spans of about `size` characters."""
    ends = [end for _, end in units]
    spans: list[Span] = []
    first = 0
    while first < len(units):
        last = _last_unit(units, ends, borders, first, size)
        spans.append((units[first][0], ends[last]))
        first = last + 1
    return spans


def _last_unit(units: list[Span], ends: list[int], borders: list[_Border], first: int, size: int) -> int:
    """The unit with which the passage that begins with unit `first` should end."""
    start, total = units[first][0], ends[-1]
    rest = total - start
    limit = int(_LONGEST * size)
    parts = max(round(rest / size), -(-rest // limit))
    if parts <= 1:
        return len(units) - 1
    ideal = start + rest / parts
    low = bisect_left(ends, start + size // 2, first)
    high = bisect_right(ends, start + limit, first)
    candidates = range(min(low, high - 1), high) if high > first else range(first, first + 1)

    def cost(unit: int) -> float:
        distance = abs(ends[unit] - ideal) / size - _WORTH[borders[unit]]
        return distance + (1.0 if 0 < total - ends[unit] < _SHORTEST_REST * size else 0.0)

    return min(candidates, key=cost)
