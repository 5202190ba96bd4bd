"""Questions on a table that are answered piece by piece: 各街道的金额合计, 哪个街道的金额合计最高, 3月以后开工的.

Knows how a question is made into one that a table answers: a group by the name of each of its members, a period by the
records inside it. What those are answered, `requests` and `answers` tell.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from corpus.text.quantities import quantity
from qa.reading.tables.amounts import in_singles, moments_of
from qa.reading.tables.answers import Found
from qa.reading.tables.view import Held, View, narrowed_view, plain

Answering = Callable[[str, View], Found | None]
"""What a view answers to a question."""

_MOST_GROUPS = 30
_EACH = re.compile(r"(?:按|分)?(?P<how>各个?|每一?个|哪一?个)(?=\w)")
_HERE = "\1"
_SIDE = re.compile(rf"是?最(?P<side>[高多大低少小])的?$|最(?P<first>[高多大低少小])的?是?(?={_HERE})")
_ADDS = re.compile("合计|总计|共计|累计|一共|总共|总[和额数量]|平均|[有共]?几个|多少个")
_PERIOD = re.compile(
    r"(?:在|自|从)?(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号])?)?"
    r"(?P<side>以后|之后|以来|[及或]?以前|之前|起|开始)"
)


_THINGS = re.compile(
    r"都?有?哪些(?P<thing>[^\W\d_]{1,8})|(?P<first>[^\W\d_哪]{1,8}?)都?有哪些|(?P<counted>[^\W\d_]{1,8}?)有?(?:几|多少)个"
)


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of a group with what was answered about it."""

    name: str
    found: Found


def by_group(question: str, view: View, answer: Answering) -> Found | None:
    """What is asked of each member of a group (各街道), or which member has most of it (哪个街道…最高)."""
    text = plain(question).rstrip("?？。")
    for each in _EACH.finditer(text):
        column = _group_column(view, text[each.end() :])
        names = list(dict.fromkeys(record.text(column) for record in view.records)) if column is not None else []
        if column is None or not 1 <= len(names) <= _MOST_GROUPS or not all(names) or len(names) == len(view.records):
            continue
        which = each["how"].startswith("哪")
        before, after = text[: each.start()], text[each.end() + len(view.columns[column].plain) :]
        side = _SIDE.search(f"{before}{_HERE}{after}") if which else None
        if which != bool(side) or not _ADDS.search(before + after):
            continue
        asked = _asked(before, after, side)
        found = [answer(asked.replace(_HERE, name), view) for name in names]
        members = [_Member(name, one) for name, one in zip(names, found, strict=True) if one]
        if len(members) == len(names):
            return _most(members, side["side"] or side["first"]) if side else _listed(members)
    return None


def _asked(before: str, after: str, side: re.Match[str] | None) -> str:
    """The question of one member, whose name is to stand at `_HERE`: 哪个街道金额合计最高 asks 某街道金额合计是多少."""
    if side is None:
        return f"{before}{_HERE}{after}"
    if side["first"]:  # 金额合计最高的是哪个街道
        return f"{_HERE}的{before[: side.start()]}是多少"
    return f"{before}{_HERE}{_SIDE.sub('', after)}是多少"


def _group_column(view: View, rest: str) -> int | None:
    """The column of words by whose name `rest` begins."""
    fitting = [
        (len(column.plain), at)
        for at, column in enumerate(view.columns)
        if column.plain and rest.startswith(column.plain) and column.kind in ("words", "code")
    ]
    return max(fitting)[1] if fitting else None


def _listed(members: list[_Member]) -> Found:
    text = "、".join(f"{one.name}{one.found.text}" for one in members)
    return Found(members[0].found.operation, text, text, _held(members), True, _formulas(members))


def _most(members: list[_Member], side: str) -> Found | None:
    amounts = [quantity(one.found.text) for one in members]
    values = [in_singles(amount.value, amount.unit) for amount in amounts if amount]
    if len(values) < len(members) or len({unit for _, unit in values}) > 1:
        return None
    best = (max if side in "高多大" else min)(value for value, _ in values)
    first = [one for one, (value, _) in zip(members, values, strict=True) if value == best]
    names = "、".join(one.name for one in first)
    told = "、".join(f"{one.name}{one.found.text}" for one in members)
    return Found(
        "highest",
        names,
        f"最{side}的是{names}，为{first[0].found.text}；{told}",
        _held(members),
        True,
        _formulas(members),
    )


