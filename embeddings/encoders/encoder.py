"""What an encoder is, and what the embedded ones are called. Knows not how any of them works, nor how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

EMBEDDED = "wenju"
HASHING = "hashing"
CONFIGURATION = "encoder.json"
EMBEDDED_FOLDER = Path(__file__).parents[1] / "models" / "encoder"


class Encoder(Protocol):
    """Turns texts into vectors that lie close where the meanings do.

    `name` is what `load_encoder` takes; two encoders with one `fingerprint` give the same vectors.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found, shape (len(texts), dimension), rows of length 1."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions, shape (len(texts), dimension), rows of length 1."""
        ...


def is_static(folder: Path) -> bool:
    """Whether `folder` holds a model such as the embedded one."""
    return (folder / CONFIGURATION).is_file()
