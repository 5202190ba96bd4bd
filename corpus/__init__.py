"""Articles in, passages out. Knows nothing of vectors, models or questions."""

from corpus.article import Article, Passage, Span
from corpus.chunking import split_passages
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
from corpus.readers import FileResult, read_articles, read_files
from corpus.sentences import split_sentences

__all__ = [
    "Article",
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
    "WenjuError",
    "read_articles",
    "read_files",
    "split_passages",
    "split_sentences",
]
