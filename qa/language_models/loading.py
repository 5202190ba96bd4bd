"""Which language model the settings mean, and where it is run. Decided here and only here.

Knows settings, the catalogue and the three ways to run a model. Nothing is downloaded: a model that is not on the
machine is an error that says how to get it.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from qa.language_models.catalogue import GIGABYTE, find, installed, missing, recommended_model
from qa.language_models.language_model import LanguageModel
from qa.settings import Settings

EMBEDDED, AUTOMATIC = "wenju", "auto"
LARGEST_ON_CPU = 5 * GIGABYTE  # of weights: a larger model takes minutes for an answer


def load_language_model(settings: Settings) -> LanguageModel | None:
    """The language model that answers; None where the embedded reader does.

    The same one for everybody who asks for the same: weights are in memory once. Raises ModelError.
    """
    name = model_name(settings)
    if name == EMBEDDED:
        return None
    if settings.server:
        from qa.language_models.server.openai_model import server_model

        return server_model(settings.server, model="" if name == AUTOMATIC else name, key=settings.key)
    found = find(name, settings.home)
    if found.folder is None:
        raise missing(found, settings.home)
    if found.folder.is_file():
        from qa.language_models.local.gguf_model import load_gguf

        return load_gguf(found.folder, name=found.name)
    from qa.language_models.local.transformers_model import load_transformers_model

    return load_transformers_model(found.folder, name=found.name)


def model_name(settings: Settings) -> str:
    """`settings.model`, and what "auto" comes to where there is no server, which chooses for itself.

    That is the largest recommended model on this machine that it can be expected to run, else the embedded reader.
    """
    if settings.model != AUTOMATIC or settings.server:
        return settings.model
    most = sys.maxsize if _has_gpu() else LARGEST_ON_CPU
    here = [model for model in installed(settings.home) if recommended_model(model.name) and model.size <= most]
    return max(here, key=lambda model: model.size).name if here else EMBEDDED


def _has_gpu() -> bool:
    """Whether there seems to be a GPU that torch can use; told without loading torch."""
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    return apple or Path("/dev/nvidia0").exists() or Path("/dev/kfd").exists()
