"""PDF files, scans and photos: what is printed on them, by their text layer or by text recognition.

Knows when a page has to be recognised, and what to say of pages that could not be, or only badly. Knows nothing of how
a page is taken apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.errors import MissingPackage, ReadError
from corpus.places import LOW, WHOLE_PAGE
from corpus.reading.contents import Contents, document_contents, page_contents
from corpus.reading.pdf import lines_of_pages, pdf_contents
from corpus.reading.pdf_lines import Piece
from corpus.reading.pdf_page import Pdf
from corpus.reading.recognised_places import RecognisedLine, with_pages, with_places
from corpus.reading.scans import DOTS_PER_INCH, Reading, doubtful, pictures_in, read_picture

_TOLD_APART = 4  # characters of a printed line that hardly stand on another page, too
DOUBTFUL = "识别不清"
"""The tag of an article of which some lines were hard to recognise."""


def pdf_file(data: bytes, name: str) -> Contents:
    """What a PDF holds: the document that its text layer makes, or recognised pages, repaired like printed ones."""
    recognised: dict[int, Reading] = {}
    missing: list[MissingPackage] = []

    def recognise(pdf: Pdf, number: int) -> Sequence[Piece]:
        if missing:
            return ()
        try:
            reading = read_picture(pdf.picture(number, DOTS_PER_INCH), DOTS_PER_INCH)
        except MissingPackage as error:
            missing.append(error)
            return ()
        recognised[number] = reading
        return reading.pieces

    try:
        found = pdf_contents(data, recognise)
    except ReadError:
        if missing:
            raise missing[0] from None
        raise
    problems: list[ReadError] = []
    if found.empty:
        problems.append(_unread(found.empty))
    scores = [score for page in recognised.values() for score in page.scores]
    if doubtful(scores):
        problems.append(_badly_legible(scores))
    if not scores:
        contents = document_contents(found.document, name, tuple(problems))
        printed = [
            RecognisedLine(text, page, WHOLE_PAGE, 1.0) for page, text in found.lines if len(text) >= _TOLD_APART
        ]
        return replace(contents, articles=[with_pages(one, printed) for one in contents.articles])
    if len(recognised) < found.pages / 2:
        contents = document_contents(found.document, name, tuple(problems))
    else:
        contents = page_contents(found.document.text, name, tuple(problems))
    lines = [line for number, reading in recognised.items() for line in _lines(reading, number + 1)]
    contents = _placed(contents, found.document.text, lines)
    return _tagged(contents) if doubtful(scores) else contents


def image_file(data: bytes, name: str) -> Contents:
    """What is printed on the pictures of an image file."""
    flows: list[list[Piece]] = []
    scores: list[float] = []
    lines: list[RecognisedLine] = []
    pictures = pictures_in(data)
    for number, picture in enumerate(pictures):
        reading = read_picture(picture)
        lines += _lines(reading, number + 1 if len(pictures) > 1 else 0)
        for piece in reading.pieces:
            piece.page = number
        flows.append(list(reading.pieces))
        scores += reading.scores
    if not scores:
        raise ReadError("图片里没有认出文字。请确认图片清楚、方向端正。", "No text was recognised in the picture.")
    problems = (_badly_legible(scores),) if doubtful(scores) else ()
    raw = "\n".join(lines_of_pages(flows))
    contents = _placed(page_contents(raw, name, problems), raw, lines)
    return _tagged(contents) if problems else contents


def _lines(reading: Reading, page: int) -> list[RecognisedLine]:
    """The recognised lines of a page, with their places on it."""
    told = zip(reading.pieces, reading.boxes, reading.scores, strict=True)
    return [RecognisedLine(piece.text, page, box, score) for piece, box, score in told]


def _placed(contents: Contents, raw: str, lines: Sequence[RecognisedLine]) -> Contents:
    return replace(contents, articles=[with_places(article, raw, lines) for article in contents.articles])


def _tagged(contents: Contents) -> Contents:
    return replace(contents, articles=[replace(a, tags=(*a.tags, DOUBTFUL)) for a in contents.articles])


def _unread(pages: Sequence[int]) -> ReadError:
    numbers = ", ".join(map(str, pages))
    return ReadError(
        f"第 {numbers.replace(', ', '、')} 页没有文字层（扫描页），要先做文字识别（OCR）；其余各页已读入。",
        f"Page {numbers} has no text layer (a scanned page, it needs OCR); the other pages were read.",
    )


def _badly_legible(scores: Sequence[float]) -> ReadError:
    count, mean = doubtful(scores), sum(scores) / len(scores)
    return ReadError(
        f"文字是从图片上识别的，{len(scores)} 行里有 {count} 行不清楚"
        f"（把握低于 {LOW:.0%}，平均 {mean:.0%}），请对照原件。",
        f"The text was recognised; {count} of {len(scores)} lines are hard to read (less than {LOW:.0%} sure, "
        f"{mean:.0%} on average). Compare with the original.",
    )
