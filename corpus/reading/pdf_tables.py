"""Tables on a page of a PDF: inside ruled lines, or of columns that stand in line without any.

Knows lines and places; nothing of PDF files, nor of what the cells of a table say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from corpus.reading.grid import Grid, GridCell
from corpus.reading.pdf_lines import Piece, pieces_of
from corpus.reading.pdf_page import Glyph, Page, Rule

_NEAR = 3.0  # points that belong together
_LEAST_SIDE = 6.0  # points of a cell
_MOST_LINES = 400
_LEAST_ROWS = 3
_LONGEST_CELL = 24  # characters of the usual cell of a table without lines
_NUMBERED = re.compile(
    r"第?[〇零一二三四五六七八九十百\d]{1,4}[条章节、.．)）]$|[（(][〇一二三四五六七八九十\d]+[）)]$|[•●■◆○□-]$"
)
_LEADER = re.compile(r"[.．…·]{4,}\s*\d*$")


def ruled_tables(page: Page) -> tuple[list[Piece], list[Glyph]]:
    """The tables inside ruled lines, each as a piece of the flow; and the characters outside of them."""
    glyphs = list(page.glyphs)
    tables: list[Piece] = []
    for group in _connected(page.rules):
        found = _ruled(group, glyphs)
        if found is None:
            continue
        piece, inside = found
        tables.append(piece)
        glyphs = [glyph for glyph in glyphs if id(glyph) not in inside]
    return tables, glyphs


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch, in groups that have both level and upright ones."""
    if len(rules) > _MOST_LINES * 10:
        return []
    parents = list(range(len(rules)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    order = sorted(range(len(rules)), key=lambda n: rules[n].y0)
    active: list[int] = []
    for index in order:
        rule = rules[index]
        active = [other for other in active if rules[other].y1 >= rule.y0 - _NEAR]
        for other in active:
            if rules[other].x0 <= rule.x1 + _NEAR and rule.x0 <= rules[other].x1 + _NEAR:
                parents[root(index)] = root(other)
        active.append(index)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(root(index), []).append(rule)
    return list(groups.values())


def _ruled(group: list[Rule], glyphs: Sequence[Glyph]) -> tuple[Piece, set[int]] | None:
    """The table of one group of rules, and the ids of the characters in it; None where it is no table."""
    level = [rule for rule in group if rule.x1 - rule.x0 > rule.y1 - rule.y0]
    upright = [rule for rule in group if rule.x1 - rule.x0 <= rule.y1 - rule.y0]
    ys = _places([(rule.y0 + rule.y1) / 2 for rule in level])
    xs = _places([(rule.x0 + rule.x1) / 2 for rule in upright])
    if len(ys) < 2 or len(xs) < 2 or len(ys) > _MOST_LINES or len(xs) > _MOST_LINES or (len(ys), len(xs)) == (2, 2):
        return None
    cells = _merged(xs, ys, level, upright)
    contents: dict[tuple[int, int], list[Glyph]] = {}
    inside: set[int] = set()
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        column, row = _slot(xs, x), _slot(ys, y)
        if column is not None and row is not None:
            contents.setdefault(cells[row][column], []).append(glyph)
            inside.add(id(glyph))
    if len(contents) < 2:
        return None
    size = median(glyph.size for part in contents.values() for glyph in part)
    return Piece("", xs[0], ys[0], xs[-1], ys[-1], size, ys[0], _grid(cells, contents)), inside


def _places(values: list[float]) -> list[float]:
    """The values that differ, in order."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _slot(edges: Sequence[float], value: float) -> int | None:
    if not edges[0] <= value <= edges[-1]:
        return None
    return next((index for index in range(len(edges) - 1) if value <= edges[index + 1]), None)


def _merged(
    xs: list[float], ys: list[float], level: Sequence[Rule], upright: Sequence[Rule]
) -> list[list[tuple[int, int]]]:
    """For each slot of the grid the slot (row, column) where its cell begins: no line parts the two."""
    rows, columns = len(ys) - 1, len(xs) - 1
    walls = _drawn(xs, ys, [(r.x0 + r.x1, r.y0, r.y1) for r in upright])
    floors = _drawn(ys, xs, [(r.y0 + r.y1, r.x0, r.x1) for r in level])
    cells = [[(row, column) for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if column and (column, row) not in walls:
                cells[row][column] = cells[row][column - 1]
            elif row and (row, column) not in floors:
                cells[row][column] = cells[row - 1][column]
    return cells


def _drawn(edges: list[float], across: list[float], rules: list[tuple[float, float, float]]) -> set[tuple[int, int]]:
    """Which stretches (edge, slot) of the grid have a line on them."""
    found: set[tuple[int, int]] = set()
    for double, low, high in rules:
        edge = min(range(len(edges)), key=lambda n: abs(edges[n] - double / 2))
        for slot in range(len(across) - 1):
            middle = (across[slot] + across[slot + 1]) / 2
            if low - _NEAR <= middle <= high + _NEAR:
                found.add((edge, slot))
    return found


def _grid(cells: list[list[tuple[int, int]]], contents: dict[tuple[int, int], list[Glyph]]) -> Grid:
    """The grid of the slots that belong together, each cell where it begins."""
    counts: dict[tuple[int, int], list[int]] = {}
    for row, slots in enumerate(cells):
        for start in set(slots):
            reach = counts.setdefault(start, [0, 1])
            reach[0] += 1
            reach[1] = max(reach[1], slots.count(start)) if row == start[0] else reach[1]
    rows: list[list[GridCell]] = []
    for row, slots in enumerate(cells):
        own = [start for column, start in enumerate(slots) if start == (row, column)]
        texts = [cell_text(contents.get(start, [])) for start in own]
        rows.append([GridCell(t, rows=counts[s][0], columns=counts[s][1]) for s, t in zip(own, texts, strict=True)])
    return Grid.of(rows)


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """The text of a cell: its lines run on, as a cell is narrow; with a blank where Latin words meet."""
    text = ""
    for piece in pieces_of(glyphs):
        blank = (
            text and text[-1].isascii() and text[-1].isalnum() and piece.text[0].isascii() and piece.text[0].isalpha()
        )
        text += (" " if blank else "") + piece.text
    return text


def aligned_tables(lines: Sequence[Piece]) -> list[Piece]:
    """The lines with runs of rows whose cells stand in columns brought together as tables."""
    result: list[Piece] = []
    run: list[Piece] = []
    for line in [*lines, None]:
        if line is not None and _is_row(line) and (not run or _follows(run, line)):
            run.append(line)
            continue
        result += _as_table(run)
        run = []
        if line is not None and _is_row(line):
            run = [line]
        elif line is not None:
            result.append(line)
    return result


def _is_row(line: Piece) -> bool:
    return line.table is None and len(line.cells) > 1 and not _LEADER.search(line.text)


def _follows(run: list[Piece], line: Piece) -> bool:
    last = run[-1]
    return (last.left, last.right) == (line.left, line.right) and line.middle - last.middle < 4 * line.size


def _as_table(run: list[Piece]) -> list[Piece]:
    """One table piece for the rows of a run; the run itself where its cells do not stand in columns."""
    if len(run) < _LEAST_ROWS:
        return run
    columns = _columns([(cell.x0, cell.x1) for line in run for cell in line.cells])
    rows = []
    for line in run:
        row = [""] * len(columns)
        for cell in line.cells:
            place = next(n for n, (low, high) in enumerate(columns) if low <= cell.x0 <= high)
            row[place] = f"{row[place]} {cell.text}".strip()
        rows.append(row)
    filled = [sum(map(bool, row)) for row in rows]
    cells = [cell for row in rows for cell in row if cell]
    if len(columns) < 2 or median(filled) < 2 or median(map(len, cells)) > _LONGEST_CELL:
        return run
    if len(columns) == 2 and sum(bool(_NUMBERED.match(line.cells[0].text)) for line in run) > len(run) / 3:
        return run
    first, last = run[0], run[-1]
    table = Grid.of_texts(rows)
    right = max(line.x1 for line in run)
    return [Piece("", first.x0, first.y0, right, last.y1, first.size, first.middle, table, 0, first.left, first.right)]


def _columns(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that the spans cover together, from left to right."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
