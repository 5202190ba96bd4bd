"""The articles that a visitor of the page puts in: read, indexed into a collection of the visitor's own, opened again.

Knows files, collections and how far the work has come. Knows nothing of Gradio or HTML. A visitor is a name made of who
asks (a login, or the cookie of a browser); folders are for this machine's owner only, and after `KEPT_DAYS` without use
they are deleted.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CollectionError, CollectionNotFound, InputError, ParserEnded
from corpus.repair.cleaning import Repairs
from corpus.text.passages import split_passages
from qa.web.arrivals import Arrived, private_folder
from qa.web.html_articles import TakenFile
from qa.web.texts import CHINESE, ENGLISH, Words
from qa.web.unpacking import Refused, unpacked

if TYPE_CHECKING:
    from corpus.reading.folders import FileResult
    from embeddings.collections.collection import Collection
    from embeddings.collections.hit import ArticleSummary
    from embeddings.encoders.encoder import Encoder

KEPT_DAYS = 30
MOST_CHARACTERS = 50_000_000  # of all articles of a visitor
_VISITOR = re.compile(r"[0-9a-f]{32}")
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come: `done` of `total` (0 is unknown), at `rate` a second (0.0 is unknown).

    While files are read, `name` is the one under way and `files` are those that were, in their order.
    """

    stage: str
    done: int
    total: int
    rate: float = 0.0
    name: str = ""
    files: tuple[TakenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The end of the work: the visitor's collection (None where no article came into it) and each file's fate.

    `articles` are the ids of all that the files gave, those included that were there. The parsers of `killed` of the
    files took too much time or memory and were ended.
    """

    collection: Collection | None
    files: tuple[TakenFile, ...]
    killed: int = 0
    articles: tuple[str, ...] = ()


def new_visitor() -> str:
    return secrets.token_hex(16)


def visitor_of(person: str) -> str:
    """The visitor that `person` is, always the same; where nobody is known, one that nobody will be again."""
    return hashlib.sha256(person.encode()).hexdigest()[:32] if person else new_visitor()


def is_visitor(name: object) -> bool:
    """Whether `name` is a visitor's name and so may become the name of a folder."""
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
    files: Sequence[Arrived], home: Path, visitor: str, own: Collection | None, encoder: Encoder | None, words: Words
) -> Iterator[Step | Taken]:
    """Read `files` and add their articles to the visitor's collection; Steps while it goes on, Taken at the end.

    The work goes on to its end in its own thread even when the caller stops listening. Raises what a collection does.
    """
    steps = deque([Step(words.reading, 0, len(files))], maxlen=1)
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="put-in")
    folder = _folder(home, visitor)
    work = executor.submit(_index, files, folder, own, encoder, words, steps.append)
    executor.shutdown(wait=False)
    began: dict[str, tuple[float, int]] = {}
    while not work.done():
        step, now = steps[-1], time.monotonic()
        since, before = began.setdefault(step.stage, (now, step.done))
        yield replace(step, rate=(step.done - before) / (now - since) if now > since else 0.0)
        wait([work], timeout=_POLL_SECONDS)
    yield work.result()


def forget_old(home: Path, days: int = KEPT_DAYS) -> None:
    """Delete the collections of visitors who have not been here for `days`, and files that never came whole."""
    for folder in (home / "uploads" / "arriving").glob("*/*"):
        if time.time() - folder.stat().st_mtime > 86_400:
            shutil.rmtree(folder, ignore_errors=True)
    for folder in (home / "uploads").glob("*"):
        if is_visitor(folder.name) and time.time() - folder.stat().st_mtime > days * 86400:
            shutil.rmtree(folder, ignore_errors=True)


def forget(home: Path, visitor: str) -> None:
    """Delete all articles of `visitor`."""
    shutil.rmtree(_folder(home, visitor), ignore_errors=True)


def _folder(home: Path, visitor: str) -> Path:
    if not is_visitor(visitor):
        raise ValueError("not the name of a visitor")
    return home / "uploads" / visitor


