"""Adapts the embedded encoder to a collection's own articles, without labels, and judges whether that was of use.

Knows what is trained with which effort, and how two encoders are compared. What is learnt from and what is asked is
the business of `adapting_data.py` beside it, the training itself that of `train.py`. Knows nothing of
where models or collections are kept. Needs torch for learning alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from embeddings.collections.collection import Collection
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.static_encoder import load_static_encoder, parse_cutter, save_static_encoder
from embeddings.training.adapting_data import Parts, Probe
from embeddings.training.measure import article_rankings
from embeddings.training.pairs import build_pairs
from embeddings.training.scores import Scores
from embeddings.training.train import Recipe, Watch, read_vocabulary, train_vectors

KINDS = ("words", "gist", "title")
# Chosen on real questions; the table is in the card of the embedded encoder.
RECIPE = Recipe(batch=1_024, rate=0.005, saved=25)
_FEW, _FEW_BATCH, _FEW_STEPS, _MOST_STEPS = 5_000, 512, 60, 300
_SENTENCES_PER_STEP = 250
SHARE = 0.5  # of what was learnt, in the mean with what was known before


def recipe_for(sentences: int, seed: int, minutes: float | None = None) -> Recipe:
    """How much is learnt from so many sentences; `minutes`, where they are given, decide instead."""
    steps = min(_MOST_STEPS, max(_FEW_STEPS, sentences // _SENTENCES_PER_STEP))
    batch = _FEW_BATCH if sentences < _FEW else RECIPE.batch
    return replace(RECIPE, batch=batch, steps=steps, minutes=minutes, seed=seed)


def learn(
    start: Path, to: Path, parts: Parts, seed: int, minutes: float | None = None, watch: Watch | None = None
) -> tuple[Recipe, int]:
    """Write to the model folder `to` what the encoder in `start` becomes after learning from `parts`.

    Returns what was done and from how many sentences. Goes on from `<to>.checkpoint` where an earlier call was
    interrupted; `to` is there only when it is whole.
    """
    import torch

    torch.set_num_threads(1)  # the same model again on every machine, and no fight with other programs
    known = load_static_encoder(start).vectors
    pieces, folding = read_vocabulary(start)
    pairs = build_pairs(parts.documents, (), parse_cutter(pieces, folding).cut, parts.never_drawn)
    recipe = recipe_for(len(pairs.sentences), seed, minutes)
    if to.exists():
        return recipe, len(pairs.drawn)
    to.parent.mkdir(parents=True, exist_ok=True)
    checkpoint = to.with_name(to.name + ".checkpoint")
    learnt = train_vectors(pairs, pieces, known, recipe, checkpoint, lambda line: None, watch)
    partial = to.with_name(to.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    save_static_encoder(partial, (1 - SHARE) * known + SHARE * learnt, pieces, folding)
    partial.rename(to)
    checkpoint.unlink(missing_ok=True)
    return recipe, len(pairs.drawn)


@dataclass(frozen=True, slots=True)
class Change:
    """Scores of one kind of question ("all": of all) before and after, by vectors alone and fused with the terms."""

    kind: str
    vectors: tuple[Scores, Scores]
    fused: tuple[Scores, Scores]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two encoders find. `gain` and `error` are the mean change of the reciprocal rank by vectors alone, and its
    standard error; `fused_gain` is that of the fused ranking.
    """

    changes: tuple[Change, ...]
    gain: float
    error: float
    fused_gain: float

    @property
    def better(self) -> bool:
        """Whether vectors find more, beyond chance (two standard errors), and the fused ranking no less."""
        return self.gain > 2 * self.error and self.gain > 0 and self.fused_gain >= 0


def compare(parts: Parts, before: Encoder, after: Encoder, watch: Watch | None = None) -> Comparison:
    """Ask `parts.asked` of its articles with either encoder; `watch` counts questions."""
    total, done = 2 * len(parts.asked), 0

    def told() -> None:
        nonlocal done
        done += 1
        if watch:
            watch(done, total)

    with tempfile.TemporaryDirectory(prefix="wenju-") as temporary:
        folder = Path(temporary) / "searched"
        with Collection.build(folder, parts.searched, encoder=before) as collection:
            first = _ranks(collection, parts.asked, told)
        with Collection.encode_again(folder, after) as collection:
            second = _ranks(collection, parts.asked, told)
    return _compared([asked.kind for asked in parts.asked], first, second)


def _ranks(collection: Collection, asked: Sequence[Probe], told: Callable[[], None]) -> np.ndarray:
    """Ranks of the right article, 0 where it was not found, by vectors and fused: shape (2, n)."""
    ranks = np.zeros((2, len(asked)))
    for number, one in enumerate(asked):
        for way, ranking in enumerate(article_rankings(collection, one.text)):
            ranks[way, number] = ranking.index(one.article) + 1 if one.article in ranking else 0
        told()
    return ranks


def _compared(kinds: Sequence[str], before: np.ndarray, after: np.ndarray) -> Comparison:
    changes = []
    for kind in (*KINDS, "all"):
        rows = np.array([kind in (one, "all") for one in kinds])
        if rows.any():
            pairs = [(_scores(before[way, rows]), _scores(after[way, rows])) for way in range(2)]
            changes.append(Change(kind, *pairs))
    gains = _reciprocal(after) - _reciprocal(before)
    error = gains[0].std() / np.sqrt(gains.shape[1])
    return Comparison(tuple(changes), float(gains[0].mean()), float(error), float(gains[1].mean()))


def _scores(ranks: np.ndarray) -> Scores:
    found = (ranks == 1).mean(), ((ranks > 0) & (ranks <= 10)).mean(), _reciprocal(ranks).mean()
    return Scores(len(ranks), *map(float, found))


def _reciprocal(ranks: np.ndarray) -> np.ndarray:
    return np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0.0)
