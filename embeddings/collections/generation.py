"""The open files of one generation, and the making of the next.

Knows which files make a generation and in what order they are opened and written. What is in them, and how one
generation takes the place of another, is the business of the modules it calls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import CollectionError, InputError, WenjuError
from corpus.text.exact import passage_terms
from embeddings.collections import publishing, storage
from embeddings.collections.article_store import ArticleStore
from embeddings.collections.hit import Change, Manifest
from embeddings.collections.indexing import ARTICLES, Indexer, Progress
from embeddings.collections.later_check import LaterCheck
from embeddings.encoders.encoder import Encoder
from embeddings.search.choosing import open_index
from embeddings.search.local_index import forget_locks

_log = logging.getLogger(__name__)


class Generation:
    """A generation that is open for reading. Its files close with the last search that uses it.

    `problems` says what was wrong with newer ones that had to be passed over.
    """

    def __init__(self, folder: Path, manifest: Manifest, problems: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.manifest = manifest
        self.problems = problems
        self.store = ArticleStore(folder / ARTICLES)
        self.index = open_index(folder)
        self.later = LaterCheck(folder, storage.postponed(manifest))

    @property
    def number(self) -> int:
        return int(self.folder.name)

    def damage(self) -> str:
        """What is wrong with the files, every byte of them read again; "" where nothing is."""
        problem = self.later.wait() or storage.check(self.folder, (), self.manifest.files, again=True)
        if problem:
            storage.note_damage(self.folder, problem)
        return problem


def open_newest(path: Path, but: Container[int] = ()) -> Generation:
    """The newest whole generation of the collection in `path` whose number is not in `but`.

    Raises what `storage.newest_whole` raises.
    """
    thorough = False
    while True:
        number = storage.current_number(path)
        try:
            folder, manifest, problems = storage.newest_whole(path, thorough=thorough, but=but)
            generation = Generation(folder, manifest, problems)
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
    index: str = "",
) -> Change:
    """Make the next generation by `work` on `base`, and switch to it if anything changed. Needs the lock.

    Without `base` its passages are indexed at the address `index`, or in files of its own where this is "".
    """
    former = base.folder if base else None
    with publishing.draft(path) as partial:
        indexer = Indexer(partial, former, encoder, passage_size, progress, index)
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
        if problem := _probe(partial, manifest, encoder):
            raise CollectionError(
                f"新写的索引没有通过检查（{problem}），{path} 没有改动。请检查磁盘，再试一次。",
                f"What was written did not stand its test ({problem}); {path} was left as it was. "
                "Check the disk and try again.",
            )
        publishing.publish(path, partial, manifest, former)
    return change


def _probe(folder: Path, manifest: Manifest, encoder: Encoder) -> str:
    """What is wrong with the generation in the making in `folder`, when it is asked for what it was given last."""
    try:
        store, index = ArticleStore(folder / ARTICLES), open_index(folder)
        held = len(store), store.passage_count(), *index.counts()
        if held[0] != manifest.articles or set(held[1:]) != {manifest.passages}:
            return f"{held}, expected {manifest.articles}, {manifest.passages}"
        row = store.newest_row()
        if row is None:
            return ""
        passage = store.passages([row])[row]
        query, asked = encoder.encode_passages([passage.text])[0], list(passage_terms(passage)[0])
        if not index.by_vector(query, 1) or row not in index.cosines(query, [row]):
            return f"{row}: no vector"
        return "" if not asked or row in index.term_scores(asked, [row]) else f"{row}: no words"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        forget_locks(folder)
