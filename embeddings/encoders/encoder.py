"""What an encoder is, and how one is found by name.

Knows the names of the encoders, not how any of them works; heavy libraries stay inside their own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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


@lru_cache(maxsize=4)
def load_encoder(name: str = EMBEDDED, *, downloads: bool = False) -> Encoder:
    """The encoder called `name`: "wenju" (embedded), "hashing" (for tests), else a model's.

    That is a folder which our training wrote, or a sentence-transformers model: a folder, or a name on the hub that
    was downloaded before; the network is asked only with `downloads`. Raises ModelError where there is no such model.
    The last few loaded are kept.
    """
    if name == EMBEDDED:
        from embeddings.encoders.static_encoder import load_static_encoder

        return load_static_encoder(EMBEDDED_FOLDER)
    if name == HASHING:
        from embeddings.encoders.hashing_encoder import HashingEncoder

        return HashingEncoder()
    folder = Path(name).expanduser()
    if is_static(folder):
        from embeddings.encoders.static_encoder import load_static_encoder

        return load_static_encoder(folder, name=str(folder.resolve()))
    from embeddings.encoders.sentence_encoder import load_sentence_encoder

    return load_sentence_encoder(name, downloads=downloads)
