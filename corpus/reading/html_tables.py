"""Tables of web pages as grids.

Knows the elements of HTML that make a table. Knows nothing of pages, heads and values. Elements come from lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corpus.reading.grid import Grid, GridCell, cell_of
from corpus.reading.table_lines import lines_of_text
from corpus.reading.tables import recognise

_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_LINES = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"})
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
_BOLD = frozenset({"b", "strong"})
_HIDDEN = re.compile(r"display\s*:\s*none")
_DEEPEST = 5
_MOST_ROWS = 65_534  # what a span may say in HTML


def html_grid(table: Any, depth: int = 0) -> Grid:
    """The table element as a grid; rows of thead are heads. A table inside a cell becomes the text of its rows."""
    return Grid.of(
        [_cell(cell, head, depth) for cell in row if _name(cell) in ("td", "th")] for row, head in _rows(table)
    )


def caption_of(table: Any) -> str:
    """The caption element of a table on one line; "" where there is none."""
    caption = next((child for child in table if _name(child) == "caption"), None)
    return "" if caption is None else " ".join("".join(_pieces(caption, _DEEPEST)).split())


def is_layout(table: Any) -> bool:
    """Whether a table only places things on a page: no head and no caption, and tables or long texts in its cells."""
    cells = [cell for row, _ in _rows(table) for cell in row if _name(cell) in ("td", "th")]
    if any(_name(cell) == "th" for cell in cells) or caption_of(table) or table.get("border") not in (None, "0", ""):
        return False
    inner = any(_name(part) == "table" for cell in cells for part in cell.iter())
    return len(cells) <= 1 or inner


def _rows(table: Any) -> Iterator[tuple[Any, bool]]:
    for part in table:
        if _name(part) == "tr" and _is_seen(part):
            yield part, False
        elif _name(part) in _SECTIONS and _is_seen(part):
            yield from ((row, _name(part) == "thead") for row in part if _name(row) == "tr" and _is_seen(row))


def _cell(cell: Any, head: bool, depth: int) -> GridCell:
    text = "".join(_pieces(cell, depth)) if _is_seen(cell) else ""
    return cell_of(
        text,
        rows=_span(cell, "rowspan"),
        columns=_span(cell, "colspan"),
        head=head or _name(cell) == "th",
        bold=any(_name(part) in _BOLD for part in cell),
    )


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    number = int(value[:9])
    return min(number, _MOST_ROWS) if number or name == "colspan" else _MOST_ROWS  # rowspan=0: to the end


def _pieces(element: Any, depth: int) -> Iterator[str]:
    """The visible text of an element in order, blanks around what stands on lines of its own."""
    rest: list[Any] = [element]
    while rest:
        node = rest.pop()
        if isinstance(node, str):
            yield node
            continue
        name = _name(node)
        if node is not element:
            rest.append((" " if name in _LINES else "") + (node.tail or ""))
        if not name or name in _UNSEEN or not _is_seen(node):
            continue
        if name == "table":
            if depth < _DEEPEST:
                yield " " + "；".join([caption_of(node), *lines_of_text(recognise(html_grid(node, depth + 1)))]).lstrip(
                    "；"
                )
            continue
        yield (" " if name in _LINES else "") + (node.text or "")
        rest += reversed(node)


def _is_seen(element: Any) -> bool:
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


def _name(element: Any) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""
