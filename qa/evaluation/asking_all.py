"""Many questions asked, one after another or by several workers; a question that fails is a row like any other.

Knows processes and threads. Knows nothing of question sets on disk or of what becomes of the rows.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType

from corpus.errors import WenjuError
from embeddings.collections.collection import Collection
from embeddings.collections.together import AnyCollection, Together
from embeddings.encoders.loading import load_encoder
from qa.answer import Answer, Question
from qa.answerer import Answerer
from qa.evaluation.metrics.scoring import score
from qa.evaluation.questions.cases import Case
from qa.evaluation.results import Row, record_of
from qa.language_models.loading import EMBEDDED, model_name
from qa.settings import Settings

_CHUNK = 4  # questions that a process takes at a time


@dataclass(frozen=True, slots=True)
class Task:
    """A case as it is asked: `relevant` are the ids of the articles that answer; with a `problem` it is not asked."""

    case: Case
    question: Question
    relevant: frozenset[str]
    problem: str = ""


def ask_all(
    tasks: Sequence[Task],
    collection: AnyCollection,
    settings: Settings,
    threshold: float,
    workers: int = 1,
    answer: Callable[[Question], Answer] | None = None,
) -> Iterator[Row]:
    """A row for each of `tasks`, in their order, as they are done.

    Answers are shown from the confidence `threshold` on. The embedded reader computes, so more `workers` are processes;
    a language model is loaded once and asked in threads, as is `answer`, which takes the place of either where given.
    Raises WenjuError where a process was killed.
    """
    if not tasks:
        return
    workers = min(workers, len(tasks))
    limited = isinstance(collection, Together) and not collection.whole
    if workers > 1 and answer is None and not limited and model_name(settings) == EMBEDDED and not settings.server:
        yield from _by_processes(tasks, collection, settings, threshold, workers)
        return
    asked = answer or _warm(Answerer(collection, settings=settings, threshold=threshold).answer, tasks[0])
    work = partial(_row, ask=asked, collection=collection)
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(work, tasks)
    else:
        yield from map(work, tasks)


def _row(task: Task, ask: Callable[[Question], Answer], collection: AnyCollection) -> Row:
    """`task` asked and scored."""
    if task.problem:
        return Row(task.case, problem=task.problem)
    try:
        answer = ask(task.question)
        text_of = cache(lambda article: collection.article(article).text)
        scores = score(task.case, answer, relevant=task.relevant, text_of=text_of)
        return Row(task.case, {**record_of(answer), "relevant": sorted(task.relevant)}, scores)
    except WenjuError as error:
        return Row(task.case, problem=f"{error.chinese} {error.english}")
    except Exception as error:  # whatever it is, the other questions go on
        return Row(task.case, problem=f"{type(error).__name__}: {error}")


def _warm(ask: Callable[[Question], Answer], task: Task) -> Callable[[Question], Answer]:
    """`ask`, after dictionaries and models were loaded by a question whose time nobody measures."""
    with suppress(Exception):
        ask(task.question)
    return ask


def _by_processes(
    tasks: Sequence[Task], collection: AnyCollection, settings: Settings, threshold: float, workers: int
) -> Iterator[Row]:
    # A fresh interpreter each: forking a process that has threads (tantivy, FAISS) can hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        workers,
        context,
        initializer=_start,
        initargs=([(part.path, part.encoder.name) for part in collection.parts], settings, threshold, tasks[0]),
    )
    try:
        with _nothing_to_import():  # the processes begin where tasks are handed over
            rows = pool.map(_work, tasks, chunksize=_CHUNK)
        yield from rows
    except BrokenProcessPool as error:
        raise WenjuError(
            "一个评测进程意外结束（可能内存不够）。请减少 --workers，再运行同一条命令接着做。",
            "A worker process ended unexpectedly (out of memory, maybe). Use fewer --workers and run the same command "
            "again to go on.",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _nothing_to_import() -> Iterator[None]:
    """Processes that begin in this block do not run the caller's script again, as they would to find its functions.

    They need none of it, and a script that calls `evaluate` without asking for its own `__name__` would start anew in
    each of them; one that is read from standard input cannot be run again at all.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


_worker: Callable[[Task], Row]


def _start(parts: Sequence[tuple[Path, str]], settings: Settings, threshold: float, first: Task) -> None:
    """Make this process ready to answer. It ends with its parent, and leaves Ctrl-C to it."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    opened = [Collection.open(path, encoder=load_encoder(name, downloads=settings.downloads)) for path, name in parts]
    collection = opened[0] if len(opened) == 1 else Together(opened)
    ask = _warm(Answerer(collection, settings=settings, threshold=threshold).answer, first)
    _worker = partial(_row, ask=ask, collection=collection)


def _work(task: Task) -> Row:
    return _worker(task)


def _end_with_parent() -> None:
    """A parent that is killed says nothing, and its workers would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
