"""BM25 on disk, through tantivy.

Knows rows (whole numbers that the caller gives) and lists of terms, nothing of how terms are made. A question is
put together from terms one by one; no text of a user is ever parsed as a query.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.text.exact import CLAUSE

# A question of a page would visit most of the index; its rarest terms say what it is about.
MOST_QUERY_TERMS = 64
# Measured: without titles, or with titles counting as much as the text, fewer articles come first.
TITLE_BOOST = 0.5
# A clause asked for by its number is that clause, in whatever law: many laws have one of that number.
CLAUSE_BOOST = 10.0
# k1 + 1: what a term counts for at most, in multiples of its inverse document frequency.
SATURATION = 2.2
_MOST_ROWS_NAMED = 5_000
_WRITER_BYTES = 64 << 20
# tantivy merges eight segments of less than ten thousand rows as soon as there are that many. What is written at first
# is cut into larger ones, else it is some later small change that waits until all of it is merged.
_FIRST_WRITER_BYTES = 192 << 20


class TermIndex:
    """Terms by row, for reading. May be searched from many threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`, which stays as it is while this is open."""
        self._schema = _schema()
        if os.access(folder, os.W_OK | os.X_OK):
            try:
                self._searcher = _searcher(self._schema, folder)
                return
            except ValueError:
                # No room for the lock, or damage; the latter shows again, and better, where a lock is not the matter.
                pass
        with _view(folder) as view:
            self._searcher = _searcher(self._schema, view)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, terms: Sequence[str], count: int, *, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` rows that say most about `terms`, with their BM25 scores, best first; ties by row.

        Only rows in `within` where it is given. Rows that share no term are never among them.
        """
        query = self._query(terms)
        if query is None or count == 0 or (within is not None and not len(within)):
            return []
        from tantivy import Occur, Query

        if within is not None and len(within) > _MOST_ROWS_NAMED:
            return self._search_among_many(query, count, set(within))
        if within is not None:
            inside = Query.const_score_query(Query.term_set_query(self._schema, "row", list(within)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, inside)])
        return self._found(query, count)

    def _search_among_many(self, query: Any, count: int, within: set[int]) -> list[tuple[int, float]]:
        """As `search`: look through ever more of the best rows, which is quicker than naming every row allowed."""
        rows = len(self)
        looked = 2 * count * max(1, rows // len(within))
        while True:
            looked = min(looked, rows)
            found = self._found(query, looked)
            inside = [pair for pair in found if pair[0] in within][:count]
            if len(inside) == count or len(found) < looked or looked == rows:
                return inside
            looked *= 4

    def _found(self, query: Any, count: int) -> list[tuple[int, float]]:
        found = self._searcher.search(query, count, count=False).hits
        rows: Any = self._searcher.fast_field_values("row", [address for _, address in found])
        scored = zip(rows, (score for score, _ in found), strict=True)
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def inverse_document_frequency(self, term: str) -> float:
        """ln(1 + (N - n + 1/2) / (n + 1/2)) for `term` in n of N rows, as BM25 has it: never below 0."""
        rows = len(self)
        return idf(rows, min(self._searcher.doc_freq("text", term), rows))

    def ceiling(self, terms: Iterable[str]) -> float:
        """The BM25 score that the text of a row nears when it holds every one of `terms` again and again."""
        return SATURATION * sum(self.inverse_document_frequency(term) for term in set(terms))

    def _query(self, terms: Sequence[str]) -> Any:
        """Any of `terms`, or None where no row has one."""
        from tantivy import Occur, Query

        frequencies = {term: self._searcher.doc_freq("text", term) for term in dict.fromkeys(terms)}
        titles = {term: self._searcher.doc_freq("title", term) for term in frequencies}
        known = [term for term in frequencies if frequencies[term] or titles[term]]
        known.sort(key=lambda term: frequencies[term])
        parts = []
        for term in known[:MOST_QUERY_TERMS]:
            if frequencies[term]:
                query = Query.term_query(self._schema, "text", term, index_option="freq")
                if term.startswith(CLAUSE):
                    query = Query.boost_query(query, CLAUSE_BOOST)
                parts.append((Occur.Should, query))
            if titles[term]:
                query = Query.term_query(self._schema, "title", term, index_option="freq")
                parts.append((Occur.Should, Query.boost_query(query, TITLE_BOOST)))
        return Query.boolean_query(parts) if parts else None


class TermWriter:
    """Puts rows into the index in a folder, and takes them out; nothing shows until `finish`."""

    def __init__(self, folder: Path) -> None:
        """Go on with the index in `folder`, or begin one where the folder is empty."""
        import tantivy

        room = _WRITER_BYTES if any(folder.iterdir()) else _FIRST_WRITER_BYTES
        # One thread, so that the same articles give the same files in the same order.
        self._writer: Any = tantivy.Index(_schema(), path=str(folder)).writer(heap_size=room, num_threads=1)

    def add(self, row: int, text: Iterable[str], title: Iterable[str]) -> None:
        """Put in the terms of a row: those of its text, and those of its title."""
        from tantivy import Document

        document = Document()
        document.add_integer("row", row)
        document.add_text("text", " ".join(text))
        document.add_text("title", " ".join(title))
        self._writer.add_document(document)

    def remove(self, rows: Iterable[int]) -> None:
        """Take out `rows`, also such as were added just now."""
        for row in rows:
            self._writer.delete_documents_by_term("row", row)

    def finish(self) -> None:
        """Write everything out; the writer cannot be used after it."""
        self._writer.commit()
        self._writer.garbage_collect_files()
        self._writer.wait_merging_threads()
        self._writer = None

    def abandon(self) -> None:
        """Let go of the folder; what was not finished is lost."""
        self._writer = None


def idf(rows: int, holding: int) -> float:
    """What a term is worth that `holding` of `rows` have: ln(1 + (N - n + 1/2) / (n + 1/2)), never below 0."""
    return math.log(1 + (rows - holding + 0.5) / (holding + 0.5))


def _searcher(schema: Any, folder: Path) -> Any:
    """A searcher of the index in `folder` as it is now; its files stay open, wherever their names go."""
    import tantivy

    index = tantivy.Index(schema, path=str(folder))
    index.config_reader(reload_policy="manual")
    return index.searcher()


@contextmanager
def _view(folder: Path) -> Iterator[Path]:
    """A folder of our own with the files of `folder`: tantivy opens an index only where it can write a lock file."""
    with TemporaryDirectory(prefix="wenju-terms-", ignore_cleanup_errors=True) as temporary:
        view = Path(temporary)
        for path in folder.iterdir():
            if path.suffix != ".lock":
                try:
                    (view / path.name).symlink_to(path.absolute())
                except OSError:
                    shutil.copyfile(path, view / path.name)
        yield view


def _schema() -> Any:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    # Signed on purpose: with an unsigned stored number the writer was seen to die.
    builder.add_integer_field("row", stored=True, indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
