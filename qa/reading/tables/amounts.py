"""Amounts of a column of a table: their values in one unit, sums, averages and the formula in words.

Knows columns and records. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.reading.dates import iso_date
from corpus.text.figures import SCALES
from corpus.text.quantities import kind_of_cell, quantity, written
from qa.reading.tables.view import View

_SCALE = re.compile("[万亿千百]+(?=.)")
_MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Amount:
    """The value of one cell in its unit."""

    record: int
    value: Decimal
    unit: str


def amounts_of(view: View, column: int, records: Sequence[int]) -> list[Amount] | None:
    """The amounts of a column, cells with nothing in them left out; None where a cell holds something else.

    Also None where units differ: 3千克 and 5件 make no sum.
    """
    found = []
    for at in records:
        text = view.records[at].text(column)
        if kind_of_cell(text) == "empty":
            continue
        amount = quantity(text)
        if amount is None:
            return None
        found.append(Amount(at, amount.value, amount.unit or view.columns[column].unit))
    return found if len({amount.unit for amount in found}) <= 1 else None


def moments_of(view: View, column: int, records: Sequence[int]) -> list[tuple[int, str]] | None:
    """The dates of a column in a form that sorts; None where a cell has none, or they are not equally exact."""
    found = [(at, iso_date(text)) for at in records if kind_of_cell(text := view.records[at].text(column)) != "empty"]
    exact = {len(date) for _, date in found}
    return found if found and exact <= {4, 7, 10} and len(exact) == 1 and 0 not in exact else None


def in_singles(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """12 万元 as 120000 元."""
    scale = _SCALE.match(unit)
    for character in scale.group() if scale else "":
        value *= SCALES[character]
    return value, unit[scale.end() :] if scale else unit


def units_meet(asked: str, unit: str) -> bool:
    """Whether an amount of `unit` can be asked for in `asked`; a unit that is not named meets every other."""
    one, other = in_singles(Decimal(1), asked)[1], in_singles(Decimal(1), unit)[1]
    same = {"块": "元", "块钱": "元", "元钱": "元", "公斤": "千克", "位": "人", "名": "人", "家": "个", "公里": "千米"}
    return not one or not other or same.get(one, one) == same.get(other, other)


def terms(values: Sequence[Decimal], sign: str = " + ") -> str:
    """12 + 30 + 8, shortened where there are many."""
    shown = [written(value) for value in values]
    if len(shown) > _MOST_TERMS:
        shown = [*shown[: _MOST_TERMS - 2], "…", shown[-1]]
    return sign.join(shown)
