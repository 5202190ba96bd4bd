"""Books (.epub): the chapters in the order of the book.

Knows where a book says what it consists of; the chapters are web pages. Knows nothing of what is done with it.
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from corpus.errors import ReadError
from corpus.reading.dates import iso_date
from corpus.reading.decoding import decode
from corpus.reading.document import Document
from corpus.reading.packages import Element, Package, attribute, local
from corpus.reading.web import page_document


def book_document(data: bytes) -> Document:
    """The document in an .epub file. Raises ReadError if it is damaged, locked, made to burst or without text."""
    package = Package(data)
    document = Document()
    container = package.xml("META-INF/container.xml")
    listed = [attribute(node, "full-path") for node in _named(container, "rootfile")]
    content = next((name for name in listed if name in package), "")
    content = content or next((name for name in package.names() if name.endswith(".opf")), "")
    root = package.xml(content) if content else None
    for field, name in (("title", "title"), ("author", "creator"), ("published", "date")):
        found = next(((node.text or "").strip() for node in _named(root, name) if (node.text or "").strip()), "")
        setattr(document, field, iso_date(found) if field == "published" else found)
    for name in _chapters(root, posixpath.dirname(content), package):
        document.append(page_document(decode(package.read(name)).text))
    if not document.text.strip():
        raise ReadError(
            "电子书里没有文字，也许每一页都是图片，或者加了版权保护。请换一个版本。",
            "There is no text in this book: perhaps each page is a picture, or it is protected. Use another edition.",
        )
    return document


def _chapters(root: Element | None, folder: str, package: Package) -> list[str]:
    """The names of the chapters in reading order; all pages of the archive where the book does not say."""
    items = {attribute(node, "id"): node for node in _named(root, "item")}
    order = [items[key] for node in _named(root, "itemref") if (key := attribute(node, "idref")) in items]
    names = []
    for item in order:
        if "nav" in attribute(item, "properties").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href")).split("#")[0]))
        if name in package and attribute(item, "media-type", "html").endswith(("html", "html+xml", "xml")):
            names.append(name)
    return list(dict.fromkeys(names)) or [
        name for name in package.names() if name.endswith((".xhtml", ".html", ".htm"))
    ]


def _named(root: Element | None, name: str) -> list[Element]:
    return [node for node in root.iter() if local(node) == name] if root is not None else []
