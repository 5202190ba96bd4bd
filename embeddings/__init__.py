"""Passages in, hits out. Knows nothing of questions-and-answers, prompts or language models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.collection import Collection
    from embeddings.encoder import Encoder, load_encoder
    from embeddings.hit import Hit

__all__ = ["Collection", "Encoder", "Hit", "load_encoder"]

_HOMES = {"Collection": "collection", "Encoder": "encoder", "Hit": "hit", "load_encoder": "encoder"}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: the values in `embeddings.hit` are had without numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
