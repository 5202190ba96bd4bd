"""The lines of clean text with their labels and with what stood before them in the file.

Knows one line and its neighbours; what lists and blocks they make is the business of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus.article import Block
from corpus.text.labels import FIRST, Label, label_at

_INLINE_CLAUSE = re.compile(
    r"(?<=[。；])[ \t\u3000]*(?=第[一二三四五六七八九十百零〇\d]{1,7}条(?:之[一二三四五六七八九十]{1,3})?[ \t\u3000])"
)


@dataclass(slots=True)
class Line:
    """A line of clean text. What stood before it in the file says its `rank` (the number of #), its `indent` in
    half-widths, and whether it is `code`."""

    start: int
    end: int
    label: Label | None = None
    rank: int = 0
    indent: int = 0
    code: bool = False


def lines_of(text: str, prefixes: Mapping[int, str], given: Mapping[int, Block]) -> Iterable[Line]:
    """The lines that have something on them, without outer blanks; one with several clauses of a law is cut there."""
    place = 0
    for whole in text.split("\n"):
        bare = whole.strip()
        if bare:
            start = place + whole.index(bare[0])
            if start in given:  # no heading and no item, whatever it begins with
                yield Line(start, start + len(bare))
                bare = ""
        if bare:
            for first, last in _clauses(text, start, start + len(bare)):
                line = Line(first, last, label_at(text, first, last) if text[first] in FIRST else None)
                if prefixes and (prefix := prefixes.get(first)):
                    _mark(line, prefix, text)
                yield line
        place += len(whole) + 1


def settle_sections(lines: list[Line], dotted: set[str]) -> None:
    """A bare number before words is the label of a section where 3.1 stands below 3, of an item where the next lines
    count on, and else none."""
    previous = 0
    for index, line in enumerate(lines):
        label = line.label
        if label is None or label.style != "section":
            previous = 0
            continue
        if label.number in dotted:
            previous = 0
            continue
        after = lines[index + 1].label if index + 1 < len(lines) else None
        counts_on = after is not None and after.style == "section" and after.value == label.value + 1
        if (counts_on and label.value == 1) or (previous and label.value == previous + 1):
            line.label = replace(label, style="figure")
            previous = label.value
        else:
            line.label = None
            previous = 0


def _clauses(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    if text.find("条", start, end) < 0:
        return [(start, end)]
    borders = list(_INLINE_CLAUSE.finditer(text, start, end))
    starts = [start, *(match.end() for match in borders)]
    ends = [*(match.start() for match in borders), end]
    return [(first, last) for first, last in zip(starts, ends, strict=True) if first < last]


def _mark(line: Line, prefix: str, text: str) -> None:
    """Tell the line what stood before it in the file."""
    marks = prefix.replace(">", " ").strip()
    line.indent = sum(
        4 if mark == "\t" else 2 if mark == "\u3000" else 1 for mark in prefix[: len(prefix) - len(prefix.lstrip())]
    )
    if marks.startswith("`"):
        line.code = True
    elif marks.startswith("#"):
        line.rank = len(marks.split()[-1])
    elif marks and line.label is None:
        line.label = Label("bullet", "", 0, line.start)
