"""Which language model the settings mean, and where it is run. Decided here and only here.

Knows settings, the catalogue and the two ways to run a model. Nothing is downloaded: a model that is not on the machine
is an error that says how to get it.
"""

from __future__ import annotations

import difflib

from corpus.errors import ModelError
from qa.language_models.catalogue import RECOMMENDED, find, installed
from qa.language_models.language_model import LanguageModel
from qa.settings import Settings

EMBEDDED, AUTOMATIC = "wenju", "auto"


def load_language_model(settings: Settings) -> LanguageModel | None:
    """The language model that answers; None where the embedded reader does.

    The same one for everybody who asks for the same: weights are in memory once. Raises ModelError.
    """
    name = model_name(settings)
    if name == EMBEDDED:
        return None
    if settings.server:
        from qa.language_models.openai_model import server_model

        return server_model(settings.server, model="" if name == AUTOMATIC else name, key=settings.key)
    found = find(name, settings.home)
    if found.folder is None:
        raise _missing(name, found.repository)
    from qa.language_models.transformers_model import load_transformers_model

    return load_transformers_model(found.folder, name=found.name)


def model_name(settings: Settings) -> str:
    """What "auto" comes to: of a server its own choice, else the largest recommended model that is here and fits."""
    if settings.model != AUTOMATIC or settings.server:
        return settings.model
    here = {model.name.casefold() for model in installed(settings.home)}
    return next((model.alias for model in reversed(RECOMMENDED) if model.alias.casefold() in here), EMBEDDED)
