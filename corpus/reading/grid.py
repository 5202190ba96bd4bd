"""Cells in their places: what a table of any format comes down to before anyone asks what its rows say.

Knows spans and their limits. Knows nothing of formats, heads or texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Run
from corpus.errors import ReadError

WIDEST = 1000
"""Columns that spans may make; a table may be wider only by cells that are really there."""
MOST_PLACES = 2_000_000
"""Places that one table may have, rows times columns."""

# Characters that show nothing part words here, so that runs stay whole stretches of the file.
_BLANK = re.compile(r"\s")
_WORD = re.compile("[^\\s\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as the format has it: its text on one line, the rows and columns it covers.

    `head` is true where the format says so (th, a repeated row of Word, the first row of Markdown). `runs` tell where
    the text stood in the raw file, their `clean` offsets counted from the beginning of `text`.
    """

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False
    bold: bool = False
    runs: tuple[Run, ...] = ()


def cell_of(
    text: str, start: int = -1, *, rows: int = 1, columns: int = 1, head: bool = False, bold: bool = False
) -> GridCell:
    """A cell of `text` on one line: blanks and line breaks become one blank, characters that show nothing go.

    `start` is the offset of `text` in the raw file where it stands there as it is, -1 where it does not.
    """
    word = _WORD.match(text)
    if word and word.end() == len(text):  # as nearly all are
        own = (Run(0, start, len(text)),) if start >= 0 else ()
        return GridCell(text, rows, columns, head, bold, own)
    line = ""
    runs: list[Run] = []
    end = 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        line += " " if line and (" " in between or _BLANK.search(between)) else ""
        if start >= 0:
            runs.append(Run(len(line), start + word.start(), len(word.group())))
        line += word.group()
        end = word.end()
    return GridCell(line, rows, columns, head, bold, tuple(runs))


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a grid: the cell that covers it, and the row and column where that cell begins."""

    cell: GridCell
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of places, row by row. Places that no cell covers have an empty cell of their own."""

    places: tuple[tuple[Place, ...], ...]

    @classmethod
    def of(cls, rows: Iterable[Sequence[GridCell]]) -> Grid:
        """Set the cells of each row one after the other, around what spans down from above.

        Spans end at the border of the table. Raises ReadError for more than MOST_PLACES places.
        """
        given = [list(row) for row in rows]
        width = max((len(row) for row in given), default=0)
        if all(cell.rows <= 1 and cell.columns <= 1 for row in given for cell in row):
            _check(width * len(given))
            own = ({x: Place(cell, y, x) for x, cell in enumerate(row)} for y, row in enumerate(given))
            return cls(tuple(_filled(row, number, width) for number, row in enumerate(own)))
        widest = max(WIDEST, width)
        placed: list[dict[int, Place]] = [{} for _ in given]
        taken = 0
        for number, row in enumerate(given):
            column = 0
            for cell in row:
                while column in placed[number]:
                    column += 1
                last = min(column + max(1, cell.columns), max(widest, column + 1))
                for below in range(number, min(number + max(1, cell.rows), len(given))):
                    for across in range(column, last):
                        placed[below].setdefault(across, Place(cell, number, column))
                    taken += last - column
                    _check(taken)
                column = last
        width = max((max(row) + 1 for row in placed if row), default=0)
        _check(width * len(given))
        return cls(tuple(_filled(row, number, width) for number, row in enumerate(placed)))

    @classmethod
    def of_texts(cls, rows: Iterable[Sequence[str]]) -> Grid:
        """A grid of plain cells."""
        return cls.of([GridCell(text) for text in row] for row in rows)

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.places)

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.places[0]) if self.places else 0

    def text(self, row: int, column: int) -> str:
        """The text at a place: of the cell that covers it."""
        return self.places[row][column].cell.text

    def words(self, first: int, last: int) -> list[list[str]]:
        """The texts of rows `first` up to `last` without blanks, to compare heads by."""
        return [["".join(place.cell.text.split()) for place in row] for row in self.places[first:last]]

    def distinct(self, row: int) -> list[Place]:
        """The cells that a row shows, from left to right, each once."""
        return list(_once(self.places[row]))

    def band(self, first: int, last: int) -> Grid:
        """Rows `first` up to `last` (not included) as a grid of their own; cells that reach in begin at its border."""
        cut = self.places[first:last]
        return Grid(tuple(tuple(Place(p.cell, max(0, p.row - first), p.column) for p in row) for row in cut))

    def columns(self, first: int, last: int) -> Grid:
        """Columns `first` up to `last` (not included) as a grid of their own."""
        return Grid(
            tuple(tuple(Place(p.cell, p.row, max(0, p.column - first)) for p in row[first:last]) for row in self.places)
        )

    def turned(self) -> Grid:
        """Rows as columns."""
        turned = zip(*self.places, strict=True)
        return Grid(tuple(tuple(Place(p.cell, p.column, p.row) for p in row) for row in turned))

    def without_empty(self) -> Grid:
        """Less the rows and columns in which nothing stands."""
        rows = [row for row in self.places if any(place.cell.text.strip() for place in row)]
        kept = [column for column in range(self.width) if any(row[column].cell.text.strip() for row in rows)]
        if len(rows) == self.height and len(kept) == self.width:
            return self
        return Grid(tuple(_renumbered([[row[column] for column in kept] for row in rows])))


def _check(places: int) -> None:
    if places > MOST_PLACES:
        raise ReadError(
            f"表格太大：超过 {MOST_PLACES:,} 格。请分成几张表。",
            f"A table is too large: more than {MOST_PLACES:,} cells. Split it into several.",
        )


def _filled(row: dict[int, Place], number: int, width: int) -> tuple[Place, ...]:
    return tuple(row.get(column) or Place(GridCell(""), number, column) for column in range(width))


def _once(row: Sequence[Place]) -> Iterator[Place]:
    for index, place in enumerate(row):
        if index == 0 or (place.row, place.column) != (row[index - 1].row, row[index - 1].column):
            yield place


def _renumbered(rows: Sequence[Sequence[Place]]) -> Iterator[tuple[Place, ...]]:
    """Places of a grid that lost rows or columns: each cell begins where it is first met."""
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for number, row in enumerate(rows):
        for column, place in enumerate(row):
            first.setdefault((place.row, place.column), (number, column))
    for row in rows:
        yield tuple(Place(p.cell, *first[p.row, p.column]) for p in row)
