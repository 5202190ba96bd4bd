"""One loaded model writes for many readers: one text at a time, in order of arrival, in a thread of its own.

Knows how transformers generates and is stopped. Knows neither folders nor chat templates. A reader that goes away, or
is slow, never keeps the others waiting: what it does not take is kept for it.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from threading import Event, Lock, Thread, main_thread
from typing import Any

WAIT = 0.2  # seconds after which a reader hears that there is nothing yet


class TokenSource:
    """A model of transformers, loaded on its device."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._job: _Job | None = None
        self._line: deque[_Job] = deque()
        self._lock = Lock()
        self._working = False
        self._watch()

    def tokens(
        self, prompt: Sequence[int], *, most: int, ends: Iterable[int], limit: float
    ) -> Generator[int | None, None, None]:
        """The likeliest token each time, until one of `ends`, `most` of them, or `limit` seconds from its turn on.

        None comes while there is no token yet. Closing the iterator gives the turn back, or leaves the queue. What
        goes wrong in the thread is raised here; TimeoutError where the time was over before the first token.
        """
        job = _Job(prompt, most, frozenset(ends), limit)
        self._queue(job)
        try:
            while (token := job.next()) != _END:
                yield token
        finally:
            job.stopped.set()
        if job.error:
            raise job.error

    def _queue(self, job: _Job) -> None:
        with self._lock:
            self._line.append(job)
            if not self._working:
                self._working = True
                Thread(target=self._work, name="wenju-model").start()

    def _work(self) -> None:
        """What the thread does: all that is in the line. It ends with it, so that an idle program has none."""
        while True:
            with self._lock:
                if not self._line:
                    self._working = False
                    return
                job = self._line.popleft()
            self._run(job)

    def _run(self, job: _Job) -> None:
        self._job = job
        try:
            job.begin()
            self._generate(job)
        except _Stopped:
            if not job.told and not job.stopped.is_set():
                job.error = TimeoutError(f"{job.limit:.0f} s")
        except BaseException as error:  # It must reach the reader, who waits in another thread.
            job.error = error
        finally:
            self._job = None
            job.out.put(_END)

    def _generate(self, job: _Job) -> None:
        import torch

        prompt = torch.tensor([job.prompt], device=self.model.device)
        ends = sorted(job.ends)
        with torch.inference_mode():
            self.model.generate(
                input_ids=prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=job.most,
                do_sample=False,
                eos_token_id=ends or None,
                pad_token_id=ends[0] if ends else 0,
                streamer=job,
            )

    def _watch(self) -> None:
        """Ask before each layer whether to go on: reading a long prompt takes seconds, and is stopped as well."""
        import torch

        lists = [module for module in self.model.modules() if isinstance(module, torch.nn.ModuleList)]
        for part in (self.model, *(layer for layers in lists for layer in layers)):
            part.register_forward_pre_hook(self._stop_if_over)

    def _stop_if_over(self, *_: Any) -> None:
        if self._job and self._job.over:
            raise _Stopped


_END = -1


class _Stopped(Exception):
    """Ends the generation from inside."""


class _Job:
    """What is asked for, where it comes out, and when it is over. A streamer for transformers."""

    def __init__(self, prompt: Sequence[int], most: int, ends: frozenset[int], limit: float) -> None:
        self.prompt, self.most, self.ends, self.limit = list(prompt), most, ends, limit
        self.out: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.stopped = Event()
        self.told = 0  # tokens that came out
        self.error: BaseException | None = None
        self._deadline = float("inf")
        self._prompt_seen = False

    def begin(self) -> None:
        self._deadline = time.monotonic() + self.limit

    @property
    def over(self) -> bool:
        # Once the program wants to end, nobody reads any more.
        ended = self.stopped.is_set() or not main_thread().is_alive()
        return ended or time.monotonic() > self._deadline

    def next(self) -> int | None:
        """The next token, None where there is none yet, `_END` after the last."""
        try:
            return self.out.get(timeout=WAIT)
        except queue.Empty:
            return None

    def put(self, value: Any) -> None:
        """Called by transformers, first with the prompt, then with each token."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        for token in value.flatten().tolist():
            if token not in self.ends:
                self.told += 1
                self.out.put(token)

    def end(self) -> None:
        """Called by transformers after the last token."""
