"""From the characters of a page to lines in reading order.

Knows rows, columns, and the gaps that part words, cells and columns. Knows nothing of PDF files, nor of what a line is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.reading.grid import Grid
from corpus.reading.pdf_page import Glyph

_PARTED = 1.3  # gap between two pieces of a row, in font sizes
_SPACED = 0.28  # gap that stands for a blank between Latin words, in font sizes
_HAN_SPACED = 0.6  # the same between Chinese characters
_LEAST_LINES = 3  # of a column
_LEAST_FILL = 0.55  # share of its column that the usual line of running text fills
_LEAST_LENGTH = 7  # characters of the usual line of running text
_MOST_SPANNING = 0.35
_BIN = 2.0
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


@dataclass(slots=True)
class Piece:
    """Characters of one row with no wide gap between them; or a table, which stands in the flow like a line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    middle: float  # of its row
    table: Grid | None = None
    page: int = 0
    left: float = 0.0  # of the column that it stands in
    right: float = 0.0
    cells: list[Piece] = field(default_factory=list)  # the pieces of a row that was joined


def pieces_of(glyphs: Sequence[Glyph]) -> list[Piece]:
    """The pieces of all rows, from top to bottom and from left to right."""
    return [_piece(part, row_middle(row)) for row in rows_of(glyphs) for part in _parted(row)]


def row_middle(row: Sequence[Glyph]) -> float:
    return median((glyph.y0 + glyph.y1) / 2 for glyph in row)


