"""Which of several stretches tells the latest: by the date it states, else by when its article was published.

Knows stretches with the dates of their articles. A date that is only planned (计划于, 底前) tells nothing of what is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.text.figures import find_figures

_PLANNED = re.compile(r"(?:计划|预计|力争|拟|将|争取|目标)[^，。；]{0,8}$")
_BEFORE_THEN = re.compile(r"^(?:年?底)?(?:前|之前|以前)")
_THIS_YEAR, _LAST_YEAR = re.compile("今年|本年|目前|现在|如今|截至目前"), re.compile("去年|上年")


@dataclass(frozen=True, slots=True)
class Dated:
    """A stretch of an article that was published on `published` ("YYYY-MM-DD", as exact as known, or "")."""

    text: str
    published: str = ""


def date_of(one: Dated) -> str:
    """The time that `one` speaks of, as exact as it is said ("2021", "2021-07"), "" where neither text nor article
    tells it."""
    told = []
    for figure in find_figures(one.text):
        before, after = one.text[: figure.start], one.text[figure.end :]
        planned = _PLANNED.search(before) or _BEFORE_THEN.match(after)
        if figure.kind == "date" and not figure.value.startswith("?") and not planned:
            told.append("-".join(f"{int(part):02}" for part in figure.value.split("-") if part != "?"))
    if told:
        return max(told)
    year = one.published[:4]
    if year and _LAST_YEAR.search(one.text) and not _THIS_YEAR.search(one.text):
        return str(int(year) - 1)
    return one.published


def latest_of(candidates: Sequence[Dated]) -> tuple[int, ...]:
    """The places of `candidates`, the latest first; equally late ones keep their order, undated ones come last.

    >>> latest_of([Dated("2019年有30家。"), Dated("2021年有45家。"), Dated("有20家。", "2020-05-01")])
    (1, 2, 0)
    """
    dates = [date_of(one) for one in candidates]
    return tuple(sorted(range(len(candidates)), key=lambda place: dates[place], reverse=True))
