"""A table as records: what its rows say under the names of its columns, be it a list with a head or a form.

Knows articles, blocks, and how heads and codes are written. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from corpus.article import Article, Block, Table
from corpus.text.figures import NUMERAL, han_number
from corpus.text.quantities import CellKind, is_total, kind_of_cell, quantity
from corpus.text.shown_tables import section_above
from corpus.text.terms import normalise

_BRACKETED = re.compile(r"[(（\[【](?P<inside>[^)）\]】]*)[)）\]】]")
_CODE_JOINT = re.compile(r"(?<=[a-z])[-—–－‐_ ]+(?=\d)|(?<=\d)[—–－‐](?=[\da-z])")
_HAN_CODE = re.compile(rf"(?<![{NUMERAL}])[{NUMERAL}]+(?=号楼|号院|单元|号线|[栋幢班组期届路楼])")
_SERIAL = re.compile(r"序号|序|no\.?|#|行号|编号")
_NO_UNIT = re.compile(r"[人户个件次份]数|数量|比例|占比|[%％率]|年[份度]|编[号码]|电话|号码")
_LONGEST_VALUE = 40
_NO_AMOUNT = re.compile(
    r"序号?$|^no\.?$|[编工学证账号]号|编码|代码|电话|手机|传真|办公室|房间|室$|邮编|年[份度]$|^年$|排名|名次|号$"
)
_COUNTED = re.compile(r"(?P<unit>[户人件次个家台辆])数$|(?P<unit_>\0)")
_MEASURE = re.compile(r"[^\W\d_]{1,6}[²³]?|[%‰℃]|[^\W\d_]{1,4}/[^\W\d_]{1,3}")


@dataclass(frozen=True, slots=True, eq=False)
class TableRows:
    """One table of an article: its rows are the blocks of kind "row" that belong to it, in order.

    Keep it where many questions are asked: what is worked out about its cells is kept with it.
    """

    article: Article
    table: Table
    rows: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A value in a record: its text, the number of its row in `TableRows.rows`, and of its cell in that row."""

    text: str
    row: int
    cell: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head as printed, its plain names (all levels and each level), what it mostly holds, its unit."""

    head: str
    plain: str
    levels: tuple[str, ...]
    kind: CellKind
    unit: str

    @property
    def is_amount(self) -> bool:
        """Whether its values are measured or counted: no serial numbers, telephones, rooms, years."""
        return self.kind in ("number", "percent") and not _NO_AMOUNT.search(self.plain)


@dataclass(frozen=True, slots=True)
class Record:
    """What is said of one thing: a place for every column of the view (None: not in this record)."""

    places: tuple[Held | None, ...]
    total: bool

    def text(self, column: int) -> str:
        """The value, "" where the cell is empty."""
        place = self.places[column]
        return place.text if place else ""


@dataclass(frozen=True, slots=True)
class View:
    """A table by records and columns; `key` is the column that names each record, `totals` the rows of sums."""

    source: TableRows
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    totals: tuple[Record, ...]
    key: int
    values: Mapping[str, tuple[tuple[int, int], ...]]
    """Record and column of each value in plain form, amounts excepted."""
    amounts: Mapping[str, tuple[tuple[int, int], ...]]
    """The same for amounts, which mean something only beside the name of their column."""


def tables_of(article: Article) -> tuple[TableRows, ...]:
    """The tables of an article that have rows."""
    found = []
    for number, table in enumerate(article.tables):
        rows = tuple(block for block in article.blocks if block.kind == "row" and block.table == number)
        if rows:
            found.append(TableRows(article, table, rows))
    return tuple(found)


def plain(text: str) -> str:
    """`text` as questions and cells are compared: simplified, half width, X-900 as x900, 三号楼 as 3号楼."""
    joined = _CODE_JOINT.sub("", normalise(text))
    return _HAN_CODE.sub(lambda match: format(han_number(match.group()), "f"), joined).strip()


def plain_head(head: str) -> str:
    """A head as it is compared: without what stands in brackets, without marks."""
    return re.sub(r"[\s：:*＊#]", "", plain(_BRACKETED.sub("", head)))


@lru_cache(maxsize=64)
def view_of(source: TableRows) -> View | None:
    """The table as records; None for one without heads, of which nothing can be asked exactly."""
    records = list(_records(source))
    heads = list(dict.fromkeys(head for record in records for head in record if head))
    if not heads or not records:
        return None
    made = [_record(record, heads) for record in records]
    columns = tuple(_column(source, head, made, at) for at, head in enumerate(heads))
    things = tuple(record for record in made if not record.total)
    values, amounts = _by_value(columns, things)
    totals = tuple(record for record in made if record.total)
    return View(source, columns, things, totals, _key(columns, things), values, amounts)


def narrowed_view(view: View, kept: Sequence[int]) -> View:
    """The view of only some of its records (by number), without sums: those are of all."""
    records = tuple(view.records[at] for at in kept)
    values, amounts = _by_value(view.columns, records)
    return View(view.source, view.columns, records, (), view.key, values, amounts)


SECTION = "§"
"""The head of the column that holds what stands over a row: a cell over the whole width of the table."""


def _by_value(columns: Sequence[Column], records: Sequence[Record]) -> tuple[dict[str, Any], dict[str, Any]]:
    places = [(r, c) for r, record in enumerate(records) for c in range(len(columns)) if record.text(c)]
    joined = "\n".join(
        records[r].text(c).replace("\n", " ") for r, c in places
    )  # at once: a call costs more than a cell
    values: dict[str, list[tuple[int, int]]] = {}
    amounts: dict[str, list[tuple[int, int]]] = {}
    for place, text in zip(places, plain(joined).split("\n"), strict=True):
        kind = columns[place[1]].kind if len(text) > _LONGEST_VALUE else kind_of_cell(text)
        if kind != "empty" and len(text) <= _LONGEST_VALUE:
            (amounts if kind in ("number", "percent") else values).setdefault(text.strip(), []).append(place)
    return {v: tuple(p) for v, p in values.items()}, {v: tuple(p) for v, p in amounts.items()}


def _records(source: TableRows) -> Iterator[dict[str, Held]]:
    """The values of each record by head. The rows of a form make one record until a head comes again."""
    record: dict[str, Held] = {}
    for number, block in enumerate(source.rows):
        values: dict[str, Held] = {}
        for at, cell in enumerate(block.cells):
            name = cell.head if cell.head not in values else f"{cell.head} {at}"
            values[name] = Held(source.article.text[cell.start : cell.end], number, at)
        if section := section_above(source.article, source.table, block):
            values[SECTION] = Held(section, number, -1)
        if source.table.heads:
            yield values
            continue
        told = {head: held for head, held in values.items() if head not in record or record[head].text != held.text}
        if any(head in record for head in told):
            yield record
            record = dict(values)
        else:
            record |= told
    if record:
        yield record


def _record(values: dict[str, Held], heads: Sequence[str]) -> Record:
    first = next((held.text for held in values.values() if held.text), "")
    return Record(tuple(values.get(head) for head in heads), is_total(first) or any(map(_sums, values.values())))


def _sums(held: Held) -> bool:
    return is_total(held.text)


def _column(source: TableRows, head: str, records: Sequence[Record], at: int) -> Column:
    texts = [text for record in records if not record.total and (text := record.text(at))]
    kinds = Counter(kind_of_cell(text) for text in texts)
    kind: CellKind = kinds.most_common(1)[0][0] if kinds else "empty"
    levels = tuple(filter(None, (plain_head(level) for level in head.split("/"))))
    return Column(head, plain_head(head), levels, kind, _unit(source, head, texts, kind))


def _unit(source: TableRows, head: str, texts: Sequence[str], kind: CellKind) -> str:
    """The unit of the bare numbers of a column: of its head, else of the table; "" where cells have their own."""
    if kind not in ("number", "percent", "empty"):
        return ""
    for match in _BRACKETED.finditer(head):
        inside = match["inside"].split("：")[-1].split(":")[-1].strip()
        if _MEASURE.fullmatch(inside):
            return inside
    for level in reversed(head.split("/")):
        if counted := _COUNTED.search(plain_head(level)):
            return counted["unit"]
    units = {amount.unit for text in texts if (amount := quantity(text))}
    if units - {""} or kind == "percent":
        return min(units - {""}, default="") if len(units - {""}) == 1 else ""
    return "" if _NO_UNIT.search(head) else source.table.unit


def _key(columns: Sequence[Column], records: Sequence[Record]) -> int:
    """The first column that is no serial number and tells the records apart; else the first that is none."""
    named = [at for at, column in enumerate(columns) if not _SERIAL.fullmatch(column.plain)] or [0]
    for at in named:
        texts = [record.text(at) for record in records]
        if columns[at].kind in ("words", "code", "date", "sentence") and all(texts) and len(set(texts)) == len(texts):
            return at
    return named[0]
