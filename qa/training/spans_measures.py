"""How good the spans are that a model finds for questions it did not learn from, as tables for its card.

Knows questions told as in `qa/training/spans_examples.py`, and the measures of the evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.encoders.encoder import Encoder
from qa.evaluation.metrics.answer_text import exact, f1
from qa.reading.features import ask_about
from qa.reading.spans.finder import LEAST_WORTH, load_spans
from qa.training.spans_examples import Told


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for a held-out question: its scores, those of the whole text, and its expected worth."""

    source: str
    way: str
    exact: float
    f1: float
    whole: float
    worth: float


def measured(told: Sequence[Told], encoder: Encoder, path: Path) -> list[Measured]:
    """What the model in `path` finds for each question, and what it is worth."""
    finder = load_spans(path)
    rows = []
    for one in told:
        asked = ask_about(one.question, lambda term, one=one: one.weights.get(term, 0.0), encoder)  # type: ignore[misc]
        if found := finder.find(asked, one.texts, one.shares):
            text = one.texts[found.claim][slice(*found.span)]
            whole = f1("".join(one.texts), one.answers)
            rows.append(
                Measured(one.source, one.way, exact(text, one.answers), f1(text, one.answers), whole, found.worth)
            )
    return rows


def report(rows: Sequence[Measured]) -> str:
    """Held-out questions as a Markdown table: exact and F1 of the whole text, the best span and the marked ones."""
    lines = [
        "| set | asked of | questions | whole text F1 | best span exact / F1 | marked | exact / F1 of the marked |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for way, source in sorted({(one.way, one.source) for one in rows}, reverse=True):
        part = [one for one in rows if (one.way, one.source) == (way, source)]
        sure = [one for one in part if one.worth >= LEAST_WORTH]
        lines.append(
            f"| {source} | {way} | {len(part)} | {100 * np.mean([one.whole for one in part]):.1f} | {_two(part)} "
            f"| {100 * len(sure) / len(part):.0f} % | {_two(sure)} |"
        )
    return "\n".join(lines)


def curve(rows: Sequence[Measured]) -> str:
    """Held-out questions as a Markdown table: how much is marked from each worth on, and how good it is."""
    lines = ["| worth from | marked | exact / F1 of the marked |", "| ---: | ---: | ---: |"]
    for least in (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7):
        sure = [one for one in rows if one.worth >= least]
        lines.append(f"| {least} | {100 * len(sure) / len(rows):.0f} % | {_two(sure)} |")
    return "\n".join(lines)


def _two(rows: Sequence[Measured]) -> str:
    if not rows:
        return "–"
    return f"{100 * np.mean([one.exact for one in rows]):.1f} / {100 * np.mean([one.f1 for one in rows]):.1f}"
