"""The neural reader as torch trains it. `qa/reading/network/network.py` computes the same with numpy.

Knows batches of numbers; nothing of texts. Shapes: B passages, n words of a passage, m words of its question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, gelu, max_pool1d, pad

from qa.reading.network.network import AROUND, FUSED, READING
from qa.reading.network.words import LETTERS, TAGS

WIDTH = 128
FEATURES = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """B passages with their questions, padded with zeros. `keys` and `letters` tell which words are the same."""

    words: Tensor  # (B, n)
    letters: Tensor  # (B, n, LETTERS), numbers of the lexicon
    codes: Tensor  # (B, n, LETTERS)
    tags: Tensor
    keys: Tensor
    units: Tensor  # (B, n): number of the unit, 0 for the title
    q_words: Tensor  # (B, m)
    q_letters: Tensor
    q_codes: Tensor
    q_tags: Tensor
    q_keys: Tensor
    q_rarity: Tensor  # (B, m)
    groups: Tensor  # (B,): which question


class Shift(nn.Module):
    """A residual block: a quarter of the channels is taken from the words before, one from those behind."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Linear(width, 2 * width)
        self.dilation = dilation

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = self.norm(x) * mask
        q, d = y.shape[-1] // 4, self.dilation
        before = pad(y[..., :q], (0, 0, d, 0))[:, : y.shape[1]]
        after = pad(y[..., q : 2 * q], (0, 0, 0, d))[:, d:]
        y = torch.cat([before, after, y[..., 2 * q :]], -1)
        a, b = self.mix(y).chunk(2, -1)
        return x + gelu(a, approximate="tanh") * torch.sigmoid(b)


def overlaps(batch: Batch) -> Tensor:
    """How much of each word of a passage is in each word of the question: (B, n, m), 1 for the same word."""
    same = (batch.keys[:, :, None] == batch.q_keys[:, None]) & (batch.keys[:, :, None] > 0)
    codes, others = batch.codes, batch.q_codes
    found = torch.zeros(same.shape)
    for i in range(LETTERS):
        c = codes[:, :, i]
        here = torch.zeros_like(found, dtype=torch.bool)
        for j in range(LETTERS):
            here |= c[:, :, None] == others[:, None, :, j]
        found += (here & (c > 0)[:, :, None]).float()
    size = (codes > 0).sum(-1).clamp(min=1)
    partly = 0.8 * found / size[:, :, None]
    han = (codes[..., 0] >= 0x2E80)[:, :, None] & (others[..., 0] >= 0x2E80)[:, None]
    return torch.where(same, torch.ones_like(partly), partly * han)


