"""How well the network reads while it is trained: spans, answering units, and whether there is an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from qa.evaluation.metrics import plain
from qa.network.training_batches import Rows, batch_of, question_rows, rows_of, Seen
from qa.network.training_data import Posed
from qa.network.training_model import Network
from qa.network.words import Lexicon
from qa.spans.training_examples import quick_f1
from qa.training import area

LONGEST = 30  # words of a span


def best_span(begin: np.ndarray, end: np.ndarray, units: np.ndarray) -> tuple[float, int, int]:
    """Score, first and last word of the best span inside one unit."""
    best = (-1e9, 0, 0)
    scores = begin[:, None] + end[None]
    count = len(begin)
    first, last = np.arange(count)[:, None], np.arange(count)[None]
    allowed = (first <= last) & (last - first < LONGEST) & (units[:, None] == units[None]) & (units[:, None] > 0)
    scores = np.where(allowed, scores, -1e9)
    place = int(scores.argmax())
    return max(best, (float(scores.flat[place]), place // count, place % count))


@torch.inference_mode()
def measure(network: Network, lexicon: Lexicon, posed: Sequence[Posed]) -> str:
    """A line a set: exact, F1 and answering unit in the own article; the area under the curve of there being an answer."""
    tallies: dict[str, list[tuple[float, ...]]] = {}
    chances: dict[str, list[tuple[float, int]]] = {}
    for one in posed:
        own = [(shown, rows_of(lexicon, shown)) for shown in one.own]
        rest = [rows_of(lexicon, shown) for shown in one.rest[:4]]
        if not one.question.strip(" 　？?") or not any(rows.starts.any() for _, rows in own):
            continue
        question = question_rows(lexicon, one.question)
        batch, _, _ = batch_of(lexicon, [Seen(question, tuple([rows for _, rows in own] + rest))])
        logits, nothing = (x.float().numpy() for x in network(batch))
        found = []
        for place, rows in enumerate([rows for _, rows in own] + rest):
            n = len(rows.table)
            begin, end = logits[place, :n, 0], logits[place, :n, 1]
            score, first, last = best_span(begin, end, rows.units)
            # Begin and end beside nothing, both within this passage.
            found.append((score, first, last, score - 2 * nothing[place]))
        places = range(len(own))
        place = max(places, key=lambda i: found[i][0])
        shown, rows = own[place]
        _, first, last, _ = found[place]
        said = _text(lexicon, shown, rows, first, last)
        gold = [shown.units[u][s:e] for shown, _ in own for u, s, e in shown.answers]
        exact = float(any(plain(said) == plain(g) for g in gold))
        # The share of each unit: the mass of begins in it, over all own passages.
        masses = []
        for i, (_, r) in enumerate(own):
            n = len(r.table)
            both = np.exp(logits[i, :n, 0] - 8) + np.exp(logits[i, :n, 1] - 8)
            for unit in range(1, int(r.units.max()) + 1):
                inside = r.units == unit
                if inside.any():
                    masses.append((both[inside].sum(), float((r.starts | r.ends)[inside].any())))
        masses.sort(key=lambda pair: -pair[0])
        ranks = [max((m[1] for m in masses[:k]), default=0.0) for k in (1, 2)]
        tallies.setdefault(one.source, []).append((exact, quick_f1(said, gold), *ranks))
        chances.setdefault(one.source, []).append((max(found[i][3] for i in places), 1))
        if rest:
            chances[one.source].append((max(f[3] for f in found[len(own) :]), 0))
    lines = []
    for source, rows_ in sorted(tallies.items()):
        means = 100 * np.mean(rows_, 0)
        scores, labels = zip(*chances[source], strict=True)
        auc = area(np.asarray(scores, np.float32), np.asarray(labels, np.int8))
        lines.append(f"  {source} {len(rows_)}: exact {means[0]:.1f} F1 {means[1]:.1f} unit {means[2]:.1f} / {means[3]:.1f} AUC {auc:.3f}")
    return "\n".join(lines)


def _text(lexicon: Lexicon, shown: object, rows: Rows, first: int, last: int) -> str:
    unit = int(rows.units[first])
    text = shown.units[unit - 1]  # type: ignore[attr-defined]
    words = lexicon.look_up(text)
    before = int(np.flatnonzero(rows.units == unit)[0])
    return text[words.places[first - before, 0] : words.places[last - before, 1]]
