"""Which collection goes with which files: indexes kept under the person's data folder and brought up to date.

Knows where indexes are kept and when a file has to be read again. Knows nothing of how files are read, of how an
index looks on disk, or of questions.

A process killed between index and records costs some files a second reading, nothing else: articles that are already
there are recognised by their content.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

import corpus
from corpus.article import Article
from corpus.errors import CollectionBusy, CollectionDamaged, CollectionNotFound, EncoderMismatch, ReadError
from corpus.readers import find_files, read_files
from embeddings.collection import Collection, Progress
from embeddings.encoder import load_encoder
from embeddings.hit import Change
from qa.file_records import FileRecord, Stamp, forget_records, load_records, save_records, stamp_of
from qa.settings import Settings

WAIT_SECONDS = 300.0
SAMPLE_ARTICLES = Path(corpus.__file__).parent / "articles"
OFFERED = 4
SAMPLE_QUESTIONS = SAMPLE_ARTICLES / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A collection that is up to date with its files.

    `files` says what became of every file, `read` how many of them had to be read this time.
    """

    collection: Collection
    folder: Path
    files: tuple[FileRecord, ...]
    read: int = 0
    change: Change = field(default_factory=Change)

    @property
    def problems(self) -> tuple[FileRecord, ...]:
        """The files that could not be read."""
        return tuple(record for record in self.files if record.problem)


def open_collection(path: Path | str) -> Collection:
    """The collection in the folder `path`. Raises CollectionNotFound and the other errors of `Collection.open`."""
    return Collection.open(Path(path).expanduser())


def sample_collection(settings: Settings | None = None, progress: Progress | None = None) -> Collection:
    """The collection of the articles that ship with the program, indexed on the first call."""
    return _kept("sample", [SAMPLE_ARTICLES], settings or Settings.from_environment(), progress).collection


