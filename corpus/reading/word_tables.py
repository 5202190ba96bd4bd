"""Tables of Word as grids.

Knows the elements of WordprocessingML that make a table, by their local names (strict and transitional files differ in
the namespace only). What the text of a paragraph is, the caller says. Knows nothing of heads and values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from corpus.reading.grid import Grid, GridCell, cell_of
from corpus.reading.table_lines import lines_of_text
from corpus.reading.tables import recognise

_MOST_SPANNED = 63  # columns that Word allows in a table
_DEEPEST = 5
_WRAPPERS = frozenset({"sdt", "sdtContent", "smartTag", "ins", "moveTo", "customXml"})

TextOf = Callable[[Any], str]
"""The visible text of a paragraph element (w:p)."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of a row where Word has it: its first column, and whether it goes on from the row above."""

    cell: GridCell
    column: int
    continued: bool


def word_grid(table: Any, text_of: TextOf, depth: int = 0) -> Grid:
    """The table element (w:tbl) as a grid: spans, places left out before a row, heads; rows marked deleted stay out.

    A table inside a cell becomes the text of its rows. Tables nested deeper than five are left out.
    """
    rows = list(_rows(table))
    heads = 0
    while heads < len(rows) and _property(rows[heads], "trPr", "tblHeader") is not None:
        heads += 1
    placed = [list(_placed(row, text_of, depth, number < heads < len(rows))) for number, row in enumerate(rows)]
    return Grid.of([[_reaching(placed, number, one) for one in row if not _goes_on(placed, number, one)]
                    for number, row in enumerate(placed)])  # fmt: skip


def frame_content(table: Any) -> list[Any] | None:
    """The paragraphs and tables inside a table that is one cell: a box around text. None for any other table."""
    rows = list(_rows(table))
    if len(rows) != 1:
        return None
    cells = [part for part in _unwrapped(rows[0]) if _name(part) == "tc"]
    return [part for part in _unwrapped(cells[0]) if _name(part) in ("p", "tbl")] if len(cells) == 1 else None


def _placed(row: Any, text_of: TextOf, depth: int, head: bool) -> Iterator[_Placed]:
    column = _number(_property(row, "trPr", "gridBefore"))
    if column:
        yield _Placed(GridCell("", columns=column), 0, False)
    for cell in _unwrapped(row):
        if _name(cell) != "tc":
            continue
        width = max(1, _number(_property(cell, "tcPr", "gridSpan")))
        merge = _property(cell, "tcPr", "vMerge")
        continued = merge is not None and _value(merge) != "restart"
        text = "\n".join(_texts(cell, text_of, depth))
        yield _Placed(cell_of(text, columns=width, head=head, bold=_is_bold(cell)), column, continued)
        column += width


def _texts(cell: Any, text_of: TextOf, depth: int) -> Iterator[str]:
    for part in _unwrapped(cell):
        if _name(part) == "p":
            yield text_of(part)
        elif _name(part) == "tbl" and depth < _DEEPEST:
            yield "；".join(lines_of_text(recognise(word_grid(part, text_of, depth + 1))))


def _goes_on(placed: list[list[_Placed]], row: int, one: _Placed) -> bool:
    """Whether the place belongs to a cell that began above."""
    return one.continued and row > 0 and any(_matches(one, above) for above in placed[row - 1])


def _reaching(placed: list[list[_Placed]], row: int, one: _Placed) -> GridCell:
    """The cell with all the rows that it reaches down to."""
    last = row + 1
    while last < len(placed) and any(below.continued and _matches(below, one) for below in placed[last]):
        last += 1
    return replace(one.cell, rows=last - row)


def _matches(one: _Placed, other: _Placed) -> bool:
    return (one.column, one.cell.columns) == (other.column, other.cell.columns)


def _rows(table: Any) -> Iterator[Any]:
    for row in _unwrapped(table):
        if _name(row) == "tr" and _property(row, "trPr", "del") is None:
            yield row


def _unwrapped(parent: Any) -> Iterator[Any]:
    """The children, with those of content controls and insertions in their place."""
    for child in parent:
        if _name(child) in _WRAPPERS:
            yield from _unwrapped(child)
        else:
            yield child


def _property(element: Any, group: str, name: str) -> Any | None:
    for child in element:
        if _name(child) == group:
            return next((one for one in child if _name(one) == name), None)
    return None


def _number(element: Any | None) -> int:
    """The value of a count, bounded: files may say anything."""
    value = _value(element) if element is not None else ""
    return min(int(value[:9]), _MOST_SPANNED) if value.isascii() and value.isdigit() else 0


def _value(element: Any) -> str:
    return next((str(value) for name, value in element.attrib.items() if name.rpartition("}")[2] == "val"), "")


def _is_bold(cell: Any) -> bool:
    """Whether all runs of a cell that have text are bold."""
    runs = [run for run in cell.iter() if _name(run) == "r" and any(_name(part) == "t" for part in run)]
    marks = [_property(run, "rPr", "b") for run in runs]
    return bool(marks) and all(mark is not None and _value(mark) not in ("0", "false") for mark in marks)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
