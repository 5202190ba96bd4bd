"""Structured text as HTML: headings, paragraphs, items and clauses as such, rows as real tables, quotes marked.

Pure functions from values to strings. Texts are given with the place in the article at which they begin, as blocks and
quotes say where they are in the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from corpus.article import Block
from corpus.text.shown_tables import ShownRow, ShownTable
from qa.web.html import Quote, draw_quoted, escape

_DEEPEST = 6


def draw_blocks(
    text: str, blocks: Sequence[Block], quotes: Sequence[Quote], tables: Mapping[int, ShownTable], offset: int = 0
) -> str:
    """`text`, which begins at `offset` of the article and holds `blocks`; without blocks, line by line.

    A row is marked as a whole by the quotes that meet it. `tables` tell, by their number, caption and heads; in a table
    without heads the name of each cell stands before it.
    """
    if not blocks:
        return "".join(_draw_line(text, start, end, quotes, offset) for start, end in _lines(text))
    parts: list[str] = []
    for table, group in groupby(blocks, key=lambda block: block.table if block.kind == "row" and block.cells else -1):
        if table >= 0:
            parts.append(_draw_table(text, list(group), quotes, offset, tables.get(table, ShownTable("", "", (), ()))))
        else:
            parts += [_draw_block(text, block, quotes, offset) for block in group]
    return "".join(parts)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    for line in text.split("\n"):
        if line.strip():
            yield place, place + len(line)
        place += len(line) + 1


def _draw_line(text: str, start: int, end: int, quotes: Sequence[Quote], offset: int) -> str:
    return f'<p data-at="{offset + start}">{draw_quoted(text, start, end, quotes, offset)}</p>'


def _draw_block(text: str, block: Block, quotes: Sequence[Quote], offset: int) -> str:
    shown = draw_quoted(text, block.start - offset, block.end - offset, quotes, offset)
    place = f'data-at="{block.start}"'
    if block.kind == "heading":
        return (
            f'<h4 class="heading level-{min(max(block.level, 1), _DEEPEST)}" id="at-{block.start}" {place}>{shown}</h4>'
        )
    depth = f" depth-{min(max(block.level, 1), 4)}" if block.kind == "item" else ""
    return f'<p class="{block.kind}{depth}" {place}>{shown}</p>'


def _draw_table(text: str, rows: Sequence[Block], quotes: Sequence[Quote], offset: int, table: ShownTable) -> str:
    """Rows that follow each other as one table; the rows that are quoted are marked, and in them what is quoted."""
    caption = " ".join(part for part in (table.caption, table.unit) if part)
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = "".join(_draw_heads(row) for row in table.heads)
    columns = 1 + max(cell.column for row in rows for cell in row.cells) if head else 0
    body = "".join(_draw_row(text, row, columns, quotes, offset) for row in rows)
    return (
        f'<div class="wide"><table class="rows">{top}{f"<thead>{head}</thead>" if head else ""}'
        f"<tbody>{body}</tbody></table></div>"
    )


def _draw_heads(row: ShownRow) -> str:
    def spans(name: str, size: int) -> str:
        return f' {name}="{size}"' if size > 1 else ""

    cells = (
        f'<th scope="col"{spans("colspan", cell.columns)}{spans("rowspan", cell.rows)}>{escape(cell.text)}</th>'
        for cell in row.cells
    )
    return f"<tr>{''.join(cells)}</tr>"


def _draw_row(text: str, row: Block, columns: int, quotes: Sequence[Quote], offset: int) -> str:
    """A row under the heads of `columns` columns, or, with 0, its cells one after the other, each with its name."""
    numbers = sorted({number for start, end, number in quotes if start < row.end and end > row.start})
    quoted = f' class="quoted" data-quotes="{" ".join(map(str, numbers))}"' if numbers else ""
    cells = {cell.column: cell for cell in row.cells}
    drawn: list[str] = []
    for column in range(columns) if columns else sorted(cells):
        cell = cells.get(column)
        start, end = (cell.start - offset, cell.end - offset) if cell else (0, 0)
        if cell and cell.head and not columns:
            drawn.append(f'<th scope="row">{escape(cell.head)}</th>')
        drawn.append(f"<td>{draw_quoted(text, start, end, quotes, offset) if start < end else ''}</td>")
    return f'<tr data-at="{row.start}"{quoted}>{"".join(drawn)}</tr>'
