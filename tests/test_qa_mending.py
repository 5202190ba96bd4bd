"""Damaged and vanishing things, from the command line: what is said, what it ends with, and that it is mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.reading import folders
from corpus.reading.files import Outcome
from embeddings.collections.collection import Collection
from qa.cli.main import main
from qa.library import indexes
from qa.library.file_records import NEVER, load_records
from qa.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WENJU_ENCODER", "hashing")
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    return Settings.from_environment()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "articles"
    place.mkdir()
    for number in range(300):
        (place / f"{number:03}.txt").write_text(f"第{number}号桥检修\n\n第{number}号桥今年检修{number}次。", "utf-8")
    return place


@pytest.fixture
def index(folder: Path, settings: Settings, tmp_path: Path) -> Path:
    """An index of two generations, with 299 and 300 articles."""
    kept = (folder / "299.txt").rename(tmp_path / "later.txt")
    indexes.index(folder, to=tmp_path / "index", settings=settings).collection.close()
    kept.rename(folder / "299.txt")
    indexes.index(folder, to=tmp_path / "index", settings=settings).collection.close()
    return tmp_path / "index"


def damage(path: Path) -> None:
    content = path.read_bytes()
    place = len(content) // 2
    path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])


def articles_of(index: Path) -> int:
    with Collection.open(index) as collection:
        collection.verify()
        return len(collection)


@pytest.mark.parametrize("command", ["doctor", "index"])
def test_both_manifests_damaged(index: Path, folder: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for path in index.glob("generations/*/manifest.json"):
        damage(path)
    assert main(["ask", "第7号桥检修几次？", "--collection", str(index)]) == 1
    said = capsys.readouterr().err
    assert "wenju doctor --repair" in said.replace("\n", "")
    if command == "doctor":
        main(["doctor", "--repair", "--collection", str(index)])
        assert "300 篇" in capsys.readouterr().out
    else:
        assert main(["index", str(folder), "--to", str(index)]) == 0
    assert articles_of(index) == 300
    assert main(["doctor", "--repair", "--collection", str(index)]) in (0, 1)
    assert "完好" in capsys.readouterr().out


def test_what_the_last_whole_generation_lacks_comes_back(index: Path, folder: Path, settings: Settings) -> None:
    damage(index / "generations" / "000002" / "articles.sqlite")
    with pytest.warns(UserWarning, match="重新写好"):
        indexed = indexes.index(folder, to=index, settings=settings)
    assert indexed.collection.problems == ()
    assert len(indexed.collection) == 300


def test_files_of_lost_articles_are_read_again(index: Path, folder: Path, settings: Settings) -> None:
    path = index / "generations" / "000002" / "texts.sqlite"
    content = path.read_bytes()
    place = content.rindex("第299号桥今年检修".encode())
    path.write_bytes(content[:place] + "丢".encode() + content[place + 3 :])
    main(["doctor", "--repair", "--collection", str(index)])
    again = [name.name for name, record in load_records(index).items() if record.stamp == NEVER]
    assert again == ["299.txt"]
    assert articles_of(index) == 299
    indexed = indexes.index(folder, to=index, settings=settings)
    assert (indexed.read, len(indexed.collection)) == (1, 300)


def test_where_nothing_can_be_saved_it_is_made_anew(index: Path, folder: Path, settings: Settings) -> None:
    for path in index.glob("generations/*/*.sqlite"):
        path.write_bytes(b"nothing")
    assert len(indexes.index(folder, to=index, settings=settings).collection) == 300


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_that_vanishes_while_it_is_read(
    folder: Path, settings: Settings, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    read_file, seen = folders.read_file, []

    def vanishing(path: Path, name: str) -> Outcome:
        seen.append(path)
        if len(seen) == 100:
            shutil.rmtree(folder)
        return read_file(path, name)

    monkeypatch.setattr(folders, "read_file", vanishing)
    assert main(["index", str(folder), "--to", str(tmp_path / "index"), "--lang", language]) == 3
    said = capsys.readouterr().err
    assert "201" in said
    assert ("incomplete" if language == "en" else "不完整") in said
    assert articles_of(tmp_path / "index") == 99
