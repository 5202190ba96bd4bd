"""The processes that parse files, started once and kept: jobs in, results in the order of the files.

Knows how to start and end a process, and when one takes too long. Knows nothing of what a file is.
"""

from __future__ import annotations

import atexit
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import ParserEnded, ReadError
from corpus.reading.files import Outcome
from corpus.reading.worker import receive, send
from corpus.repair.cleaning import Repairs

SECONDS = 20.0
"""Seconds of processor time that a file may take without a page of it being done."""
SECONDS_PER_MEGABYTE = 3.0
SECONDS_IN_ALL = 1_200.0
_PATIENCE = 6
"""How many times as long the clock may show: the machine may be busy, or wait for a disk."""
LARGEST_MESSAGE = 1 << 30
"""Bytes of one message from a process."""
MOST_PROCESSES = 4
_START_SECONDS = 60.0
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from corpus.reading.worker import main; main(int(sys.argv[1]))"


@dataclass
class _Job:
    path: Path
    name: str
    size: int
    seconds: float
    future: Future[Outcome] = field(default_factory=Future)


class Workers:
    """A few processes and the queue before them. Ends with this process, or by `close`."""

    def __init__(self, most: int = 0) -> None:
        self._most = most or max(1, min(MOST_PROCESSES, os.cpu_count() or 1))
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[_Worker] = []
        self._waiting = 0
        self._closed = False

    def submit(self, path: Path, name: str, size: int, seconds: float = 0.0) -> Future[Outcome]:
        """Have a file of `size` bytes read, which may take `seconds` without a sign of life (0: as its size tells)."""
        job = _Job(path, name, size, seconds or SECONDS + SECONDS_PER_MEGABYTE * size / 1024**2)
        with self._lock:
            self._waiting += 1
            if self._waiting > len(self._threads) < self._most:
                self._threads.append(_Worker(self._jobs, self._job_done))
                self._threads[-1].start()
        self._jobs.put(job)
        return job.future

    def _job_done(self) -> None:
        with self._lock:
            self._waiting -= 1

    def close(self) -> None:
        """End all processes at once; what they were reading is lost."""
        for worker in self._threads:
            self._jobs.put(None)
            worker.kill()


class _Worker(threading.Thread):
    """One process and the thread that talks to it; the thread lives on, as the process dies with who started it."""

    def __init__(self, jobs: queue.SimpleQueue[_Job | None], done: Any) -> None:
        super().__init__(daemon=True, name="wenju-reading")
        self._jobs = jobs
        self._done = done
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = float("inf")
        self._late = False
        self._guard = threading.Lock()

    def run(self) -> None:
        threading.Thread(target=self._watch, daemon=True, name="wenju-reading-watch").start()
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                try:
                    outcome = self._read(job)
                except Exception as error:  # a fault here must not leave anybody waiting
                    self.kill()
                    outcome = _failed(error)
                job.future.set_result(outcome)
            self._done()

    def _watch(self) -> None:
        while True:
            time.sleep(0.2)
            if time.monotonic() > self._deadline:
                self._late = True
                self.kill()

    def kill(self) -> None:
        """End the process and whatever it started."""
        with self._guard:
            process, self._process = self._process, None
            self._deadline = float("inf")
        if process is not None:
            _kill(process)

    def _read(self, job: _Job) -> Outcome:
        process = self._alive()
        self._late = False
        began = time.monotonic()
        articles: list[Article] = []
        assert process.stdin
        assert process.stdout
        try:
            self._deadline = began + _PATIENCE * job.seconds
            send(process.stdin, (str(job.path), job.name, job.seconds))
            while True:
                message = receive(process.stdout, LARGEST_MESSAGE)
                if message[0] == "articles":
                    articles += message[1]
                elif message[0] == "done":
                    break
                seconds = message[1] if message[0] == "beat" else job.seconds
                self._deadline = min(time.monotonic() + _PATIENCE * seconds, began + SECONDS_IN_ALL)
        except (EOFError, OSError, ValueError):
            # The process is gone: it was killed for taking too long or too much, or the parser crashed.
            code = None if self._late else _code(process)
            late = self._late or (hasattr(signal, "SIGPROF") and code == -signal.SIGPROF)
            self.kill()
            return Outcome((), Repairs(), _too_slow(job.seconds) if late else _crashed(code))
        self._deadline = float("inf")
        _, rest, repairs, problem, spent = message
        if spent:
            self.kill()
        return Outcome((*articles, *rest), repairs, problem)

    def _alive(self) -> subprocess.Popen[bytes]:
        """The process, a new one where there is none."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(os.getpid()), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "MALLOC_ARENA_MAX": "2"},
        )
        with self._guard:
            self._process = process
        self._deadline = time.monotonic() + _START_SECONDS
        assert process.stdout
        receive(process.stdout, LARGEST_MESSAGE)
        return process


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def _code(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(2)
    except subprocess.TimeoutExpired:
        return None


def _too_slow(seconds: float) -> ParserEnded:
    return ParserEnded(
        f"读了 {seconds:.0f} 秒还没有结果，停下了，没有读。文件可能损坏或过于复杂，请另存或分成几个文件后再试。",
        f"Nothing came of it in {seconds:.0f} seconds, so it was given up. It may be damaged or too complex; save it "
        "again or split it.",
    )


def _crashed(code: int | None) -> ParserEnded:
    return ParserEnded(
        f"读这个文件要的内存太多，或者它让解析程序崩溃了（{code}），没有读；其他文件不受影响。请另存后再试。",
        f"It takes too much memory, or crashed its parser ({code}), and was not read; no other file is affected. "
        "Save it again.",
    )


def _failed(error: Exception) -> Outcome:
    reason = f"{type(error).__name__}: {error}"
    return Outcome(
        (),
        Repairs(),
        ReadError(
            f"读文件的进程出了意外（{reason}）。请再试一次。", f"The process that reads failed ({reason}). Try again."
        ),
    )


_shared: Workers | None = None
_shared_lock = threading.Lock()


def workers() -> Workers:
    """The processes of this program, made when the first file needs one."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Workers()
            atexit.register(_shared.close)
        return _shared
