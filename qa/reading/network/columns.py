"""What the network saw, as numbers for each unit: columns beside those of `qa/reading/features.py`.

Knows what is asked, units, hits and rough scores, by which it chooses the passages that are read word by word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from embeddings.collections.hit import Hit
from qa.reading.features import Asked, has_kind, look, plain_text
from qa.reading.network.network import Floats, Network, Sight, sigmoid
from qa.reading.network.words import Numbers
from qa.reading.units import LONG, Unit

READ = 4  # passages; the network takes nearly half of the reading
_UNREAD, _LAST = -30.0, 20  # the log-odds, and the rank, of what was not read
COLUMNS = (
    "net_begins", "net_ends", "net_span", "net_span_behind", "net_rank", "net_inside", "net_passage", "net_read",
    "net_best_passage", "net_span_fits", "net_span_length", "net_span_repeats", "net_span_elsewhere", "net_span_agreed",
)  # fmt: skip
LONGEST_SPAN = 30  # words
_SHORTEST_SPAN = 2  # characters that mean something where they stand elsewhere


def network_columns(
    network: Network, asked: Asked, units: Sequence[Unit], hits: Sequence[Hit], rough: Floats
) -> tuple[Floats, dict[int, str]]:
    """`(units, len(COLUMNS))`, where what stands in passages that were not read has the lowest values; and of each unit
    that was read what answers best in it, by the unit's number."""
    numbers: dict[int, list[int]] = {hit: [] for hit in passages_to_read(units, rough)}
    for number, unit in enumerate(units):
        if unit.hit in numbers:
            numbers[unit.hit].append(number)
    shown = [(hits[hit].passage.title, [units[n].text for n in inside]) for hit, inside in numbers.items()]
    sights = network.look(asked.text, shown)
    begins, ends, span, inside, passage = np.full((5, len(units)), _UNREAD, np.float32)
    told = np.zeros((len(units), 3), np.float32)
    spans: dict[int, str] = {}
    read = np.zeros(len(units), bool)
    begin_all, end_all = (_all_together(sights, column) for column in (0, 1))
    for own, sight in zip(numbers.values(), sights, strict=True):
        answers = float(np.logaddexp.reduce(sight.logits[:, 0], initial=_UNREAD)) - sight.nothing
        for place, number in enumerate(own):
            logits = sight.logits[sight.units == place]
            if len(logits):
                begins[number] = np.logaddexp.reduce(logits[:, 0]) - begin_all
                ends[number] = np.logaddexp.reduce(logits[:, 1]) - end_all
                score, first, last = best_span(logits, np.zeros(len(logits), np.int32))
                span[number] = score - 2 * sight.nothing
                places = sight.places[sight.units == place]
                found = units[number].text[places[first, 0] : places[last, 1]]
                told[number], spans[number] = _told(asked, found), found
                inside[number], passage[number], read[number] = logits[:, 2].max(), answers, True
    behind = np.where(read, span - span[read].max(initial=_UNREAD), _UNREAD)
    rank = np.full(len(units), _LAST, np.float32)
    order = np.argsort(-span, kind="stable")
    rank[order] = np.where(read[order], np.minimum(np.arange(len(order)), _LAST), _LAST)
    best_passage = np.full(len(units), passage[read].max(initial=_UNREAD))
    seen = np.stack([begins, ends, span, behind, rank, inside, passage, read, best_passage], 1)
    plain = {number: plain_text(found) for number, found in spans.items()}
    others = agreed(units, hits, plain, span, passage)
    return np.concatenate([seen, told, others], 1).astype(np.float32), spans


def agreed(
    units: Sequence[Unit], hits: Sequence[Hit], spans: Mapping[int, str], scores: Floats, passage: Floats
) -> Floats:
    """`(units, 2)`: in how many other articles' passages the best span of a unit stands, and how far those that were
    read answer with the same."""
    texts = dict.fromkeys((unit.hit for unit in units), "")
    for unit in units:
        texts[unit.hit] += plain_text(unit.text) + "\n"
    best: dict[int, int] = {}  # the unit with the best span of each passage that was read
    for number in spans:
        hit = units[number].hit
        best[hit] = max(best.get(hit, number), number, key=lambda n: float(scores[n]))
    told = np.zeros((len(units), 2), np.float32)
    for number, span in spans.items():
        own = hits[units[number].hit].passage.article_id
        others = [hit for hit in texts if hits[hit].passage.article_id != own]
        if len(span) >= _SHORTEST_SPAN:
            told[number, 0] = sum(span in texts[hit] for hit in others)
            same = [n for hit, n in best.items() if hit in others and _same(spans[n], span)]
            told[number, 1] = sum(sigmoid(float(passage[n])) for n in same)
    return told


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_SPAN and shorter in longer


def _told(asked: Asked, span: str) -> tuple[float, float, float]:
    """Of the best span of a unit: whether it has the kind of thing asked for, its length, how much of it was asked."""
    plain = plain_text(span)
    pairs = {plain[i : i + 2] for i in range(len(plain) - 1)}
    return has_kind(asked.kind, look(span), span), len(span) / LONG, len(pairs & asked.pairs) / (len(pairs) or 1)


def passages_to_read(units: Sequence[Unit], rough: Floats) -> list[int]:
    """The hits with the best units by `rough`, best first, at most `READ`."""
    chosen = dict.fromkeys(units[number].hit for number in np.argsort(-rough, kind="stable").tolist())
    return list(chosen)[:READ]


def best_span(logits: Floats, units: Numbers) -> tuple[float, int, int]:
    """The most that begin and end of a span inside one unit have together, and its first and last word."""
    number = np.arange(len(logits))
    reach = number[None] - number[:, None]
    allowed = (reach >= 0) & (reach < LONGEST_SPAN) & (units[:, None] == units[None]) & (units[:, None] >= 0)
    scores = np.where(allowed, logits[:, None, 0] + logits[None, :, 1], -np.inf)
    if not allowed.any():
        return -np.inf, 0, 0
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return float(scores[first, last]), int(first), int(last)


def _all_together(sights: Sequence[Sight], column: int) -> float:
    values = [sight.logits[:, column] for sight in sights] + [np.asarray([sight.nothing for sight in sights])]
    return float(np.logaddexp.reduce(np.concatenate(values), initial=_UNREAD))