def _formulas(members: list[_Member]) -> str:
    return "；".join(f"{one.name} {one.found.formula}" for one in members if one.found.formula)


def _held(members: list[_Member]) -> tuple[Held, ...]:
    return tuple(dict.fromkeys(held for one in members for held in one.found.held))


def in_period(question: str, view: View, answer: Answering) -> Found | None:
    """What is asked of the records inside a period, where the table has one column of days; the answer says which."""
    text = plain(question)
    period = _PERIOD.search(text)
    days = [at for at, column in enumerate(view.columns) if column.kind == "date"]
    if not period or not (period["year"] or period["month"]) or len(days) != 1:
        return None
    moments = moments_of(view, days[0], range(len(view.records)))
    limit = _limit(period, [moment for _, moment in moments or ()])
    if not moments or not limit:
        return None
    after = period["side"] not in ("以前", "之前", "及以前", "或以前")
    kept = [at for at, moment in moments if (moment >= limit if after else moment < limit)]
    if not kept:
        return None
    head = view.columns[days[0]].plain
    rest = text[: period.start()] + _without_head(text[period.end() :], head)
    for asked, lists in _askings(rest):
        if found := answer(asked, narrowed_view(view, kept)):
            held = [view.records[at].places[days[0]] for at in kept]
            shown = {one.row for one in found.held}
            rows = (*found.held, *(one for one in held if one and one.row in shown))
            said = f"{head}{_told(period, limit, after)}：{found.sentence}"
            how = found.formula or f"看了 {len(view.records)} 行的{head}"
            names = found.sentence.partition("：")[2] if lists else found.text
            return replace(found, text=names, sentence=said, held=rows, computed=True, formula=how)
    return None


def _told(period: re.Match[str], limit: str, after: bool) -> str:
    """从2024年4月1日起, 在2024年4月1日以前; of a day that itself is not meant: 在2024年2月20日以后."""
    day = "".join(f"{int(part)}{unit}" for part, unit in zip(limit.rstrip("~").split("-"), "年月日", strict=False))
    if limit.endswith("~"):
        return f"在{day}以后" if after else f"到{day}为止"
    return f"从{day}起" if after else f"在{day}以前"


def _limit(period: re.Match[str], moments: list[str]) -> str:
    """The first day of the records that are meant (of 以前: that are not); "" where the year is not clear."""
    years = {moment[:4] for moment in moments}
    if not moments or any(len(moment) < 7 for moment in moments) or (not period["year"] and len(years) != 1):
        return ""
    year = int(period["year"] or min(years))
    month, day = int(period["month"] or 1), int(period["day"] or 1)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return ""
    if period["side"] not in ("以后", "之后", "及以前", "或以前"):
        return f"{year}-{month:02}-{day:02}"[: len(moments[0])]
    if period["day"]:
        return f"{year}-{month:02}-{day:02}~"[: len(moments[0]) + 1]  # sorts behind the day itself
    year, month = (year, month + 1) if period["month"] else (year + 1, 1)
    return f"{year + month // 13}-{(month - 1) % 12 + 1:02}-01"[: len(moments[0])]


def _without_head(rest: str, head: str) -> str:
    """`rest` less the verb that the column of days is called by: 开工的 of 开工日期."""
    for length in range(len(head), 1, -1):
        if rest.startswith(head[:length]):
            return rest[length:].removeprefix("的")
    return rest.removeprefix("的")


def _askings(rest: str) -> Iterator[tuple[str, bool]]:
    """`rest`, and what counts the things that it asks to list or count, with whether it asks to list them."""
    yield rest, False
    if things := _THINGS.fullmatch(rest.rstrip("?？。")):
        yield f"有几个{things['thing'] or things['first'] or things['counted']}", not things["counted"]
