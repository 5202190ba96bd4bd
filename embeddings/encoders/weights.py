"""Weights and what is known of them: `weights.json` beside the files of a model, with size and checksum of each.

    {"format": 1, "name": "reader", "licence": "CC BY-SA 4.0", "origin": "what it was made from",
     "files": {"weights.npz": {"size": 123, "sha256": "…"}}}

Knows files and checksums; not what is in them, nor how a model is put together. `python -m embeddings.encoders.weights
FOLDER --name NAME --licence LICENCE --origin ORIGIN` writes the file for a folder that was just made.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError

NAME = "weights.json"
FORMAT = 1
_CARDS = (".md", ".svg")


@dataclass(frozen=True, slots=True)
class Weights:
    """A model whose files are as they were made. `path(name)` leads to one of them."""

    folder: Path
    name: str
    licence: str
    origin: str
    files: tuple[str, ...]

    def path(self, name: str) -> Path:
        """Where the file `name` lies. Raises KeyError for one that was not checked."""
        if name not in self.files:
            raise KeyError(name)
        return self.folder / name


def load_checked(folder: Path) -> Weights:
    """The model in `folder`, every byte of its files compared with `weights.json`.

    Raises ModelError, naming the file, where one is missing, not as written, or not listed. Reads about a gigabyte a
    second.
    """
    try:
        plain = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if plain["format"] != FORMAT:
            raise _unusable(folder, f"{NAME} 的格式不是 {FORMAT}", f"{NAME} is not of format {FORMAT}")
        said = {str(name): (int(file["size"]), str(file["sha256"])) for name, file in plain["files"].items()}
        weights = Weights(folder, str(plain["name"]), str(plain["licence"]), str(plain["origin"]), tuple(said))
    except OSError as error:
        raise _unusable(folder, f"缺少 {NAME}", f"{NAME} is missing") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(folder, f"{NAME} 不是完好的 JSON", f"{NAME} is not as it was written") from error
    for name, (size, sha256) in said.items():
        if Path(name).name != name:
            raise _unusable(folder, f"{name} 不在这个文件夹里", f"{name} is not in this folder")
        try:
            whole = (folder / name).stat().st_size == size and _sha256(folder / name) == sha256
        except OSError as error:
            raise _unusable(folder, f"缺少 {name}", f"{name} is missing") from error
        if not whole:
            raise _unusable(folder, f"{name} 与校验和不符", f"{name} does not agree with its checksum")
    return weights


def write_weights(folder: Path, *, name: str, licence: str, origin: str) -> None:
    """Write `weights.json` for the files in `folder` as they are now; cards and pictures are left out."""
    there = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix not in _CARDS)
    files = {path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in there if path.name != NAME}
    plain = {"format": FORMAT, "name": name, "licence": licence, "origin": origin, "files": files}
    text = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Write `weights.json` for a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    for option in ("name", "licence", "origin"):
        parser.add_argument(f"--{option}", required=True)
    given = parser.parse_args(arguments)
    write_weights(given.folder, name=given.name, licence=given.licence, origin=given.origin)


if __name__ == "__main__":
    main()
