"""The shortest stretch of an answer that answers, chosen by trees among runs of words. No torch, a few milliseconds.

Three models tell of each word whether the answer begins with it, ends with it, or has it inside; a fourth ranks the
spans made of these, with what the neural reader sees in them; a fifth estimates how well the best one answers.
`qa/training/spans_training.py` made them. Knows a question, the claims of an answer and the reader's shares of belief
in them; nothing of passages or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from corpus.errors import ModelError
from corpus.text.figures import stated_figures
from corpus.text.tagging import tag
from qa.checking.verification import squeeze
from qa.reading.features import Asked, look
from qa.reading.network.network import load_network
from qa.reading.reader import LOOKED_AT, Reading
from qa.reading.spans.amounts import amounts_asked_for
from qa.reading.spans.candidates import Borders, Candidates, candidates_of
from qa.reading.spans.habits import Habits, habits
from qa.reading.spans.kinds import Expectations, expectations
from qa.reading.spans.lists import names_asked_for
from qa.reading.spans.words import Board, board_of
from qa.reading.trees import Floats, Trees

MODEL = Path(__file__).parents[1] / "weights" / "spans" / "spans.npz"
LEAST_WORTH = 0.45  # below this nothing is marked; qa/training/spans_training.py prints what it costs and saves
NETWORK = 0.25  # what the network's log-odds weigh beside the scores of the trees
LISTED = 0.8  # worth of a run of quoted names
_LEAST_SEEN = -15.0
_PAIRS = (("《", "》"), ("“", "”"), ("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"))
_AWAY = 3.0  # what a span loses in score that is not on the figure which the rules take
_LISTS = re.compile(r"[，、；,;]")
BORDERS = ("begins", "ends", "inside")


@dataclass(frozen=True, slots=True)
class Found:
    """The span `texts[claim][span]` and `worth`, the F1 that it is expected to have with what a person would mark."""

    claim: int
    span: Span
    worth: float


@dataclass(frozen=True, slots=True)
class SpanFinder:
    """The models and what they expect: `borders` in the order of `BORDERS`, names of word and span columns."""

    borders: tuple[Trees, ...]
    ranker: Trees
    judge: Trees
    known: Expectations
    habits: Habits
    word_columns: tuple[str, ...]
    span_columns: tuple[str, ...]

    def find(self, asked: Asked, texts: Sequence[str], shares: Sequence[float]) -> Found | None:
        """The span of `texts` that answers `asked` best; None where they have no words."""
        if names := names_asked_for(asked, texts, shares):
            return Found(*names, LISTED)
        board = board_of(asked, texts, shares, self.known, self.habits)
        if not any(word.plain for word in board.words):
            return None
        candidates = proposed(board, self.borders) if board.names == self.word_columns else None
        if candidates is None or candidates.names != self.span_columns:
            raise ModelError(
                "内置的短答案模型与程序版本不符，请重新安装 wenju。",
                "The embedded span model does not fit this version of the program: reinstall wenju.",
            )
        scores = self.ranker.score(candidates.table) + NETWORK * _seen(asked, texts, board, candidates)
        if amounts := amounts_asked_for(asked, texts):
            on = [_on(board, candidates, place, texts[place[0]]) for place in amounts]
            scores = np.where(np.any(on, axis=0), scores, scores - _AWAY)
        best = int(scores.argmax())
        worth = float(self.judge.score(judged_row(candidates, scores)[None])[0])
        claim, span = place_of(board, candidates, best)
        return Found(claim, completed(asked, texts[claim], span), worth)


def shares_of(reading: Reading, texts: Sequence[str]) -> list[float]:
    """How much the reader believes in each of `texts`: the shares of its best units that stand in the text."""
    units = [(squeeze(read.unit.text), read.share) for read in reading.units[:LOOKED_AT]]
    return [sum(share for unit, share in units if unit in plain) for plain in map(squeeze, texts)]


def proposed(board: Board, borders: Sequence[Trees]) -> Candidates:
    """The candidates of `board` by the three border models."""
    return candidates_of(board, Borders(*(trees.score(board.table) for trees in borders)))


def _seen(asked: Asked, texts: Sequence[str], board: Board, candidates: Candidates) -> Floats:
    """What the network makes of candidates: log-odds of begin and end together, 0 for the best of them."""
    (sight,) = load_network().look(asked.text, [("", texts)])
    places = zip(sight.units.tolist(), sight.places[:, 0].tolist(), strict=True)
    seen = dict(zip(places, sight.logits[:, :2], strict=True))
    words = zip(board.claim.tolist(), (word.start for word in board.words), strict=True)
    unseen = sight.logits[:, :2].min(0, initial=0.0)
    begin, end = np.asarray([seen.get(place, unseen) for place in words], np.float32).T
    both = begin[candidates.first] + end[candidates.last]
    return np.asarray(np.maximum(both - both.max(), _LEAST_SEEN), np.float32)


def _on(board: Board, candidates: Candidates, place: tuple[int, Span], text: str) -> NDArray[np.bool_]:
    """Which candidates overlap a place, a claim's number and offsets in its `text`, and go on to no other figure."""
    starts = np.array([word.start for word in board.words])[candidates.first]
    ends = np.array([word.end for word in board.words])[candidates.last]
    claim, (start, end) = place
    figures = [figure for figure in stated_figures(text) if figure.kind != "date"]
    before = [f.end for f in figures if f.end <= start and _LISTS.search(text, f.end, start)]
    after = [f.start for f in figures if f.start >= end and _LISTS.search(text, end, f.start)]
    inside = (starts >= max(before, default=0)) & (ends <= min(after, default=len(text)))
    return np.asarray((board.claim[candidates.first] == claim) & (starts < end) & (ends > start) & inside)


