"""Word files (.docx): every part that a printed copy shows, in reading order.

Knows the parts of a file and which of them stand where: body, text boxes, notes, page heads and feet, charts. Knows
nothing of runs and fields (word_text), styles (word_styles) or how lists count (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.errors import ReadError
from corpus.reading.dates import iso_date
from corpus.reading.decoding import decode
from corpus.reading.document import Document, tidy
from corpus.reading.graphics import chart_grid, diagram_lines
from corpus.reading.mail import mail
from corpus.reading.numbering import Numbering
from corpus.reading.packages import Element, Package, attribute, child, children, local
from corpus.reading.rich_text import rich_text_document
from corpus.reading.sniffing import kind_of_bytes
from corpus.reading.web import page_document
from corpus.reading.word_styles import ParagraphStyle, Styles, looks_like_title
from corpus.reading.word_tables import frame_content, word_grid
from corpus.reading.word_text import InlineReader, Inlines, inner_paragraphs

_WRAPPERS = frozenset({"ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "hyperlink", "dir", "bdo"})
_CLAUSE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+(?:条|款|项)(?:之[一二三四五六七八九十])?|\d+(?:\.\d+)+\.?")
_PART = re.compile(r"第[〇零一二三四五六七八九十百千\d]+(?:编|分编|篇|章|节|部分)")
_NO_BLANK_AFTER = "）)】〕、．：:"
_NOBODY = frozenset(
    {
        "python-docx",
        "Administrator",
        "admin",
        "user",
        "User",
        "微软用户",
        "Microsoft",
        "Windows User",
        "PC",
        "Apache POI",
        "hp",
        "lenovo",
        "Lenovo",
    }
)


def word_document(data: bytes) -> Document:
    """The document in a .docx file. Raises ReadError if it is damaged, locked, made to burst or without text."""
    package = Package(data)
    if not package.main:
        raise ReadError(
            "这个压缩包里没有 Word 正文（word/document.xml）。请用 Word 打开，另存为 .docx。",
            "There is no Word document (word/document.xml) in this file. Open it in Word and save it as .docx.",
        )
    document = _Word(package).document()
    if not document.text.strip():
        raise ReadError(
            "Word 文件里没有文字（也许只有图片）。请把文字打出来，或者先做文字识别（OCR）。",
            "There is no text in this Word file (perhaps pictures only). Type it in, or recognise it (OCR) first.",
        )
    return document


class _Word:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._relations = package.relations(package.main)
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering.of(self._part("numbering"))
        self._notes = {kind: _by_id(self._part(f"{kind}s"), kind) for kind in ("footnote", "endnote")}
        self._inlines = InlineReader()
        self._begun = False
        self._held = ""  # text of a paragraph whose end was deleted

    def _part(self, kind: str) -> Element | None:
        for found, target in self._relations.values():
            if found == kind and target in self._package:
                return self._package.xml(target)
        # The relation may be missing where the part is there.
        return self._package.xml(f"word/{kind}.xml")

    def document(self) -> Document:
        document = Document()
        properties = self._package.properties
        root = self._package.xml(self._package.main)
        body = child(root, "body")
        if body is None:
            return document
        for line in self._margins(body, "headerReference"):
            document.note(line)
        self._blocks(body, document)
        self._flush(document)
        for line in self._margins(body, "footerReference"):
            document.note(line)
        title = properties.get("title", "")
        document.title = title if title.strip().lower() not in ("", "word document", "untitled", "无标题") else ""
        author = properties.get("creator", "")
        document.author = "" if author in _NOBODY else author
        document.dated = "" if author == "python-docx" else iso_date(properties.get("modified", ""))
        return document

    def _margins(self, body: Element, kind: str) -> Iterator[str]:
        """The lines of page heads or feet, each once, without page numbers."""
        seen: set[str] = set()
        references = (node for node in body.iter() if local(node) == kind)
        targets = dict.fromkeys(self._relations.get(attribute(node, "id"), ("", ""))[1] for node in references)
        for target in targets:
            root = self._package.xml(target) if target else None
            if root is None:
                continue
            inlines = InlineReader(page_numbers=False)
            for paragraph in inner_paragraphs(root):
                line = tidy(inlines.read(paragraph).text.replace("\n", " "))
                if re.search(r"\w", re.sub("[第共页总頁Page of]", "", line)) and line not in seen:
                    seen.add(line)
                    yield line

    def _blocks(self, parent: Iterable[Element], document: Document) -> None:
        for node in parent:
            name = local(node)
            if name == "p":
                self._paragraph(node, document)
            elif name == "tbl":
                self._table(node, document)
            elif name == "altChunk":
                self._chunk(attribute(node, "id"), document)
            elif name == "AlternateContent":
                choices = [part for part in node if local(part) in ("Choice", "Fallback")]
                for choice in choices[:1]:
                    self._blocks(choice, document)
            elif name in _WRAPPERS:
                self._blocks(node, document)

    def _chunk(self, relation: str, document: Document) -> None:
        """A whole file in another format that Word shows in this place."""
        _, target = self._relations.get(relation, ("", ""))
        if target not in self._package:
            return
        try:
            document.append(_embedded(self._package.read(target)))
        except ReadError as error:
            document.problems.append(error)

    def _paragraph(self, paragraph: Element, document: Document) -> None:
        inlines = self._inlines.read(paragraph)
        style = self._styles.of(paragraph)
        ends = child(paragraph, "pPr", "rPr", "del") is None
        text = self._held + inlines.text
        self._held = ""
        if not ends:
            self._held = text
        elif not (inlines.contents or style.contents):
            self._put(paragraph, style, text, inlines.bold, document)
        self._hanging(inlines, document)

    def _put(self, paragraph: Element, style: ParagraphStyle, text: str, bold: bool, document: Document) -> None:
        """One paragraph with the number that Word writes before it, as the part that it is."""
        number, level = None, style.list_level or 0
        if style.list_id not in ("", "0"):
            if style.list_level is None:
                level = self._numbering.level_of(style.list_id, style.style_id)
            number = self._numbering.next(style.list_id, level)
        if not tidy(text.replace("\n", " ")):
            return
        if number:
            text = f"{number}{'' if number[-1] in _NO_BLANK_AFTER else ' '}{text.lstrip()}"
        title = style.level or (0 if number else looks_like_title(paragraph, text, bold=bold, first=not self._begun))
        self._begun = True
        if title or _PART.fullmatch(number or ""):
            document.heading(text, title or 2, number or "")
        elif style.caption:
            document.caption(text)
        elif number and _CLAUSE.fullmatch(number):
            document.clause(text, number)
        elif number is not None:
            document.item(text, level + 1, number)
        else:
            document.paragraph(text)

    def _flush(self, document: Document) -> None:
        """What is left of a paragraph whose end was deleted where no other paragraph follows."""
        if tidy(self._held.replace("\n", " ")):
            document.paragraph(self._held)
        self._held = ""

    def _hanging(self, inlines: Inlines, document: Document) -> None:
        """What hangs on a paragraph: text boxes, drawings with text, notes."""
        for box in inlines.boxes:
            self._flush(document)
            self._blocks(box, document)
            self._flush(document)
        for relation in inlines.parts:
            kind, target = self._relations.get(relation, ("", ""))
            root = self._package.xml(target) if kind in ("chart", "diagramData") else None
            if root is not None and kind == "chart":
                document.table(chart_grid(root))
            elif root is not None:
                for line in diagram_lines(root):
                    document.item(line)
        for kind, number in inlines.notes:
            if (note := self._notes[kind].pop(number, None)) is not None:
                document.note("\n".join(_lines(note)))

    def _table(self, table: Element, document: Document) -> None:
        self._flush(document)
        framed = frame_content(table)
        if framed is not None:
            self._blocks(framed, document)
            return
        hanging = Document()
        document.table(word_grid(table, lambda paragraph: self._cell_text(paragraph, hanging)))
        document.append(hanging)

    def _cell_text(self, paragraph: Element, hanging: Document) -> str:
        """The lines of a paragraph in a cell; what hangs on it goes below the table."""
        inner = Document()
        inlines = self._inlines.read(paragraph)
        self._put(paragraph, self._styles.of(paragraph), inlines.text, False, inner)
        self._hanging(inlines, hanging)
        inner.finish()
        return inner.text


def _embedded(data: bytes) -> Document:
    """The document in a file inside of a Word file. Raises ReadError."""
    kind = kind_of_bytes(data)
    if kind == "docx":
        return word_document(data)
    if kind == "rtf":
        return rich_text_document(data)
    if kind == "eml":
        return mail(data).document
    text = decode(data).text
    if kind == "html":
        return page_document(text)
    document = Document()
    document.paragraph(text)
    return document


def _by_id(root: Element | None, kind: str) -> dict[str, Element]:
    """The notes of a part by id, without the lines that part them from the text."""
    return {attribute(note, "id"): note for note in children(root, kind) if attribute(note, "type") in ("", "normal")}


def _lines(note: Element) -> list[str]:
    inlines = InlineReader()
    return [inlines.read(paragraph).text for paragraph in inner_paragraphs(note)]
