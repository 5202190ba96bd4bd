"""A collection brought up to date with its files: what is new, changed or gone, and nothing else, is read.

Knows when a file has to be read again and which articles go with it. Knows nothing of where collections are kept, of
how files are read, or of how an index looks on disk.

A process killed between index and records costs some files a second reading, nothing else: articles that are already
there are recognised by their content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from corpus.article import Article
from corpus.errors import CollectionBusy, CollectionDamaged, CollectionNotFound, CollectionReadOnly, ReadError
from corpus.reading.folders import read_files
from corpus.reading.records import NotArticles
from corpus.repair.cleaning import Repairs
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Change
from embeddings.collections.indexing import Progress
from embeddings.encoders.loading import load_encoder
from qa.library.file_records import FileRecord, Stamp, forget_records, load_records, save_records, stamp_of
from qa.library.mending import mend, warn_of
from qa.library.trained_encoder import forget_encoders, own_encoder
from qa.reading.calibration_file import forget
from qa.settings import Settings

_VANISHED = ReadError(
    "文件在读到它之前不见了。请检查它所在的磁盘或文件夹，再运行一次。",
    "The file vanished before its turn came. Check its disk or folder, and run this again.",
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A collection that is up to date with its files.

    `files` says what became of every file, `read` how many of them had to be read this time, `vanished` how many were
    there when reading began and gone when their turn came.
    """

    collection: Collection
    folder: Path
    files: tuple[FileRecord, ...]
    read: int = 0
    change: Change = field(default_factory=Change)
    vanished: int = 0

    @property
    def problems(self) -> tuple[FileRecord, ...]:
        """The files that could not be read, or not in full. A set of questions is not meant to be read as articles."""
        return tuple(record for record in self.files if record.problem and not isinstance(record.problem, NotArticles))


def update(
    folder: Path, roots: Sequence[Path], settings: Settings, progress: Progress | None = None, anew: bool = False
) -> Indexed:
    """Bring the collection in `folder` up to date with the files under `roots` (absolute paths); with `anew`, make it.

    Articles of files elsewhere stay. Raises ReadError where a root is not there or no article is left, CollectionBusy
    at once where another process writes, and the errors of `Collection.open`. What is damaged is mended first.
    """
    stamps = stamps_below(roots, but=folder)
    collection = None if anew else _open_if_there(folder, settings, progress)
    records = load_records(folder) if collection else {}
    changed = {path for path, stamp in stamps.items() if path not in records or records[path].stamp != stamp}
    vanished = {path for path in records if path not in stamps and any(path.is_relative_to(root) for root in roots)}
    if collection and not changed and not vanished:
        return Indexed(collection, folder, _shown(records, stamps))

    if collection is None:
        if not anew and load_records(folder):
            # What was made for a collection that is gone; a collection is built only where nothing else lies.
            forget(folder)
            forget_encoders(folder)
        forget_records(folder)
    owners = {article: path for path, record in records.items() for article in record.articles}
    fresh = {path: FileRecord(path, stamps[path], (), Repairs()) for path in sorted(changed)}
    articles = _read(roots, fresh, owners, progress)
    collection, change = _put_in(collection, folder, articles, fresh, settings, progress)
    now = {path: record for path, record in records.items() if path not in vanished} | fresh
    change = _take_out(collection, records, now, change)
    save_records(folder, now.values())
    gone = sum(record.problem is _VANISHED for record in fresh.values())
    return Indexed(collection, folder, _shown(now, stamps), len(_shown(fresh, fresh)), change, gone)


def stamps_below(roots: Sequence[Path], but: Path | None = None) -> dict[Path, Stamp]:
    """How every file under `roots` but not under `but` looks now. Raises ReadError where a root is not there."""
    stamps: dict[Path, Stamp] = {}

    def note(path: Path) -> bool:
        if not (but and path.is_relative_to(but)):
            stamps[path] = stamp_of(path)
        return True

    for _ in read_files(*roots, skip=note):
        pass
    missing = [root for root in roots if not root.exists()]
    if missing:
        raise ReadError(
            f"没有 {missing[0]} 这个文件或文件夹。请检查路径。",
            f"There is no file or folder {missing[0]}. Check the path.",
        )
    return stamps


