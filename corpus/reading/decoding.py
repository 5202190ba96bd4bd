"""Bytes of a text file to characters.

Knows UTF-8, GB18030 (and with it GBK and GB2312), Big5, Shift-JIS and UTF-16, each with or without a byte order mark.
Knows nothing of what the text says, except that text is mostly made of Chinese characters, letters, marks and blanks,
and which characters are the most frequent ones.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from corpus.errors import ReadError

_MARKS = (  # the longer marks first: the one of UTF-32 begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 1 << 16
_LIKELY = re.compile(r"[\t\n\r\f -~\u00a0-\u00ff\u2000-\u206f\u2460-\u24ff\u3000-\u30ff\u4e00-\u9fff\uff00-\uff5e]")
_NARROW = ("gb18030", "big5hkscs", "cp932")
_FREQUENT = frozenset(
    "的一是不了在人有我他这这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都"
    "然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长法部市民区工第条关月政新高业理定体"
    "性应进行通知位内外全重机程度合元次分明员各等二四五六七八九百千万由其它这此与被或及请带办电话号人名请"
    "這來國個說們為時會著過學對裡後麼沒於還發當無開見經頭從動兩長區條關業體應進機員電話號與請辦萬書車東門問間實點"
    "，。、；：？！「」（）《》“”　"
)
_CLEARLY = 0.12
_ESCAPES = re.compile("[\x1b\x9b\x90\x9d]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# Where more than this share of the characters is wrong, the bytes are taken to be something else.
_MOST_UNLIKELY = 0.15
_MOST_DAMAGED = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file. `damaged` of them stand for bytes that could not be read, each shown as U+FFFD."""

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes, *, keep_escapes: bool = False) -> Decoded:
    """The text in `data`, without its byte order mark. Raises ReadError if it is empty or not text.

    Characters that begin an order to a terminal become U+FFFD, unless `keep_escapes`: whoever keeps them has to see to
    it that no terminal obeys them.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise empty_file()
    decoded = _decoded(data)
    if keep_escapes or not _ESCAPES.search(decoded.text):
        return decoded
    return replace(decoded, text=_ESCAPES.sub("\ufffd", decoded.text))


def _decoded(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    text = _strict(data, "utf-8")
    if text is not None and not _is_binary(text):
        return Decoded(text, "utf-8")
    # A few NULs happen in text of every encoding, but UTF-16 is full of them.
    decoded = _wide(data) if b"\0" in data[:_SAMPLE] else None
    if decoded is None and text is None:
        decoded = _narrow(data)
    if decoded is None:
        raise ReadError(
            "读不出文字：不是 UTF-8、GB18030、Big5 或 UTF-16，可能是二进制文件。请另存为 UTF-8 编码的文本文件后再试。",
            "No readable text: not UTF-8, GB18030, Big5 or UTF-16, perhaps binary. Save it as UTF-8 and try again.",
        )
    return decoded


def _marked(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _narrow(data: bytes) -> Decoded | None:
    """GB18030, else UTF-8 or GB18030 with a few damaged bytes, else UTF-16 that happens to have no NUL."""
    found = {encoding: text for encoding in _NARROW if (text := _strict(data, encoding)) and _is_text(text)}
    if found:
        # What is written in one of them is characters in the others too, but rare ones.
        scores = {encoding: _familiar(text) for encoding, text in found.items()}
        best = max(scores, key=lambda encoding: scores[encoding])
        if "gb18030" in found and scores[best] - scores["gb18030"] < _CLEARLY:
            best = "gb18030"
        return Decoded(found[best], best)
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        damaged = text.count("\ufffd")
        if damaged <= max(1, _MOST_DAMAGED * len(text)) and _is_text(text):
            return Decoded(text, encoding, damaged)
    return _wide(data)


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 in the byte order that gives the likelier text."""
    if len(data) % 2:
        data = data[:-1]
    sample = data[:_SAMPLE]
    # In Chinese text the NULs are the high bytes of line breaks, blanks and digits.
    little_first = sample[1::2].count(0) >= sample[0::2].count(0)
    for encoding in ("utf-16-le", "utf-16-be") if little_first else ("utf-16-be", "utf-16-le"):
        text = _strict(data, encoding)
        if text is not None and _is_likely(text) and not _is_binary(text):
            return Decoded(text, encoding)
    return None


def _strict(data: bytes, encoding: str) -> str | None:
    """The text, or None if a byte is wrong. A last character that was cut off is dropped."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return None


def _familiar(text: str) -> float:
    """Which share of the characters outside ASCII is among the most frequent ones of Chinese, or is kana."""
    foreign = [character for character in text[:_SAMPLE] if character > "\x7f"]
    return sum(c in _FREQUENT or "ぁ" <= c <= "ヶ" for c in foreign) / len(foreign) if foreign else 0.0


def _is_text(text: str) -> bool:
    return _is_likely(text) and not _is_binary(text)


def _is_likely(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_LIKELY.findall(sample)) >= (1 - _MOST_UNLIKELY) * len(sample)


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > 0.01 * len(sample)


def empty_file() -> ReadError:
    """The error for a file without a single byte or letter."""
    return ReadError("文件是空的。请换一个有内容的文件。", "The file is empty. Choose a file that has text in it.")
