"""The embedded reader: which units of the passages answer, and how sure that is. No torch, a few milliseconds.

Two looks, each with boosted trees trained by `qa/training/trees_training.py` that rank units, and others that judge
from the best ones whether the question is answered at all. The first look compares words; it also tells which passages
are worth reading word by word, which the network does (`network/`). The second knows what the network saw, but has
learned from fewer questions, so that both judge together. Knows nothing of marks, citations or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from embeddings.collections.hit import Hit
from embeddings.encoders.encoder import Encoder
from qa.reading.features import Asked, ask_about, feature_table
from qa.reading.network.columns import COLUMNS, network_columns
from qa.reading.network.network import Network, load_network, sigmoid, softmax
from qa.reading.trees import Floats, Trees
from qa.reading.units import Unit, units_of

MODEL = Path(__file__).parent / "weights" / "reader" / "reader.npz"
Misses = Callable[[Asked, Sequence[Unit]], Sequence[float]]
TOP = 3  # units that the judge looks at
LOOKED_AT = 8  # units of which some are shown and marked
# What the first judge weighs beside the second; area under their curve on held-out questions, with the first network:
# 0: .951, this: .953, 0.5: .952, 1: .939. Ranks are the second look's alone: mixed ones are worse through the whole
# program (the reader's card).
FIRST_LOOK = 0.3


@dataclass(frozen=True, slots=True)
class Read:
    """One unit and the reader's share of belief in it; the shares of all units sum to 1.

    `answer` is what answers best in the unit; empty where it was not read word by word.
    """

    unit: Unit
    share: float
    answer: str = ""


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
class Look:
    """Trees that rank units, and trees that judge from the best ones whether they answer."""

    ranker: Trees
    judge: Trees

    def certainty(self, table: Floats, scores: Floats) -> float:
        """The log-odds that its best units answer, by their rows and scores."""
        order = np.argsort(-scores, kind="stable")
        return float(self.judge.score(judged_row(table, scores, order)[None])[0])


@dataclass(frozen=True, slots=True)
class Reader:
    """The models and what they expect. `temperature` turns ranking scores into shares."""

    first: Look
    network: Network
    second: Look
    columns: tuple[str, ...]
    temperature: float

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        *,
        idf: Callable[[str], float],
        encoder: Encoder,
        text_of: Callable[[str], str],
        misses: Misses | None = None,
    ) -> Reading:
        """Rank the units of `hits` for `question`. Without hits, or with nothing in them, confidence is 0.

        `text_of` tells the text of an article by its id. `misses` tells how far each unit fails what the question
        insists on; its share is divided by e to that.
        """
        asked = ask_about(question, idf, encoder)
        units = units_of(hits)
        if not units:
            return Reading(asked, (), 0.0)
        names, plain = feature_table(asked, units, hits, encoder, text_of)
        if (*names, *COLUMNS) != self.columns:
            raise ModelError(
                "内置阅读模型与程序版本不符，请重新安装 wenju。",
                "The embedded reader does not fit this version of the program: reinstall wenju.",
            )
        rough = self.first.ranker.score(plain)
        closely, answers = network_columns(self.network, asked, units, hits, rough)
        missed = misses(asked, units) if misses else [0.0] * len(units)
        scores, certainty = self.weigh(np.concatenate([plain, closely], 1), rough, missed)
        order = np.argsort(-scores, kind="stable")
        shares = softmax(scores[order] / self.temperature, 0)
        reads = (Read(units[i], float(s), answers.get(i, "")) for i, s in zip(order.tolist(), shares, strict=True))
        return Reading(asked, tuple(reads), sigmoid(certainty))

    def weigh(self, table: Floats, rough: Floats, missed: Sequence[float]) -> tuple[Floats, float]:
        """Scores of units, from their rows and how far they fail, and the log-odds that the best ones answer.

        `rough` are the first look's scores.
        """
        plain, less = table[:, : -len(COLUMNS)], self.temperature * np.asarray(missed, np.float32)
        first, second = rough - less, self.second.ranker.score(table) - less
        certainty = FIRST_LOOK * self.first.certainty(plain, first) + (1 - FIRST_LOOK) * self.second.certainty(
            table, second
        )
        return second, certainty


def judged_row(table: Floats, scores: Floats, order: NDArray[np.intp]) -> Floats:
    """What the judge sees: scores and features of the best `TOP` units, and the best of every feature."""
    best = order[:TOP]
    padded = np.zeros((TOP, table.shape[1] + 1), np.float32)
    padded[: len(best), 0] = scores[best]
    padded[: len(best), 1:] = table[best]
    return np.concatenate([padded.ravel(), table.max(axis=0), [scores.mean(), scores.std(), len(scores)]]).astype(
        np.float32
    )


def load_look(arrays: Mapping[str, NDArray[np.generic]], prefix: str = "") -> Look:
    """A look from arrays whose names begin with `prefix`."""
    return Look(Trees.from_arrays(arrays, f"{prefix}ranker"), Trees.from_arrays(arrays, f"{prefix}judge"))


@cache
def load_reader(path: Path = MODEL) -> Reader:
    """The reader in `path`, an .npz of plain arrays (never pickled). Raises ModelError with the remedy."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Reader(
                load_look(arrays, "first_"),
                load_network(),
                load_look(arrays),
                tuple(str(name) for name in arrays["columns"]),
                float(arrays["temperature"]),
            )
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise ModelError(
            f"内置阅读模型读不出来：{path}（{error}）。请重新安装 wenju。",
            f"The embedded reader cannot be loaded from {path} ({error}): reinstall wenju.",
        ) from error
