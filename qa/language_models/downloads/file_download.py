"""One file on its way from a hub: a part that grows until it is whole, and the checksum of what is there of it.

Knows the part on disk, checksums, and when to try again. How bytes are had is known to `transfer`, what a file is
for to `model_download`.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from typing import IO

from qa.language_models.downloads.hubs import RemoteFile, hub_token
from qa.language_models.downloads.transfer import BUSY, NetworkTrouble, Stopped, pause, pieces

TRIES = 5  # in a row without a new byte, before a download is given up
FIRST_TRIES = 2  # where not even a first byte came: whoever waits for nothing shall not wait long
_NOT_SATISFIABLE = 416
_READ = 4 << 20


class Arriving:
    """A part of `file` in `opened`, which is open for reading and appending.

    `told` hears a stage ("checking" what is there, "downloading" the rest) and the bytes of the file that are done.
    """

    def __init__(
        self, file: RemoteFile, opened: IO[bytes], told: Callable[[str, int], None], stop: threading.Event | None
    ) -> None:
        self._file, self._opened, self._told = file, opened, told
        self._stop = stop or threading.Event()
        self._size = 0
        self._arrives = False  # whether the network has brought any of it
        self._checksum = _new_checksum(file)

    def complete(self) -> bool:
        """Go on with the part until it has all bytes; whether they are the right ones, as far as the hub tells.

        Raises NetworkTrouble after several interruptions without a new byte between them, and Stopped.
        """
        self._check_what_is_there()
        failures, furthest = 0, self._size
        while self._size < self._file.size:
            try:
                self._go_on()
            except NetworkTrouble as trouble:
                failures = 1 if self._size > furthest else failures + 1
                furthest = max(furthest, self._size)
                tries = TRIES if self._arrives or trouble.status else FIRST_TRIES
                if failures >= tries or (trouble.status and trouble.status not in (*BUSY, _NOT_SATISFIABLE)):
                    raise
                if trouble.status == _NOT_SATISFIABLE:
                    self._begin_again()
                pause(self._stop, failures)
        self._opened.flush()
        os.fsync(self._opened.fileno())
        return self._checksum.hexdigest() == (self._file.sha256 or self._file.git_sha1 or self._checksum.hexdigest())

    def _check_what_is_there(self) -> None:
        if self._opened.seek(0, os.SEEK_END) > self._file.size:
            self._begin_again()
        self._opened.seek(0)
        while piece := self._opened.read(_READ):
            if self._stop.is_set():
                raise Stopped
            self._count(piece, "checking")

    def _go_on(self) -> None:
        address = self._file.address
        for place, piece in pieces(address, start=self._size, token=hub_token(address), stop=self._stop):
            if place != self._size:
                self._begin_again()  # the server cannot begin in the middle
            self._arrives = True
            wanted = piece[: self._file.size - self._size]
            self._opened.write(wanted)
            self._count(wanted, "downloading")
            if self._size == self._file.size:
                return
        raise NetworkTrouble("the connection was closed before the end")

    def _begin_again(self) -> None:
        self._opened.truncate(0)
        self._size = 0
        self._checksum = _new_checksum(self._file)

    def _count(self, piece: bytes, stage: str) -> None:
        self._checksum.update(piece)
        self._size += len(piece)
        self._told(stage, self._size)


def _new_checksum(file: RemoteFile) -> hashlib._Hash:
    """SHA-256, or where the hub has only that, git's SHA-1, which counts the size in front of the bytes."""
    if file.sha256 or not file.git_sha1:
        return hashlib.sha256()
    return hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
