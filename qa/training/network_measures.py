"""How well the network reads: spans and units in a question's own article, and whether other passages seem to answer.

Knows the network as it is shipped and the questions that it is measured on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.metrics.answer_text import plain
from qa.reading.network.columns import best_span
from qa.reading.network.network import Network, Sight
from qa.training.network_data import Posed, Shown
from qa.training.spans_examples import quick_f1
from qa.training.trees_report import area

_OTHERS = 4  # passages of other articles


@dataclass(frozen=True, slots=True)
class Mark:
    """One question: whether the span is exact, its F1, whether the best one and two units answer, and how sure it is
    of the own article and of others."""

    exact: float
    f1: float
    first: float
    second: float
    own: float
    others: float


def measure(network: Network, posed: Sequence[Posed]) -> str:
    """A line a set, in per cent, and the area under the curve of there being an answer."""
    marks: dict[str, list[Mark]] = {}
    for one in posed:
        if any(shown.answers for shown in one.own) and one.rest:
            marks.setdefault(one.source, []).append(_mark(network, one))
    lines = []
    for source, found in sorted(marks.items()):
        table = np.asarray([[m.exact, m.f1, m.first, m.second, m.own, m.others] for m in found], np.float32)
        exact, f1, first, second = 100 * table[:, :4].mean(0)
        sure = np.concatenate([table[:, 4], table[:, 5]])
        auc = area(sure, np.repeat(np.array([1, 0], np.int8), len(table)))
        lines.append(
            f"  {source}, {len(found)}: exact {exact:.1f}, F1 {f1:.1f}, unit {first:.1f} / {second:.1f}, AUC {auc:.3f}"
        )
    return "\n".join(lines)


def _mark(network: Network, one: Posed) -> Mark:
    passages = [*one.own, *one.rest[:_OTHERS]]
    sights = network.look(one.question, [(shown.title, shown.units) for shown in passages])
    spans = [best_span(sight.logits, sight.units) for sight in sights]
    count = len(one.own)
    best = max(range(count), key=lambda place: spans[place][0])
    said = _text(one.own[best], sights[best], *spans[best][1:])
    gold = [shown.units[unit][start:end] for shown in one.own for unit, start, end in shown.answers]
    answering = [(place, unit) for place, shown in enumerate(one.own) for unit, _, _ in shown.answers]
    ranked = _ranked(sights[:count])
    sure = [score - 2 * sight.nothing for (score, _, _), sight in zip(spans, sights, strict=True)]
    return Mark(
        float(any(plain(said) == plain(wanted) for wanted in gold)),
        quick_f1(said, gold),
        float(ranked[0] in answering),
        float(any(unit in answering for unit in ranked[:2])),
        max(sure[:count]),
        max(sure[count:]),
    )


def _ranked(sights: Sequence[Sight]) -> list[tuple[int, int]]:
    """Places and units from best to worst: by what begins and ends in them."""
    worth: dict[tuple[int, int], float] = {}
    for place, sight in enumerate(sights):
        for unit in np.unique(sight.units[sight.units >= 0]).tolist():
            logits: NDArray[np.float64] = np.asarray(sight.logits[sight.units == unit, :2], np.float64)
            worth[place, unit] = float(np.logaddexp.reduce(logits.ravel()))
    return sorted(worth, key=lambda key: -worth[key])


def _text(shown: Shown, sight: Sight, first: int, last: int) -> str:
    if not len(sight.units) or sight.units[first] < 0:
        return ""
    text = shown.units[int(sight.units[first])]
    return text[int(sight.places[first, 0]) : int(sight.places[last, 1])]
