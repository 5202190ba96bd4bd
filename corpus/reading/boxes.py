"""Boxes that were ticked or left open (婚姻状况 ☑已婚 ☐未婚): what was chosen, told from what was not.

Knows one line, or one cell of a table, at a time. Knows nothing of files, nor of how a box is kept in a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.reading.grid import Grid, cell_of
from corpus.reading.text_tables import FoundTable

_TICKED, _OPEN = "☑☒■√✓✔", "☐□"
_OPTION = rf"[^：:；;{_TICKED}{_OPEN}\s]+"
_BOXES = rf"(?:[{_TICKED}{_OPEN}]\s*{_OPTION}\s*)+"
_GROUP = re.compile(
    rf"(?:^|(?<=[\s；;，,。]))(?<![{_TICKED}{_OPEN}]\s)(?P<name>[^：:；;，,。{_TICKED}{_OPEN}\s]{{1,16}})(?P<joint>\s*[：:]\s*|\s+)(?P<boxes>{_BOXES})"
)
_CELL = re.compile(rf"\s*{_BOXES}")
_CHOSEN = re.compile(rf"[{_TICKED}]\s*(?P<text>{_OPTION})")
_LEFT = re.compile(rf"[{_OPEN}]\s*{_OPTION}")
_LONGEST_LINE = 200
NOT_TICKED = "（未勾选）"
"""Stands behind boxes that were left open, where they stand by themselves."""


@dataclass(frozen=True, slots=True)
class Group:
    """`line[start:end]`: the name of a field, and its boxes from `boxes` on. `chosen` are the options ticked."""

    name: str
    start: int
    boxes: int
    end: int
    chosen: tuple[Span, ...]


def groups_in(line: str) -> Iterator[Group]:
    """The fields of `line` of whose boxes some are ticked.

    Where no colon follows the name, one must be open, too: ■ is also the mark of headlines.
    """
    if not any(mark in line for mark in _TICKED):
        return
    for group in _GROUP.finditer(line):
        boxes = group["boxes"].rstrip()
        first = group.start("boxes")
        chosen = tuple((first + box.start("text"), first + box.end("text")) for box in _CHOSEN.finditer(boxes))
        if chosen and (group["joint"].strip() or _LEFT.search(boxes)):
            yield Group(group["name"], group.start(), first, first + len(boxes), chosen)


def ticked_only(text: str) -> tuple[str, tuple[tuple[int, Span], ...]]:
    """What is ticked in a cell that holds nothing but boxes, and where each stretch of that stood: its place in the
    result, its span in `text`. "" where the cell is something else, or nothing in it is ticked or open."""
    if not any(mark in text for mark in _OPEN) or not _CELL.fullmatch(text):
        return "", ()
    told, places = "", []
    for box in _CHOSEN.finditer(text):
        told += "、" if told else ""
        places.append((len(told), box.span()))
        told += box.group()
    return told, tuple(places)


def open_boxes(text: str) -> list[str]:
    """The boxes of `text` that were left open."""
    return [box.group() for box in _LEFT.finditer(text)]


def lines_of_boxes(text: str) -> Iterator[FoundTable]:
    """The lines of a page that are nothing but fields with boxes, each as a head with one row below it."""
    start = 0
    for line in text.split("\n"):
        groups = list(groups_in(line)) if len(line) <= _LONGEST_LINE else []
        if groups and not _between(line, groups).strip(" \t\r\u3000；;，,"):
            heads = [cell_of(group.name, start + group.start, head=True) for group in groups]
            boxes = [cell_of(line[group.boxes : group.end], start + group.boxes) for group in groups]
            yield FoundTable(start, start + len(line), Grid.of([heads, boxes]))
        start += len(line) + 1


def _between(line: str, groups: Iterable[Group]) -> str:
    for group in reversed(list(groups)):
        line = line[: group.start] + line[group.end :]
    return line
