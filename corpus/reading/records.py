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
_DELIMITERS = ",\t;，|"
_NAMED_LINES = 10
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


def json_records(text: str) -> Records:
    """The articles of a JSON file: one object, a list, or {"articles": [...]}. JSON Lines will do too.

    Raises ReadError if it is no JSON (the message names the line) or has no article.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            return jsonl_records(text)
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
        listed = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
        if listed is None:
            return _records([(0, value)], "个", "item")
        value = listed
    if not isinstance(value, list):
        value = [value]
    return _records(enumerate(value, 1), "个", "item")


def jsonl_records(text: str) -> Records:
    """The articles of a JSON Lines file. Broken lines are named in the problem, the others are read.

    Raises ReadError if no line is an article.
    """
    # Not splitlines: a JSON string may hold U+2028 as it is.
    return _records(_json_lines(text.split("\n")), "行", "line")


def csv_records(text: str) -> Records:
    """The articles of a CSV file whose first row names the columns; comma, tab, semicolon or | between them.

    Raises ReadError if there is no column of texts, or a row cannot be split.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first_line = re.split("[\r\n]", text.lstrip(), maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: (_has_text_column(first_line.split(mark)), first_line.count(mark)))
    table = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, strict=False)
    try:
        names = next((row for row in table if any(cell.strip() for cell in row)), [])
        if not _has_text_column(names):
            raise _no_text(names)
        rows = [dict(zip(names, row, strict=False)) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ReadError(
            f"CSV 第 {table.line_num} 行读不了（{error}）。请检查这一行的引号和逗号。",
            f"Line {table.line_num} of the CSV cannot be read ({error}). Check its quotation marks and commas.",
        ) from error
    return _records(enumerate(rows, 1), "条", "row")


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


def _records(values: Iterable[tuple[int, object]], measure: str, unit: str) -> Records:
    """The usable ones of numbered rows. `measure` and `unit` name a row in Chinese and English messages."""
    rows: list[Record] = []
    broken: list[int] = []
    empty: list[int] = []
    seen: dict[str, None] = {}
    for number, value in values:
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
            raise _no_text(list(seen))
        raise ReadError("里面没有文章：没有一条是 JSON 对象。", "There is no article in it: nothing is a JSON object.")
    return Records(tuple(rows), _problem(len(rows), broken, empty, measure, unit))


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


def _has_text_column(names: Sequence[str]) -> bool:
    return any(name.strip().strip('"').lower() in FIELDS["text"] for name in names)


def _no_text(names: Sequence[str]) -> ReadError:
    """The error for a file without texts: NotArticles for a set of questions, else ReadError."""
    lowered = {name.strip().lower() for name in names}
    if lowered & {"question", "问题", "query"} and not _has_text_column(names):
        return NotArticles(
            "这是一份问题集，不是文章。批量提问请用评测命令。",
            "This is a set of questions, not of articles. Use the evaluation command for it.",
        )
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
