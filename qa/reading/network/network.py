"""The neural reader: where in passages the answer to a question begins and ends, word by word. Numpy alone.

Knows its weights and words as numbers. Knows nothing of units' worth, of trees or of how an answer is shown. Trained by
`qa/training/network_training.py`; `qa/training/network_model.py` computes the same with torch.

The question and each passage are read by small blocks that mix every word with its neighbours; each word of the passage
looks at the words of the question and back (co-attention, Xiong et al. 2017), beside plain counts of what they share;
more blocks read the result, and three heads tell how well an answer begins, ends and lies at each word. All passages of
a question compete with each other and with "not here" (shared normalisation, Clark and Gardner 2018). Blocks shift some
channels by words instead of convolving (Wu et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from qa.reading.network.words import FIRST, HIGHEST, KEY, LETTERS, NOTHING, TAG, UNKNOWN, WORD, Lexicon, Numbers, Words

Floats = NDArray[np.float32]
MODEL = Path(__file__).parents[1] / "weights" / "network" / "network.npz"
READING, FUSED = (1, 2), (1, 2, 4, 8, 2, 1)  # how far the blocks look, in words
AROUND = 8  # words
LONGEST_PASSAGE, LONGEST_QUESTION, LONGEST_TITLE = 260, 40, 16  # words
_NO = np.float32(-1e4)
_FIRST_HAN = 0x2E80
_LARGE = 1000  # rows


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in one passage, a row a word: log-odds `(words, 3)` that an answer begins, ends, is there.

    `units` and `places` `(words, 2)` tell which unit a word is in (-1 for the title), and its offsets there. `nothing`
    is the log-odds that the passage has no answer, to be compared with those of begin and end.
    """

    logits: Floats
    units: Numbers
    places: Numbers
    nothing: float


