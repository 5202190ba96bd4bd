"""Weights are loaded as they were made, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qa.reading
from corpus.errors import ModelError
from embeddings.encoders.encoder import EMBEDDED_FOLDER
from embeddings.encoders.static_encoder import load_static_encoder
from embeddings.encoders.weights import NAME, load_checked, write_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weights.npz").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "pieces.txt").write_text("桥\t-1.0\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("A card", encoding="utf-8")
    write_weights(tmp_path, licence="MIT")
    return tmp_path


def test_whole_weights_are_found_by_name(folder: Path) -> None:
    weights = load_checked(folder)
    assert weights.licence == "MIT"
    assert list(weights.sha256) == ["pieces.txt", "weights.npz"]
    assert weights.path("weights.npz").stat().st_size == 2048
    with pytest.raises(KeyError):
        weights.path("README.md")
    (folder / "README.md").write_text("Another card", encoding="utf-8")
    load_checked(folder)


@pytest.mark.parametrize("damage", ["flipped", "shorter", "missing"])
def test_a_file_that_is_not_as_written_is_named(folder: Path, damage: str) -> None:
    path = folder / "weights.npz"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "shorter" else content[:9] + bytes([content[9] ^ 1]) + content[10:])
    with pytest.raises(ModelError, match=r"weights\.npz"):
        load_checked(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sha256": 2}', '{"sha256": ["a"]}'])
def test_a_list_that_is_none_is_said(folder: Path, content: str) -> None:
    (folder / NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"weights\.json"):
        load_checked(folder)
    (folder / NAME).unlink()
    with pytest.raises(ModelError, match=r"缺少 weights\.json"):
        load_checked(folder)


def test_a_list_cannot_name_files_elsewhere(folder: Path) -> None:
    plain = json.loads((folder / NAME).read_text(encoding="utf-8"))
    plain["sha256"]["../x"] = plain["sha256"].pop("pieces.txt")
    (folder / NAME).write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(ModelError, match=r"\.\./x"):
        load_checked(folder)


def test_the_reader_that_ships_is_as_it_was_made() -> None:
    folder = Path(qa.reading.__file__).parent / "weights"
    assert {"reader.onnx", "tokenizer.json"} <= set(load_checked(folder).sha256)


def test_the_embedded_encoder_is_checked_when_it_is_loaded(tmp_path: Path) -> None:
    for path in EMBEDDED_FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    content = (tmp_path / "weights.npz").read_bytes()
    (tmp_path / "weights.npz").write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(ModelError, match="校验和"):
        load_static_encoder(tmp_path)
