"""How well the embedded reader does on held-out questions: tables, and a picture of what its thresholds refuse.

Knows examples and a reader; nothing of how either was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.reading.calibration import THRESHOLDS
from qa.reading.network.columns import COLUMNS
from qa.reading.network.network import sigmoid
from qa.reading.reader import Reader
from qa.reading.trees import Floats
from qa.training.trees_examples import Example

THRESHOLDS_SHOWN = (0.02, 0.035, 0.06, 0.085, 0.12, 0.15, 0.19, 0.3, 0.4, 0.5)
_NAMES = {"careful": "careful 谨慎", "balanced": "balanced 适中", "eager": "eager 尽量答"}


@dataclass(frozen=True, slots=True)
class Refusals:
    """How sure the reader was of each example, `(examples,)`, and whether one of its best two units answers."""

    confidence: Floats
    answered: NDArray[np.int8]

    def at(self, least: float) -> tuple[float, float]:
        """Of those that it can answer what share is answered, and of the others what share is refused, in per cent."""
        shown = self.confidence >= least
        return 100 * float(shown[self.answered > 0].mean()), 100 * float((~shown)[self.answered == 0].mean())


def refusals(examples: Sequence[Example], reader: Reader) -> Refusals:
    """What `reader` says to examples."""
    weighed = [_weighed(e, reader) for e in examples]
    answered = [_answers_in(e, scores, 2) for e, (scores, _) in zip(examples, weighed, strict=True)]
    return Refusals(np.array([sigmoid(c) for _, c in weighed], np.float32), np.array(answered, np.int8))


def _weighed(example: Example, reader: Reader) -> tuple[Floats, float]:
    rough = reader.first.ranker.score(example.table[:, : -len(COLUMNS)])
    return reader.weigh(example.table, rough, [0.0] * len(rough))


def _answers_in(example: Example, scores: Floats, best: int) -> bool:
    return bool(example.labels[np.argsort(-scores, kind="stable")[:best]].any())


def report(examples: Sequence[Example], reader: Reader) -> str:
    """Held-out questions as a Markdown table: answer in the best 1, 2, 3 units; the judges' area under the curve."""
    lines = ["| set | questions | best 1 | best 2 | best 3 | AUC |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for source in sorted({e.source for e in examples}):
        part = [e for e in examples if e.source == source]
        sure = refusals(part, reader)
        asked = [e for e in part if e.labels.any()]
        scores = [_weighed(e, reader)[0] for e in asked]
        hits = [[_answers_in(e, s, best) for best in (1, 2, 3)] for e, s in zip(asked, scores, strict=True)]
        shares = " | ".join(f"{100 * share:.1f}" for share in np.mean(hits, axis=0))
        lines.append(f"| {source} | {len(hits)} | {shares} | {area(sure.confidence, sure.answered):.3f} |")
    return "\n".join(lines)


def table(refused: Refusals) -> str:
    """What each threshold of confidence answers and refuses, as a Markdown table."""
    lines = ["| confidence from | answered, of those it can | refused, of those it cannot |", "| ---: | ---: | ---: |"]
    rows = ((least, *refused.at(least)) for least in THRESHOLDS_SHOWN)
    lines += [f"| {least} | {answered:.1f} | {none:.1f} |" for least, answered, none in rows]
    return "\n".join(lines)


def picture(refused: Refusals) -> str:
    """The same as a curve, an SVG picture, with the settings marked."""
    thresholds = np.unique(np.quantile(refused.confidence, np.linspace(0, 1, 200)))
    line = " ".join(f"{60 + 4 * x:.1f},{430 - 4 * y:.1f}" for x, y in map(refused.at, thresholds.tolist()))
    marks = []
    for name, least in THRESHOLDS.items():
        x, y = refused.at(least)
        marks.append(
            f'<circle cx="{60 + 4 * x:.1f}" cy="{430 - 4 * y:.1f}" r="5" fill="#a33"/>'
            f'<text x="{50 + 4 * x:.1f}" y="{444 - 4 * y:.1f}" text-anchor="end">{_NAMES[name]} {least}</text>'
        )
    grid = "".join(
        f'<path d="M{60 + 4 * n} 30V430M60 {430 - 4 * n}H460" stroke="#ddd"/>'
        f'<text x="{60 + 4 * n}" y="448" text-anchor="middle">{n}</text>'
        f'<text x="52" y="{434 - 4 * n}" text-anchor="end">{n}</text>'
        for n in range(0, 101, 20)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 490 480" font-family="sans-serif" font-size="12">'
        f'<rect width="490" height="480" fill="#fff"/>{grid}'
        f'<polyline points="{line}" fill="none" stroke="#246" stroke-width="2"/>{"".join(marks)}'
        '<text x="260" y="470" text-anchor="middle">能答的题里作答的 % · answered, of those it can</text>'
        '<text x="60" y="20">答不了的题里拒答的 % · refused, of those it cannot</text></svg>\n'
    )


def area(scores: Floats, positive: NDArray[np.int8]) -> float:
    """Area under the ROC curve: how often a positive scores above a negative, ties half."""
    right, wrong = scores[positive > 0], np.sort(scores[positive == 0])
    if not len(right) or not len(wrong):
        return 0.5
    below, upto = np.searchsorted(wrong, right, "left"), np.searchsorted(wrong, right, "right")
    return float((below + upto).mean() / 2 / len(wrong))
