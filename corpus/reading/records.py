"""Rows of JSON, JSON Lines and CSV files and the heads of Markdown pages, brought to the fields of an article.

Knows which names people give to the fields, in English and Chinese, and says which rows cannot be used. Knows
nothing of files, encodings or repair.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.errors import ReadError
from corpus.reading.dates import iso_date

FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "正文", "内容", "文章", "全文"),
    "title": ("title", "headline", "标题", "题名", "题目"),
    "id": ("id", "编号", "序号"),
    "published": ("published", "date", "time", "日期", "发布日期", "发布时间", "时间"),
    "source": ("source", "来源", "出处", "媒体", "url", "链接"),
    "author": ("author", "authors", "作者", "记者"),
    "tags": ("tags", "keywords", "标签", "关键词", "关键字"),
}
"""Names of columns for each field of an article, the preferred ones first; compared in lower case."""

_LISTS = ("articles", "data", "rows", "items", "文章")
_NAMED_LINES = 10
_MOST_COLUMNS = 16_384  # as in Excel
_HEAD = re.compile(
    r"---[ \t]*\r?\n(?P<lines>[\w-]+:.*\n(?:(?:[\w-]+:|[ \t#-]).*\n|\r?\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)


class NotArticles(ReadError):
    """The rows are something else than articles, such as a set of questions; in a folder it is passed over."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row, as it stands in the file.

    `number` counts from 1 (in JSON Lines it is the line); 0 where the file is nothing but this one object.
    """

    number: int
    text: str
    title: str = ""
    id: str = ""
    published: str = ""
    source: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """The usable rows of a file, and what was wrong with the others."""

    rows: tuple[Record, ...]
    problem: ReadError | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file as they stand in it, each with its number; 0 where the file is nothing but one object.

    A row is None where it could not be read. `measure` and `unit` name a row in Chinese and English messages.
    """

    values: tuple[tuple[int, object], ...]
    measure: str
    unit: str

    @property
    def objects(self) -> list[Mapping[str, Any]]:
        """The rows that have names."""
        return [value for _, value in self.values if isinstance(value, dict)]


