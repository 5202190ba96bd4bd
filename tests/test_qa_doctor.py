"""The doctor: every check can fail, and then names the remedy."""

from __future__ import annotations

import re
import socket
import sys
import tomllib
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import ModelError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.cli import doctor
from qa.cli.main import main
from qa.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, encoder="hashing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    article = Article("a", "渡口", "渡口每天有六班船，末班船晚上七点半开。")
    Collection.build(tmp_path / "index", [article], encoder=load_encoder("hashing")).close()
    return tmp_path / "index"


def test_the_packages_and_versions_are_those_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [line for extra in ("fast", "ocr") for line in project["optional-dependencies"][extra]]
    wanted = {
        (match[1].lower(), match[2], requirement in optional)
        for requirement in project["dependencies"] + optional
        if (match := re.match(r"([\w-]+)>=([\d.]+)", requirement))
    }
    assert set(doctor.PACKAGES) == wanted
    assert project["requires-python"] == ">=" + ".".join(map(str, doctor.LEAST_PYTHON))


@pytest.mark.parametrize(
    ("version", "least", "ok"),
    [("2.13.0+cpu", "2.6", True), ("2.5.1", "2.6", False), ("2", "2.0.0", True), ("0.42.1", "0.42.1", True)],
)
def test_an_old_package_fails(monkeypatch: pytest.MonkeyPatch, version: str, least: str, ok: bool) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: version)
    check = doctor.check_package("torch", least, optional=False, language="zh")
    assert check.ok is ok
    assert version in check.detail


def test_a_missing_package_comes_with_the_command_that_installs_it() -> None:
    check = doctor.check_package("no-such-package-here", "1.2", optional=False, language="en")
    assert not check.ok
    assert check.essential
    assert check.remedy == f'{sys.executable} -m pip install "no-such-package-here>=1.2"'
    assert not doctor.check_package("no-such-package-here", "1.2", optional=True, language="en").essential


def test_a_model_that_does_not_load_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_encoder(settings, language="zh").ok

    def fail(*_: object, **__: object) -> None:
        raise ModelError("没有模型", "no model")

    monkeypatch.setattr("embeddings.encoders.loading.load_encoder", fail)
    monkeypatch.setattr("qa.reading.network.load_network", fail)
    assert doctor.check_encoder(settings, language="zh").remedy == "没有模型"
    check = doctor.check_reader(language="en")
    assert (check.ok, check.remedy) == (False, "no model")


def test_a_whole_collection_passes_and_a_damaged_one_fails(settings: Settings, folder: Path) -> None:
    good = doctor.check_collection(settings, folder, language="zh")
    assert good.ok
    assert "1 篇文章" in good.detail
    for file in (folder / "generations").rglob("*"):
        if file.is_file() and file.suffix != ".json":
            file.write_bytes(file.read_bytes()[:-1] + b"\x00!")
    bad = doctor.check_collection(settings, folder, language="zh")
    assert not bad.ok
    assert str(folder) in bad.remedy


def test_a_collection_that_was_named_must_be_there(settings: Settings, tmp_path: Path) -> None:
    assert not doctor.check_collection(settings, tmp_path / "nowhere", language="zh").ok
    assert doctor.check_collection(settings, None, language="zh").ok


def test_a_home_below_a_file_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not doctor.check_home(tmp_path / "file" / "home", language="zh").ok
    assert doctor.check_home(tmp_path / "not" / "yet", language="zh").ok
    assert not (tmp_path / "not").exists()


def test_little_memory_or_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_memory(doctor.LEAST_MEMORY, language="zh").ok
    assert not doctor.check_memory(doctor.LEAST_MEMORY - 1, language="zh").ok
    assert doctor.check_memory(None, language="zh").ok
    assert doctor.check_disk(tmp_path, language="zh").ok
    monkeypatch.setattr(doctor, "LEAST_DISK", 1 << 60)
    assert not doctor.check_disk(tmp_path, language="zh").ok


@pytest.mark.skipif(sys.platform != "linux", reason="other systems say less about memory")
def test_memory_is_known_on_linux() -> None:
    available = doctor.available_memory()
    assert available is not None
    assert 0 < available < 1 << 50


def test_a_taken_port_fails_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check = doctor.check_port(port, language="zh")
        assert not check.ok
        assert "--port" in check.remedy
    assert doctor.check_port(port, language="zh").ok


def test_the_command_shows_every_check_and_fails_with_an_essential_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    monkeypatch.setenv("WENJU_ENCODER", "hashing")
    main(["doctor", "--collection", str(folder)])
    shown = capsys.readouterr().out
    assert all(name in shown for name, _, _ in doctor.PACKAGES)

    checks = [doctor.Check("甲", True, "好"), doctor.Check("乙", False, "不好", "这样修", essential=False)]
    monkeypatch.setattr(doctor, "examine", lambda *_, **__: iter(checks))
    assert main(["doctor"]) == 0
    assert "→ 这样修" in capsys.readouterr().out
    checks.append(doctor.Check("丙", False, "坏", "换"))
    assert main(["doctor"]) == 1
    assert "✗ 丙" in capsys.readouterr().out
