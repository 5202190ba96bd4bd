"""The generation that a collection shows, and the one it falls back on where that is damaged.

Knows which errors may come of damaged files, and that the last whole generation is better than none. Knows nothing of
what is searched or changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from corpus.errors import WenjuError
from embeddings.collections import storage
from embeddings.collections.generation import Generation, open_newest
from embeddings.collections.hit import Manifest

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Current:
    """The open generation of the collection in `path`; any number of threads may read it."""

    def __init__(self, path: Path, generation: Generation, suits: Callable[[Manifest], None]) -> None:
        """`suits` raises where a generation cannot be searched with the encoder at hand."""
        self.generation = generation
        self._path = path
        self._suits = suits
        self._leaving = Lock()
        self._left: frozenset[int] = frozenset()

    def read(self, work: Callable[[Generation], _Result]) -> _Result:
        """`work` on what is open; where that turns out to be damaged, on the last generation that is whole.

        Raises CollectionDamaged where there is none.
        """
        while True:
            generation = self.generation
            if not generation.later.problem:
                try:
                    return work(generation)
                except BaseException as error:
                    if not _may_be_damage(error) or not generation.damage():
                        raise
            with self._leaving:
                if self.generation is generation:
                    self.generation = self._instead_of(generation)

    def newest(self) -> Generation:
        """The newest whole generation, every byte of it checked: what a change is to begin with."""
        base = self.generation
        # Another process may have gone on since this one was opened.
        if storage.current_number(self._path) != base.number:
            base = open_newest(self._path, self._left)
            self._suits(base.manifest)
        # What is copied from a damaged one would be given new checksums, and pass for whole.
        while base.later.wait():
            base = self._instead_of(base)
        return base

    def show_newest(self) -> None:
        """Go over to what was just written; searches under way hold the old files, which close with the last."""
        self.generation = open_newest(self._path)
        self._left = frozenset()

    def _instead_of(self, damaged: Generation) -> Generation:
        _log.warning("%s: generation %s turned out to be damaged", self._path, damaged.folder.name)
        self._left |= {damaged.number}
        found = open_newest(self._path, self._left)
        self._suits(found.manifest)
        return found


def _may_be_damage(error: BaseException) -> bool:
    """Whether `error` can come of a file that is not as it was written.

    SQLite, FAISS, zlib and Unicode each have errors of their own; tantivy panics, which is no Exception in Python.
    A KeyError says that an article is not there, and is meant.
    """
    if type(error).__name__ == "PanicException":
        return True
    return isinstance(error, Exception) and not isinstance(error, WenjuError) and type(error) is not KeyError
