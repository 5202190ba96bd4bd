"""Text out of HTML, PDF and DOCX.

The only module that knows trafilatura, pypdfium2 and python-docx, each imported by the function that needs it. Knows
nothing of files, articles or repair.
"""

from __future__ import annotations

import io
import logging
import re
import threading
import unicodedata
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from corpus.errors import MissingPackage, ReadError
from corpus.reading.dates import iso_date
from corpus.reading.plain_html import PlainText

LARGEST = 200 * 1024 * 1024
"""Bytes that a file may hold, also after it was unpacked."""

# pdfium may be used by one thread at a time only.
_pdfium = threading.Lock()

# PDF fonts name some characters as radicals; these of U+2E80-2EFF have no NFKC form of their own.
_RADICALS = str.maketrans(
    "⺃⺅⺉⺋⺒⺓⺕⺗⺘⺙⺝⺞⺠⺡⺣⺤⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺴⺶⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "乚亻刂㔾巳幺彐心扌攵月歺民氵灬爫丬犭王疋目示礻竹糹纟罓罒罓羊羊耂肀月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
_KANGXI = re.compile("[\u2f00-\u2fd5\u2e9f\u2ef3]")
_HYPHENS = re.compile("[\u0002\ufffe\u00ad]")
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")

_LABELLED = re.compile(r"(来源|作者|日期|发布日期|发布时间|时间)\s*[：:]\s*([^\s|｜]{2,30})")
_LABELS_WITHIN = 300
# Below this many characters trafilatura runs all paragraphs of a page into one; it means English ones, and 250.
_SHORTEST_PAGE = 60
_UNSEEN = "//*[not(self::html or self::body)][@hidden or contains(translate(@style, ' ', ''), 'display:none')]"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document with what the format says of it; "" where it says nothing."""

    text: str
    title: str = ""
    published: str = ""
    author: str = ""
    source: str = ""


def html_document(markup: str) -> Document:
    """The article on a web page, without navigation and footer. Raises ReadError if there is no text."""
    try:
        import trafilatura
    except ImportError as error:
        raise _missing("trafilatura lxml-html-clean", "HTML") from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page that has no article
    configuration = deepcopy(trafilatura.settings.DEFAULT_CONFIG)
    configuration["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST_PAGE)
    # A guess from "© 2026" in a footer would be worse than no date.
    found = trafilatura.bare_extraction(
        markup,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
        prune_xpath=_UNSEEN,
        config=configuration,
    )
    plain = PlainText.of(markup)
    text = str(getattr(found, "text", None) or "")
    if not text.strip():
        text = plain.text
    if not text.strip():
        raise ReadError(
            "网页里没有文字，可能要联网运行脚本才会显示。请在浏览器里打开后另存为文本或 PDF。",
            "There is no text on this page; perhaps scripts put it there. Save it from a browser as text or PDF.",
        )
    labels = _labels(text)
    return Document(
        text=text,
        title=str(getattr(found, "title", None) or plain.title or "").strip(),
        published=iso_date(getattr(found, "date", None) or labels.get("date", "")),
        author=str(getattr(found, "author", None) or plain.author or labels.get("author", "")).strip(),
        source=labels.get("source", ""),
    )


def pdf_text(data: bytes) -> tuple[str, tuple[int, ...]]:
    """The text of a PDF, a blank line between pages, and the numbers (from 1) of the pages that have none.

    Raises ReadError for a PDF that is damaged, locked with a password, or has no usable text layer.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise _missing("pypdfium2", "PDF") from error
    try:
        with _pdfium:
            pages = _page_texts(pypdfium2, data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(
                "这个 PDF 设了密码。请用密码打开，另存为没有密码的 PDF 后再试。",
                "This PDF is locked with a password. Open it, save it without one, and try again.",
            ) from error
        raise ReadError(
            f"PDF 损坏，打不开（{error}）。请重新下载或重新导出。",
            f"The PDF is damaged and cannot be opened ({error}). Download or export it again.",
        ) from error
    text = "\n\n".join(page.strip("\n") for page in pages if page.strip())
    if not text:
        raise ReadError(
            f"这个 PDF 共 {len(pages)} 页，没有文字层，大概是扫描件。请先做文字识别（OCR），再读识别后的文件。",
            f"This PDF ({len(pages)} pages) has no text layer: a scanned page, it needs OCR. Recognise its text first.",
        )
    if len(_UNREADABLE.findall(text)) > 0.3 * len(text):
        raise ReadError(
            "这个 PDF 的文字层是乱码（字体没有对照表）。请做文字识别（OCR），或者换一个来源的文件。",
            "The text layer of this PDF is garbled (its fonts have no character map). It needs OCR, or another source.",
        )
    return text, tuple(number for number, page in enumerate(pages, 1) if not page.strip())


def docx_document(data: bytes) -> Document:
    """Headings, paragraphs and tables of a Word file in order. Raises ReadError if it is damaged, locked or empty."""
    try:
        import docx
    except ImportError as error:
        raise _missing("python-docx", "DOCX") from error
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(
            "这是旧式的 .doc，或者设了密码的 Word 文件。请用 Word 打开，去掉密码，另存为 .docx。",
            "This is an old .doc or a Word file with a password. Open it in Word and save it as .docx without one.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST:
            raise too_large(unpacked)
        document = docx.Document(io.BytesIO(data))
        blocks = list(_docx_blocks(document))
    except ReadError:
        raise
    except Exception as error:  # whatever zipfile, lxml and python-docx raise on a damaged file
        raise ReadError(
            f"Word 文件损坏，打不开（{type(error).__name__}）。请用 Word 修复后另存为 .docx。",
            f"The Word file is damaged and cannot be opened ({error}). Repair it in Word and save it as .docx.",
        ) from error
    text = "\n".join(block for _, block in blocks)
    if not text.strip():
        raise ReadError(
            "Word 文件里没有文字（也许只有图片）。请把文字打出来，或者先做文字识别（OCR）。",
            "There is no text in this Word file (perhaps pictures only). Type it in, or recognise it (OCR) first.",
        )
    properties = document.core_properties
    labels = _labels(text)
    heading = next((block for level, block in blocks if level), "")
    author = properties.author if properties.author != "python-docx" else ""
    return Document(
        text=text,
        title=(properties.title or heading).strip(),
        published=iso_date(labels.get("date", "")),  # the file's own dates say when it was copied, not published
        author=labels.get("author", "") or (author or "").strip(),
        source=labels.get("source", ""),
    )


def too_large(size: int) -> ReadError:
    """The error for a file of `size` bytes, which is more than LARGEST."""
    megabytes, limit = -(-size // 1024**2), LARGEST // 1024**2  # rounded up: "200 MB, at most 200" would be a riddle
    return ReadError(
        f"文件太大：{megabytes:,} MB，最多 {limit} MB。请分成几个文件。",
        f"The file is too large: {megabytes:,} MB, at most {limit} MB. Split it into several.",
    )


def han_for_radicals(text: str) -> str:
    """`text` with Kangxi and other CJK radicals, which some PDF fonts report, as the Han characters they stand for."""
    text = _KANGXI.sub(lambda radical: unicodedata.normalize("NFKC", radical.group()), text)
    return text.translate(_RADICALS)


def _page_texts(pypdfium2: Any, data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for page in document:
            layer = page.get_textpage()
            text = layer.get_text_range().replace("\r\n", "\n").replace("\r", "\n")
            texts.append(han_for_radicals(_HYPHENS.sub("", text)))
            layer.close()
            page.close()
        return texts
    finally:
        document.close()


def _unwrap(body: Any) -> None:
    """Take away what python-docx does not look into: content controls, smart tags (dates!), tracked insertions."""
    for content in body.xpath(".//w:sdt/w:sdtContent | .//w:smartTag | .//w:ins"):
        wrapper = content.getparent() if content.tag.endswith("}sdtContent") else content
        for child in list(content):
            wrapper.addprevious(child)
        wrapper.getparent().remove(wrapper)


def _docx_blocks(document: Any) -> Iterator[tuple[bool, str]]:
    """The lines of a Word document, and whether each is a title or heading."""
    _unwrap(document.element.body)
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from ((False, line) for line in _table_lines(block))
        elif block.text.strip():
            style = (block.style.name or "") if block.style is not None else ""
            yield style.startswith(("Heading", "Title", "标题")), block.text.strip()


def _table_lines(table: Any) -> Iterator[str]:
    """The rows of a table as lines: "a：b" of two columns, "heading：cell；heading：cell" of more."""
    rows: list[list[str]] = []
    for row in table.rows:
        distinct = {id(cell._tc): cell for cell in row.cells}  # a merged cell comes several times
        rows.append([_cell_text(cell) for cell in distinct.values()])
    headings = rows[0] if len(rows) > 1 and len(rows[0]) > 2 and all(rows[0]) else []
    for cells in rows[1:] if headings else rows:
        if len(cells) == len(headings):
            pairs = [f"{heading}：{cell}" for heading, cell in zip(headings, cells, strict=True) if cell]
        else:
            pairs = ["：".join(cell for cell in cells if cell)]
        if any(pairs):
            yield "；".join(pairs)


def _cell_text(cell: Any) -> str:
    """The paragraphs of a cell and the tables inside it, on one line."""
    parts = (
        "；".join(_table_lines(part)) if hasattr(part, "rows") else part.text for part in cell.iter_inner_content()
    )
    return " ".join(" ".join(parts).split())


def _labels(text: str) -> dict[str, str]:
    """Source, author and date where the first lines name them ("来源：…　日期：…")."""
    names = {"来源": "source", "作者": "author"}
    found: dict[str, str] = {}
    for label, value in _LABELLED.findall(text[:_LABELS_WITHIN]):
        found.setdefault(names.get(label, "date"), value)
    return found


def _missing(packages: str, kind: str) -> MissingPackage:
    return MissingPackage(
        f"读 {kind} 文件需要的软件包没有装好。请运行：pip install {packages}",
        f"The package that reads {kind} is not installed. Run: pip install {packages}",
    )
