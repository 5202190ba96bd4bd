"""What is printed on every page of a PDF: heads, feet, page numbers, watermarks.

Knows where such lines stand and how often they come again. Knows nothing of PDF files or of what a line says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.reading.pdf_lines import Piece

_MARGIN = 0.11  # share of the page above and below where heads and feet stand
_MOST_BESIDE = 3  # pieces of a running head; a row of more is one of a table
_OFTEN = 0.4  # share of the pages on which a running head stands at least
_EVERYWHERE = 0.6
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?[\dIVXivx〇一二三四五六七八九十]{1,5}\s*页?(?:\s*[/／,，共of]+\s*\d{1,5}\s*页?)?[-—–·\s]*"
)


def running(flows: list[list[Piece]], heights: list[float]) -> dict[tuple[int, int], str]:
    """Page and id of heads, feet, page numbers and watermarks, with what is worth keeping of each."""
    found: dict[tuple[int, int], str] = {}
    groups: dict[tuple[str, str, int], list[tuple[int, Piece]]] = {}
    for number, flow in enumerate(flows):
        outer = _outermost(flow, heights[number])
        for piece in flow:
            if piece.table is not None:
                continue
            margin = id(piece) in outer
            if margin and _PAGE_NUMBER.fullmatch(piece.text):
                found[number, id(piece)] = ""
            else:
                key = re.sub(r"\d+", "#", piece.text) if margin else piece.text
                groups.setdefault(("margin" if margin else "inside", key, round(piece.middle / 6)), []).append(
                    (number, piece)
                )
    for (zone, key, _), members in groups.items():
        pages = {number for number, _ in members}
        least = max(2, _OFTEN * len(flows)) if zone == "margin" else max(3, _EVERYWHERE * len(flows))
        if len(pages) >= least and (zone == "margin" or len({round(piece.x0 / 6) for _, piece in members}) == 1):
            bare = re.sub(r"[第共页\s#/\-—]", "", key)
            for number, piece in members:
                found[number, id(piece)] = piece.text if bare and number == min(pages) else ""
    return found


def _outermost(flow: Sequence[Piece], height: float) -> set[int]:
    """The ids of the pieces in the first and last two rows, as far as these stand in the margin and are no table."""
    rows: list[list[Piece]] = []
    for piece in sorted(flow, key=lambda p: p.middle):
        if rows and piece.middle - rows[-1][0].middle <= 0.45 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    outer = [row for row in rows[:2] if row[0].middle < _MARGIN * height]
    outer += [row for row in rows[2:][-2:] if row[0].middle > (1 - _MARGIN) * height]
    return {id(piece) for row in outer if len(row) <= _MOST_BESIDE for piece in row}
