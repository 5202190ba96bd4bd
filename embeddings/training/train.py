"""Trains the embedded encoder: `python -m embeddings.training --data DIR --to FOLDER [--minutes N] [--seed 0]`.

Knows the whole recipe: vocabulary from the words of the corpus, pairs, one table of vectors trained so that a query
lies nearer to its own passage than to the others of the batch, evaluation on questions kept apart, packing to 8 bits.
Needs torch; what it writes does not. Texts, pairs and vocabulary have modules of their own beside this one.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from embeddings.encoders.static_encoder import FOLDING, PIECES, load_static_encoder, parse_cutter, save_static_encoder
from embeddings.training.data import read_documents, read_examples
from embeddings.training.pairs import Bags, Pairs, PairSampler, build_pairs
from embeddings.training.scores import Scores, score_among
from embeddings.training.vocabulary import make_folding, make_vocabulary

if TYPE_CHECKING:
    import torch

Report = Callable[[str], None]
Watch = Callable[[int, int], None]
"""Called with how many steps are done, and how many there are."""
Floats = NDArray[np.float32]

_WARM_UP = 50
_UNLIKELY = -1e4


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be changed about a training; the defaults made the shipped model.

    `minutes` replaces `steps` by what the machine manages in that time (None: `steps` are done, however long it takes).
    `sharpness` multiplies cosines before the softmax. `rate` falls to zero over the training. What was learnt is put
    on the disk after every `saved` steps.
    """

    steps: int = 1_000
    minutes: float | None = None
    batch: int = 2_048
    rate: float = 0.005
    sharpness: float = 20.0
    pieces: int = 32_000
    dimension: int = 256
    pool: int = 30_000
    seed: int = 0
    saved: int = 500