class Network(nn.Module):
    """From batches to log-odds that the answer begins, ends and is at each word, and that a passage has none."""

    def __init__(self, words: int, letters: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(words, WIDTH)
        self.letter = nn.Embedding(letters, WIDTH, padding_idx=0)
        self.tag = nn.Embedding(len(TAGS), WIDTH)
        for table in (self.word, self.letter, self.tag):
            nn.init.normal_(table.weight, std=0.3)
        self.first = nn.LayerNorm(WIDTH)
        self.reading = nn.ModuleList(Shift(WIDTH, d) for d in READING)
        self.key, self.query = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.sameness = nn.Parameter(torch.tensor([2.0, 2.0]))
        self.gist = nn.Linear(WIDTH, 1)
        self.fuse = nn.Linear(4 * WIDTH + FEATURES, WIDTH)
        self.fuse_gist = nn.Linear(WIDTH, WIDTH)
        self.blocks = nn.ModuleList(Shift(WIDTH, d) for d in FUSED)
        self.last = nn.LayerNorm(WIDTH)
        self.heads = nn.Linear(WIDTH, 3)
        self.heads_gist = nn.Linear(WIDTH, 3 * WIDTH)
        self.nothing = nn.Sequential(nn.Linear(3 * WIDTH + 2, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))
        self.drop = nn.Dropout(dropout)

    def embed(self, words: Tensor, letters: Tensor, tags: Tensor) -> Tensor:
        spelt = self.letter(letters).sum(-2) / (letters > 0).sum(-1, keepdim=True).clamp(min=1)
        embedded: Tensor = self.first(self.word(words) + spelt + self.tag(tags))
        return embedded

    def read(self, x: Tensor, mask: Tensor) -> Tensor:
        for block in self.reading:
            x = block(x, mask)
        return x

    def forward(self, b: Batch) -> tuple[Tensor, Tensor]:
        """Log-odds (B, n, 3) of begin, end, inside, and (B,) that there is nothing."""
        mask, q_mask = (b.keys > 0)[..., None].float(), (b.q_keys > 0)[..., None].float()
        p = self.read(self.drop(self.embed(b.words, b.letters, b.tags)), mask)
        q = self.read(self.drop(self.embed(b.q_words, b.q_letters, b.q_tags)), q_mask)
        over = overlaps(b) * q_mask[:, None, :, 0]
        weighted = over * b.q_rarity[:, None]
        features, covered = self.features(b, over, mask, q_mask)
        s = (self.key(p) @ self.query(q).transpose(1, 2)) / WIDTH**0.5
        s = s + self.sameness[0] * over + self.sameness[1] * weighted
        to_q = torch.softmax(s.masked_fill(q_mask[:, None, :, 0] == 0, -1e4), -1)
        to_p = torch.softmax(s.masked_fill(mask == 0, -1e4), 1)
        seen = to_q @ q
        back = to_q @ (to_p.transpose(1, 2) @ p)
        weight = torch.softmax(self.gist(q)[..., 0].masked_fill(q_mask[..., 0] == 0, -1e4), -1)
        gist = (weight[..., None] * q).sum(1)
        x = self.fuse(torch.cat([p, seen, p * seen, back, features], -1)) + self.fuse_gist(gist)[:, None]
        x = self.drop(x)
        for block in self.blocks:
            x = block(x, mask)
        x = self.last(x)
        by_gist = self.heads_gist(gist).view(-1, 3, WIDTH)
        logits = self.heads(x) + x @ by_gist.transpose(1, 2) / WIDTH**0.5
        logits = logits.masked_fill((mask == 0) | (b.units == 0)[..., None], -1e4)
        most = x.masked_fill(mask == 0, -1e4).amax(1)
        mean = (x * mask).sum(1) / mask.sum(1).clamp(min=1)
        nothing = self.nothing(torch.cat([most, mean, gist, covered], -1))[:, 0]
        return logits, nothing

    def features(self, b: Batch, over: Tensor, mask: Tensor, q_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(B, n, FEATURES): what of the question is at, around, in the unit of, and in the passage of each word."""
        rarity = b.q_rarity * q_mask[..., 0]
        total = rarity.sum(1).clamp(min=0.1)[:, None]
        weighted = over * rarity[:, None]
        exact = (over == 1).float()
        size, n, m = over.shape
        near = max_pool1d(over.transpose(1, 2), 2 * AROUND + 1, 1, AROUND).transpose(1, 2)
        units = int(b.units.max()) + 1
        in_unit = torch.zeros(size, units, m).scatter_reduce(1, b.units[..., None].expand(-1, -1, m), over, "amax")
        at_unit = (in_unit * rarity[:, None]).sum(-1) / total
        own_unit = at_unit.gather(1, b.units)
        whole = (over.amax(1) * rarity).sum(-1, keepdim=True) / total
        best = own_unit.amax(1, keepdim=True)
        columns = [
            over.amax(-1),
            weighted.amax(-1),
            exact.amax(-1),
            (exact * rarity[:, None]).amax(-1),
            (near * rarity[:, None]).sum(-1) / total,
            own_unit,
            whole.expand(-1, n),
            (b.units == 0).float(),
        ]
        return torch.stack(columns, -1) * mask, torch.cat([whole, best], 1)


def together(parts: Sequence[tuple[Tensor, ...]]) -> list[Tensor]:
    """What `loss_of` takes, from the same for a few passages at a time: all of one length."""
    longest = max(part[0].shape[1] for part in parts)

    def widened(values: Tensor) -> Tensor:
        rest = longest - values.shape[1]
        if values.dim() == 3:
            return pad(values, (0, 0, 0, rest), value=-1e4)
        return pad(values, (0, rest))

    return [torch.cat([v if v.dim() == 1 else widened(v) for v in column]) for column in zip(*parts, strict=True)]


def loss_of(logits: Tensor, nothing: Tensor, groups: Tensor, starts: Tensor, ends: Tensor, words: Tensor) -> Tensor:
    """How unlikely the answers are: one choice among all words of a question's passages, and that each has nothing.

    `starts` and `ends` (B, n) mark where answers begin and end, `words` where there are words. A question without
    answers has nothing in all its passages. Each passage by itself counts half, and whether words are inside answers.
    """
    count = int(groups.max()) + 1
    has = starts.any(1)
    answered = torch.zeros(count).index_add(0, groups, has.float()) > 0
    total = torch.zeros(())
    for column, gold in ((0, starts), (1, ends)):
        scores = torch.cat([logits[..., column], nothing[:, None]], 1)
        wanted = torch.cat([gold, ~answered[groups][:, None]], 1)
        alone = torch.cat([gold, ~has[:, None]], 1)
        whole = torch.logsumexp(scores, 1)
        good = torch.logsumexp(scores.masked_fill(~wanted, -1e4), 1)
        total = total + (_together(whole, groups, count) - _together(good, groups, count)).mean()
        total = total + 0.5 * (whole - torch.logsumexp(scores.masked_fill(~alone, -1e4), 1)).mean()
    inside = (starts.int().cumsum(1) - ends.int().cumsum(1) + ends.int()) > 0
    apart = binary_cross_entropy_with_logits(logits[..., 2], inside.float(), reduction="none") * words
    return total + 5 * apart.sum() / words.sum()


def _together(values: Tensor, groups: Tensor, count: int) -> Tensor:
    most = torch.full((count,), -1e5).scatter_reduce(0, groups, values.detach(), "amax")
    return most + torch.log(torch.zeros(count).index_add(0, groups, torch.exp(values - most[groups])) + 1e-30)
