"""Side by side: what was found for each of those that are compared, and what follows from the figures.

Knows the comparison and the stretch found for each. What is computed from cited figures is marked as computed; where
one is missing, where units differ or where 超过 and 不到 leave it open, that is said, and nobody is called ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.text.figures import Figure, stated_figures
from qa.questions.comparing import Comparison
from qa.writing.amounts import range_of, unit_of, written

_SIZES = {
    "公里": ("米", 1000),
    "千米": ("米", 1000),
    "小时": ("分钟", 60),
    "公顷": ("平方米", 10000),
    "公斤": ("克", 1000),
    "吨": ("克", 10**6),
}
_ALIKE = {"名": "人", "位": "人", "块": "元"}


@dataclass(frozen=True, slots=True)
class Found:
    """What answers the question asked of one of those compared: the sentence, and in it the shortest answer, or ""."""

    sentence: str
    span: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sentence` is what follows, "" where nothing does; `computed` where it rests on arithmetic and not on a quote.

    `missing` are those of whom nothing was found.
    """

    sentence: str
    computed: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Amount:
    low: Decimal
    high: Decimal
    unit: str
    text: str
    date: tuple[int, ...] = ()


def verdict(comparison: Comparison, found: Sequence[Found | None]) -> Verdict:
    """What `found` (one for each bearer, None where nothing was) says to `comparison`.

    >>> asked = Comparison(("甲村", "乙村"), ("甲村有多少人？", "乙村有多少人？"), "more", "多")
    >>> verdict(asked, [Found("甲村有八百人。"), Found("乙村有950人。")]).sentence
    '甲村是八百人，乙村是950人：乙村更多（由所引数字比较得出）。'
    """
    missing = tuple(bearer for bearer, one in zip(comparison.bearers, found, strict=True) if one is None)
    if missing:
        return Verdict(f"文章里没有找到{'、'.join(missing)}的这一项，无法比较。", missing=missing)
    if comparison.relation in ("each", "differ"):
        return Verdict("")
    amounts = [_amount(one) for one in found if one is not None]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return Verdict("所引的句子里没有可以比较的数字。")
    side = "，".join(f"{bearer}是{one.text}" for bearer, one in zip(comparison.bearers, known, strict=True))
    if len({(one.unit, bool(one.date)) for one in known}) > 1:
        return Verdict(f"{side}：单位不同，不能直接比较。")
    return _computed(comparison, known, side)


def _computed(comparison: Comparison, known: Sequence[_Amount], side: str) -> Verdict:
    first, second = known[:2]
    if first.date or second.date:
        return _by_date(comparison, first, second, side)
    exact = all(one.low == one.high for one in known)
    if comparison.relation == "sum":
        total = _plain(sum((one.low for one in known), Decimal(0)))
        return Verdict(f"{side}：合计{total}{first.unit}（由所引数字算出）。", exact) if exact else _open(side)
    if comparison.relation == "difference":
        if not exact:
            return _open(side)
        ahead = comparison.bearers[0 if first.low >= second.low else 1]
        return Verdict(
            f"{side}：相差{_plain(abs(first.low - second.low))}{first.unit}，{ahead}较多（由所引数字算出）。", True
        )
    if exact and first.low == second.low:
        return Verdict(f"{side}：两者相同（由所引数字比较得出）。", True)
    if first.low < second.high and second.low < first.high and not (exact and first.low != second.low):
        return _open(side)
    greater = 0 if first.low >= second.high else 1
    ahead = comparison.bearers[1 - greater if comparison.relation == "less" else greater]
    return Verdict(f"{side}：{ahead}更{comparison.word or '多'}（由所引数字比较得出）。", True)


def _by_date(comparison: Comparison, first: _Amount, second: _Amount, side: str) -> Verdict:
    shared = min(len(first.date), len(second.date))
    if first.date[:shared] == second.date[:shared]:
        same = len(first.date) == len(second.date) and comparison.relation != "sum"
        return Verdict(f"{side}：两者相同（由所引日期比较得出）。", True) if same else _open(side)
    earlier = 0 if first.date[:shared] < second.date[:shared] else 1
    ahead = comparison.bearers[earlier if comparison.relation == "less" else 1 - earlier]
    return Verdict(f"{side}：{ahead}更{comparison.word or '晚'}（由所引日期比较得出）。", True)


def _open(side: str) -> Verdict:
    return Verdict(f"{side}：所引数字只是约数或范围，不能断定。")


def _amount(found: Found) -> _Amount | None:
    """The figure of the shortest answer, else the first of the sentence; a date where nothing else is there."""
    text = found.sentence
    figures = stated_figures(text)
    at = text.find(found.span) if found.span else -1
    inside = [one for one in figures if at >= 0 and at <= one.start < at + len(found.span)]
    ranked = inside or sorted(figures, key=lambda one: one.kind == "date")
    return _of(text, ranked[0]) if ranked and "/" not in ranked[0].value else None


def _of(text: str, figure: Figure) -> _Amount:
    shown = written(text, figure)
    if figure.kind == "date":
        date = tuple(int(part) for part in figure.value.split("-") if part != "?")
        return _Amount(Decimal(0), Decimal(0), "", shown, date)
    low, high = range_of(text, figure)
    if low.is_infinite() or high.is_infinite():
        shown = text[max(0, figure.start - 2) : figure.start].lstrip("，。是有为共的") + shown
    unit = "%" if figure.kind == "percent" else unit_of(text, figure)
    name, factor = _SIZES.get(unit, (_ALIKE.get(unit, unit), 1))
    return _Amount(low * factor, high * factor, name, shown)


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