@dataclass(frozen=True, slots=True)
class Network:
    """Weights by name, and the lexicon. `look_up` is the lexicon's, which may keep what it has seen."""

    lexicon: Lexicon
    weights: Mapping[str, Floats]
    look_up: Callable[[str], Words]

    def look(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[Sight]:
        """Look for the answer to `question` in passages, each a title and its units."""
        asked = self.look_up(question).table[:LONGEST_QUESTION]
        cut = [self._cut(title, units) for title, units in passages]
        if not len(asked) or not any(len(words) for words, _ in cut):
            return [Sight(np.full((len(words), 3), _NO), units - 1, words.places, 0.0) for words, units in cut]
        longest = max(len(words) for words, _ in cut)
        table, units = np.zeros((len(cut), longest, FIRST + LETTERS), np.int32), np.zeros((len(cut), longest), np.int32)
        for row, (words, own) in enumerate(cut):
            table[row, : len(words)], units[row, : len(words)] = words.table, own
        logits, nothing = self._forward(asked, table, units)
        return [
            Sight(logits[row, : len(words)], own - 1, words.places, float(nothing[row]))
            for row, (words, own) in enumerate(cut)
        ]

    def _cut(self, title: str, units: Sequence[str]) -> tuple[Words, Numbers]:
        """The words of a passage, and of which unit each is: 0 for the title, units from 1."""
        parts = [self.look_up(title).first(LONGEST_TITLE), *(self.look_up(unit) for unit in units)]
        numbers = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
        places, tables = (np.concatenate([getattr(part, name) for part in parts]) for name in ("places", "table"))
        return Words(places, tables).first(LONGEST_PASSAGE), numbers[:LONGEST_PASSAGE]

    def _forward(self, asked: Numbers, table: Numbers, units: Numbers) -> tuple[Floats, Floats]:
        """Log-odds `(passages, n, 3)`, and of nothing `(passages,)`, for rows of a question and of passages."""
        w = self.weights
        mask = (table[..., KEY] > 0).astype(np.float32)[..., None]
        p = self._read(self._embed(table), mask)
        q = self._read(self._embed(asked[None]), np.ones((1, len(asked), 1), np.float32))[0]
        rarity = self.lexicon.rarity[asked[:, WORD]]
        over = overlaps(table, asked) * mask
        features, covered = features_of(over, rarity, units, mask)
        scores = self._linear("key", p) @ (self._linear("query", q).T / np.float32(p.shape[-1] ** 0.5))
        scores += over * (w["sameness"][0] + w["sameness"][1] * rarity)
        to_q = softmax(scores, -1)
        to_p = softmax(np.where(mask > 0, scores, _NO), 1)
        seen, back = to_q @ q, to_q @ (to_p.transpose(0, 2, 1) @ p)
        gist = softmax(self._linear("gist", q), 0).T @ q
        x = self._linear("fuse", np.concatenate([p, seen, p * seen, back, features], -1))
        x += self._linear("fuse_gist", gist)
        for number, far in enumerate(FUSED):
            x = self._block(f"blocks.{number}", x, mask, far)
        x = self._norm("last", x)
        heads = w["heads.weight"] + self._linear("heads_gist", gist).reshape(3, -1) / np.float32(x.shape[-1] ** 0.5)
        logits = x @ heads.T + w["heads.bias"]
        logits = np.where((mask > 0) & (units > 0)[..., None], logits, _NO)
        most = np.where(mask > 0, x, _NO).max(1)
        mean = (x * mask).sum(1) / np.maximum(mask.sum(1), 1)
        inner = np.concatenate([most, mean, np.repeat(gist, len(table), 0), covered], -1)
        nothing = self._linear("nothing.2", np.maximum(self._linear("nothing.0", inner), 0))[:, 0]
        return logits, nothing

    def _embed(self, table: Numbers) -> Floats:
        w = self.weights
        letters = self.lexicon.letters[table[..., FIRST:]]
        count = np.maximum((letters > 0).sum(-1, keepdims=True), 1).astype(np.float32)
        spelt = w["letter.weight"][letters].sum(-2) / count
        return self._norm("first", w["word.weight"][table[..., WORD]] + spelt + w["tag.weight"][table[..., TAG]])

    def _read(self, x: Floats, mask: Floats) -> Floats:
        for number, far in enumerate(READING):
            x = self._block(f"reading.{number}", x, mask, far)
        return x

    def _block(self, name: str, x: Floats, mask: Floats, far: int) -> Floats:
        y = self._norm(f"{name}.norm", x)
        y *= mask
        quarter, shifted = y.shape[-1] // 4, np.zeros_like(y)
        shifted[:, far:, :quarter] = y[:, :-far, :quarter]
        shifted[:, :-far, quarter : 2 * quarter] = y[:, far:, quarter : 2 * quarter]
        shifted[..., 2 * quarter :] = y[..., 2 * quarter :]
        a, b = np.split(self._linear(f"{name}.mix", shifted), 2, -1)
        return add_gated(x, a, b)

    def _linear(self, name: str, x: Floats) -> Floats:
        y = x @ self.weights[f"{name}.weight"].T
        y += self.weights[f"{name}.bias"]
        return y

    def _norm(self, name: str, x: Floats) -> Floats:
        width = x.shape[-1]
        y = x - (x @ np.full(width, 1 / width, np.float32))[..., None]
        y *= (1 / np.sqrt(np.einsum("...i,...i->...", y, y) / np.float32(width) + np.float32(1e-5)))[..., None]
        y *= self.weights[f"{name}.weight"]
        y += self.weights[f"{name}.bias"]
        return y


def overlaps(table: Numbers, asked: Numbers) -> Floats:
    """How much of each word of passages is in each word of the question: `(passages, n, m)`, 1 for the same word."""
    letters, others = table[..., FIRST:], asked[:, FIRST:]
    inside = (letters[..., :, None, None] == others[None, None, None]).any(-1) & (letters > 0)[..., None]
    partly = np.float32(0.8) * inside.sum(2) / np.maximum((letters > 0).sum(-1), 1)[..., None]
    han = (letters[..., 0] >= _FIRST_HAN)[..., None] & (others[:, 0] >= _FIRST_HAN)
    same = table[..., KEY, None] == asked[:, KEY]
    return np.asarray(np.where(same, 1, partly * han), np.float32)


def features_of(over: Floats, rarity: Floats, units: Numbers, mask: Floats) -> tuple[Floats, Floats]:
    """What of the question is at, around, in the unit of and in the passage of each word; and the last two apart."""
    total = np.float32(max(rarity.sum(), 0.1))
    same = over == 1
    near = _most_around(over) @ rarity / total
    at_units = np.zeros((len(over), int(units.max()) + 1, over.shape[2]), np.float32)
    for row, own in enumerate(units):
        np.maximum.at(at_units[row], own, over[row])
    own_unit = np.take_along_axis(at_units @ rarity / total, units, 1)
    whole = over.max(1) @ rarity / total
    columns = [
        over.max(-1),
        (over * rarity).max(-1),
        same.max(-1).astype(np.float32),
        (same * rarity).max(-1),
        near,
        own_unit,
        np.repeat(whole[:, None], over.shape[1], 1),
        (units == 0).astype(np.float32),
    ]
    return np.stack(columns, -1) * mask, np.stack([whole, own_unit.max(1)], -1)


def _most_around(over: Floats) -> Floats:
    """The most of each column within `AROUND` rows before and behind."""
    padded = np.pad(over, ((0, 0), (AROUND, AROUND), (0, 0)))
    most, width = padded, 1
    while 2 * width <= 2 * AROUND + 1:
        most = np.maximum(most[:, :-width], most[:, width:])
        width *= 2
    rest = 2 * AROUND + 1 - width
    return np.maximum(most[:, : over.shape[1]], most[:, rest : rest + over.shape[1]])


def softmax(scores: Floats, axis: int) -> Floats:
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis, keepdims=True), np.float32)


