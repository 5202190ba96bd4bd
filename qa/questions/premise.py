"""What a yes/no question takes for given: 高温补贴每月500元对吗 states 高温补贴每月500元, and asks 高温补贴每月多少元.

Knows the question's text only. Whether an article agrees, `qa.writing.premises` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text.figures import Figure, stated_figures
from corpus.text.tagging import PERSON, tag

_TAIL = re.compile(
    r"[，,\s]*(?:(?:这个|这种|这样)?(?:说法|消息|情况)?(?:是真的|是这样|属实|没错|[对行好是])(?:还是假的)?[吗吧]"
    r"|是不是真的|[对行好是]不[对行好是]"
    r"|真的假的|(?<![什甚怎这那])么|吗|吧)$"
)
_HEAD = re.compile(r"^(?:请问|我?听说|据说|有人说|人家说|我记得|是不是说|那么?)[，,]?")
# 他们怎么学党史的么 asks how, and takes nothing for given.
_OPEN = re.compile(r"怎么(?!样)|怎样|如何|为什么|为何|为啥")
_EITHER = re.compile(
    r"([能会要该算收用是让给])不\1|可(?=不可以)不可以|需(?=不需要)不需要|应(?=不应该)不应该"
    r"|属(?=不属于)不属于"
)
_WHETHER = (
    ("是否", ""),
    ("可否", "可以"),
    ("能否", "能"),
    ("会否", "会"),
    ("有无", "有"),
    ("有没有", "有"),
    ("了没有", "了"),
)
_BOUND = re.compile(r"(?:已经?|将近|接近|大约|约|超过|多于|高于|大于|不到|不足|低于|少于|不超过|不低于|不少于|至少)+$")
_AFTER = re.compile(r"\s?[余多]?(?:以上|以下|左右)?")
_MEASURE = re.compile(
    r"[个名位人次户家件项条座所处场批份套台只间栋幢层部支篇本册辆吨里米亩公元岁年月日天时分秒级成倍届期平车小周]"
)


@dataclass(frozen=True, slots=True)
class Premise:
    """What a yes/no question states, and the open question behind it (`statement` itself where nothing can be opened).

    `figures` are those of the statement, offsets in it.
    """

    statement: str
    open_question: str
    figures: tuple[Figure, ...] = ()


def premise_of(question: str) -> Premise | None:
    """The premise of `question`, None where it asks nothing that is answered by yes or no.

    >>> premise_of("高温补贴每月500元对吗？").open_question
    '高温补贴每月多少元'
    """
    bare = question.strip().rstrip("？?。！! ")
    statement = _HEAD.sub("", bare)
    while (shorter := _TAIL.sub("", statement)) != statement:
        statement = shorter
    statement = _EITHER.sub(lambda match: match[1] or match[0][0] + match[0][3:], statement, count=1)
    for asked, told in _WHETHER:
        statement = statement.replace(asked, told, 1)
    statement = re.sub(r"(?:还是)?没有?$", "", statement) if bare.endswith(("没有", "没")) else statement
    if not statement or statement == _HEAD.sub("", bare) or _OPEN.search(statement):
        return None
    if "是" not in statement:
        statement = re.sub(r"(?<!目)的$", "", statement)
    figures = tuple(stated_figures(statement))
    return Premise(statement, _opened(statement, figures), figures)


def _opened(statement: str, figures: tuple[Figure, ...]) -> str:
    """`statement` as a question after its last figure with a measure, its date, or whom it says somebody to be."""
    for figure in reversed(figures):
        before, after = statement[: figure.start], statement[figure.end :]
        if figure.kind == "date":
            year_only = figure.value.endswith("-?-?")
            return before + ("哪一年" if year_only else "什么时候") + after
        before = _BOUND.sub("", before)
        after = _AFTER.sub("", after, count=1)
        if figure.kind == "percent":
            return f"{before}百分之几{after}"
        if _MEASURE.match(after):
            return f"{before}多少{after}"
    return _who(statement)


def _who(statement: str) -> str:
    """甲是王建军 as 甲是谁, where the tagger takes what 是 is followed by for a person."""
    before, is_, after = statement.partition("是")
    words = tag(after)
    person = is_ and before and 2 <= len(after) <= 4 and words and (words[0][1] in PERSON)
    return f"{before}是谁" if person else statement
