"""Files of all kinds with known contents, made from nothing: what a test says must come out, went in here.

Every file says the same (`EVERYTHING`) in the way of its format, so that one list of visible words serves all.
"""

from __future__ import annotations

import email.message
import io
import json
import zipfile
from xml.sax.saxutils import escape

TITLE = "滨河区图书馆服务办法"
PARAGRAPH = "为了方便读者借阅图书，规范图书馆的服务，制定本办法。"
CLAUSE = "读者凭借书证借书，每次最多借八册。"
LEAD = "申请借书证须带下列材料："
ITEMS = ("本人身份证", "一寸照片两张", "押金一百元")
ROWS = (("部门", "负责人", "电话"), ("借阅部", "顾文清", "6688-0101"), ("采编部", "向南星", "6688-0102"))
NOTE = "押金在退证时退还。"
EVERYTHING = (TITLE, PARAGRAPH, CLAUSE, LEAD, *ITEMS, *(cell for row in ROWS[1:] for cell in row))
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def word(body: str, parts: dict[str, str] | None = None, *, space: str = W) -> bytes:
    """A .docx with this body; `parts` (numbering, footnotes, styles, header1 …) stand beside it, with relations."""
    parts = parts or {}
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    names = f'xmlns:w="{space}" xmlns:r="{OFFICE}"'
    found: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
        ' Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
    }
    found |= {f"word/{name}.xml": content.replace(W, space) for name, content in parts.items()}
    return zipped(found)


def p(text: str, settings: str = "") -> str:
    """A paragraph of Word."""
    return f"<w:p>{f'<w:pPr>{settings}</w:pPr>' if settings else ''}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def numbered(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph in a list of Word."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbering(*lists: tuple[tuple[str, str], ...]) -> str:
    """numbering.xml: for each list format and text of its levels; the lists are numbered from 1."""
    found = f'<w:numbering xmlns:w="{W}">'
    for number, levels in enumerate(lists, 1):
        found += f'<w:abstractNum w:abstractNumId="{number}">'
        for index, (form, text) in enumerate(levels):
            found += f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        found += "</w:abstractNum>"
    for number in range(1, len(lists) + 1):
        found += f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    return found + "</w:numbering>"


def table(rows: tuple[tuple[str, ...], ...]) -> str:
    """A table of Word."""
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def whole_word(space: str = W) -> bytes:
    """EVERYTHING and a footnote in a .docx, with numbers that Word writes."""
    outline = '<w:outlineLvl w:val="0"/>'
    items = "".join(numbered(item, 2) for item in ITEMS)
    reference = '<w:p><w:r><w:t>押金由前台收取。</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    body = p(TITLE, outline) + p(PARAGRAPH) + numbered(CLAUSE, 1) + p(LEAD) + items + table(ROWS) + reference
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{p(NOTE)}</w:footnote></w:footnotes>'
    lists = numbering((("chineseCounting", "第%1条"),), (("chineseCounting", "（%1）"),))
    return word(body, {"numbering": lists, "footnotes": notes}, space=space)


def web(encoding: str = "utf-8") -> bytes:
    """EVERYTHING on a web page."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    items = "".join(f"<li>{item}</li>" for item in ITEMS)
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{PARAGRAPH}</p><p>{CLAUSE}</p>"
        f"<p>{LEAD}</p><ol>{items}</ol><table>{rows}</table></body></html>"
    ).encode(encoding)


def slides() -> bytes:
    """EVERYTHING on slides."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = TITLE
    slide.placeholders[1].text = "\n".join((PARAGRAPH, CLAUSE, LEAD, *ITEMS))
    grid = slide.shapes.add_table(len(ROWS), len(ROWS[0]), Inches(1), Inches(5), Inches(6), Inches(2)).table
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            grid.cell(y, x).text = cell
    slide.notes_slide.notes_text_frame.text = NOTE
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def sheet(rows: tuple[tuple[str | float, ...], ...], formats: dict[tuple[int, int], str] | None = None) -> bytes:
    """One sheet of an .xlsx; `formats` by row and column from 1."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for (y, x), form in (formats or {}).items():
        book.active.cell(y, x).number_format = form
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def whole_sheet() -> bytes:
    """EVERYTHING in cells, line by line."""
    lines = [(line,) for line in (TITLE, PARAGRAPH, CLAUSE, LEAD, *ITEMS)]
    return sheet((*lines, *ROWS))


def book() -> bytes:
    """EVERYTHING in an .epub."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{TITLE}</dc:title><dc:creator>顾文清</dc:creator><dc:date>2023-05-01</dc:date></metadata>"
        '<manifest><item id="c" href="%E7%AB%A0.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="o/content.opf"/></rootfiles></container>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "o/content.opf": package}
    return zipped({**parts, "o/章.xhtml": web()})


