"""Whether a source says the opposite of a claim: more for less, for for against, or that it is not so.

Knows two texts in one plain form (`corpus.text.terms.normalise`), a claim and what it rests on.
"""

from __future__ import annotations

import re

from corpus.article import Span
from corpus.text.figures import is_stated
from qa.checking.source_text import (
    AFTER,
    CLAUSE_ENDS,
    CLEARLY,
    clause_of,
    figures_of,
    fit,
    grams_of,
    names_of,
    places_of,
    stated_in,
    support_of,
)

_PAIRS = """
增加/减少 增长/下降 增长/减少 上升/下降 提高/降低 上涨/下跌 同意/反对 支持/反对 赞成/反对
高于/低于 大于/小于 多于/少于 优于/劣于 早于/晚于 超过/不足 扩大/缩小 以上/以下 以前/以后
之前/之后 最大/最小 最高/最低 最多/最少 最早/最晚 最长/最短 成功/失败 允许/禁止 接受/拒绝
加入/退出 获得/失去 加强/减弱 加快/放慢 开始/结束 开放/关闭 进口/出口 合法/非法 公开/秘密
提前/推迟 击败/败给 盈利/亏损 买入/卖出 上游/下游 东部/西部 南部/北部 左侧/右侧 生于/卒于
父亲/母亲 通过/否决 批准/驳回 有效/无效 有利/不利 顺利/艰难
"""
_OPPOSITES = [tuple(pair.split("/")) for pair in _PAIRS.split()]
NOT = re.compile(
    r"没有|并非|不是|未能|尚未|从未|没(?![收落错])|未(?![来必婚免])|无(?![论数线锡缝偿穷限形产疑非能政])"
    r"|不(?![仅但断少过久管论止只锈妨可足惜幸懈]|同(?!意))|(?<![并中西东北南是])非(?![常洲法凡遗物典公金营])"
)
_FORBIDS = re.compile(r"[得要可准许宜应该]")
_OPEN = re.compile(r"是否|能否|违|禁|避免|防止|拒绝|反对|缺乏")
_NO_SIGN = re.compile(r"[\W\d_]+")
_HEAD = re.compile(r"(?:[有能会再曾被是在得可以要想将]|曾经|可以|能够)*")


def opposite(claim: str, source: str) -> str:
    """That `source` has 减少 where `claim` has 增加, or another such pair; "" where it has not."""
    for pair in _OPPOSITES:
        for word, opposite in (pair, pair[::-1]):
            if word not in claim or opposite in claim or opposite not in source:
                continue
            if all(_is_negated(claim, start) for start, _ in places_of(word, claim)):
                continue
            told = [clause_of(source, place) for place in _same_places(claim, source)]
            if any(opposite in clause for clause in told) and not any(word in clause for clause in told):
                return f"出处里说的是“{opposite}”，不是“{word}”。"
            support = support_of(claim, source)
            own, other = places_of(word, support), places_of(opposite, support)
            here = [(place, fit(claim, place, support, own) + CLEARLY / 2) for place in places_of(word, claim)]
            if other and (not own or all(fit(claim, place, support, other) > fits for place, fits in here)):
                return f"出处里说的是“{opposite}”，不是“{word}”。"
    return ""


def _same_places(claim: str, source: str) -> list[Span]:
    """Where `source` has the figures and names of `claim`."""
    figures = [(g.start, g.end) for f in stated_in(claim) for g in figures_of(source) if is_stated(f, [g])]
    return figures + [place for name, _, _ in names_of(claim) for place in places_of(name, source)]


def denied(claim: str, source: str) -> str:
    """That only one of the two says that something is not so; "" where they agree."""
    for match in NOT.finditer(claim):
        head = _head(claim, match.end())
        after = CLAUSE_ENDS.split(claim[match.end() : match.end() + AFTER + 2])[0]
        denied = [place for pair in grams_of(after) if len(pair) == 2 for place in places_of(pair, source)]
        other_way = any(head in pair and any(word in source for word in pair if word != head) for pair in _OPPOSITES)
        known = len(head) == 2 and head in source and not other_way  # who does not agree may be said to object
        if known and not any(_is_negated(source, start) for start, _ in denied):
            return f"出处里没有说“{match[0]}{head}”。"
    support = support_of(claim, source)
    for match in NOT.finditer(support):
        head = _head(support, match.end())
        if len(head) < 2 or head not in claim or _FORBIDS.match(support, match.end()):
            continue
        if all(_is_negated(support, start) for start, _ in places_of(head, support)) and not _negates(claim, head):
            return f"出处里说的是“{match[0]}{head}”。"
    return ""


def _negates(claim: str, head: str) -> bool:
    """Whether `claim` denies `head`, asks it, or calls it wrong."""
    return any(_is_negated(claim, start) for start, _ in places_of(head, claim)) or bool(_OPEN.search(claim))


def _head(text: str, place: int) -> str:
    """The two characters that a "not" before `place` denies."""
    skipped = _HEAD.match(text, place)
    start = skipped.end() if skipped else place
    return _NO_SIGN.split(text[start : start + 2])[0]


def _is_negated(text: str, place: int) -> bool:
    before = re.split(r"[，。；、！？：]", text[max(0, place - 6) : place])[-1]
    return bool(NOT.search(before + text[place : place + 2]))
