"""The marks of Markdown, and of HTML inside it, which a reader of the page does not see.

Knows lines; cuts marks, drops lines that are no text (rules of dashes, fences, images, lists of addresses for links)
and changes nothing. Code between fences stays as it is. Tables are the business of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.article import Span
from corpus.repair.lines import Line

_FENCE = re.compile(r"(?:```+|~~~+)[^`]*")
_NO_TEXT = re.compile(r"(?:[-*_=~][ \t]*){3,}|\[[^\]^]+\]:\s*\S+.*")
_BULLET = re.compile(r"(?:>[ \t]*)*(?:[-*+][ \t]+)?")
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\((?:[^()\n]|\([^()\n]{0,300}\)){0,1000}\)")
_TAG = re.compile(
    r"</?(?:div|span|p|br|hr|img|font|center|b|i|u|s|strong|em|sup|sub|a|small|details|summary)(?:\s[^<>\n]*)?/?>"
    r"|<!--[^\n]{0,1000}?-->",
    re.IGNORECASE,
)
_LINK = re.compile(r"(\[)([^\[\]\n]{1,500})(\]\((?:[^()\n]|\([^()\n]{0,300}\)){0,1000}\))")
_PAIRS = (
    re.compile(r"(\*{2,3})(?=[^\s*])([^\n]{0,300}?[^\s*])(\*{2,3})"),
    re.compile(r"(?<![\w_])(__)(?=[^\s_])([^\n]{0,300}?[^\s_])(__)(?![\w_])"),
    re.compile(r"(?<![*\w])(\*)(?=[^\s*])([^*\n]{0,300}[^\s*])(\*)(?![*\w])"),
    re.compile(r"(~~)(?=\S)([^~\n]{1,300})(~~)"),
    re.compile(r"(`+)(?=[^`\n])([^`\n]{1,300})(`+)"),
)
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|>~-])")
CODE = "```"
"""The prefix of a line of code."""
_SIGNS = frozenset("*_~`[<\\")


def without_markup(lines: list[Line]) -> tuple[list[Line], int]:
    """The lines as a reader of the page sees them, and in how many something was cut."""
    result: list[Line] = []
    changed = 0
    code = False
    for line in lines:
        if _FENCE.fullmatch(line.text):
            code = not code
        elif code:
            result.append(replace(line, prefix=CODE))
            continue
        elif not _NO_TEXT.fullmatch(line.text):
            bare = _bare(line)
            changed += bare is not line
            if bare.text:
                result.append(bare)
            continue
        changed += 1
    return result, changed


def _bare(line: Line) -> Line:
    bullet = _BULLET.match(line.text)
    cuts = []
    if bullet and bullet.end():
        cuts = [bullet.span()]
        line = replace(line, prefix=line.prefix + bullet.group())
    if _SIGNS.intersection(line.text):
        cuts = _joined(sorted([*cuts, *_marks(line.text)]))
    return line.without(cuts).stripped() if cuts else line


def _marks(text: str) -> Iterator[Span]:
    for pattern in (_IMAGE, _TAG, _ESCAPE):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _LINK.finditer(text):
        if not text.startswith("!", match.start() - 1):
            yield match.span(1)
            yield match.span(3)
    for pattern in _PAIRS:
        for match in pattern.finditer(text):
            yield match.span(1)
            yield match.span(3)


def _joined(spans: list[Span]) -> list[Span]:
    """Ascending spans that may overlap, as spans that do not."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
