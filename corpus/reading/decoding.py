"""Bytes of a text file to characters.

Knows UTF-8, GB18030 (and with it GBK and GB2312) and UTF-16, each with or without a byte order mark. Knows nothing
of what the text says, except that text is mostly made of Chinese characters, letters, marks and blanks.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import ReadError

_MARKS = (  # the longer marks first: the one of UTF-32 begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 1 << 16
_LIKELY = re.compile(r"[\t\n\r\f -~\u00a0-\u00ff\u2000-\u206f\u2460-\u24ff\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e]")
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


def decode(data: bytes) -> Decoded:
    """The text in `data`, without its byte order mark. Raises ReadError if it is empty or not text."""
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("文件是空的。请换一个有内容的文件。", "The file is empty. Choose a file that has text in it.")
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
            "读不出文字：既不是 UTF-8、GB18030，也不是 UTF-16，可能是二进制文件。请另存为 UTF-8 编码的文本文件后再试。",
            "No readable text: not UTF-8, GB18030 or UTF-16, perhaps binary. Save it as UTF-8 text and try again.",
        )
    return decoded


def _marked(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _narrow(data: bytes) -> Decoded | None:
    """GB18030, else UTF-8 or GB18030 with a few damaged bytes, else UTF-16 that happens to have no NUL."""
    text = _strict(data, "gb18030")
    if text is not None and _is_likely(text) and not _is_binary(text):
        return Decoded(text, "gb18030")
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        damaged = text.count("\ufffd")
        if damaged <= max(1, _MOST_DAMAGED * len(text)) and _is_likely(text) and not _is_binary(text):
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


def _is_likely(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_LIKELY.findall(sample)) >= (1 - _MOST_UNLIKELY) * len(sample)


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > 0.01 * len(sample)
