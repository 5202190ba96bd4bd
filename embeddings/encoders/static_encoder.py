"""The embedded encoder: one vector per piece of text, added up and brought to length 1.

Knows the model's folder: its files, their checksums, how rows are packed. Knows neither how it was trained
(`embeddings/training/train.py`) nor what is searched. Needs numpy alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from embeddings.encoders.encoder import CONFIGURATION, EMBEDDED
from embeddings.encoders.pieces import PieceCutter

Vectors = NDArray[np.float32]

FORMAT = 1
WEIGHTS, PIECES, FOLDING = "weights.npz", "pieces.txt", "folding.txt"
# Only the beginning of a longer text counts, so that memory stays bounded.
LONGEST_TEXT = 100_000
_BATCH_CHARACTERS = 200_000
_SLICE = 4_096


class StaticEncoder:
    """Encodes texts as the normalised sum of the vectors of their pieces; queries and passages alike.

    A text's vector depends on that text only, never on its neighbours in the batch. A text without any known piece
    (empty, punctuation only) gets the unit vector along the first axis.
    """

    def __init__(self, cutter: PieceCutter, table: Vectors, fingerprint: str, name: str = EMBEDDED) -> None:
        self._cutter = cutter
        self._table = table
        self._ones = np.ones(_SLICE, dtype=np.float32)
        self.name = name
        self.fingerprint = fingerprint

    @property
    def vectors(self) -> Vectors:
        """The vectors of the pieces, shape (pieces, dimension); a text's vector is their sum, brought to length 1."""
        return self._table

    @property
    def dimension(self) -> int:
        return int(self._table.shape[1])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (len(texts), dimension), rows of length 1."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        first = 0
        for batch in _batches(texts):
            self._add_up(batch, vectors[first : first + len(batch)])
            first += len(batch)
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimension), rows of length 1."""
        return self.encode_passages(texts)

    def _add_up(self, texts: Sequence[str], vectors: Vectors) -> None:
        pieces, counts = self._cutter.cut(texts)
        start = 0
        for vector, count in zip(vectors, counts.tolist(), strict=True):
            vector[:] = self._sum(pieces[start : start + count])
            start += count
        lengths = np.linalg.norm(vectors, axis=1)
        nothing = lengths < 1e-6
        vectors[nothing] = np.eye(1, self.dimension, dtype=np.float32)
        lengths[nothing] = 1
        vectors /= lengths[:, None]

    def _sum(self, pieces: NDArray[np.int64]) -> Vectors:
        # A vector of ones times the gathered rows: several times faster than np.add.reduceat over a batch.
        total = self._ones[: len(pieces[:_SLICE])] @ self._table[pieces[:_SLICE]]
        for start in range(_SLICE, len(pieces), _SLICE):
            part = pieces[start : start + _SLICE]
            total += self._ones[: len(part)] @ self._table[part]
        return np.asarray(total, dtype=np.float32)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts, cut to `LONGEST_TEXT`, in batches of bounded size."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(text[:LONGEST_TEXT])
        size += len(batch[-1])
    if batch:
        yield batch


def load_static_encoder(folder: Path, name: str = EMBEDDED) -> StaticEncoder:
    """The encoder stored in `folder`, under `name`. Raises ModelError where a file is missing, or not as written."""
    configuration = _read_configuration(folder)
    try:
        contents = {file: (folder / file).read_bytes() for file in (WEIGHTS, PIECES, FOLDING)}
    except OSError as error:
        raise _unusable(folder, f"缺少 {error.filename}", f"{error.filename} is missing") from error
    checksums = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    for file, checksum in checksums.items():
        if checksum != configuration["files"].get(file):
            raise _unusable(folder, f"{file} 与校验和不符", f"{file} does not agree with its checksum")
    with np.load(folder / WEIGHTS, allow_pickle=False) as weights:
        table = weights["rows"].astype(np.float32) * weights["scales"].astype(np.float32)[:, None]
    cutter = parse_cutter(contents[PIECES].decode(), contents[FOLDING].decode())
    fingerprint = hashlib.sha256("".join(checksums[file] for file in sorted(checksums)).encode()).hexdigest()[:16]
    return StaticEncoder(cutter, table, fingerprint, name)


def parse_cutter(pieces: str, folding: str) -> PieceCutter:
    """The cutter from the text of its two files: lines `piece<TAB>score`, and a line of characters above its twins."""
    rows = [line.split("\t") for line in pieces.split("\n") if line]
    given, twins = folding.split("\n")[:2]
    scores = np.array([float(row[1]) for row in rows], dtype=np.float32)
    return PieceCutter([row[0] for row in rows], scores, dict(zip(given, twins, strict=True)))


def save_static_encoder(folder: Path, table: Vectors, pieces: str, folding: str) -> None:
    """Write a model folder: rows as 8-bit whole numbers with one scale each, texts as `parse_cutter` takes them."""
    folder.mkdir(parents=True, exist_ok=True)
    scales = np.maximum(np.abs(table).max(axis=1), 1e-12).astype(np.float32) / 127
    rows = np.rint(table / scales[:, None]).astype(np.int8)
    np.savez(folder / WEIGHTS, rows=rows, scales=scales)
    (folder / PIECES).write_text(pieces, encoding="utf-8", newline="\n")
    (folder / FOLDING).write_text(folding, encoding="utf-8", newline="\n")
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (FOLDING, PIECES, WEIGHTS)}
    configuration = {"format": FORMAT, "dimension": table.shape[1], "pieces": len(table), "files": files}
    text = json.dumps(configuration, ensure_ascii=False, indent=2) + "\n"
    (folder / CONFIGURATION).write_text(text, encoding="utf-8", newline="\n")


def _read_configuration(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / CONFIGURATION
    try:
        configuration = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(folder, f"缺少 {CONFIGURATION}", f"{CONFIGURATION} is missing") from error
    except ValueError as error:
        raise _unusable(folder, f"{CONFIGURATION} 不是完好的 JSON", f"{CONFIGURATION} is not valid JSON") from error
    if not isinstance(configuration, dict) or configuration.get("format") != FORMAT:
        raise _unusable(folder, f"{CONFIGURATION} 的格式不是 {FORMAT}", f"{CONFIGURATION} is not of format {FORMAT}")
    return configuration


def _unusable(folder: Path, chinese: str, english: str) -> ModelError:
    return ModelError(
        f"编码模型 {folder} 不能用：{chinese}。应是训练程序写出的完整文件夹；"
        "请重新安装 wenju，或用 python -m embeddings.training 重新训练。",
        f"The encoder in {folder} cannot be used: {english}. A whole folder as the training writes it is expected; "
        "install wenju again, or train anew with python -m embeddings.training.",
    )