def completed(asked: Asked, text: str, span: Span) -> Span:
    """`span` with the measure word that was asked for, and the other half of a quote or bracket, where next; of a
    person the name alone, without what they do (张俊忠感慨万千)."""
    start, end = span
    if asked.kind == "who":
        name = next((stop for begin, stop in look(text[:end]).people if begin == start), end)
        end = name if any(flag[0] in "vdi" for _, flag in tag(text[name:end])[:1]) else end
    if asked.measure and text[end - 1].isdigit() and (tail := re.match(rf"\s?[余多]?{asked.measure}", text[end:])):
        end += tail.end()
    for opening, closing in _PAIRS:
        inside = text[start:end]
        missing = inside.count(opening) - inside.count(closing)
        crossed = missing == 0 and inside.find(closing) < inside.find(opening)
        if (missing < 0 or crossed) and text[start - 1 : start] == opening:
            start -= 1
        if (missing > 0 or crossed) and text[end : end + 1] == closing:
            end += 1
    return start, end


def place_of(board: Board, candidates: Candidates, number: int) -> tuple[int, Span]:
    """The claim of a candidate, and its offsets there."""
    first, last = int(candidates.first[number]), int(candidates.last[number])
    return int(board.claim[first]), (board.words[first].start, board.words[last].end)


def judged_row(candidates: Candidates, scores: Floats) -> Floats:
    """What the judge sees: the best span's row, its score, and how much of the belief is in spans that overlap it."""
    best = int(scores.argmax())
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    overlaps = (candidates.first <= candidates.last[best]) & (candidates.last >= candidates.first[best])
    apart = scores[~overlaps].max() if not overlaps.all() else scores.min()
    more = [scores[best], shares[best], shares[overlaps].sum(), scores[best] - apart, len(scores)]
    return np.concatenate([candidates.table[best], more]).astype(np.float32)


@cache
def load_spans(path: Path = MODEL) -> SpanFinder:
    """The models in `path`, an .npz of plain arrays (never pickled). Raises ModelError with the remedy."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return SpanFinder(
                tuple(Trees.from_arrays(arrays, name) for name in BORDERS),
                Trees.from_arrays(arrays, "ranker"),
                Trees.from_arrays(arrays, "judge"),
                expectations([str(key) for key in arrays["expectations.keys"]], arrays["expectations.rows"]),
                habits([str(key) for key in arrays["habits.keys"]], arrays["habits.rows"]),
                tuple(str(name) for name in arrays["word_columns"]),
                tuple(str(name) for name in arrays["span_columns"]),
            )
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise ModelError(
            f"内置的短答案模型读不出来：{path}（{error}）。请重新安装 wenju。",
            f"The embedded span model cannot be loaded from {path} ({error}): reinstall wenju.",
        ) from error
