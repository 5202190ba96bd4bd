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

    `score` is the fused score in [0, 1] and comparable within one search only; `rank` counts from 1.
    """

    passage: Passage
    score: float
    rank: int
    terms: Arm | None = None
    vectors: Arm | None = None
