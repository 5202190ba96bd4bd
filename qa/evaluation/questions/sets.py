"""Question sets from files and to files, whatever form they come in: the form is told by what is in the file.

Knows files, JSON and JSON Lines. Which names fields go by and what the public forms mean is known to
`forms.py` and what it calls, spreadsheets to `tables.py`.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any, cast

from corpus.errors import InputError, ReadError
from corpus.reading.decoding import decode
from corpus.reading.records import FIELDS as ARTICLE_FIELDS
from qa.evaluation.questions.cases import Case, QuestionSet
from qa.evaluation.questions.forms import add_fields, add_row
from qa.evaluation.questions.gathering import Gathering
from qa.evaluation.questions.table_writing import write_csv, write_xlsx
from qa.evaluation.questions.tables import csv_rows, xlsx_rows

_LISTS = ("data", "questions", "rows", "items", "cases", "问题")
_CRUD = "questanswer"
_GZIP, _ZIP, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARK = b"\xef\xbb\xbf"


def read_question_set(path: Path | str) -> QuestionSet:
    """The questions in a file: our own JSON Lines, JSON, CSV or XLSX, SQuAD and its likes, RGB, CRUD-RAG; also .gz.

    Raises ReadError for a file that cannot be read, InputError for one without questions. Rows that cannot be used are
    named in the `problems` of the set; a row whose "留用" (keep) says no is left out without a word.
    """
    path = Path(path)
    gathering = Gathering()
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            _gather(gathering, file)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    except ReadError as error:
        raise ReadError(f"{path.name}：{error.chinese}", f"{path.name}: {error.english}") from error
    except InputError as error:
        raise InputError(f"{path.name}：{error.chinese}", f"{path.name}: {error.english}") from error
    if not gathering.cases:
        raise _no_questions(path, gathering)
    articles = tuple(gathering.articles.values())
    return QuestionSet(_stem(path), tuple(gathering.cases), articles, digest, gathering.problems())


def write_question_set(cases: Sequence[Case], path: Path | str) -> None:
    """Write `cases` as .jsonl, .csv or .xlsx; they are read back equal, but for blank answers and repeated ids.

    The file is written beside and renamed. Raises InputError for another suffix, for what a spreadsheet cannot hold,
    and where the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".jsonl", ".csv", ".xlsx"):
        raise InputError(
            f"问题集写成 .jsonl、.csv 或 .xlsx，不能写成“{path.name}”。请改一下后缀。",
            f"A question set is written as .jsonl, .csv or .xlsx, not as {path.name!r}. Change the ending.",
        )
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(cases, beside, path.suffix.lower())
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"问题集写不到 {path}（{error.strerror}）。文件若在表格软件里开着，请先关上；或者换一个地方。",
            f"The question set cannot be written to {path} ({error.strerror}). Close it if a spreadsheet program has "
            "it open, or choose another place.",
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _write(cases: Sequence[Case], path: Path, suffix: str) -> None:
    if suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as table:
            write_csv(cases, table)
    elif suffix == ".xlsx":
        with path.open("wb") as book:
            write_xlsx(cases, book)
    else:
        with path.open("w", encoding="utf-8", newline="\n") as lines:
            lines.writelines(_line(case) for case in cases)


def _line(case: Case) -> str:
    plain = {name: value for name, value in asdict(case).items() if value not in ((), "", None)}
    line = json.dumps(plain, ensure_ascii=False)
    # Half a character, which some program may have left, can only be written as its number.
    return (json.dumps(plain) if re.search("[\ud800-\udfff]", line) else line) + "\n"


def _gather(gathering: Gathering, file: IO[bytes]) -> None:
    head = file.read(4)
    file.seek(0)
    if head == _ZIP:
        gathering.unit = ("行", "row")
        _add_table(gathering, xlsx_rows(file))
    elif head == _OLE:
        raise ReadError(
            "这是旧格式的表格（.xls）或加了密码的表格。请用表格软件打开，另存为不加密的 .xlsx 或 CSV。",
            "A spreadsheet of the old form (.xls), or one with a password. Save it as .xlsx or CSV without one.",
        )
    elif head[:2] == _GZIP:
        with gzip.open(file) as unpacked:
            _gather_text(gathering, cast(IO[bytes], unpacked))
    else:
        _gather_text(gathering, file)


