"""Collection: articles that can be searched, kept in a folder.

Knows the order of steps of building, opening, changing and searching. How articles are stored, vectors compared,
terms weighed and generations switched is the business of the modules it calls. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Collection as Ids
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from corpus.article import Article, Passage
from corpus.errors import EncoderMismatch, InputError, ModelError
from embeddings.collections import publishing, storage
from embeddings.collections.article_store import ArticleStore
from embeddings.collections.current import Current
from embeddings.collections.generation import Generation, open_newest, write_next
from embeddings.collections.hit import ArticleSummary, Change, Hit, Manifest
from embeddings.collections.indexing import Indexer, Progress
from embeddings.collections.mending import Mending, mend
from embeddings.collections.repeals import with_repeal
from embeddings.collections.searching import search
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.loading import load_encoder
from embeddings.search.choosing import address_of

PASSAGE_SIZE = 300


class Collection:
    """Articles that can be searched. Any number of threads may search one; make one with `build` or `open`.

    It shows the state it was opened in, or that after its own last change; a change by another process is seen by
    opening again.
    """

    def __init__(self, path: Path, encoder: Encoder, generation: Generation) -> None:
        self.path = path
        self.encoder = encoder
        self._current = Current(path, generation, lambda manifest: _check_encoder(path, manifest, encoder))
        self._changing = Lock()

    @classmethod
    def build(
        cls,
        path: Path | str,
        articles: Iterable[Article],
        *,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
        index: str = "",
    ) -> Collection:
        """Index `articles` into the folder `path`, in the place of the collection that may be there.

        They are read one batch at a time. Words and vectors go to the Milvus at the address `index` (a URI, or a .db
        file for Milvus Lite), or into the folder where this is "". Raises InputError where there is no article, or
        where `path` is a folder with other things in it; CollectionBusy while another process writes there.
        """
        path = Path(path)
        encoder = encoder or load_encoder()
        if path.exists() and not storage.exists(path) and (not path.is_dir() or _is_foreign(path)):
            raise InputError(
                f"{path} 里已有别的文件，不能用来存放索引。请换一个空文件夹。",
                f"{path} holds other files and cannot take a collection. Choose an empty folder.",
            )
        with publishing.writing(path):
            write_next(path, None, encoder, PASSAGE_SIZE, lambda indexer: indexer.add(articles), progress, index)
        return cls.open(path, encoder=encoder)

    @classmethod
    def encode_again(cls, path: Path | str, encoder: Encoder, *, progress: Progress | None = None) -> Collection:
        """The collection in the folder `path`, with the same articles, encoded by `encoder` from now on.

        All or nothing. Raises CollectionNotFound, CollectionDamaged, CollectionBusy.
        """
        path = Path(path)
        with publishing.writing(path):
            base = open_newest(path)
            articles = [base.store.article(summary.id) for summary in base.store.summaries()]
            size = base.manifest.passage_size
            index = address_of(base.folder)
            write_next(path, None, encoder, size, lambda indexer: indexer.add(articles), progress, index)
        return cls.open(path, encoder=encoder)

    @classmethod
    def mend(cls, path: Path | str, *, encoder: Encoder | None = None, progress: Progress | None = None) -> Mending:
        """Make the collection in the folder `path` whole, out of what can still be read of it.

        `encoder` serves where its own is not known any more. Raises CollectionNotFound, CollectionBusy,
        CollectionReadOnly, and CollectionDamaged where not one article can be read.
        """
        return mend(Path(path), encoder, PASSAGE_SIZE, progress)

    @classmethod
    def open(cls, path: Path | str, *, encoder: Encoder | None = None) -> Collection:
        """The collection in the folder `path`, with the encoder it was built with.

        Raises CollectionNotFound, CollectionDamaged (where no generation is whole; if only the newest is not, the one
        before is used and a warning logged), EncoderMismatch, ModelError.
        """
        path = Path(path)
        generation = open_newest(path)
        encoder = encoder or _encoder_of(path, generation.manifest)
        _check_encoder(path, generation.manifest, encoder)
        return cls(path, encoder, generation)

    def add(self, articles: Iterable[Article], *, progress: Progress | None = None) -> Change:
        """Index `articles`: new ones are added, changed ones replaced, unchanged ones cost nothing.

        All or nothing. Raises CollectionBusy while another process writes.
        """
        return self._change(lambda indexer: indexer.add(articles), progress)

    def remove(self, article_ids: Iterable[str]) -> Change:
        """Take articles out; ids that are not there are passed over. Raises CollectionBusy as `add` does."""
        return self._change(lambda indexer: indexer.remove(article_ids), None)

    def search(
        self, text: str, k: int = 10, *, articles: Ids[str] = (), since: str = "", until: str = ""
    ) -> tuple[Hit, ...]:
        """The `k` passages that say most about `text`, best first.

        Only in `articles` (ids) where any are given, and only in those published from `since` to `until` (ISO dates,
        also "2021" or "2021-07", both inclusive). Empty for a text without a letter.
        """
        return self._current.read(lambda generation: search(generation, self.encoder, text, k, articles, since, until))

    def article(self, article_id: str) -> Article:
        """The article as it was given, with who put it out of force. Raises KeyError where it is not there."""
        return self._current.read(lambda generation: _in_force(generation.store, article_id))

    def text(self, article_id: str) -> str:
        """The text of an article, "" where it is not there (any more)."""
        return self._current.read(lambda generation: generation.store.text(article_id))

    def articles(self) -> Iterator[ArticleSummary]:
        """What there is, without the texts, in the order it came."""
        return iter(self._current.read(lambda generation: tuple(generation.store.summaries())))

    def count(self, *, articles: Ids[str] = (), since: str = "", until: str = "") -> int:
        """How many articles a search with the same limits looks into."""
        return self._current.read(lambda generation: generation.store.count_within(articles, since, until))

    def dates(self) -> tuple[str, str]:
        """The first and the last date of an article (ISO, as exact as known); "" twice where none has any."""
        return self._current.read(lambda generation: generation.store.dates())

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article in reading order. Raises KeyError where it is not there."""
        return self._current.read(lambda generation: generation.store.passages_of(article_id))

    def inverse_document_frequency(self, term: str) -> float:
        """How much it says that a passage holds `term` (as `terms.terms` cuts it): BM25's, never below 0."""
        return self._current.read(lambda generation: generation.index.inverse_document_frequency(term))

    @property
    def parts(self) -> tuple[Collection, ...]:
        """Itself: of what a collection is made that is several searched as one."""
        return (self,)

    @property
    def generation(self) -> Generation:
        """The open files, for those who measure what one of them says by itself."""
        return self._current.generation

    @property
    def manifest(self) -> Manifest:
        """How it was made, what it holds, and its files."""
        return self._current.generation.manifest

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong with newer generations that had to be passed over: what they had in addition is missing."""
        return self._current.generation.problems

    def verify(self) -> None:
        """Read every file and compare checksums. Raises CollectionDamaged."""
        if problem := self._current.generation.damage():
            raise storage.damaged(self.path, [problem])

    def close(self) -> None:
        """Close the files; the collection cannot be used after it."""
        self._current.generation.store.close()

    def __len__(self) -> int:
        return self.manifest.articles

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        manifest = self.manifest
        return f"Collection({str(self.path)!r}: {manifest.articles} articles, {manifest.passages} passages)"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _change(self, work: Callable[[Indexer], None], progress: Progress | None) -> Change:
        with self._changing, publishing.writing(self.path):
            base = self._current.newest()
            change = write_next(self.path, base, self.encoder, base.manifest.passage_size, work, progress)
            if base is not self._current.generation or change.added or change.updated or change.removed:
                self._current.show_newest()
            return change


def _in_force(store: ArticleStore, article_id: str) -> Article:
    article = store.article(article_id)
    return with_repeal(article, store.repealed([(article.id, article.title, article.published)]).get(article.id, ""))


def _encoder_of(path: Path, manifest: Manifest) -> Encoder:
    try:
        return load_encoder(storage.encoder_name(path, manifest))
    except ModelError as error:
        if not storage.encoder_is_inside(manifest):
            raise
        raise ModelError(
            f"为 {path} 里的文章训练的编码器不能用。请用 wenju train --reset 换回原来的，以后可以重新训练。"
            f"（{error.chinese}）",
            f"The encoder trained for the articles in {path} cannot be used. Go back to the former one with "
            f"wenju train --reset; it can be trained anew. ({error.english})",
        ) from error


def _check_encoder(path: Path, manifest: Manifest, encoder: Encoder) -> None:
    if encoder.fingerprint != manifest.fingerprint:
        raise EncoderMismatch(
            f"{path} 的索引是用编码器 {manifest.encoder}（{manifest.fingerprint}）建立的，"
            f"现在的编码器是 {encoder.name}（{encoder.fingerprint}）。请用 wenju index 重新建立，或换回原来的编码器。",
            f"The collection in {path} was built with the encoder {manifest.encoder} ({manifest.fingerprint}), "
            f"this one is {encoder.name} ({encoder.fingerprint}). "
            "Build it again with wenju index, or use the former encoder.",
        )


def _is_foreign(folder: Path) -> bool:
    """Whether `folder` holds anything that a first build, perhaps a failed one, does not leave there."""
    return any(path.name not in ("lock", "generations") for path in folder.iterdir())
