"""Enumerations inside one paragraph: 材料包括：（一）身份证；（二）照片。

Knows one paragraph. An enumeration counts up from one, each member has words of its own, and each label follows upon a
mark: 符合第（一）、（二）项的 is none.
"""

from __future__ import annotations

import re

from corpus.article import Span
from corpus.text.labels import Label, label_at

BEGINS = re.compile(
    r"[（(①1](?:(?<=①)|(?<=[（(])[一1][）)]|(?<=[：:；;。，,\s\u4e00-\u9fff]1)(?:[）)]|[.．、](?![\d\s]*\d)))"
)
"""Where an enumeration may begin; a text in which it finds nothing has none."""
_LATER = {
    "bracketed": re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    "enclosed": re.compile(r"[（(]\d{1,2}[）)]"),
    "half": re.compile(r"(?<![\d（(])\d{1,2}[）)]"),
    "figure": re.compile(r"(?<![\d.．])\d{1,2}[.．、](?!\d)"),
    "circled": re.compile(r"[①-⑳]"),
}
_BEFORE = frozenset("：:；;。，,、！？!?")
_SENTENCE_END = re.compile(r"[。！？!?](?![^（(]*[）)])")
_FEWEST_WORDS = 2
_LONGEST = 5_000  # characters of a paragraph; looking through a longer one from every label would take long


def pieces_of(text: str, start: int, end: int) -> list[tuple[Span, Label | None]]:
    """`text[start:end]`, a paragraph, in its pieces: what leads in, each member with its label, what follows.

    One piece without a label where there is no enumeration. Blanks between the pieces are left out.
    """
    if end - start > _LONGEST:
        return [((start, end), None)]
    for begin in BEGINS.finditer(text, start, end):
        first = begin.start()
        label = label_at(text, first, end)
        if label is None or label.style not in _LATER or not _follows_mark(text, start, first):
            continue
        members = _members(text, start, first, end, label)
        if len(members) > 1:
            return _cut(text, start, end, members)
    return [((start, end), None)]


def _members(text: str, start: int, first: int, end: int, label: Label) -> list[tuple[int, Label]]:
    """Places and labels of the enumeration that begins at `first`."""
    members = [(first, label)]
    for match in _LATER[label.style].finditer(text, label.end, end):
        following = label_at(text, match.start(), end)
        if following is None or following.style != label.style or following.value != members[-1][1].value + 1:
            continue
        if match.start() - members[-1][1].end < _FEWEST_WORDS or not _follows_mark(text, start, match.start()):
            return []
        members.append((match.start(), following))
    return members


def _follows_mark(text: str, start: int, place: int) -> bool:
    before = text[max(start, place - 8) : place].rstrip()
    return not before or before[-1] in _BEFORE


def _cut(text: str, start: int, end: int, members: list[tuple[int, Label]]) -> list[tuple[Span, Label | None]]:
    stop = _SENTENCE_END.search(text, members[-1][1].end, end)
    last = stop.end() if stop else end
    borders = [place for place, _ in members] + [last]
    cut: list[tuple[Span, Label | None]] = [((start, members[0][0]), None)]
    cut += [((place, after), label) for (place, label), after in zip(members, borders[1:], strict=True)]
    cut.append(((last, end), None))
    return [(bare, label) for span, label in cut if (bare := _bare(text, *span))[0] < bare[1]]


def _bare(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
