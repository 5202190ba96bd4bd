"""One file: its articles, or why it cannot be read. Nothing that a parser does wrong gets past here.

Knows that files may be huge, gone or no files at all. Knows nothing of kinds of files, nor of folders.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.errors import ReadError, WenjuError
from corpus.reading import file_kinds
from corpus.reading.contents import Contents
from corpus.repair.cleaning import Repairs

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `exhausted` says that it took all memory there was."""

    articles: tuple[Article, ...]
    repairs: Repairs
    problem: WenjuError | None = None
    exhausted: bool = False


def read_file(path: Path, name: str) -> Outcome:
    """What the file at `path` gives; `name` is what people call it. Raises nothing but what ends the program."""
    problem: WenjuError
    exhausted = False
    try:
        contents = _contents(path, name)
        return Outcome(tuple(contents.articles), contents.repairs, _joined(contents.problems))
    except WenjuError as error:
        problem = error
    except OSError as error:
        reason = error.strerror or str(error)
        problem = ReadError(
            f"读不了这个文件：{reason}。请检查路径和权限。",
            f"This file cannot be read: {reason}. Check the path and the permissions.",
        )
    except MemoryError:
        exhausted = True
        problem = ReadError(
            "读这个文件要的内存太多，没有读；其他文件不受影响。请另存或分成几个文件后再试。",
            "It takes too much memory and was not read; no other file is affected. Save it again or split it.",
        )
    except Exception as error:
        # Parsers of foreign formats raise all kinds of things on damaged files, and the other files must still be
        # read. A fault of our own would come here too, so it is logged in full.
        _log.exception("reading %s", path)
        reason = f"{type(error).__name__}: {error}"[:300]
        problem = ReadError(
            f"读这个文件时出了意外（{reason}）。请换一种格式另存后再试。",
            f"Reading this file failed unexpectedly ({reason}). Save it in another format and try again.",
        )
    return Outcome((), Repairs(), problem, exhausted)


def _contents(path: Path, name: str) -> Contents:
    """The articles of the file, at least one. Raises ReadError, or whatever its reader raises."""
    if not path.exists():
        raise ReadError(f"没有这个文件：{path}。请检查路径。", f"There is no such file: {path}. Check the path.")
    if not path.is_file():
        raise ReadError(
            f"{path} 不是普通文件，或者是打不开的文件夹，没有读。请检查权限。",
            f"{path} is no regular file, or a folder that cannot be opened, and was not read. Check the permissions.",
        )
    size = path.stat().st_size
    if size > file_kinds.LARGEST:
        raise file_kinds.too_large(size)
    data = path.read_bytes()
    if path.suffix.lower() == ".gz":
        data = file_kinds.unpacked(data)
    contents = file_kinds.read_bytes(data, name, file=path.name)
    if any(article.text.strip() for article in contents.articles):
        return contents
    if contents.problems:
        raise _joined(contents.problems) or contents.problems[0]
    raise ReadError(
        "里面没有找到文章。请确认文件里有成段的文字。", "No article was found in it. Make sure that it holds text."
    )


def _joined(problems: Sequence[WenjuError]) -> WenjuError | None:
    """Several problems of one file as one."""
    if len(problems) < 2:
        return problems[0] if problems else None
    return ReadError("".join(p.chinese for p in problems), " ".join(p.english for p in problems))
