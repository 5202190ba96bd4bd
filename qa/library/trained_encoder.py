"""The encoder that was trained for a collection: `encoder-FINGERPRINT/` in the collection's folder.

Knows where it is kept, and how a collection is changed over to it and back. The manifest of the collection names it, so
that whoever opens the collection searches with it. Knows nothing of how it was trained (`qa/library/adapting.py`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus.languages import pick
from embeddings.collections import storage
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Manifest
from embeddings.collections.indexing import Progress
from embeddings.encoders.encoder import EMBEDDED, is_static
from embeddings.encoders.loading import load_encoder
from qa.settings import Settings

WORK = "training"
_NAME = "encoder-"
_PARTIAL = ".partial"


def own_encoder(folder: Path) -> str:
    """The name of the encoder that was trained for the collection in `folder`, "" where there is none."""
    places = [place for place in folder.glob(f"{_NAME}*") if place.suffix != _PARTIAL and is_static(place)]
    return str(max(places, key=lambda place: place.stat().st_mtime).resolve()) if places else ""


def change_to(folder: Path, model: Path, progress: Progress | None = None) -> None:
    """Encode the collection in `folder` with the encoder in `model` from now on, and keep that with the collection.

    Killed at any moment, this leaves the collection as it was or as it is to be. Raises CollectionBusy.
    """
    place = folder.resolve() / f"{_NAME}{load_encoder(str(model)).fingerprint}"
    if not is_static(place):
        partial = place.with_suffix(_PARTIAL)
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(model, partial)
        partial.rename(place)
    Collection.encode_again(folder, load_encoder(str(place)), progress=progress).close()
    forget_encoders(folder, but=place)


def reset(folder: Path, settings: Settings, progress: Progress | None = None) -> bool:
    """Go back to the encoder of `settings`; says whether there was one of the collection's own."""
    there = storage.exists(folder) and bool(
        own_encoder(folder) or storage.encoder_is_inside(storage.newest_whole(folder)[1])
    )
    if there:
        encoder = load_encoder(settings.encoder, downloads=settings.downloads)
        Collection.encode_again(folder, encoder, progress=progress).close()
    forget_encoders(folder)
    return there


def forget_encoders(folder: Path, but: Path | None = None) -> None:
    """Delete what was trained for the collection in `folder`, and what was left of training."""
    for place in (folder / WORK, *folder.glob(f"{_NAME}*")):
        if but is None or place.name != but.name:
            shutil.rmtree(place, ignore_errors=True)


def described(manifest: Manifest, language: str) -> str:
    """The collection's encoder, as people are told of it."""
    if storage.encoder_is_inside(manifest):
        name = pick(language, "为这些文章训练的编码器", "encoder trained for these articles")
    elif manifest.encoder == EMBEDDED:
        name = pick(language, "内置编码器", "embedded encoder")
    else:
        name = pick(language, f"编码器 {manifest.encoder}", f"encoder {manifest.encoder}")
    return f"{name} {manifest.fingerprint[:8]}"
