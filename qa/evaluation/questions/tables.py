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
from qa.answer import Turn
from qa.evaluation.questions.cases import Case, Remark
from qa.evaluation.questions.forms import fields_of, groups, texts, turns

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

_ALWAYS = 9  # so many columns are there even if they are empty
_DELIMITERS = "\t,;，|"  # the ones that questions have least first: a single column is not cut at its commas
_HEAD_ROWS = 10
_MOST_CHARACTERS, _MOST_ROWS = 32_767, 1_048_575  # of a cell and a sheet of Excel
_JSON = "json:"
_ALTERNATIVES = re.compile(r"[|｜\n]")
_PARTS = re.compile(r"[；;\n]")
_NAMES = re.compile(r"[|｜\n；;]|(?<=》)[、，,]?\s*(?=《)")
_TURNS = re.compile(r"\s*问[：:](.*?)(?:\s*答[：:](.*?))?(?=\s*问[：:]|\Z)", re.DOTALL)
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


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


def write_csv(cases: Sequence[Case], file: IO[str]) -> None:
    """Write `cases` to a file opened as "utf-8-sig" with newline="", so that Excel reads the Chinese right."""
    rows = [_cells(case) for case in cases]
    fields = _used(rows)
    table = csv.writer(file)
    table.writerow([COLUMNS[field][0] for field in fields])
    for cells in rows:
        table.writerow([f"'{cell}" if _FORMULA.match(cell := cells.get(field, "")) else cell for field in fields])


def write_xlsx(cases: Sequence[Case], file: IO[bytes]) -> None:
    """Write `cases` as a sheet for a person to check. Raises InputError for what a sheet cannot hold."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if len(cases) > _MOST_ROWS:
        raise _too_much(f"{len(cases)} 行", f"{len(cases)} rows")
    rows = [_cells(case) for case in cases]
    for cells in rows:
        longest = max(map(len, cells.values()))
        if longest >= _MOST_CHARACTERS:
            raise _too_much(
                f"“{cells.get('id', '')}”的一格有 {longest} 个字",
                f"A cell of {cells.get('id', '')} has {longest} characters",
            )
    fields = _used(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("问题集")
    sheet.freeze_panes = "A2"
    top = []
    for place, field in enumerate(fields, 1):
        header, width = COLUMNS[field]
        sheet.column_dimensions[get_column_letter(place)].width = width
        top.append(WriteOnlyCell(sheet, header))
        top[-1].font = Font(bold=True)
    sheet.append(top)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for cells in rows:
        row = []
        for field in fields:
            plain = cells.get(field, "")
            cell = WriteOnlyCell(sheet, f"'{plain}" if _GUARDED.match(plain) else plain)
            cell.data_type = "s"  # text it is, whatever it looks like
            cell.quotePrefix = bool(_FORMULA.match(plain))
            cell.alignment = wrapped
            row.append(cell)
        sheet.append(row)
    book.save(file)


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
    return {field: _value(field, _unguarded(cell)) for field, cell in fields_of(cells).items()}


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


def _value(field: str, cell: str) -> Any:
    """What a cell says: texts for a list, else one text."""
    if cell.startswith(_JSON):
        try:
            return json.loads(cell.removeprefix(_JSON))
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
    return cell[1:] if _GUARDED.match(cell) else cell


def _cells(case: Case) -> dict[str, str]:
    """The cells of `case` by field, without empty ones."""
    said = case.remark or Remark()
    cells = {
        "answers": _cell("answers", "|".join(case.answers), case.answers),
        "wrong_answers": _cell("wrong_answers", "|".join(case.wrong_answers), case.wrong_answers),
        "articles": _cell("articles", "|".join(case.articles), case.articles),
        "given": _cell("given", "|".join(case.given), case.given),
        "answer_groups": _cell("answer_groups", "；".join(map("|".join, case.answer_groups)), case.answer_groups),
        "answerable": "是" if case.answerable else "否",
        "history": _history(case.history),
    }
    plain = {name: getattr(case, name) for name in ("id", "question", "passage", "kind", "since", "until")}
    plain |= {f"remark_{name}": getattr(said, name) for name in ("by", "at", "text", "answer")}
    cells |= {field: _cell(field, value, value) for field, value in plain.items()}
    if case.remark == Remark():
        cells["remark_text"] = f'{_JSON}""'  # a remark that says nothing is still one
    return {field: cell for field, cell in cells.items() if cell}


def _cell(field: str, plain: str, value: object) -> str:
    """`plain` if it is read back as `value`, else the JSON of it."""
    if not value:
        return ""
    back = _value(field, plain.strip())
    back = groups(back) if field == "answer_groups" else back if isinstance(value, str) else texts(back)
    if back == value and plain == plain.strip() and not plain.startswith(_JSON) and not _UNWRITABLE.search(plain):
        return plain
    return _JSON + json.dumps(value, ensure_ascii=bool(_UNWRITABLE.search(plain)))


def _history(history: tuple[Turn, ...]) -> str:
    plain = "\n".join(f"问：{turn.question}" + (f"\n答：{turn.answer}" if turn.answer else "") for turn in history)
    if not history or (turns(_value("history", plain)) == history and not _UNWRITABLE.search(plain)):
        return plain
    return _JSON + json.dumps([[turn.question, turn.answer] for turn in history])


def _used(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns to write: those that every sheet has, and those that some case needs."""
    always = list(COLUMNS)[:_ALWAYS]
    used = {field for cells in rows for field in cells}
    return [field for field in COLUMNS if field in always or field in used]


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


def _too_much(chinese: str, english: str) -> InputError:
    return InputError(
        f"{chinese}，超过了 Excel 的上限，写不成 .xlsx。请改写成 .jsonl 或 .csv。",
        f"{english}, more than Excel can hold in .xlsx. Write .jsonl or .csv instead.",
    )
