"""What the network saw, as numbers for each unit: columns beside those of `qa/features.py`.

Knows units, hits and rough scores, by which it chooses the passages that are read word by word.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embeddings.hit import Hit
from qa.network.network import Floats, Network, Sight
from qa.units import Unit

READ = 4  # passages; the network takes four times as long as everything else
_UNREAD = -30.0
COLUMNS = (
    "net_begins", "net_ends", "net_span", "net_span_behind", "net_rank", "net_inside", "net_passage", "net_read",
    "net_best_passage",
)  # fmt: skip
LONGEST_SPAN = 30  # words


def network_columns(
    network: Network, question: str, units: Sequence[Unit], hits: Sequence[Hit], rough: Floats
) -> Floats:
    """`(units, len(COLUMNS))`; what stands in passages that were not read has the lowest values."""
    chosen = passages_to_read(units, rough)
    texts: dict[int, list[int]] = {hit: [] for hit in chosen}
    for number, unit in enumerate(units):
        if unit.hit in texts:
            texts[unit.hit].append(number)
    sights = network.look(question, [(hits[hit].passage.title, [units[n].text for n in texts[hit]]) for hit in chosen])
    table = np.full((len(units), len(COLUMNS)), _UNREAD, np.float32)
    table[:, 4], table[:, 7] = 20, 0
    begin_all, end_all = (_all_together(sights, column) for column in (0, 1))
    for hit, sight in zip(chosen, sights, strict=True):
        passage = float(np.logaddexp.reduce(sight.logits[:, 0], initial=_UNREAD)) - sight.nothing
        for place, number in enumerate(texts[hit]):
            logits = sight.logits[sight.units == place]
            if len(logits):
                table[number, :3] = (
                    np.logaddexp.reduce(logits[:, 0]) - begin_all,
                    np.logaddexp.reduce(logits[:, 1]) - end_all,
                    best_span(logits) - 2 * sight.nothing,
                )
                table[number, 5:8] = logits[:, 2].max(), passage, 1
    read = table[:, 7] > 0
    table[:, 3] = np.where(read, table[:, 2] - table[read, 2].max(initial=_UNREAD), _UNREAD)
    order = np.argsort(-table[:, 2], kind="stable")
    table[order, 4] = np.where(read[order], np.minimum(np.arange(len(order)), 20), 20)
    table[:, 8] = table[read, 6].max(initial=_UNREAD)
    return table


def passages_to_read(units: Sequence[Unit], rough: Floats) -> list[int]:
    """The hits with the best units by `rough`, best first, at most `READ`."""
    chosen = dict.fromkeys(units[number].hit for number in np.argsort(-rough, kind="stable").tolist())
    return list(chosen)[:READ]


def best_span(logits: Floats) -> float:
    """The most that begin and end of one span of words have together."""
    count = len(logits)
    both = logits[:, None, 0] + logits[None, :, 1]
    reach = np.subtract.outer(np.arange(count), np.arange(count))
    return float(np.where((reach <= 0) & (reach > -LONGEST_SPAN), both, -np.inf).max())


def _all_together(sights: Sequence[Sight], column: int) -> float:
    values = [sight.logits[:, column] for sight in sights] + [np.asarray([sight.nothing for sight in sights])]
    return float(np.logaddexp.reduce(np.concatenate(values), initial=_UNREAD))
