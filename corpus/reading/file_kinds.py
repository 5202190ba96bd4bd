"""From the bytes of one file to its articles: one reader for each kind of file, in one table.

Knows which parts of this package each kind needs. Knows nothing of folders, nor of what to do about a file that
cannot be read: readers raise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.article import Article
from corpus.errors import ReadError
from corpus.reading import formats, records
from corpus.reading.decoding import decode
from corpus.reading.pages import articles_of_page
from corpus.repair.cleaning import Repairs, clean
from corpus.text.blocks import blocks_of


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `problems` are those that left something to read: a broken line, a page without text."""

    articles: Sequence[Article]
    repairs: Repairs
    problems: tuple[ReadError, ...] = ()


def _text_page(data: bytes, name: str) -> Contents:
    decoded = decode(data)
    return _page(decoded.text, name, _damage(decoded.damaged))


def _markdown(data: bytes, name: str) -> Contents:
    decoded = decode(data)
    told, start = records.markdown_head(decoded.text)
    page = _page(decoded.text[start:], name, _damage(decoded.damaged), markdown=True)
    articles = [replace(article, raw_start=article.raw_start + start) for article in page.articles]
    if len(articles) == 1:
        [article] = articles
        fields = ("title", "published", "author", "source", "tags")
        articles = [replace(article, **{field: getattr(told, field) or getattr(article, field) for field in fields})]
    return replace(page, articles=articles)


def _pdf(data: bytes, name: str) -> Contents:
    text, empty = formats.pdf_text(data)
    if not empty:
        return _page(text, name, ())
    pages = ", ".join(map(str, empty))
    problem = ReadError(
        f"第 {pages.replace(', ', '、')} 页没有文字层（扫描页），要先做文字识别（OCR）；其余各页已读入。",
        f"Page {pages} has no text layer (a scanned page, it needs OCR); the other pages were read.",
    )
    return _page(text, name, (problem,))


def _page(raw: str, name: str, problems: tuple[ReadError, ...], *, markdown: bool = False) -> Contents:
    articles, repairs = articles_of_page(raw, source=name, stem=_stem(name), markdown=markdown)
    ids = [name] if len(articles) == 1 else [f"{name}#{number}" for number in range(1, len(articles) + 1)]
    return Contents([replace(a, id=id_) for a, id_ in zip(articles, ids, strict=True)], repairs, problems)


def _html(data: bytes, name: str) -> Contents:
    decoded = decode(data)
    return _document(formats.html_document(decoded.text), name, _damage(decoded.damaged))


def _docx(data: bytes, name: str) -> Contents:
    return _document(formats.docx_document(data), name)


def _document(document: formats.Document, name: str, problems: tuple[ReadError, ...] = ()) -> Contents:
    article, repairs = _article(
        document.text,
        id=name,
        title=document.title or _stem(name),
        source=document.source or name,
        published=document.published,
        author=document.author,
    )
    return Contents([article], repairs, problems)


def _json(data: bytes, name: str) -> Contents:
    return _rows(data, name, records.json_records)


def _jsonl(data: bytes, name: str) -> Contents:
    return _rows(data, name, records.jsonl_records)


def _csv(data: bytes, name: str) -> Contents:
    return _rows(data, name, records.csv_records)


def _rows(data: bytes, name: str, parse: Callable[[str], records.Records]) -> Contents:
    decoded = decode(data)
    found = parse(decoded.text)
    repairs = Repairs()
    articles = []
    for row in found.rows:
        article, repaired = _article(
            row.text,
            id=f"{name}#{row.id or row.number}" if row.number else name,
            title=row.title,
            source=row.source or name,
            published=row.published,
            author=row.author,
            tags=row.tags,
        )
        articles.append(article)
        repairs += repaired
    problems = (found.problem,) if found.problem else ()
    return Contents(articles, repairs, _damage(decoded.damaged) + problems)


def _article(
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


Reader = Callable[[bytes, str], Contents]
"""Reads the bytes of a file of the given name (as people see it: the path below the folder they named)."""

READERS: dict[str, Reader] = {
    ".txt": _text_page,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".json": _json,
    ".jsonl": _jsonl,
    ".csv": _csv,
}
"""The reader of each kind of file. All but .pdf and .docx may also be compressed (.txt.gz)."""

_PACKED_ALREADY = frozenset({".pdf", ".docx"})


def _suffix(name: str) -> str:
    """The suffix that tells the kind of file: ".txt" of "a.TXT" and of "a.txt.gz"."""
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _stem(name: str) -> str:
    """The name of the file without folders and suffixes."""
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def reader_for(name: str) -> Reader | None:
    """The reader for a file of this name, or None if its kind is not known."""
    suffix = _suffix(name)
    return None if name.lower().endswith(".gz") and suffix in _PACKED_ALREADY else READERS.get(suffix)


def _damage(count: int) -> tuple[ReadError, ...]:
    if not count:
        return ()
    problem = ReadError(
        f"文件里有 {count} 处损坏的字节，读成了 �，其余文字照常读入。最好换一份完好的文件。",
        f"{count} damaged bytes were read as U+FFFD; the rest of the text is whole. A sound copy would be better.",
    )
    return (problem,)
