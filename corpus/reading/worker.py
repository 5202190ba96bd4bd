"""The child process that parses files: jobs come in, articles go out, and limits hold.

Knows how much memory and processor time one file may take. Knows nothing of folders, nor of who asks. What goes wrong
inside a parser stays in this process.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import time
from pathlib import Path
from typing import IO, Any

from corpus.reading.heartbeat import is_worn_out, on_beat

MEMORY = 2 * 1024**3
"""Bytes that the process may take; OCR needs less than one gigabyte."""
_PORTION = 2_000_000  # characters of articles that go out in one message
_SPENT = 1024**3  # bytes at the most once taken, from which on the process makes room for a new one
_HEADER = struct.Struct(">Q")
_BEATS_APART = 0.5


def send(stream: IO[bytes], message: object) -> None:
    """One message: its length, then its bytes."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_HEADER.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> Any:
    """The next message. Raises EOFError where there is none, ValueError for one of more than `most` bytes."""
    head = stream.read(_HEADER.size)
    if len(head) < _HEADER.size:
        raise EOFError
    (length,) = _HEADER.unpack(head)
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)


def main(parent: int) -> None:
    """Serve the jobs of `parent` until it closes the pipe or dies."""
    _bind_to(parent)
    _limit()
    incoming, outgoing = _private_pipes()
    from corpus.reading.files import read_file

    last, seconds = 0.0, 0.0

    def tell(more: float) -> None:
        nonlocal last
        _end_after(max(seconds, more))
        if more or time.monotonic() - last > _BEATS_APART:
            last = time.monotonic()
            send(outgoing, ("beat", max(seconds, more)))

    on_beat(tell)
    # A table is a million small values that all stay: looking for rings among them took half of the time.
    gc.set_threshold(100_000, 50, 50)
    send(outgoing, ("ready",))
    while True:
        try:
            path, name, seconds = receive(incoming, 1 << 20)
        except EOFError:
            return
        _end_after(seconds)
        found = read_file(Path(path), name)
        _end_after(0)
        portion: list[Any] = []
        size = 0
        for article in found.articles:
            portion.append(article)
            size += len(article.text) + len(article.raw or "")
            if size > _PORTION:
                send(outgoing, ("articles", portion))
                portion, size = [], 0
        send(outgoing, ("done", portion, found.repairs, found.problem, found.exhausted or _is_spent()))


def _end_after(seconds: float) -> None:
    """Have the system end this process after so much processor time from now, whatever it does; 0: never.

    Time on the clock would be unjust on a busy machine; the parent watches it with more patience.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _is_spent() -> bool:
    if sys.platform == "win32":
        return is_worn_out()
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return is_worn_out() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > _SPENT


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, out of reach of libraries that print."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    return incoming, outgoing


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    # Of the address space a thread pool takes gigabytes that it never touches, so data is what is limited.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for what, most in ((kind, MEMORY), (resource.RLIMIT_CORE, 0)):
        try:
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))
        except (ValueError, OSError):
            continue


def _bind_to(parent: int) -> None:
    """End when the parent does, also while a parser is busy."""
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