def sigmoid(score: float) -> float:
    """The logistic function."""
    return float(1 / (1 + np.exp(-score)))


def add_gated(x: Floats, a: Floats, b: Floats) -> Floats:
    """`x + gelu(a) * sigmoid(b)`, with tanh in the gelu; in place as far as can be, which halves its time."""
    inner = a * a
    inner *= np.float32(0.044715)
    inner += 1
    inner *= a
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= a
    gate = b * np.float32(0.5)
    np.tanh(gate, out=gate)
    gate += 1
    inner *= gate
    inner *= np.float32(0.25)
    inner += x
    return inner


@cache
def load_network(path: Path = MODEL) -> Network:
    """The network in `path`, an .npz of plain arrays (never pickled). Raises ModelError with the remedy."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            weights = {name[2:]: _widened(arrays, name) for name in arrays if name[:2] == "w:"}
            lexicon = _lexicon(arrays)
            return Network(lexicon, weights, lru_cache(maxsize=4096)(lexicon.look_up))
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise ModelError(
            f"内置的神经阅读模型读不出来：{path}（{error}）。请重新安装 wenju。",
            f"The embedded neural reader cannot be loaded from {path} ({error}): reinstall wenju.",
        ) from error


def save_network(path: Path, network: Network) -> None:
    """Write a network; the tables of words and letters in 8 bits with one factor a row, the rest in 16."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, values in network.weights.items():
        if len(values) > _LARGE:
            factors = np.maximum(np.abs(values).max(1, keepdims=True), 1e-8) / 127
            arrays[f"w:{name}"] = np.rint(values / factors).astype(np.int8)
            arrays[f"f:{name}"] = factors.astype(np.float32)
        else:
            arrays[f"w:{name}"] = values.astype(np.float16)
    lexicon = network.lexicon
    arrays["words"] = np.frombuffer("\n".join(lexicon.words).encode(), np.uint8)
    listed = np.flatnonzero(lexicon.letters > UNKNOWN)
    arrays["letters"] = listed[np.argsort(lexicon.letters[listed])].astype(np.uint16)
    arrays["rarity"] = lexicon.rarity.astype(np.float16)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def _lexicon(arrays: Mapping[str, NDArray[np.generic]]) -> Lexicon:
    words = arrays["words"].tobytes().decode().split("\n")
    letters = np.full(HIGHEST, UNKNOWN, np.int32)
    letters[NOTHING] = NOTHING
    letters[np.asarray(arrays["letters"], np.int64)] = np.arange(2, len(arrays["letters"]) + 2)
    return Lexicon({word: n for n, word in enumerate(words, 2)}, letters, np.asarray(arrays["rarity"], np.float32))


def _widened(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    values = np.asarray(arrays[name], np.float32)
    factors = f"f:{name[2:]}"
    return values * np.asarray(arrays[factors], np.float32) if factors in arrays else values
