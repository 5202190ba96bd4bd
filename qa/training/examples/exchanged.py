"""Minimal pairs: a question or a passage with one detail exchanged, so that what nearly answers does not.

The detail is a year, a figure, a name or a rank that the question insists on. What is put in its place is of the same
kind and stands nowhere in the passage. Knows strings and names; nothing of data sets.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.article import Span
from corpus.text.tagging import tag
from qa.checking.verification import names_in

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?=年)")
_FIGURE = re.compile(r"(?<![\d.])\d{1,4}(?=[月日号层届条期次路个名户人元])")
_COUNTED = re.compile(r"(?:多少|几)([\u4e00-\u9fff]{3,5})(?=[？?，。]|$)")
_NOUNS = frozenset({"n", "vn", "nz", "v"})
_RANKS = ("第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八")
_PLACES = ("东", "西", "南", "北", "上", "下")
OPPOSITES = tuple(
    pair
    for one, two in (
        ("最大", "最小"), ("最高", "最低"), ("最早", "最晚"), ("首次", "最后一次"), ("第一次", "第二次"), ("男", "女"), ("父亲", "母亲"),
        ("哥哥", "弟弟"), ("妻子", "丈夫"), ("进口", "出口"), ("上半年", "下半年"), ("增加", "减少"), ("国内", "国外"), ("书记", "主任"),
        ("出生", "去世"), ("小学", "中学"), ("城市", "农村"), ("收入", "支出"), ("可以", "不可以"), ("应当", "不得"), ("允许", "禁止"),
        ("成年", "未成年"), ("本科", "专科"), ("甲方", "乙方"), ("个人", "单位"), ("去年", "今年"), ("县长", "市长"), ("优点", "缺点"),
        ("新", "旧"), ("优势", "劣势"), ("春季", "秋季"), ("白天", "夜间"), ("作者", "译者"), ("导演", "编剧"), ("面积", "人口"),
        ("长度", "宽度"), ("身高", "体重"), ("开工", "竣工"), ("上任", "卸任"), ("地址", "电话"), ("产量", "销量"), ("时间", "地点"),
    )
    for pair in ((one, two), (two, one))
)  # fmt: skip


@lru_cache(maxsize=50_000)
def names_of(text: str) -> tuple[str, ...]:
    """Names of people, places and organisations in `text`, longest first."""
    return tuple(sorted({name for name in names_in(text) if len(name) > 1}, key=len, reverse=True))


def exchanged_question(question: str, passage: str, names: Sequence[str], dice: random.Random) -> str:
    """`question` about another year, figure, name or opposite, of which `passage` says nothing; "" where none is found."""
    ways = [_other_figure, _other_name, _other_name, _other_word]
    dice.shuffle(ways)
    for way in ways:
        if (other := way(question, passage, names, dice)) and other != question:
            return other
    return ""


def nouns_of(question: str) -> tuple[str, ...]:
    """Nouns and verbs of `question` that are no names and ask nothing, in order."""
    return tuple(
        word
        for word, flag in tag(question)
        if flag in _NOUNS and len(word) > 1 and not any(c in "什哪谁几何多" for c in word)
    )


def exchanged_noun(question: str, passage: str, nouns: Sequence[str], dice: random.Random) -> str:
    """`question` with one of the words nearest to what is asked for exchanged for one of `nouns` that `passage` lacks:
    多少名党员 becomes 多少名工人; "" where none is found."""
    own = nouns_of(question)
    if not own:
        return ""
    word = dice.choice(own[-2:])
    tried = dice.sample(nouns, min(60, len(nouns)))
    other = next((o for o in tried if len(o) == len(word) and o not in passage + question), "")
    return question.replace(word, other) if other else ""


def exchanged_count(question: str, passage: str, counted: Sequence[str], dice: random.Random) -> str:
    """`question` about how many of something else, one of `counted` that `passage` lacks; "" where it asks for no number."""
    if not (found := _COUNTED.search(question)):
        return ""
    own = found[1]
    others = [o for o in dice.sample(counted, min(80, len(counted))) if not set(o) & set(own) and o not in passage]
    return question[: found.start(1)] + others[0] + question[found.end(1) :] if others else ""


def counted_of(question: str) -> str:
    """What `question` asks the number of, with its measure word: 名党员 of 有多少名党员; "" where it asks for no number."""
    found = _COUNTED.search(question)
    return found[1] if found else ""


def exchanged_passage(
    question: str, head: str, passage: str, span: Span, names: Sequence[str], dice: random.Random
) -> tuple[str, str, str, str, Span] | None:
    """The same said of somebody else: a name of the question, another one, and head, passage and span with it."""
    own = [name for name in names_of(question) if name in passage or name in head]
    own = [name for name in own if name not in passage[span[0] : span[1]]]
    if not own:
        return None
    name = own[0]
    other = _like(name, names, question + passage + head, dice)
    if not other:
        return None
    start = span[0] + passage[: span[0]].count(name) * (len(other) - len(name))
    text = passage.replace(name, other)
    return name, other, head.replace(name, other), text, (start, start + span[1] - span[0])


def _other_figure(question: str, passage: str, names: Sequence[str], dice: random.Random) -> str:
    for pattern, near in ((_YEAR, 6), (_FIGURE, 9)):
        if found := pattern.search(question):
            value = int(found[0])
            for _ in range(6):
                other = str(max(1, value + dice.choice([n for n in range(-near, near + 1) if n])))
                if not re.search(rf"(?<!\d){other}(?!\d)", passage):
                    return question[: found.start()] + other + question[found.end() :]
    return ""


def _other_name(question: str, passage: str, names: Sequence[str], dice: random.Random) -> str:
    for name in names_of(question):
        if other := _like(name, names, question + passage, dice):
            return question.replace(name, other)
    return ""


def _other_word(question: str, passage: str, names: Sequence[str], dice: random.Random) -> str:
    for one, two in dice.sample(OPPOSITES, len(OPPOSITES)):
        if one in question and two not in passage and two not in question:
            return question.replace(one, two, 1)
    for rank in _RANKS:
        if rank in question:
            others = [other for other in _RANKS if other not in passage and other != rank]
            return question.replace(rank, dice.choice(others), 1) if others else ""
    return ""


def _like(name: str, names: Sequence[str], taken: str, dice: random.Random) -> str:
    """A name that ends as `name` does where one is found (区, 公司, 大学), of about its length, and not in `taken`."""
    tried = [
        other for other in dice.sample(names, min(400, len(names))) if other not in taken and other[:2] != name[:2]
    ]
    fitting = [other for other in tried if other[-1] == name[-1] and abs(len(other) - len(name)) <= 2]
    fitting = fitting or [other for other in tried if len(other) == len(name)]
    return fitting[0] if fitting else ""
