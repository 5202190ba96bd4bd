"""The control words of rich text (.rtf), and its rows of cells as a grid.

Knows which groups are seen, which code page a character set means, and how wide a cell is. Knows nothing of documents.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from corpus.reading.grid import Grid, cell_of

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# Groups that no reader of the printed page sees.
UNSEEN = frozenset(
    [
        "colortbl",
        "listtable",
        "listoverridetable",
        "revtbl",
        "rsidtbl",
        "generator",
        "pict",
        "object",
        "themedata",
        "colorschememapping",
        "latentstyles",
        "datastore",
        "xmlnstbl",
        "filetbl",
        "fldinst",
        "pgdsctbl",
        "nonshppict",
        "bkmkstart",
        "bkmkend",
        "atnid",
        "atnauthor",
        "annotation",
        "pntext",
        "pnseclvl",
        "template",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "ftnsep",
        "ftnsepc",
        "aftnsep",
        "panose",
        "falt",
    ]
)
PLACES = {"footnote": "note", "listtext": "number", "fonttbl": "fonts", "stylesheet": "styles", "info": "info"}
PLACES |= dict.fromkeys(("header", "headerl", "headerr", "headerf"), "head")
SEEN_THOUGH_STARRED = frozenset({"shptxt", "listtext", "footnote", "shpinst", "ud"})
CODE_PAGES = {
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    204: "cp1251",
    161: "cp1253",
    238: "cp1250",
}
SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "tab": "\t", "line": "\n", "emspace": " ", "enspace": " ", "lbr": "\n", "softline": "\n", "nestcell": "\n",
}  # fmt: skip


def grid_of(rows: list[tuple[list[str], list[tuple[int, bool]]]]) -> Grid:
    """The rows as a grid: a cell is as wide as the edges of other rows that it passes."""
    edges = sorted({edge for _, row in rows for edge, _ in row})
    placed: list[dict[int, list[int]]] = []  # by first column: columns and rows that the cell takes
    for cells, row in rows:
        line, column = {}, 0
        for number, (edge, merged) in enumerate(row[: len(cells)]):
            width = max(1, bisect_right(edges, edge) - column)
            above = next((before for before in reversed(placed) if column in before and before[column][1]), None)
            if merged and above is not None:
                above[column][1] += 1
                line[column] = [width, 0, number]
            else:
                line[column] = [width, 1, number]
            column += width
        placed.append(line)
    return Grid.of(
        [cell_of(cells[number], rows=down, columns=width) for width, down, number in line.values() if down]
        for (cells, _), line in zip(rows, placed, strict=True)
    )
