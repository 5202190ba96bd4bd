"""Rich text (.rtf): paragraphs, headings, lists, tables and notes.

Knows the control words that text hangs on and the code pages of its fonts, in one pass over the bytes. Knows nothing
of how a document is put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from corpus.errors import ReadError
from corpus.reading.document import Document, tidy
from corpus.reading.rich_text_words import CODE_PAGES, PLACES, SEEN_THOUGH_STARRED, SIGNS, TOKEN, UNSEEN, grid_of

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])|(title|标题)$", re.IGNORECASE)
_CLAUSE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条")
_DEEPEST = 5_000


def rich_text_document(data: bytes) -> Document:
    """The document in an .rtf file. Raises ReadError if there is no text in it."""
    document = Document()
    _Reader(document).read(data)
    if not document.text.strip():
        raise ReadError(
            "RTF 文件里没有文字（也许只有图片）。请把文字打出来，或者先做文字识别（OCR）。",
            "There is no text in this RTF file (perhaps pictures only). Type it in, or recognise it (OCR) first.",
        )
    return document


@dataclass(slots=True)
class _Group:
    """What holds inside one pair of braces."""

    place: str = ""  # where text goes: "" is the body; "unseen", "note", "number", "head", "fonts", "styles", "info"
    font: int = -1
    fallback: int = 1  # characters after \u that old programs read in its place
    hidden: bool = False
    starred: bool = False


@dataclass
class _Paragraph:
    level: int = 0
    listed: bool = False
    depth: int = 0
    in_table: bool = False


@dataclass
class _Reader:
    document: Document
    code_page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, int] = field(default_factory=dict)
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    pending: bytearray = field(default_factory=bytearray)
    skip: int = 0
    paragraph: _Paragraph = field(default_factory=_Paragraph)
    notes: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    edges: list[tuple[int, bool]] = field(default_factory=list)
    merged: bool = False
    rows: list[tuple[list[str], list[tuple[int, bool]]]] = field(default_factory=list)
    style: int = 0

    def read(self, data: bytes) -> None:
        for match in TOKEN.finditer(data):
            word, value, code, sign, brace, text = match.groups()
            if word is not None:
                self._word(word.decode("ascii"), int(value) if value else None)
            elif code is not None:
                self._bytes(bytes([int(code, 16)]))
            elif sign is not None:
                self._sign(sign)
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
            elif text is not None:
                self._bytes(text)
        self._end_paragraph()
        self._end_table()

    def _open(self) -> None:
        self._decode()
        if len(self.outer) > _DEEPEST:
            raise ReadError(
                "RTF 的括号嵌套太深，没有读。", "The groups of this RTF are nested too deeply; it was not read."
            )
        self.outer.append(self.group)
        self.group = replace(self.group, starred=False)

    def _close(self) -> None:
        self._decode()
        closed = self.group
        self.group = self.outer.pop() if self.outer else _Group()
        if closed.place == self.group.place:
            return
        if closed.place == "note":
            self.notes.append(self._taken("note"))
        elif closed.place == "head":
            self.document.note(self._taken("head"))

    def _put(self, text: str) -> None:
        if not self.group.hidden and self.group.place != "unseen":
            self.texts.setdefault(self.group.place, []).append(text)

    def _taken(self, place: str) -> str:
        return "".join(self.texts.pop(place, []))

    def _bytes(self, data: bytes) -> None:
        if self.skip:
            self.skip, data = max(0, self.skip - len(data)), data[self.skip :]
        if self.group.place in ("fonts", "styles"):
            self._described(data)
        else:
            self.pending += data

    def _described(self, data: bytes) -> None:
        """The name of a style tells how deep a heading its paragraphs are."""
        if self.group.place == "styles" and (found := _HEADING.match(data.decode("latin-1").strip(" ;"))):
            self.styles.setdefault(self.style, int(found.group(1) or 1))

    def _decode(self) -> None:
        if self.pending:
            encoding = self.fonts.get(self.group.font) or self.code_page
            data, self.pending = bytes(self.pending), bytearray()
            try:
                self._put(data.decode(encoding, "replace"))
            except LookupError:
                self._put(data.decode("gb18030", "replace"))

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.group.starred = True
        elif sign in (b"\\", b"{", b"}"):
            self._bytes(sign)
        elif sign in (b"~", b"_"):
            self._bytes(b" " if sign == b"~" else b"-")
        elif sign in (b"\n", b"\r"):
            self._word("par", None)

    def _word(self, word: str, value: int | None) -> None:
        if word == "u" and value is not None:
            self._decode()
            self._put(chr(value & 0xFFFF))
            self.skip = self.group.fallback
            return
        self.skip = 0
        self._decode()
        if word in UNSEEN or (self.group.starred and word not in SEEN_THOUGH_STARRED and word not in PLACES):
            self.group.place = "unseen"
        elif word in PLACES:
            if self.group.place != "unseen":
                self.group.place = PLACES[word]
        elif word in SIGNS:
            self._put(SIGNS[word])
        elif (handler := _WORDS.get(word)) is not None:
            handler(self, 1 if value is None else value)
        self.group.starred = False

    def _font(self, value: int) -> None:
        self.group.font = value

    def _charset(self, value: int) -> None:
        if self.group.place == "fonts":
            self.fonts[self.group.font] = CODE_PAGES.get(value, "")

    def _page(self, value: int) -> None:
        self.code_page = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}.get(value, f"cp{value}")

    def _fallback(self, value: int) -> None:
        self.group.fallback = min(max(value, 0), 10)

    def _hide(self, value: int) -> None:
        self.group.hidden = value != 0

    def _plain(self, value: int) -> None:
        self.group.hidden = False

    def _default(self, value: int) -> None:
        self.paragraph = _Paragraph()

    def _style(self, value: int) -> None:
        self.style = value
        if not self.group.place:
            self.paragraph.level = self.styles.get(value, 0)

    def _outline(self, value: int) -> None:
        if self.group.place == "styles":
            self.styles[self.style] = value + 1 if value < 9 else 0
        elif value < 9:
            self.paragraph.level = value + 1

    def _in_list(self, value: int) -> None:
        self.paragraph.listed = value > 0

    def _depth(self, value: int) -> None:
        self.paragraph.depth = min(max(value, 0), 8)

    def _in_table(self, value: int) -> None:
        self.paragraph.in_table = value != 0

    def _new_row(self, value: int) -> None:
        self.edges, self.merged = [], False

    def _merge(self, value: int) -> None:
        self.merged = True

    def _edge(self, value: int) -> None:
        self.edges.append((value, self.merged))
        self.merged = False

    def _end_cell(self, value: int) -> None:
        if not self.group.place:
            self._end_line()
            self.cells.append("\n".join(self.cell))
            self.cell = []

    def _end_row(self, value: int) -> None:
        if self.cells:
            edges = self.edges if len(self.edges) >= len(self.cells) else [(n, False) for n in range(len(self.cells))]
            self.rows.append((self.cells, edges))
        self.cells = []

    def _end_line(self) -> None:
        """What was collected is a paragraph of a cell."""
        text = self._numbered()[1]
        if tidy(text.replace("\n", " ")):
            self.cell.append(text)

    def _end_paragraph(self, value: int = 1) -> None:
        if self.group.place:
            self._put("\n")
            return
        if self.paragraph.in_table:
            self._end_line()
            return
        self._end_table()
        number, text = self._numbered()
        if not tidy(text.replace("\n", " ")):
            pass
        elif self.paragraph.level:
            self.document.heading(text, self.paragraph.level, number)
        elif _CLAUSE.fullmatch(number):
            self.document.clause(text, number)
        elif number or self.paragraph.listed:
            self.document.item(text, self.paragraph.depth + 1, number)
        else:
            self.document.paragraph(text)
        for note in self.notes:
            self.document.note(note)
        self.notes = []

    def _numbered(self) -> tuple[str, str]:
        """Number and text of the paragraph that ends; the number of a bullet is ""."""
        number = tidy(self._taken("number"))
        text = self._taken("").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if not re.search(r"\w|[①-⑳]", number):
            return "", text
        return number, f"{number}{'' if number[-1] in '）)、．：' else ' '}{text}"

    def _end_table(self) -> None:
        if self.rows:
            rows, self.rows = self.rows, []
            self.document.table(grid_of(rows))


_WORDS: dict[str, Callable[[_Reader, int], None]] = {
    "f": _Reader._font, "fcharset": _Reader._charset, "ansicpg": _Reader._page, "uc": _Reader._fallback,
    "v": _Reader._hide, "deleted": _Reader._hide, "plain": _Reader._plain, "pard": _Reader._default,
    "s": _Reader._style, "outlinelevel": _Reader._outline, "ls": _Reader._in_list, "ilvl": _Reader._depth,
    "intbl": _Reader._in_table, "trowd": _Reader._new_row, "clvmrg": _Reader._merge, "cellx": _Reader._edge,
    "cell": _Reader._end_cell, "row": _Reader._end_row, "par": _Reader._end_paragraph, "sect": _Reader._end_paragraph,
}  # fmt: skip
