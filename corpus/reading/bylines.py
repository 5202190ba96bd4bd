"""Bylines of Chinese newspapers: 本报记者 甲某某 通讯员 乙某某 文/图.

Knows one line at a time; nothing of pages.
"""

from __future__ import annotations

import re

from corpus.reading.dates import DATE_STAMP
from corpus.repair.lines import HAN

_ROLE = re.compile(r"^.{0,12}?(?:记者|通讯员|实习生|特约撰稿人?)")
_NAME = re.compile(rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,6}})*")
_OTHER_HANDS = re.compile(
    rf"采写|编辑|责编|校对|审核|来源|作者|[{HAN}]{{0,4}}报道|[{HAN}]{{2,8}}(?:[日晚晨时早商快]报|社|网)"
)
_PICTURES = re.compile(r"\s*(?:文\s*[/／]\s*图|图\s*[/／]\s*文)\s*$")
_SEPARATORS = re.compile(r"[\s、,，:：|丨]+")
LONGEST_BYLINE = 60
_BRACKETED_BYLINE = re.compile(r"[（(]([^（）()]{0,8}记者[^（）()]{2,40})[）)]")
_AUTHOR_LINE = re.compile(rf"(?:作者|撰文|文)[:：]\s*([{HAN}·]{{2,8}}(?:[ 、][{HAN}·]{{2,8}})*)\s*(?:$|[\s|（(])")


def read_byline(text: str) -> tuple[str, ...]:
    """The names in a line that is a byline (本报记者 甲某某 通讯员 乙某某 文/图), dated or not, and nothing else."""
    if len(text) > LONGEST_BYLINE:
        return ()
    bare = DATE_STAMP.sub(" ", text).strip(" \u3000（）()【】[]")
    unpictured = _PICTURES.sub("", bare)
    names: list[str] = []
    signed = unpictured != bare
    for word in _SEPARATORS.split(unpictured.strip()):
        if _OTHER_HANDS.fullmatch(word):
            if names:
                break
            continue
        role = _ROLE.match(word)
        signed = signed or role is not None
        name = word[role.end() :] if role else word
        if _NAME.fullmatch(name):
            names.append(name)
        elif name or not role:
            return ()
    return tuple(names) if signed else ()


def is_byline(text: str) -> bool:
    """Whether the line names who wrote it, and nothing else."""
    return bool(read_byline(text) or (len(text) <= LONGEST_BYLINE and _AUTHOR_LINE.match(text)))


def closing_byline(text: str) -> tuple[str, ...]:
    """The names of a byline that stands behind the last sentence of a paragraph."""
    tail = text[-LONGEST_BYLINE:]
    end = max(tail.rfind(mark) for mark in "。！？”…")
    return read_byline(tail[end + 1 :]) if end >= 0 else ()


def authors_of(lines: list[str]) -> tuple[str, ...]:
    """Names from a byline on its own line, behind a paragraph, in brackets near the top, or after 作者：."""
    for line in lines:
        if names := read_byline(line) or closing_byline(line):
            return names
    for line in lines[:4]:
        if match := _BRACKETED_BYLINE.search(line[:120]):
            return read_byline(match.group(1))
        if match := _AUTHOR_LINE.search(line[:120]):
            return tuple(match.group(1).replace("、", " ").split())
    return ()
