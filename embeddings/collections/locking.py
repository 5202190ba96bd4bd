"""A lock between processes: a file that one of them holds, and that says which.

The system lets go of it when the process ends, however that happens, so that no stale lock can stay.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Windows locks bytes, and locked ones cannot be read: one far behind the number that others are to read.
_LOCKED_BYTE = 1 << 16


@contextmanager
def locked(path: Path) -> Iterator[str]:
    """Hold the lock in the file `path`; gives "", or without the lock the number of the process that holds it."""
    with path.open("a+", encoding="ascii", errors="replace") as file:
        if not _take(file):
            file.seek(0)
            yield file.readline().strip() or "?"
            return
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield ""
        finally:
            _release(file)


def _take(file: IO[str]) -> bool:
    """Whether the lock could be had without waiting."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _release(file: IO[str]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
