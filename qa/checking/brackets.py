"""What the program adds to a quotation, 〔张三〕: how it is written, found, and taken out again.

These brackets because articles hardly have them but around numbers: 67,383 articles have three others, and 〔12〕 or
〔2021〕 is never taken for an addition. Knows strings only.
"""

from __future__ import annotations

import re

from corpus.article import Span

_ADDED = re.compile(r"〔(?!\d+〕)([^〔〕\n]{1,40})〕")


def added(name: str) -> str:
    """`name` as the reader sees that it is not part of the quotation."""
    return f"〔{name}〕"


def without_added(text: str) -> str:
    """`text` less what the program added."""
    return _ADDED.sub("", text)


def names_added(text: str) -> list[str]:
    """What the program added to `text`."""
    return _ADDED.findall(text)


def put_back(span: Span, text: str) -> Span:
    """`span` of `without_added(text)` as a span of `text` without additions: of one around such, the longer side."""
    start, end = span
    for match in _ADDED.finditer(text):
        place, size = match.start(), match.end() - match.start()
        if place >= end:
            break
        if start < place and place - start > end - place:
            return start, place
        start, end = max(start, place) + size, end + size
    return start, end
