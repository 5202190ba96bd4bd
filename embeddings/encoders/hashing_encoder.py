"""A deterministic encoder that learned nothing: characters and their pairs, hashed to directions.

Stands in for a real one in tests and measurements; texts that share words lie close. Needs no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.text.terms import normalise


class HashingEncoder:
    """See the module. `dimension` is the number of buckets that the features share."""

    name = "hashing"

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.fingerprint = f"hashing-1-{dimension}"

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1; a text without letters points along the first axis."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            letters = [letter for letter in normalise(text) if letter.isalnum()]
            pairs = [first + second for first, second in pairwise(letters)]
            hashes = np.fromiter(map(_hash, letters + pairs), dtype=np.int64)
            signs = 1.0 - 2.0 * (hashes >> 31)
            np.add.at(row, hashes % self.dimension, signs.astype(np.float32))
            length = np.linalg.norm(row)
            if length > 0:
                row /= length
            else:
                row[0] = 1.0
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode_passages`."""
        return self.encode_passages(texts)


@lru_cache(maxsize=1 << 16)
def _hash(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass"))
