"""Which labelled lines belong together: lists with their members, lists inside lists, numbered titles.

Knows lines with labels; nothing of what is in them, but for their length and last mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.text.labels import Label
from corpus.text.lines import Line

_DEEPER = 2  # half-widths by which a list that counts anew stands inside another
_LONGEST_TITLE = 60
_LONGEST_SINGLE_TITLE = 40
_INNER_STOP = re.compile(r"[。！？；!?;](?!$)")
BORDERS = frozenset({"chapter", "clause", "dotted", "section"})
"""Styles of labels that end every list above them."""


@dataclass(slots=True)
class List:
    """A list or a row of numbered titles: the indices of the lines that begin its members, and of the one it is in."""

    style: str
    indent: int
    parent: int
    members: list[int] = field(default_factory=list)
    value: int = 0
    titles: bool = False
    depth: int = 1


def lists_of(text: str, lines: list[Line]) -> dict[int, List]:
    """The list of each line that begins a member of one."""
    found: dict[int, List] = {}
    open_lists: list[List] = []
    for index, line in enumerate(lines):
        label = line.label
        if line.rank or (label is not None and label.style in BORDERS):
            open_lists.clear()
        elif label is None:
            while open_lists and open_lists[-1].style == "bullet" and line.indent <= open_lists[-1].indent:
                open_lists.pop()
        else:
            current = _continued(open_lists, line, label)
            if current is None:
                parent = open_lists[-1].members[-1] if open_lists else -1
                current = List(label.style, line.indent, parent)
                open_lists.append(current)
            current.members.append(index)
            current.value = label.value
            found[index] = current
    for one in {id(one): one for one in found.values()}.values():
        one.titles = one.style != "bullet" and _are_titles(text, lines, one)
        above = found.get(one.parent)
        one.depth = 1 if above is None or above.titles else above.depth + 1
    return found


def _continued(open_lists: list[List], line: Line, label: Label) -> List | None:
    """The open list whose next member `line` is; lists that it ends are closed."""
    for place, one in enumerate(open_lists):
        if one.style == label.style and one.indent == line.indent and label.value == one.value + 1 > 1:
            del open_lists[place + 1 :]
            return one
    for place in range(len(open_lists) - 1, -1, -1):
        one = open_lists[place]
        if one.style != label.style or (label.style == "bullet" and one.indent != line.indent):
            continue
        if label.value == 1 and line.indent >= one.indent + _DEEPER:
            return None
        if label.style == "bullet" or label.value == one.value + 1:
            del open_lists[place + 1 :]
            return one
        del open_lists[place:]
        return None
    if label.style == "bullet":
        while open_lists and open_lists[-1].style == "bullet" and open_lists[-1].indent > line.indent:
            open_lists.pop()
    return None


def _are_titles(text: str, lines: list[Line], one: List) -> bool:
    """Whether the members are short lines over something of their own."""
    if any(not _is_short(text, lines[index], _LONGEST_TITLE) for index in one.members):
        return False
    if len(one.members) > 1:
        return 2 * sum(_owns(lines, index) for index in one.members) > len(one.members)
    [index] = one.members
    line = lines[index]
    short = _is_short(text, line, _LONGEST_SINGLE_TITLE) and text[line.end - 1] not in "。！？；!?;，,"
    return short and one.value <= 1 and _owns(lines, index)


def _is_short(text: str, line: Line, longest: int) -> bool:
    return line.end - line.start <= longest and not _INNER_STOP.search(text, line.start, line.end)


def _owns(lines: list[Line], index: int) -> bool:
    """Whether the line below belongs to this one: it has no label, or begins a list of another kind."""
    if index + 1 >= len(lines):
        return False
    mine, below = lines[index].label, lines[index + 1].label
    if lines[index + 1].rank:
        return False
    return below is None or (
        below.value <= 1 and below.style not in BORDERS and mine is not None and below.style != mine.style
    )