def train_encoder(
    data: Path, to: Path, recipe: Recipe, report: Report, *, start: Path | None = None
) -> dict[str, Scores]:
    """Train on the data folder, write the model folder, return the scores of the written model on held-out questions.

    `start` is a model folder to go on from with its vocabulary, so as to adapt it to other articles. An interrupted
    training goes on from `<to>.checkpoint`; that file is removed in the end.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    training, held_out = read_examples(data)
    documents = read_documents(data, without={example.context for example in held_out})
    report(f"{len(documents)} documents, {len(training)} questions to train on, {len(held_out)} held out")
    if start is None:
        vectors, pieces = None, make_vocabulary(documents, recipe.pieces)
        folding = make_folding(pieces)
    else:
        vectors = load_static_encoder(start).vectors
        pieces, folding = read_vocabulary(start)
    pairs = build_pairs(documents, training, parse_cutter(pieces, folding).cut)
    report(f"{len(pairs.tokens)} tokens, {len(pairs.sentences)} sentences, {len(pairs.titles)} titles")
    table = train_vectors(pairs, pieces, vectors, recipe, to.with_name(to.name + ".checkpoint"), report)
    save_static_encoder(to, table, pieces, folding)
    scores = score_among(load_static_encoder(to), held_out, documents, recipe.pool, recipe.seed)
    for group, score in scores.items():
        report(f"{group}: {score}")
    to.with_name(to.name + ".checkpoint").unlink(missing_ok=True)
    return scores


def read_vocabulary(folder: Path) -> tuple[str, str]:
    """Pieces and folding of a model folder, as `parse_cutter` takes them."""
    pieces, folding = ((folder / name).read_text(encoding="utf-8") for name in (PIECES, FOLDING))
    return pieces, folding


def train_vectors(
    pairs: Pairs,
    pieces: str,
    start: Floats | None,
    recipe: Recipe,
    checkpoint: Path,
    report: Report,
    watch: Watch | None = None,
) -> Floats:
    """The vectors of all `pieces`, shape (pieces, dimension), after training from `start`, or from random numbers.

    Where `checkpoint` is there, training goes on from it.
    """
    names = [line.split("\t")[0] for line in pieces.split("\n") if line]
    model = _PieceTable(names, _inverse_document_frequencies(pairs, len(names)), recipe)
    if start is not None:
        model.begin_with(start)
    return _train_table(model, pairs, recipe, checkpoint, report, watch or (lambda done, total: None))


def _train_table(
    model: _PieceTable, pairs: Pairs, recipe: Recipe, checkpoint: Path, report: Report, watch: Watch
) -> Floats:
    """The vectors of all pieces, shape (pieces, dimension), after training (or going on) with the recipe."""
    import torch

    optimizer = _optimizer(model)
    sampler = PairSampler(pairs, recipe.seed)
    step, steps = 0, recipe.steps
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["table"].shape != model.own.shape:
            raise _strange_checkpoint(checkpoint)
        model.own.data.copy_(state["table"])
        optimizer.load_state_dict(state["optimizer"])
        step, steps = state["step"], state["steps"]
        report(f"going on from step {step} of {steps}")
    elif recipe.minutes is not None:
        trial = _optimizer(model)
        steps = _steps_in(recipe.minutes, lambda number: _learn(model, trial, sampler, number, recipe, 0.0))
        report(f"{steps} steps in {recipe.minutes} minutes")
    started, first, smooth = time.monotonic(), step, 0.0
    while step < steps:
        rate = recipe.rate * min(1.0, (step + 1) / _WARM_UP) * (1 - step / steps)
        loss = _learn(model, optimizer, sampler, step, recipe, rate)
        smooth = loss if step == first else 0.98 * smooth + 0.02 * loss
        step += 1
        watch(step, steps)
        if step % 100 == 0:
            report(f"step {step}/{steps} loss {smooth:.4f} {time.monotonic() - started:.0f} s")
        if step % recipe.saved == 0:
            state = {"table": model.own.data, "optimizer": optimizer.state_dict(), "step": step, "steps": steps}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    return np.asarray(model.table().detach().numpy(), dtype=np.float32)


def _optimizer(model: _PieceTable) -> torch.optim.Optimizer:
    import torch

    return torch.optim.Adam([model.own], betas=(0.9, 0.98), fused=True)


def _strange_checkpoint(checkpoint: Path) -> ModelError:
    return ModelError(
        f"检查点 {checkpoint} 来自另一种设置或另一批文章，不能接着训练。请删除它再开始。",
        f"The checkpoint {checkpoint} is of another recipe or other documents. Delete it and start again.",
    )


def _steps_in(minutes: float, learn: Callable[[int], float]) -> int:
    """How many steps fit into the minutes, judged by three steps at rate zero."""
    learn(0)
    started = time.monotonic()
    for number in range(3):
        learn(number)
    return max(1, int(minutes * 60 / ((time.monotonic() - started) / 3)))


def _learn(
    model: _PieceTable, optimizer: torch.optim.Optimizer, sampler: PairSampler, step: int, recipe: Recipe, rate: float
) -> float:
    """One step: every query of the batch has to find its passage, and every passage its query. Returns the loss."""
    import torch
    from torch.nn.functional import cross_entropy

    for group in optimizer.param_groups:
        group["lr"] = rate
    queries, passages, documents = sampler.batch(step, recipe.batch)
    table = model.table()
    cosines = _encode(table, queries) @ _encode(table, passages).T
    owner = torch.from_numpy(documents)
    # Two pairs from one document are no counterexamples of each other.
    same = (owner[:, None] == owner[None]) & ~torch.eye(len(owner), dtype=torch.bool)
    logits = (recipe.sharpness * cosines).masked_fill(same, _UNLIKELY)
    target = torch.arange(len(owner))
    loss = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return float(loss.item())


def _encode(table: torch.Tensor, bags: Bags) -> torch.Tensor:
    import torch
    from torch.nn.functional import embedding_bag, normalize

    return normalize(embedding_bag(torch.from_numpy(bags.tokens), table, torch.from_numpy(bags.offsets), mode="sum"))


class _PieceTable:
    """The vectors while they are trained: a piece has its own and a share of those of the pieces inside it.

    So 北京大学 learns from 北京 and 大学. `table()` adds the shares up; what is stored is only the sum. Vectors begin
    random, as long as the piece is informative: before any training this is a random projection of tf-idf.
    """

    def __init__(self, names: Sequence[str], information: NDArray[np.float64], recipe: Recipe) -> None:
        import torch

        seeded = torch.Generator().manual_seed(recipe.seed)
        start = torch.randn(len(names), recipe.dimension, generator=seeded) / math.sqrt(recipe.dimension)
        lengths = torch.from_numpy(information).float().clamp(min=0.3) / 5
        self.own = torch.nn.Parameter(start * lengths[:, None])
        numbers = {name: number for number, name in enumerate(names)}
        parts = [[numbers[part] for part in _parts(name) if part in numbers] for name in names]
        counts = torch.tensor([len(row) for row in parts])
        self._parts = torch.tensor([number for row in parts for number in row], dtype=torch.long)
        self._offsets = counts.cumsum(0) - counts
        self._shares = torch.repeat_interleave(0.5 / counts.clamp(min=1).sqrt(), counts)
        self._lengths = torch.tensor([len(name) for name in names])

    def table(self) -> torch.Tensor:
        from torch.nn.functional import embedding_bag

        shared = embedding_bag(self._parts, self.own, self._offsets, mode="sum", per_sample_weights=self._shares)
        return self.own + shared

    def begin_with(self, vectors: Floats) -> None:
        """Set the own vectors so that `table()` gives these; short pieces first, as the longer ones rest on them."""
        import torch

        wanted = torch.from_numpy(vectors)
        self.own.data = wanted.clone()
        for length in range(2, int(self._lengths.max()) + 1):
            rows = self._lengths == length
            shared = (self.table() - self.own).detach()
            self.own.data[rows] = wanted[rows] - shared[rows]


def _parts(name: str) -> list[str]:
    """All shorter stretches of a word of Han characters."""
    if name.isascii():
        return []
    stretches = [(start, end) for start in range(len(name)) for end in range(start + 1, len(name) + 1)]
    return [name[start:end] for start, end in stretches if end - start < len(name)]


def _inverse_document_frequencies(pairs: Pairs, size: int) -> NDArray[np.float64]:
    count = len(pairs.documents)
    documents = np.repeat(np.arange(count), pairs.documents[:, 1] - pairs.documents[:, 0])
    tokens = pairs.tokens[: len(documents)]
    frequencies = np.bincount(np.unique(documents * size + tokens) % size, minlength=size)
    return np.asarray(np.log((count + 1) / (frequencies + 1)), dtype=np.float64)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; options that are left out keep the recipe of the shipped model."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.training", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument("--to", type=Path, required=True, help="model folder to write")
    parser.add_argument("--start", type=Path, help="model folder to go on from, with its vocabulary")
    parser.add_argument("--minutes", type=float, help="train for about so long instead of --steps")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--rate", type=float, default=Recipe().rate, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="for torch; the same number gives the same model again")
    options = parser.parse_args(arguments)

    import torch

    torch.set_num_threads(options.threads)
    recipe = Recipe(steps=options.steps, minutes=options.minutes, rate=options.rate, seed=options.seed)
    train_encoder(options.data, options.to, recipe, lambda line: print(line, flush=True), start=options.start)
