"""The articles that a visitor of the page puts in: read, indexed into a collection of the visitor's own, opened again.

Knows files, collections and how far the work has come. Knows nothing of Gradio or HTML. A visitor is a random name kept
by the visitor's browser; who knows the name may ask the articles, and after `KEPT_DAYS` without use they are deleted.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CollectionError, CollectionNotFound
from corpus.text.passages import split_passages
from qa.web.html_articles import TakenFile
from qa.web.texts import Words

if TYPE_CHECKING:
    from corpus.reading.readers import FileResult
    from embeddings.collections.collection import Collection
    from embeddings.encoders.encoder import Encoder

KEPT_DAYS = 30
_VISITOR = re.compile(r"[0-9a-f]{32}")
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come: `done` of `total` (0 is unknown), at `rate` a second (0.0 is unknown)."""

    stage: str
    done: int
    total: int
    rate: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The end of the work: the visitor's collection (None where no article came into it) and each file's fate."""

    collection: Collection | None
    files: tuple[TakenFile, ...]


def new_visitor() -> str:
    return secrets.token_hex(16)


def is_visitor(name: object) -> bool:
    """Whether `name`, which came from a browser, is a visitor's name and so may become the name of a folder."""
    return isinstance(name, str) and _VISITOR.fullmatch(name) is not None


def own_collection(home: Path, visitor: str, encoder: Encoder | None) -> Collection | None:
    """The collection that `visitor` filled on an earlier visit. Raises CollectionError where it cannot be opened."""
    from embeddings.collections.collection import Collection

    folder = _folder(home, visitor)
    if not folder.is_dir():
        return None
    try:
        collection = Collection.open(folder, encoder=encoder)
    except CollectionNotFound:
        return None
    folder.touch()
    return collection


def put_in(
    paths: Sequence[Path], home: Path, visitor: str, own: Collection | None, encoder: Encoder | None, words: Words
) -> Iterator[Step | Taken]:
    """Read `paths` and add their articles to the visitor's collection; Steps while it goes on, Taken at the end.

    The work goes on to its end in its own thread even when the caller stops listening. Raises what a collection does.
    """
    steps: deque[tuple[str, int, int]] = deque([(words.reading, 0, len(paths))], maxlen=1)
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="put-in")
    folder = _folder(home, visitor)
    work = executor.submit(_index, paths, folder, own, encoder, words, lambda *step: steps.append(step))
    executor.shutdown(wait=False)
    began: dict[str, tuple[float, int]] = {}
    while not work.done():
        stage, done, total = steps[-1]
        now = time.monotonic()
        since, before = began.setdefault(stage, (now, done))
        yield Step(stage, done, total, (done - before) / (now - since) if now > since else 0.0)
        wait([work], timeout=_POLL_SECONDS)
    yield work.result()


def forget_old(home: Path, days: int = KEPT_DAYS) -> None:
    """Delete the collections of visitors who have not been here for `days`."""
    for folder in (home / "uploads").glob("*"):
        if is_visitor(folder.name) and time.time() - folder.stat().st_mtime > days * 86400:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(home: Path, visitor: str) -> Path:
    if not is_visitor(visitor):
        raise ValueError("not the name of a visitor")
    return home / "uploads" / visitor


def _index(
    paths: Sequence[Path],
    folder: Path,
    own: Collection | None,
    encoder: Encoder | None,
    words: Words,
    progress: Callable[[str, int, int], None],
) -> Taken:
    from corpus.reading.readers import read_files
    from embeddings.collections.collection import Collection

    results: list[FileResult] = []
    for result in read_files(*paths):
        results.append(result)
        progress(words.reading, len(results), len(paths))
    articles = [article for result in results for article in result.articles]
    passages = {article.id: len(split_passages(article)) for article in articles}
    expected = sum(passages.values())

    def passed_on(stage: str, done: int, total: int) -> None:
        # The collection goes through its stages once for every batch; people see one bar that only grows.
        if stage in ("embedding", "writing"):
            progress(stage, done, total or expected)

    own = own or _earlier(folder, encoder)
    if articles and own is None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        own = Collection.build(folder, articles, encoder=encoder, progress=passed_on)
    elif articles and own is not None:
        own.add(articles, progress=passed_on)
    return Taken(own, tuple(_fate(result, passages, words) for result in results))


def _earlier(folder: Path, encoder: Encoder | None) -> Collection | None:
    """What the same visitor has put in meanwhile, in another window; None where it is not there or past use."""
    from embeddings.collections.collection import Collection

    try:
        return Collection.open(folder, encoder=encoder)
    except CollectionError:
        return None


def _fate(result: FileResult, passages: Mapping[str, int], words: Words) -> TakenFile:
    problem = result.problem.message(words.language) if result.problem else ""
    return TakenFile(
        name=result.path.name,
        articles=len(result.articles),
        passages=sum(passages[article.id] for article in result.articles),
        repairs=result.repairs.describe(words.language),
        problem=problem or ("" if result.articles else words.nothing_taken),
    )
