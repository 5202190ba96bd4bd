"""Which collection goes with which files: indexes kept under the person's data folder and brought up to date.

Knows where indexes are kept, and what to do where that place is busy, damaged or cannot be written to. How a collection
is brought up to date is the business of `qa.library.updating`. Knows nothing of questions, beyond the samples that
ship.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import corpus
from corpus.errors import CollectionBusy, CollectionDamaged, CollectionReadOnly, EncoderMismatch, InputError
from embeddings.collections.collection import Collection
from embeddings.collections.indexing import Progress
from embeddings.collections.together import AnyCollection, Together
from qa.library.file_records import load_records
from qa.library.updating import Indexed, stamps_below, update
from qa.settings import Settings

WAIT_SECONDS = 300.0
SAMPLE_ARTICLES = Path(corpus.__file__).parent / "articles"
OFFERED = 4
SAMPLE_QUESTIONS = SAMPLE_ARTICLES / "questions.jsonl"


def open_collection(path: Path | str) -> Collection:
    """The collection in the folder `path`. Raises CollectionNotFound and the other errors of `Collection.open`."""
    return Collection.open(Path(path).expanduser())


def open_collections(folders: Path | str | Sequence[Path | str]) -> AnyCollection:
    """The collection in a folder, or those in several, searched as one. Raises as `open_collection` does."""
    given = [folders] if isinstance(folders, Path | str) else list(folders)
    places = dict.fromkeys(Path(each).expanduser().resolve() for each in given)
    with ExitStack() as opening:
        opened = [opening.enter_context(open_collection(folder)) for folder in places]
        opening.pop_all()
    return opened[0] if len(opened) == 1 else Together(opened)


def sample_collection(settings: Settings | None = None, progress: Progress | None = None) -> Collection:
    """The collection of the articles that ship with the program, indexed on the first call."""
    settings = settings or Settings.from_environment()
    return _kept(_key([SAMPLE_ARTICLES], settings), [SAMPLE_ARTICLES], settings, progress).collection


def sample_folder(settings: Settings) -> Path:
    """Where the sample collection is kept, whether or not it has been made."""
    return settings.home / "collections" / _key([SAMPLE_ARTICLES], settings)


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
        warnings.warn(
            f"{len(indexed.problems)} 个文件没有读成或没有读全（not read, or not in full）：{names}", stacklevel=2
        )
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
    roots = _roots(paths)
    if to is None:
        return _kept(_key(roots, settings), roots, settings, progress)
    folder = Path(to).expanduser().resolve()
    if folder in roots:
        raise InputError(
            f"{folder} 是文章所在的文件夹，索引不能放在同一个文件夹里。请给 --to 另一个文件夹，例如 {folder}-索引。",
            f"{folder} is the folder of the articles; the index cannot lie in the same one. Name another folder, such "
            f"as {folder}-index.",
        )
    try:
        return _whatever_it_takes(folder, roots, settings, progress)
    except OSError as problem:
        raise InputError(
            f"索引不能写到 {folder}（{problem.strerror}）。请换一个可写的文件夹。",
            f"The index cannot be written to {folder} ({problem.strerror}). Choose a writable folder.",
        ) from problem


def folder_for(paths: Path | str | Sequence[Path | str], settings: Settings) -> Path:
    """Where the collection of exactly these paths is kept, whether or not it has been made."""
    return settings.home / "collections" / _key(_roots(paths), settings)


def state_of(paths: Path | str | Sequence[Path | str]) -> str:
    """A checksum of how the files under `paths` look now: while it stays the same, no index of them is out of date."""
    given = [paths] if isinstance(paths, str | Path) else paths
    return _short_hash(repr(stamps_below([Path(path).expanduser().resolve() for path in given])))


def _roots(paths: Path | str | Sequence[Path | str]) -> list[Path]:
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    return sorted({Path(path).expanduser().resolve() for path in given})


def _key(roots: Sequence[Path], settings: Settings) -> str:
    named = json.dumps([settings.encoder, *filter(None, [settings.index]), *map(str, roots)])
    stem = re.sub(r"[^\w-]+", "-", roots[0].stem if roots else "")[:40]
    return f"{stem}-{_short_hash(named)}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _kept(key: str, roots: Sequence[Path], settings: Settings, progress: Progress | None) -> Indexed:
    """The collection `key` under the home folder; under a temporary one where that cannot be written to."""
    folder = settings.home / "collections" / key
    try:
        return _whatever_it_takes(folder, roots, settings, progress)
    except EncoderMismatch:
        # It is ours and can be made again.
        return _patiently(lambda: update(folder, roots, settings, progress, anew=True))
    except CollectionBusy:
        # What was there before the other process began is better than nothing.
        return Indexed(open_collection(folder), folder, tuple(load_records(folder).values()))
    except (OSError, CollectionReadOnly) as problem:
        reason = getattr(problem.__cause__ or problem, "strerror", "")
        folder = _temporary_folder() / key
        warnings.warn(
            f"不能写入 {settings.home}（{reason}），索引暂放在 {folder}，程序结束就删除；"
            f"用 WENJU_HOME 指定一个可写的文件夹。"
            if settings.language == "zh"
            else f"{settings.home} cannot be written to ({reason}); the index is kept in {folder} until the "
            f"program ends. Name a writable folder with WENJU_HOME.",
            stacklevel=4,
        )
        return update(folder, roots, settings, progress)


def _whatever_it_takes(folder: Path, roots: Sequence[Path], settings: Settings, progress: Progress | None) -> Indexed:
    """The collection brought up to date; made anew of these files alone where nothing could be saved of it."""
    try:
        return _patiently(lambda: update(folder, roots, settings, progress))
    except CollectionDamaged:
        return _patiently(lambda: update(folder, roots, settings, progress, anew=True))


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
