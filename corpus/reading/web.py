"""Web pages: what a person reads on them, as headings, paragraphs, lists and tables.

Knows which elements a person does not see, which stand inside a line, and how the frame of a site (menus, what else
to read) is told from what the page is about. Knows nothing of files or encodings. lxml parses: the standard library's
parser takes minutes over broken markup made on purpose.
"""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import Any

from corpus.errors import MissingPackage, ReadError
from corpus.reading.dates import iso_date
from corpus.reading.document import Document
from corpus.reading.packages import Element
from corpus.reading.web_parts import Part, parts_of

_UNSEEN = "//*[not(self::html or self::body)][@hidden or contains(translate(@style, ' ', ''), 'display:none')]"
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_MOST_ATTRIBUTES = 1_000
_SHORTEST_PAGE = 60  # below this many characters trafilatura runs all paragraphs of a page into one
_LEAST_ARTICLE = 100
_FRAMED = 0.7  # of a page in a frame less than this share is the article
_LINKED = 0.7  # share of a block that is links, from which on it is a menu
_LABELLED = re.compile(r"(?<![\u4e00-\u9fff])(来源|作者|日期|发布日期|发布时间|时间)\s*[：:]\s*([^\s|｜]{2,30})")
_LABELS_WITHIN = 300


def web_document(markup: str) -> Document:
    """The article on a web page, without navigation and footer. Raises ReadError if there is no text."""
    page = _parsed(markup)
    parts = parts_of(page)
    told = _told(markup)
    document = Document()
    for part in _without_frame(parts, str(getattr(told, "text", None) or "")):
        part.put(document)
    text = document.text
    if not text.strip():
        raise ReadError(
            "网页里没有文字，可能要联网运行脚本才会显示。请在浏览器里打开后另存为文本或 PDF。",
            "There is no text on this page; perhaps scripts put it there. Save it from a browser as text or PDF.",
        )
    own_title = " ".join(str(page.xpath("string(//title)")).split()) if page is not None else ""
    own_author = str(page.xpath("string(//meta[@name='author']/@content)")) if page is not None else ""
    labels = labels_of(text)
    document.title = str(getattr(told, "title", None) or own_title or "").strip()
    document.published = iso_date(getattr(told, "date", None) or labels.get("date", ""))
    # trafilatura drops Chinese names
    document.author = str(getattr(told, "author", None) or own_author or labels.get("author", "")).strip()
    document.source = labels.get("source", "")
    return document


def page_document(markup: str) -> Document:
    """All that is on a page that has no frame, such as a chapter of a book or a mail."""
    document = Document()
    page = _parsed(markup)
    for part in parts_of(page):
        part.put(document)
    return document


def labels_of(text: str) -> dict[str, str]:
    """Source, author and date where the first lines name them ("来源：…　日期：…")."""
    names = {"来源": "source", "作者": "author"}
    found: dict[str, str] = {}
    for label, value in _LABELLED.findall(text[:_LABELS_WITHIN]):
        found.setdefault(names.get(label, "date"), value)
    return found


def _parsed(markup: str) -> Element | None:
    """The page; None where nothing in it can be parsed. Raises ReadError for a tag that nobody wrote."""
    from lxml import etree, html

    if any(tag.group().count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(markup)):
        raise ReadError(
            "网页里有一个标记带了成千上万个属性，正常的网页没有这种写法，没有读。",
            "A tag on this page has thousands of attributes, as no page has; it was not read.",
        )
    # As bytes, since lxml refuses a str that declares an encoding of its own.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _told(markup: str) -> Any:
    """What trafilatura takes for the article of the page, with its title and date."""
    try:
        import trafilatura
    except ImportError as error:
        raise MissingPackage(
            "读网页需要的软件包没有装好。请运行：pip install trafilatura lxml-html-clean",
            "The package that reads HTML is not installed. Run: pip install trafilatura lxml-html-clean",
        ) from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page that has no article
    configuration = deepcopy(trafilatura.settings.DEFAULT_CONFIG)
    configuration["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST_PAGE)
    # A guess from "© 2026" in a footer would be worse than no date.
    return trafilatura.bare_extraction(
        markup,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
        prune_xpath=_UNSEEN,
        config=configuration,
    )


def _without_frame(parts: list[Part], article: str) -> list[Part]:
    """The parts from the first to the last that belong to `article`, less menus; all where there is no frame."""
    wanted = "".join(article.split())
    bare = ["".join(part.text.split()) for part in parts]
    if len(wanted) < _LEAST_ARTICLE or len(wanted) > _FRAMED * sum(map(len, bare)):
        return parts
    inside = [number for number, text in enumerate(bare) if len(text) > 10 and text in wanted]
    if not inside:
        return parts
    first, last = inside[0], inside[-1]
    # The headline stands above what was recognised.
    headings = [n for n in range(max(0, first - 3), first) if getattr(parts[n].put, "args", ("",))[0] == "heading"]
    first = headings[0] if headings else first
    return [part for part in parts[first : last + 1] if part.links <= _LINKED * len(part.text)]
