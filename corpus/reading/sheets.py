"""Spreadsheets (.xlsx .xls .xlsb .ods .et): the visible sheets as grids of the texts that their cells show.

Knows python-calamine, and of an .xlsx how figures are shown (percent, decimals). Knows nothing of what a table says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from corpus.errors import MissingPackage, ReadError
from corpus.reading.grid import Grid, cell_of
from corpus.reading.packages import Package, attribute, child, children

_MOST_CELLS = 5_000_000
_LONGEST_CELL = 100_000
"""Characters; Excel itself allows 32,767."""
_BUILT_IN = {2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_CELL = re.compile(rb"<c\b([^>]*)>")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_FIGURES = re.compile(r"[#0,]*[0#](?:\.(0+))?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is shown; `merged` are first and last row and column, from 0, of cells that are one."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def grid(self) -> Grid:
        """The sheet as a grid."""
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in self.merged}
        covered = {
            (row, column)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom + 1, len(self.rows)))
            for column in range(left, min(right + 1, len(self.rows[row])))
            if (row, column) != (top, left)
        }
        return Grid.of(
            [
                cell_of(text, rows=spans.get((y, x), (1, 1))[0], columns=spans.get((y, x), (1, 1))[1])
                for x, text in enumerate(row)
                if (y, x) not in covered
            ]
            for y, row in enumerate(self.rows)
        )


def sheets(data: bytes) -> list[Sheet]:
    """The visible sheets that have something on them. Raises ReadError if the file is damaged, locked or too large."""
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise MissingPackage(
            "读电子表格需要的软件包没有装好。请运行：pip install python-calamine",
            "The package that reads spreadsheets is not installed. Run: pip install python-calamine",
        ) from error
    formats = _Formats(data)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        found = [
            _sheet(book.get_sheet_by_name(about.name), formats.of(about.name))
            for about in book.sheets_metadata
            if about.visible == calamine.SheetVisibleEnum.Visible and about.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as error:
        raise ReadError(
            "表格设了密码。请去掉密码另存后再试。", "The workbook is locked with a password. Save it without one."
        ) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise ReadError(
            f"表格损坏，打不开（{error}）。请用 Excel 或 WPS 打开，另存为 .xlsx。",
            f"The workbook is damaged and cannot be opened ({error}). Open it and save it as .xlsx again.",
        ) from error
    return [sheet for sheet in found if any(any(row) for row in sheet.rows)]


def _sheet(sheet: Any, formats: Mapping[tuple[int, int], str]) -> Sheet:
    if sheet.height * sheet.width > _MOST_CELLS:
        raise ReadError(
            f"工作表「{sheet.name}」有 {sheet.height:,} 行 {sheet.width:,} 列，太大了，没有读。请分成几个文件。",
            f"Sheet {sheet.name!r} has {sheet.height:,} rows and {sheet.width:,} columns: too large. Split it.",
        )
    top, left = sheet.start or (0, 0)
    rows = []
    for y, row in enumerate(sheet.iter_rows(), top):
        rows.append(tuple(_shown(value, formats.get((y, x), "")) for x, value in enumerate(row, left)))
    merged = tuple(
        (y1 - top, x1 - left, y2 - top, x2 - left)
        for (y1, x1), (y2, x2) in sheet.merged_cell_ranges or ()
        if y1 >= top and x1 >= left
    )
    return Sheet(sheet.name, tuple(rows), merged)


def _shown(value: object, form: str) -> str:
    """The text of a cell as the sheet shows it."""
    if isinstance(value, str):
        if len(value) > _LONGEST_CELL:
            raise ReadError(
                f"有一格里有 {len(value):,} 个字，表格里不会有这么长的一格，没有读。",
                f"A cell has {len(value):,} characters, as none in a workbook has; it was not read.",
            )
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return figure(value, form)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return value.isoformat() if isinstance(value, date) else str(value)


def figure(value: float, form: str = "") -> str:
    """A figure in the form that Excel calls `form`: percent, decimals, thousands and what is written around it."""
    section = form.split(";")[0]
    literal = [(match.group(1) or match.group(2)) for match in _LITERAL.finditer(section)]
    bare = re.sub(r"\[[^\]]*\]|[_*].", "", _LITERAL.sub("\0", section)).strip()
    pattern = _FIGURES.search(bare)
    if pattern is None or len(literal) > 2 or "e" in bare.lower() or "/" in bare:
        return _plain(value)
    decimals = len(pattern.group(1) or "")
    scaled = value * 100 if "%" in bare else value
    text = f"{scaled:{',' if ',' in pattern.group() else ''}.{decimals}f}"
    if "%" in bare:
        text += "%"
    for number, part in enumerate(literal):
        leads = number == 0 and "\0" in bare[: pattern.start()]
        text = f"{part}{text}" if leads else f"{text}{part}"
    return text


def _plain(value: float) -> str:
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.15g}"


class _Formats:
    """Which cells of an .xlsx show their figures otherwise than plainly; none of any other kind of file."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data) if data.startswith(b"PK") else None
        self._styles: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        package = self._package
        if package is None or not package.main.startswith("xl/"):
            self._package = None
            return
        relations = package.relations(package.main)
        book = package.xml(package.main)
        for sheet in children(child(book, "sheets"), "sheet"):
            ids = [value for key, value in sheet.attrib.items() if key.startswith("{")]
            self._parts[attribute(sheet, "name")] = relations.get(ids[0] if ids else "", ("", ""))[1]
        root = next(
            (package.xml(part) for kind, part in relations.values() if kind == "styles" and part in package), None
        )
        self._styles = _styles(root)

    def of(self, sheet: str) -> Mapping[tuple[int, int], str]:
        """The form of each cell (row and column from 0) that has one of its own."""
        if self._package is None or not self._styles or sheet not in self._parts:
            return {}
        return dict(self._cells(self._package.read(self._parts[sheet])))

    def _cells(self, data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
        for match in _CELL.finditer(data):
            style = re.search(rb'\bs="(\d+)"', match.group(1))
            place = re.search(rb'\br="([A-Z]{1,3})(\d{1,7})"', match.group(1))
            if style and place and (form := self._styles.get(style.group(1).decode())):
                column = 0
                for letter in place.group(1):
                    column = column * 26 + letter - ord("A") + 1
                yield (int(place.group(2)) - 1, column - 1), form


def _styles(root: Any) -> dict[str, str]:
    """The forms that tell more than the bare figure does, by the number of the cell style."""
    own = {
        attribute(node, "numFmtId"): attribute(node, "formatCode")
        for node in children(child(root, "numFmts"), "numFmt")
    }
    found: dict[str, str] = {}
    for number, style in enumerate(children(child(root, "cellXfs"), "xf")):
        key = attribute(style, "numFmtId")
        form = own.get(key) or (_BUILT_IN.get(int(key), "") if key.isdigit() else "")
        if form and not re.search("[ymdhs]", _LITERAL.sub("", re.sub(r"\[[^\]]*\]", "", form)), re.IGNORECASE):
            found[str(number)] = form
    return found
