"""How an encoder is found by its name.

Knows the names of the encoders, not how any of them works; heavy libraries stay inside their own modules.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from embeddings.encoders.encoder import EMBEDDED, EMBEDDED_FOLDER, HASHING, Encoder, is_static


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
