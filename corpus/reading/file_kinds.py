"""Which reader belongs to which file: by what is in it, and where that does not tell, by its name.

Knows the readers of all kinds. Knows nothing of folders, nor of what to do about a file that cannot be read: readers
raise.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.article import Article
from corpus.errors import ReadError, WenjuError
from corpus.reading.contents import Contents, damage, document_contents
from corpus.reading.decoding import decode, empty_file
from corpus.reading.record_files import csv_file, json_file, jsonl_file, sheet_file
from corpus.reading.sniffing import kind_of_bytes
from corpus.reading.text_files import markdown_file, text_file

LARGEST = 200 * 1024 * 1024
"""Bytes that a file may hold, also after it was unpacked."""
_LARGEST_IN_ALL = 2 * LARGEST  # bytes out of one archive
_DEEPEST = 3  # archives inside archives

Reader = Callable[[bytes, str], Contents]
"""Reads the bytes of a file of the given name (as people see it: the path below the folder they named)."""


def _html(data: bytes, name: str) -> Contents:
    from corpus.reading.web import web_document

    decoded = decode(data)
    return document_contents(web_document(decoded.text), name, damage(decoded.damaged))


def _docx(data: bytes, name: str) -> Contents:
    from corpus.reading.word import word_document

    return document_contents(word_document(data), name)


def _pptx(data: bytes, name: str) -> Contents:
    from corpus.reading.slides import slides_document

    return document_contents(slides_document(data), name)


def _epub(data: bytes, name: str) -> Contents:
    from corpus.reading.books import book_document

    return document_contents(book_document(data), name)


def _odt(data: bytes, name: str) -> Contents:
    from corpus.reading.opendocument import open_document

    return document_contents(open_document(data), name)


def _rtf(data: bytes, name: str) -> Contents:
    from corpus.reading.rich_text import rich_text_document

    return document_contents(rich_text_document(data), name)


def _pdf(data: bytes, name: str) -> Contents:
    from corpus.reading.printed import pdf_file

    return pdf_file(data, name)


def _image(data: bytes, name: str) -> Contents:
    from corpus.reading.printed import image_file

    return image_file(data, name)


def _mail(data: bytes, name: str) -> Contents:
    from corpus.reading.mail import mail

    found = mail(data)
    own = document_contents(found.document, name) if found.document.text.strip() else Contents([])
    return _with_members(own, name, iter(found.attached), 1)


def _old_office(kind: str) -> Reader:
    def read(data: bytes, name: str) -> Contents:
        from corpus.reading.office import converted

        newer, target = converted(data, kind)
        return READERS[target](newer, name)

    return read


def _zip(data: bytes, name: str, depth: int = 1) -> Contents:
    from corpus.reading.archives import members

    return _with_members(Contents([]), name, members(data), depth)


def _gz(data: bytes, name: str) -> Contents:
    return read_bytes(unpacked(data), name)


def _locked(data: bytes, name: str) -> Contents:
    raise ReadError(
        "这个文件设了密码，打不开。请去掉密码另存后再试。", "This file is locked with a password. Save it without one."
    )


def _message(data: bytes, name: str) -> Contents:
    raise ReadError(
        "这是 Outlook 的 .msg 邮件，读不了。请在 Outlook 里另存为 .eml 或 .html。",
        "This is a mail of Outlook (.msg), which is not read. Save it there as .eml or .html.",
    )


def _packed(data: bytes, name: str) -> Contents:
    raise ReadError(
        "这是 .rar 或 .7z 压缩包，读不了。请解压后再放进来，或者改用 .zip。",
        "This is a .rar or .7z archive, which is not read. Unpack it first, or use .zip.",
    )


READERS: dict[str, Reader] = {
    "txt": text_file, "md": markdown_file, "html": _html, "pdf": _pdf, "docx": _docx, "xlsx": sheet_file,
    "xls": sheet_file, "ods": sheet_file, "pptx": _pptx, "epub": _epub, "eml": _mail, "rtf": _rtf, "odt": _odt,
    "odp": _odt, "doc": _old_office("doc"), "ppt": _old_office("ppt"), "flat": _old_office("flat"), "json": json_file,
    "jsonl": jsonl_file, "csv": csv_file, "zip": _zip, "image": _image, "gz": _gz, "locked": _locked, "msg": _message,
    "packed": _packed,
}  # fmt: skip
"""The reader of each kind of file."""

SUFFIXES: dict[str, str] = {
    ".txt": "txt", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf",
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".doc": "doc", ".wps": "doc", ".dot": "doc", ".rtf": "rtf",
    ".odt": "odt", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".xls": "xls", ".et": "xls", ".ods": "ods",
    ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "jsonl", ".pptx": "pptx", ".pptm": "pptx",
    ".ppsx": "pptx", ".ppt": "ppt", ".pps": "ppt", ".dps": "ppt", ".odp": "odp", ".epub": "epub", ".eml": "eml",
    ".mht": "eml", ".mhtml": "eml", ".msg": "msg", ".zip": "zip", ".rar": "packed", ".7z": "packed", ".png": "image",
    ".jpg": "image", ".jpeg": "image", ".tif": "image", ".tiff": "image", ".bmp": "image", ".webp": "image",
}  # fmt: skip
"""The kind of file that each ending stands for."""

_TEXTS = frozenset({"txt", "md", "html", "csv", "json", "jsonl", "eml"})
_OFFICE = frozenset({"docx", "xlsx", "xls", "ods", "odt", "odp", "pptx", "epub", "doc", "ppt"})
_WRITTEN = frozenset({"docx", "doc", "rtf", "odt"})
_OF_OLE = frozenset({"doc", "ppt", "xls", "docx", "xlsx", "pptx"})


def read_bytes(data: bytes, name: str, depth: int = 0, file: str = "") -> Contents:
    """What a file of these bytes holds, read as what it is. Raises ReadError, or what a reader does.

    `name` is what people call it, `file` the name that it has where that is another one.
    """
    if not data:
        raise empty_file()
    kind = kind_of(data, file or name)
    if kind == "zip":
        return _zip(data, name, depth + 1)
    return READERS[kind](data, name)


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file: what its bytes show, and where they show nothing, what it is named. Raises ReadError."""
    named = SUFFIXES.get(suffix_of(name), "")
    shown = kind_of_bytes(data)
    if shown == "zip" and named in _OFFICE:
        return named  # damaged, which its reader says best
    if shown == "unknown":
        # An OLE file that tells nothing of itself.
        raise _damaged_office() if named in _OF_OLE else _unknown(name)
    if shown == "html" and named == "eml":
        return named
    if shown:
        return shown
    if named in _TEXTS:
        return named
    if named in ("xls", "xlsx", "ods"):
        return "csv"  # exported as lines with tabs or commas
    if named in _WRITTEN and _is_text(data):
        return "txt"
    if named in ("pdf", "image", "docx", "pptx", "epub", "odt", "odp", "rtf", "doc", "ppt", "zip"):
        return named  # damaged, which its reader says best
    raise _unknown(name)