def _shown(records: Mapping[Path, FileRecord], stamps: Iterable[Path]) -> tuple[FileRecord, ...]:
    """The records of the files that are there; files that hold no articles and are none are left out."""
    return tuple(records[path] for path in stamps if records[path].articles or records[path].problem)


def _open_if_there(folder: Path, settings: Settings, progress: Progress | None) -> Collection | None:
    try:
        collection = Collection.open(folder)
        if not collection.problems:
            return collection
        collection.close()
    except CollectionNotFound:
        return None
    except CollectionDamaged:
        warn_of(folder, mend(folder, settings, progress), settings)
        return Collection.open(folder)
    # What lies behind the last whole generation is stale; it will do only where nothing better can be written.
    with suppress(CollectionReadOnly, CollectionBusy):
        warn_of(folder, mend(folder, settings, progress), settings)
    return Collection.open(folder)


def _read(
    roots: Sequence[Path], fresh: dict[Path, FileRecord], owners: Mapping[str, Path], progress: Progress | None
) -> Iterator[Article]:
    """The articles of the files that `fresh` has; what becomes of each file is put there.

    An id that `owners` says to be of another file's article, as can happen when folders are put in one after the
    other, gets a number. Reports the stage "files" in bytes: whatever else is done with an article is done before the
    next one is asked for.
    """
    total = sum(record.stamp[0] for record in fresh.values())
    done = 0
    for result in read_files(*roots, skip=lambda path: path not in fresh):
        size = fresh[result.path].stamp[0]
        articles = [replace(article, id=_free(article.id, result.path, owners)) for article in result.articles]
        ids = tuple(article.id for article in articles)
        fresh[result.path] = replace(fresh[result.path], articles=ids, repairs=result.repairs, problem=result.problem)
        for number, article in enumerate(articles):
            if progress:
                progress("files", done + size * number // len(articles), total)
            yield article
        done += size
    for path, record in fresh.items():
        if not record.articles and not path.exists():
            fresh[path] = replace(record, problem=_VANISHED)
    if progress:
        progress("files", total, total)


def _free(article_id: str, path: Path, owners: Mapping[str, Path]) -> str:
    free, number = article_id, 1
    while owners.get(free, path) != path:
        number += 1
        free = f"{article_id}~{number}"
    return free


def _put_in(
    collection: Collection | None,
    folder: Path,
    articles: Iterator[Article],
    fresh: Mapping[Path, FileRecord],
    settings: Settings,
    progress: Progress | None,
) -> tuple[Collection, Change]:
    if collection:
        return collection, collection.add(articles, progress=progress)
    first = next(articles, None)
    if first is None:
        raise _nothing_read(fresh.values())
    # What is made again because it was damaged keeps the encoder that was trained for it.
    encoder = load_encoder(own_encoder(folder) or settings.encoder, downloads=settings.downloads)
    read = chain([first], articles)
    collection = Collection.build(folder, read, encoder=encoder, progress=progress, index=settings.index)
    return collection, Change(added=tuple(summary.id for summary in collection.articles()))


def _take_out(
    collection: Collection, before: Mapping[Path, FileRecord], now: Mapping[Path, FileRecord], change: Change
) -> Change:
    """Remove the articles that no file gives any more."""
    staying = {article for record in now.values() for article in record.articles}
    if not staying:
        raise _nothing_read(now.values())
    there = {summary.id for summary in collection.articles()}
    once = (article for record in before.values() for article in record.articles)
    gone = [article for article in dict.fromkeys(once) if article in there and article not in staying]
    if not gone:
        return change
    removed = collection.remove(gone).removed
    return Change(change.added, change.updated, change.unchanged, change.removed + removed)


def _nothing_read(files: Iterable[FileRecord]) -> ReadError:
    problems = [record.problem for record in files if record.problem][:3]
    return ReadError(
        "没有读到任何文章。" + (" ".join(problem.chinese for problem in problems) or "请检查给出的文件或文件夹。"),
        "No article could be read. " + (" ".join(problem.english for problem in problems) or "Check the paths given."),
    )
