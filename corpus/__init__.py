"""Articles in, passages out. Knows nothing of vectors, models or questions.

Importing this package is cheap: what reads files and cuts text is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Block, Cell, Passage, Span, Table
from corpus.errors import (
    CollectionBusy,
    CollectionDamaged,
    CollectionError,
    CollectionNotFound,
    EncoderMismatch,
    InputError,
    MissingPackage,
    ModelError,
    QuestionError,
    ReadError,
    WenjuError,
)

if TYPE_CHECKING:
    from corpus.reading.folders import FileResult, read_articles, read_files
    from corpus.text.passages import split_passages
    from corpus.text.sentences import split_sentences

__all__ = [
    "Article",
    "Block",
    "Cell",
    "CollectionBusy",
    "CollectionDamaged",
    "CollectionError",
    "CollectionNotFound",
    "EncoderMismatch",
    "FileResult",
    "InputError",
    "MissingPackage",
    "ModelError",
    "Passage",
    "QuestionError",
    "ReadError",
    "Span",
    "Table",
    "WenjuError",
    "read_articles",
    "read_files",
    "split_passages",
    "split_sentences",
]

_LATER = {
    "FileResult": "reading.folders",
    "read_articles": "reading.folders",
    "read_files": "reading.folders",
    "split_passages": "text.passages",
    "split_sentences": "text.sentences",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
