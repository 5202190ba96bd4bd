"""Which hits are read and shown, in what order. Pure functions over hits and readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.text.terms import pairs, squeeze
from embeddings.collections.hit import Hit
from qa.reading.reader import Reading

REPRINT = 0.9  # share of the shorter passage's character pairs that makes two passages one


def pack(hits: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    """The first `most` of `hits`, best first, without reprints of a better one."""
    kept: list[Hit] = []
    seen: list[set[str]] = []
    for hit in hits:
        own = pairs(squeeze(hit.passage.text))
        if any(len(own & other) >= REPRINT * max(1, min(len(own), len(other))) for other in seen):
            continue
        kept.append(hit)
        seen.append(own)
        if len(kept) == most:
            break
    return tuple(kept)


def merged(found: Sequence[Sequence[Hit]], readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """The hits of all parts of a question, each passage once with what the reader believes of it: those that were read
    by that, then the others as they were found. Ranks count anew."""
    beliefs: dict[str, float] = {}
    for reading in readings:
        for read in reading.reads:
            name = read.unit.passage.id
            beliefs[name] = max(beliefs.get(name, 0.0), read.belief)
    once = {hit.passage.id: hit for hits in reversed(found) for hit in reversed(hits)}
    first_seen = dict.fromkeys(hit.passage.id for hits in found for hit in hits)
    ordered = sorted(first_seen, key=lambda name: -beliefs.get(name, -1.0))
    return tuple(replace(once[name], rank=rank, belief=beliefs.get(name)) for rank, name in enumerate(ordered, 1))
