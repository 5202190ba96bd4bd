"""From a question and a table to a request: which records, which columns, which operation.

Knows what `mentions` and `words` find, and decides whether that is one clear request; None where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.text.quantities import quantity
from qa.reading.tables.amounts import units_meet
from qa.reading.tables.mentions import Named, Similar, amounts_in, likes_in, names_in, parts_in
from qa.reading.tables.things import PERSON, counted_column, has_unit, thing_after
from qa.reading.tables.view import View, plain
from qa.reading.tables.words import (
    Asked,
    Operation,
    Threshold,
    Words,
    asked_in,
    operation_in,
    threshold_in,
)

_MOMENT = re.compile("(?:时间|日期|年月|时刻|年份|时限|日|首班车?|末班车?)$")
_SITE = re.compile("(?:地址|地点|位置|籍贯|办公室|住址|产地|地|处|室|场所|楼层|区域|地区)$")
_COUNTING: tuple[Asked, str, int] = ("thing", "", -1)
_IN_TIME = re.compile("[最更][晚早]")
_AND = re.compile("[和与及跟、，,]|分别")
_DIMENSIONS = {"面积": "亩|平方|公顷", "金额": "元", "重量": "吨|斤|克", "长度": "米|公里", "数量": "[个件台套只辆]"}
_SO_MANY = re.compile(r"这?(?P<number>\d+|[一二两三四五六七八九十]+)[个家名位人户种所处座条项间台辆部件本只栋门类]")
_FITTING: dict[Asked, re.Pattern[str]] = {"who": PERSON, "when": _MOMENT, "where": _SITE}


@dataclass(frozen=True, slots=True)
class Request:
    """An operation on some records (numbers in `View.records`).

    `answers` are the columns whose values are asked for, `measured` those of the amounts that are compared or added.
    `filters` are the columns by whose values the records were chosen, `names` the named records in the order of the
    question. `high` is the higher side of a comparison.
    """

    operation: Operation
    records: tuple[int, ...]
    answers: tuple[int, ...]
    measured: tuple[int, ...] = ()
    filters: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    high: bool = True
    threshold: Threshold | None = None
    counts: bool = False
    asked: Asked = ""
    unit: str = ""


def requested(question: str, view: View, similar: Similar) -> Request | None:
    """What the question asks of this table, or None where any word of it stays unexplained."""
    words = Words(plain(question))
    named = names_in(words, view)
    if named is None:
        return None
    threshold = threshold_in(words)
    amounts_in(words, view, named)
    operation, high = operation_in(words)
    counted = counted_column(words, view, named)
    asked, unit, end = asked_in(words) if counted is None else _COUNTING
    thing = counted if counted is not None else thing_after(words, view, named, end) if asked == "thing" else None
    _take_number_of_all(words, view)
    parts_in(words, view, named)
    words.take_empty()
    likes_in(words, view, named, similar)
    _take_title(words, view)
    _take_dimensions(words, view, named)
    several = len(named.heads) > 1 and not _AND.search(words.text)
    if any(words.left()):
        return None
    records, filters = _chosen(view, named)
    names = tuple(dict.fromkeys(record for _, column, record in sorted(named.names) if column in filters))
    asking = Request(operation, records, (), (), filters, names, high, threshold, counted is not None, asked, unit)
    completed = _completed(asking, view, named, thing) if records else None
    if (
        completed
        and _IN_TIME.search(words.text)
        and not all(view.columns[at].kind == "date" for at in completed.measured)
    ):
        return None  # 最晚 is no amount
    # 支书电话 without a column of that name: neither 支书 nor 电话 is what is asked for.
    return None if completed and several and len(completed.answers) > 1 else completed


def _completed(asking: Request, view: View, named: Named, thing: int | None) -> Request | None:
    """The request with its columns and its final operation."""
    if thing is not None and asking.operation in ("highest", "lowest") and view.columns[thing].is_amount:
        thing = None  # 哪个人数更多 asks for a name, by 人数
    if thing is None and (asking.threshold or asking.operation in ("highest", "lowest")):
        named_things = [
            group for group in named.heads if _holds_names(view, group) and not group <= set(asking.filters)
        ]
        thing = min(named_things[0]) if len(named_things) == 1 else None  # 超过100万元的项目有哪些
    groups = [group for group in named.heads if not group <= set(asking.filters) and group != {thing}]
    if asking.threshold:
        measured = _measured(view, groups, asking.threshold.unit)
        answer = _answer_column(view, asking, thing)
        return _with(asking, "threshold", answer, measured)
    if asking.counts:
        wanted = asking.operation in ("cell", "sum") and not groups
        return _with(asking, "count", thing, ()) if wanted else None
    if asking.operation == "cell":
        return _cell_request(asking, view, groups, thing)
    if asking.operation == "difference" and len(groups) == 2 and len(asking.records) == 1:
        pairs = [_one_amount(view, group) for group in groups]
        return None if None in pairs else replace(asking, measured=tuple(at for at in pairs if at is not None))
    measured = _measured(view, groups, asking.unit)
    return _with(asking, asking.operation, _answer_column(view, asking, thing), measured)


def _with(
    asking: Request, operation: Operation, answer: int | None, measured: tuple[int, ...] | None
) -> Request | None:
    if answer is None or measured is None:
        return None
    return replace(asking, operation=operation, answers=(answer,), measured=measured)


def _cell_request(asking: Request, view: View, groups: Sequence[set[int]], thing: int | None) -> Request | None:
    """Which values are asked for: of the heads that are named, else of what the question word asks for."""
    if not asking.filters and len(view.records) > 1:
        return None
    if any(len(group) > 1 for group in groups):
        return None
    answers = [min(group) for group in groups]
    if thing is not None and thing not in asking.filters:
        answers.append(thing)
    if not answers:
        found = _asked_column(view, asking)
        answers = [found] if found is not None else []
    fitting = _FITTING.get(asking.asked)
    if asking.asked == "when" and not all(
        view.columns[at].kind == "date" or _MOMENT.search(view.columns[at].plain) for at in answers
    ):
        return None
    if asking.asked == "who" and fitting and any(view.columns[at].kind not in ("words", "code") for at in answers):
        return None
    if not all(units_meet(asking.unit, view.columns[at].unit) for at in answers):
        return None
    return replace(asking, answers=tuple(dict.fromkeys(answers))) if answers else None


def _asked_column(view: View, asking: Request) -> int | None:
    """The only column that holds what the question word asks for, none of the filters."""
    others = [at for at in range(len(view.columns)) if at not in asking.filters]
    if asking.asked == "amount":
        measured = _measured(view, [], asking.unit) if asking.unit else None
        return measured[0] if measured and measured[0] in others else None
    pattern = _FITTING.get(asking.asked)
    if pattern is None:
        return view.key if asking.asked == "thing" and view.key in others and asking.filters else None
    fitting = [at for at in others if pattern.search(view.columns[at].plain)]
    if asking.asked == "who" and view.key in fitting:
        return view.key
    return fitting[0] if len(fitting) == 1 else None


def _answer_column(view: View, asking: Request, thing: int | None) -> int | None:
    """The column by which records are named in an answer."""
    if thing is not None:
        return thing
    if asking.asked != "who" or PERSON.search(view.columns[view.key].plain):
        return view.key
    people = [at for at, column in enumerate(view.columns) if PERSON.search(column.plain)]
    return people[0] if len(people) == 1 else None


def _measured(view: View, groups: Sequence[set[int]], unit: str) -> tuple[int, ...] | None:
    """The column of amounts that is meant: the named one, else the only one that has the unit."""
    named = [group for group in groups if group != {view.key}] or [
        group for group in groups if len(group) == 1 and view.columns[view.key].kind == "date"
    ]
    if len(named) > 1:
        return None
    if named:
        column = _one_amount(view, named[0])
        return (column,) if column is not None and units_meet(unit, view.columns[column].unit) else None
    fitting = [
        at for at, column in enumerate(view.columns) if column.is_amount and (not unit or has_unit(column, unit))
    ]
    return (fitting[0],) if len(fitting) == 1 else None


def _holds_names(view: View, group: set[int]) -> bool:
    return len(group) == 1 and view.columns[min(group)].kind in ("words", "code")


def _one_amount(view: View, group: set[int]) -> int | None:
    columns = [at for at in group if view.columns[at].kind in ("number", "percent", "date")]
    return columns[0] if len(columns) == 1 else None


def _chosen(view: View, named: Named) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The records that have a named value in every column of which one is named."""
    chosen = set(range(len(view.records)))
    for records in named.records.values():
        chosen &= records
    return tuple(sorted(chosen)), tuple(named.records)


def _take_number_of_all(words: Words, view: View) -> None:
    """三个电站 of a table of three says no more than all; of another table it is not accounted for."""
    found = _SO_MANY.search(words.free)
    amount = quantity(found["number"] + "个") if found else None
    if not found or amount is None or amount.value != len(view.records):
        return
    words.take(*found.span())
    thing_after(words, view, Named(), found.end())


def _take_dimensions(words: Words, view: View, named: Named) -> None:
    """耕地面积 where the column is called 耕地（亩）: the word says no more than the unit."""
    for start, end, text in list(words.left()):
        unit = _DIMENSIONS.get(text)
        near = [columns for _, stop, columns in named.places if stop == start]
        if unit and any(re.search(unit, view.columns[at].unit) for columns in near for at in columns):
            words.take(start, end)


def _take_title(words: Words, view: View) -> None:
    """Words of the title, the caption and the headings above the table say only which table is meant."""
    source = view.source
    told = plain(" ".join((source.article.title, source.table.caption, source.table.unit)))
    for start, end, text in list(words.left()):
        if len(text) > 1 and text in told:
            words.take(start, end)
