"""The models that visitors of one page may choose from, and the work that a choice takes.

Knows the catalogue, how models are fetched and loaded, and that the same work is done once for all who wait for it.
Knows nothing of Gradio, HTML or words.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from corpus.errors import ModelError
from qa.language_models.catalogue import RECOMMENDED, Recommended, installed, recommended_model
from qa.language_models.downloads import model_download
from qa.language_models.loading import AUTOMATIC, EMBEDDED
from qa.writing.writer import Writer, load_writer

if TYPE_CHECKING:
    from pathlib import Path

    from qa.settings import Settings

SERVER = ":server"  # is nobody's name: models are called by letters, and folders are not offered by their paths
_SAMPLE_SECONDS = 0.2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that may be chosen; what is not `here` has to be fetched first.

    `size` is in bytes: on the disk of what is here, else about what there is to download; 0 where it has none.
    """

    name: str
    here: bool
    size: int = 0
    recommended: Recommended | None = None


@dataclass(frozen=True, slots=True)
class Sized:
    """What a download would take: bytes still to come, and the hub that has them ("hub" or "modelscope")."""

    size: int
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far work has come: `done` of `total` bytes (0: unknown), at `rate` a second (0.0: unknown)."""

    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float = 0.0


class Task(Generic[T]):
    """Work in a thread of its own, which goes on whether or not somebody waits, and not after the program's end."""

    def __init__(self, work: Callable[[Task[T]], T]) -> None:
        self.stop = Event()
        self._began = time.monotonic()
        self._steps: deque[tuple[float, str, int, int]] = deque(maxlen=25)
        self._future: Future[T] = Future()
        Thread(target=self._run, args=(work,), daemon=True).start()

    @property
    def done(self) -> bool:
        return self._future.done()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    @property
    def step(self) -> Step:
        """How far it has come, at the rate of the last seconds."""
        steps = list(self._steps)
        if not steps:
            return Step()
        now, stage, done, total = steps[-1]
        since, before = next((at, had) for at, of, had, _ in steps if of == stage)
        return Step(stage, done, total, (done - before) / (now - since) if now > since else 0.0)

    def result(self) -> T:
        """What came of it; raises what it raised. To be asked for when it is `done`."""
        return self._future.result()

    def tell(self, stage: str, done: int, total: int) -> None:
        """Called by the work. Keeps a few values a second, and always the latest."""
        now = time.monotonic()
        if len(self._steps) > 1 and self._steps[-1][1] == stage and now - self._steps[-2][0] < _SAMPLE_SECONDS:
            self._steps.pop()
        self._steps.append((now, stage, done, total))

    def _run(self, work: Callable[[Task[T]], T]) -> None:
        try:
            self._future.set_result(work(self))
        except BaseException as error:  # reaches whoever asks for the result
            self._future.set_exception(error)


class Models:
    """The models of one page. `start` answers whoever has not chosen; only on a `local` page may visitors download.

    Keeps none in memory but `start`: which of those that were loaded stay there is for those who load them.
    """

    def __init__(self, settings: Settings, start: Writer, *, local: bool) -> None:
        self.settings, self.start, self.may_get = settings, start, local
        self.start_name = SERVER if settings.server and start.name != EMBEDDED else start.name
        self._server: Writer | None = None
        self._tasks: dict[tuple[str, str], Task[Any]] = {}
        self._lock = Lock()

    def offered(self) -> tuple[Offered, ...]:
        """What may be chosen: the embedded reader, the server's model, those on this machine, recommended ones.

        What other programs have on this machine is nothing to visitors from elsewhere.
        """
        found = [model for model in installed(self.settings.home) if model.ours or self.may_get]
        there = {model.name: Offered(model.name, True, model.size) for model in found}
        named = [EMBEDDED, *([SERVER] if self.settings.server else []), self.start_name, *there]
        here = [there.get(name, Offered(name, True)) for name in dict.fromkeys(named)]
        away = [Offered(model.alias, False, model.size) for model in RECOMMENDED if model.alias not in there]
        return tuple(replace(model, recommended=recommended_model(model.name)) for model in (*here, *away))

    def is_at_once(self, name: str) -> bool:
        """Whether `writer` takes no time."""
        return name in (EMBEDDED, self.start_name)

    def writer(self, name: str) -> Writer:
        """Who writes as `name`, one of those offered as being here; takes as long as loading it, where that is needed.

        Raises what `load_writer` does.
        """
        if name == self.start_name:
            return self.start
        if name != SERVER:
            return load_writer(replace(self.settings, model=name, server=""))
        if self._server is None:
            chosen = self.settings.model
            self._server = load_writer(replace(self.settings, model=AUTOMATIC if chosen == EMBEDDED else chosen))
        return self._server

    def load(self, name: str) -> Task[str]:
        """Load the model `name`, so that its writer is at hand; the name that it shows."""
        return self._shared("load", name, lambda _: self.writer(name).name)

    def size(self, name: str) -> Task[Sized]:
        """Find out what a download takes: at the hub, or at ModelScope where the hub is of no use."""

        def ask(_: Task[Sized]) -> Sized:
            try:
                return Sized(model_download.size_of(name, self.settings.home), "hub")
            except ModelError as trouble:
                try:
                    return Sized(model_download.size_of(name, self.settings.home, source="modelscope"), "modelscope")
                except ModelError:
                    raise trouble from None

        return self._shared("size", name, ask)

    def get(self, name: str, source: str) -> Task[Path]:
        """Download a recommended model."""

        def fetch(task: Task[Path]) -> Path:
            return model_download.get(name, self.settings.home, source=source, progress=task.tell, stop=task.stop)

        return self._shared("get", name, fetch)

    def getting(self) -> dict[str, Task[Path]]:
        """The downloads that are going on, by name."""
        with self._lock:
            return {name: task for (kind, name), task in self._tasks.items() if kind == "get" and not task.done}

    def _shared(self, kind: str, name: str, work: Callable[[Task[T]], T]) -> Task[T]:
        """The task of that kind for that model: the one that is going on, else a new one."""
        with self._lock:
            task = self._tasks.get((kind, name))
            if task is None or task.done:
                task = self._tasks[kind, name] = Task(work)
            return task
