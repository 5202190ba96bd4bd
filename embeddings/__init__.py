"""Passages in, hits out. Knows nothing of questions-and-answers, prompts or language models."""

from embeddings.collection import Collection
from embeddings.encoder import Encoder, load_encoder
from embeddings.hit import Hit

__all__ = ["Collection", "Encoder", "Hit", "load_encoder"]
