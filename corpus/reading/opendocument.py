"""OpenDocument texts and slides (.odt, .odp).

Knows content.xml: headings, lists and how they are numbered, tables, notes, text boxes; what was deleted stays out.
Knows nothing of what is done with a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import ReadError
from corpus.reading.dates import iso_date
from corpus.reading.document import Document, tidy
from corpus.reading.grid import WIDEST, Grid, GridCell, cell_of
from corpus.reading.numbering import written
from corpus.reading.packages import Element, Package, attribute, child, children, local

_UNSEEN = frozenset(
    {
        "tracked-changes",
        "annotation",
        "annotation-end",
        "desc",
        "title",
        "table-of-content",
        "alphabetical-index",
        "forms",
        "ruby-text",
    }
)
_CLAUSE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条|\d+(?:\.\d+)+\.?")
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FORMATS |= {
    "一, 二, 三, ...": "chineseCounting",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
}
_FORMATS |= {"甲, 乙, 丙, ...": "ideographTraditional", "子, 丑, 寅, ...": "ideographZodiac", "": "none"}


def open_document(data: bytes) -> Document:
    """The document in an .odt or .odp file. Raises ReadError if it is damaged, locked or without text."""
    package = Package(data)
    document = Document()
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise ReadError(
            "这个文件设了密码。请打开后去掉密码再保存。", "This file is locked with a password. Save it without one."
        )
    content = package.xml("content.xml")
    body = child(content, "body")
    reader = _Reader(document, _list_styles(content) | _list_styles(package.xml("styles.xml")))
    for part in body if body is not None else ():
        reader.blocks(part)
    about = child(package.xml("meta.xml"), "meta")
    for entry in about if about is not None else ():
        text = (entry.text or "").strip()
        if local(entry) == "title":
            document.title = text
        elif local(entry) in ("creator", "initial-creator"):
            document.author = document.author or text
        elif local(entry) == "date":
            document.dated = iso_date(text)
    if not document.text.strip():
        raise ReadError(
            "文件里没有文字（也许只有图片）。请把文字打出来，或者先做文字识别（OCR）。",
            "There is no text in this file (perhaps pictures only). Type it in, or recognise it (OCR) first.",
        )
    return document


@dataclass(frozen=True, slots=True)
class _Level:
    """How the numbers of one level of a list are written; `shown` levels stand in one number."""

    style: str = "none"
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


def _list_styles(root: Element | None) -> dict[str, dict[int, _Level]]:
    styles: dict[str, dict[int, _Level]] = {}
    for node in root.iter() if root is not None else ():
        if local(node) == "list-style":
            styles[attribute(node, "name")] = {_number(level, "level", 1): _level(level) for level in node}
    return styles


def _level(node: Element) -> _Level:
    if local(node) != "list-level-style-number":
        return _Level()
    form = attribute(node, "num-format")
    return _Level(
        _FORMATS.get(form, "decimal"),
        attribute(node, "num-prefix"),
        attribute(node, "num-suffix"),
        _number(node, "start-value", 1),
        _number(node, "display-levels", 1),
    )


class _Reader:
    def __init__(self, document: Document, styles: dict[str, dict[int, _Level]]) -> None:
        self.document = document
        self.styles = styles
        self.counts: dict[str, dict[int, int]] = {}
        self.hanging: list[Element] = []
        self.notes: list[Element] = []

    def blocks(self, parent: Element) -> None:
        for node in parent:
            name = local(node)
            if name in _UNSEEN:
                continue
            if name == "h":
                self.document.heading(self.text(node), _number(node, "outline-level", 1))
            elif name == "p":
                self.document.paragraph(self.text(node))
            elif name == "list":
                self.listed(node, "", 0)
            elif name == "table":
                self.document.table(Grid.of(list(self.rows(node))))
            elif name == "page":
                self.page(node)
            else:
                self.blocks(node)
            self.hang()

    def page(self, slide: Element) -> None:
        """A slide: its title is a heading, and what the speaker notes stands below."""
        for frame in slide:
            text_box = child(frame, "text-box")
            if attribute(frame, "class") == "title" and text_box is not None:
                self.document.heading(" ".join(self.text(p) for p in children(text_box, "p")), 2)
            elif local(frame) == "notes":
                inner = self.inner(frame)
                self.document.note(inner.text)
            else:
                self.blocks(frame)

    def inner(self, element: Element) -> Document:
        kept, self.document = self.document, Document()
        self.blocks(element)
        found, self.document = self.document, kept
        found.finish()
        return found

    def hang(self) -> None:
        """Text boxes and notes that hang on what was just read."""
        boxes, self.hanging = self.hanging, []
        notes, self.notes = self.notes, []
        for box in boxes:
            self.blocks(box)
        for note in notes:
            body = child(note, "note-body")
            if body is not None:
                self.document.note("\n".join(self.text(p) for p in body.iter() if local(p) in ("p", "h")))

    def listed(self, element: Element, style: str, depth: int) -> None:
        style = attribute(element, "style-name") or style
        if (
            depth == 0
            and attribute(element, "continue-numbering") != "true"
            and not attribute(element, "continue-list")
        ):
            self.counts[style] = {}
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            number = self.number(style, depth, item) if local(item) == "list-item" else ""
            for part in item:
                name = local(part)
                if name == "list":
                    self.listed(part, style, depth + 1)
                elif name == "h":
                    self.document.heading(_joined(number, self.text(part)), _number(part, "outline-level", 1), number)
                    number = ""
                elif name == "p":
                    self.item(number, self.text(part), depth)
                    number = ""
                else:
                    self.blocks(part)
                self.hang()

    def item(self, number: str, text: str, depth: int) -> None:
        if not tidy(text.replace("\n", " ")):
            return
        if number and _CLAUSE.fullmatch(number):
            self.document.clause(_joined(number, text), number)
        else:
            self.document.item(_joined(number, text), min(depth, 8) + 1, number)

    def number(self, style: str, depth: int, item: Element) -> str:
        levels = self.styles.get(style, {})
        level = levels.get(depth + 1, _Level())
        counts = self.counts.setdefault(style, {})
        start = _number(item, "start-value", 0)
        counts[depth] = start or counts.get(depth, level.start - 1) + 1
        for deeper in [place for place in counts if place > depth]:
            del counts[deeper]
        if level.style == "none":
            return ""
        first = max(0, depth - level.shown + 1)
        parts = [written(counts.get(n, 1), levels.get(n + 1, level).style) for n in range(first, depth + 1)]
        return level.before + ".".join(part for part in parts if part) + level.after

    def rows(self, table: Element) -> Iterator[list[GridCell]]:
        for node in table:
            name = local(node)
            if name == "table-row":
                yield [part for cell in node if local(cell) == "table-cell" for part in self.cells(cell)]
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self.rows(node)

    def cells(self, cell: Element) -> list[GridCell]:
        rows, columns = _number(cell, "number-rows-spanned", 1), _number(cell, "number-columns-spanned", 1)
        found = cell_of(self.inner(cell).text, rows=rows, columns=columns)
        return [found] * min(_number(cell, "number-columns-repeated", 1), WIDEST)

    def text(self, element: Element) -> str:
        return "".join(self.pieces(element))

    def pieces(self, element: Element) -> Iterator[str]:
        yield _collapsed(element.text)
        for node in element:
            name = local(node)
            if name == "s":
                yield " " * min(_number(node, "c", 1), 100)
            elif name == "tab":
                yield "\t"
            elif name == "line-break":
                yield "\n"
            elif name == "note":
                self.notes.append(node)
            elif name in ("text-box", "custom-shape"):
                self.hanging.append(node)
            elif name not in _UNSEEN:
                yield from self.pieces(node)
            yield _collapsed(node.tail)


def _collapsed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _joined(number: str, text: str) -> str:
    return f"{number}{'' if number[-1] in '）)、．：' else ' '}{text}" if number else text


def _number(node: Element, name: str, otherwise: int) -> int:
    value = attribute(node, name)
    return int(value) if value.isdigit() and len(value) < 10 else otherwise