def _index(
    files: Sequence[Arrived],
    folder: Path,
    own: Collection | None,
    encoder: Encoder | None,
    words: Words,
    progress: Callable[[Step], None],
) -> Taken:
    from embeddings.collections.collection import Collection

    results = _read(files, words, progress)
    own = own or _earlier(folder, encoder)
    there = {summary.id: summary for summary in own.articles()} if own else {}
    results, notes = _kept_apart(results, own, there, words)
    articles = [article for result in results for article in result.articles]
    held = sum(summary.length for summary in there.values()) + sum(len(article.text) for article in articles)
    if held > MOST_CHARACTERS:
        most = MOST_CHARACTERS // 10_000
        raise InputError(
            CHINESE.shelf.too_many_characters.format(most=most), ENGLISH.shelf.too_many_characters.format(most=most)
        )
    passages = {article.id: len(split_passages(article)) for article in articles}
    expected = sum(passages.values())

    def passed_on(stage: str, done: int, total: int) -> None:
        # The collection goes through its stages once for every batch; people see one bar that only grows.
        if stage in ("embedding", "writing"):
            progress(Step(stage, done, total or expected))

    if articles and own is None:
        private_folder(folder.parent)
        own = Collection.build(folder, articles, encoder=encoder, progress=passed_on)
    elif articles and own is not None:
        own.add(articles, progress=passed_on)
    fates = [_fate(result, passages, note, words) for result, note in zip(results, notes, strict=True)]
    killed = sum(isinstance(result.problem, ParserEnded) for result in results)
    return Taken(own, tuple(fates), killed, tuple(article.id for article in articles))


def _read(files: Sequence[Arrived], words: Words, progress: Callable[[Step], None]) -> list[FileResult]:
    """What each file gave, those in archives each for itself; what cannot be had of an archive stands last."""
    from corpus.reading.folders import FileResult, read_files

    names: dict[Path, str] = {}
    refused: list[FileResult] = []
    for part in unpacked(files):
        if isinstance(part, Refused):
            refused.append(FileResult(Path(part.name), (), Repairs(), part.problem))
        else:
            names[part.path] = part.name
        progress(Step(words.reading, 0, len(names), name=part.name))
    results: list[FileResult] = []
    fates: list[TakenFile] = []
    waiting = iter([*names.values(), ""])
    progress(Step(words.reading, 0, len(names), name=next(waiting)))
    for result in read_files(*names):
        results.append(_named(result, names[result.path]))
        fates.append(_fate(results[-1], {}, "", words))
        progress(Step(words.reading, len(results), len(names), name=next(waiting), files=tuple(fates)))
    return [*results, *refused]


def _named(result: FileResult, name: str) -> FileResult:
    """`result` with the visitor's name of the file, folders included, in place of the one that it lies under here."""
    here = result.path.name
    articles = (replace(article, id=name + article.id.removeprefix(here), source=name) for article in result.articles)
    return replace(result, path=Path(name), articles=tuple(articles))


def _kept_apart(
    results: Sequence[FileResult], own: Collection | None, there: Mapping[str, ArticleSummary], words: Words
) -> tuple[list[FileResult], list[str]]:
    """The results with a name of its own for each article that another one has already, and what to say of each file.

    The same article once more is not another one.
    """
    used, kept, notes = set(there), [], []
    for result in results:
        articles, note = [], ""
        for article in result.articles:
            name, number = article.id, 1
            while name in used and not (own and name in there and own.text(name) == article.text):
                number += 1
                name = f"{article.id}~{number}"
            note = note or (words.shelf.already_there if name in used else words.shelf.kept_apart if number > 1 else "")
            used.add(name)
            articles.append(replace(article, id=name))
        kept.append(replace(result, articles=tuple(articles)))
        notes.append(note)
    return kept, notes


def _earlier(folder: Path, encoder: Encoder | None) -> Collection | None:
    """What the same visitor has put in meanwhile, in another window; None where it is not there or past use."""
    from embeddings.collections.collection import Collection

    try:
        return Collection.open(folder, encoder=encoder)
    except CollectionError:
        return None


def _fate(result: FileResult, passages: Mapping[str, int], note: str, words: Words) -> TakenFile:
    problem = result.problem.message(words.language) if result.problem else ""
    return TakenFile(
        name=result.path.as_posix(),
        articles=len(result.articles),
        passages=sum(passages.get(article.id, 0) for article in result.articles),
        repairs=" ".join(filter(None, (note, result.repairs.describe(words.language)))),
        problem=problem or ("" if result.articles else words.nothing_taken),
    )
