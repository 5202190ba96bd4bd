"""Question sets written as spreadsheets: CSV and XLSX, of which `tables.py` reads every cell back as it was."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from typing import IO

from corpus.errors import InputError
from qa.answer import Turn
from qa.evaluation.questions.cases import Case, Remark
from qa.evaluation.questions.fields import groups, texts, turns
from qa.evaluation.questions.tables import COLUMNS, GUARDED, JSON, value_of

_MOST_CHARACTERS, _MOST_ROWS = 32_767, 1_048_575  # of a cell and a sheet of Excel
_ALWAYS = 9  # so many columns are there even if they are empty

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t]")

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


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
            cell = WriteOnlyCell(sheet, f"'{plain}" if GUARDED.match(plain) else plain)
            cell.data_type = "s"  # text it is, whatever it looks like
            cell.quotePrefix = bool(_FORMULA.match(plain))
            cell.alignment = wrapped
            row.append(cell)
        sheet.append(row)
    book.save(file)


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
        cells["remark_text"] = f'{JSON}""'  # a remark that says nothing is still one
    return {field: cell for field, cell in cells.items() if cell}


def _cell(field: str, plain: str, value: object) -> str:
    """`plain` if it is read back as `value`, else the JSON of it."""
    if not value:
        return ""
    back = value_of(field, plain.strip())
    back = groups(back) if field == "answer_groups" else back if isinstance(value, str) else texts(back)
    if back == value and plain == plain.strip() and not plain.startswith(JSON) and not _UNWRITABLE.search(plain):
        return plain
    return JSON + json.dumps(value, ensure_ascii=bool(_UNWRITABLE.search(plain)))


def _history(history: tuple[Turn, ...]) -> str:
    plain = "\n".join(f"问：{turn.question}" + (f"\n答：{turn.answer}" if turn.answer else "") for turn in history)
    if not history or (turns(value_of("history", plain)) == history and not _UNWRITABLE.search(plain)):
        return plain
    return JSON + json.dumps([[turn.question, turn.answer] for turn in history])


def _used(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns to write: those that every sheet has, and those that some case needs."""
    always = list(COLUMNS)[:_ALWAYS]
    used = {field for cells in rows for field in cells}
    return [field for field in COLUMNS if field in always or field in used]


def _too_much(chinese: str, english: str) -> InputError:
    return InputError(
        f"{chinese}，超过了 Excel 的上限，写不成 .xlsx。请改写成 .jsonl 或 .csv。",
        f"{english}, more than Excel can hold in .xlsx. Write .jsonl or .csv instead.",
    )
