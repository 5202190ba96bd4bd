"""Which run of quoted names answers which ones: “甲”“乙”“丙”三个主题. Trees have seen few of these.

Knows a question and texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Span
from qa.features import Asked

_WHICH = re.compile(r"哪[些几两二三四五六七八九十]|(?:包括|包含|涵盖|有)(?:什么|啥)|都有谁|分别[是叫]")
_NAME = r"[“《「][^“”《》「」]{1,24}[”》」](?:[（(][^（）()]{1,30}[）)])?"
_RUN = re.compile(rf"{_NAME}(?:(?:、|，|和|与|及|以及)?{_NAME}){{2,}}")


def names_asked_for(asked: Asked, texts: Sequence[str], shares: Sequence[float]) -> tuple[int, Span] | None:
    """The run of three or more quoted names in the text that is believed in most, if it is the only one there."""
    if not _WHICH.search(asked.text):
        return None
    best = max(range(len(texts)), key=lambda number: shares[number])
    runs = [match.span() for match in _RUN.finditer(texts[best])]
    return (best, runs[0]) if len(runs) == 1 else None