def is_known(name: str) -> bool:
    """Whether files of this name are read."""
    return suffix_of(name) in SUFFIXES


def suffix_of(name: str) -> str:
    """The suffix that tells the kind of file: ".txt" of "a.TXT" and of "a.txt.gz"."""
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def unpacked(data: bytes) -> bytes:
    """The contents of a .gz. Raises ReadError if it is broken, or holds more than LARGEST bytes."""
    machine = zlib.decompressobj(wbits=31)
    try:
        found = machine.decompress(data, LARGEST + 1)
        if not machine.eof and len(found) <= LARGEST:
            raise EOFError("cut off")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(
            "压缩文件不完整或已损坏，解不开。请重新下载或重新压缩。",
            f"The compressed file is cut off or damaged ({error}). Download or compress it again.",
        ) from error
    if len(found) > LARGEST:
        raise too_large(len(found))
    return found


def too_large(size: int) -> ReadError:
    """The error for a file of `size` bytes, which is more than LARGEST."""
    megabytes, limit = -(-size // 1024**2), LARGEST // 1024**2  # rounded up: "200 MB, at most 200" would be a riddle
    return ReadError(
        f"文件太大：{megabytes:,} MB，最多 {limit} MB。请分成几个文件。",
        f"The file is too large: {megabytes:,} MB, at most {limit} MB. Split it into several.",
    )


def _with_members(own: Contents, name: str, found: Iterator[tuple[str, bytes | ReadError]], depth: int) -> Contents:
    """The articles of a file and those of the files in it; what of these cannot be read is told with its name."""
    articles: list[Article] = list(own.articles)
    repairs, problems, size = own.repairs, list(own.problems), 0
    for member, data in found:
        try:
            if isinstance(data, ReadError):
                raise data
            size += len(data)
            if depth > _DEEPEST or size > _LARGEST_IN_ALL:
                raise ReadError("嵌套太深或内容太多，没有读。", "Nested too deeply or too much; not read.")
            part = read_bytes(data, f"{name}/{member}", depth)
        except WenjuError as error:
            problems.append(ReadError(f"{member}：{error.chinese}", f"{member}: {error.english}"))
        else:
            articles += [replace(article, source=article.source or f"{name}/{member}") for article in part.articles]
            repairs += part.repairs
            problems += [ReadError(f"{member}：{p.chinese}", f"{member}: {p.english}") for p in part.problems]
    return Contents(articles, repairs, tuple(problems))


def _is_text(data: bytes) -> bool:
    try:
        decode(data)
    except ReadError:
        return False
    return True


def _damaged_office() -> ReadError:
    return ReadError(
        "这是旧式的 Office 文件（.doc 一类），损坏了或者设了密码，打不开。请用 Word、WPS 去掉密码，另存为新格式。",
        "This is an old office file (such as .doc), damaged or with a password. Save it in a newer format without one.",
    )


def _unknown(name: str) -> ReadError:
    path = PurePosixPath(name)
    kind = "".join(path.suffixes[-2:]) or path.name
    return ReadError(
        f"不认识的文件类型 {kind}，没有读。可以读的有 {KNOWN}，文本类的也可以是 .gz。请另存为其中一种。",
        f"Unknown kind of file {kind}, not read. Known are {KNOWN}, those of plain text also as .gz. Save it as one.",
    )


KNOWN = " ".join(SUFFIXES)
