"""GGUF files, the form of language models that llama.cpp, Ollama and LM Studio read: where they are, what is in them.

Knows the head of such a file and the folders in which those programs and the hub's cache keep theirs. Loads nothing.
"""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".gguf"
_MAGIC = b"GGUF"
# Bytes of each type of value (gguf.md, "gguf_metadata_value_type"); 8 is text, 9 an array.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_TEXT = 8
_LONGEST_KEY, _LONGEST_NAME, _MOST_LOOKED_AT = 65_535, 1_000, 40
_NO_WRITERS = re.compile(r"bert|clip|t5encoder|whisper|wavtokenizer|mmproj|adapter|dream|llada|diffusion|embed|siglip")
_LATER_PART = re.compile(r"-(?!0*1-of-)\d+-of-\d+$")  # the first one names the others
_MODEL_LAYER = "application/vnd.ollama.image.model"
_OLLAMA_LIBRARY = ("registry.ollama.ai", "library")


def writes(file: Path) -> bool:
    """Whether `file` is a GGUF file with a model that writes text, as far as its first bytes tell."""
    architecture = _architecture(file)
    return bool(architecture) and not _NO_WRITERS.search(f"{architecture} {file.stem.lower()}")


def files_here() -> Iterator[tuple[str, Path]]:
    """Names and files of what Ollama, LM Studio and llama.cpp fetched, as one would type them."""
    yield from _of_ollama()
    for folder in (_lm_studio(), _from_home("~/.cache/lm-studio/models"), _llama_cpp()):
        yield from files_below(folder)


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names and paths of all GGUF files in `folder` and below; of those in several parts the first."""
    try:
        found = sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    except OSError:
        return
    yield from ((path.stem, path) for path in found if not _LATER_PART.search(path.stem))


def _of_ollama() -> Iterator[tuple[str, Path]]:
    """What `ollama list` shows: a file of JSON for each name and tag says under which checksum its weights are kept."""
    for home in (os.environ.get("OLLAMA_MODELS") or "~/.ollama/models", "/usr/share/ollama/.ollama/models"):
        manifests = _from_home(home) / "manifests"
        try:
            listed = sorted(path for path in manifests.glob("*/*/*/*") if path.is_file())
        except OSError:
            continue
        for manifest in listed:
            blob = _blob(manifest, manifests.parent / "blobs")
            host, owner, model, tag = manifest.parts[-4:]
            above = "" if (host, owner) == _OLLAMA_LIBRARY else f"{owner}/"
            if blob:
                yield f"{above}{model}:{tag}", blob


def _blob(manifest: Path, blobs: Path) -> Path | None:
    try:
        layers = json.loads(manifest.read_text(encoding="utf-8"))["layers"]
        digest = next(str(layer["digest"]) for layer in layers if layer.get("mediaType") == _MODEL_LAYER)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, StopIteration):
        return None
    blob = blobs / digest.replace(":", "-")
    return blob if blob.parent == blobs and blob.is_file() else None


def _lm_studio() -> Path:
    """Where LM Studio keeps models; who moved its folder finds the new place in a file."""
    try:
        home = (_from_home("~") / ".lmstudio-home-pointer").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        home = ""
    return Path(home or _from_home("~/.lmstudio")) / "models"


def _llama_cpp() -> Path:
    return _from_home(os.environ.get("LLAMA_CACHE") or "~/.cache/llama.cpp")


def _from_home(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _architecture(file: Path) -> str:
    """`general.architecture` in the head of a GGUF file, which stands among its first values; "" where it is none."""
    try:
        with file.open("rb") as opened:
            if opened.read(4) != _MAGIC:
                return ""
            _, _, values = struct.unpack("<IQQ", opened.read(20))
            for _ in range(min(values, _MOST_LOOKED_AT)):
                key = _text(opened, _LONGEST_KEY)
                (kind,) = struct.unpack("<I", opened.read(4))
                if key == "general.architecture" and kind == _TEXT:
                    return _text(opened, _LONGEST_NAME)
                _pass_over(opened, kind)
    except (OSError, ValueError, struct.error):
        pass
    return ""


def _text(opened: BinaryIO, longest: int) -> str:
    (length,) = struct.unpack("<Q", opened.read(8))
    if length > longest:
        raise ValueError(f"a text of {length} bytes, expected at most {longest}")
    return opened.read(length).decode("utf-8")


def _pass_over(opened: BinaryIO, kind: int) -> None:
    """One value; arrays, which hold vocabularies, come after the architecture."""
    if kind == _TEXT:
        (length,) = struct.unpack("<Q", opened.read(8))
        opened.seek(length, os.SEEK_CUR)
    elif kind in _SIZES:
        opened.seek(_SIZES[kind], os.SEEK_CUR)
    else:
        raise ValueError(f"a value of type {kind} before the architecture")
