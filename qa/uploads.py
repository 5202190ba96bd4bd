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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CollectionNotFound
from qa.drawing_articles import TakenFile
from qa.wording import Words

if TYPE_CHECKING:
    from corpus.readers import FileResult
    from embeddings.collection import Collection

    from corpus.article import Article
    from embeddings.encoder import Encoder

KEPT_DAYS = 30
_VISITOR = re.compile(r"[0-9a-f]{32}")
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come: `done` of `total` (0 is unknown) after `seconds` of this stage."""

    stage: str
    done: int
    total: int
    seconds: float


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
    from embeddings.collection import Collection

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
    began: dict[str, float] = {}
    while not work.done():
        stage, done, total = steps[-1]
        now = time.monotonic()
        yield Step(stage, done, total, now - began.setdefault(stage, now))
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
    from corpus.readers import read_files
    from embeddings.collection import Collection

    results: list[FileResult] = []
    for result in read_files(*paths):
        results.append(result)
        progress(words.reading, len(results), len(paths))
    articles = [_named(article, result.path) for result in results for article in result.articles]
    if articles and own is None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        own = Collection.build(folder, articles, encoder=encoder, progress=progress)
    elif articles and own is not None:
        own.add(articles, progress=progress)
    return Taken(own, tuple(_fate(result, own, words) for result in results))


def _named(article: Article, path: Path) -> Article:
    """`article` with the bare name of its file as source: where a server keeps an upload is nobody's business."""
    return replace(article, source=path.name)


def _fate(result: FileResult, own: Collection | None, words: Words) -> TakenFile:
    language = "en" if words.locale == "en" else "zh"
    if result.problem is not None or own is None or not result.articles:
        problem = result.problem.message(language) if result.problem else words.nothing_taken
        return TakenFile(result.path.name, problem=problem)
    return TakenFile(
        name=result.path.name,
        articles=len(result.articles),
        passages=sum(len(own.passages(article.id)) for article in result.articles),
        repairs=result.repairs.describe(language) if result.repairs.total else "",
    )
