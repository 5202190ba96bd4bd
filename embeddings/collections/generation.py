"""The open files of one generation, and the making of the next.

Knows which files make a generation and in what order they are opened and written. What is in them, and how one
generation takes the place of another, is the business of the modules it calls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import InputError, WenjuError
from embeddings.collections import storage
from embeddings.collections.article_store import ArticleStore
from embeddings.collections.hit import Change, Manifest
from embeddings.collections.indexing import ARTICLES, TERMS, VECTORS, Indexer, Progress
from embeddings.encoders.encoder import Encoder
from embeddings.search.dense_index import DenseIndex
from embeddings.search.term_index import TermIndex

_log = logging.getLogger(__name__)


class Generation:
    """A generation that is open for reading. Its files close with the last search that uses it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.number = int(folder.name)
        self.manifest = manifest
        self.store = ArticleStore(folder / ARTICLES)
        self.vectors = DenseIndex.open(folder / VECTORS)
        self.terms = TermIndex(folder / TERMS)


def open_newest(path: Path) -> Generation:
    """The newest whole generation of the collection in `path`; raises what `storage.newest_whole` raises."""
    thorough = False
    while True:
        number = storage.current_number(path)
        try:
            folder, manifest, problems = storage.newest_whole(path, thorough=thorough)
            generation = Generation(folder, manifest)
        except Exception as error:
            # Two writers may have finished meanwhile, and the second cleared away what was being opened.
            if storage.current_number(path) != number:
                continue
            # Damage inside a large file of the right size shows only now: look closer, and pass such a one over.
            if thorough or isinstance(error, WenjuError | ImportError):
                raise
            thorough = True
            continue
        for problem in problems:
            _log.warning("%s: %s; using generation %s", path, problem, folder.name)
        return generation


def write_next(
    path: Path,
    base: Generation | None,
    encoder: Encoder,
    passage_size: int,
    work: Callable[[Indexer], None],
    progress: Progress | None,
) -> Change:
    """Make the next generation by `work` on `base`, and switch to it if anything changed. Needs the lock."""
    former = base.folder if base else None
    with storage.draft(path) as partial:
        indexer = Indexer(partial, former, encoder, passage_size, progress)
        try:
            work(indexer)
            change = indexer.change
            if base and not (change.added or change.updated or change.removed):
                indexer.abandon()
                return change
            articles, passages = indexer.finish()
        except BaseException:
            indexer.abandon()
            raise
        if not base and not articles:
            raise InputError(
                "没有可以建立索引的文章。请检查给出的文件或文件夹。",
                "There is no article to index. Check the files or folders given.",
            )
        manifest = Manifest(
            format=storage.FORMAT,
            encoder=storage.name_of_encoder(path, encoder.name),
            fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            passage_size=passage_size,
            articles=articles,
            passages=passages,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        storage.publish(path, partial, manifest, former)
    return change
