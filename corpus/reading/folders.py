"""Files and folders in, articles out.

Knows which files lie in a folder, which are read in this process and which in another, and that results come in the
order of the files. Knows nothing of passages or of what is done with the articles.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article
from corpus.errors import ReadError, WenjuError
from corpus.reading.file_kinds import KNOWN, is_known, suffix_of
from corpus.reading.files import Outcome, read_file
from corpus.reading.records import NotArticles
from corpus.reading.workers import workers
from corpus.repair.cleaning import Repairs

NOT_ARTICLES = ".not-articles"
"""A folder with a file of this name holds something else than articles, such as a report."""
_PLAIN = frozenset({".txt", ".md", ".markdown", ".json", ".jsonl", ".csv", ".tsv"})
_SMALL = 1024**2
"""Bytes up to which a file of plain text is read in this process."""
_AHEAD = 64
_BYTES_AHEAD = 64 * 1024**2
"""How many files, and how many bytes of them, may be in work or done before the first of them is asked for."""
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. A file may give articles and still have a problem, such as a broken line among good ones."""

    path: Path
    articles: tuple[Article, ...]
    repairs: Repairs
    problem: WenjuError | None = None


def read_files(
    *paths: str | os.PathLike[str], skip: Callable[[Path], bool] = lambda path: False
) -> Iterator[FileResult]:
    """Read files and folder trees, one result per file, in sorted order; a file named twice is read once.

    In a folder, hidden files, what the system keeps there and folders marked by a file of the name NOT_ARTICLES
    (reports of ours) are passed over. Every other file has its result: nothing is raised for one that cannot be read,
    or is of a kind that is not; its result has no articles and says why. The problem of a set of questions is of the
    kind NotArticles, which is no fault. The id of an article is the path of its file below the folder that was named,
    with "#" and the row or the number where a file holds several; ids are unique within a call. A file for which `skip`
    is true is named like the others, but not read, and gives no result.
    """
    ids: set[str] = set()
    for path, outcome in _outcomes(_chosen(paths, skip)):
        articles = tuple(replace(article, id=_unused(article.id, ids)) for article in outcome.articles)
        yield FileResult(path, articles, outcome.repairs, outcome.problem)


def read_articles(path: str | os.PathLike[str]) -> Iterator[Article]:
    """The articles of a file or folder tree. Files that cannot be read are logged and passed over.

    Raises ReadError if there is no such path, or no file below it gave an article.
    """
    problems: list[WenjuError] = []
    found = False
    for result in read_files(path):
        if result.problem is not None:
            problems.append(result.problem)
            _log.warning("%s: %s", result.path, result.problem.english)
        found = found or bool(result.articles)
        yield from result.articles
    if found:
        return
    if len(problems) == 1:
        raise problems[0]
    raise ReadError(
        f"{path} 里没有能读的文章（{len(problems)} 个文件读不了）。可以读的有 {KNOWN}。",
        f"No article could be read in {path} ({len(problems)} files failed). What can be read: {KNOWN}.",
    )


def _chosen(
    paths: tuple[str | os.PathLike[str], ...], skip: Callable[[Path], bool]
) -> Iterator[tuple[Path, str, bool]]:
    """The files to be read, each with what it is called and whether a person named this very file."""
    seen: set[str] = set()
    names: set[str] = set()
    for given in map(Path, paths):
        for path, relative in _files(given):
            # Unlike Path.resolve, this takes a link that points at itself for a file like any other.
            if (real := os.path.realpath(path)) in seen:
                continue
            seen.add(real)
            name = _unused(relative, names)
            if not skip(path):
                yield path, name, path == given


def _outcomes(files: Iterator[tuple[Path, str, bool]]) -> Iterator[tuple[Path, Outcome]]:
    """What becomes of each file, in their order; other processes read ahead."""
    waiting: deque[tuple[Path, str, int, Future[Outcome] | None]] = deque()
    size_ahead = 0
    try:
        for path, name, named in files:
            if not named and not _is_readable(path):
                waiting.append((path, name, 0, _done(Outcome((), Repairs(), _unread(path)))))
            else:
                size = _size(path)
                # Plain text can do no harm that a limit would stop, and a process is slower than small files are.
                here = size <= _SMALL and suffix_of(name) in _PLAIN and not name.lower().endswith(".gz")
                waiting.append((path, name, size, None if here else workers().submit(path, name, size)))
                size_ahead += size
            while waiting and (len(waiting) > _AHEAD or size_ahead > _BYTES_AHEAD):
                size_ahead -= waiting[0][2]
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        for *_, future in waiting:
            if future is not None:
                future.cancel()


def _result(path: Path, name: str, size: int, future: Future[Outcome] | None) -> tuple[Path, Outcome]:
    return path, (read_file(path, name) if future is None else future.result())


def _done(outcome: Outcome) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_readable(path: Path) -> bool:
    """Whether a file is of a kind that is read: by its name, or by its bytes where the name says nothing."""
    if is_known(path.name) or not path.is_file():
        return True
    if path.suffix and not path.suffix[1:].isdigit():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        return False
    return head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf"))


def _unread(path: Path) -> ReadError:
    kind = path.suffix or path.name
    return ReadError(
        f"不认识的文件类型 {kind}，没有读。请另存为能读的类型，如 .docx、.pdf、.xlsx 或 .txt。",
        f"Unknown kind of file {kind}, not read. Save it as a kind that is, such as .docx, .pdf, .xlsx or .txt.",
    )


def _files(given: Path) -> Iterator[tuple[Path, str]]:
    """The files to be read at a path, each with its name below it; and the folders that cannot be listed."""
    if not given.is_dir():
        yield given, _printable(given.name)
        return
    closed: list[OSError] = []
    for folder, folders, files in os.walk(given, onerror=closed.append):
        if NOT_ARTICLES in files:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(files):
            path = Path(folder, name)
            if not _is_hidden(name):
                yield path, _printable(path.relative_to(given).as_posix())
    for error in closed:
        path = Path(error.filename)
        yield path, _printable(path.relative_to(given).as_posix())


def _printable(name: str) -> str:
    """The name with U+FFFD for bytes that are not UTF-8 and for controls, so that it can be stored and shown."""
    text = os.fsencode(name).decode("utf-8", errors="replace")
    return "".join(c if c.isprintable() or c == "\u3000" else "\ufffd" for c in text)


def _is_hidden(name: str) -> bool:
    # "~$" begins the name of the lock file that Word leaves beside an open document.
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in _SYSTEM


def _unused(name: str, used: set[str]) -> str:
    """`name`, with a number if it is in `used`; it is added there."""
    unique, number = name, 1
    while unique in used:
        number += 1
        unique = f"{name}~{number}"
    used.add(unique)
    return unique


__all__ = ["NOT_ARTICLES", "FileResult", "NotArticles", "read_articles", "read_files"]
