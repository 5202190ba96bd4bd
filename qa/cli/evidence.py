"""Evidence in a terminal: a quote with the answer marked, and a row inside its table, in columns.

Columns are aligned by the width of characters (Chinese ones take two). Knows widths and styles; what is shown of a
table, `corpus.text.shown_tables` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from corpus.text.shown_tables import ShownCell, ShownRow, ShownTable, table_in

if TYPE_CHECKING:
    from qa.answer import Citation

_WIDEST = 24  # columns of the terminal for one column of the table
_GAP = 2
_QUOTED = "> "  # before the quoted row, for terminals without styles


def quoted_lines(citation: Citation, shortest: Sequence[str], width: int) -> Iterator[Text]:
    """The quote with the `shortest` answers in it marked; a row of a table among its neighbours."""
    words = [one for one in shortest if one]
    places = [
        (citation.start + found, citation.start + found + len(one))
        for one in words
        if (found := citation.quote.find(one)) >= 0
    ]
    if table := table_in(citation.passage, citation.start, citation.end, places):
        yield from drawn_table(table, width)
        return
    quote = Text(citation.quote)
    quote.highlight_words(words, "bold underline")
    yield quote


def drawn_table(table: ShownTable, width: int) -> Iterator[Text]:
    """The lines of a table no wider than `width`; cells too long are cut with an ellipsis, the marked ones last."""
    rows = [*_levelled(table.heads), *table.rows]
    width -= len(_QUOTED)
    widths = _widths(rows, width)
    if table.caption or table.unit:
        yield Text(table.caption + (f"（单位：{table.unit}）" if table.unit else ""), style="bold")
    for number, row in enumerate(rows):
        yield Text(_QUOTED if row.marked else " " * len(_QUOTED)) + _line(row, widths)
        if number == len(table.heads) - 1:
            yield Text(" " * len(_QUOTED) + "─" * min(width, sum(widths) + _GAP * (len(widths) - 1)), style="dim")
    if table.above or table.below:
        yield Text(f"（另有 {table.above + table.below} 行）", style="dim")


def _levelled(heads: Sequence[ShownRow]) -> list[ShownRow]:
    """Head rows with a blank under each cell that reaches down from above."""
    reaching: dict[int, int] = {}
    rows = []
    for row in heads:
        cells: list[ShownCell] = []
        column = 0
        waiting = list(row.cells)
        while waiting or reaching.get(column, 0):
            if reaching.get(column, 0):
                reaching[column] -= 1
                cells.append(ShownCell("", head=True))
                column += 1
                continue
            cell = waiting.pop(0)
            reaching |= {column + at: cell.rows - 1 for at in range(cell.columns)}
            cells.append(cell)
            column += cell.columns
        rows.append(ShownRow(tuple(cells)))
    return rows


def _widths(rows: Sequence[ShownRow], width: int) -> list[int]:
    """How wide each column is: as its widest cell, and narrower where all would not fit beside one another."""
    count = max((sum(cell.columns for cell in row.cells) for row in rows), default=0)
    widths = [1] * count
    for row in rows:
        column = 0
        for cell in row.cells:
            if cell.columns == 1 and column < count:
                widths[column] = max(widths[column], min(cell_len(cell.text), width if cell.marked else _WIDEST))
            column += cell.columns
    over = sum(widths) + _GAP * (count - 1) - width
    while over > 0 and max(widths, default=0) > 4:
        widest = widths.index(max(widths))
        widths[widest] -= 1
        over -= 1
    return widths


def _line(row: ShownRow, widths: Sequence[int]) -> Text:
    line = Text("")
    column = 0
    for cell in row.cells:
        size = sum(widths[column : column + cell.columns]) + _GAP * (cell.columns - 1)
        style = "bold underline" if cell.marked else "dim" if cell.head or not row.marked else ""
        shown = _fitted(cell, size)
        line.append(shown.rstrip(), style=style).append(" " * (cell_len(shown) - cell_len(shown.rstrip()) + _GAP))
        column += cell.columns
    line.rstrip()
    return line


def _fitted(cell: ShownCell, size: int) -> str:
    """The text in exactly `size` columns, cut with an ellipsis where it is longer."""
    if cell_len(cell.text) <= size:
        return set_cell_size(cell.text, size)
    return set_cell_size(cell.text, size - 1) + "…"
