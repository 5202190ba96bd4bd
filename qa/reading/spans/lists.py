"""Which run of quoted names answers which ones: “甲”“乙”“丙”三个主题. Trees have seen few of these.

Knows a question and texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Span
from corpus.text.tagging import tag
from qa.reading.features import Asked

_WHICH = re.compile(r"哪[些几两二三四五六七八九十]|(?:包括|包含|涵盖|有)(?:什么|啥)|都有谁|分别[是叫]")
_REMARK = r"(?:[（(][^（）()]{1,30}[）)])?"
_NAME = rf"[“《「][^“”《》「」]{{1,24}}[”》」]{_REMARK}"
_AND = r"(?:、|，|和|与|及|以及)?"
_COUNT = r"等(?=[^，。；、]{0,6}[\d一二两三四五六七八九十][余多]?[\u4e00-\u9fff])"  # 甲、乙等辖区内7条断头路
_RUN = re.compile(rf"{_NAME}(?:{_AND}{_NAME}){{2,}}|{_NAME}(?:{_AND}{_NAME})+{_COUNT}")
_ITEM = rf"[^，。；：、…《》（）()！？\s]{{2,16}}{_REMARK}"
_COUNTED = re.compile(rf"{_ITEM}(?:、{_ITEM})+{_COUNT}(?=(?P<noun>[^，。；、]+))")


def names_asked_for(asked: Asked, texts: Sequence[str], shares: Sequence[float]) -> tuple[int, Span] | None:
    """The run of quoted names, or of others of which it is told how many they are, in the text that is believed in
    most, if it is the only one there."""
    if not _WHICH.search(asked.text):
        return None
    best = max(range(len(texts)), key=lambda number: shares[number])
    text = texts[best]
    runs = [match.span() for match in _RUN.finditer(text)]
    runs = runs or [_bare(text, *m.span()) for m in _COUNTED.finditer(text) if _counts(asked, m["noun"])]
    if len(runs) != 1:
        return None
    start, end = runs[0]
    return best, (start, end - text[start:end].endswith("等"))


def _counts(asked: Asked, told: str) -> bool:
    """Whether `told`, which follows a list (辖区内7条断头路全部建成), begins with a count of what is asked for."""
    noun = re.search(r"[\d一二两三四五六七八九十][余多]?.(?P<noun>[\u4e00-\u9fff]{2})", told)
    return noun is not None and noun["noun"] in asked.text


def _bare(text: str, start: int, end: int) -> Span:
    """Without what leads to the first name: 红专路、孟砦南街 in 力争年底将红专路、孟砦南街."""
    first = re.split("[、（(]", text[start:end])[0]
    at = begin = start
    for word, flag in tag(first):
        at += len(word)
        if flag[0] in "vpdu" and at < start + len(first):
            begin = at
    return begin, end
