"""The reader: which units of the passages answer a question, which part of them, and how surely anything does.

The network looks at the question with each of the most promising passages, fewer where these answer. Knows hits and
units; nothing of marks, citations or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.article import Passage, Span
from corpus.text.terms import simplified
from embeddings.collections.hit import Hit
from qa.reading.network import Floats, Network, Seen
from qa.reading.pieces import Pieces, pieces_of
from qa.reading.units import Unit, units_of

# How much is read, best first: two passages, and six where none of these answers with ENOUGH belief; more while they
# are short. What it gains and costs stands in weights/README.md.
FIRST, LEAST, MOST, PIECES = 2, 6, 8, 600
ENOUGH = 0.8
LONGEST_SPAN = 60  # pieces of a unit's span, about a hundred characters
_TITLE, _LEAD = 40, 60  # characters
LONGEST_STRETCH = 200  # … and of what may reach over several units, as lists do
# What the logits of a unit, its window and its best span weigh (see weights/README.md), and the constant.
UNIT, WHOLE, SPAN, CONSTANT = 0.51, -0.192, 0.186, 0.482


@dataclass(frozen=True, slots=True)
class Read:
    """A unit with the estimate in [0, 1] that it answers, and the shortest stretch `passage.text[start:end]` of it that
    does. `stretch` is the shortest that answers in all of the window, which may reach beyond the unit, as lists do."""

    unit: Unit
    belief: float
    span: Span = (0, 0)
    stretch: Span = (0, 0)

    @property
    def answer(self) -> str:
        """The text of `span`."""
        return self.unit.passage.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Units of the passages that were read, best first; `confidence` is that the best of them answer `question`."""

    question: str
    reads: tuple[Read, ...] = ()

    @property
    def confidence(self) -> float:
        """That of the best unit."""
        return self.reads[0].belief if self.reads else 0.0


def read(
    question: str, hits: Sequence[Hit], network: Network, *, enough: float = ENOUGH, whole: bool = False
) -> Reading:
    """What the network makes of the first of `hits`: of two, where they answer with `enough` belief, else of more; of
    all of them where they are the `whole` of what there is."""
    reads: list[Read] = []
    windows: list[_Window] = []
    taken = 0
    for place, hit in enumerate(hits):
        if not whole and (place >= MOST or (place >= LEAST and taken >= PIECES)):
            break
        if not whole and place == FIRST:
            reads, windows = _look(windows, network), []
            if any(read.belief >= enough for read in reads):
                break
        made = list(_windows(question, hit.passage, network))
        windows += made
        taken += sum(len(window.pieces.ids) for window in made)
    reads += _look(windows, network)
    return Reading(question, tuple(sorted(reads, key=lambda r: -r.belief)))


def _look(windows: Sequence[_Window], network: Network) -> list[Read]:
    seen = network.see([window.pieces for window in windows]) if windows else []
    return [read for window, logits in zip(windows, seen, strict=True) for read in _reads(window, logits)]


@dataclass(frozen=True, slots=True)
class _Window:
    """Units of a passage as the network reads them: the pieces of the text from `start`, headings between included."""

    units: tuple[Unit, ...]
    start: int
    pieces: Pieces


def _windows(question: str, passage: Passage, network: Network) -> Iterator[_Window]:
    """The passage in as many windows as the network needs to read all of it: mostly one.

    The headline that a passage begins with is left out: `head_of` tells it, and said twice it misleads.
    """
    question, text = _simplified(question), _simplified(passage.text)
    units = units_of(passage)
    headline = f"{passage.title}\n"
    start = len(headline) if units and passage.title and passage.text.startswith(headline) else 0

    def window(taken: int) -> _Window:
        pieces = pieces_of(network.tokenizer, question, head_of(passage), text[start : units[taken - 1].end])
        return _Window(tuple(units[:taken]), start, pieces)

    while units:
        taken = len(units)
        made = window(taken)
        while taken > 1 and start + made.pieces.spans[-1][1] < units[taken - 1].end:
            taken -= max(1, taken // 4)
            made = window(taken)
        yield made
        start, units = units[taken - 1].end, units[taken:]


def _simplified(text: str) -> str:
    """`text` in simplified characters where each stands for one: the network has read few others."""
    changed = simplified(text)
    return changed if len(changed) == len(text) else text


def head_of(passage: Passage) -> str:
    """The title of its article, the last headings above it and what leads into it, as the network was taught to read
    them."""
    lines = [passage.title[:_TITLE], *passage.headings[-2:], passage.lead[-_LEAD:]]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _reads(window: _Window, seen: Seen) -> Iterator[Read]:
    if not window.pieces.spans:
        return
    starts = np.array([start for start, _ in window.pieces.spans]) + window.start
    ends = np.array([end for _, end in window.pieces.spans]) + window.start
    one, other, _ = best_span(seen.start, seen.end, LONGEST_STRETCH)
    stretch = (int(starts[one]), int(ends[other]))
    for unit in window.units:
        first, last = int(np.searchsorted(ends, unit.start, "right")), int(np.searchsorted(starts, unit.end, "left"))
        if first >= last:
            continue
        one, other, score = best_span(seen.start[first:last], seen.end[first:last])
        margin = score - seen.none
        logit = UNIT * float(seen.answers[first:last].mean()) + WHOLE * seen.whole + SPAN * margin + CONSTANT
        span = (max(unit.start, int(starts[first + one])), min(unit.end, int(ends[first + other])))
        yield Read(unit, float(1 / (1 + np.exp(-logit))), span, stretch)


def best_span(start: Floats, end: Floats, longest: int = LONGEST_SPAN) -> tuple[int, int, float]:
    """First and last piece of the likeliest span of at most `longest` pieces, and the sum of its two logits."""
    sums = np.triu(start[:, None] + end[None, :]) + np.tril(np.full((len(start),) * 2, -np.inf), -1)
    sums = np.where(np.triu(np.ones_like(sums), longest) > 0, -np.inf, sums)
    place = int(np.argmax(sums))
    one, other = divmod(place, len(start))
    return one, other, float(sums[one, other])
