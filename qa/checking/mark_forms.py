"""Every form in which people and language models write `[1]`: where marks stand in a text, and which numbers they name.

Knows patterns only: nothing of sentences, passages, or what a number stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.text.figures import DIGITS, narrow

_SOURCE_WORDS = """
参考资料 参考文献 参考来源 资料来源 引用来源 信息来源 来源 资料 文献 文档 文章 材料 段落 片段 出处 引用 引自 参见 详见
参考 根据 依据 见 据 sources source citations citation cite documents document doc passage reference ref
"""
_OPENING_WORDS = "根据 依据 依照 按照 参考 参照 参见 结合 基于 正如 从 在 由 据 如 而"
_SHOWING_WORDS = "显示 指出 提到 提及 介绍 记载 表明 说明 报道 写道"
_HEADING_WORDS = """
参考资料 参考文献 参考来源 参考出处 资料来源 引用来源 引用资料 引用文献 信息来源 数据来源 来源 出处 引用
References Reference Sources Source Citations references sources
"""
_WORDS, _PREPOSITIONS, _SHOWN = _SOURCE_WORDS.split(), _OPENING_WORDS.split(), _SHOWING_WORDS.split()
HEADINGS = _HEADING_WORDS.split()
_GIVEN = [
    given + source
    for given in ("", "所给", "所给的", "提供的", "所提供的", "上述", "给定", "给定的", "参考", "相关", "相关的")
    for source in ("资料", "来源", "文档", "文献", "材料", "段落", "文章", "片段", "文本")
]
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_TRADITIONAL = str.maketrans(
    "資來獻檔參詳見據從結顯記載說報導寫稱內裡裏間紹與", "资来献档参详见据从结显记载说报道写称内里里间绍与"
)
_MOST = 20  # numbers that one list or range may name
LONGEST = 400  # characters of a mark, with its address


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest that fits."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def _any_start(words: Iterable[str]) -> str:
    return any_of({word[:end] for word in words for end in range(1, len(word) + 1)})


OPEN, CLOSE = r"[\[［【〖]", r"[\]］】〗]"
_WORD = f"(?i:{any_of(_WORDS)})"
_AND, _TO = r"(?:[,，、;；&和与及或]|以及|and)", r"[-–—~～至到]"
_NUMBER = r"(?:\d{1,3})(?!\d)"
_NEXT = (
    rf"(?:\s*(?:{_AND}|{_TO})\s*(?:{_WORD}\s*)?\^?|\s+"
    rf"|\s*\\?{CLOSE}\s*(?:{_AND}|{_TO})\s*(?:{_WORD}\s*)?\\?{OPEN}\s*(?:{_WORD}\s*)?\^?)"
)
_LIST = rf"{_NUMBER}(?:{_NEXT}{_NUMBER}){{0,{_MOST}}}"
_ADDRESS = r"(?:\((?:https?:|www\.|#)[^)\s]{0,300}\))"


def _square(name: str) -> str:
    """[1], 【来源：1】, [^1], [[1]], [1](#a), 【1†source】"""
    return (
        rf"\\?{OPEN}{{1,2}}\s*(?:{_WORD}[\s：:]*){{0,2}}\^?(?P<{name}>{_LIST})"
        rf"(?:(?::\d+)?†[^\]］】〗\n]{{0,40}})?\s*\\?{CLOSE}{{1,2}}{_ADDRESS}?"
    )


_MARK = re.compile(
    rf"\^?{_square('a')}\^?"
    rf"|[（(]\s*(?:{_WORD}[\s：:]*){{1,3}}(?P<round>{_LIST})\s*[）)]"
    rf"|[（(]\s*(?:{_WORD}[\s：:]*){{1,3}}{_square('b')}[^（()）\n]{{0,40}}[）)]"
    rf"|[（(]\s*(?P<many>{_square('c')}(?:\s*[、,，和]?\s*{_square('e')})*)\s*[）)]"
    rf"|<(?P<tag>sup|cite|ref|citation|source)\b[^<>\n]{{0,40}}>\s*(?:{_square('d')}|(?P<tagged>{_LIST}))\s*</(?P=tag)>"
    rf"|\$\s*\^\s*\{{?\s*\\?{OPEN}?\s*(?P<formula>{_LIST})\s*\\?{CLOSE}?\s*\}}?\s*\$"
    rf"|\^(?P<caret>{_LIST})\^"
    # m² and 千米² are units.
    rf"|(?<![\x00-\x7f米{_SUPERSCRIPTS}])(?P<raised>[{_SUPERSCRIPTS}]+(?:[,，、]\s?[{_SUPERSCRIPTS}]+)*)"
    # ① opens an item of a list; a mark it is only where a sentence, or a part of it, ends.
    rf"|(?<=[^\s：:；;，,、(（{_CIRCLED}])(?P<circled>[{_CIRCLED}]+)(?=\s*(?:[。！？!?；;，,]|\n|$))"
    # The bracket was never closed.
    rf"|{OPEN}(?P<unclosed>\d{{1,2}})(?=\s*(?:[。！？；，]|\n|$))"
)
_OPENS = rf"(?:{any_of(_PREPOSITIONS)}\s?)?"
_CLAUSE_OPENS = r"(?<![^\s。！？!?；;，,：:（(“\"*•\-.])"
_LINE_OPENS = r"(?<![^\s：:（(“\"*•\-])"
_HAN_NUMBER = rf"(?:{_NUMBER}(?![.%％])|[一二三四五六七八九十])"
_HAN_LIST = rf"(?:第\s?)?{_HAN_NUMBER}(?:{_NEXT}{_HAN_NUMBER}){{0,{_MOST}}}"
_INSIDE = r"(?:(?:之?中|里面?)?的?(?:内容|信息|介绍|说法|记载|描述|报道)|之?中|里面?)"
_SHOWS = f"(?:(?:也|都|均|还|则|分别|明确)?{any_of(_SHOWN)}(?:了|到)?)"
_TELLS = rf"(?:{_SHOWS}|(?:都|均|所)?(?:述|示|说|称|表示)|可以?(?:知道?|见|看出|得知)|来看|可知)"
# 根据资料1， and 资料[2]指出， open a sentence; 资料3种 does not.
_FRONT = re.compile(
    rf"{_CLAUSE_OPENS}{_OPENS}{any_of(_GIVEN)}\s?(?:{_square('a')}|[（(]?(?P<named>{_HAN_LIST})[）)]?)"
    rf"\s?{_INSIDE}?\s?(?:{_TELLS}?[，,：:]|{_TELLS})"
    rf"|{_CLAUSE_OPENS}{any_of(_PREPOSITIONS)}\s?{_square('b')}\s?{_INSIDE}?\s?(?:{_TELLS}?[，,：:]|{_TELLS})"
    # 甲村有五人。[1]报道称…… has its mark behind the sentence before.
    rf"|{_LINE_OPENS}{_square('c')}\s?(?:{_INSIDE}[，,：:]|{_INSIDE}?{_SHOWS}[，,：:]?)"
    # 资料1中的甲村 keeps its words.
    rf"|(?<=资料|来源|文档|文献|材料|段落|文章|片段|文本)\s?(?P<bare>{_NUMBER})(?={_INSIDE})"
)
_HALVES = re.compile(
    rf"(?:\^?\\?{OPEN}{{1,2}}[^\[\]［］【】〖〗\n。！？]{{0,24}}\\?"
    # what a mark may go on with: [1]-[3], [1](#a), [1]指出
    rf"|(?<=[\]］】〗{_SUPERSCRIPTS}])(?:\s*(?:{_AND}|{_TO})\s*|\((?:[hw#][^)\s]{{0,300}})?|{_any_start(_SHOWN)})"
    rf"|[（(]\s*(?:{_WORD}[\s：:]*){{0,3}}(?:(?i:{_any_start(_WORDS)})|[\d\[［【\\^][^（()）\n]{{0,60}})?"
    r"|</?[a-z]{0,8}|<(?:sup|cite|ref|citation|source)\b[^<>\n]{0,40}(?:>[^<>\n]{0,12}(?:</?[a-z]{0,8})?)?"
    r"|\$\s*(?:\^[^$\n]{0,12})?|\^[\d\s,，、-]{0,8}|\\|\*{1,2}|(?:\A|\n)[ \t]{0,9}[#*=_>-]{1,99}[ \t]{0,9}"
    rf"|{_CLAUSE_OPENS}{_OPENS}{any_of(_GIVEN)}\s?{OPEN}?(?:[\d\s、，,和与及\-]|{any_of(_GIVEN)})*{CLOSE}?[^，,。：:\n\d]{{0,6}}"
    rf"|{_CLAUSE_OPENS}{any_of(_PREPOSITIONS)}\s?{OPEN}[^\[\]［］【】〖〗\n]{{0,24}}{CLOSE}[^，,。：:\n\d]{{0,6}}"
    rf"|{_CLAUSE_OPENS}{_OPENS}{_any_start(_GIVEN)}|{_CLAUSE_OPENS}{_any_start(_PREPOSITIONS)}"
    rf"|\n[#*>\s—_-]*{_any_start(HEADINGS)}[*_：:\s]*)\Z"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The `numbers` that are named at `text[start:end]`; `front`: in words that open a sentence (资料2指出，)."""

    start: int
    end: int
    numbers: tuple[int, ...]
    front: bool = False


def find_marks(text: str) -> list[Mark]:
    """All marks of `text`, ascending, without overlap."""
    text = text.translate(_TRADITIONAL)
    found = [_mark(match, front=True) for match in _FRONT.finditer(text)]
    taken = [(mark.start, mark.end) for mark in found]
    found += [
        _mark(match)
        for match in _MARK.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda mark: mark.start)


def without_half(text: str) -> str:
    """`text` without half a mark at its end, and without what may become one with the next character."""
    start = max(0, len(text) - LONGEST)
    plain = text[start:].translate(_TRADITIONAL)
    while (shorter := _HALVES.sub("", plain)) != plain:
        plain = shorter
    return text[: start + len(plain)]


def _mark(match: re.Match[str], *, front: bool = False) -> Mark:
    named = next(text for name, text in match.groupdict().items() if text and name != "tag")
    return Mark(match.start(), match.end(), _numbers(named), front)


def _numbers(named: str) -> tuple[int, ...]:
    """The numbers of a list such as `1, 3-5`, `1]-[3`, ①② or ¹²; each once, in order."""
    if set(named) <= set(_CIRCLED):
        return tuple(_CIRCLED.index(character) + 1 for character in named)
    if named[0] in _SUPERSCRIPTS:
        return tuple(int(n) for n in re.findall(r"10|[1-9]", "".join(_low(c) for c in named)))
    numbers: list[int] = []
    goes_on = False
    for token in re.findall(rf"\d+|[一二三四五六七八九十]|{_TO}", narrow(named)):
        if re.fullmatch(_TO, token):
            goes_on = True
            continue
        number = int(token) if token.isdigit() else 10 if token == "十" else DIGITS[token]
        if goes_on and numbers[-1] < number:
            numbers += range(numbers[-1] + 1, min(number, numbers[-1] + _MOST) + 1)
        else:
            numbers.append(number)
        goes_on = False
    return tuple(dict.fromkeys(numbers))


def _low(character: str) -> str:
    return str(_SUPERSCRIPTS.index(character)) if character in _SUPERSCRIPTS else character
