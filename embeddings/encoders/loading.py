"""How an encoder is found by its name."""

from embeddings.encoders.encoder import load_encoder

__all__ = ["load_encoder"]
