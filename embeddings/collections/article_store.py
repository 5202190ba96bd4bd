"""Articles and their passages in a SQLite file, and most of their texts in another one beside it.

Knows rows and columns, nothing of vectors or terms. Texts are kept as UTF-8 and cut in Python, where an offset means
a character; what stood in the file before repair is kept compressed, since it is seldom asked for.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from corpus.article import Article, Passage, Run
from embeddings.collections import repeals, texts_apart
from embeddings.collections.hit import ArticleSummary
from embeddings.collections.structure import (
    joined_blocks,
    joined_places,
    listed_places,
    listed_validity,
    packed_blocks,
    packed_structure,
    packed_tables,
    told_validity,
    unpacked_tables,
    with_structure,
)

_SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, content BLOB NOT NULL,
    title TEXT NOT NULL, source TEXT NOT NULL, published TEXT NOT NULL, author TEXT NOT NULL, tags TEXT NOT NULL,
    length INTEGER NOT NULL, passages INTEGER NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, id TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, structure TEXT NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
"""
_TEXT = "text, raw, raw_start, runs, tables"
# Dates are compared at the coarser of the two precisions: "2021" is inside a search since "2021-07".
_SINCE = "substr(published, 1, length(:since)) >= substr(:since, 1, length(published))"
_UNTIL = "substr(published, 1, length(:until)) <= substr(:until, 1, length(published))"
_STRUCTURES = "SELECT structure FROM passages WHERE article = ? AND structure != '' ORDER BY row"


