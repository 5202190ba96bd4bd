"""Blocks packed into passages.

Knows sentence, clause, block and list borders, and lengths in characters. Knows nothing of vectors or of what a
passage is used for.

The number of passages follows from the length of the article, and their borders are sought near equal distances,
so that there is no tiny last passage. A border at the end of a block is worth going some way for; one inside a
sentence, between a heading and its text, or inside a list that fits whole, is taken only where there is no other.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from corpus.article import Article, Block, Passage, Span
from corpus.places import meeting
from corpus.text.blocks import with_blocks
from corpus.text.sentences import TERMINATORS, append_span, split_clauses, split_sentences

_LONGEST = 1.5
"""The longest passage, in multiples of the size asked for."""

_SHORTEST_REST = 0.4
"""A border that leaves less than this (in multiples of the size) at the end of the article is avoided."""

_LONGEST_HEADING = 40
_LONGEST_LEAD = 120
_BLANK = re.compile(r"(?<=[^\d\s])\s+")
_LINE_ENDS = frozenset(TERMINATORS + "”’）)》」』，,.、|")


class _Border(IntEnum):
    """What stands after a unit of text, from the worst place to end a passage to the best."""

    HEADING = 0
    CLAUSE = 1
    INSIDE = 2
    SENTENCE = 3
    BLOCK = 4


# How far from the ideal place (in multiples of the size) a border of this kind may be and still be as good as one
# in the ideal place between two sentences.
_WORTH = {
    _Border.HEADING: -2.0,
    _Border.CLAUSE: -1.0,
    _Border.INSIDE: -0.8,
    _Border.SENTENCE: 0.0,
    _Border.BLOCK: 0.25,
}


def split_passages(article: Article, size: int = 300) -> list[Passage]:
    """The passages of `article` in order, about `size` characters each and never more than 1.5 times that.

    They begin and end on the borders of blocks, or of sentences in a long one, do not overlap, and leave out only
    blanks and line breaks. A list stays with what leads it in, a clause of a law is whole, where that fits. A sentence
    that is too long for one passage is cut at its clauses, and a clause that is too long is cut hard. The offsets are
    exact: `article.text[passage.start:passage.end] == passage.text`.
    """
    if size < 1:
        raise ValueError(f"a passage size of {size} characters; it must be at least 1")
    article = with_blocks(article)
    units, borders = _units(article.text, article.blocks, size)
    places = _Places(article)
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
            headings=place.headings,
            lead=place.lead,
            blocks=place.blocks,
            first_block=place.first,
            validity=article.validity,
            places=meeting(article.places, start, end),
        )
        for index, (start, end) in enumerate(_pack(units, borders, size))
        for place in (places.next(start, end),)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """What a passage knows of its place in the article."""

    headings: tuple[str, ...]
    lead: str
    blocks: tuple[Block, ...]
    first: int


class _Places:
    """Tells the place of one passage after the other, so that the blocks are gone through once."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._next = 0
        self._headings: list[Block] = []

    def next(self, start: int, end: int) -> _Place:
        """The place of `start`..`end`, which lies behind all asked for before."""
        blocks = self._article.blocks
        while blocks[self._next].end <= start:
            self._pass(blocks[self._next])
            self._next += 1
        last = first = self._next
        while last < len(blocks) and blocks[last].start < end:
            last += 1
        inside = tuple(block.clipped(start, end) for block in blocks[first:last])
        return _Place(self._above(blocks[first]), self._lead(blocks[first]), inside, first)

    def _pass(self, block: Block) -> None:
        if block.kind == "heading":
            while self._headings and self._headings[-1].level >= block.level:
                self._headings.pop()
            self._headings.append(block)

    def _above(self, block: Block) -> tuple[str, ...]:
        article = self._article
        lowest = block.level if block.kind == "heading" else 7
        above = [article.text[one.start : one.end] for one in self._headings if one.level < lowest]
        if block.table >= 0:
            table = article.tables[block.table]
            above += [words for words in (table.caption, table.unit) if words]
        return tuple(words for words in dict.fromkeys(above) if words != article.title)

    def _lead(self, block: Block) -> str:
        leads: list[str] = []
        while block.above >= 0 and block.kind != "row":
            block = self._article.blocks[block.above]
            leads.append(self._article.text[block.start : min(block.end, block.start + _LONGEST_LEAD)])
        return "\n".join(" ".join(lead.split("\n")) for lead in reversed(leads))


