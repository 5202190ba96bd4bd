"""Dates as Chinese files write them, brought to one form.

Knows 2021年7月1日, 二〇二一年七月, 2021/7/1, 2021.07.01, 20210701 and ISO dates with a time. Knows nothing of where a
date stands in a file.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from corpus.text.labels import count_of

_NUMERAL = "〇○零一二三四五六七八九十"
_WRITTEN = re.compile(
    rf"(?P<year>\d{{4}}|[{_NUMERAL}]{{4}})年(?:(?P<month>\d{{1,2}}|[{_NUMERAL}]{{1,2}})月"
    rf"(?:(?P<day>\d{{1,2}}|[{_NUMERAL}]{{1,3}})[日号])?)?"
)
_SEPARATED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:(?P<mark>[-/._])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?)?(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)?(?!\d)")

DATE = r"((?:19|20)\d{2})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)"
"""A pattern for a day in Arabic figures; its groups are year, month and day."""
DATE_STAMP = re.compile(rf"(?<!\d){DATE}日?(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?[电讯]?")


def iso_date(value: object) -> str:
    """The first date in `value` as "YYYY-MM-DD", "YYYY-MM" or "YYYY", as exact as it is given; "" if there is none."""
    text = re.sub(r"\s*([年月/.-])\s*", r"\1", unicodedata.normalize("NFKC", str(value)))
    for pattern in (_WRITTEN, _COMPACT, _SEPARATED):
        for match in pattern.finditer(text):
            parts = [count_of(match[name]) for name in ("year", "month", "day") if match[name]]
            while pattern is not _COMPACT and parts and not _exists(parts):
                parts.pop()  # of 2021年2月30日 the month is still good; 20210230 is no date at all
            if parts and _exists(parts):
                return "-".join(f"{part:0{4 if place == 0 else 2}}" for place, part in enumerate(parts))
    return ""


def _exists(parts: list[int]) -> bool:
    """Whether year, month and day (as far as given) are a day between 1000 and 2999."""
    year, month, day = [*parts, 1, 1][:3]
    try:
        return 1000 <= date(year, month, day).year < 3000
    except ValueError:
        return False
