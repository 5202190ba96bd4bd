"""Figures and dates in Chinese text, brought to one form: 一亿二千万 = 1.2亿 = 120000000; ２０２１年7月 = 2021年7月.

Knows only strings and offsets. Used to check that a figure of an answer stands in its source, and to tell which
sentences have the kind of figure that a question asks for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.text.lexicon import MEASURES

Kind = Literal["number", "percent", "date"]

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NUMERAL = "零〇○一二两三四五六七八九十百千万亿"

_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = rf"[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?"
_YEAR = r"(?:\d{4}|\d{2}(?=年\d{1,2}月)|[零〇○一二三四五六七八九]{4})年"
_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_DAY = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_DATE = re.compile(
    rf"(?P<year>{_YEAR})\s?(?P<month>{_MONTH})?份?\s?(?P<day>{_DAY})?"
    rf"|(?P<month2>{_MONTH})\s?(?P<day2>{_DAY})|(?P<month3>\d{{1,2}}月)份?|(?<!\d)(?P<day3>\d{{1,2}}日)"
    r"|(?<!\d)(?P<iso>(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?)(?![\d.])"
)
_NUMBER = re.compile(
    rf"(?P<per>百分之|千分之)(?P<share>{_ARABIC}|{_HAN})"
    rf"|(?P<below>{_HAN})分之(?P<above>{_HAN})"
    rf"|(?P<arabic>{_ARABIC})\s?(?P<more>[余多]?)(?P<scale>[十百千万亿]*)(?P<sign>[%‰]?)"
    rf"|(?P<han>{_HAN})(?:[余多几](?P<hanscale>[万亿]+))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at `text[start:end]`.

    `value` is a plain decimal string for a number, the same with "%" for a percentage, and "Y-M-D" for a date with
    "?" for what is not said: "2021-7-?".
    """

    kind: Kind
    value: str
    start: int
    end: int


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as ASCII ones, character for character, so that offsets stay."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in text)


def han_number(numeral: str) -> Decimal:
    """The value of a Chinese numeral: 一亿二千万 -> 120000000, 二〇二一 -> 2021, 三点五 -> 3.5, 百 -> 100.

    Follows the spoken form: a digit multiplies the scale after it, 万 and 亿 multiply all that stands before.
    """
    whole, _, part = numeral.partition("点")
    if not any(c in SCALES for c in whole):
        digits = "".join(str(DIGITS[c]) for c in whole)
        return Decimal(f"{digits}.{_digits(part)}" if part else digits)
    total = section = digit = 0
    last = 1
    for character in whole:
        if character in DIGITS:
            digit = digit * 10 + DIGITS[character] if last == 0 else DIGITS[character]
            last = 0
            continue
        scale = SCALES[character]
        if scale >= 10**4:
            total = (total + section + digit or 1) * scale if scale > 10**4 else total + (section + digit or 1) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit, last = 0, scale
    return Decimal(total + section + digit) + (Decimal(f"0.{_digits(part)}") if part else 0)


def _digits(han: str) -> str:
    return "".join(str(DIGITS[c]) for c in han)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(token: str) -> Decimal:
    token = token.replace(",", "")
    return Decimal(token) if token[0].isdecimal() else han_number(token)


def _field(token: str | None) -> str:
    return "?" if not token else _plain(_number(token[:-1]))


def _date(match: re.Match[str]) -> str:
    group = match.groupdict()
    if group["iso"]:
        parts = [str(int(p)) for p in re.split(r"[-/.]", group["iso"])]
        return "-".join([*parts, "?"][:3])
    month = group["month"] or group["month2"] or group["month3"]
    day = group["day"] or group["day2"] or group["day3"]
    year = _field(group["year"])
    return "-".join(["20" + year if len(year) == 2 else year, _field(month), _field(day)])


def _value(match: re.Match[str]) -> tuple[Kind, str]:
    group = match.groupdict()
    if group["per"]:
        value = _number(group["share"]) / (1 if group["per"] == "百分之" else 10)
        return "percent", _plain(value) + "%"
    if group["below"]:
        below = han_number(group["below"])
        return "number", f"{_plain(han_number(group['above']))}/{_plain(below)}"
    if group["han"]:
        value = han_number(group["han"])
        for scale in group["hanscale"] or "":
            value *= SCALES[scale]
        return "number", _plain(value)
    value = _number(group["arabic"])
    for scale in group["scale"] or "":
        value *= SCALES[scale]
    if group["sign"]:
        return "percent", _plain(value / (1 if group["sign"] == "%" else 10)) + "%"
    return "number", _plain(value)


def find_figures(text: str) -> list[Figure]:
    """All dates, percentages and numbers of `text`, in order, without overlap; dates win over numbers.

    Chinese numerals inside words (一些, 第一, 万一) come out too: a source may have too many, never too few.
    """
    text = narrow(text)
    found = [Figure("date", _date(m), m.start(), m.end()) for m in _DATE.finditer(text)]
    taken = {i for figure in found for i in range(figure.start, figure.end)}
    for match in _NUMBER.finditer(text):
        if not taken.intersection(range(match.start(), match.end())):
            kind, value = _value(match)
            found.append(Figure(kind, value, match.start(), match.end()))
    return sorted(found, key=lambda figure: figure.start)


_MEASURE = re.compile(rf"\s?[余多]?[{MEASURES}]")


_NO_FIGURE = re.compile(r"万一|十分(?![钟之])|千万(?=[别不要])")


def stated_figures(text: str) -> list[Figure]:
    """The figures that `text` asserts: as `find_figures`, less single Chinese numerals that only make a word.

    Kept are all with Arabic digits, numerals of two or more characters with a scale or a decimal point, and single
    ones followed by a measure word (三个). So 一些, 统一 and 万一 are no figures.
    """
    plain = narrow(text)
    kept = []
    for figure in find_figures(text):
        token = plain[figure.start : figure.end]
        if _NO_FIGURE.match(plain, figure.start):
            continue
        measured = _MEASURE.match(plain, figure.end) is not None
        arabic = any(c.isdigit() and c.isascii() for c in token)
        spoken = figure.kind != "number" or (len(token) > 1 and (measured or not set(token) <= set("千百万亿十")))
        if arabic or spoken or (measured and token not in {"一", "两", "百", "千", "万", "亿"}):
            kept.append(figure)
    return kept


def is_stated(figure: Figure, source: Iterable[Figure]) -> bool:
    """Whether `source` has `figure`: the same value, or for dates one that says as much (2021-7-? in 2021-7-1)."""
    if figure.kind != "date":
        return any(figure.value == other.value for other in source)
    wanted = figure.value.split("-")
    return any(
        all(part in ("?", given) for part, given in zip(wanted, other.value.split("-"), strict=True))
        for other in source
        if other.kind == "date"
    )
