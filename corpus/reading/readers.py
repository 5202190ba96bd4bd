"""Files and folders in, articles out.

Knows which reader belongs to which kind of file, and that one bad file must not stop the others. Knows nothing of
passages or of what is done with the articles. One file is in memory at a time.
"""

from __future__ import annotations

import gzip
import logging
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article
from corpus.errors import ReadError, WenjuError
from corpus.reading.file_kinds import READERS, Contents, reader_for
from corpus.reading.formats import LARGEST, too_large
from corpus.reading.records import NotArticles
from corpus.repair.cleaning import Repairs

_KINDS = " ".join(READERS)
NOT_ARTICLES = ".not-articles"
"""A folder with a file of this name holds something else than articles, such as a report."""
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

    In a folder, hidden files, files of unknown kinds, sets of questions and folders marked by a file of the name
    NOT_ARTICLES (reports of ours) are passed over. Nothing is raised for a file that cannot be read: its result has no
    articles and says why. The id of an article is the path of its file below the folder that was named, with "#" and
    the row or the number where a file holds several; ids are unique within a call. A file for which `skip` is true is
    named like the others, but not read, and gives no result.
    """
    seen: set[str] = set()
    names: set[str] = set()
    ids: set[str] = set()
    for given in map(Path, paths):
        for path, relative in _files(given):
            # Unlike Path.resolve, this takes a link that points at itself for a file like any other.
            if (real := os.path.realpath(path)) in seen:
                continue
            seen.add(real)
            name = _unused(relative, names)
            result = None if skip(path) else _read_file(path, name, named=path == given)
            if result is not None:
                yield replace(result, articles=tuple(replace(a, id=_unused(a.id, ids)) for a in result.articles))


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
        f"{path} 里没有能读的文章（{len(problems)} 个文件读不了）。可以读的有 {_KINDS}。",
        f"No article could be read in {path} ({len(problems)} files failed). What can be read: {_KINDS}.",
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
            if not _is_hidden(name) and reader_for(name):
                yield path, _printable(path.relative_to(given).as_posix())
    for error in closed:
        path = Path(error.filename)
        yield path, _printable(path.relative_to(given).as_posix())


def _printable(name: str) -> str:
    """The name with U+FFFD for bytes that are not UTF-8, so that it can be stored."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def _is_hidden(name: str) -> bool:
    # "~$" begins the name of the lock file that Word leaves beside an open document.
    return name.startswith((".", "~$", "__MACOSX"))


def _read_file(path: Path, name: str, *, named: bool) -> FileResult | None:
    """What the file at `path` gives; None for a set of questions, unless a person `named` this very file."""
    problem: WenjuError | None
    try:
        contents = _contents(path, name)
        return FileResult(path, tuple(contents.articles), contents.repairs, _joined(contents.problems))
    except NotArticles as error:
        if not named:
            return None
        problem = error
    except WenjuError as error:
        problem = error
    except OSError as error:
        reason = error.strerror or str(error)
        problem = ReadError(
            f"读不了这个文件：{reason}。请检查路径和权限。",
            f"This file cannot be read: {reason}. Check the path and the permissions.",
        )
    except Exception as error:
        # Parsers of foreign formats raise all kinds of things on damaged files, and the other files must still be
        # read. A fault of our own would come here too, so it is logged in full.
        _log.exception("reading %s", path)
        reason = f"{type(error).__name__}: {error}"
        problem = ReadError(
            f"读这个文件时出了意外（{reason}）。请换一种格式另存后再试。",
            f"Reading this file failed unexpectedly ({reason}). Save it in another format and try again.",
        )
    return FileResult(path, (), Repairs(), problem)


def _contents(path: Path, name: str) -> Contents:
    """The articles of the file, at least one. Raises ReadError, or whatever its reader raises."""
    if not path.exists():
        raise ReadError(f"没有这个文件：{path}。请检查路径。", f"There is no such file: {path}. Check the path.")
    if not path.is_file():
        raise ReadError(
            f"{path} 不是普通文件，或者是打不开的文件夹，没有读。请检查权限。",
            f"{path} is no regular file, or a folder that cannot be opened, and was not read. Check the permissions.",
        )
    reader = reader_for(path.name)
    if reader is None:
        kind = "".join(path.suffixes[-2:]) or path.name
        raise ReadError(
            f"不认识的文件类型 {kind}。可以读的有 {_KINDS}，文本类的也可以是 .gz。请另存为其中一种。",
            f"Unknown kind of file {kind}. Known are {_KINDS}, those of plain text also as .gz. Save it as one.",
        )
    contents = reader(_bytes(path), name)
    if not any(article.text.strip() for article in contents.articles):
        raise ReadError(
            "里面没有找到文章。请确认文件里有成段的文字。", "No article was found in it. Make sure that it holds text."
        )
    return contents


def _bytes(path: Path) -> bytes:
    """The bytes of the file, unpacked. Raises ReadError if there are more than LARGEST, or the packing is broken."""
    size = path.stat().st_size
    if size > LARGEST:
        raise too_large(size)
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            data = file.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(
            "压缩文件不完整或已损坏，解不开。请重新下载或重新压缩。",
            f"The compressed file is cut off or damaged ({error}). Download or compress it again.",
        ) from error
    if len(data) > LARGEST:
        raise too_large(len(data))
    return data


def _joined(problems: Sequence[ReadError]) -> ReadError | None:
    """Several problems of one file as one."""
    if len(problems) < 2:
        return problems[0] if problems else None
    return ReadError("".join(p.chinese for p in problems), " ".join(p.english for p in problems))


def _unused(name: str, used: set[str]) -> str:
    """`name`, with a number if it is in `used`; it is added there."""
    unique, number = name, 1
    while unique in used:
        number += 1
        unique = f"{name}~{number}"
    used.add(unique)
    return unique
