"""What the rows of a table say: its caption, unit, heads and notes told from its rows, each value under its head.

Knows grids, of whatever format. Knows nothing of files, and nothing of where a table stands in an article: that is
`table_lines` and the builder of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.article import Run, Span
from corpus.reading.boxes import NOT_TICKED, open_boxes, ticked_only
from corpus.reading.grid import Grid, GridCell, Place
from corpus.reading.table_forms import Pair, form_rows, is_form
from corpus.reading.table_heads import filled_forward, head_depth, head_names, names_a_column
from corpus.reading.table_parts import parts_of, unit_in
from corpus.text.quantities import kind_of_cell

LineKind = Literal["caption", "row", "note"]

_INLINE = re.compile(r"\s*(?P<name>[^：:\d，。；;]{1,16})\s*[：:]\s*")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|第[一二三四五六七八九十\d]+[章节类组部]"
)
_LONGEST_REPEATED = 12
_LONGEST_NAME = 16
_MOST_TURNED = 12
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of a row: the head it stands under ("" for none), its text, its column. Empty cells have text "".

    `runs` are those of the cell, and empty where a value that spans several rows is said again.
    """

    head: str
    text: str
    column: int
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table: a caption (also one between rows that holds for those below it), a row, a note."""

    kind: LineKind
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table as it is understood. `heads` are the head rows as printed; none for forms and tables without a head."""

    caption: str
    unit: str
    heads: tuple[tuple[str, ...], ...]
    lines: tuple[TableLine, ...]


def recognise(grid: Grid) -> Recognised:
    """Caption, unit, heads, rows and notes of `grid`. Every text of a cell is in a line, a head or the caption."""
    grid = grid.without_empty()
    parts = parts_of(grid)
    heads, rows = _body(parts.body)
    rows, left = _without_open_boxes(rows)
    unit = parts.unit or unit_in(" ".join(place.cell.text for place in parts.captions))
    lines = [
        *(_line("caption", [place]) for place in parts.captions),
        *rows,
        *(_line("note", list(places)) for places in parts.notes),
        *left,
    ]
    return Recognised(parts.caption, unit, heads, tuple(lines))


def _body(grid: Grid) -> tuple[tuple[tuple[str, ...], ...], list[TableLine]]:
    """Head rows and lines of what is left when captions and notes are off."""
    if not grid.height:
        return (), []
    if _has_inline_names(grid):
        return (), list(_led(_inline_values(grid.distinct(row)) for row in range(grid.height)))
    if is_form(grid):
        return (), list(_led(_pair_values(pairs) for pairs in form_rows(grid)))
    if _is_plain_list(grid):
        pairs = [_pair_values([(grid.text(row, 0), grid.places[row][1])]) for row in range(grid.height)]
        return (), [TableLine("row", tuple(values)) for values in pairs]
    if _is_turned(grid):
        grid = grid.turned()
    depth = head_depth(grid)
    heads = [[place.cell.text for place in row] for row in grid.places[:depth]]
    heads = [filled_forward(row, heads[at + 1]) if at + 1 < depth else row for at, row in enumerate(heads)]
    names = head_names(heads) if depth else [""] * grid.width
    shown = tuple(tuple(row) for row in heads)
    period = _period(names)
    lines: list[TableLine] = []
    for row in range(depth, grid.height):
        if depth and grid.text(row, 0) == grid.text(0, 0) and grid.words(row, row + depth) == grid.words(0, depth):
            continue  # the head again on the next page
        if _is_section(grid, row):
            lines.append(_line("caption", grid.distinct(row)))
            continue
        values = _row_values(grid, row, names)
        for first in range(0, grid.width, period):
            beside = values[first : first + period]
            if first == 0 or any(value.text for value in beside):
                lines.append(TableLine("row", tuple(beside)))
    return (tuple(row[:period] for row in shown), _with_all_heads(lines, grid, depth))


def _without_open_boxes(rows: list[TableLine]) -> tuple[list[TableLine], list[TableLine]]:
    """The rows with only what is ticked in cells of boxes, and as a note what is not: it is not to be taken for it."""
    left: dict[str, None] = {}
    for at, line in enumerate(rows):
        chosen = [ticked_only(value.text) for value in line.values]
        if any(told for told, _ in chosen):
            for value, (told, _) in zip(line.values, chosen, strict=True):
                left |= dict.fromkeys(open_boxes(value.text) if told else ())
            values = zip(line.values, chosen, strict=True)
            rows[at] = replace(line, values=tuple(_ticked(value, *one) for value, one in values))
    note = TableLine("note", (Value("", " ".join(left) + NOT_TICKED, 0),))
    return rows, [note] if left else []


def _ticked(value: Value, told: str, places: Sequence[tuple[int, Span]]) -> Value:
    if not told:
        return value
    runs = tuple(
        Run(at + max(run.clean - start, 0), run.raw + max(start - run.clean, 0), last - max(run.clean, start))
        for at, (start, end) in places
        for run in value.runs
        if (last := min(run.clean + run.length, end)) > max(run.clean, start)
    )
    return replace(value, text=told, runs=runs)