def sample_questions() -> tuple[str, ...]:
    """Questions that the sample articles answer, as many as a person may want to see at once."""
    with SAMPLE_QUESTIONS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    answerable = [str(row["question"]) for row in rows if row["answerable"]]
    return tuple(answerable[:: max(1, len(answerable) // OFFERED)][:OFFERED])


def collection_for(
    paths: Path | str | Sequence[Path | str], settings: Settings | None = None, progress: Progress | None = None
) -> Collection:
    """The collection of the articles under `paths` (a file, a folder, or several), kept and brought up to date.

    Files that cannot be read are named in a warning. Raises ReadError where no article can be read.
    """
    indexed = index(paths, settings=settings, progress=progress)
    if indexed.problems and indexed.read:
        names = "、".join(record.path.name for record in indexed.problems[:5])
        warnings.warn(f"{len(indexed.problems)} 个文件没有读成（could not be read）：{names}", stacklevel=2)
    return indexed.collection


def index(
    paths: Path | str | Sequence[Path | str],
    *,
    to: Path | str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Indexed:
    """Bring a collection up to date with the files under `paths`: new, changed and vanished ones.

    The collection is the one in the folder `to`, whose articles from elsewhere stay; without `to`, one kept for
    exactly these paths and this encoder. Raises ReadError where a path is not there or no article can be read,
    CollectionBusy where another process writes for longer than WAIT_SECONDS.
    """
    settings = settings or Settings.from_environment()
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    roots = sorted({Path(path).expanduser().resolve() for path in given})
    if to is None:
        return _kept(_key(roots, settings), roots, settings, progress)
    folder = Path(to).expanduser().resolve()
    return _patiently(lambda: _update(folder, roots, settings, progress))


def kept_folder(paths: Sequence[Path | str], settings: Settings) -> Path:
    """Where the collection of `paths` is kept, whether or not it has been made."""
    roots = sorted({Path(path).expanduser().resolve() for path in paths})
    return settings.home / "collections" / _key(roots, settings)


def _key(roots: Sequence[Path], settings: Settings) -> str:
    named = json.dumps([settings.encoder, *map(str, roots)])
    stem = re.sub(r"[^\w-]+", "-", roots[0].stem if roots else "")[:40]
    return f"{stem}-{hashlib.sha256(named.encode()).hexdigest()[:12]}"


def _kept(key: str, roots: Sequence[Path], settings: Settings, progress: Progress | None) -> Indexed:
    """The collection `key` under the home folder; under a temporary one where that cannot be written to."""
    folder = settings.home / "collections" / key
    try:
        return _patiently(lambda: _update(folder, roots, settings, progress))
    except (CollectionDamaged, EncoderMismatch):
        # It is ours and can be made again.
        return _patiently(lambda: _update(folder, roots, settings, progress, anew=True))
    except CollectionBusy:
        # What was there before the other process began is better than nothing.
        return Indexed(open_collection(folder), folder, tuple(load_records(folder).values()))
    except OSError as problem:
        folder = _temporary_folder() / key
        warnings.warn(
            f"不能写入 {settings.home}（{problem.strerror}），索引暂放在 {folder}，程序结束就删除；"
            f"用 WENJU_HOME 指定一个可写的文件夹。"
            if settings.language == "zh"
            else f"{settings.home} cannot be written to ({problem.strerror}); the index is kept in {folder} until the "
            f"program ends. Name a writable folder with WENJU_HOME.",
            stacklevel=4,
        )
        return _update(folder, roots, settings, progress)


@cache
def _temporary_folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="wenju-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _patiently(work: Callable[[], Indexed]) -> Indexed:
    """`work`, again and again while another process writes to the same collection; then what that one did is used."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return work()
        except CollectionBusy:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _update(
    folder: Path, roots: Sequence[Path], settings: Settings, progress: Progress | None, anew: bool = False
) -> Indexed:
    stamps = {path: stamp_of(path) for path in find_files(*roots) if path != SAMPLE_QUESTIONS}
    records = {} if anew else load_records(folder)
    collection = None if anew else _open_if_there(folder)
    if collection is None:
        records = {}
        forget_records(folder)
    changed = [path for path, stamp in stamps.items() if path not in records or records[path].stamp != stamp]
    vanished = [path for path in records if path not in stamps and any(path.is_relative_to(root) for root in roots)]
    if collection and not changed and not vanished:
        return Indexed(collection, folder, tuple(records[path] for path in stamps))

    fresh: list[FileRecord] = []
    articles = _read(changed, stamps, fresh, progress)
    collection, change = _put_in(collection, folder, articles, fresh, settings, progress)
    now = {path: record for path, record in records.items() if path not in vanished}
    now |= {record.path: record for record in fresh}
    change = _take_out(collection, records, now, change)
    save_records(folder, now.values())
    return Indexed(collection, folder, tuple(now[path] for path in stamps), len(changed), change)


def _open_if_there(folder: Path) -> Collection | None:
    try:
        return open_collection(folder)
    except CollectionNotFound:
        return None


def _read(
    paths: Sequence[Path], stamps: dict[Path, Stamp], fresh: list[FileRecord], progress: Progress | None
) -> Iterator[Article]:
    """The articles of `paths`; what became of each file is put into `fresh`.

    Reports the stage "files" in bytes: whatever else is done with an article is done before the next one is asked for.
    """
    total = sum(stamps[path][0] for path in paths)
    done = 0
    for path in paths:
        size = stamps[path][0]
        for result in read_files(path):
            ids = tuple(article.id for article in result.articles)
            fresh.append(FileRecord(path, stamps[path], ids, result.repairs, result.problem))
            for number, article in enumerate(result.articles):
                if progress:
                    progress("files", done + size * number // len(ids), total)
                yield article
        done += size
    if progress:
        progress("files", total, total)


def _put_in(
    collection: Collection | None,
    folder: Path,
    articles: Iterator[Article],
    fresh: Sequence[FileRecord],
    settings: Settings,
    progress: Progress | None,
) -> tuple[Collection, Change]:
    if collection:
        return collection, collection.add(articles, progress=progress)
    first = next(articles, None)
    if first is None:
        raise _nothing_read(fresh)
    encoder = load_encoder(settings.encoder, downloads=settings.downloads)
    collection = Collection.build(folder, chain([first], articles), encoder=encoder, progress=progress)
    return collection, Change(added=tuple(summary.id for summary in collection.articles()))


def _take_out(
    collection: Collection, before: dict[Path, FileRecord], now: dict[Path, FileRecord], change: Change
) -> Change:
    """Remove the articles that no file gives any more."""
    staying = {article for record in now.values() for article in record.articles}
    if not staying:
        raise _nothing_read(tuple(now.values()))
    there = {summary.id for summary in collection.articles()}
    once = (article for record in before.values() for article in record.articles)
    gone = [article for article in dict.fromkeys(once) if article in there and article not in staying]
    if not gone:
        return change
    removed = collection.remove(gone).removed
    return Change(change.added, change.updated, change.unchanged, change.removed + removed)


def _nothing_read(files: Sequence[FileRecord]) -> ReadError:
    problems = [record.problem for record in files if record.problem][:3]
    return ReadError(
        "没有读到任何文章。" + (" ".join(problem.chinese for problem in problems) or "请检查给出的文件或文件夹。"),
        "No article could be read. " + (" ".join(problem.english for problem in problems) or "Check the paths given."),
    )
