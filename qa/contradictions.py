"""What a source says otherwise: a figure or name that belongs to something else there, the opposite, scattered words.

Knows two texts in one plain form (`embeddings.terms.normalise`), a claim and what it rests on. Whether the source has
the figures, names and words of the claim at all is looked at before, in `qa/verification.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.article import Span
from corpus.sentences import split_sentences
from embeddings.terms import terms
from qa.figures import Figure, find_figures, is_stated, stated_figures
from qa.question_words import EMPTY_TERMS
from qa.tagging import NAMED, tag

APART = "\f"  # stands between the passages of a source
_BEFORE, _AFTER = 10, 6  # characters around a word that tell what is said of it
_CLEARLY = 8.0
_TOGETHER = 0.65  # share of its words that one or two sentences must have of a claim
_SHORTER = 60  # characters: how much less a longer stretch counts that has the same words
_FIGURE_THERE = 0.7  # the same of those that have its figures, against the best
_STOPS = re.compile(r"[。！？!?；;\n]")
_CLAUSE_ENDS = re.compile(r"[，,、。；;：:！？!?\n]")
_PARALLEL = 40  # characters between two figures that may be told in the same way of two things
_NO_SIGN = re.compile(r"[\W_]+")
_NO_WORD = re.compile(r"[\W\d_]+")

_PAIRS = """
增加/减少 增长/下降 增长/减少 上升/下降 提高/降低 上涨/下跌 同意/反对 支持/反对 赞成/反对
高于/低于 大于/小于 多于/少于 优于/劣于 早于/晚于 超过/不足 扩大/缩小 以上/以下 以前/以后
之前/之后 最大/最小 最高/最低 最多/最少 最早/最晚 最长/最短 成功/失败 允许/禁止 接受/拒绝
加入/退出 获得/失去 加强/减弱 加快/放慢 开始/结束 开放/关闭 进口/出口 合法/非法 公开/秘密
提前/推迟 击败/败给 盈利/亏损 买入/卖出 上游/下游 东部/西部 南部/北部 左侧/右侧 生于/卒于
父亲/母亲 通过/否决 批准/驳回 有效/无效 有利/不利 顺利/艰难
"""
_OPPOSITES = [tuple(pair.split("/")) for pair in _PAIRS.split()]
_NOT = re.compile(
    r"没有|并非|不是|未能|尚未|从未|没(?![收落错])|未(?![来必婚免])|无(?![论数线锡缝偿穷限形产疑非])"
    r"|不(?![仅但断少同过久管论止只锈妨可足久惜幸懈])|(?<![并])非(?![常洲法凡遗物典公金营])"
)
_HEAD = re.compile(r"(?:[有能会再曾被是在得可以要想将]|曾经|可以|能够)*")


@lru_cache(maxsize=512)
def words_of(text: str) -> frozenset[str]:
    """The distinct words of `text`, less those of any question."""
    return frozenset(terms(text)) - EMPTY_TERMS


@lru_cache(maxsize=512)
def figures_of(text: str) -> tuple[Figure, ...]:
    """All figures of `text`."""
    return tuple(find_figures(text))


@lru_cache(maxsize=512)
def _stated(text: str) -> tuple[Figure, ...]:
    return tuple(stated_figures(text))


@lru_cache(maxsize=512)
def names_of(text: str) -> tuple[tuple[str, str, Span], ...]:
    """People, places and bodies in `text`: the name, its kind, its place."""
    found, place = [], 0
    for word, flag in tag(text):
        if flag in NAMED and len(word) > 1:
            found.append((word, flag[:2], (place, place + len(word))))
        place += len(word)
    return tuple(found)


@lru_cache(maxsize=512)
def _windows(text: str) -> tuple[str, ...]:
    """Sentences of `text`, and each two neighbours; headings, which all have in common, go with each."""
    spans = split_sentences(text)
    heads = [text[a:b] for a, b in spans if text[b : b + 1] == "\n" and not _STOPS.match(text, b - 1)]
    said = [text[a:b] for a, b in spans if text[a:b] not in heads]
    shared = "\n".join(heads) + "\n"
    alone = [shared + one for one in said]
    return tuple(alone + [shared + one + other for one, other in pairwise(said)]) or (text,)


def find_contradiction(claim: str, source: str) -> str:
    """What `source` says otherwise than `claim`, as one Chinese sentence; "" where it seems to agree. Both plain."""
    checks = (_scattered, _other_clause, _other_figure, _other_name, _opposite, _negated)
    return next((problem for check in checks if (problem := check(claim, source))), "")


def _scattered(claim: str, source: str) -> str:
    wanted = words_of(claim) & words_of(source)
    best: frozenset[str] = frozenset()
    for passage in source.split(APART):
        best |= wanted & words_of(max(_windows(passage), key=lambda window: _size(wanted & words_of(window))))
    if _size(best) < _TOGETHER * _size(wanted):
        return "出处里没有哪一处把这些话说在一起。"
    figures = _stated(claim)
    if not figures or APART in source:
        return ""
    there = [window for window in _windows(source) if all(is_stated(f, figures_of(window)) for f in figures)]
    if max((_size(wanted & words_of(window)) for window in there), default=0) < _FIGURE_THERE * _size(best):
        return f"出处里的“{_text(claim, figures[0])}”说的是别的事。"
    return ""


def _size(words: frozenset[str]) -> int:
    return sum(len(word) for word in words)


def _text(claim: str, figure: Figure) -> str:
    return claim[figure.start : figure.end].strip()


@lru_cache(maxsize=4096)
def _around(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """Characters and pairs of characters before and after a place, within its sentence."""
    before = _STOPS.split(text[max(0, start - _BEFORE) : start])[-1]
    after = _STOPS.split(text[end : end + _AFTER])[0]
    return _grams(before), _grams(after)


def _grams(text: str) -> frozenset[str]:
    plain = _NO_WORD.sub("", text)
    return frozenset(plain) | {plain[i : i + 2] for i in range(len(plain) - 1)}


def _fit(claim: str, place: Span, source: str, places: Sequence[Span]) -> float:
    """How well the best of `places` of `source` fits to what is said around `place` of `claim`."""
    before, after = _around(claim, *place)
    around = [_around(source, *other) for other in places]
    return max((_size(before & b) + 1.5 * _size(after & a) for b, a in around), default=0.0)


def _beside(claim: str, place: Span, source: str, other: Span) -> bool:
    """Whether the same two characters stand before (or after, less a figure's unit) both places."""
    before = _NO_SIGN.sub("", claim[max(0, place[0] - 4) : place[0]])[-2:]
    return len(before) == 2 and _NO_SIGN.sub("", source[max(0, other[0] - 4) : other[0]])[-2:] == before


def _other_clause(claim: str, source: str) -> str:
    """Whether a figure of `claim` stands in a clause of its own in `source`, and what it is said of, in the next one.

    甲村八十三人，乙村六十五人: 甲村六十五人 has nothing of what sets the second clause apart, but what does the first.
    """
    for figure in _stated(claim):
        about = _grams(_clause(claim, figure))
        own = [g for g in _stated(source) if is_stated(figure, [g])]
        for other in _stated(source) if len(own) == 1 else ():
            near = abs(own[0].start - other.start) < _PARALLEL and own[0].kind == other.kind and other not in own
            if not near or source[own[0].end : own[0].end + 1] != source[other.end : other.end + 1]:
                continue
            here, there = _grams(_clause(source, own[0])), _grams(_clause(source, other))
            if here & there and here - there and not about & (here - there) and _size(about & (there - here)) > 2:
                return f"出处里这里说的是“{_text(source, other)}”，不是“{_text(claim, figure)}”。"
    return ""


def _clause(text: str, figure: Figure) -> str:
    """The clause of `figure`, without it."""
    before, after = _CLAUSE_ENDS.split(text[: figure.start])[-1], _CLAUSE_ENDS.split(text[figure.end :])[0]
    return f"{before} {after}"


def _other_figure(claim: str, source: str) -> str:
    stated, known = _stated(claim), figures_of(source)
    for figure in stated:
        place = (figure.start, figure.end)
        own = [(g.start, g.end) for g in known if is_stated(figure, [g])]
        if any(_beside(claim, place, source, one) for one in own):
            continue
        other = [
            g
            for g in _stated(source)
            if (g.kind, g.value.count("?")) == (figure.kind, figure.value.count("?"))
            and not any(is_stated(f, [g]) for f in stated)
        ]
        fits = _fit(claim, place, source, own)
        better = [g for g in other if _fit(claim, place, source, [(g.start, g.end)]) > fits + _CLEARLY]
        if own and better:
            return f"出处里这里说的是“{_text(source, better[0])}”，不是“{_text(claim, figure)}”。"
    return ""


def _other_name(claim: str, source: str) -> str:
    known = names_of(source)
    for name, kind, place in names_of(claim):
        if _NOT.search(claim, place[1], place[1] + _AFTER):
            continue
        own = _places(name, source)
        if any(_beside(claim, place, source, one) for one in own):
            continue
        fits = _fit(claim, place, source, own)
        for other, other_kind, other_place in known if own else ():
            differs = other_kind == kind and other not in claim and name not in other
            if differs and _fit(claim, place, source, [other_place]) > fits + _CLEARLY:
                return f"出处里这里说的是“{other}”，不是“{name}”。"
    return ""


@lru_cache(maxsize=512)
def _support(claim: str, source: str) -> str:
    """The sentence or two of `source` that have most of the words of `claim`, the shorter the better."""
    wanted = words_of(claim)
    return max(_windows(source), key=lambda window: _size(wanted & words_of(window)) / (len(window) + _SHORTER))


def _opposite(claim: str, source: str) -> str:
    for pair in _OPPOSITES:
        for word, opposite in (pair, pair[::-1]):
            if word not in claim or opposite in claim or opposite not in source:
                continue
            told = [_clause(source, g) for f in _stated(claim) for g in figures_of(source) if is_stated(f, [g])]
            if any(opposite in clause for clause in told) and not any(word in clause for clause in told):
                return f"出处里说的是“{opposite}”，不是“{word}”。"
            support = _support(claim, source)
            own, other = _places(word, support), _places(opposite, support)
            here = [(place, _fit(claim, place, support, own) + _CLEARLY / 2) for place in _places(word, claim)]
            if other and (not own or all(_fit(claim, place, support, other) > fits for place, fits in here)):
                return f"出处里说的是“{opposite}”，不是“{word}”。"
    return ""


def _places(word: str, text: str) -> list[Span]:
    return [match.span() for match in re.finditer(re.escape(word), text)]


def _negated(claim: str, source: str) -> str:
    for match in _NOT.finditer(claim):
        head = _head(claim, match.end())
        if len(head) < 2:
            continue
        places = _places(head, source)
        if places and not any(_is_negated(source, start) for start, _ in places):
            return f"出处里没有说“{match[0]}{head}”。"
    support = _support(claim, source)
    for match in _NOT.finditer(support):
        head = _head(support, match.end())
        if len(head) < 2 or head not in claim:
            continue
        if all(_is_negated(support, start) for start, _ in _places(head, support)) and not _is_negated(
            claim, claim.find(head)
        ):
            return f"出处里说的是“{match[0]}{head}”。"
    return ""


def _head(text: str, place: int) -> str:
    """The two characters that a "not" before `place` denies."""
    skipped = _HEAD.match(text, place)
    start = skipped.end() if skipped else place
    return _NO_WORD.split(text[start : start + 2])[0]


def _is_negated(text: str, place: int) -> bool:
    before = re.split(r"[，。；、！？：]", text[max(0, place - 6) : place])[-1]
    return bool(_NOT.search(before + text[place : place + 1]))
