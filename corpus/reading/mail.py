"""Mails and saved web pages (.eml, .mht): who wrote what when, and what is attached.

Knows mail heads and the parts of a mail; nothing of what an attachment says.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from corpus.errors import ReadError
from corpus.reading.decoding import decode
from corpus.reading.document import Document
from corpus.reading.web import page_document, web_document

_STRUCTURE = re.compile(r"<(?:table|li|h[1-6])\b", re.IGNORECASE)
_HEADS = (("发件人", "from"), ("收件人", "to"), ("抄送", "cc"), ("日期", "date"), ("主题", "subject"))
_MOST_PARTS = 500
_LONGEST_HEAD = 8_000  # characters


class _Bounded(email.policy.EmailPolicy):
    """The usual policy, for heads of a length that people write: what parses them takes gigabytes for a megabyte."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEAD]


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail itself, and name and bytes of each file attached to it."""

    document: Document
    attached: tuple[tuple[str, bytes], ...] = ()


def mail(data: bytes) -> Mail:
    """What an .eml or .mht file holds. Raises ReadError if there is no text in it."""
    message = cast(EmailMessage, email.message_from_bytes(data, policy=_Bounded()))
    plain, page, attached = _parts(message)
    saved = message.get_content_type() == "multipart/related" and not message.get("to") and page
    document = web_document(page) if saved else _written(message, plain, page)
    if not document.text.strip() and not attached:
        raise ReadError(
            "邮件里没有文字。请确认它不是空的。", "There is no text in this mail. Make sure that it is not empty."
        )
    subject = _head(message, "subject")
    document.title = (
        document.title
        if saved and document.title
        else re.sub(r"^(?:(?:re|fw|fwd|回复|转发)\s*[:：]\s*)+", "", subject, flags=re.I)
    )
    document.published = document.published or _day(_head(message, "date"))
    name, address = parseaddr(_head(message, "from"))
    document.author = document.author or (name or address if not saved else "")
    return Mail(document, tuple(attached))


def _written(message: EmailMessage, plain: str, page: str) -> Document:
    """The heads as a reader of mail shows them, and the text: of both forms the one that keeps more structure."""
    document = Document()
    lines = [f"{label}：{value}" for label, name in _HEADS if (value := _head(message, name))]
    for line in lines:
        document.note(line)
    if page and (not plain.strip() or _STRUCTURE.search(page)):
        document.append(page_document(page))
    else:
        document.paragraph(plain)
    return document


def _parts(message: EmailMessage) -> tuple[str, str, list[tuple[str, bytes]]]:
    """The plain text, the page, and the files attached."""
    plain, page = [], []
    attached: list[tuple[str, bytes]] = []
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), part.get_filename()
        if name and (part.get_content_disposition() == "attachment" or not kind.startswith(("text/", "image/"))):
            attached.append((name, _bytes(part)))
        elif kind == "text/html":
            page.append(_text(part))
        elif kind == "text/plain":
            plain.append(_text(part))
    return "\n".join(plain), "\n".join(page), attached


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: EmailMessage) -> str:
    """The text in the encoding that the part names, else in the one that it looks like."""
    data = _bytes(part)
    name = (part.get_content_charset() or "").lower()
    name = {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)
    try:
        return data.decode(name) if name else decode(data).text
    except (LookupError, UnicodeDecodeError):
        return data.decode(name, "replace") if name in ("gb18030", "utf-8") else decode(data).text
    except ReadError:
        return ""


def _head(message: EmailMessage, name: str) -> str:
    """A line of the head; "" where it is missing or past reading. Raw bytes of old programs are decoded."""
    try:
        value = str(message.get(name) or "")
    except Exception:  # the standard library's parser of heads fails in many ways on what is no mail
        return ""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return " ".join((value if raw.decode("utf-8", "strict") == value else decode(raw).text).split())
    except (UnicodeDecodeError, ReadError):
        return " ".join(decode(raw).text.split()) if raw.strip() else ""


def _day(value: str) -> str:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (TypeError, ValueError, IndexError):
        return ""
