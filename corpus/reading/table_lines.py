"""A line of a table as one line of text: 姓名：张三；部门：财务科, and the exact place of every cell in it.

Knows the form of a line. Knows nothing of grids or articles: offsets count from the beginning of the line.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Run
from corpus.reading.tables import Recognised, TableLine

COLON, JOINT = "：", "；"


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """The value of a cell in the text of its line: `text[start:end]`; an empty cell has `start == end`."""

    head: str
    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """The text of a line, its cells (also the empty ones), and where its values stood in the raw file."""

    text: str
    cells: tuple[WrittenCell, ...]
    runs: tuple[Run, ...]


def written_line(line: TableLine) -> WrittenLine:
    """`line` in words. Empty cells are left out of the text, and stand where they would have been.

    A line with nothing but empty cells is the names of its fields: 单位意见：
    """
    text = ""
    cells: list[WrittenCell] = []
    runs: list[Run] = []
    for value in line.values:
        if not value.text:
            cells.append(WrittenCell(value.head, len(text), len(text), value.column))
            continue
        text += (JOINT if text else "") + (value.head + COLON if value.head else "")
        cells.append(WrittenCell(value.head, len(text), len(text) + len(value.text), value.column))
        runs += [Run(len(text) + run.clean, run.raw, run.length) for run in value.runs]
        text += value.text
    if not text:
        text = JOINT.join(value.head + COLON for value in line.values if value.head)
        cells = [WrittenCell(cell.head, len(text), len(text), cell.column) for cell in cells]
    return WrittenLine(text, tuple(cells), tuple(runs))


def lines_of_text(table: Recognised) -> list[str]:
    """All lines of a table as texts, for a table that stands inside a cell of another."""
    return [text for line in table.lines if (text := written_line(line).text)]
