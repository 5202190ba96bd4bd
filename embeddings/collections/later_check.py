"""The checksums of a large generation's files, read while it is already in use.

Knows files and checksums, and that somebody waits for the result. Knows nothing of what is in the files or of what is
done about damage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

from embeddings.collections.hit import StoredFile
from embeddings.collections.storage import check, note_damage


class LaterCheck:
    """Reads `files` of the generation in the folder `generation` on a thread of its own, from the start."""

    def __init__(self, generation: Path, files: Sequence[StoredFile]) -> None:
        self._problem = ""
        self._done = Event()
        if files:
            Thread(target=self._run, args=(generation, files), name="wenju-check", daemon=True).start()
        else:
            self._done.set()

    @property
    def problem(self) -> str:
        """What is wrong with the files, as far as they were read; "" where nothing is."""
        return self._problem

    def wait(self) -> str:
        """What is wrong with the files, once all of them are read."""
        self._done.wait()
        return self._problem

    def _run(self, generation: Path, files: Sequence[StoredFile]) -> None:
        try:
            problem = check(generation, (), files)
        except OSError as error:
            problem = str(error)
        # A generation that two later ones have replaced is cleared away under its readers, which is no damage.
        if problem and generation.is_dir():
            note_damage(generation, problem)
            self._problem = problem
        self._done.set()