def _gather_text(gathering: Gathering, file: IO[bytes]) -> None:
    """JSON Lines in UTF-8 are read line by line, however many there are; everything else as a whole."""
    skipped = []
    first = file.readline()
    while first and not first.removeprefix(_MARK).strip():
        skipped.append(first)
        first = file.readline()
    row = _object(first.removeprefix(_MARK))
    if row is not None and _listed(row) is None:
        _add_lines(gathering, [*skipped, first.removeprefix(_MARK)], file)
        return
    # As in the other forms, a question is what was written; what is shown of it is made harmless where it is shown.
    text = decode(b"".join((*skipped, first)) + file.read(), keep_escapes=True).text
    if text.lstrip()[:1] in ("{", "["):
        _gather_json(gathering, text)
    else:
        gathering.unit = ("行", "row")
        _add_table(gathering, csv_rows(text))


def _gather_json(gathering: Gathering, text: str) -> None:
    """A JSON document, or JSON Lines in another encoding or with a broken first line."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise InputError("JSON 嵌套太深，读不了。", "The JSON is nested too deeply.") from error
    except ValueError as error:
        _add_lines(gathering, io.StringIO(text))
        if not gathering.cases:
            raise _broken(error) from error
        return
    rows = value if isinstance(value, list) else _listed(value) if isinstance(value, dict) else []
    if isinstance(value, dict) and any(name.startswith(_CRUD) for name in value):
        gathering.left_out = [name for name in value if not name.startswith(_CRUD)]
    for number, row in enumerate([value] if rows is None else rows, 1):
        if isinstance(row, dict):
            add_row(gathering, number, row)
        else:
            gathering.note("broken", number)


def _add_lines(gathering: Gathering, *sources: Iterable[str | bytes]) -> None:
    """Add the objects of lines; the ones that are no objects are noted."""
    gathering.unit = ("行", "line")
    number = 0
    for source in sources:
        for line in source:
            number += 1
            if not line.strip():
                continue
            row = _object(line)
            if row is None:
                gathering.note("broken", number)
            else:
                add_row(gathering, number, row)


def _add_table(gathering: Gathering, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
    for number, found in rows:
        add_fields(gathering, number, found, found)


def _object(line: str | bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (RecursionError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _listed(value: dict[str, Any]) -> list[Any] | None:
    """The rows that `value` is only the cover of; None if it is a row itself."""
    asked = [entry for name, entry in value.items() if name.startswith(_CRUD) and isinstance(entry, list)]
    if asked:
        return [row for entry in asked for row in entry]
    covered = (value[name] for name in _LISTS if isinstance(value.get(name), list))
    return next((rows for rows in covered if not rows or isinstance(rows[0], dict)), None)


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem


def _broken(error: ValueError) -> InputError:
    where = ("", "")
    if isinstance(error, json.JSONDecodeError):
        where = (
            f"：第 {error.lineno} 行第 {error.colno} 个字符处出错",
            f" at line {error.lineno}, column {error.colno}",
        )
    return InputError(
        f"JSON 写得不完整{where[0]}。请改正这一处，或者重新导出文件。",
        f"Broken JSON{where[1]}. Mend it or export the file again.",
    )


def _unreadable(path: Path, error: Exception) -> ReadError:
    if isinstance(error, FileNotFoundError):
        return ReadError(f"没有这个文件：{path}。请检查路径。", f"There is no file {path}. Check the path.")
    if isinstance(error, IsADirectoryError):
        return ReadError(
            f"{path} 是文件夹；问题集应当是一个文件（.jsonl、.csv、.xlsx、.json）。",
            f"{path} is a folder; a question set is one file (.jsonl, .csv, .xlsx, .json).",
        )
    why = getattr(error, "strerror", None) or str(error)
    return ReadError(f"{path} 读不了（{why}）。", f"{path} cannot be read ({why}).")


def _no_questions(path: Path, gathering: Gathering) -> InputError:
    if {name.strip().lower() for name in gathering.fields} & set(ARTICLE_FIELDS["text"]):
        return InputError(
            f"{path.name} 里是文章，不是问题。问题集每条要有“问题”（question）一栏；给文章建索引请用 wenju index。",
            f"{path.name} holds articles, not questions. Each entry of a question set has a field “question”; to index "
            "articles use `wenju index`.",
        )
    named = "、".join(gathering.fields) or "（无）"
    more = "".join(f" {chinese}" for chinese, _ in gathering.problems())
    in_english = "".join(f" {english}" for _, english in gathering.problems())
    return InputError(
        f"{path.name} 里没有问题：每条要有“问题”（question）一栏，现有的栏是 {named}。{more}".strip(),
        f"No questions in {path.name}: each entry needs a field “question”; there are {named}.{in_english}",
    )
