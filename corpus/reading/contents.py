"""What a file gave: articles made of texts, pages and documents of whatever format.

Knows how a document gets its title and its day. Knows nothing of files or formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.article import Article, Block
from corpus.errors import ReadError, WenjuError
from corpus.reading.dates import iso_date
from corpus.reading.dating import published_day, told_year, validity
from corpus.reading.document import Document
from corpus.reading.pages import articles_of_page
from corpus.reading.web import labels_of
from corpus.repair.cleaning import Repairs, clean
from corpus.text.blocks import blocks_of

_LONGEST_TITLE = 60
_SHOWN_LINES = 400  # in which a document says its day
_NO_TITLE_END = "。；，：、！？;,:!?"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `problems` are those that left something to read: a broken line, a page without text."""

    articles: Sequence[Article]
    repairs: Repairs = Repairs()  # noqa: RUF009  (a frozen value)
    problems: tuple[WenjuError, ...] = ()


def page_contents(raw: str, name: str, problems: tuple[WenjuError, ...] = (), *, markdown: bool = False) -> Contents:
    """The articles of a page of plain text, repaired."""
    articles, repairs = articles_of_page(raw, source=name, stem=stem_of(name), markdown=markdown)
    ids = [name] if len(articles) == 1 else [f"{name}#{number}" for number in range(1, len(articles) + 1)]
    return Contents([replace(a, id=id_) for a, id_ in zip(articles, ids, strict=True)], repairs, problems)


def document_contents(document: Document, name: str, problems: tuple[WenjuError, ...] = ()) -> Contents:
    """The article that a document is. Its text was put together part by part, so there is nothing to repair."""
    document.finish()
    text = document.text
    labels = labels_of(text)
    lines = text.split("\n")
    lines = lines if len(lines) <= _SHOWN_LINES else [*lines[: _SHOWN_LINES // 2], *lines[-_SHOWN_LINES // 2 :]]
    stem, title = stem_of(name), document.title or _title(document) or stem_of(name)
    published = document.published or iso_date(labels.get("date", "")) or published_day(lines, stem)
    published = published or told_year(text, signed=bool(document.author)) or document.dated
    article = Article(
        id=name,
        title=title,
        text=text,
        source=document.source or labels.get("source", "") or name,
        published=published,
        author=document.author or labels.get("author", ""),
        tags=document.tags,
        validity=validity(text, title, stem, published),
        raw=document.raw,
        runs=document.runs,
        blocks=_blocks(document, title),
        tables=document.tables,
    )
    return Contents([article], Repairs(), (*document.problems, *problems))


def text_article(
    raw: str, *, id: str, title: str, source: str, published: str, author: str, tags: tuple[str, ...] = ()
) -> tuple[Article, Repairs]:
    """The article with its text repaired; it keeps the raw text only where that differs."""
    cleaned = clean(raw)
    changed = cleaned.text != raw
    article = Article(
        id=id,
        title=title,
        text=cleaned.text,
        source=source,
        published=published,
        author=author,
        tags=tags,
        raw=raw if changed else None,
        runs=cleaned.runs if changed else (),
        blocks=blocks_of(cleaned.text, cleaned.prefixes, title),
    )
    return article, cleaned.repairs


def stem_of(name: str) -> str:
    """The name of the file without folders and suffixes."""
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def damage(count: int) -> tuple[ReadError, ...]:
    """What to say of `count` bytes that could not be decoded."""
    if not count:
        return ()
    problem = ReadError(
        f"文件里有 {count} 处损坏的字节，读成了 �，其余文字照常读入。最好换一份完好的文件。",
        f"{count} damaged bytes were read as U+FFFD; the rest of the text is whole. A sound copy would be better.",
    )
    return (problem,)


def _blocks(document: Document, title: str) -> tuple[Block, ...]:
    """The blocks that the format told, and what its plain paragraphs are by their words: clauses, items, headings."""
    own = document.blocks
    given = {block.start: block for block in own if block.kind != "paragraph"}
    if len(given) == len(own):
        return own
    found = blocks_of(document.text, None, title, given)
    places = {block.start: index for index, block in enumerate(found)}
    moved = []
    for index, block in enumerate(found):
        told = given.get(block.start)
        if told is not None and told.above >= 0:
            above = places.get(own[told.above].start, -1)
            block = replace(block, above=above if above < index else -1)
        moved.append(block)
    return tuple(moved)


def _title(document: Document) -> str:
    """The first heading of the highest rank near the top, else the first line if it is short and no sentence."""
    text, blocks = document.text, [block for block in document.blocks if block.kind != "note"]
    top = [block for block in blocks[:20] if block.kind == "heading"]
    if top:
        best = min(top, key=lambda block: block.level)
        return text[best.start : best.end]
    for block in blocks[:1]:
        line = text[block.start : block.end]
        if block.kind in ("paragraph", "caption") and len(line) <= _LONGEST_TITLE and line[-1] not in _NO_TITLE_END:
            return line if len(blocks) > 1 else ""
    return ""
