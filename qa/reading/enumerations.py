"""Where a text counts off what it announced (一是…二是…, 首先…其次…), and which questions ask for all of it.

Knows texts only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.text.sentences import split_sentences

_DIGITS = "一二三四五六七八九十"
_BEGINS = r"(?:(?<=[。；;：:，,！？!?”」\n])\s*|^\s*)"
_LINE = r"(?:(?<=\n)\s*|^\s*)"
# How the items of a list begin; the first of each row tells that a list begins.
_COUNTED = (
    _BEGINS + "{han}是",
    _BEGINS + "第{han}[，,、：:是]",
    _BEGINS + "其{han}[，,、：:是]",
    _BEGINS + "（{han}）",
    _BEGINS + "[（(]{number}[）)]",
    _LINE + "{han}、",
    _LINE + r"{number}[.．、](?!\d)",
)
_SERIES: tuple[tuple[re.Pattern[str], ...], ...] = (
    *(tuple(re.compile(m.format(han=han, number=n)) for n, han in enumerate(_DIGITS, 1)) for m in _COUNTED),
    tuple(re.compile(_BEGINS + words) for words in ("首先", "其次", "再次|再者|此外|第三|最后", "最后")),
)
_FEWEST = 2
_MATTERS = (
    "方面|措施|举措|做法|方法|办法|方式|手段|主张|倡议|建议|意见|要求|要点|任务|内容|特点|特征|特色|原因|因素|理由|原则|职能|功能|作用|目标"
    "|优势|意义|条件|步骤|问题|困难|亮点|变化|成果|经验|规定|情况|工作|计划|安排|考虑|阶段|类型|环节"
)
_ALL = re.compile(
    rf"哪[些几]?[几两二三四五六七八九十]?[个项条点种类大]?(?:主要|具体|重要|重点|基本)?的?(?:{_MATTERS})|什么(?:{_MATTERS})"
    rf"|(?:{_MATTERS})(?:都|主要|具体|分别|各)?(?:有|是|包括|为)?(?:哪[些几]|什么)"
    rf"|[几两二三四五六七八九十](?:点|项|条|个方面|大)[^，。？?]{{0,12}}(?:分别|是什么|有哪些|是哪些|包括)"
)
_HOW_MANY = re.compile(rf"([两二三四五六七八九十])[个点项条大种类][^，。？?]{{0,6}}(?:{_MATTERS})")


def asks_for_all(question: str) -> bool:
    """Whether `question` asks for all of several measures, points, reasons …"""
    return _ALL.search(question) is not None


def items_at(question: str, text: str, start: int, end: int) -> list[int]:
    """Where the items of the list begin that `text[start:end]` announces or is part of.

    Empty where there is none, or none with as many items as `question` speaks of.
    """
    told = _HOW_MANY.search(question)
    wanted = "零一二三四五六七八九十".index(told[1].replace("两", "二")) if told else 0
    for items in _lists(text):
        last = next((stop for begin, stop in split_sentences(text) if stop > items[-1]), len(text))
        announced = start < last and (end > items[0] or not text[end : items[0]].strip("“”：: \n"))
        if announced and wanted in (0, len(items)):
            return items
    return []


def _lists(text: str) -> Iterator[list[int]]:
    for series in _SERIES:
        for first in series[0].finditer(text):
            items = _items(text, series, first)
            if len(items) >= _FEWEST:
                yield items


def _items(text: str, series: Sequence[re.Pattern[str]], first: re.Match[str]) -> list[int]:
    items, at = [_begin(first)], first.end()
    for pattern in series[1:]:
        following = pattern.search(text, at)
        again = series[0].search(text, at)
        if not following or (again and again.start() < following.start()):
            break
        items.append(_begin(following))
        at = following.end()
    return items


def _begin(match: re.Match[str]) -> int:
    return match.end() - len(match[0].lstrip())
