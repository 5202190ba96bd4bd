"""`python -m embeddings.training` makes the embedded encoder."""

from __future__ import annotations

from embeddings.training.train import main

if __name__ == "__main__":
    main()
