"""Questions in, cited answers out.

    from qa import ask
    answer = ask("商都路有多少名党员？")

Importing this package is cheap: what needs a model or an index is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qa.answer import Answer, Citation, Claim, Question, Turn

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.asking import ask
    from qa.evaluation.evaluating import evaluate

__version__ = "0.2.0"

__all__ = ["Answer", "Answerer", "Citation", "Claim", "Question", "Turn", "__version__", "ask", "evaluate"]

_LATER = {"Answerer": "qa.answerer", "ask": "qa.asking", "evaluate": "qa.evaluation.evaluating"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
