"""The terms of a text: what BM25 counts, the same for articles and for questions.

Knows how words are cut, and that traditional and simplified, full and half width, upper and lower case meet.
Does not know what is indexed or asked. The result is for counting only: stored text is never changed by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from corpus.text.cutting import search_cutter

# The characters that jieba's dictionary knows; its fast twin knows more, so both are given only these.
_HAN = "\u4e00-\u9fd5"
_RARE_HAN = "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Everything else that makes words: decimal figures whole, rare characters one by one, runs of letters and figures.
_OTHER_WORD = re.compile(rf"(?<![\d.])\d+\.\d+(?!\.?\d)|[{_RARE_HAN}]|[^\W_{_HAN}{_RARE_HAN}]+")
_MARK = "\x01"
_BORDER = re.compile(f"[^{_HAN}{_MARK}]+")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
# Normal forms cost as much as cutting; most texts hold nothing that they would change but punctuation.
_MAY_CHANGE = re.compile(rf"[^\x00-\x7f{_HAN}\u3000-〃〈-】！-－：-＠“”‘’—–·…]")
# Halves of surrogate pairs, which no library below takes.
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_NO_WORD = re.compile(r"[\W_]+")
_FIRST_CJK = "\u2e80"
_SAMPLE = 100  # characters that the kind of characters is told from
_TRADITIONAL = 0.05  # of the characters of a text that have a simplified form make it one in traditional characters


def terms(text: str) -> list[str]:
    """The words of `text` in search mode (a long word also gives the words inside it), in reading order.

    Neighbouring Han characters that no word holds also come as pairs, so that names the dictionary does not know
    can be found. Figures stay whole ("2584", "3.5"; "12,000" is "12000"). Punctuation is left out.
    """
    return words_of(normalise(text))


def words_of(prepared: str) -> list[str]:
    """The terms of a text that is normalised already."""
    others = _OTHER_WORD.findall(prepared)
    if prepared.isascii():
        return others
    prepared = prepared.replace(_MARK, " ")
    if others:
        prepared = _OTHER_WORD.sub(_MARK, prepared)
    waiting = iter(others)
    found: list[str] = []
    single = ""
    for word in search_cutter()(_BORDER.sub(" ", prepared)):
        if len(word) > 1:
            found.append(word)
            single = ""
        elif word == " ":
            single = ""
        else:
            if word == _MARK:
                word = next(waiting)
            found.append(word)
            if len(word) > 1 or word < _FIRST_CJK:
                single = ""
                continue
            if single:
                found.append(single + word)
            single = word
    return found


def normalise(text: str) -> str:
    """`text` with simplified characters, half-width letters and figures, lower case, no commas inside figures.

    The length may change, so offsets into the result mean nothing in `text`.
    """
    if "," in text:
        text = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)
    if text.isascii():
        return text.lower()
    if _HALF_PAIR.search(text):
        text = _HALF_PAIR.sub(" ", text)
    if _MAY_CHANGE.search(text):
        text = unicodedata.normalize("NFKC", text)
    return _simplifier()(text.casefold().replace("〇", "零"))


def simplified(text: str) -> str:
    """`text` in simplified characters, nearly always as long as before; with the words of the mainland in the place of
    Taiwan's (軟體: 软件) where they are as long."""
    if text.isascii():
        return text
    other = mainland(text)
    return other if len(other) == len(text) else _simplifier()(text)


def mainland(text: str) -> str:
    """Text in traditional characters with the words of the mainland in the place of Taiwan's; "" for any other.

    It has 文档 where 文件 would do as well, so those who count words count the others, too.
    """
    begins = text[:_SAMPLE]
    changed = sum(one != other for one, other in zip(begins, _simplifier()(begins), strict=False))
    return _simplifier("tw2sp")(text) if changed >= max(2, _TRADITIONAL * len(begins)) else ""


def squeeze(text: str) -> str:
    """`text` normalised, without punctuation and white space: what is left for comparing."""
    return _NO_WORD.sub("", normalise(text))


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters in `text`, as it is."""
    return {first + second for first, second in pairwise(text)}


@cache
def _simplifier(kind: str = "t2s") -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(kind).convert
    return convert
