"""Passages in, hits out. Knows nothing of questions-and-answers, prompts or language models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection
    from embeddings.collections.hit import Hit
    from embeddings.encoders.encoder import Encoder
    from embeddings.encoders.loading import load_encoder

__all__ = ["Collection", "Encoder", "Hit", "load_encoder"]

_LATER = {
    "Collection": "collections.collection",
    "Encoder": "encoders.encoder",
    "Hit": "collections.hit",
    "load_encoder": "encoders.loading",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: the values in `embeddings.collections.hit` are had without numpy."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
