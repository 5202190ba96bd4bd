"""How long things take: calls in turn, the least of some calls, programs in a process of their own.

Knows nothing of what is measured.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import qa


class Stages:
    """A progress callback that adds up the time before each call under the stage it names."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0) + now - self._last
        self._last = now


def in_turn(repeats: int, *functions: Callable[[], object]) -> list[float]:
    """Median seconds of each of `functions`, called in turn after one call that does not count."""
    seconds: list[list[float]] = [[] for _ in functions]
    for turn in range(repeats + 1):
        for function, taken in zip(functions, seconds, strict=True):
            begin = time.perf_counter()
            function()
            if turn:
                taken.append(time.perf_counter() - begin)
    return [median(taken) for taken in seconds]


def best(repeats: int, function: Callable[..., object], *arguments: object) -> float:
    """The least seconds of some calls: what one question costs, without what else the machine was doing."""
    least = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        function(*arguments)
        least = min(least, time.perf_counter() - begin)
    return least


def run(command: Sequence[str]) -> tuple[float, str]:
    """Run a program that finds the same modules; its seconds and what it printed."""
    path = os.pathsep.join([str(Path(qa.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    begin = time.perf_counter()
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=True, capture_output=True, text=True)
    return time.perf_counter() - begin, done.stdout
