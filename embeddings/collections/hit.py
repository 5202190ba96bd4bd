"""What a search returns, and what a collection says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Passage


@dataclass(frozen=True, slots=True)
class Arm:
    """What one way of searching said of a passage: its own score and its place (from 1)."""

    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why: `terms` is BM25, `vectors` the encoder; None where that arm missed it.

    `score` is the fused score in [0, 1]: near 1 for a passage that has all the words of the question, many times
    over, and its meaning; 0.3 to 0.6 is usual for one that answers. `rank` counts from 1.
    """

    passage: Passage
    score: float
    rank: int
    terms: Arm | None = None
    vectors: Arm | None = None
    belief: float | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a collection: its path inside the generation, its size in bytes and its checksum."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a collection says of itself: how it was made, how much it holds, and what its files must look like.

    `passage_size` is the length passages aim at, in characters; `created` is UTC, "YYYY-MM-DDTHH:MM:SSZ".
    """

    format: int
    encoder: str
    fingerprint: str
    dimension: int
    passage_size: int
    articles: int
    passages: int
    created: str
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """One line of a table of contents: everything but the text. `length` is in characters."""

    id: str
    title: str
    source: str
    published: str
    author: str
    length: int
    passages: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of the collection did, by article id, in the order met."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