def rows_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The characters of each row from left to right, blanks too where they stand between others."""
    rows: list[list[Glyph]] = []
    heights: list[tuple[float, float]] = []  # middle and size of each row
    for glyph in sorted(glyphs, key=lambda g: (g.y0 + g.y1) / 2):
        middle = (glyph.y0 + glyph.y1) / 2
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            at, size = heights[index]
            if abs(middle - at) <= 0.45 * max(size, glyph.size):
                rows[index].append(glyph)
                if glyph.size > size:
                    heights[index] = (middle, glyph.size)
                break
        else:
            rows.append([glyph])
            heights.append((middle, glyph.size))
    ordered = (sorted(row, key=lambda g: g.x0) for row in rows)
    return [row for row in ordered if any(glyph.text.strip() for glyph in row)]


def _parted(row: list[Glyph]) -> list[list[Glyph]]:
    """The row cut at wide gaps. Letters that are set apart evenly stay together."""
    parts: list[list[Glyph]] = []
    previous: Glyph | None = None
    for glyph in row:
        if not glyph.text.strip():
            if parts:
                parts[-1].append(glyph)
            continue
        # A glyph printed over its twin makes it bold.
        if previous is not None and glyph.text == previous.text and glyph.x0 - previous.x0 < 0.3 * glyph.size:
            continue
        if previous is None or glyph.x0 - previous.x1 > _PARTED * max(glyph.size, previous.size):
            parts.append([])
        parts[-1].append(glyph)
        previous = glyph
    bare = [[glyph for glyph in part if glyph.text.strip()] for part in parts]
    if len(parts) > 1 and all(len(part) == 1 and _HAN.match(part[0].text) for part in bare):
        gaps = [after[0].x0 - before[0].x1 for before, after in itertools.pairwise(bare)]
        if max(gaps) < 1.3 * min(gaps) and max(gaps) < 4 * row[0].size:
            return [[glyph for part in parts for glyph in part]]
    return parts


def _piece(part: list[Glyph], middle: float) -> Piece:
    glyphs = [glyph for glyph in part if glyph.text.strip()]
    blanks = {id(before) for before, after in itertools.pairwise(part) if not after.text.strip()}
    size = median(glyph.size for glyph in glyphs)
    pairs = list(itertools.pairwise(glyphs))
    gaps = [after.x0 - before.x1 for before, after in pairs]
    # Text set wide has the same gap or a blank everywhere, and it stands for nothing.
    usual = max(0.0, median(gaps)) if len(gaps) > 1 else 0.0
    if len(gaps) == 1 and gaps[0] > 0 and all(_HAN.match(glyph.text) for glyph in glyphs):
        usual = gaps[0]
    wide = len(pairs) > 2 and sum(id(before) in blanks for before, _ in pairs) > 0.7 * len(pairs)
    text = glyphs[0].text
    for (before, after), gap in zip(pairs, gaps, strict=True):
        han = bool(_HAN.match(before.text) and _HAN.match(after.text))
        needed = (_HAN_SPACED if han else _SPACED) * size
        if gap - usual > needed or (id(before) in blanks and not wide):
            text += " "
        text += after.text
    top, bottom = min(glyph.y0 for glyph in glyphs), max(glyph.y1 for glyph in glyphs)
    return Piece(text, glyphs[0].x0, top, glyphs[-1].x1, bottom, size, middle)


def in_reading_order(pieces: Sequence[Piece], depth: int = 0) -> list[Piece]:
    """The pieces of a page column by column, each with the borders of the column that it stands in."""
    if not pieces:
        return []
    gutter = _gutter(pieces) if depth < 4 else None
    if gutter is None:
        left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
        for piece in pieces:
            piece.left, piece.right = left, right
        return sorted(pieces, key=lambda p: (p.middle, p.x0))
    ordered: list[Piece] = []
    band: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.y0):
        if piece.x0 < gutter[0] - 1 and piece.x1 > gutter[1] + 1:
            ordered += _columns(band, gutter, depth)
            band = []
            piece.left, piece.right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
            ordered.append(piece)
        else:
            band.append(piece)
    return ordered + _columns(band, gutter, depth)


def _columns(band: list[Piece], gutter: tuple[float, float], depth: int) -> list[Piece]:
    middle = (gutter[0] + gutter[1]) / 2
    left = [piece for piece in band if (piece.x0 + piece.x1) / 2 < middle]
    right = [piece for piece in band if (piece.x0 + piece.x1) / 2 >= middle]
    return in_reading_order(left, depth + 1) + in_reading_order(right, depth + 1)


def _gutter(pieces: Sequence[Piece]) -> tuple[float, float] | None:
    """The blank strip between two columns of running text, or None."""
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    bins = int((right - left) / _BIN) + 1
    if bins < 20 or bins > 5_000:
        return None
    covered = [0] * (bins + 1)
    for piece in pieces:
        covered[int((piece.x0 - left) / _BIN)] += 1
        covered[min(bins, int((piece.x1 - left) / _BIN) + 1)] -= 1
    most = _MOST_SPANNING * len(pieces)
    size = median(piece.size for piece in pieces)
    best: tuple[int, tuple[float, float]] | None = None
    start, count = None, 0
    for place in range(bins + 1):
        count += covered[place]
        if count <= most and place < bins:
            start = place if start is None else start
            continue
        if start is not None:
            strip = _free(pieces, left + start * _BIN, left + place * _BIN, size)
            found = _balance(pieces, strip) if strip is not None else 0
            if strip is not None and found and (best is None or found > best[0]):
                best = (found, strip)
        start = None
    return best[1] if best else None


def _free(pieces: Sequence[Piece], start: float, end: float, size: float) -> tuple[float, float] | None:
    """The strip inside start..end that only pieces across it cover; None where it is narrow."""
    inner = [(p.x0, p.x1) for p in pieces]
    ends = [x1 for x0, x1 in inner if start <= x1 < end and x0 < start]
    begins = [x0 for x0, x1 in inner if start < x0 <= end + _BIN and x1 > end]
    low, high = max(ends, default=start), min(begins, default=end)
    return (low, high) if high - low >= max(0.8 * size, 6.0) else None


def _balance(pieces: Sequence[Piece], strip: tuple[float, float]) -> int:
    """How many lines of running text stand on the thinner side of the strip; 0 where it parts no columns."""
    sides: list[list[Piece]] = [
        [piece for piece in pieces if piece.x1 <= strip[0] + 1],
        [piece for piece in pieces if piece.x0 >= strip[1] - 1],
    ]
    spanning = len(pieces) - len(sides[0]) - len(sides[1])
    if min(map(len, sides)) < _LEAST_LINES or spanning > len(sides[0]) + len(sides[1]):
        return 0
    tops, bottoms = [min(p.y0 for p in side) for side in sides], [max(p.y1 for p in side) for side in sides]
    if min(bottoms) <= max(tops):
        return 0
    for side in sides:
        width = max(p.x1 for p in side) - min(p.x0 for p in side)
        lines = [p for p in side if p.table is None]
        if not lines:
            continue
        if (
            median(len(p.text) for p in lines) < _LEAST_LENGTH
            or median(p.x1 - p.x0 for p in lines) < _LEAST_FILL * width
        ):
            return 0
    return min(map(len, sides))


def joined_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that stand side by side in one column as one line, which remembers its parts."""
    lines: list[Piece] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        beside = (
            last is not None
            and last.table is None
            and piece.table is None
            and (last.left, last.right) == (piece.left, piece.right)
            and abs(piece.middle - last.middle) <= 0.45 * max(piece.size, last.size)
            and piece.x0 >= last.x1
        )
        if last is None or not beside:
            lines.append(piece)
            continue
        parts = [*(last.cells or [last]), piece]
        lines[-1] = Piece(
            " ".join(part.text for part in parts), parts[0].x0, min(p.y0 for p in parts), piece.x1,
            max(p.y1 for p in parts), median(p.size for p in parts), last.middle,
            None, piece.page, piece.left, piece.right, parts,
        )  # fmt: skip
    return lines
