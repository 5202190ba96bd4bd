"""Files of plain text (.txt .md) and everything that one reader turns into a document or pages.

Knows which parts of this package each kind needs. Knows nothing of folders, nor of what to do about a file that
cannot be read: readers raise.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.reading import records
from corpus.reading.contents import Contents, damage, page_contents
from corpus.reading.decoding import decode


def text_file(data: bytes, name: str) -> Contents:
    """The articles of a page of text."""
    decoded = decode(data)
    return page_contents(decoded.text, name, damage(decoded.damaged))


def markdown_file(data: bytes, name: str) -> Contents:
    """The articles of a page of Markdown; what its head says goes to the one article of the page."""
    decoded = decode(data)
    told, start = records.markdown_head(decoded.text)
    page = page_contents(decoded.text[start:], name, damage(decoded.damaged), markdown=True)
    articles = [replace(article, raw_start=article.raw_start + start) for article in page.articles]
    if len(articles) == 1:
        [article] = articles
        fields = ("title", "published", "author", "source", "tags")
        articles = [replace(article, **{field: getattr(told, field) or getattr(article, field) for field in fields})]
    return replace(page, articles=articles)
