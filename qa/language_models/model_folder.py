"""Folders that hold language models: what a whole one consists of, and where other programs keep theirs.

Knows files of models and the caches of huggingface_hub and modelscope. Reads a few small files and the heads of
weights; imports none of those packages. A model may be one GGUF file, too: `gguf_files` knows those.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.language_models import gguf_files

_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")
_WRITES = ("ForCausalLM", "ForConditionalGeneration")
_LONGEST_HEAD = 100_000_000  # of safetensors, by its definition


def what_is_missing(folder: Path) -> str:
    """The first thing that a model in `folder` lacks; "" for one that is whole. Reads headers, not weights.

    A GGUF file in place of a folder is whole where it begins like one.
    """
    if folder.is_file():
        return "" if gguf_files.writes(folder) else "GGUF"
    config = _json(folder / "config.json")
    if "model_type" not in config:
        return "config.json"
    broken = next((file.name for file in _weights(folder) if not _whole(file)), "")
    if broken:
        return broken
    if not any((folder / name).is_file() for name in _TOKENIZERS) and not any(folder.glob("*.tiktoken")):
        return "tokenizer.json"
    return ""


def _weights(folder: Path) -> list[Path]:
    """The files of weights, whether they are there or not: those that an index lists, else those that there are."""
    for form in ("safetensors", "bin"):
        for index in sorted(folder.glob(f"*.{form}.index.json")):
            shards = _json(index).get("weight_map")
            return sorted({folder / str(name) for name in shards.values()}) if isinstance(shards, dict) else [index]
        if files := sorted(folder.glob("*.safetensors" if form == "safetensors" else "pytorch_model*.bin")):
            return files
    return [folder / "model.safetensors"]


def architecture(folder: Path) -> str:
    """What transformers calls the kind of model that `folder` holds; "" where it does not say."""
    return str(_json(folder / "config.json").get("model_type") or "")


def chats(folder: Path) -> bool:
    """Whether a whole model is one that converses: it writes text, and says how a conversation is put to it."""
    if folder.is_file():
        return gguf_files.writes(folder)
    architectures = _json(folder / "config.json").get("architectures")
    writes = any(str(name).endswith(_WRITES) for name in architectures or ())
    template = (folder / "chat_template.jinja").is_file() or (folder / "chat_template.json").is_file()
    return writes and (template or "chat_template" in _json(folder / "tokenizer_config.json"))


def size_on_disk(folder: Path) -> int:
    """Bytes of all files below `folder`, or of that one file; links count as what they point at."""
    files = [folder] if folder.is_file() else folder.rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file())


def cached_models() -> Iterator[tuple[str, Path]]:
    """Names and places of what huggingface_hub, modelscope, Ollama, LM Studio and llama.cpp fetched, whole or not, as
    each of them names it."""
    for repository in folders_in(_hub_cache()):
        kind, _, name = repository.name.partition("--")
        if kind == "models":
            yield from ((name.replace("--", "/", 1), folder) for folder in _snapshots(repository))
    for owner in folders_in(_modelscope_cache()):
        yield from ((f"{owner.name}/{folder.name.replace('___', '.')}", folder) for folder in folders_in(owner))
    for cache in (_hub_cache(), _modelscope_cache()):
        yield from gguf_files.files_below(cache)
    yield from gguf_files.files_here()


def folders_in(folder: Path) -> list[Path]:
    """The folders directly below `folder`, hidden ones left out; none where it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


def from_home(path: str) -> Path:
    """`path` with "~" as the person's home, where there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _hub_cache() -> Path:
    """Where huggingface_hub keeps what it fetched, by the variables that it reads."""
    for variable, below in (("HF_HUB_CACHE", ""), ("HF_HOME", "hub"), ("XDG_CACHE_HOME", "huggingface/hub")):
        if value := os.environ.get(variable):
            return from_home(value) / below
    return from_home("~/.cache/huggingface/hub")


def _modelscope_cache() -> Path:
    """Where modelscope keeps models."""
    return from_home(os.environ.get("MODELSCOPE_CACHE") or "~/.cache/modelscope/hub") / "models"


def _snapshots(repository: Path) -> list[Path]:
    """The versions of one repository in the hub's cache: first what "main" is, then the others."""
    snapshots = repository / "snapshots"
    try:
        main = (repository / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        main = ""
    return sorted(folders_in(snapshots), key=lambda folder: folder.name != main)


def _whole(file: Path) -> bool:
    """Whether weights are there to their end; of other formats than safetensors, whether there are any."""
    try:
        size = file.stat().st_size
        if file.suffix == ".bin":
            return size > 0
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            if not 0 < length < min(size, _LONGEST_HEAD):
                return False
            header = json.loads(opened.read(length))
        ends = [int(tensor["data_offsets"][1]) for name, tensor in header.items() if name != "__metadata__"]
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False
    return size == 8 + length + max(ends, default=0)


def _json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
