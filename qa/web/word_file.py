"""Answers as a Word document whose quotes are real footnotes, numbered through the whole document.

Knows python-docx, which writes no footnotes itself: their part and their styles are made here, after ECMA-376 Part 1,
17.11. Knows nothing of the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from qa.answer import Answer, Citation, Claim
from qa.web.html import whole_brackets
from qa.web.references import reference
from qa.web.texts import Words

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_MARK = re.compile(r"\[(\d+)\]")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_word(answers: Sequence[Answer], words: Words) -> bytes:
    """A .docx: each question a heading, its answer below, where each quote stands in a footnote."""
    from docx import Document

    document = Document()
    _add_styles(document)
    notes: list[str] = []
    for answer in answers:
        document.add_heading(_plain(answer.question.text), level=2)
        numbers: dict[int, int] = {}
        for start, end in _paragraphs(answer.text):
            paragraph = document.add_paragraph()
            _add_stretch(paragraph, answer, start, end, notes, numbers)
            for claim in answer.claims:
                if not claim.supported and start < claim.end <= end:
                    paragraph.add_run(f"（{_doubt(claim, words)}）").italic = True
    if notes:
        _add_notes(document, notes)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _doubt(claim: Claim, words: Words) -> str:
    return _plain(words.unsupported_because.format(problem=claim.problem) if claim.problem else words.unsupported)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    return [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]


def _add_stretch(
    paragraph: Any, answer: Answer, start: int, end: int, notes: list[str], numbers: dict[int, int]
) -> None:
    """The runs of `answer.text[start:end]`: the shortest answer bold, marks as footnotes."""
    citations = {citation.number: citation for citation in answer.citations}
    place = start
    for mark in _MARK.finditer(answer.text, start, end):
        if int(mark[1]) not in citations:
            continue
        _add_text(paragraph, answer, place, mark.start())
        _add_mark(paragraph, citations[int(mark[1])], notes, numbers)
        place = mark.end()
    _add_text(paragraph, answer, place, end)


def _add_text(paragraph: Any, answer: Answer, start: int, end: int) -> None:
    spans = [
        whole_brackets(answer.text, span, (start, end))
        for span in answer.highlights
        if span[0] < end and span[1] > start
    ]
    place = start
    for first, last in sorted((max(first, start), min(last, end)) for first, last in spans):
        if place <= first < last:
            paragraph.add_run(_plain(answer.text[place:first]))
            paragraph.add_run(_plain(answer.text[first:last])).bold = True
            place = last
    paragraph.add_run(_plain(answer.text[place:end]))


def _add_mark(paragraph: Any, citation: Citation, notes: list[str], numbers: dict[int, int]) -> None:
    """A footnote, or, where the same quote has one in this answer already, its number once more."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    if citation.number in numbers:
        run.text = str(numbers[citation.number])
        run.font.superscript = True
        return
    notes.append(_plain(f"{reference(citation)}“{' '.join(citation.quote.split())}”"))
    numbers[citation.number] = len(notes)
    run.style = "Footnote Reference"
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), str(len(notes)))
    run._r.append(mark)


def _add_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styles = document.styles
    styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
    text = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
    text.base_style, text.font.size = styles["Normal"], Pt(9)


def _add_notes(document: Any, notes: Sequence[str]) -> None:
    """The part with the footnotes; its first two are the lines that part them from the text."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for number, kind, tag in (
            (-1, "separator", "separator"),
            (0, "continuationSeparator", "continuationSeparator"),
        )
    )
    written = "".join(_note(number, text) for number, text in enumerate(notes, 1))
    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml += f'<w:footnotes xmlns:w="{_W}">{lines}{written}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, _RELATION)


def _note(number: int, text: str) -> str:
    from xml.sax.saxutils import escape

    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
    )


def _plain(text: str) -> str:
    """`text` less what XML cannot hold."""
    return _NO_XML.sub("", text)