def letter(kind: str = "html") -> bytes:
    """EVERYTHING in a mail."""
    message = email.message.EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, "顾文清 <gu@example.cn>", "all@example.cn"
    message["Date"] = "Mon, 06 May 2024 09:00:00 +0800"
    message.set_content(plain())
    if kind == "html":
        message.add_alternative(web().decode(), subtype="html")
    return message.as_bytes()


def plain() -> str:
    """EVERYTHING as lines of text."""
    return "\n".join((TITLE, PARAGRAPH, CLAUSE, LEAD, *ITEMS, *("，".join(row) for row in ROWS)))


def rich_text() -> bytes:
    """EVERYTHING in an .rtf."""

    def coded(text: str) -> str:
        return "".join(f"\\u{ord(c) - 65536 if ord(c) > 32767 else ord(c)}?" if c > "\x7f" else c for c in text)

    rows = "".join(
        "\\trowd"
        + "".join(f"\\cellx{1000 * n}" for n in range(1, 4))
        + "".join(f"\\intbl {coded(cell)}\\cell" for cell in row)
        + "\\row"
        for row in ROWS
    )
    lines = "".join(f"{coded(line)}\\par " for line in (PARAGRAPH, CLAUSE, LEAD))
    items = "".join(f"{{\\listtext {n}.\\tab}}\\ls1 {coded(item)}\\par " for n, item in enumerate(ITEMS, 1))
    note = f"\\pard {{\\footnote {coded(NOTE)}}}\\par"
    return f"{{\\rtf1\\ansi\\outlinelevel0 {coded(TITLE)}\\par\\pard {lines}{items}{rows}{note}}}".encode("ascii")


def open_text() -> bytes:
    """EVERYTHING in an .odt."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    style = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"'
        ' style:num-suffix="."/></text:list-style>'
    )
    items = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)
    rows = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{c}</text:p></table:table-cell>' for c in row)}"
        "</table:table-row>"
        for row in ROWS
    )
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{NOTE}</text:p></text:note-body></text:note>"
    body = (
        f'<text:h text:outline-level="1">{TITLE}</text:h><text:p>{PARAGRAPH}</text:p><text:p>{CLAUSE}{note}</text:p>'
        f'<text:p>{LEAD}</text:p><text:list text:style-name="L">{items}</text:list><table:table>{rows}</table:table>'
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{style}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def answers() -> list[dict[str, str]]:
    """Questions with answers."""
    return [
        {"问题": "借书证丢了怎么办？", "答案": "带身份证到一楼前台补办，工本费十元。"},
        {"问题": "图书馆几点开门？", "答案": "每天上午九点开门，周一闭馆。"},
    ]


def everything() -> dict[str, bytes]:
    """By name: a file of each kind that says EVERYTHING; some under a name that lies."""
    return {
        "a.docx": whole_word(), "严格.docx": whole_word(STRICT_W), "b.html": web(), "c.htm": web("gb18030"),
        "d.pptx": slides(), "e.xlsx": whole_sheet(), "f.epub": book(), "g.eml": letter(), "h.rtf": rich_text(),
        "i.odt": open_text(), "j.txt": plain().encode(), "k.txt": plain().encode("gb18030"),
        "网页.docx": web(), "富文本.docx": rich_text(), "网页.xls": web(), "表格.doc": whole_sheet(),
        "压缩.zip": zipped({"内/a.docx": whole_word(), "内/../../b.html": web()}),
        "行.json": json.dumps(plain().split("\n")).encode(),
    }  # fmt: skip
