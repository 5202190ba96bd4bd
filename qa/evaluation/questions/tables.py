"""Question sets as people write them in a spreadsheet: CSV and XLSX.

Knows columns, cells and what a spreadsheet does to text. Knows nothing of paths, and of fields only their names.

Alternatives in one cell are separated by | or a line break, parts that are all required by ； or a line break. What
a cell cannot hold in that way, such as an answer with a | in it, is written as `json:` and the JSON of it. In CSV a
text that a spreadsheet would take for a formula gets a ' in front, which is taken off again.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from corpus.errors import InputError, ReadError
from qa.evaluation.questions.fields import fields_of

COLUMNS: Mapping[str, tuple[str, int]] = {
    "keep": ("留用", 6),
    "id": ("编号", 12),
    "question": ("问题", 40),
    "answers": ("参考答案", 28),
    "answer_groups": ("必答要点", 28),
    "answerable": ("能否回答", 10),
    "articles": ("文章", 24),
    "passage": ("原文", 70),
    "kind": ("类型", 14),
    "given": ("限定文章", 24),
    "wrong_answers": ("错误答案", 20),
    "history": ("对话", 40),
    "since": ("起始日期", 12),
    "until": ("截止日期", 12),
    "remark_by": ("提出人", 12),
    "remark_at": ("提出时间", 18),
    "remark_text": ("问题所在", 40),
    "remark_answer": ("当时的回答", 40),
}
"""Header and width (in characters) of every column that is written."""

_DELIMITERS = "\t,;，|"  # the ones that questions have least first: a single column is not cut at its commas
_HEAD_ROWS = 10
JSON = "json:"
_ALTERNATIVES = re.compile(r"[|｜\n]")
_PARTS = re.compile(r"[；;\n]")
_NAMES = re.compile(r"[|｜\n；;]|(?<=》)[、，,]?\s*(?=《)")
_TURNS = re.compile(r"\s*问[：:](.*?)(?:\s*答[：:](.*?))?(?=\s*问[：:]|\Z)", re.DOTALL)
GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t]")


def csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row numbers as a spreadsheet shows them, and fields, of the text of a CSV file.

    Comma, tab, semicolon or | may separate the columns: whichever finds most of them. Raises InputError where no row
    at the top names a column of questions, or a row cannot be split.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    text = text.replace("\0", "")
    delimiter = max(_DELIMITERS, key=lambda mark: _columns(text, mark))  # the first of those that find as many
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from _rows(table)
    except csv.Error as error:
        raise InputError(
            f"CSV 第 {table.line_num} 行读不了（{error}）。请检查这一行的引号和逗号。",
            f"Line {table.line_num} of the CSV cannot be read ({error}). Check its quotation marks and commas.",
        ) from error


def xlsx_rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row numbers and fields of the first sheet that has a column of questions. Raises InputError, ReadError."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the file that are no cells
            book = load_workbook(file, read_only=True, data_only=True)
            sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
            for sheet in sheets:
                sheet.reset_dimensions()  # some programs write that the sheet has one cell
            tops = [[[_shown(cell) for cell in row] for row in sheet.iter_rows(max_row=_HEAD_ROWS)] for sheet in sheets]
            best = max(range(len(sheets)), key=lambda place: (_header(tops[place]) is not None, -place), default=None)
            if best is None:
                raise ValueError("no sheet")
            yield from _rows([_shown(cell) for cell in row] for row in sheets[best].iter_rows())
    except InputError:
        raise
    except Exception as error:  # the library lets out whatever a damaged archive or its XML gives rise to
        raise ReadError(
            f"这个表格文件读不了（{type(error).__name__}）：可能已损坏。请用表格软件另存为 .xlsx 或 CSV。",
            f"This spreadsheet cannot be read ({type(error).__name__}): damaged, or no .xlsx. Save it again as .xlsx "
            "or CSV.",
        ) from error


def _rows(table: Iterable[Sequence[str]]) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = enumerate(table, 1)
    top = list(islice(rows, _HEAD_ROWS))
    place = _header([row for _, row in top])
    if place is None:
        shown = "、".join(cell for _, row in top[:1] for cell in row if cell.strip())[:200] or "（空）"
        raise InputError(
            f"表格里没有“问题”一栏（第一行是：{shown}）。请在第一行写上栏名：问题、参考答案、能否回答、文章……",
            f"No column of questions in the table (its first row: {shown}). Name the columns in the first row: "
            "question, answers, answerable, articles ...",
        )
    names = top[place][1]
    for source in (top[place + 1 :], rows):
        for number, row in source:
            found = _row(names, row)
            if found:
                yield number, found


def _row(names: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """The fields of a row; none if it is blank."""
    cells = {name: cell.strip() for name, cell in reversed(list(zip(names, row, strict=False)))}
    return {field: value_of(field, _unguarded(cell)) for field, cell in fields_of(cells).items()}


def _header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of `rows` names a column of questions."""
    return next((place for place, row in enumerate(rows) if "question" in fields_of(dict.fromkeys(row, True))), None)


def _columns(text: str, delimiter: str) -> int:
    """How many known columns `delimiter` finds in `text`."""
    # A head that ends within a quoted cell only loses that cell.
    table = csv.reader(io.StringIO(text[: 1 << 16], newline=""), delimiter=delimiter)
    try:
        rows = list(islice(table, _HEAD_ROWS))
    except csv.Error:
        rows = []
    place = _header(rows)
    return 0 if place is None else len(fields_of(dict.fromkeys(rows[place], True)))


def value_of(field: str, cell: str) -> Any:
    """What a cell says: texts for a list, else one text."""
    if cell.startswith(JSON):
        try:
            return json.loads(cell.removeprefix(JSON))
        except (RecursionError, ValueError):
            return cell
    if field in ("answers", "wrong_answers"):
        return _split(_ALTERNATIVES, cell)
    if field in ("articles", "given"):
        return _split(_NAMES, cell)
    if field == "answer_groups":
        return [_split(_ALTERNATIVES, part) for part in _PARTS.split(cell)]
    if field == "history" and _TURNS.match(cell):
        return [[part.strip() for part in turn.groups("")] for turn in _TURNS.finditer(cell)]
    return cell


def _split(marks: re.Pattern[str], cell: str) -> list[str]:
    return [part.strip() for part in marks.split(cell) if part.strip()]


def _unguarded(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


def _shown(cell: Any) -> str:
    """What a person sees in a cell of a sheet."""
    value, form = cell.value, cell.number_format or "General"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return _day(value, form)
    if not isinstance(value, int | float):
        return str(value)
    decimals = re.search(r"0\.(0+)", form)
    if "%" in form:
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    comma = "," if "#,##0" in form else ""
    if decimals and "E" not in form:
        return f"{value:{comma}.{len(decimals[1])}f}"
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):{comma}}"
    return f"{value:{comma}.{11}g}"


def _day(value: date, form: str) -> str:
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if "年" in form:
        return f"{value.year}年" + f"{value.month}月" * ("月" in form) + f"{value.day}日" * ("日" in form)
    return f"{value:%Y-%m-%d}"
