"""`ask()`: one question, one answer, from Python. Keeps what it opened, so that a second question is fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from corpus.errors import QuestionError
from embeddings.collections.together import AnyCollection
from qa.answer import Answer, Question, Turn
from qa.answerer import Answerer
from qa.library.indexes import collection_for, folder_for, open_collections, sample_collection, state_of
from qa.library.trained_encoder import own_encoder
from qa.questions.scope import checked
from qa.settings import Settings


def ask(
    question: str | Question,
    *,
    collection: AnyCollection | Path | str | Sequence[Path | str] | None = None,
    articles: Path | str | Sequence[Path | str] | None = None,
    model: str | None = None,
    history: Sequence[Turn | tuple[str, str]] = (),
    k: int | None = None,
) -> Answer:
    """Answer `question` from `collection`, or from the files under `articles`.

    `collection` is one that is open, its folder, or several folders, which are searched as one. `articles` are
    indexed on the first call and kept; later calls only look whether a file changed. Without either, the sample
    collection answers. `history` are earlier turns, (question, answer), oldest first. `k` is the number of passages
    that the answer may be made from. Raises QuestionError, ReadError, CollectionError, ModelError.
    """
    if collection is not None and articles is not None:
        raise ValueError("give a collection or articles, not both")
    settings = Settings.from_environment()
    settings = replace(settings, model=model or settings.model, k=k or settings.k)
    asked = checked(question)
    if history:
        asked = replace(asked, history=tuple(_turn(given) for given in history))
    if isinstance(collection, AnyCollection):
        return Answerer(collection, settings=settings).answer(asked)
    return answerer_for(settings, collection, articles).answer(asked)


def _turn(given: object) -> Turn:
    pair = (given.question, given.answer) if isinstance(given, Turn) else given
    if isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(text, str) for text in pair):
        return given if isinstance(given, Turn) else Turn(*pair)
    raise QuestionError(
        f"history 里应当是（问题，回答）两段文字，给的是 {repr(given)[:80]}。",
        f"history should hold pairs of texts, (question, answer), not {repr(given)[:80]}.",
    )


def answerer_for(
    settings: Settings,
    collection: Path | str | Sequence[Path | str] | None = None,
    articles: Path | str | Sequence[Path | str] | None = None,
) -> Answerer:
    """The answerer of a collection's folder, of files, or of the samples; the last few are kept open."""
    if articles is None and collection is None:
        return _opened(settings, (), "")
    if articles is None and collection is not None:
        folders = (collection,) if isinstance(collection, Path | str) else tuple(collection)
        if not folders:
            raise ValueError("no collection is given")
        encoders = ",".join(own_encoder(Path(folder).expanduser()) for folder in folders)
        return _opened(settings, tuple(map(str, folders)), encoders)
    assert articles is not None
    paths = (articles,) if isinstance(articles, Path | str) else tuple(articles)
    state = state_of(paths) + own_encoder(folder_for(paths, settings))
    return _indexed(settings, tuple(str(path) for path in paths), state)


@lru_cache(maxsize=8)
def _opened(settings: Settings, folders: tuple[str, ...], encoders: str) -> Answerer:
    """`encoders` changes when a collection is given one of its own, and so asks for a new answerer."""
    opened = open_collections(folders) if folders else sample_collection(settings)
    return Answerer(opened, settings=settings)


@lru_cache(maxsize=8)
def _indexed(settings: Settings, paths: tuple[str, ...], state: str) -> Answerer:
    """`state` changes when a file or the collection's own encoder does, and so asks for a new answerer."""
    return Answerer(collection_for(paths, settings), settings=settings)