class ArticleStore:
    """Articles by id, passages by row. A row is never used twice. May be read from many threads."""

    def __init__(self, path: Path, *, writable: bool = False, apart: bool = False) -> None:
        """Open the file at `path`; with `writable` it is made where there is none, with `apart` without texts."""
        fresh = writable and not path.exists()
        # Immutable: no lock files beside a generation that never changes again, and none looked for.
        address = f"{path.absolute().as_uri()}?{'mode=rwc' if writable else 'mode=ro&immutable=1'}"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = Lock()
        if writable:
            # All or nothing is the business of the generation; inside one file it would only cost time.
            self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            self._connection.executescript(
                (_SCHEMA if fresh else "") + texts_apart.SCHEMA.format("main") + repeals.SCHEMA
            )
        self._texts = texts_apart.attach(self._connection, path, writable=apart)
        # SQLite looks at the file only when asked something; one that is not its own should fail here.
        self._all("SELECT max(row) FROM articles")

    def save(self) -> None:
        """Write out what is waiting."""
        self._connection.commit()

    def close(self) -> None:
        """Close the file, after whoever reads in it just now; what is not saved is lost."""
        # SQLite crashes the process where a connection is closed under a statement.
        with self._lock:
            self._connection.close()

    def __del__(self) -> None:
        # The last search of a generation that was replaced ends somewhere; nobody is there to close the file.
        connection = getattr(self, "_connection", None)
        if connection:
            connection.close()

    def __len__(self) -> int:
        return int(self._all("SELECT count(*) FROM articles")[0][0])

    def passage_count(self) -> int:
        return int(self._all("SELECT count(*) FROM passages")[0][0])

    def newest_row(self) -> int | None:
        """The row of the passage that was put in last, None where there is none."""
        row = self._all("SELECT max(row) FROM passages")[0][0]
        return None if row is None else int(row)

    def content(self, article_id: str) -> bytes | None:
        """The checksum that `article_id` was stored with, None where it is not there."""
        found = self._all("SELECT content FROM articles WHERE id = ?", (article_id,))
        return found[0][0] if found else None

    def add(self, article: Article, content: bytes, passages: Sequence[Passage]) -> list[int]:
        """Store an article that is not there yet, with its checksum; returns the rows of its passages."""
        tags = json.dumps(article.tags, ensure_ascii=False)
        described = (article.id, content, article.title, article.source, article.published, article.author, tags)
        columns = "id, content, title, source, published, author, tags, length, passages"
        execute = self._connection.execute
        cursor = execute(
            f"INSERT INTO articles ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*described, len(article.text), len(passages)),
        )
        row = cursor.lastrowid
        raw = None if article.raw is None else zlib.compress(article.raw.encode(), 1)
        runs = zlib.compress(_pack(article.runs), 1) if article.runs else b""
        tables = packed_tables(article.tables)
        values = (row, article.text.encode(), raw, article.raw_start, runs, tables)
        execute(f"INSERT INTO {self._texts[0]} VALUES (?, ?, ?, ?, ?, ?)", values)
        self._connection.executemany("INSERT INTO repeals VALUES (?, ?)", repeals.rows_for(article, int(row or 0)))
        rows = []
        for passage in passages:
            placed = (row, passage.id, passage.start, passage.end, packed_structure(article, passage))
            cursor = execute(
                "INSERT INTO passages (article, id, start, stop, structure) VALUES (?, ?, ?, ?, ?)", placed
            )
            rows.append(int(cursor.lastrowid or 0))
        return rows

    def remove(self, article_id: str) -> list[int]:
        """Take an article out; returns the rows its passages had. Raises KeyError where it is not there."""
        found = self._all("SELECT row FROM articles WHERE id = ?", (article_id,))
        if not found:
            raise KeyError(article_id)
        rows = [row for (row,) in self._all("SELECT row FROM passages WHERE article = ?", found[0])]
        for table, column in (
            ("articles", "row"),
            (self._texts[0], "row"),
            ("passages", "article"),
            ("repeals", "article"),
        ):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", found[0])
        return rows

    def article(self, article_id: str) -> Article:
        """The article as it was stored. Raises KeyError where it is not there."""
        columns = "id, title, source, published, author, tags, row"
        found = self._all(f"SELECT {columns} FROM articles WHERE id = ?", (article_id,))
        if not found:
            raise KeyError(article_id)
        name, title, source, published, author, tags, row = found[0]
        text, raw, raw_start, runs, tables = self._of_texts(_TEXT, [row])[row]
        structures = [structure for (structure,) in self._all(_STRUCTURES, (row,))]
        return Article(
            name,
            title,
            text.decode(),
            source,
            published,
            author,
            tuple(json.loads(tags)),
            None if raw is None else zlib.decompress(raw).decode(),
            raw_start,
            _unpack(zlib.decompress(runs)) if runs else (),
            joined_blocks(structures),
            unpacked_tables(tables),
            told_validity(structures[0] if structures else ""),
            joined_places(structures),
        )

    def text(self, article_id: str) -> str:
        """The text of an article, "" where it is not there."""
        found = self._all("SELECT row FROM articles WHERE id = ?", (article_id,))
        return "".join(text.decode() for (text,) in self._of_texts("text", [row for (row,) in found]).values())

    def summaries(self) -> Iterator[ArticleSummary]:
        """Every article but for its text, in the order they came."""
        columns = "id, title, source, published, author, length, passages"
        for found in self._all(f"SELECT {columns} FROM articles ORDER BY row"):
            yield ArticleSummary(*found)

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article in reading order. Raises KeyError where it is not there."""
        found = self._all("SELECT row FROM articles WHERE id = ?", (article_id,))
        if not found:
            raise KeyError(article_id)
        rows = [row for (row,) in self._all("SELECT row FROM passages WHERE article = ? ORDER BY row", found[0])]
        passages = self.passages(rows)
        return tuple(passages[row] for row in rows)

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """The passages in `rows`, by row; those that are not there are left out."""
        wanted = json.dumps(list(rows))
        columns = "passages.row, passages.id, articles.id, start, stop, title, source, published, structure, article"
        found = self._all(
            f"SELECT {columns} FROM json_each(?) JOIN passages ON passages.row = value "
            "JOIN articles ON articles.row = article",
            (wanted,),
        )
        texts = self._of_texts("text", {article for *_, article in found})
        decoded = {article: text.decode() for article, (text,) in texts.items()}
        told = {
            row: with_structure(
                Passage(name, article_id, decoded[article][start:end], start, end, title, source, published), structure
            )
            for row, name, article_id, start, end, title, source, published, structure, article in found
        }
        repealed = self.repealed({(one.article_id, one.title, one.published) for one in told.values()})
        return {row: repeals.with_repeal(one, repealed.get(one.article_id, "")) for row, one in told.items()}

    def repealed(self, articles: Iterable[tuple[str, str, str]]) -> dict[str, str]:
        """Of `articles` (id, title, published) those that another one here repeals: the title of that one, by id."""
        return repeals.in_force(self._all, articles)

    def rows_within(self, articles: Iterable[str], since: str, until: str) -> list[int]:
        """The rows of the passages of `articles` (all where empty) published in the period, ascending.

        An article without a date is in no period.
        """
        condition, values = _within(articles, since, until)
        found = self._all(
            "SELECT passages.row FROM passages JOIN articles ON articles.row = article "
            f"WHERE {condition} ORDER BY passages.row",
            values,
        )
        return [row for (row,) in found]

    def count_within(self, articles: Iterable[str], since: str, until: str) -> int:
        """How many articles `rows_within` takes passages of."""
        condition, values = _within(articles, since, until)
        return int(self._all(f"SELECT count(*) FROM articles WHERE {condition}", values)[0][0])

    def dates(self) -> tuple[str, str]:
        """The first and the last date of an article; "" twice where none has any."""
        first, last = self._all("SELECT min(published), max(published) FROM articles WHERE published != ''")[0]
        return str(first or ""), str(last or "")

    def _of_texts(self, columns: str, rows: Iterable[int]) -> dict[int, tuple[Any, ...]]:
        """`columns` of the texts in `rows`, by row. Raises LookupError where one of them is nowhere."""
        wanted = set(rows)
        found = texts_apart.found_in(self._texts, self._all, columns, wanted)
        if len(found) < len(wanted):
            raise LookupError("articles without a text")
        return found

    def _all(self, statement: str, values: Any = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


def _within(articles: Iterable[str], since: str, until: str) -> tuple[str, dict[str, str]]:
    """The condition that an article is one of `articles` (any where empty), published in the period; and its values."""
    names = list(articles)
    conditions = ["published != ''"] if since or until else []
    conditions += [_SINCE] if since else []
    conditions += [_UNTIL] if until else []
    conditions += ["articles.id IN (SELECT value FROM json_each(:names))"] if names else []
    return " AND ".join(conditions) or "1", {"since": since, "until": until, "names": json.dumps(names)}


def content_of(article: Article) -> bytes:
    """A checksum over all that is stored of `article`: equal means unchanged."""
    plain = (
        article.id, article.title, article.text, article.source, article.published, article.author, article.tags,
        article.raw, article.raw_start, [(run.clean, run.raw, run.length) for run in article.runs],
        packed_blocks(article.blocks), packed_tables(article.tables),
        *listed_validity(article.validity), *listed_places(article.places),
    )  # fmt: skip
    return hashlib.blake2b(json.dumps(plain, ensure_ascii=False).encode(), digest_size=16).digest()


def _pack(runs: Iterable[Run]) -> bytes:
    numbers = array("q", [number for run in runs for number in (run.clean, run.raw, run.length)])
    return numbers.tobytes()


def _unpack(packed: bytes) -> tuple[Run, ...]:
    numbers = iter(array("q", packed))
    return tuple(Run(clean, raw, length) for clean, raw, length in zip(numbers, numbers, numbers, strict=True))
