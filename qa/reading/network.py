"""The reader's transformer at run time: pieces in, logits out. Through onnxruntime, one thread a call, shared by all.

Knows the files in `weights/` and the order in which pieces are laid out; nothing of passages or units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.errors import ModelError
from embeddings.encoders.weights import load_checked
from qa.reading.pieces import PAD, Pieces

WEIGHTS = Path(__file__).parent / "weights"
Floats = NDArray[np.float32]
_WASTE = 1.35  # of the pieces of a batch, padding counted, over those of its windows; above it a batch is cut in two


@dataclass(frozen=True, slots=True)
class Seen:
    """Logits of one window: `start`, `end`, `answers` for each of its pieces (shape: pieces), `none` that no span
    answers (start and end together), `whole` that the window answers at all."""

    start: Floats
    end: Floats
    answers: Floats
    none: float
    whole: float


class Network:
    """Many threads may ask at once."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        weights = load_checked(folder)
        self.tokenizer = Tokenizer.from_file(str(weights.path("tokenizer.json")))
        self._session = _session(weights.path("reader.onnx"))
        self.fingerprint = weights.sha256["reader.onnx"][:16]

    def see(self, windows: Sequence[Pieces]) -> list[Seen]:
        """What the network makes of each window, in order."""
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
        seen: dict[int, Seen] = {}
        for batch in _batches(order, [len(window.ids) for window in windows]):
            places, whole = self._session.run(None, _padded([windows[i].ids for i in batch]))
            for row, i in enumerate(batch):
                seen[i] = _seen(windows[i], places[row], float(whole[row]))
        return [seen[i] for i in range(len(windows))]


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """`order` (by length, ascending) in runs of like length."""
    batches: list[list[int]] = []
    for i in reversed(order):
        longest = lengths[batches[-1][0]] if batches else 0
        held = sum(lengths[j] for j in batches[-1]) + lengths[i] if batches else 0
        if batches and longest * (len(batches[-1]) + 1) <= _WASTE * held:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _padded(rows: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    ids = np.full((len(rows), max(map(len, rows))), PAD, np.int64)
    for row, pieces in enumerate(rows):
        ids[row, : len(pieces)] = pieces
    return {"ids": ids, "mask": (ids != PAD).astype(np.int64)}


def _seen(window: Pieces, places: Floats, whole: float) -> Seen:
    inside = places[window.first : window.first + len(window.spans)]
    return Seen(inside[:, 0], inside[:, 1], inside[:, 2], float(places[0, 0] + places[0, 1]), whole)


def _session(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            "缺少 onnxruntime，阅读模型不能运行。请运行 pip install onnxruntime。",
            "onnxruntime is missing, which the reader needs. Run: pip install onnxruntime",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin while they wait are slow as soon as another program is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises types of its own for a damaged or missing file
        raise ModelError(
            f"阅读模型 {path} 不能载入（{error}）。请重新安装本程序：pip install --force-reinstall wenju。",
            f"The reader's model {path} cannot be loaded ({error}). Install the program again: "
            "pip install --force-reinstall wenju",
        ) from error


@cache
def load_network() -> Network:
    """The shipped network, loaded once. Raises ModelError, which says what to do, where it cannot be."""
    return Network()
