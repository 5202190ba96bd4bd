"""A question that compares, taken apart: the same is asked of each of those that are compared.

Knows the question's words only; who is ahead, `qa.writing.comparison` tells from what is found.

>>> comparison_of("张庄和李庄谁的苹果产量高？").questions
('张庄的苹果产量是多少？', '李庄的苹果产量是多少？')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Relation = Literal["more", "less", "difference", "sum", "each", "differ"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`questions[i]` asks of `bearers[i]`; `word` is what the question says of who is ahead (多, 高, 早), or ""."""

    bearers: tuple[str, ...]
    questions: tuple[str, ...]
    relation: Relation
    word: str = ""


_AND = r"(?:[和与跟同、]|还是|以及)"
_BIG, _SMALL = "多高大长晚快贵重远久", "少低小短早慢轻近"
_ADJECTIVE = rf"(?P<word>便宜|[{_BIG}{_SMALL}])(?:一?[些点])?"
_WHICH = r"(?:哪一?[个家所条种年座款类块栋些位边处村月]|谁|哪)"
# What is asked of each, where the question only says which is longer.
_HOW = {
    **dict.fromkeys("多少", "有多少"),
    **dict.fromkeys("高低", "有多高"),
    **dict.fromkeys("大小", "有多大"),
    **dict.fromkeys("长短", "有多长"),
    **dict.fromkeys("早晚", "是什么时候"),
    **dict.fromkeys("快慢久", "要多长时间"),
    **dict.fromkeys("远近", "有多远"),
    **dict.fromkeys("轻重", "有多重"),
    "贵": "要多少钱",
    "便宜": "要多少钱",
}
_TWO = rf"^(?P<a>.+?){_AND}(?P<b>.+?)"
_FORMS: tuple[tuple[Relation | None, str], ...] = (
    ("difference", rf"{_TWO}(?:之间)?(?:相差|差|差距是?)(?:了|有)?(?:多少|几|多大|多远).*$"),
    ("difference", rf"^(?P<a>.+?)比(?P<b>.+?){_ADJECTIVE}(?:了|出)?(?:多少|几).*$"),
    ("sum", rf"{_TWO}(?:加起来|合起来|一共|总共|合计|共计|共|总计)(?P<rest>.*?(?:多少|几).*)$"),
    (
        "differ",
        rf"{_TWO}(?:之间)?[有的差]?(?:什么|哪些|何|啥|没有)?(?:大的?|明显的?)?(?:区别|不同|差别|差异|异同|不一样)"
        r"(?:是什么|在哪里?|有哪些|的地方|之处|点)?吗?$",
    ),
    (
        None,
        rf"^(?P<a>.+?)(?:{_AND}|比起?)(?P<b>.+?)"
        r"(?:(?:相比|比起来|比较|两者|之中|(?<![一二三四五六七八九十])中(?![心学医])|里面?)[，,]?(?P<noun>.{0,8}?))?"
        rf"{_WHICH}(?P<rest>的?.{{0,10}}?)(?:更|比较|要)?{_ADJECTIVE}$",
    ),
    (None, rf"^(?P<a>.+?)(?:是不是|是否)?比(?P<b>.+?)[更还要]*{_ADJECTIVE}(?:吗|么|不|对吗|是吗)?$"),
    ("each", rf"{_TWO}(?:分别|各自?)(?P<rest>[是有为].*(?:多少|几|什么|谁|哪).*)$"),
)
_YEAR = re.compile(r"^(?P<before>.*?)(?P<year>(?:19|20)\d\d年?|[今去前]年|[上下]半年|\d{1,2}月份?)$")
_POLITE = re.compile(r"^(?:请问|请|帮我)?(?:(?:比较|对比)(?:一下)?)?")


def comparison_of(question: str) -> Comparison | None:
    """The comparison that `question` asks for, None where two that are compared cannot be told apart."""
    bare = _POLITE.sub("", question.strip().rstrip("？?。！! "))
    for relation, form in _FORMS:
        match = re.match(form, bare)
        if match and len(match["a"]) <= 30 and len(match["b"]) <= 30:
            return _made(match, relation)
    return None


def _made(match: re.Match[str], relation: Relation | None) -> Comparison:
    groups = match.groupdict()
    word, rest = groups.get("word") or "", (groups.get("rest") or "").strip("，, ")
    rest = f"的{groups['noun']}" if groups.get("noun") else rest
    first, second, attribute = _shared(match["a"], match["b"].strip("，, "))
    told: Relation = relation or ("less" if word and word[0] in _SMALL + "便" else "more")
    asked = [_asked(bearer, attribute, rest, word, told) for bearer in (first, second)]
    return Comparison((first, second), (asked[0], asked[1]), told, word)


def _shared(first: str, second: str) -> tuple[str, str, str]:
    """Those that are compared, and the attribute that only one of them carries along (城东的房租比城西)."""
    year, other = _YEAR.match(first), _YEAR.match(second.partition("的")[0])
    if year and other and year["before"] and not other["before"]:
        second = year["before"] + second
    one, _, its = first.partition("的")
    two, _, other_its = second.partition("的")
    if its and not other_its:
        return one, second, its
    if other_its and not its:
        return first, two, other_its
    return (one, two, its) if its and its == other_its else (first, second, "")


def _asked(bearer: str, attribute: str, rest: str, word: str, relation: Relation) -> str:
    """What is asked of one of them."""
    if relation in ("sum", "each"):
        return f"{bearer}{'的' + attribute if attribute else ''}{rest}？"
    noun = attribute or rest.removeprefix("的")
    if relation == "differ":
        return f"{bearer}的{noun}是怎样的？" if noun else f"{bearer}是怎样的？"
    if not noun:
        return f"{bearer}{_HOW.get(word, '是多少')}？"
    if rest and not rest.startswith("的") and not attribute:  # 哪一年植树多
        verb = rest.removesuffix("得")
        return (
            f"{bearer}什么时候{verb}？"
            if word in ("早", "晚")
            else f"{bearer}{verb}{'了' if verb != rest else ''}多少？"
        )
    if word in ("多", "少"):
        return f"{bearer}有多少{noun}？"
    if word in ("早", "晚"):
        return f"{bearer}的{noun}是什么时候？"
    return f"{bearer}的{noun}是多少？"
