"""Tables inside pages of text: set aside before the text is repaired, put back as lines of rows.

Knows how a table keeps its place while the text around it changes. Knows nothing of how tables are written or read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.article import Block, Cell, Run, Span, Table
from corpus.reading.aligned_tables import aligned_tables
from corpus.reading.boxes import NOT_TICKED, lines_of_boxes
from corpus.reading.html_tables import html_grid
from corpus.reading.table_lines import WrittenLine, written_line
from corpus.reading.table_parts import unit_in
from corpus.reading.tables import Recognised, recognise
from corpus.reading.text_tables import FoundTable, pipe_tables
from corpus.repair.cleaning import Cleaned
from corpus.text.blocks import is_caption

_PLACE = "\ue0f0"  # private use: no font shows it, so no text has it
_NOTHING = "\0"  # repair takes it away
_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>])[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TabledPage:
    """Clean text with the rows of its tables in it. `rows` are blocks (rows, captions, notes) by where they begin."""

    cleaned: Cleaned
    rows: Mapping[int, Block] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()

    def part(self, start: int, end: int) -> tuple[dict[int, Block], tuple[Table, ...]]:
        """The rows and tables between two places of the text, counted from the first."""
        inside = {place: block for place, block in self.rows.items() if start <= place < end}
        used = sorted({block.table for block in inside.values() if block.table >= 0})
        rows = {
            place - start: replace(
                block,
                start=block.start - start,
                end=block.end - start,
                table=used.index(block.table) if block.table >= 0 else -1,
                cells=tuple(replace(cell, start=cell.start - start, end=cell.end - start) for cell in block.cells),
            )
            for place, block in inside.items()
        }
        return rows, tuple(self.tables[number] for number in used)


def tables_in(raw: str) -> list[FoundTable]:
    """The tables in a page of text, in order: Markdown, HTML, fields with boxes, lines of cells one below another."""
    if _PLACE in raw:
        return []
    found = list(pipe_tables(raw)) if "|" in raw and "--" in raw else []
    if "<table" in raw or "<TABLE" in raw:
        found += _apart(_html_tables(raw), found)
    found += _apart(lines_of_boxes(raw), found)
    found += _apart(aligned_tables(raw), found)
    return sorted(found, key=lambda table: table.start)


def _apart(tables: Iterator[FoundTable], found: Sequence[FoundTable]) -> list[FoundTable]:
    """Those that meet none of the tables found already, which do not meet one another."""
    others = sorted(found, key=lambda table: table.start)
    starts = [table.start for table in others]
    return [
        table
        for table in tables
        if not (before := bisect_left(starts, table.end)) or others[before - 1].end <= table.start
    ]


def set_aside(raw: str, tables: Sequence[FoundTable]) -> str:
    """`raw`, as long as it was, with one character in the place of each table."""
    pieces = []
    last = 0
    for table in tables:
        pieces += [raw[last : table.start], _PLACE, _NOTHING * (table.end - table.start - 1)]
        last = table.end
    return "".join([*pieces, raw[last:]])


def put_back(cleaned: Cleaned, tables: Sequence[FoundTable]) -> TabledPage:
    """The page with the rows of `tables`, which were set aside, as lines of their own."""
    if not tables:
        return TabledPage(cleaned)
    page = _Page(cleaned)
    waiting = iter(tables)
    for line in cleaned.text.split("\n"):
        table = next(waiting, None) if line == _PLACE else None
        if table is None:
            page.keep(line)
        else:
            page.put(recognise(table.grid))
    return page.done()


def _html_tables(raw: str) -> Iterator[FoundTable]:
    from lxml import html

    for start, end in _outermost(raw):
        element = html.fragment_fromstring(raw[start:end], create_parent="div").find(".//table")
        if element is not None and (grid := html_grid(element)).height:
            yield FoundTable(start, end, grid)


def _outermost(raw: str) -> Iterator[Span]:
    """The table elements that stand in no other."""
    depth = start = 0
    for tag in _TABLE_TAG.finditer(raw):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, tag.end()


class _Page:
    """A page that is put together line by line."""

    def __init__(self, cleaned: Cleaned) -> None:
        self._cleaned = cleaned
        self._starts = [run.clean for run in cleaned.runs]
        self._place = 0  # in the clean text without tables
        self._lines: list[str] = []
        self._length = 0
        self._runs: list[Run] = []
        self._prefixes: dict[int, str] = {}
        self._rows: dict[int, Block] = {}
        self._tables: list[Table] = []
        self._later: list[str] = []

    def keep(self, line: str) -> None:
        """A line of the text goes on as it is."""
        start = self._start()
        self._runs += [_moved(run, start - self._place) for run in self._runs_of(self._place, self._place + len(line))]
        if self._place in self._cleaned.prefixes:
            self._prefixes[start] = self._cleaned.prefixes[self._place]
        self._append(line)
        self._place += len(line) + 1

    def put(self, found: Recognised) -> None:
        """The rows of a table stand in the place of a line."""
        above = self._lines[-1] if self._lines and is_caption(self._lines[-1]) else ""
        number = len(self._tables)
        unit = found.unit or (unit_in(self._lines[-1]) if self._lines else "")
        self._tables.append(Table(found.caption or above, unit, found.heads))
        for line in found.lines:
            written = written_line(line)
            if written.text.endswith(NOT_TICKED):
                self._later.append(written.text)
            elif written.text:
                start = self._start()
                self._runs += [_moved(run, start) for run in written.runs]
                kind, table, cells = (
                    (line.kind, number, _cells(written, start)) if line.kind == "row" else (line.kind, -1, ())
                )
                self._rows[start] = Block(kind, start, start + len(written.text), table=table, cells=cells)
                self._append(written.text)
        self._place += len(_PLACE) + 1

    def done(self) -> TabledPage:
        for text in self._later:
            start = self._start()
            self._rows[start] = Block("note", start, start + len(text))
            self._append(text)
        cleaned = Cleaned("\n".join(self._lines), tuple(self._runs), self._cleaned.repairs, self._prefixes)
        return TabledPage(cleaned, self._rows, tuple(self._tables))

    def _start(self) -> int:
        return self._length + 1 if self._lines else 0

    def _append(self, line: str) -> None:
        self._length = self._start() + len(line)
        self._lines.append(line)

    def _runs_of(self, start: int, end: int) -> Iterator[Run]:
        runs = self._cleaned.runs
        for index in range(max(0, bisect_right(self._starts, start) - 1), len(runs)):
            run = runs[index]
            if run.clean >= end:
                return
            low, high = max(run.clean, start), min(run.clean + run.length, end)
            if low < high:
                yield Run(low, run.raw + low - run.clean, high - low)


def _moved(run: Run, shift: int) -> Run:
    return Run(run.clean + shift, run.raw, run.length)


def _cells(line: WrittenLine, start: int) -> tuple[Cell, ...]:
    return tuple(Cell(cell.head, cell.start + start, cell.end + start, cell.column) for cell in line.cells)
