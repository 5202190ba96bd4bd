"""Which files the generations of a collection share, rather than have a copy each.

A small file is copied: what is damaged in one generation is then whole in the one before. A large one that never
changes is given a second name, and what comes later is kept beside it until that is an eighth of it; then all is
written anew. So what a change costs hardly grows with the collection. Knows files, not what is in them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHARED_FROM = 8 << 20
"""Bytes from which on a file is shared."""
_SHARE = 8


def is_shared(path: Path) -> bool:
    """Whether the file at `path` is large enough to be shared, if there is one."""
    return path.exists() and path.stat().st_size >= SHARED_FROM


def worth_writing_anew(beside: int, whole: int) -> bool:
    """Whether what is kept beside a whole is more than an eighth of it."""
    return beside * _SHARE > whole


def link(source: Path, target: Path) -> None:
    """Put the unchanging file `source` also at `target`: as a second name where the disk can, else as a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def hand_on(source: Path, target: Path) -> None:
    """Put the unchanging file `source` also at `target`: shared if it is large, else as a copy."""
    if is_shared(source):
        link(source, target)
    else:
        shutil.copyfile(source, target)
