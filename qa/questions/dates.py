"""The dates that a question asks within: 去年下半年, 2021年6月以来, 七一前后, 2020年的报道 -> a range of days.

Pure: text and today's date in, a range and the words it stands in out. Only words that restrict which articles are
meant are taken. A year or a month that a fact belongs to (2021年有多少名党员) is none of these: an article of the next
year may tell it. "以来" always is, for what happened since a day is told since that day; and so are words that count
from today, and dates of articles themselves (的报道, 的文章).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.text.labels import count_of

AROUND_DAYS = 15  # that 前后 reaches before and after a day
_N = r"\d{1,3}|[一二三四五六七八九十两]{1,3}"
_YEAR = r"(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3}"
# Days that go by a name.
_DAYS = {
    "元旦": (1, 1), "三八": (3, 8), "五一": (5, 1), "五四": (5, 4), "六一": (6, 1), "七一": (7, 1), "八一": (8, 1),
    "十一": (10, 1), "国庆": (10, 1), "双十一": (11, 11),
}  # fmt: skip
_PART = r"(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度"
_ABSOLUTE = rf"(?P<year>{_YEAR})年(?:{_PART}|(?P<month>{_N})月(?:份|(?P<day>{_N})[日号])?)?"
_OWN_YEAR = rf"(?P<own>[今去前])年(?:{_PART}|(?P<month>{_N})月份?)?"
_NAMED_DAY = (
    rf"(?:(?P<year>{_YEAR})年|(?P<own>[今去前])年)?[“\"]?(?P<name>{'|'.join(_DAYS)})[”\"]?(?:节|建党节|国际劳动节)?"
)
_OF_ARTICLES = (
    r"(?=(?:间|期间|之间)?(?:[^，。？！；、]{0,4}(?:发表|刊登|刊发|发布|见报))?的?(?:相关|有关|新闻|报纸)?"
    r"(?:报道|新闻|文章|消息|报纸|稿件|通讯)(?!员|社|人|录|工具))"
)
_SINCE = r"(?:以来|至今|到现在|迄今)"


@dataclass(frozen=True, slots=True)
class DateRange:
    """From `since` to `until` (ISO dates, both inclusive, "" for no limit), as `text[start:end]` says: `words`.

    `of_facts` where it is rather when something happened than when it was told: 今年上半年."""

    since: str
    until: str
    words: str
    start: int
    end: int
    of_facts: bool = False


_Days = tuple[date, date]
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], tuple[date | None, date | None] | None]]


def date_range(text: str, today: date) -> DateRange | None:
    """The days that the articles meant by the question `text` are of; None where it does not say."""
    found: list[tuple[int, DateRange]] = []
    for pattern, days in _RULES:
        for match in pattern.finditer(text):
            if _inside_title(text, match.start()):
                continue
            try:
                limits = days(match, today)
            except ValueError:  # no day of any calendar
                continue
            if limits is not None:
                since, until = (day.isoformat() if day else "" for day in limits)
                told = DateRange(since, until, match[0], match.start(), match.end(), days is _exact)
                found.append((match.start(), told))
        if found:
            return min(found, key=lambda each: each[0])[1]
    return None


def _inside_title(text: str, place: int) -> bool:
    """Whether `place` is inside 《…》 or “…”, which name something and restrict nothing."""
    before = text[:place]
    return before.count("《") > before.count("》") or before.count("“") > before.count("”") + before.endswith("“")


# --- periods ---


def _period(match: re.Match[str], today: date) -> _Days:
    """First and last day of the year, half, quarter, month or day that `match` names."""
    parts = match.groupdict()
    year = _year(parts, today)
    if parts.get("half"):
        return (
            (date(year, 1, 1), date(year, 6, 30)) if parts["half"] == "上" else (date(year, 7, 1), date(year, 12, 31))
        )
    if parts.get("quarter"):
        first = 3 * count_of(parts["quarter"]) - 2
        return date(year, first, 1), _end(year, first + 2)
    if not parts.get("month"):
        return date(year, 1, 1), date(year, 12, 31)
    month = count_of(parts["month"])
    if parts.get("day"):
        day = date(year, month, count_of(parts["day"]))
        return day, day
    return date(year, month, 1), _end(year, month)


def _year(parts: dict[str, str | None], today: date) -> int:
    if parts.get("own"):
        return today.year - "今去前".index(str(parts["own"]))
    return count_of(str(parts["year"]))


def _since(match: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    first, _ = _period(match, today)
    return (first, None) if first <= today else None


def _within(match: re.Match[str], today: date) -> _Days:
    return _period(match, today)


def _until(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    first, last = _period(match, today)
    if match["side"] in ("以前", "之前"):
        return None, first - timedelta(days=1)
    return (first, None) if match["side"] == "起" else (last + timedelta(days=1), None)


def _month_since(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    """6月以来: since the last June that has begun."""
    month = count_of(match["month"])
    return date(today.year - (month > today.month), month, 1), None


def _around(match: re.Match[str], today: date) -> _Days:
    """七一前后: of the year that is named, else the last one that has begun."""
    month, day = _DAYS[match["name"]]
    if match["year"] or match["own"]:
        middle = date(_year(match.groupdict(), today), month, day)
    else:
        middle = date(today.year, month, day)
        if middle - timedelta(days=AROUND_DAYS) > today:
            middle = date(today.year - 1, month, day)
    return middle - timedelta(days=AROUND_DAYS), middle + timedelta(days=AROUND_DAYS)


def _around_period(match: re.Match[str], today: date) -> _Days:
    first, last = _period(match, today)
    return first - timedelta(days=AROUND_DAYS), last + timedelta(days=AROUND_DAYS)


def _recent(match: re.Match[str], today: date) -> _Days | None:
    """最近三个月, 近两年来, 过去半年."""
    unit, half = match["unit"], match["count"] == "半"
    count = 0.5 if half else count_of(match["count"])
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30.5, "年": 365.25}[unit] * count
    return today - timedelta(days=round(days)), today


def _by_today(match: re.Match[str], today: date) -> _Days:
    word = match["word"]
    if word in ("上个月", "上月", "本月", "这个月"):
        first = today.replace(day=1)
        if word.startswith("上"):
            first = (first - timedelta(days=1)).replace(day=1)
        return first, _end(first.year, first.month)
    if word in ("上周", "上星期", "本周", "这周", "这星期"):
        monday = today - timedelta(days=today.weekday() + 7 * word.startswith("上"))
        return monday, monday + timedelta(days=6)
    if word in ("上半年", "下半年"):
        return (
            (date(today.year, 1, 1), date(today.year, 6, 30))
            if word[0] == "上"
            else (date(today.year, 7, 1), date(today.year, 12, 31))
        )
    day = today - timedelta(days=("今天", "昨天", "前天").index(word))
    return day, day


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _exact(match: re.Match[str], today: date) -> _Days | None:
    """去年下半年, 今年三月: more exact than a year, and counted from today."""
    return _period(match, today) if match["half"] or match["quarter"] else None


def _rule(pattern: str, days: Callable[[re.Match[str], date], tuple[date | None, date | None] | None]) -> _Rule:
    return re.compile(pattern), days


_RULES: tuple[_Rule, ...] = (
    _rule(rf"自?从?(?:{_ABSOLUTE}){_SINCE}", _since),
    _rule(rf"自?从?(?:{_OWN_YEAR}){_SINCE}", _since),
    _rule(rf"(?<![年\d])自?从?(?P<month>{_N})月份?{_SINCE}", _month_since),
    _rule(rf"(?:{_NAMED_DAY})前后", _around),
    _rule(rf"(?:{_ABSOLUTE})前后{_OF_ARTICLES}", _around_period),
    _rule(rf"(?:{_ABSOLUTE})(?P<side>以前|之前|以后|之后|起){_OF_ARTICLES}", _until),
    _rule(rf"(?:{_OWN_YEAR})(?P<side>以前|之前|以后|之后|起){_OF_ARTICLES}", _until),
    _rule(rf"(?:{_ABSOLUTE}){_OF_ARTICLES}", _within),
    _rule(rf"(?:{_OWN_YEAR}){_OF_ARTICLES}", _within),
    _rule(_OWN_YEAR, _exact),
    _rule(rf"(?:最近|过去|近)(?P<count>半|{_N})个?(?P<unit>天|日|周|星期|月|年)(?:以?来|内|里|间)?", _recent),
    _rule(r"(?P<word>上个月|上月|本月|这个月|上周|上星期|本周|这周|这星期|昨天|前天|今天)(?!\d)", _by_today),
)
