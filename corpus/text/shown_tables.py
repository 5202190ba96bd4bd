"""A table as a person wants to see it beside an answer: its heads, the row that is quoted and its neighbours.

Knows articles and blocks. Knows nothing of pages and terminals, which draw what this gives.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article, Block, Passage, Span, Table

_LABEL = re.compile(r"[（(]?[^：:]{1,12}[：:]")

AROUND = 3
"""Rows shown above and below the quoted one."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell and the columns and rows it covers; `head` names others, `marked` is what an answer rests on."""

    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of cells; `marked` is the quoted one."""

    cells: tuple[ShownCell, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Caption and unit ("" for none), head rows, and the rows around the quoted one.

    `above` and `below` say how many further rows the table has before and after those shown.
    """

    caption: str
    unit: str
    heads: tuple[ShownRow, ...]
    rows: tuple[ShownRow, ...]
    above: int = 0
    below: int = 0


def table_around(article: Article, block: Block, cells: Collection[int] = (), around: int = AROUND) -> ShownTable:
    """The table that the row `block` of `article` belongs to, with `cells` (indices of `block.cells`) marked.

    Raises ValueError for a block that is no row of a table.
    """
    if block.kind != "row" or not 0 <= block.table < len(article.tables):
        raise ValueError(f"article {article.id}: the block at {block.start} is no row of a table")
    table = article.tables[block.table]
    rows = [other for other in article.blocks if other.kind == "row" and other.table == block.table]
    sections = [section_above(article, table, row) for row in rows]
    shown = _shown(article.text, 0, rows, sections, block, set(cells), around, bool(table.heads))
    return replace(shown, caption=table.caption, unit=table.unit, heads=tuple(_heads(table.heads)))


def table_in(passage: Passage, start: int, end: int, spots: Sequence[Span] = ()) -> ShownTable | None:
    """The rows of a passage around the one at `start`..`end` (offsets in the article); None where there is no row.

    Cells that meet one of `spots` are marked. A passage does not keep the head rows as printed: heads of several levels
    stand in one row, forms are told by their rows having different heads.
    """
    block = next((one for one in passage.blocks if one.kind == "row" and one.start < end and start < one.end), None)
    if block is None:
        return None
    rows = [one for one in passage.blocks if one.kind == "row" and one.table == block.table]
    names = tuple(cell.head for cell in block.cells)
    headed = any(names) and len(names) > 1 and all(tuple(cell.head for cell in row.cells) == names for row in rows)
    cells = {at for at, one in enumerate(block.cells) if any(a < one.end and one.start < b for a, b in spots)}
    shown = _shown(passage.text, passage.start, rows, [""] * len(rows), block, cells, AROUND, headed)
    return replace(shown, heads=tuple(_heads((names,)))) if headed else shown


def _shown(
    text: str,
    offset: int,
    rows: Sequence[Block],
    sections: Sequence[str],
    block: Block,
    cells: Collection[int],
    around: int,
    headed: bool,
) -> ShownTable:
    """The rows around `block`. `text` begins at `offset` of the article; without heads, names stand beside values."""
    place = next((number for number, row in enumerate(rows) if row.start == block.start), 0)
    first, last = max(0, place - around), min(len(rows), place + around + 1)
    shown: list[ShownRow] = []
    section = ""
    for number in range(first, last):
        row = rows[number]
        values = [(cell.head, text[cell.start - offset : cell.end - offset]) for cell in row.cells]
        if sections[number] != section:
            section = sections[number]
            shown.append(ShownRow((ShownCell(section, columns=max(1, len(values)), head=True),)))
        lead = rows[0].cells[0] if number and not headed and rows[0].cells else None
        repeated = lead and values[0] == (lead.head, text[lead.start - offset : lead.end - offset]) and len(values) > 1
        drawn = _cells(values, cells if number == place else (), headed, int(bool(repeated and lead and lead.head)))
        shown.append(ShownRow(tuple(drawn), number == place))
    return ShownTable("", "", (), tuple(shown), first, len(rows) - last)


def _cells(values: Sequence[tuple[str, str]], marked: Collection[int], headed: bool, skip: int) -> Iterator[ShownCell]:
    """The cells of a row; of a form the pair that each row repeats from the first (`skip`) is left out."""
    for at, (head, text) in enumerate(values):
        if at < skip:
            continue
        if head and not headed:
            yield ShownCell(head, head=True)
        yield ShownCell(text, marked=at in marked)


def section_above(article: Article, table: Table, row: Block) -> str:
    """The line over some of the rows that `row` stands under; "" for captions of the whole table and for units."""
    above = article.blocks[row.above] if 0 <= row.above < len(article.blocks) else None
    if above is None or above.kind != "caption":
        return ""
    text = article.text[above.start : above.end]
    return "" if text == table.caption or _LABEL.match(text) else text


def _heads(heads: Sequence[Sequence[str]]) -> Iterator[ShownRow]:
    """The head rows; equal cells side by side over different ones, or one above the other, are one."""
    covered: set[tuple[int, int]] = set()
    for row, texts in enumerate(heads):
        cells = []
        column = 0
        while column < len(texts):
            if (row, column) in covered:
                column += 1
                continue
            columns = _width(heads, row, column)
            rows = _height(heads, row, column) if columns == 1 else 1
            cell = ShownCell(texts[column], columns, rows, head=True)
            covered |= {(row + down, column + over) for down in range(rows) for over in range(columns)}
            cells.append(cell)
            column += columns
        yield ShownRow(tuple(cells))


def _width(heads: Sequence[Sequence[str]], row: int, column: int) -> int:
    if row + 1 == len(heads):
        return 1
    last = column + 1
    while (
        last < len(heads[row]) and heads[row][last] == heads[row][column] and heads[row + 1][last] != heads[row][column]
    ):
        last += 1
    return last - column


def _height(heads: Sequence[Sequence[str]], row: int, column: int) -> int:
    last = row + 1
    while last < len(heads) and heads[last][column] == heads[row][column]:
        last += 1
    return last - row
