"""What is remembered of the files that a collection was made from: `files.json` in the collection's folder.

Knows how a file is recognised as changed and how records are kept on disk. Knows nothing of how files are read or
indexed, nor of what is done about a change.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import corpus
from corpus.errors import ReadError, WenjuError
from corpus.reading.records import NotArticles
from corpus.repair.cleaning import Repairs

NAME = "files.json"
Stamp = tuple[int, int, int]
NEVER: Stamp = (0, 0, 0)
"""The stamp of a file that is not there, or has to be read again whatever it looks like."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file as it was last read: the ids of its articles, what was repaired, or why it could not be read.

    `stamp` is size in bytes, time of last change of content and of attributes in nanoseconds; the latter shows that
    a file which nobody could read was given another owner or mode.
    """

    path: Path
    stamp: Stamp
    articles: tuple[str, ...]
    repairs: Repairs
    problem: WenjuError | None = None


def stamp_of(path: Path) -> Stamp:
    """How `path` looks now; zeros for one that is not there any more."""
    try:
        status = path.stat()
    except OSError:
        return NEVER
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@cache
def reading_code() -> str:
    """A checksum of the code that reads and repairs articles: where it changed, every file has to be read again."""
    code = hashlib.sha256()
    for module in sorted(Path(corpus.__file__).parent.rglob("*.py")):
        code.update(module.read_bytes())
    return code.hexdigest()[:16]


def load_records(folder: Path) -> dict[Path, FileRecord]:
    """The records of the collection in `folder`; none where there are none that can be used.

    Where they were made by other reading code their stamps are zeros, so that every file counts as changed.
    """
    try:
        plain = json.loads((folder / NAME).read_text(encoding="utf-8"))
        current = plain["code"] == reading_code()
        records = [_record(path, row, current) for path, row in plain["files"].items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {record.path: record for record in records}


def save_records(folder: Path, records: Iterable[FileRecord]) -> None:
    """Keep `records` in `folder`, in one step."""
    files = {str(record.path): _row(record) for record in records}
    beside = folder / f"{NAME}.{os.getpid()}"
    # Names of files need not be valid UTF-8: "surrogatepass" would not be read back, escapes are.
    beside.write_text(json.dumps({"code": reading_code(), "files": files}), encoding="utf-8")
    beside.replace(folder / NAME)


def forget_records(folder: Path) -> None:
    """Take the records out of `folder`: a collection is built only where nothing else lies."""
    for leftover in folder.glob(f"{NAME}*"):
        leftover.unlink(missing_ok=True)


def _row(record: FileRecord) -> dict[str, object]:
    row: dict[str, object] = {"stamp": record.stamp, "articles": record.articles}
    repairs = {name: count for name, count in asdict(record.repairs).items() if count}
    if repairs:
        row["repairs"] = repairs
    if record.problem:
        row["problem"] = [record.problem.chinese, record.problem.english]
        if isinstance(record.problem, NotArticles):
            row["passed_over"] = True
    return row


def _problem(row: Mapping[str, Any]) -> WenjuError | None:
    if not row.get("problem"):
        return None
    return (NotArticles if row.get("passed_over") else ReadError)(*row["problem"])


def _record(path: str, row: Mapping[str, Any], current: bool) -> FileRecord:
    size, content, attributes = row["stamp"]
    return FileRecord(
        path=Path(path),
        stamp=(size, content, attributes) if current else NEVER,
        articles=tuple(row["articles"]),
        repairs=Repairs(**row.get("repairs", {})),
        problem=_problem(row),
    )
