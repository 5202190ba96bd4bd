"""How articles become a generation: batch by batch, into the article store and the index of its passages.

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
from corpus.text.passages import split_passages
from embeddings.collections.article_store import ArticleStore, content_of
from embeddings.collections.hit import Change
from embeddings.collections.storable import storable
from embeddings.collections.texts_apart import TEXTS, gather
from embeddings.encoders.encoder import Encoder
from embeddings.search.choosing import index_writer
from embeddings.search.passage_index import IndexWriter
from embeddings.sharing import hand_on

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "passages", "embedding", "terms", "writing"), how much of it is done, and how
much there is (0: not known)."""

ARTICLES = "articles.sqlite"
# Large enough to keep the encoder busy, small enough that a batch of long articles stays small in memory.
_BATCH = 256


class Indexer:
    """Writes into the folder of one generation in the making. Use: `add` and `remove`, then `finish`."""

    def __init__(
        self,
        folder: Path,
        base: Path | None,
        encoder: Encoder,
        passage_size: int,
        progress: Progress | None = None,
        index: str = "",
    ) -> None:
        """Begin in the empty `folder` with what the generation in `base` holds; or with nothing, and in `index`."""
        self._folder = folder
        self._base = base
        self._encoder = encoder
        self._passage_size = passage_size
        self._progress = progress or (lambda stage, done, total: None)
        # Until there is something to change, nothing is copied: looking for changes in many articles stays cheap.
        self._store = ArticleStore((base or folder) / ARTICLES, writable=base is None, apart=base is None)
        self._index = index
        self._writer: IndexWriter | None = None
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
        writer = self._begun()
        self._progress("writing", 0, 2)
        counts = len(self._store), self._store.passage_count()
        self._store.save()
        self._store.close()
        gather(self._folder / ARTICLES)
        self._progress("writing", 1, 2)
        writer.finish()
        self._progress("writing", 2, 2)
        return counts

    def abandon(self) -> None:
        """Let go of all files."""
        self._store.close()
        if self._writer:
            self._writer.abandon()

    def _begun(self) -> IndexWriter:
        """The index to be changed; the first call brings over what the base holds."""
        if self._writer is None:
            if self._base:
                self._store.close()
                shutil.copyfile(self._base / ARTICLES, self._folder / ARTICLES)
                if (self._base / TEXTS).exists():
                    hand_on(self._base / TEXTS, self._folder / TEXTS)
                self._store = ArticleStore(self._folder / ARTICLES, writable=True)
            self._writer = index_writer(self._folder, self._base, self._encoder.dimension, self._index)
        return self._writer

    def _take_out(self, article_id: str) -> None:
        writer = self._begun()
        writer.remove(self._store.remove(article_id))

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
        vectors = self._encoder.encode_passages([_encoded(passage) for passage in passages])
        self._progress("embedding", self._passages, 0)
        self._begun().add(rows, vectors, passages)
        self._progress("terms", self._passages, 0)


def _encoded(passage: Passage) -> str:
    """What the encoder sees of a passage."""
    above = dict.fromkeys((passage.title, *passage.headings, *passage.lead.split("\n")))
    return "\n".join((*filter(None, above), passage.text))


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    waiting = iter(articles)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
