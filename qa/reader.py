"""The embedded reader: which units of the passages answer, and how sure that is. No torch, a few milliseconds.

Three boosted-tree models trained by `qa/training.py`: the first tells which passages are worth reading word by word,
which the network then does (`qa/network/`); the second ranks units by all that was seen; the third judges from the best
units whether the question is answered at all. Knows nothing of marks, citations or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from embeddings.encoder import Encoder
from embeddings.hit import Hit
from qa.features import Asked, ask_about, feature_table
from qa.network.columns import COLUMNS, network_columns
from qa.network.network import Network, load_network
from qa.trees import Floats, Trees
from qa.units import Unit, units_of

MODEL = Path(__file__).parent / "models" / "reader" / "reader.npz"
Misses = Callable[[Asked, Sequence[Unit]], Sequence[float]]
TOP = 3  # units that the judge looks at


@dataclass(frozen=True, slots=True)
class Read:
    """One unit and the reader's share of belief in it; the shares of all units sum to 1."""

    unit: Unit
    share: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Units from best to worst, and the estimate in [0, 1] that the best of them answer the question.

    `firm` is True where the best unit has all that a part of a question insists on, its own name above all.
    """

    asked: Asked
    units: tuple[Read, ...]
    confidence: float
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """The models and what they expect. `temperature` turns ranking scores into shares."""

    first: Trees
    network: Network
    ranker: Trees
    judge: Trees
    columns: tuple[str, ...]
    temperature: float

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        *,
        idf: Callable[[str], float],
        encoder: Encoder,
        misses: Misses | None = None,
    ) -> Reading:
        """Rank the units of `hits` for `question`. Without hits, or with nothing in them, confidence is 0.

        `misses` tells how far each unit fails what the question insists on; its share is divided by e to that.
        """
        asked = ask_about(question, idf, encoder)
        units = units_of(hits)
        if not units:
            return Reading(asked, (), 0.0)
        names, table = all_columns(self.first, self.network, asked, units, hits, encoder)
        if names != self.columns:
            raise ModelError(
                "内置阅读模型与程序版本不符，请重新安装 wenju。",
                "The embedded reader does not fit this version of the program: reinstall wenju.",
            )
        scores = self.ranker.score(table)
        if misses:
            scores -= self.temperature * np.asarray(misses(asked, units), np.float32)
        order = np.argsort(-scores, kind="stable")
        shares = softmax(scores[order] / self.temperature)
        confidence = sigmoid(float(self.judge.score(judged_row(table, scores, order)[None])[0]))
        return Reading(asked, tuple(Read(units[i], float(s)) for i, s in zip(order, shares, strict=True)), confidence)


def all_columns(
    first: Trees, network: Network, asked: Asked, units: Sequence[Unit], hits: Sequence[Hit], encoder: Encoder
) -> tuple[tuple[str, ...], Floats]:
    """Names and values of all that the ranker looks at: `(columns,)` and `(units, columns)`."""
    names, table = feature_table(asked, units, hits, encoder)
    closely = network_columns(network, asked.text, units, hits, first.score(table))
    return (*names, *COLUMNS), np.concatenate([table, closely], 1)


def softmax(scores: Floats) -> Floats:
    """Shares that sum to 1."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)


def sigmoid(score: float) -> float:
    """The logistic function."""
    return float(1 / (1 + np.exp(-score)))


def judged_row(table: Floats, scores: Floats, order: NDArray[np.intp]) -> Floats:
    """What the judge sees: scores and features of the best `TOP` units, and the best of every feature."""
    best = order[:TOP]
    padded = np.zeros((TOP, table.shape[1] + 1), np.float32)
    padded[: len(best), 0] = scores[best]
    padded[: len(best), 1:] = table[best]
    return np.concatenate([padded.ravel(), table.max(axis=0), [scores.mean(), scores.std(), len(scores)]]).astype(
        np.float32
    )


@cache
def load_reader(path: Path = MODEL) -> Reader:
    """The reader in `path`, an .npz of plain arrays (never pickled). Raises ModelError with the remedy."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Reader(
                Trees.from_arrays(arrays, "first"),
                load_network(),
                Trees.from_arrays(arrays, "ranker"),
                Trees.from_arrays(arrays, "judge"),
                tuple(str(name) for name in arrays["columns"]),
                float(arrays["temperature"]),
            )
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise ModelError(
            f"内置阅读模型读不出来：{path}（{error}）。请重新安装 wenju。",
            f"The embedded reader cannot be loaded from {path} ({error}): reinstall wenju.",
        ) from error
