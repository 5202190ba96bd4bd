"""Any sentence-transformers model as an encoder.

Knows where models lie (a folder, or the hub's cache on this machine) and how their prompts are used. The network is
touched only when downloads were asked for: an unreachable hub costs a minute of retries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import MissingPackage, ModelError
from embeddings.encoders.encoder import Encoder

_BATCH = 32
# What decides the vectors; model cards and other formats of the same weights do not.
_DECISIVE = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_READ_IN_FULL = 64 << 20
_SAMPLE = 1 << 20


def load_sentence_encoder(name: str, *, downloads: bool = False) -> Encoder:
    """The model in the folder `name`, or of that name on the hub if it is on this machine already.

    With `downloads` it is fetched where it is not. Raises ModelError where there is none or it cannot be loaded.
    """
    folder = _folder(name, downloads)
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingPackage(
            f"加载编码器 {name} 需要 sentence-transformers。请运行 pip install sentence-transformers。",
            f"The encoder {name} needs sentence-transformers. Run pip install sentence-transformers.",
        ) from error
    try:
        model = SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # Libraries below raise what they like; each means that this folder is of no use.
        raise ModelError(
            f"编码器 {name} 无法加载：{error}。请检查 {folder} 里的文件是否完整。",
            f"The encoder {name} cannot be loaded: {error}. Check that the files in {folder} are complete.",
        ) from error
    known_as = str(Path(name).expanduser().resolve()) if folder == Path(name).expanduser() else name
    return SentenceEncoder(model, known_as, _fingerprint(folder))


class SentenceEncoder:
    """A loaded sentence-transformers model; see `Encoder`. May be used from many threads, one at a time."""

    def __init__(self, model: Any, name: str, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._model = model
        # A fast tokenizer refuses to be used by two threads at once.
        self._turn = Lock()
        self.dimension = self.encode_queries(["问"]).shape[1]

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1; with the model's prompt for documents."""
        return self._encode(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1; with the model's prompt for queries."""
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._turn:
            found = encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        vectors = np.nan_to_num(np.asarray(found, dtype=np.float32))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        # A text without any known piece has no direction of its own; it still has to be a unit vector.
        vectors[lengths[:, 0] == 0, 0] = 1.0
        lengths[lengths == 0] = 1.0
        unit: NDArray[np.float32] = vectors / lengths
        return unit


def _folder(name: str, downloads: bool) -> Path:
    """Where the files of the model `name` lie."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(
            f"找不到编码器文件夹 {name}。请给出 sentence-transformers 模型所在的文件夹，或用内置的 wenju。",
            f"There is no folder {name}. Give the folder of a sentence-transformers model, or use the embedded wenju.",
        )
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(
            name,
            local_files_only=not downloads,
            ignore_patterns=["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack"],
        )
    except Exception as error:  # Not there, not allowed, no network, not a name: the remedy is the same.
        remedy = "请检查名称和网络" if downloads else "请设置 WENJU_DOWNLOADS=1 允许下载"
        remedy_in_english = "Check the name and the network" if downloads else "Allow downloads with WENJU_DOWNLOADS=1"
        raise ModelError(
            f"本机没有编码器 {name}。{remedy}，或给出模型所在的文件夹，或用内置的 wenju。",
            f"The encoder {name} is not on this machine. {remedy_in_english}, give the folder of a model, "
            "or use the embedded wenju.",
        ) from error
    return Path(found)


def _fingerprint(folder: Path) -> str:
    """A checksum over the files that decide the vectors; of very large ones the size, the beginning and the end."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _DECISIVE and path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\n{size}\n".encode())
        with path.open("rb") as file:
            if size <= _READ_IN_FULL:
                digest.update(file.read())
            else:
                digest.update(file.read(_SAMPLE))
                file.seek(-_SAMPLE, 2)
                digest.update(file.read())
    return digest.hexdigest()[:32]
