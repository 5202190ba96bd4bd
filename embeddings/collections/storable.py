"""Articles as a file can hold them: without halves of surrogate pairs, which have no bytes.

Knows the texts of an article; offsets stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.article import Article, Block, Table
from embeddings.collections.article_store import content_of


def storable(article: Article) -> Article:
    """`article` with "?" for halves of surrogate pairs, which no file can hold; offsets stay."""
    try:
        content_of(article)
    except UnicodeEncodeError:
        return replace(
            article,
            id=whole(article.id),
            title=whole(article.title),
            text=whole(article.text),
            source=whole(article.source),
            published=whole(article.published),
            author=whole(article.author),
            tags=tuple(map(whole, article.tags)),
            raw=None if article.raw is None else whole(article.raw),
            blocks=tuple(map(_whole_block, article.blocks)),
            tables=tuple(map(_whole_table, article.tables)),
        )
    return article


def _whole_block(block: Block) -> Block:
    cells = tuple(replace(cell, head=whole(cell.head)) for cell in block.cells)
    return replace(block, number=whole(block.number), cells=cells)


def _whole_table(table: Table) -> Table:
    heads = tuple(tuple(map(whole, row)) for row in table.heads)
    return Table(whole(table.caption), whole(table.unit), heads)


def whole(text: str) -> str:
    """`text` with "?" for halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode()