def _units(text: str, blocks: Sequence[Block], size: int) -> tuple[list[Span], list[_Border]]:
    """The smallest pieces that passages are made of, and the kind of border after each."""
    units: list[Span] = []
    borders: list[_Border] = []
    limit = int(_LONGEST * size)
    together = _kept_together(blocks, limit)
    for index, block in enumerate(blocks):
        inside = index + 1 < len(blocks) and together[index] == together[index + 1]
        before = len(units)
        for start, end in _sentences(text, block, limit):
            if end - start > limit:
                pieces = _cut(text, start, end, size)
                units += pieces
                borders += [_Border.CLAUSE] * len(pieces)
                borders[-1] = _Border.SENTENCE
            else:
                units.append((start, end))
                borders.append(_Border.SENTENCE)
        if len(units) == before:
            continue
        if inside and block.end - block.start <= limit:
            borders[before:] = [min(border, _Border.INSIDE) for border in borders[before:]]
        if _binds_below(text, blocks, index):
            borders[-1] = _Border.HEADING
        else:
            borders[-1] = _Border.INSIDE if inside else _Border.BLOCK
    return units, borders


def _sentences(text: str, block: Block, limit: int) -> Iterator[Span]:
    if block.kind in ("row", "heading") and block.end - block.start <= limit:
        yield block.start, block.end
        return
    for start, end in split_sentences(text[block.start : block.end]):
        yield block.start + start, block.start + end


def _kept_together(blocks: Sequence[Block], limit: int) -> list[int]:
    """For each block, the first one of those that it should share a passage with: a list with its lead, a clause.

    Where all that one block owns is too long for a passage, its lists are looked at by themselves.
    """
    reach = [block.end for block in blocks]
    for index in range(len(blocks) - 1, -1, -1):
        if (above := blocks[index].above) >= 0:
            reach[above] = max(reach[above], reach[index])
    groups = list(range(len(blocks)))
    for index, block in enumerate(blocks):
        if block.above >= 0 and block.kind != "row":
            owner = groups[block.above]
            if reach[owner] - blocks[owner].start <= limit:
                groups[index] = owner
    return groups


def _binds_below(text: str, blocks: Sequence[Block], index: int) -> bool:
    """Whether the block belongs to the next: a heading, a caption, a line that leads in or is short and open."""
    block = blocks[index]
    if index + 1 == len(blocks):
        return False
    if block.kind in ("heading", "caption"):
        return True
    following = blocks[index + 1]
    if block.kind in ("row", "item", "note"):
        return following.above == index and following.level > block.level
    if following.above == index or text[block.end - 1] in "：:":
        return True
    return (
        block.kind == "paragraph"
        and following.kind == "paragraph"
        and block.end - block.start <= _LONGEST_HEADING
        and text[block.end - 1] not in _LINE_ENDS
        and (following.end - following.start > _LONGEST_HEADING or text[following.end - 1] in _LINE_ENDS)
    )


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
    if high > low and max(borders[low:high]) < _Border.SENTENCE:
        low = first  # better a short passage than half a list
    candidates = range(min(low, high - 1), high) if high > first else range(first, first + 1)

    def cost(unit: int) -> float:
        distance = abs(ends[unit] - ideal) / size - _WORTH[borders[unit]]
        return distance + (1.0 if 0 < total - ends[unit] < _SHORTEST_REST * size else 0.0)

    return min(candidates, key=cost)
