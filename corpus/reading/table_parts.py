"""What stands in a grid above and below its rows: a title, the unit, who filled it in, notes.

Knows grids. Knows nothing of heads and values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.grid import Grid, Place

_UNIT = re.compile(
    r"(?:计量|计价|货币|金额|数量)?单\s*位\s*[：:]\s*(?P<unit>[^\s，,；;）)】\]。、]{1,12}(?:[、，,/][^\s，,；;）)】\]。]{1,6})*)"
)
_ONLY_UNIT = re.compile(rf"[（(【\[]?\s*{_UNIT.pattern}\s*[）)】\]]?")
_NOTE = re.compile(
    r"[（(]?(?:备?注\s*\d*|说明|附注|数据来源|资料来源|来源|填表说明)\s*[）)]?\s*[：:\d.、]|[※*＊]\s*\S|注[：:]"
)
_LABELLED = re.compile(r"[^：:]{1,12}[：:]")
_LONGEST_TITLE = 60
_MEASURES = re.compile(
    r"[\w/%‰（）()·²³]{0,12}?(?:[元人户个件吨米亩斤升套辆台只头次天年月日时分秒家%‰²³]|平方公里|公顷|千瓦|度)"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A grid less its captions (in order; the title is the first that is no label) and notes."""

    body: Grid
    captions: tuple[Place, ...] = ()
    notes: tuple[tuple[Place, ...], ...] = ()
    unit: str = ""

    @property
    def caption(self) -> str:
        """The title: the first caption that says more than a unit or who filled the table in."""
        titles = [place.cell.text for place in self.captions if not _LABELLED.match(place.cell.text)]
        return titles[0] if titles else ""


def unit_in(text: str) -> str:
    """万元 of 经营情况（单位：万元）; "" where no unit is named. 单位：民政局 names an office."""
    for match in _UNIT.finditer(text):
        if _MEASURES.fullmatch(match["unit"].split("、")[0]):
            return match["unit"]
    return ""


def says_only_a_unit(line: str) -> bool:
    """Whether a line is （单位：万元） and nothing else."""
    return bool(_ONLY_UNIT.fullmatch(line.strip()) and unit_in(line))


def parts_of(grid: Grid) -> Parts:
    """Take the captions off the top and the notes off the bottom of `grid`; a table keeps at least one row."""
    first, last = 0, grid.height
    captions: list[Place] = []
    unit = ""
    while grid.width > 1 and first < last - 1 and (found := _caption_cells(grid, first)):
        captions += found
        unit = unit or unit_in(" ".join(place.cell.text for place in found))
        first += 1
    notes: list[tuple[Place, ...]] = []
    while grid.width > 1 and last - 1 > first and (foot := _note_cells(grid, last - 1, bool(captions))):
        notes.insert(0, tuple(foot))
        last -= 1
    return Parts(grid.band(first, last), tuple(captions), tuple(notes), unit)


def _caption_cells(grid: Grid, row: int) -> list[Place]:
    """The cells of a row above the head: one title over the width, a unit, labels with their values."""
    places = grid.distinct(row)
    filled = [place for place in places if place.cell.text.strip()]
    if any(place.row < row for place in filled) or any(_reaches_down(grid, row, place) for place in filled):
        return []
    if len(filled) == 1 and (len(places) == 1 or not _alone_below(grid, row, filled[0].column)):
        return filled if len(filled[0].cell.text) <= _LONGEST_TITLE or len(places) == 1 else []
    labelled = [place for place in filled if _LABELLED.match(place.cell.text)]
    if len(labelled) == len(filled) and any(_ONLY_UNIT.fullmatch(p.cell.text.strip()) for p in filled):
        return filled
    return []


def _reaches_down(grid: Grid, row: int, place: Place) -> bool:
    """Whether the cell also covers the row below."""
    below = grid.places[row + 1][place.column]
    return (below.row, below.column) == (place.row, place.column)


def _alone_below(grid: Grid, row: int, column: int) -> bool:
    """Whether the next row has nothing but the same column, too: then it is a list, not a title over a table."""
    filled = [place.column for place in grid.distinct(row + 1) if place.cell.text.strip()]
    return filled == [column] and not _ONLY_UNIT.fullmatch(grid.text(row + 1, column).strip()) and column > 0


def _note_cells(grid: Grid, row: int, captioned: bool) -> list[Place]:
    """The cells of a row below the rows: notes, sources, and who made the table (制表人：… 审核：…)."""
    filled = [place for place in grid.distinct(row) if place.cell.text.strip()]
    if any(place.row < row for place in filled) or not filled:
        return []
    text = filled[0].cell.text.strip()
    if len(filled) == 1 and filled[0].column == 0 and (_NOTE.match(text) or _LABELLED.match(text)):
        return filled
    if captioned and len(filled) > 1 and all(_LABELLED.match(place.cell.text) for place in filled):
        return filled
    return []
