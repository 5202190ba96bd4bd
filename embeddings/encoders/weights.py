"""Weights and what is known of them: `weights.json` beside the files of a model, with the checksum of each.

    {"sha256": {"reader.onnx": "…", "tokenizer.json": "…"}, "licence": "MIT"}

Knows files and checksums; not what is in them, nor how a model is put together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError

NAME = "weights.json"
_CARDS = (".md", ".svg")


@dataclass(frozen=True, slots=True)
class Weights:
    """A model in `folder` whose files are as they were made: `sha256` has their checksums, by name."""

    folder: Path
    sha256: Mapping[str, str]
    licence: str = ""

    def path(self, name: str) -> Path:
        """Where the file `name` lies. Raises KeyError for one that was not checked."""
        if name not in self.sha256:
            raise KeyError(name)
        return self.folder / name


def load_checked(folder: Path) -> Weights:
    """The model in `folder`, every byte of its files compared with `weights.json`; about a gigabyte a second.

    Raises ModelError, naming the file, where one is missing or not as it was made.
    """
    try:
        plain = json.loads((folder / NAME).read_text(encoding="utf-8"))
        sums = {str(name): str(sha256) for name, sha256 in plain["sha256"].items()}
    except OSError as error:
        raise _unusable(folder, f"缺少 {NAME}", f"{NAME} is missing") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(folder, f"{NAME} 不是写出时的样子", f"{NAME} is not as it was written") from error
    for name, sha256 in sums.items():
        if Path(name).name != name:
            raise _unusable(folder, f"{name} 不在这个文件夹里", f"{name} is not in this folder")
        try:
            whole = _sha256(folder / name) == sha256
        except OSError as error:
            raise _unusable(folder, f"缺少 {name}", f"{name} is missing") from error
        if not whole:
            raise _unusable(folder, f"{name} 与校验和不符", f"{name} does not agree with its checksum")
    return Weights(folder, sums, str(plain.get("licence", "")))


def write_weights(folder: Path, licence: str = "") -> None:
    """Write `weights.json` for the files in `folder` as they are now; cards and pictures are left out."""
    there = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix not in _CARDS)
    plain: dict[str, object] = {"sha256": {path.name: _sha256(path) for path in there if path.name != NAME}}
    text = json.dumps(plain | ({"licence": licence} if licence else {}), ensure_ascii=False, indent=1) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unusable(folder: Path, chinese: str, english: str) -> ModelError:
    return ModelError(
        f"模型 {folder} 不能用：{chinese}。应是完整的、没有改动过的文件夹；请重新安装 wenju，或重新取得这个模型。",
        f"The model in {folder} cannot be used: {english}. A whole folder, unchanged, is expected; "
        "install wenju again, or get the model anew.",
    )
