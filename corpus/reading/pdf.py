"""PDF files: pages put together to one document, without what is printed on every page.

Knows running heads and feet, sentences and tables that go on over a page, headings by the size of their letters, and
which pages have no text. Knows nothing of how a page is taken apart.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.errors import ReadError
from corpus.reading.dates import iso_date
from corpus.reading.document import Document
from corpus.reading.grid import Grid
from corpus.reading.heartbeat import beat
from corpus.reading.pdf_lines import Piece, in_reading_order, joined_rows, pieces_of
from corpus.reading.pdf_margins import running
from corpus.reading.pdf_page import Page, Pdf
from corpus.reading.pdf_tables import aligned_tables, ruled_tables
from corpus.reading.table_pages import continues, joined

_LEADER = re.compile(r"[.．…·]{4,}\s*\d*$")
_STARTS = re.compile(
    r"(?:第[〇零一二三四五六七八九十百千\d]+[编章节条款]|[（(][〇一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、．.]"
    r"|\d{1,3}(?:\.\d{1,3})*[、．.)）](?!\d)|\d{1,3}(?:\.\d{1,3})+\s|[①-⑳㈠-㈩]|[•●■◆○□▪☐☑☒➢])"
)
_ENDS = re.compile(r"[。！？；：!?;:][”’」』）)]*$")
_LATIN_END = re.compile(r"[A-Za-z,.;:]$")
_LATIN_START = re.compile(r"^[A-Za-z0-9(]")
_PROGRAM_TITLE = re.compile(
    r"^(?:untitled|microsoft word - .*|.*\.(?:docx?|wps|pdf|pptx?|indd|xlsx?))$|^[\W\d_]*$", re.IGNORECASE
)
_LARGER = 1.12  # size of a heading against that of the text
_LONGEST_HEADING = 60
_FEW = 10  # characters on a page that is a picture
_MOSTLY = 0.3  # share of the page that the picture takes


@dataclass(slots=True)
class _Block:
    """A paragraph in the making, or a table."""

    text: str
    size: float
    lines: list[Piece]
    page: int
    table: Grid | None = None


@dataclass
class PdfContents:
    """The document, the pages (from 1) that have no text to read, how many pages there are, and the lines and cells
    with their pages (from 1)."""

    document: Document
    empty: list[int] = field(default_factory=list)
    pages: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list)


PageReader = Callable[[Pdf, int], Sequence[Piece]]


def pdf_contents(data: bytes, recognise: PageReader | None = None) -> PdfContents:
    """What a PDF holds; `recognise` reads the pages that are pictures.

    Raises ReadError for a PDF that is damaged, locked with a password, or has no text.
    """
    pdf = Pdf(data)
    try:
        flows, heights, empty = _flows(pdf, recognise)
        about = pdf.about()
        count = len(pdf)
    finally:
        pdf.close()
    heads = running(flows, heights)
    for number, flow in enumerate(flows):
        flow[:] = [piece for piece in flow if (number, id(piece)) not in heads]
    lines = [(number + 1, text) for number, flow in enumerate(flows) for piece in flow for text in _texts(piece)]
    document = _document(flows)
    for line in dict.fromkeys(text for text in heads.values() if text):
        document.note(line)
    title = about.get("Title", "").strip()
    if title and not _PROGRAM_TITLE.match(title):
        document.title = title
    author = about.get("Author", "").strip()
    document.author = "" if author.lower() in ("anonymous", "admin", "administrator", "user", "python-docx") else author
    document.dated = _day(about.get("CreationDate", ""))
    if not document.text.strip():
        raise ReadError(
            f"这个 PDF 共 {count} 页，没有文字层，大概是扫描件。请先做文字识别（OCR），再读识别后的文件。",
            f"This PDF ({count} pages) has no text layer: a scanned page, it needs OCR. Recognise its text first.",
        )
    return PdfContents(document, empty, count, lines)


def _texts(piece: Piece) -> Iterator[str]:
    """What is printed on a line, or in the cells of a table."""
    if piece.table is None:
        yield piece.text
    else:
        yield from (place.cell.text for row in range(piece.table.height) for place in piece.table.distinct(row))


def _flows(pdf: Pdf, recognise: PageReader | None) -> tuple[list[list[Piece]], list[float], list[int]]:
    """The pieces of each page, its height, and the numbers (from 1) of pages that say nothing."""
    flows: list[list[Piece]] = []
    heights: list[float] = []
    empty: list[int] = []
    garbled = 0
    for number in range(len(pdf)):
        page = pdf.page(number)
        pieces: list[Piece] = []
        garbled += page.garbled
        if not page.garbled:
            tables, outside = ruled_tables(page)
            pieces = [*tables, *pieces_of(outside)]
        if recognise is not None and _is_picture(page):
            pieces = [*pieces, *recognise(pdf, number)]
        if not pieces and page.drawn:
            empty.append(number + 1)
        for piece in pieces:
            piece.page = number
        flows.append(pieces)
        heights.append(page.height)
        beat()
    if garbled and not any(flows):
        raise ReadError(
            "这个 PDF 的文字层是乱码（字体没有对照表）。请做文字识别（OCR），或者换一个来源的文件。",
            "The text layer of this PDF is garbled (its fonts have no character map). It needs OCR, or another source.",
        )
    return flows, heights, empty


def _is_picture(page: Page) -> bool:
    """Whether the page says more than its text layer does."""
    few = len(page.glyphs) < _FEW
    return page.garbled or (few and page.pictured > _MOSTLY) or (not page.glyphs and page.drawn)


def _document(flows: list[list[Piece]]) -> Document:
    blocks: list[_Block] = []
    for flow in flows:
        lines = aligned_tables(joined_rows(in_reading_order(flow)))
        page = list(_paragraphs([line for line in lines if not _LEADER.search(line.text)]))
        if blocks and page and (joined := _over_page(blocks[-1], page[0])) is not None:
            blocks[-1], page = joined, page[1:]
        blocks += page
    document = Document()
    levels = _levels(blocks)
    for block in blocks:
        if block.table is not None:
            document.table(block.table)
        elif (
            (level := levels.get(round(block.size)))
            and len(block.text) <= _LONGEST_HEADING
            and block.text[-1] not in "。；，"
        ):
            document.heading(block.text, level)
        else:
            document.paragraph(block.text)
    first = next((block for block in blocks if block.table is None and levels.get(round(block.size)) == 1), None)
    document.title = first.text if first is not None and first.page == 0 and len(first.text) <= _LONGEST_HEADING else ""
    return document


def _paragraphs(lines: Sequence[Piece]) -> Iterator[_Block]:
    """The lines of a page as paragraphs."""
    current: _Block | None = None
    pitches = [after.middle - before.middle for before, after in itertools.pairwise(lines)]
    near = [pitch for pitch, line in zip(pitches, lines, strict=False) if 0 < pitch < 3 * line.size]
    pitch = median(near) if near else 0.0
    full = Counter((line.left, line.right) for line in lines if _is_full(line))
    for line in lines:
        if line.table is not None:
            if current:
                yield current
            current = None
            yield _Block("", line.size, [line], line.page, line.table)
        elif current is not None and _goes_on(current, line, pitch, full[line.left, line.right] > 1):
            current.text = _run_on(current.text, line.text)
            current.lines.append(line)
        else:
            if current:
                yield current
            current = _Block(line.text, line.size, [line], line.page)
    if current:
        yield current


def _is_full(line: Piece) -> bool:
    """Whether a line reaches the right border of its column."""
    return line.x1 >= line.right - 1.7 * line.size


def _goes_on(block: _Block, line: Piece, pitch: float, bordered: bool) -> bool:
    """Whether the line is the next one of the paragraph; `bordered` says that several lines reach the right border."""
    last = block.lines[-1]
    if abs(line.size - last.size) > 0.1 * last.size or _STARTS.match(line.text) or line.cells or last.cells:
        return False
    same = (line.left, line.right) == (last.left, last.right)
    if same and not 0 < line.middle - last.middle <= max(1.4 * pitch, 1.2 * line.size):
        return False
    if not _is_full(last) or (not bordered and _ENDS.search(last.text)):
        return False
    if not same:  # the next column
        return not _ENDS.search(last.text) and line.x0 <= line.left + 0.8 * line.size
    if len(block.lines) > 1 or not _STARTS.match(block.text):
        return line.x0 <= last.x0 + 0.8 * line.size
    return line.x0 <= last.x0 + 6 * line.size  # below the text of an item, right of its number


def _run_on(text: str, more: str) -> str:
    if text.endswith("-") and more[:1].islower():
        return text[:-1] + more
    return f"{text} {more}" if _LATIN_END.search(text) and _LATIN_START.match(more) else text + more


def _over_page(last: _Block, first: _Block) -> _Block | None:
    """What ends one page and begins the next as one block, or None."""
    if last.table is not None and first.table is not None:
        return _table_over_page(last, first)
    if last.table is not None or first.table is not None or abs(last.size - first.size) > 0.1 * last.size:
        return None
    line = first.lines[0]
    if (
        _ENDS.search(last.text)
        or _STARTS.match(first.text)
        or (line.x0 > line.left + 1.2 * line.size and len(first.lines) > 1)
    ):
        return None
    full = _is_full(last.lines[-1])
    if not full and not (len(last.text) >= 12 and _ENDS.search(first.text)):
        return None
    return _Block(_run_on(last.text, first.text), last.size, [*last.lines, *first.lines], first.page)


def _table_over_page(last: _Block, first: _Block) -> _Block | None:
    """A table that goes on over the page, or None."""
    assert last.table is not None
    assert first.table is not None
    if not continues(last.table, first.table):
        return None
    return _Block("", last.size, first.lines, first.page, joined(last.table, first.table))


def _levels(blocks: Sequence[_Block]) -> dict[int, int]:
    """The level of the headings of each size of letters that is larger than that of the text."""
    sizes: Counter[int] = Counter()
    for block in blocks:
        sizes[round(block.size)] += len(block.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size > _LARGER * body), reverse=True)
    return {size: level for level, size in enumerate(larger[:6], 1)}


def _day(value: str) -> str:
    """The day of a date as PDF writes it (D:20240301…)."""
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", value)
    return iso_date("-".join(match.groups())) if match else ""


def lines_of_pages(flows: Sequence[list[Piece]]) -> list[str]:
    """The paragraphs of pages that were recognised, in reading order."""
    return [line for line in _document([*flows]).text.split("\n") if line]
