"""Files that are zip archives of XML parts: Word, PowerPoint, OpenDocument, EPUB.

Knows how to open one so that it cannot do harm (sizes, ratios, entities), and that parts may be missing or named
carelessly. Knows nothing of what a part says.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from corpus.errors import ReadError

LARGEST_PART = 64 * 1024 * 1024
"""Bytes that one part may have unpacked; a book of 20,000 pages has fewer."""
_LARGEST_ALL = 400 * 1024 * 1024
_SMALL = 16 * 1024 * 1024  # below this nobody asks how well a part was packed
_STEEPEST = 150  # text packs ten to one; a hundred and fifty to one is made to burst
_MOST_PARTS = 20_000
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Element = Any
"""An lxml element; the library has no types."""


class Package:
    """The parts of an archive by name. Raises ReadError if the archive is damaged, locked or made to burst."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            entries = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise _damaged(error) from error
        check_sizes(entries)
        self._names = {_plain_name(entry.filename).lower(): entry for entry in reversed(entries)}

    def names(self) -> list[str]:
        """The names of all parts, lower case, as they stand in the archive."""
        return list(reversed(self._names))

    def __contains__(self, name: str) -> bool:
        return _plain_name(name).lower() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part; b"" where it is not there. Raises ReadError if it is damaged, locked or too large."""
        entry = self._names.get(_plain_name(name).lower())
        if entry is None:
            return b""
        return read_entry(self._archive, entry, LARGEST_PART)

    def xml(self, name: str) -> Element | None:
        """The root of an XML part; None where it is missing or has no element."""
        data = self.read(name)
        return parse_xml(data) if data.strip() else None

    def relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """The relations of a part by id: the last word of the type, and the target; outside ones are left out."""
        folder, file = posixpath.split(_plain_name(name))
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in root if root is not None else ():
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = unquote(relation.get("Target") or "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[relation.get("Id") or ""] = (
                (relation.get("Type") or "").rsplit("/", 1)[-1],
                posixpath.normpath(place),
            )
        return found

    @cached_property
    def main(self) -> str:
        """The name of the part that holds the document itself, or ""."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and target in self:
                return target
        for name in self.names():
            if re.search(r"(?:^|/)(?:word/document\d*|ppt/presentation)\.xml$", name):
                return name
        return ""

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """What docProps/core.xml says: title, creator, created, modified; {} where it is missing."""
        root = self.xml("docProps/core.xml")
        return {local(child): (child.text or "").strip() for child in root if local(child)} if root is not None else {}


def check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Raises ReadError if what an archive says of its members is more than anybody packs."""
    unpacked = sum(entry.file_size for entry in entries)
    steep = max((e.file_size / max(1, e.compress_size) for e in entries if e.file_size > _SMALL), default=0)
    if len(entries) > _MOST_PARTS or unpacked > _LARGEST_ALL or steep > _STEEPEST:
        raise ReadError(
            f"压缩包解开后有 {len(entries):,} 个文件、{unpacked / 1024**2:,.0f} MB，像是压缩炸弹，没有解开。",
            f"Unpacked it would be {len(entries):,} files and {unpacked / 1024**2:,.0f} MB, like a zip bomb; not read.",
        )


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of one member, at most `most`. Raises ReadError if it is damaged, locked or larger than that."""
    if entry.flag_bits & 1:
        raise ReadError(
            "压缩包设了密码，解不开。请解压后再放进来。", "The archive is locked with a password. Unpack it first."
        )
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _damaged(error) from error
    if len(data) > most:
        raise ReadError(
            f"压缩包里的 {entry.filename} 解开后超过 {most // 1024**2} MB，没有读。",
            f"{entry.filename} in the archive is more than {most // 1024**2} MB when unpacked, and was not read.",
        )
    return data


def parse_xml(data: bytes) -> Element | None:
    """The root element of `data`, mended where it is broken; None where nothing can be made of it.

    Nothing is fetched and no entity is expanded. Raises ReadError if the data declares entities of its own.
    """
    from lxml import etree

    if _DOCTYPE.search(data[:4096]) and b"<!ENTITY" in data[:65536].upper():
        raise ReadError(
            "文件里的 XML 自己定义了实体，正常的文档没有这种写法，没有读。",
            "The XML in this file declares entities of its own, which no document does; it was not read.",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None


def local(element: Element) -> str:
    """The name of an element without its namespace; "" of what is no element. Strict and transitional are one so."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str, default: str = "") -> str:
    """The attribute of that local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of that local name, then its child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((found for found in element if local(found) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of that local name."""
    for found in element if element is not None else ():
        if local(found) == name:
            yield found


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _damaged(error: Exception) -> ReadError:
    return ReadError(
        f"文件损坏，打不开（{type(error).__name__}）。请用原来的软件打开修复，另存后再试。",
        f"The file is damaged and cannot be opened ({error}). Open it in its own program, repair and save it again.",
    )
