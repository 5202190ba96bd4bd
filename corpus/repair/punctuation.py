"""Half-width punctuation marks among Chinese characters, and their full-width twins.

Knows one line of text; changes marks one for one, so that no offset moves.
"""

from __future__ import annotations

import re

from corpus.repair.lines import HAN

_CHINESE = rf"{HAN}，。、；：！？…—“”‘’《》（）【】％"
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_NARROW = re.compile(r'[,;:?!()"]')
_AFTER_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[,;:?!]+")
_BEFORE_CHINESE = re.compile(rf"(?<=[0-9A-Za-z%)\]+°])[,;:?!](?=[{HAN}“《（])")
_BRACKETS = re.compile(r"\([^()（）\n]*\)|（[^()（）\n]*\)|\([^()（）\n]*）")
_HAS_HAN = re.compile(rf"[{HAN}]")
_BEFORE_BRACKET = re.compile(rf"[{_CHINESE}0-9%A-Za-z]")


def widen(text: str) -> tuple[str, int]:
    """The line with the marks among its Chinese characters widened, and how many were. Figures and Latin text stay."""
    if not _NARROW.search(text) or not _HAS_HAN.search(text):
        return text, 0
    wide = _with_curly_quotes(text) if '"' in text else text
    if "(" in wide or ")" in wide:
        wide = _BRACKETS.sub(_wide_brackets, wide)
    wide = _AFTER_CHINESE.sub(lambda match: match.group().translate(_WIDE), wide)
    wide = _BEFORE_CHINESE.sub(lambda match: match.group().translate(_WIDE), wide)
    if wide == text:
        return text, 0
    return wide, sum(before != after for before, after in zip(text, wide, strict=True))


def _wide_brackets(match: re.Match[str]) -> str:
    """Brackets around Chinese words that follow upon text, or half a pair whose other half is wide."""
    inner = match.group()
    mixed = inner[0] == "（" or inner[-1] == "）"
    before = match.string[match.start() - 1 : match.start()]
    attached = not before or _BEFORE_BRACKET.match(before)
    if mixed or (attached and _HAS_HAN.search(inner)):
        return f"（{inner[1:-1]}）"
    return inner


def _with_curly_quotes(text: str) -> str:
    """Straight double quotes turned to “ and ” by turns; all left alone where that does not come out even."""
    result = []
    inside = False
    for character in text:
        if character == '"':
            character = "”" if inside else "“"
        if character in "“”":
            if inside == (character == "“"):
                return text
            inside = character == "“"
        result.append(character)
    return text if inside else "".join(result)
