"""Which column a question means by the kind of thing it asks for or counts: 哪个街道, 几家门店, 多少人.

Knows columns by their heads, by how their values end (店 of 河东店) and by their units.
"""

from __future__ import annotations

import re

from qa.reading.tables.amounts import units_meet
from qa.reading.tables.mentions import Named
from qa.reading.tables.view import Column, View, plain
from qa.reading.tables.words import Words, counted_in

PERSON = re.compile(
    "(?:姓名|名单|名字|人|人员|员|长|师|医生|主任|书记|支书|经理|教练|作者|导演|秘书|户主|业主|法人|代表|会计|司机)$"
)
"""How heads of columns end that hold people."""

_THING = re.compile(r"[^\W\d_]{1,6}")
_BEFORE_COUNT = re.compile(r"(?P<thing>[^\W\d_的]{1,6}?)(?:一共|总共|共)?有?$")


def counted_column(words: Words, view: View, named: Named) -> int | None:
    """The column whose things are counted: 几个街道, 多少人 where no column has 人 for its unit."""
    found = counted_in(words)
    if not found or any(column.is_amount and has_unit(column, found["measure"]) for column in view.columns):
        return None
    column = thing_after(words, view, named, found.end())
    if column is None and (before := _BEFORE_COUNT.search(words.free[: found.start()])):
        start = before.start("thing")
        column = _called(words, view, start, before.end("thing"))
    if column is None and found["measure"] in "人名位" and PERSON.search(view.columns[view.key].plain):
        column = view.key
    if column is not None:
        words.take(*found.span())
    return column


def thing_after(words: Words, view: View, named: Named, end: int) -> int | None:
    """The column of what is named right after 哪个 or 几个: by its head, or by how its values end (店 of 长江路店)."""
    for start, _, columns in named.places:
        if start == end and len(columns) == 1:
            return min(columns)
    text = _THING.match(words.free, max(end, 0)) if end >= 0 else None
    for length in range(len(text.group()) if text else 0, 0, -1):
        if (column := _called(words, view, end, end + length)) is not None:
            return column
    return None


def _called(words: Words, view: View, start: int, end: int) -> int | None:
    """The only column whose things are called by this stretch of the question, which is then accounted for."""
    thing = words.free[start:end]
    fitting = [at for at, column in enumerate(view.columns) if _is_called(view, at, column, thing)]
    if len(fitting) != 1:
        return None
    words.take(start, end)
    return fitting[0]


def _is_called(view: View, at: int, column: Column, thing: str) -> bool:
    if len(thing) > 1 and (column.plain.endswith(thing) or (len(column.plain) > 1 and thing.endswith(column.plain))):
        return True
    texts = [text for record in view.records[:200] if (text := record.text(at))]
    return (
        column.kind == "words"
        and len(texts) > 1
        and sum(plain(text).endswith(thing) for text in texts) > 0.6 * len(texts)
    )


def has_unit(column: Column, unit: str) -> bool:
    """Whether the amounts of a column are counted or measured in `unit`: by its unit, or by its name (户数)."""
    return (bool(column.unit) and units_meet(unit, column.unit)) or column.plain.endswith(unit + "数")
