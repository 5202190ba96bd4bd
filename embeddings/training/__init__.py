"""How the encoder is made (`python -m embeddings.training`), fitted to a collection's own articles, and measured."""
