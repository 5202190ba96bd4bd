"""What is printed before headings, items and clauses: （一）, 第二十条之一, 11.5.14.2, ①, •.

Knows the beginning of one line, and how the numbers in it are read. Knows nothing of what stands around the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.text.figures import han_number

_HAN = "零〇一二三四五六七八九十百两"
_COUNT = rf"(?:[{_HAN}]{{1,7}}|\d{{1,4}})"
# What follows a number that is spoken of, not printed before its own text: 第十八条规定的, 11.5.14.2的试验.
_REFERENCE = (
    r"(?!\s*(?:的|规定|所|和|与|及|或|至|到|、|，|,|第|中|内|款|项|之外|以外|以下|以上|作出|修改|处罚|要求|执行))"
)
_CHAPTER = rf"第\s?{_COUNT}\s?[编篇章节](?=[\s：:]|$|[^\s，。；、的]{{1,24}}$)"
_CLAUSE = rf"第\s?{_COUNT}\s?条(?:之{_COUNT})?{_REFERENCE}"
_NO_MEASURE = rf"(?![{_HAN}万亿元个年月日时分米公吨次倍人名])"
_DOTTED = rf"\d{{1,3}}(?:[.．]\d{{1,3}}){{1,5}}(?=[.．]?[\s\u3400-\u9fff]){_REFERENCE}{_NO_MEASURE}"
_TOPICS = "(?:议题|议案|提案|事项|案例|任务|步骤|方案|专题|问题|情形|措施)"
_LABEL = re.compile(
    rf"""(?:
      (?P<chapter>{_CHAPTER})
    | (?P<clause>{_CLAUSE})
    | (?P<step>第[{_HAN}]{{1,3}}(?:[步项类种点批]|部分|阶段)?(?=[，,：:、]|[ \t\u3000](?<=[步分段批].)))
    | (?P<topic>{_TOPICS}\s?{_COUNT}(?=[：:、.．\s]))
    | (?P<dotted>{_DOTTED})
    | (?P<section>\d{{1,2}}(?=[ \t\u3000]+[^\s\d.．,，、:：%％]))
    | (?P<count>[{_HAN}]{{1,4}}[、．.])
    | (?P<first>[一二三四五六七八九]是(?=[^否非]))
    | (?P<bracketed>[（(][{_HAN}]{{1,4}}[）)])
    | (?P<figure>\d{{1,3}}(?:[.．](?!\d)|、))
    | (?P<half>\d{{1,3}}[）)])
    | (?P<enclosed>[（(]\d{{1,3}}[）)])
    | (?P<circled>[①-⑳❶-❿])
    | (?P<bullet>[•●◆■▪·○◦▶►➢√✓※◇□]|[-*+–](?=[ \t\u3000]))
    )[ \t\u3000]*""",
    re.VERBOSE | re.MULTILINE,
)
FIRST = frozenset(f"第议提事案任步方专问情措{_HAN}0123456789（(•●◆■▪·○◦▶►➢√✓※◇□-*+–") | {
    chr(c) for c in (*range(0x2460, 0x2474), *range(0x2776, 0x2780))
}
"""Characters that a label may begin with: a line that begins with another need not be looked at."""
_DIGITS = re.compile(rf"\d+|[{_HAN}]+")


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a line: its `style`, the `number` as printed (blanks aside), its place in the row (0 for a bullet),
    and where the words after it begin."""

    style: str
    number: str
    value: int
    end: int


def label_at(text: str, start: int, end: int) -> Label | None:
    """The label with which `text[start:end]`, a line, begins, or None."""
    match = _LABEL.match(text, start, end)
    if match is None or (match.end() >= end and match.lastgroup not in ("chapter", "clause", "dotted")):
        return None
    style = match.lastgroup or ""
    number = match[style]
    return Label(style, number, _value(style, number), match.end())


def _value(style: str, number: str) -> int:
    if style == "bullet":
        return 0
    if style == "circled":
        return ord(number) - (0x245F if number < "❶" else 0x2775)
    found = _DIGITS.findall(number)
    return count_of(found[-1] if style == "dotted" else found[0])


@lru_cache(maxsize=1024)
def count_of(numeral: str) -> int:
    """The value of a whole number in Arabic figures or as it is spoken: 二十 is 20, 一百零八 is 108."""
    if numeral.isdecimal():
        return int(numeral)
    return int(han_number(numeral))
