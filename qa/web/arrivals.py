"""Files on their way into a visitor's articles: taken from the network onto the disk, within limits, and handed on.

Knows sizes, numbers and names; each batch is a visitor's own, in a folder that nobody else on this machine reads. Knows
nothing of what is in a file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from corpus.errors import InputError

LARGEST_FILE = 200 << 20  # bytes of one file
LARGEST_BATCH = 2 << 30  # bytes of all files of a batch
MOST_FILES = 2000  # of a batch
LONGEST_NAME = 200  # bytes; file systems take 255
_BATCH = re.compile(r"[0-9a-f]{32}")
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that lies at `path`, which the visitor calls `name` (with the folders it was in, if any)."""

    path: Path
    name: str


@dataclass(slots=True)
class Arrivals:
    """The files that have come, by visitor and batch, in `folder`. May be used from many threads."""

    folder: Path
    _come: dict[tuple[str, str], dict[int, Arrived]] = field(default_factory=dict)
    _sizes: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    async def take(self, visitor: str, batch: str, number: int, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Write `chunks` to the disk as file `number` of a batch. Raises InputError where a limit is met."""
        if not _BATCH.fullmatch(batch):
            raise InputError(f"没有叫“{batch[:40]}”的一批文件。", f"There is no batch {batch[:40]!r}.")
        if not 0 <= number < MOST_FILES:
            raise InputError(
                f"一次最多放 {MOST_FILES} 个文件。请分几次放。",
                f"At most {MOST_FILES} files at once. Do it in several goes.",
            )
        shown = shown_name(name)
        folder = private_folder(self.folder / visitor / batch / str(number))
        path, size = folder / stored_name(shown), 0
        try:
            with path.open("wb") as file:
                async for chunk in chunks:
                    file.write(chunk)
                    size += len(chunk)
                    self._count((visitor, batch), len(chunk), size)
        except BaseException:
            self._count((visitor, batch), -size, 0)
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            self._come.setdefault((visitor, batch), {})[number] = Arrived(path, shown)

    def _count(self, key: tuple[str, str], more: int, size: int) -> None:
        """Note `more` bytes of a batch, of a file that has `size` so far. Raises InputError where a limit is met."""
        with self._lock:
            self._sizes[key] = self._sizes.get(key, 0) + more
            whole = self._sizes[key]
        if size > LARGEST_FILE:
            raise InputError(
                f"这个文件超过 {LARGEST_FILE >> 20} MB。请拆开，或只放要问的部分。",
                f"This file is larger than {LARGEST_FILE >> 20} MB. Split it, or put in the part to ask about.",
            )
        if size and whole > LARGEST_BATCH:
            raise InputError(
                f"这一批文件合起来超过 {LARGEST_BATCH >> 30} GB。请分几次放。",
                f"These files are more than {LARGEST_BATCH >> 30} GB together. Do it in several goes.",
            )

    def hand_on(self, visitor: str, batch: str) -> list[Arrived]:
        """The files of a batch in their order; it is over with this."""
        with self._lock:
            self._sizes.pop((visitor, batch), None)
            come = self._come.pop((visitor, batch), {})
        return [come[number] for number in sorted(come)]

    def forget(self, visitor: str, batch: str) -> None:
        """Delete what is left of a batch on the disk."""
        if _BATCH.fullmatch(batch):
            shutil.rmtree(self.folder / visitor / batch, ignore_errors=True)


def private_folder(folder: Path) -> Path:
    """`folder`, made where it is not there, which nobody else on this machine can look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def shown_name(name: str) -> str:
    """`name` as it may be shown and stored: no odd characters, no steps up, at most a few folders.

    >>> shown_name("../资料/./2021/通知.docx"), shown_name("")
    ('资料/2021/通知.docx', '未命名')
    """
    whole = name.encode("utf-8", "replace").decode()
    parts = [_ODD.sub("_", part).strip() for part in whole.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-400:].lstrip("/") or "未命名"


def stored_name(shown: str) -> str:
    """The last part of a name, no longer than a file system takes, with its ending."""
    name = shown.rsplit("/", 1)[-1]
    stem, dot, ending = name.rpartition(".")
    room = LONGEST_NAME - len(f"{dot}{ending}".encode()) if stem else LONGEST_NAME
    kept = (stem or name).encode()[: max(room, 1)].decode("utf-8", "ignore")
    return f"{kept}{dot}{ending}" if stem else kept
