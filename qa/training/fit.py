"""Fits the reader to examples: span, unit and no-answer together. A checkpoint says where to go on after a kill.

Examples are read file by file in the order of their names, from the first again after the last.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from qa.reading.pieces import PAD, Pieces, pieces_of
from qa.training.examples.example import Example, read_examples
from qa.training.model import ReaderModel

BATCH = 3_000  # pieces, with padding
WARM_UP, FALLING = 150, 0.4  # steps; share of all steps in which the rate falls to nothing
DECAY = 0.01


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example as pieces: first and last piece of its span (0, 0: nothing answers), pieces and label per unit."""

    pieces: Pieces
    start: int
    end: int
    units: tuple[tuple[int, int, int], ...]
    answers: int


def prepared(tokenizer: Tokenizer, example: Example) -> Prepared | None:
    """None where the answer was cut off."""
    pieces = pieces_of(tokenizer, example.question, example.head, example.text)
    first, spans = pieces.first, pieces.spans
    units = []
    for (start, end), label in zip(example.units, example.labels, strict=True):
        inside = [i for i, (a, b) in enumerate(spans) if a < end and start < b and b > a]
        if inside:
            units.append((first + inside[0], first + inside[-1] + 1, label))
    if not units:
        return None
    if not example.spans:
        return Prepared(pieces, 0, 0, tuple(units), 0)
    start, end = example.spans[0]
    inside = [i for i, (a, b) in enumerate(spans) if a < end and start < b and b > a]
    if not inside or spans[-1][1] < end:
        return None
    return Prepared(pieces, first + inside[0], first + inside[-1], tuple(units), 1)


def batches(examples: Sequence[Prepared], seed: int) -> Iterator[list[Prepared]]:
    """Batches of examples of like length, in random order."""
    dice = random.Random(seed)
    order = sorted(examples, key=lambda e: len(e.pieces.ids) + dice.random() * 16)
    made: list[list[Prepared]] = [[]]
    for example in order:
        if made[-1] and (len(made[-1]) + 1) * len(example.pieces.ids) > BATCH:
            made.append([])
        made[-1].append(example)
    dice.shuffle(made)
    yield from made


def padded(batch: Sequence[Prepared]) -> tuple[Tensor, Tensor]:
    longest = max(len(e.pieces.ids) for e in batch)
    ids = torch.full((len(batch), longest), PAD)
    for row, example in enumerate(batch):
        ids[row, : len(example.pieces.ids)] = torch.tensor(example.pieces.ids)
    return ids, (ids != PAD).long()


def loss_of(model: ReaderModel, batch: Sequence[Prepared]) -> tuple[Tensor, dict[str, float]]:
    ids, mask = padded(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        places, answers = model(ids, mask)
    places, answers = places.float(), answers.float()
    allowed = torch.zeros_like(ids, dtype=torch.bool)
    allowed[:, 0] = True
    for row, example in enumerate(batch):
        allowed[row, example.pieces.first : example.pieces.first + len(example.pieces.spans)] = True
    spans = places[..., :2].masked_fill(~allowed[..., None], -1e4)
    start = functional.cross_entropy(spans[..., 0], torch.tensor([e.start for e in batch]))
    end = functional.cross_entropy(spans[..., 1], torch.tensor([e.end for e in batch]))
    sums = torch.cat([torch.zeros(len(batch), 1), places[..., 2].cumsum(1)], 1)
    rows = torch.tensor([row for row, e in enumerate(batch) for _ in e.units])
    firsts, lasts, labels = (torch.tensor([u[i] for e in batch for u in e.units]) for i in range(3))
    units = (sums[rows, lasts] - sums[rows, firsts]) / (lasts - firsts)
    unit = functional.binary_cross_entropy_with_logits(units, labels.float())
    answer = functional.binary_cross_entropy_with_logits(answers, torch.tensor([float(e.answers) for e in batch]))
    parts = {"span": (start + end).item() / 2, "unit": unit.item(), "answer": answer.item()}
    return (start + end) / 2 + 2.0 * unit + 0.5 * answer, parts


class Fitting:
    """Model, optimizer and place in the examples; kept in one file that is replaced whole.

    Of `steps` in all, over which the rate falls, it makes those up to `stop`.
    """

    def __init__(
        self, model: ReaderModel, tokenizer: Tokenizer, folder: Path, rate: float, steps: int, stop: int | None = None
    ) -> None:
        self.model, self.tokenizer, self.folder, self.rate, self.steps = model, tokenizer, folder, rate, steps
        self.stop = steps if stop is None else stop
        learning = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(learning, lr=rate, weight_decay=DECAY, fused=True)
        self.step, self.file, self.inside = 0, 0, 0
        if (checkpoint := folder / "checkpoint.pt").exists():
            saved = torch.load(checkpoint, weights_only=True)
            self.model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.file, self.inside = saved["step"], saved["file"], saved["inside"]

    def save(self) -> None:
        unfinished = self.folder / "checkpoint.part"
        torch.save(
            {
                "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(),
                "step": self.step, "file": self.file, "inside": self.inside,
            },
            unfinished,
        )  # fmt: skip
        unfinished.replace(self.folder / "checkpoint.pt")

    def run(self, examples: Path) -> None:
        self.model.train()
        saved = shown = time.monotonic()
        sums: dict[str, float] = {}
        count = seen = 0
        while self.step < self.stop:
            files = sorted(examples.glob("*.jsonl.gz"))
            ready = [p for e in read_examples(files[self.file % len(files)]) if (p := prepared(self.tokenizer, e))]
            for number, batch in enumerate(batches(ready, self.file)):
                if number < self.inside:
                    continue
                if self.step >= self.stop:
                    break
                parts = self._learn(batch)
                self.inside = number + 1
                sums = {name: sums.get(name, 0.0) + value for name, value in parts.items()}
                count, seen = count + 1, seen + len(batch)
                if count == 50:
                    now = time.monotonic()
                    told = " ".join(f"{name} {value / count:.3f}" for name, value in sums.items())
                    speed = f"{seen / (now - shown):.1f}/s"
                    print(f"{time.strftime('%H:%M:%S')} step {self.step} file {self.file} {told} {speed}", flush=True)
                    sums, count, seen, shown = {}, 0, 0, now
                if time.monotonic() - saved > 240:
                    self.save()
                    saved = time.monotonic()
            else:
                self.file, self.inside = self.file + 1, 0
        self.save()

    def _learn(self, batch: Sequence[Prepared]) -> dict[str, float]:
        left = (self.steps - self.step) / max(1.0, FALLING * self.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * min(1.0, (self.step + 1) / WARM_UP, left)
        loss, parts = loss_of(self.model, batch)
        loss.backward()  # type: ignore[no-untyped-call]  # torch says no types for it
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return parts
