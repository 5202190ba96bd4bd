"""Tables in plain text whose cells are set apart by tabs or blanks: a head, and lines of as many cells below it.

Knows lines and blanks. A list of names or a programme is no table: there must be a head that reads as names of columns,
and under it a column of amounts, dates or codes. Knows nothing of files and repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.reading.grid import Grid, GridCell, cell_of
from corpus.reading.table_heads import head_depth, names_a_column
from corpus.reading.text_tables import FoundTable
from corpus.text.quantities import kind_of_cell

_WIDE = re.compile(r"\t+[ \u3000]*|[ \u3000]{2,}|\u3000")
_ANY = re.compile(r"[ \t\u3000]+")
_BLANKS = " \t\u3000\r"
_LONGEST_LINE = 160
_LONGEST_CELL = 24
_SENTENCE = re.compile(r"[。；！？，]")
_MEASURED = frozenset({"number", "percent", "date", "code"})
_FEWEST = 3  # lines with the head

_Line = tuple[int, str]


def aligned_tables(text: str) -> Iterator[FoundTable]:
    """The tables of `text` that stand there as lines of cells, in order."""
    waiting: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip(_BLANKS)
        if bare and len(line) <= _LONGEST_LINE and _ANY.search(bare) and not _SENTENCE.search(bare):
            waiting.append((start, line))
        elif waiting:
            yield from _tables_of(waiting)
            waiting = []
        start += len(line) + 1
    yield from _tables_of(waiting)


def _tables_of(lines: Sequence[_Line]) -> Iterator[FoundTable]:
    """The longest stretches of as many cells a line, parted by wide gaps, else by any blanks."""
    at = 0
    while at + _FEWEST <= len(lines):
        rows = _stretch(lines, at, _WIDE, 2) or _stretch(lines, at, _ANY, 3)
        if len(rows) >= _FEWEST and _is_table(grid := Grid.of(rows)):
            start, line = lines[at + len(rows) - 1]
            yield FoundTable(lines[at][0], start + len(line), grid)
        at += max(1, len(rows))


def _may_head(first: Sequence[GridCell], second: Sequence[GridCell], weak: bool) -> bool:
    """Whether the cells read as names of columns, and the line below them has something else to say."""
    heads = [cell.text for cell in first]
    if len(set(heads)) < len(heads) or any(kind_of_cell(head) in ("number", "percent") for head in heads):
        return False
    if not any(kind_of_cell(cell.text) in _MEASURED for cell in second[1:]):
        return False
    return sum(map(names_a_column, heads)) >= (0.6 if weak else 0.3) * len(heads)


def _stretch(lines: Sequence[_Line], at: int, gap: re.Pattern[str], fewest: int) -> list[list[GridCell]]:
    """The cells of line `at`, if it may be a head, and of those below it, as far as each has as many."""
    first, second = (_cells(*lines[at + step], gap) for step in (0, 1))
    if len(first) < fewest or len(second) != len(first) or not _may_head(first, second, gap is _ANY):
        return []
    rows = [first]
    for place in range(at + 1, len(lines)):
        cells = _cells(*lines[place], gap)
        if len(cells) != len(first):
            break
        rows.append(cells)
    return rows


def _cells(start: int, line: str, gap: re.Pattern[str]) -> list[GridCell]:
    first = len(line) - len(line.lstrip(_BLANKS))
    last = len(line.rstrip(_BLANKS))
    cells = []
    for match in gap.finditer(line, first, last):
        cells.append(cell_of(line[first : match.start()], start + first))
        first = match.end()
    return [*cells, cell_of(line[first:last], start + first)]


def _is_table(grid: Grid) -> bool:
    """Whether the first row heads the others, and one column has amounts, dates or codes and nothing else."""
    if any(len(place.cell.text) > _LONGEST_CELL for row in grid.places for place in row) or head_depth(grid) != 1:
        return False
    rows = [row for row in range(1, grid.height) if grid.text(row, 0) != grid.text(0, 0)]
    measured = [
        all(kind_of_cell(grid.text(row, column)) in _MEASURED for row in rows) for column in range(1, grid.width)
    ]
    return bool(rows) and any(measured)
