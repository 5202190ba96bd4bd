"""Passages in, hits out. Knows nothing of questions-and-answers, prompts or language models.

Importing this package is cheap: numpy and the indexes are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from embeddings.hit import Hit

if TYPE_CHECKING:
    from embeddings.collection import Collection
    from embeddings.encoder import Encoder, load_encoder

__all__ = ["Collection", "Encoder", "Hit", "load_encoder"]

_LATER = {"Collection": "embeddings.collection", "Encoder": "embeddings.encoder", "load_encoder": "embeddings.encoder"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
