"""A table that goes on over the next page, with its head again or without it.

Knows grids. Knows nothing of pages: which tables follow one another, the caller knows.
"""

from __future__ import annotations

from corpus.reading.grid import Grid, Place
from corpus.reading.table_forms import is_form
from corpus.reading.table_heads import head_depth
from corpus.reading.table_parts import parts_of
from corpus.text.quantities import kind_of_cell


def continues(before: Grid, after: Grid) -> bool:
    """Whether `after` is the rest of `before` on the next page: the same columns, and the same or no head."""
    before, after = before.without_empty(), after.without_empty()
    if not after.height or before.width != after.width or before.width < 2 or before.height < 2:
        return False
    body = parts_of(before).body
    if parts_of(after).captions:
        return False
    depth = head_depth(body)
    if depth and after.words(0, depth) == body.words(0, depth):
        return True
    if is_form(body) or head_depth(after) or is_form(after):
        return False
    return all(_kinds_meet(body, after, depth, column) for column in range(body.width))


def joined(before: Grid, after: Grid) -> Grid:
    """The two as one grid, less a head that `after` repeats."""
    before, after = before.without_empty(), after.without_empty()
    body = parts_of(before).body
    depth = head_depth(body)
    repeated = depth if depth and after.words(0, depth) == body.words(0, depth) else 0
    shift = before.height - repeated
    rest = after.places[repeated:]
    moved = tuple(tuple(Place(p.cell, max(p.row, repeated) + shift, p.column) for p in row) for row in rest)
    return Grid(before.places + moved)


def _kinds_meet(before: Grid, after: Grid, depth: int, column: int) -> bool:
    """Whether a column goes on with a kind that it had; blanks and words meet anything but amounts under words."""
    had = {kind_of_cell(before.text(row, column)) for row in range(depth, before.height)} - {"empty"}
    has = {kind_of_cell(after.text(row, column)) for row in range(after.height)} - {"empty"}
    return not had or not has or bool(had & has) or had | has <= {"words", "sentence"}
