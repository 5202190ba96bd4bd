"""What an evaluation was made with: questions, articles, settings, code and weights, as checksums.

Knows nothing of how questions are asked or scored.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import qa
from embeddings.collections.together import AnyCollection, Together
from qa.answerer import Answerer
from qa.evaluation.questions.cases import Case, QuestionSet
from qa.settings import Settings


def about_run(
    asked: QuestionSet, cases: Sequence[Case], collection: AnyCollection, settings: Settings, own_articles: bool
) -> dict[str, Any]:
    """What is evaluated, in plain values; "run" is one name for all that answers depend on."""
    held = [part.manifest for part in collection.parts]
    limits = collection.limits if isinstance(collection, Together) else ()
    answerer = Answerer(collection, settings=settings)
    what = {
        "questions": asked.name,
        "questions_sha256": asked.sha256 or checksum(*map(repr, asked.cases)),
        "asked": len(cases),
        "own_articles": own_articles,
        "articles": len(collection),
        "passages": sum(each.passages for each in collection.articles()) if limits else sum(m.passages for m in held),
        "collection_sha256": checksum(
            *sorted(f"{file.path} {file.sha256}" for manifest in held for file in manifest.files), *limits
        ),
        "encoder": ", ".join(dict.fromkeys(manifest.encoder for manifest in held)),
        "model": answerer.writer.name,
        "caution": settings.caution,
        "threshold": answerer.threshold,
        "k": settings.k,
        "version": qa.__version__,
        "program_sha256": _program(),
    }
    return {
        **what,
        "run": checksum(json.dumps(what, sort_keys=True), *map(repr, cases)),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU",
        "python": platform.python_version(),
    }


def name_of(function: Callable[..., Any]) -> str:
    """What a function, or an object that can be called, goes by."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


@cache
def _program() -> str:
    """A checksum of everything that answers are made with: code, prompts and weights."""
    root = Path(qa.__file__).parents[1]
    digest = hashlib.sha256()
    for package in ("corpus", "embeddings", "prompts", "qa"):
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".txt", ".npz", ".npy", ".json", ".safetensors") and "articles" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def checksum(*texts: str) -> str:
    """SHA-256 of `texts` in hexadecimal; their borders count."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
