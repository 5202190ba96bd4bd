"""What the words of a question ask of a table: the operation, an amount to compare with, the unit, the kind of thing.

Knows the wording of questions, not the table. What is understood is accounted for; an answer needs all words to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from corpus.text.quantities import quantity

Operation = Literal["cell", "highest", "lowest", "sum", "average", "count", "difference", "threshold"]
Asked = Literal["who", "when", "where", "thing", "amount", ""]

TAKEN = "\0"
_NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)[十百千万亿]*"
_WORDS_OF_AMOUNT = (
    (r"不超过|不多于|不高于|至多|(?:小于|低于)等于", False, True),
    (r"不少于|不低于|不小于|至少|达到|(?:大于|高于)等于", True, True),
    (r"超过|大于|高于|多于|超出", True, False),
    (r"低于|小于|不足|少于|不到|未达到", False, False),
)
MEASURES = (
    r"[万亿千百]*(?:平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|小时|分钟|公斤|千克|公顷|千瓦时?|[元块]钱?|人次|"
    r"[人户个件吨亩斤克升度米天年岁名位家台辆本套座栋间条次号层届分秒部扇棵株枚盏顶]|[%％‰℃])"
)
_UNIT_AFTER = rf"(?P<unit>{MEASURES})?"
_HIGHEST = re.compile("最[多高大长重贵快远晚新久强宽深厚]|排名?第一")
_LOWEST = re.compile("最(?:[少低小短轻慢近早弱窄浅薄]|便宜)")
_WHICH_MORE = re.compile(
    "(?:更|比较|较)(?P<side>[多高大长重贵晚少低小短轻早]|便宜)|(?<=\0)(?P<bare>[多高大长重贵晚少低小短轻早]|便宜)(?=些|一些|一点|$|[?？呢])"
)
_FAR = re.compile("(?P<side>[多高大长重贵少低小短轻]|便宜)(?:出|了)?(?=多少|几)|相差|差距|差额|差值|之差|差(?=多少|几)")
_AVERAGE = re.compile("平均值?|均值|人均")
_SUM = re.compile("一共|总共|合计|总计|共计|累计|总和|之和|加起来|共(?=有|多少|几|是)|总(?=[\0数量额])")
_COUNT = re.compile("(?:多少|几)(?P<measure>[个家名位人户种所处座条项间台辆部件本只栋门类])")
_HOW_MANY = re.compile(rf"(?:多少|几(?![点号月日]))(?:{_UNIT_AFTER}|钱)")
_ASKED: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("who", re.compile("谁|哪一?[位名]|哪一?个人|何人|什么人")),
    ("when", re.compile("什么时候|什么时间|什么日期|哪一?[年天日月]|何时|多会儿|几[点号]")),
    ("where", re.compile("哪里|哪儿|什么地方|何地|何处")),
    ("thing", re.compile("哪一?[个家些间种类项条款所处座台辆部件本只栋门层班路]|哪几[个家间种类项条]|哪|什么|啥")),
)
_HIGH_SIDE = frozenset("多高大长重贵晚")
_EMPTY = re.compile(
    "(?<=\0)(?:人|号码)|请问|请|帮我|告诉我|我想知道|想问一?下|查一?下|看一?下|其中|里面|表中|表里|这张表|所有|全部|分别|各自|名称|名字|"
    "[的是为有在了吗呢吧啊和与及跟同按以用里中各每个叫到于都由这那些它他她家会要号名位又]|一下|多大|多长|多重|多高|怎么样|等|各是|排在?|数量"
)
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Threshold:
    """超过100户: the side, whether the amount itself is on it, the amount and its unit.

    `in_singles` where the amount says its scale: 3000万 is no 3000万 of 万元."""

    above: bool
    inclusive: bool
    value: Decimal
    unit: str
    in_singles: bool = False

    def holds(self, value: Decimal) -> bool:
        """Whether `value` is on the asked side."""
        return (value > self.value if self.above else value < self.value) or (self.inclusive and value == self.value)


@dataclass(slots=True)
class Words:
    """A question in plain form, and which of its characters are accounted for."""

    text: str
    known: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = [False] * len(self.text)

    @property
    def free(self) -> str:
        """The question with TAKEN in place of each character that is accounted for."""
        return "".join(TAKEN if known else c for c, known in zip(self.text, self.known, strict=True))

    def take(self, start: int, end: int) -> None:
        """These characters are accounted for."""
        self.known[start:end] = [True] * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether none of these characters is accounted for yet."""
        return not any(self.known[start:end])

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match among characters not accounted for; it is taken."""
        match = pattern.search(self.free)
        if match:
            self.take(*match.span())
        return match

    def left(self) -> Iterator[tuple[int, int, str]]:
        """Stretches of words that are not accounted for."""
        for match in _WORD.finditer(self.free):
            yield match.start(), match.end(), match.group()

    def take_empty(self) -> None:
        """Account for the words that any question has."""
        for match in _EMPTY.finditer(self.free):
            self.take(*match.span())


def threshold_in(words: Words) -> Threshold | None:
    """超过100户, 不低于90分, 1万元以上; taken where it is found."""
    for pattern, above, inclusive in _WORDS_OF_AMOUNT:
        found = words.search(re.compile(rf"(?:{pattern})(?:了|过)?(?P<number>{_NUMBER}){_UNIT_AFTER}"))
        if found:
            return _threshold(found, above, inclusive)
    found = words.search(re.compile(rf"(?:在|达)?(?P<number>{_NUMBER}){_UNIT_AFTER}(?:及|含|或)?以(?P<side>[上下内])"))
    return _threshold(found, found["side"] == "上", True) if found else None


def _threshold(found: re.Match[str], above: bool, inclusive: bool) -> Threshold | None:
    amount = quantity(found["number"] + (found["unit"] or "个"))
    if amount is None:
        return None
    scaled = found["number"][-1] in "万亿"
    return Threshold(above, inclusive, amount.value, amount.unit if found["unit"] else "", scaled)


def operation_in(words: Words) -> tuple[Operation, bool]:
    """What is to be done, and for comparisons whether the higher side is asked for. Counting is told apart later."""
    if ("比" in words.free or "差" in words.free) and (far := words.search(_FAR)):
        words.search(re.compile("比"))
        return "difference", (far["side"] or "多") in _HIGH_SIDE
    for pattern, operation, high in ((_HIGHEST, "highest", True), (_LOWEST, "lowest", False)):
        if words.search(pattern):
            return operation, high  # type: ignore[return-value]
    if more := words.search(_WHICH_MORE):
        high = (more["side"] or more["bare"]) in _HIGH_SIDE
        words.search(re.compile("一些|一点|些"))
        words.search(re.compile("相比|比"))
        return ("highest" if high else "lowest"), high
    if words.search(_AVERAGE):
        return "average", True
    return ("sum", True) if words.search(_SUM) else ("cell", True)


def counted_in(words: Words) -> re.Match[str] | None:
    """几个, 多少家: the place of the measure, not taken: what follows tells whether rows are counted."""
    return _COUNT.search(words.free)


def asked_in(words: Words) -> tuple[Asked, str, int]:
    """The kind of thing asked for, the unit named after 多少, and where the question word ends; taken."""
    if amount := words.search(_HOW_MANY):
        return "amount", amount["unit"] or "", amount.end()
    for asked, pattern in _ASKED:
        if found := words.search(pattern):
            return asked, "", found.end()
    return "", "", -1
