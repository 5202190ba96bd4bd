"""Which hits a writer is given, in what order. Pure functions over hits."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.collections.hit import Hit
from qa.checking.verification import squeeze

REPRINT = 0.9  # share of the shorter passage's character pairs that makes two passages one


def pack(hits: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    """The first `most` of `hits`, best first, without reprints of a better one."""
    kept: list[Hit] = []
    seen: list[set[str]] = []
    for hit in hits:
        plain = squeeze(hit.passage.text)
        pairs = {plain[i : i + 2] for i in range(len(plain) - 1)}
        if any(len(pairs & other) >= REPRINT * max(1, min(len(pairs), len(other))) for other in seen):
            continue
        kept.append(hit)
        seen.append(pairs)
        if len(kept) == most:
            break
    return tuple(kept)
