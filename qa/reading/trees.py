"""Gradient-boosted trees as plain arrays: scoring needs numpy only. `qa/training/` makes them with LightGBM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trees:
    """An additive model. All arrays are `(trees, nodes)`, padded; node 0 is the root.

    A row goes to `left` where `row[feature] <= threshold`, else to `right`; a leaf (feature -1) points to itself and
    adds its `value`.
    """

    feature: NDArray[np.int16]
    threshold: Floats
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: Floats

    def score(self, rows: Floats) -> Floats:
        """Sum of the leaves that each of `rows` (rows, columns) reaches: `(rows,)`."""
        trees, nodes = self.feature.shape
        base = np.arange(trees, dtype=np.int32) * nodes
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        left, right = (self.left + base[:, None]).ravel(), (self.right + base[:, None]).ravel()
        columns = np.ascontiguousarray(rows.T).ravel()
        leaves = np.repeat(base, len(rows))
        # Those still on their way: where they are, which row they have, and where their leaf belongs.
        at, row, place = leaves.copy(), np.tile(np.arange(len(rows), dtype=np.int32), trees), np.arange(len(leaves))
        while len(at):
            asked = feature.take(at)
            going = np.flatnonzero(asked >= 0)
            if len(going) < len(at):
                leaves[place] = at
                at, row, place, asked = at.take(going), row.take(going), place.take(going), asked.take(going)
            goes_left = columns.take(asked * np.int32(len(rows)) + row) <= threshold.take(at)
            at = np.where(goes_left, left.take(at), right.take(at))
        return np.asarray(self.value.ravel().take(leaves).reshape(trees, -1).sum(axis=0, dtype=np.float32))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays under names for an .npz file."""
        return {f"{prefix}.{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Trees:
        """The other way round."""
        return cls(**{name: arrays[f"{prefix}.{name}"] for name in cls.__slots__})  # type: ignore[arg-type]