def _is_plain_list(grid: Grid) -> bool:
    """Whether two columns without a head are a thing and what is said of it: 周六 | 10:00-20:00."""
    if grid.width != 2 or head_depth(grid):
        return False
    names = [grid.text(row, 0).strip() for row in range(grid.height)]
    spans = any(len(grid.distinct(row)) < 2 for row in range(grid.height))
    return not spans and len({*names}) == len(names) and all(0 < len(name) <= _LONGEST_NAME for name in names)


def _with_all_heads(lines: list[TableLine], grid: Grid, depth: int) -> list[TableLine]:
    """A head without rows below it is a row itself."""
    return lines or [_line("row", grid.distinct(row)) for row in range(depth)]


def _row_values(grid: Grid, row: int, names: Sequence[str]) -> list[Value]:
    values = []
    for column, place in enumerate(grid.places[row]):
        text = place.cell.text
        if place.column < column and (place.column == 0 or len(text) > _LONGEST_REPEATED):
            text = ""  # a label or a remark over several columns is said once
        own = place.row == row and place.column == column
        values.append(Value(names[column], text, column, place.cell.runs if own and text else ()))
    return values


def _line(kind: LineKind, places: Sequence[Place]) -> TableLine:
    return TableLine(
        kind, tuple(Value("", place.cell.text, place.column, place.cell.runs) for place in places if place.cell.text)
    )


def _is_section(grid: Grid, row: int) -> bool:
    """Whether a row is one cell over the whole width, or a lone numbered title: it stands over the rows below."""
    if grid.width < 2 or row + 1 >= grid.height:
        return False
    first, second = grid.places[row][0], grid.places[row][1]
    if second.column == 1 and first.cell.text and second.cell.text:
        return False  # as nearly all are
    places = grid.distinct(row)
    if len(places) == 1:
        return bool(places[0].cell.text) and places[0].row == row
    filled = [place for place in places if place.cell.text.strip()]
    return len(filled) == 1 and filled[0].column == 0 and grid.width > 2 and bool(_NUMBERED.match(filled[0].cell.text))


def _period(names: Sequence[str]) -> int:
    """After how many columns the heads begin again (姓名|电话|姓名|电话: 2), else the number of columns."""
    width = len(names)
    for period in range(2, width // 2 + 1):
        if width % period == 0 and all(names[i] and names[i] == names[i % period] for i in range(width)):
            return period if len(set(names[:period])) == period else width
    return width


def _is_turned(grid: Grid) -> bool:
    """Whether the heads stand in the first column and each thing has a column of its own."""
    if grid.height < 2 or not 3 <= grid.width <= _MOST_TURNED + 1:
        return False
    marked = [row[0].cell.head for row in grid.places]
    others = [place.cell.head for row in grid.places for place in row[1:] if place.column > 0]
    if any(marked) or any(others):
        return all(marked) and not any(others)
    first = [grid.text(row, 0) for row in range(grid.height)]
    things = [grid.text(0, column) for column in range(1, grid.width)]
    if sum(map(names_a_column, first)) < 0.7 * len(first) or sum(map(names_a_column, things)) > 0.2 * len(things):
        return False
    if any(kind_of_cell(text) not in ("words", "code") for text in things) or len(set(things)) < len(things):
        return False
    kinds = [
        {kind_of_cell(grid.text(row, c)) for c in range(1, grid.width)} - {"empty"} for row in range(1, grid.height)
    ]
    alike = [kind for kind in kinds if len(kind) == 1]
    return len(alike) >= 0.7 * len(kinds) and len({min(kind) for kind in alike}) > 1


def _has_inline_names(grid: Grid) -> bool:
    """Whether the cells are written 姓名：张三, name and value in one."""
    rows = range(min(grid.height, _SAMPLE))
    texts = [place.cell.text for row in rows for place in grid.distinct(row) if place.cell.text.strip()]
    named = sum(bool(_INLINE.match(text)) for text in texts)
    return len(texts) > 1 and named >= 0.7 * len(texts) and not any(p.cell.head for p in grid.places[0])


def _inline_values(places: Sequence[Place]) -> list[Value]:
    values = []
    for place in places:
        match = _INLINE.match(place.cell.text)
        cell = _from(place.cell, match.end() if match else 0)
        if cell.text or match:
            values.append(Value(match["name"].strip() if match else "", cell.text, place.column, cell.runs))
    return values


def _from(cell: GridCell, cut: int) -> GridCell:
    """The cell less its first `cut` characters."""
    runs = []
    for run in cell.runs:
        skipped = max(0, cut - run.clean)
        if skipped < run.length:
            runs.append(Run(run.clean + skipped - cut, run.raw + skipped, run.length - skipped))
    return GridCell(cell.text[cut:], runs=tuple(runs))


def _pair_values(pairs: Sequence[Pair]) -> list[Value]:
    return [
        Value(name, place.cell.text, place.column, place.cell.runs) if place else Value(name, "", column)
        for column, (name, place) in enumerate(pairs)
    ]


def _led(rows: Iterable[list[Value]]) -> Iterator[TableLine]:
    """The rows of a form, each after the first led by what the form is about: its first value, where that is a name."""
    subject: Value | None = None
    for number, values in enumerate(rows):
        if number == 0:
            first = values[0]
            if first.head and kind_of_cell(first.text) == "words":
                subject = replace(first, runs=())
            yield TableLine("row", tuple(values))
            continue
        led = subject and any(value.text for value in values)
        yield TableLine("row", (subject, *values) if subject and led else tuple(values))
