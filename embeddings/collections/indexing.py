"""How articles become a generation: batch by batch, into the article store, the vectors and the terms.

Knows what text of a passage is encoded and indexed, and which articles are unchanged. Does not know how a generation
becomes the current one, or how it is searched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import islice
from pathlib import Path

from corpus.article import Article, Passage
from corpus.text.blocks import with_blocks
from corpus.text.exact import passage_terms
from corpus.text.passages import split_passages
from embeddings.collections.article_store import ArticleStore, content_of, storable
from embeddings.collections.hit import Change
from embeddings.collections.publishing import link
from embeddings.encoders.encoder import Encoder
from embeddings.search.dense_index import DenseIndex
from embeddings.search.term_index import TermWriter

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "passages", "embedding", "terms", "writing"), how much of it is done, and how
much there is (0: not known)."""

ARTICLES = "articles.sqlite"
VECTORS = "vectors.faiss"
TERMS = "terms"
# Large enough to keep the encoder busy, small enough that a batch of long articles stays small in memory.
_BATCH = 256


class Indexer:
    """Writes into the folder of one generation in the making. Use: `add` and `remove`, then `finish`."""

    def __init__(
        self, folder: Path, base: Path | None, encoder: Encoder, passage_size: int, progress: Progress | None = None
    ) -> None:
        """Begin in the empty `folder` with what the generation in `base` holds, or with nothing."""
        self._folder = folder
        self._base = base
        self._encoder = encoder
        self._passage_size = passage_size
        self._progress = progress or (lambda stage, done, total: None)
        # Until there is something to change, nothing is copied: looking for changes in many articles stays cheap.
        self._store = ArticleStore(base / ARTICLES if base else folder / ARTICLES, writable=base is None)
        self._parts: tuple[DenseIndex, TermWriter] | None = None
        self._gone: list[int] = []
        self._fates: dict[str, str] = {}
        self._passages = 0

    def add(self, articles: Iterable[Article]) -> None:
        """Store and index `articles`, in the place of those of the same id; of several with one id the last stays."""
        total = len(articles) if isinstance(articles, Sized) else 0
        done = 0
        for batch in _batches(articles):
            done += len(batch)
            self._progress("reading", done, total)
            self._add_batch([with_blocks(storable(article)) for article in batch])

    def remove(self, article_ids: Iterable[str]) -> None:
        """Take articles out; ids that are not there are passed over."""
        for article_id in article_ids:
            if self._store.content(article_id) is not None:
                self._take_out(article_id)
                self._fates[article_id] = "removed"

    @property
    def change(self) -> Change:
        """What was done so far."""
        fates: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": [], "removed": []}
        for article_id, fate in self._fates.items():
            fates[fate].append(article_id)
        return Change(**{fate: tuple(ids) for fate, ids in fates.items()})

    def finish(self) -> tuple[int, int]:
        """Write everything out; returns the numbers of articles and passages."""
        vectors, term_writer = self._begun()
        self._progress("writing", 0, 3)
        counts = len(self._store), self._store.passage_count()
        self._store.save()
        self._store.close()
        self._progress("writing", 1, 3)
        vectors.remove(self._gone)
        vectors.save(self._folder / VECTORS)
        self._progress("writing", 2, 3)
        term_writer.finish()
        # tantivy keeps its lists to its user; others may read what they may read of the rest.
        mode = (self._folder / ARTICLES).stat().st_mode & 0o777
        for path in (self._folder / TERMS).iterdir():
            if path.suffix == ".lock":
                path.unlink()
            elif path.suffix == ".json":
                path.chmod(mode)
        self._progress("writing", 3, 3)
        return counts

    def abandon(self) -> None:
        """Let go of all files."""
        self._store.close()
        if self._parts:
            self._parts[1].abandon()

    def _begun(self) -> tuple[DenseIndex, TermWriter]:
        """The vectors and the terms to be changed; the first call brings over what the base holds."""
        if self._parts is None:
            terms_folder = self._folder / TERMS
            terms_folder.mkdir()
            if self._base:
                self._store.close()
                shutil.copyfile(self._base / ARTICLES, self._folder / ARTICLES)
                self._store = ArticleStore(self._folder / ARTICLES, writable=True)
                _link_terms(self._base / TERMS, terms_folder)
                vectors = DenseIndex.open(self._base / VECTORS, writable=True)
            else:
                vectors = DenseIndex.create(self._encoder.dimension)
            self._parts = vectors, TermWriter(terms_folder)
        return self._parts

    def _take_out(self, article_id: str) -> None:
        _, term_writer = self._begun()
        rows = self._store.remove(article_id)
        self._gone += rows
        term_writer.remove(rows)

    def _add_batch(self, articles: list[Article]) -> None:
        latest = {article.id: article for article in articles}
        rows: list[int] = []
        passages: list[Passage] = []
        for article in latest.values():
            content = content_of(article)
            before = self._store.content(article.id)
            if before == content:
                self._fates.setdefault(article.id, "unchanged")
                continue
            if before is None:
                self._fates[article.id] = "added"
            else:
                if self._fates.get(article.id) != "added":
                    self._fates[article.id] = "updated"
                self._take_out(article.id)
            self._begun()
            cut = split_passages(article, self._passage_size)
            rows += self._store.add(article, content, cut)
            passages += cut
        if not passages:
            return
        self._passages += len(passages)
        self._progress("passages", self._passages, 0)
        vectors, term_writer = self._begun()
        vectors.add(rows, self._encoder.encode_passages([_encoded(passage) for passage in passages]))
        self._progress("embedding", self._passages, 0)
        for row, passage in zip(rows, passages, strict=True):
            term_writer.add(row, *passage_terms(passage))
        self._progress("terms", self._passages, 0)


def _encoded(passage: Passage) -> str:
    """What the encoder sees of a passage."""
    above = dict.fromkeys((passage.title, *passage.headings, *passage.lead.split("\n")))
    return "\n".join((*filter(None, above), passage.text))


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    waiting = iter(articles)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _link_terms(source: Path, target: Path) -> None:
    """Share the segments, which tantivy never changes, and copy the lists of them, which it does."""
    for path in source.iterdir():
        if path.suffix == ".json":
            shutil.copyfile(path, target / path.name)
        elif path.suffix != ".lock":
            link(path, target / path.name)