def json_rows(text: str) -> Rows:
    """The rows of a JSON file: one object, a list, or an object that has the list. JSON Lines will do too.

    Raises ReadError if it is no JSON; the message names the line.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            return jsonl_rows(text)
        raise ReadError(
            f"JSON 写得不完整：第 {error.lineno} 行第 {error.colno} 个字符处出错。请改正这一处，或者重新导出文件。",
            f"Broken JSON at line {error.lineno}, column {error.colno} ({error.msg}). Mend it or export it again.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise ReadError(
            "JSON 嵌套太深，或者有几千位的数字，读不了。请改成文章的列表。",
            "The JSON is nested too deeply, or has a number of thousands of digits. Use a list of articles.",
        ) from error
    if isinstance(value, dict):
        listed = [value[name] for name in (*_LISTS, *value) if _is_list_of_rows(value.get(name))]
        if not listed:
            return Rows(((0, value),), "个", "item")
        value = listed[0]
    return Rows(tuple(enumerate(value if isinstance(value, list) else [value], 1)), "个", "item")


def jsonl_rows(text: str) -> Rows:
    """The lines of a JSON Lines file."""
    # Not splitlines: a JSON string may hold U+2028 as it is.
    return Rows(tuple(_json_lines(text.split("\n"))), "行", "line")


def csv_rows(text: str, delimiter: str) -> Rows:
    """The rows of a CSV file by the names in its first row. Raises ReadError if a row cannot be split."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    table = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, strict=False)
    try:
        names = next((row for row in table if any(cell.strip() for cell in row)), [])
        check_width(len(names))
        rows = [dict(zip(names, row, strict=False)) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ReadError(
            f"CSV 第 {table.line_num} 行读不了（{error}）。请检查这一行的引号和逗号。",
            f"Line {table.line_num} of the CSV cannot be read ({error}). Check its quotation marks and commas.",
        ) from error
    return Rows(tuple(enumerate(rows, 1)), "条", "row")


def markdown_head(text: str) -> tuple[Record, int]:
    """What the YAML at the head of a Markdown page says of it, and where the page begins: 0 where there is none.

    Knows lines "name: value", and lists on one line or below their name.
    """
    head = _HEAD.match(text)
    if head is None:
        return Record(0, ""), 0
    values: dict[str, list[str]] = {}
    name = ""
    for line in head["lines"].splitlines():
        value = line.strip(" \t-")
        if line[:1] not in (" ", "\t", "-", "#"):
            name, _, value = line.partition(":")
        values.setdefault(name, []).extend(
            part for item in value.strip(" []").split(", ") if (part := item.strip("'\" "))
        )
    return _record(0, {name: value for name, value in values.items() if name.lower() not in FIELDS["text"]}), head.end()


def _json_lines(lines: Iterable[str]) -> Iterator[tuple[int, object]]:
    """Line number and value of each line that is not blank; None for a line that is no JSON."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (RecursionError, ValueError):
            yield number, None


def records_of(found: Rows) -> Records:
    """The articles that the rows are, each with its fields. Raises ReadError if no row has a text."""
    rows: list[Record] = []
    broken: list[int] = []
    empty: list[int] = []
    seen: dict[str, None] = {}
    for number, value in found.values:
        if not isinstance(value, dict):
            broken.append(number)
            continue
        record = _record(number, value)
        if record.text.strip():
            rows.append(record)
        else:
            empty.append(number)
            seen |= dict.fromkeys(map(str, value))
    if not rows:
        if empty:
            raise no_text(list(seen))
        raise no_objects()
    return Records(tuple(rows), _problem(len(rows), broken, empty, found.measure, found.unit))


def no_objects() -> ReadError:
    """The error for JSON without a single object."""
    return ReadError("里面没有文章：没有一条是 JSON 对象。", "There is no article in it: nothing is a JSON object.")


def check_width(columns: int) -> None:
    """Raises ReadError for more columns than a table has."""
    if columns > _MOST_COLUMNS:
        raise ReadError(
            f"表格有 {columns:,} 栏，太大了，没有读。请分成几个文件。",
            f"The table has {columns:,} columns: too many. Split it into several files.",
        )


def broken_rows(found: Rows) -> ReadError | None:
    """What to tell of the rows that could not be read where the others could; None where there are none."""
    broken = [number for number, value in found.values if not isinstance(value, dict)]
    return _problem(len(found.values) - len(broken), broken, [], found.measure, found.unit)


def _record(number: int, value: Mapping[str, Any]) -> Record:
    lowered = {str(name).strip().lower(): entry for name, entry in value.items()}
    found: dict[str, Any] = {}
    for field, names in FIELDS.items():
        found[field] = next((lowered[name] for name in names if lowered.get(name) not in (None, "", [])), "")
    text = "\n".join(_plain(found["text"])) if isinstance(found["text"], str | list) else ""
    return Record(
        number=number,
        text=text,
        title=" ".join(" ".join(_plain(found["title"])).split()),
        id="" if found["id"] == "" else str(found["id"]).strip(),
        published=iso_date(found["published"]) if found["published"] else "",
        source="、".join(_plain(found["source"])),
        author="、".join(_plain(found["author"])),
        tags=_tags(found["tags"]),
    )


def _plain(value: object) -> list[str]:
    """The strings in `value`, which may be a list, without characters that cannot be stored (lone surrogates)."""
    entries = value if isinstance(value, list) else [value]
    texts = [str(entry) for entry in entries if isinstance(entry, str | int | float)]
    return [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]


def _tags(value: object) -> tuple[str, ...]:
    joined = "，".join(_plain(value))
    for mark in ",、;；|\n\t":
        joined = joined.replace(mark, "，")
    return tuple(dict.fromkeys(tag.strip() for tag in joined.split("，") if tag.strip()))


def _is_list_of_rows(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def question_set() -> NotArticles:
    """The error for a set of questions."""
    return NotArticles(
        "这是一份问题集，不是文章。批量提问请用评测命令。",
        "This is a set of questions, not of articles. Use the evaluation command for it.",
    )


def no_text(names: Sequence[str]) -> ReadError:
    """The error for rows of these names, none of which has a text."""
    shown = "、".join(name.strip() for name in names[:12]) or "（无）"
    return ReadError(
        f"找不到正文：应有名为 text、content、正文或内容的一栏，现有 {shown}。请改栏名，或补上正文。",
        f"No texts: a column should be named text, content, 正文 or 内容; there are {shown}. Rename one or add it.",
    )


def _problem(read: int, broken: Sequence[int], empty: Sequence[int], measure: str, unit: str) -> ReadError | None:
    """What to tell about the rows that were passed over, or None."""
    chinese, english = [], []
    if broken:
        chinese.append(f"第 {_numbers(broken, '、')} {measure}不是完整的 JSON 对象")
        english.append(f"no whole JSON object in {unit} {_numbers(broken, ', ')}")
    if empty:
        chinese.append(f"第 {_numbers(empty, '、')} {measure}没有正文")
        english.append(f"no text in {unit} {_numbers(empty, ', ')}")
    if not chinese:
        return None
    return ReadError(
        f"{'，'.join(chinese)}，已跳过；其余 {read} {measure}照常读入。请改正后再读一次。",
        f"Passed over: {'; '.join(english)}. The other {read} were read. Mend them and read the file again.",
    )


def _numbers(numbers: Sequence[int], mark: str) -> str:
    shown = mark.join(map(str, numbers[:_NAMED_LINES]))
    return f"{shown} …（{len(numbers)}）" if len(numbers) > _NAMED_LINES else shown
