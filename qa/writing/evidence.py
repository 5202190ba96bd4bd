"""What a language model is given to build on: of the passages that the reader believes in, the stretch that answers.

Knows readings and hits, no prompts. Small models get lost in whole passages, and a processor reads a thousand tokens in
five seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.article import Passage, Span
from embeddings.collections.hit import Hit
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of

PASSAGES = 3  # that a model is shown, and two for each part of a question that has several
LONGEST = 200  # characters of each, but for a sentence that is longer by itself


def evidence(hits: Sequence[Hit], readings: Sequence[Reading]) -> tuple[list[Hit], list[Hit]]:
    """The hits that a model is shown, those whose units are believed in most first; then the same cut down to the
    sentences around the best unit."""
    most = max(PASSAGES, 2 * len(readings))
    known = {hit.passage.id: hit for hit in hits}
    best: dict[str, Read] = {}
    for read in _in_turn(readings):
        if read.unit.passage.id in known:
            best.setdefault(read.unit.passage.id, read)
    shown = [known[id] for id in best][:most] or list(hits[:PASSAGES])
    cut = [replace(hit, passage=_around(hit.passage, best.get(hit.passage.id))) for hit in shown]
    return shown, cut


def _in_turn(readings: Sequence[Reading]) -> Iterator[Read]:
    """The best unit of each reading, then the second of each, and so on."""
    for place in range(max((len(reading.reads) for reading in readings), default=0)):
        yield from (reading.reads[place] for reading in readings if place < len(reading.reads))


def _around(passage: Passage, read: Read | None) -> Passage:
    """`passage` cut down to the sentence of `read` and as many of those around it as there is room for."""
    if read is None or len(passage.text) <= LONGEST:
        return passage
    spans = sorted({unit.sentence for unit in units_of(passage)} | {read.unit.sentence})
    middle = first = last = spans.index(read.unit.sentence)
    while (wider := _wider(spans, middle, first, last)) is not None:
        first, last = wider
    start, end = spans[first][0], spans[last][1]
    text = passage.text[start:end]
    return replace(passage, text=text, start=passage.start + start, end=passage.start + end, blocks=(), lead="")


def _wider(spans: Sequence[Span], middle: int, first: int, last: int) -> tuple[int, int] | None:
    """One sentence more, in turn before and after the middle one; None where there is no room for any."""
    sides = [(first - 1, last), (first, last + 1)]
    for one, other in sides if middle - first <= last - middle else reversed(sides):
        if one >= 0 and other < len(spans) and spans[other][1] - spans[one][0] <= LONGEST:
            return one, other
    return None
