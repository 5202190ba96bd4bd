"""Slides (.pptx): the title of each as a heading, its points as items, tables, diagrams and what the speaker notes.

Knows the order of slides and of the shapes on one; nothing of what is done with a document.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import ReadError
from corpus.reading.dates import iso_date
from corpus.reading.document import Document
from corpus.reading.graphics import chart_grid, diagram_lines
from corpus.reading.grid import Grid, GridCell, cell_of
from corpus.reading.packages import Element, Package, attribute, child, children, local

_TITLES = ("title", "ctrTitle")
_FRAME = ("dt", "ftr", "sldNum", "hdr")


def slides_document(data: bytes) -> Document:
    """The document in a .pptx file. Raises ReadError if it is damaged, locked, made to burst or without text."""
    package = Package(data)
    document = Document()
    document.title = package.properties.get("title", "")
    document.author = package.properties.get("creator", "")
    document.dated = iso_date(package.properties.get("modified", ""))
    if document.title in ("PowerPoint Presentation", "PowerPoint 演示文稿"):
        document.title = ""
    root = package.xml(package.main) if package.main else None
    relations = package.relations(package.main) if package.main else {}
    for entry in children(child(root, "sldIdLst"), "sldId"):
        ids = [value for key, value in entry.attrib.items() if key.startswith("{")]
        _, target = relations.get(ids[0] if ids else "", ("", ""))
        slide = package.xml(target) if target else None
        if slide is not None:
            _Slide(package, target, document).read(slide)
    if not document.text.strip():
        raise ReadError(
            "演示文稿里没有文字（也许只有图片）。请把文字打出来，或者先做文字识别（OCR）。",
            "There is no text in these slides (perhaps pictures only). Type it in, or recognise it (OCR) first.",
        )
    return document


class _Slide:
    def __init__(self, package: Package, name: str, document: Document) -> None:
        self._package = package
        self._relations = package.relations(name)
        self._document = document

    def read(self, slide: Element) -> None:
        shapes = list(_shapes(child(slide, "cSld", "spTree")))
        titles = [shape for shape in shapes if _place(shape) in _TITLES]
        for shape in titles:
            text = " ".join(line for _, line, _ in _paragraphs(child(shape, "txBody")))
            self._document.heading(text, 2)
        for shape in sorted((shape for shape in shapes if shape not in titles), key=_offset):
            self._shape(shape)
        for kind, target in self._relations.values():
            notes = self._package.xml(target) if kind == "notesSlide" else None
            for shape in _shapes(child(notes, "cSld", "spTree")):
                if _place(shape) == "body":
                    for _, line, _ in _paragraphs(child(shape, "txBody")):
                        self._document.note(line)

    def _shape(self, shape: Element) -> None:
        if local(shape) == "graphicFrame":
            self._frame(shape)
            return
        place = _place(shape)
        if place in _FRAME:
            return
        for level, line, bulleted in _paragraphs(child(shape, "txBody")):
            if bulleted or (bulleted is None and place in ("body", "obj", "")):
                self._document.item(line, level + 1)
            elif place == "subTitle":
                self._document.paragraph(line)
            else:
                self._document.paragraph(line)

    def _frame(self, frame: Element) -> None:
        for node in frame.iter():
            name = local(node)
            if name == "tbl":
                self._document.table(_grid(node))
                return
            if name in ("chart", "relIds"):
                relation = attribute(node, "dm" if name == "relIds" else "id")
                _, target = self._relations.get(relation, ("", ""))
                part = self._package.xml(target) if target else None
                if part is not None and name == "chart":
                    self._document.table(chart_grid(part))
                elif part is not None:
                    for line in diagram_lines(part):
                        self._document.item(line)


def _shapes(tree: Element | None) -> Iterator[Element]:
    """All shapes in the order of the file, those of groups too."""
    for node in tree if tree is not None else ():
        name = local(node)
        if name in ("sp", "graphicFrame"):
            yield node
        elif name == "grpSp":
            yield from _shapes(node)
        elif name == "AlternateContent":
            choice = child(node, "Choice")
            yield from _shapes(choice if choice is not None else child(node, "Fallback"))


def _place(shape: Element) -> str | None:
    """Which place of the layout the shape fills ("" for the body); None for a free one."""
    properties = next((node for node in shape if local(node).startswith("nv")), None)
    place = child(properties, "nvPr", "ph")
    return attribute(place, "type") if place is not None else None


def _offset(shape: Element) -> tuple[int, int]:
    """Top and left of a free shape in EMU; those that the layout places come first, as they stand in the file."""
    frame = child(shape, "spPr", "xfrm", "off")
    if frame is None:
        frame = child(shape, "xfrm", "off")
    if frame is None:
        return (-1, 0)
    top, left = attribute(frame, "y", "0"), attribute(frame, "x", "0")
    try:
        return (int(top) // 200_000, int(left))  # what stands on about one height is read from the left
    except ValueError:
        return (-1, 0)


def _paragraphs(body: Element | None) -> Iterator[tuple[int, str, bool | None]]:
    """Level, text and whether a bullet stands before it (None: as the layout says) of each paragraph."""
    for paragraph in children(body, "p"):
        settings = child(paragraph, "pPr")
        level = attribute(settings, "lvl", "0") if settings is not None else "0"
        bulleted: bool | None = None
        for node in settings if settings is not None else ():
            if local(node).startswith("bu") and local(node) in ("buNone", "buChar", "buAutoNum", "buBlip"):
                bulleted = local(node) != "buNone"
        text = _text(paragraph)
        if text.strip():
            yield int(level) if level.isdigit() and len(level) == 1 else 0, text, bulleted


def _text(paragraph: Element) -> str:
    pieces = []
    for node in paragraph.iter():
        name = local(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name == "br":
            pieces.append("\n")
    return "".join(pieces)


def _grid(table: Element) -> Grid:
    return Grid.of(
        [_cell(cell) for cell in children(row, "tc") if not _is_covered(cell)] for row in children(table, "tr")
    )


def _cell(cell: Element) -> GridCell:
    text = "\n".join(line for _, line, _ in _paragraphs(child(cell, "txBody")))
    return cell_of(text, rows=_span(cell, "rowSpan"), columns=_span(cell, "gridSpan"))


def _is_covered(cell: Element) -> bool:
    return any(attribute(cell, name) in ("1", "true") for name in ("hMerge", "vMerge"))


def _span(cell: Element, name: str) -> int:
    value = attribute(cell, name, "1")
    return max(1, int(value)) if value.isdigit() and len(value) < 10 else 1
