"""What comes along: licences of all that is pinned, and a wheel that answers where nothing else of ours lies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from qa.cli.notice import licence_of, pins, weights_of

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "embeddings", "prompts", "qa")


def test_the_notice_names_what_is_pinned_and_shipped() -> None:
    lines = (ROOT / "NOTICE").read_text(encoding="utf-8").splitlines()
    named = {line.split(":")[0] for line in lines}
    missing = [f"{name} {version}" for name, version in pins(ROOT) if f"{name} {version}" not in named]
    assert not missing, "python -m qa.cli.notice > NOTICE"
    for folder, licence in weights_of(ROOT):
        assert f"{folder}: {licence}" in lines, "python -m qa.cli.notice > NOTICE"


def test_a_licence_is_one_line() -> None:
    assert licence_of("numpy")
    assert "\n" not in licence_of("tantivy")
    assert licence_of("no-such-package-here") == "not installed here"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, source / name)
    program = f"from setuptools import build_meta; build_meta.build_wheel({str(target)!r})"
    built = subprocess.run([sys.executable, "-c", program], cwd=source, capture_output=True, text=True, check=False)
    if "No module named 'setuptools'" in built.stderr:
        pytest.skip("no setuptools to build with")
    assert built.returncode == 0, built.stderr[-2000:]
    return next(target.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not {"__pycache__", "pictures", "MEASURED.md", "LOG.md", "README.md"} & set(path.parts)
    }
    assert there <= held, sorted(there - held)[:20]
    assert not [name for name in held if name.startswith("tests/")]
    assert any(name.endswith("licenses/NOTICE") for name in held)


@pytest.mark.slow
def test_the_wheel_answers_by_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); import qa; answer = qa.ask('商都路街道有多少名党员？'); print(qa.__file__); print(len(answer.citations), answer.done)"
    environment = os.environ | {"WENJU_HOME": str(tmp_path / "home")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    place, said = ran.stdout.splitlines()
    assert place.startswith(str(tmp_path / "installed"))
    assert int(said.split()[0]) > 0
