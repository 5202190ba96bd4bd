"""Forms: tables of names and values side by side (姓名|张三|性别|男), one thing a table.

Knows grids only. Tells forms from tables with a head by what stands in the odd columns, over all rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.reading.grid import Grid, Place
from corpus.reading.table_heads import closed_up, head_depth, names_a_column
from corpus.text.quantities import kind_of_cell

Pair = tuple[str, Place | None]
"""The name of a field and the place of its value; a value without a name has the name ""."""

_LONGEST_NAME = 16
_LONGEST_FORM = 200  # rows


def is_form(grid: Grid) -> bool:
    """Whether the rows are pairs of a name and a value, each name once, and the values are no names."""
    if grid.width < 2 or (grid.height < 2 and grid.width < 4) or grid.height > _LONGEST_FORM:
        return False
    if _marked_by_format(grid):
        return True
    pairs = [pair for row in _rows_of_pairs(grid) for pair in _pairs_of(grid, row)]
    names = [name for name, _ in pairs if name]
    values = [place.cell.text.strip() for _, place in pairs if place and place.cell.text.strip()]
    if len(names) < 2 or len(set(names)) < 0.9 * len(names) or not values:
        return False
    if any(len(name) > _LONGEST_NAME or kind_of_cell(name) not in ("words", "code") for name in names):
        return False
    called = sum(map(names_a_column, names)) / len(names)
    mistaken = sum(map(names_a_column, values)) / len(values)
    if grid.width == 2:
        return called >= 0.6 and called - mistaken >= 0.4 and not _alike(grid) and not _headed(grid)
    return called >= 0.5 and called - mistaken >= 0.3 and not _under_heads(grid)


def form_rows(grid: Grid) -> list[list[Pair]]:
    """The pairs of each row of a form; rows that continue a value that spans down are left out.

    Where a name spans several rows and a small table stands beside it (家庭成员: 称谓, 姓名, …), its rows come as pairs
    of their own heads.
    """
    rows: list[list[Pair]] = []
    row = 0
    while row < grid.height:
        inner = _inner_table(grid, row)
        if inner:
            last, found = inner
            rows += found
            row = last
            continue
        rows.append(_pairs_of(grid, row))
        row += 1
    return [pairs for pairs in rows if pairs]


def _marked_by_format(grid: Grid) -> bool:
    """Whether in every row the first cell, the third and so on are marked as heads, and no other."""
    rows = [grid.distinct(row) for row in range(grid.height)]
    if not any(len(row) > 2 for row in rows) and grid.width > 2:
        return False
    wide = grid.width == 2 or any(sum(place.cell.head for place in row) > 1 for row in rows)
    return wide and all(place.cell.head == (at % 2 == 0) for row in rows for at, place in enumerate(row))


def _rows_of_pairs(grid: Grid) -> Iterator[int]:
    """The rows that are not part of a table inside the form."""
    row = 0
    while row < grid.height:
        inner = _inner_table(grid, row)
        if not inner:
            yield row
        row = inner[0] if inner else row + 1


def _pairs_of(grid: Grid, row: int) -> list[Pair]:
    """Names and values by turns. A name at the end has no value; what spans the whole row is a value alone.

    A name that spans several rows of pairs (学历: 全日制教育|本科, 在职教育|硕士) goes before the names beside it.
    """
    places = grid.distinct(row)
    over = ""
    begun = [place for place in places if place.row == row]
    if len(places) > 2 and len(places) % 2 == 1 and _spans_down(grid, row, places[0]):
        over = _name_of(places[0]) + "/"
        begun = [place for place in begun if place.column != places[0].column]
    if len(begun) == 1 and not over:
        return [("", begun[0])]
    pairs: list[Pair] = []
    index = 0
    while index < len(begun):
        name = _name_of(begun[index])
        if name:
            pairs.append((over + name, begun[index + 1] if index + 1 < len(begun) else None))
        index += 2 if name else 1  # a blank where a photograph goes
    return pairs


def _spans_down(grid: Grid, row: int, place: Place) -> bool:
    """Whether the cell stands in more rows than this one."""
    near = [grid.places[at][place.column] for at in (row - 1, row + 1) if 0 <= at < grid.height]
    return any((other.row, other.column) == (place.row, place.column) for other in near)


def _name_of(place: Place) -> str:
    return closed_up(" ".join(place.cell.text.split()).rstrip("：:"))


def _alike(grid: Grid) -> bool:
    """Whether the second column of two has values of one kind other than words: a list of things, not a form."""
    kinds = [kind_of_cell(grid.text(row, 1)) for row in range(1, grid.height)]
    filled = [kind for kind in kinds if kind != "empty"]
    return len(filled) > 2 and len(set(filled)) == 1 and filled[0] not in ("words", "sentence")


def _headed(grid: Grid) -> bool:
    """Whether both cells of the first row read like names."""
    return all(names_a_column(grid.text(0, column)) for column in range(2))


def _under_heads(grid: Grid) -> bool:
    """Whether the first row is nothing but names: then it heads a table."""
    first = [place.cell.text for place in grid.distinct(0) if place.cell.text.strip()]
    return len(first) > 2 and sum(map(names_a_column, first)) > 0.75 * len(first)


def _inner_table(grid: Grid, row: int) -> tuple[int, list[list[Pair]]] | None:
    """A table of three rows or more beside a name that spans them: where it ends, and its rows as pairs."""
    name = grid.places[row][0]
    last = row
    while last < grid.height and (grid.places[last][0].row, grid.places[last][0].column) == (name.row, name.column):
        last += 1
    first = next((c for c in range(grid.width) if grid.places[row][c].column != name.column), grid.width)
    if last - row < 2 or grid.width - first < 3:
        return None
    inside = grid.band(row, last).columns(first, grid.width)
    if not head_depth(inside):
        return None
    heads = [closed_up(inside.text(0, column).strip()) for column in range(inside.width)]
    return last, list(_named_rows(grid, row, last, first, heads))


def _named_rows(grid: Grid, row: int, last: int, first: int, heads: list[str]) -> Iterator[list[Pair]]:
    label = _name_of(grid.places[row][0])
    for number in range(row + 1, last):
        seen: set[tuple[int, int]] = set()
        pairs: list[Pair] = []
        for offset, head in enumerate(heads):
            place = grid.places[number][first + offset]
            if (place.row, place.column) not in seen:
                seen.add((place.row, place.column))
                pairs.append((f"{label}/{head}" if head else label, place))
        if any(place and place.cell.text.strip() for _, place in pairs):
            yield pairs
