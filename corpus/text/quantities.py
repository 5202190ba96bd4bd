"""What one cell of a table holds: a quantity with its unit (1.8万户, 3,000元, 45%, 12'000), a date, a code, words.

Knows one short text at a time, and always all of it: "3号楼" is no quantity of 号楼, "约30人" is one of 人. Knows
nothing of tables. Values are exact decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from corpus.text.figures import NUMERAL, SCALES, han_number, narrow

CellKind = Literal["empty", "number", "percent", "date", "code", "words", "sentence"]

_ARABIC = r"\d{1,3}(?:[,，'’ ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?:约|近|超|共)?\s*(?P<sign>[-−－+＋]?)\s*(?P<money>[¥￥$€]|人民币)?\s*"
    rf"(?:(?P<arabic>{_ARABIC})|(?P<han>[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?))"
    r"\s*[余多]?(?P<scale>[十百千万亿]*)\s*(?P<unit>[^\W\d_]{0,6}[²³]?|[%‰％℃°]|[^\W\d_]{1,4}/[^\W\d_]{1,3}[²³]?)(?:左右|整)?"
)
_BRACKETED = re.compile(r"[(（]\s*(?P<inside>[\d,.]+)\s*[)）]")
_DATE = re.compile(
    r"(?:\d{4}|\d{2}|[零〇○一二三四五六七八九]{4})\s*年(?:度|\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?份?)?"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号]|份)?|(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?|(?:19|20)\d{6}|(?:19|20)\d\d"
    r"|[一二三四五六七八九十]{1,2}月(?:份|[一二三四五六七八九十]{1,3}[日号])?|(?:周|星期|礼拜)[一二三四五六日天]"
    r"|第?[一二三四1-4]季度|\d{1,2}[:：]\d{2}(?:\s*[-—~～至]+\s*\d{1,2}[:：]\d{2})?"
)
_CODE = re.compile(r"[A-Za-z]*[-A-Za-z\d._/()#+]*\d[-A-Za-z\d._/()#+]*")
_NOTHING = frozenset(
    {"", "-", "—", "——", "–", "－", "/", "／", "\\", "无", "N/A", "n/a", "…", "……", "*", "×", "--", "空"}
)
_TOTALS = re.compile(
    r"(?:总|合|共|小|累)\s*计|总\s*和|总\s*数|合\s*计\s*数|(?:全[市省县区国校院公司]{1,2})?(?:合|总|小)\s*计"
)
_SENTENCE = re.compile(r"[。；！？;!?]")
_LONGEST_WORDS = 24
# What a Chinese numeral may count: 三户 and 二十六个月 are amounts, 一分厂 and 百货 are names.
_COUNTED = re.compile(
    r"(?:个|公|平方|立方|千|人民)?[户人个月年天日家项件次元角分名位所座条间栋台辆套只头亩吨斤克米里升岁倍成步级]{1,2}|%"
)
# Words after a figure that make a name of it, not an amount: 3号楼, 11路, 2栋, 5班.
_ORDINAL = re.compile(r"[号路栋幢室班组队期届版楼层级科条款章节]|号楼|单元|年级|车间|大队")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount: `value` in single `unit`s (1.8万户 is 18000 户); `unit` is "" where only a number stands there."""

    value: Decimal
    unit: str


@lru_cache(maxsize=4096)
def quantity(text: str) -> Quantity | None:
    """The amount that `text` is as a whole, or None: for words, dates, codes, ranges and empty cells."""
    plain = narrow(text.strip())
    if bracketed := _BRACKETED.fullmatch(plain):  # bookkeepers write losses so
        inside = quantity(bracketed["inside"])
        return Quantity(-inside.value, inside.unit) if inside else None
    match = _QUANTITY.fullmatch(plain)
    if not match or (match["unit"] and _DATE.fullmatch(plain)):
        return None
    unit = match["unit"].replace("％", "%") or ("元" if match["money"] else "")
    if _ORDINAL.fullmatch(unit) or (match["arabic"] and _leads_with_nought(match["arabic"])):
        return None
    if match["arabic"]:
        value = Decimal(re.sub(r"[,，'’ ]", "", match["arabic"]))
        for scale in match["scale"]:
            value *= SCALES[scale]
    elif _COUNTED.fullmatch(unit) or (not unit and len(match["han"]) > 1 and plain not in ("万一", "千万")):
        value = han_number(match["han"])
    else:
        return None
    return Quantity(-value if match["sign"] in ("-", "−", "－") and match["sign"] else value, unit)


@lru_cache(maxsize=4096)
def kind_of_cell(text: str) -> CellKind:
    """What kind of thing stands in a cell. Years (2021) are dates, long digit strings (telephones) are codes."""
    plain = narrow(text.strip())
    if plain in _NOTHING:
        return "empty"
    if _DATE.fullmatch(plain):
        return "date"
    amount = quantity(plain)
    if amount is not None:
        return "percent" if amount.unit in ("%", "‰") else "number"
    if _CODE.fullmatch(plain):
        return "code"
    return "sentence" if len(plain) > _LONGEST_WORDS or _SENTENCE.search(plain[:-1]) else "words"


def is_total(text: str) -> bool:
    """Whether a cell names a row or column of sums: 合计, 总计, 小 计."""
    return bool(_TOTALS.fullmatch(text.strip().rstrip("：:")))


def written(value: Decimal, unit: str = "") -> str:
    """`value` as a person writes it, without exponents and trailing noughts, at most two places, with its unit."""
    rounded = value if value == value.to_integral_value() else round(value, 2)
    text = format(rounded, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def _leads_with_nought(digits: str) -> bool:
    """0371 and 007 are codes; 0 and 0.5 are amounts. So are figures of more than nine digits without commas."""
    return (len(digits) > 1 and digits[0] == "0" and digits[1] != ".") or (digits.isdigit() and len(digits) > 10)
