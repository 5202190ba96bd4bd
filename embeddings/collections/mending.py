"""A damaged collection made whole again out of what can still be read of it.

Knows that every article is stored with a checksum of its own, and in which generations to look for one. Knows nothing
of the files that articles came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.errors import CollectionDamaged, InputError
from embeddings.collections import publishing, storage
from embeddings.collections.article_store import ArticleStore, content_of
from embeddings.collections.generation import write_next
from embeddings.collections.hit import Manifest
from embeddings.collections.indexing import ARTICLES, Progress
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.loading import load_encoder
from embeddings.search.choosing import address_of, open_index


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of a damaged collection.

    `problems` says what was wrong, () where nothing was and nothing was done. `kept` is the number of articles it has
    now; of these `older` could only be read as an earlier generation had them. `lost` could be read nowhere.
    """

    problems: tuple[str, ...] = ()
    kept: int = 0
    older: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def mend(path: Path, encoder: Encoder | None, passage_size: int, progress: Progress | None = None) -> Mending:
    """Make the collection in `path` whole: every byte is checked, and where one is wrong all is written anew.

    Articles come out of the newest generation in which their checksum is right. `encoder` and `passage_size` serve
    where no manifest names them any more. Raises CollectionNotFound, CollectionBusy, CollectionReadOnly, and
    CollectionDamaged where not one article can be read; nothing is changed then.
    """
    problems = storage.problems(path) or _lost_by_server(path)
    if not problems:
        return Mending()
    with publishing.writing(path):
        made_with = _manifest(path)
        if made_with:
            encoder, passage_size = _encoder(path, made_with, encoder), made_with.passage_size
        saved = _Saved(path)
        try:
            encoder, index = encoder or load_encoder(), _address(path)
            write_next(path, None, encoder, passage_size, lambda made: made.add(saved), progress, index)
        except InputError as error:
            raise CollectionDamaged(
                f"{path} 里的索引已损坏（{'；'.join(problems)}），一篇文章也读不出来了。"
                f"请用 wenju index 文章 --to {path} 重新建立，或删去这个文件夹。",
                f"The collection in {path} is damaged ({'; '.join(problems)}), and not one article can be read. "
                f"Build it again with wenju index ARTICLES --to {path}, or delete the folder.",
            ) from error
        finally:
            saved.close()
    return Mending(problems, saved.kept, tuple(saved.older), tuple(saved.lost))


class _Saved:
    """The articles of a damaged collection, one after the other; and afterwards, what became of them."""

    def __init__(self, path: Path) -> None:
        self._stores = list(_stores(path))
        self.kept = 0
        self.older: list[str] = []
        self.lost: list[str] = []

    def __iter__(self) -> Iterator[Article]:
        for name in self._names():
            for place, store in enumerate(self._stores):
                if article := _intact(store, name):
                    self.kept += 1
                    if place:
                        self.older.append(name)
                    yield article
                    break
            else:
                self.lost.append(name)

    def close(self) -> None:
        for store in self._stores:
            store.close()

    def _names(self) -> tuple[str, ...]:
        """What the newest generation had, where its list can be read: articles taken out since stay out."""
        for store in self._stores:
            try:
                return tuple(summary.id for summary in store.summaries())
            except Exception:
                continue
        return ()


def _intact(store: ArticleStore, name: str) -> Article | None:
    try:
        article = store.article(name)
        return article if content_of(article) == store.content(name) else None
    except Exception:
        # Damage shows in many ways, and the next generation may have the article whole.
        return None


def _stores(path: Path) -> Iterator[ArticleStore]:
    """The articles of every generation whose file can be opened at all, the one to be read first first."""
    for number in storage.candidates(path):
        try:
            yield ArticleStore(storage.generation_folder(path, number) / ARTICLES)
        except Exception:
            # Whatever SQLite says of it: there is nothing to be had there.
            continue


def _lost_by_server(path: Path) -> tuple[str, ...]:
    """What is missing on the server that the passages of a whole generation are indexed on, if they are on one.

    Raises CollectionError where it does not answer: nothing is known then.
    """
    folder, manifest, _ = storage.newest_whole(path)
    if not address_of(folder):
        return ()
    try:
        counts = open_index(folder).counts()
    except CollectionDamaged as error:
        return (error.english,)
    return () if set(counts) == {manifest.passages} else (f"{counts} passages, expected {manifest.passages}",)


def _address(path: Path) -> str:
    """The address of the server that the newest generation which names one is indexed on."""
    for number in storage.candidates(path):
        with suppress(OSError, ValueError, TypeError, KeyError):
            return address_of(storage.generation_folder(path, number))
    return ""


def _manifest(path: Path) -> Manifest | None:
    for number in storage.candidates(path):
        try:
            return storage.read_manifest(storage.generation_folder(path, number))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return None


def _encoder(path: Path, manifest: Manifest, otherwise: Encoder | None) -> Encoder:
    if otherwise and otherwise.fingerprint == manifest.fingerprint:
        return otherwise
    return load_encoder(storage.encoder_name(path, manifest))
