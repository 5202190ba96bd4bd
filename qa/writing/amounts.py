"""What a figure in a text amounts to: the values it may stand for, its unit, how it is written.

Knows a text and the figures found in it (`corpus.text.figures`): 超过 before, 以上 after and 多 inside make a range.
"""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.text.figures import Figure

_MORE = re.compile(r"(?:超过|多于|高于|大于|不低于|不少于|不小于|至少|突破|逾)了?$")
_LESS = re.compile(r"(?:不到|不足|低于|少于|小于|不超过|不多于|至多|未满|不满)了?$")
_AFTER_MORE = re.compile(r"^\S{0,2}?[余多]|^\S{0,2}?(?:以上|及以上)")
_AFTER_LESS = re.compile(r"^\S{0,2}?(?:以下|以内|之内)")
_UNIT = re.compile(r"^\s?[余多]?(?:公里|小时|平方米|[个月周年]{0,1}[^\W\d_])")
_UNSURE = Decimal("Infinity")


def range_of(text: str, figure: Figure) -> tuple[Decimal, Decimal]:
    """The values that `figure` may stand for, as 超过 before it or 以上 after it says."""
    value = Decimal(figure.value.rstrip("%"))
    before, after = text[max(0, figure.start - 4) : figure.start], text[figure.end : figure.end + 5]
    if _LESS.search(before) or _AFTER_LESS.match(after):
        return -_UNSURE, value
    rounded = "余" in text[figure.start : figure.end] or "多" in text[figure.start : figure.end]
    if rounded or _AFTER_MORE.match(after):
        # 500多 is not 5,000: less than the next step of its last digit that is not 0.
        step = Decimal(10) ** (len(str(int(value))) - len(str(int(value)).rstrip("0"))) if value >= 1 else Decimal(1)
        return value, value + step if rounded or after[:1] in "余多" else _UNSURE
    return (value, _UNSURE) if _MORE.search(before) else (value, value)


def unit_of(text: str, figure: Figure) -> str:
    match = _UNIT.match(text[figure.end :])
    return match[0].strip(" 余多") if match else ""


def written(text: str, figure: Figure) -> str:
    return text[figure.start : figure.end].strip() + (unit_of(text, figure) if figure.kind == "number" else "")
