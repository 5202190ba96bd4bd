from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_hub import FakeHub, model_files

import qa.cli.models
from qa.cli.main import main
from qa.language_models.catalogue import RECOMMENDED

pytestmark = pytest.mark.slow

assert qa.cli.models.app  # it is what adds the commands
NAME = "qwen3-0.6b"
FIRST = "model-00001-of-00002.safetensors"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hugging"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "scope"))
    for name in ("HF_TOKEN", *[name for name in os.environ if name.lower().endswith("_proxy")]):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    served = FakeHub(model_files())
    monkeypatch.setenv("HF_ENDPOINT", served.address)
    monkeypatch.setenv("MODELSCOPE_DOMAIN", served.address)
    yield served
    served.close()


class Keyboard(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_the_list_says_what_each_model_takes_and_whether_it_is_here(
    hub: FakeHub, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "list"]) == 0
    shown = capsys.readouterr().out
    for model in RECOMMENDED:
        (line,) = [line for line in shown.splitlines() if line.startswith(model.alias)]
        assert model.licence in line and model.hardware_chinese in line and "✓" not in line
    assert main(["models", "get", NAME, "--yes"]) == 0
    (home / "models" / "Qwen" / "Qwen3-0.6B").rename(home / "models" / "mine")
    (home / "models" / ".unfinished" / "some--Other").mkdir()
    assert main(["models", "get", NAME, "--yes"]) == 0
    capsys.readouterr()
    assert main(["models", "list", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    (line,) = [line for line in shown.splitlines() if line.startswith(NAME)]
    assert "✓" in line and "any computer" in line
    assert str(home / "models" / "mine") in shown
    assert "not whole yet" in shown


@pytest.mark.parametrize("source", [[], ["--from", "modelscope"]])
def test_a_model_is_got_and_removed(
    source: list[str], hub: FakeHub, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "get", NAME, "--yes", *source]) == 0
    shown = capsys.readouterr()
    assert "共 1 MB" in shown.err and hub.address in shown.err and "100 %" in shown.err
    assert f"wenju chat --model {NAME}" in shown.out
    folder = home / "models" / "Qwen" / "Qwen3-0.6B"
    assert str(folder) in shown.out
    assert {path.name for path in folder.iterdir()} == set(model_files())
    hub.requests.clear()
    assert main(["models", "get", NAME]) == 0
    assert "已经在" in capsys.readouterr().out
    assert hub.requests == []
    assert main(["models", "remove", NAME]) == 0
    assert "腾出 1 MB" in capsys.readouterr().out
    assert not folder.exists()
    assert main(["models", "remove", NAME]) == 1
    assert "没有模型" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "got"), [("\n", True), ("y\n", True), ("是\n", True), ("n\n", False), ("", False)])
def test_nothing_is_downloaded_without_a_yes(
    typed: str, got: bool, hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(typed))
    assert main(["models", "get", NAME]) == 0
    assert "共 1 MB" in capsys.readouterr().err
    assert (home / "models" / "Qwen" / "Qwen3-0.6B").is_dir() == got
    assert bool(hub.ranges_of(FIRST)) == got


def test_where_nobody_can_be_asked_the_command_must_say_yes(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["models", "get", NAME]) == 1
    assert "--yes" in capsys.readouterr().err
    assert hub.ranges_of(FIRST) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["models", "get", "qwen3-06b"], "是不是 qwen3-0.6b"),
        (["models", "get", "no/Such"], "上没有 no/Such"),
        (["models", "get", NAME, "--from", "nowhere"], "nowhere"),
        (["models", "remove", "qwen3-06b"], "wenju models list"),
        (["models", "remove", ""], "wenju models list"),
        (["models", "get"], "少了"),
    ],
)
def test_errors_are_told_in_one_line(
    arguments: list[str], told: str, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) in (1, 2)
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


def test_ctrl_c_keeps_what_has_arrived(hub: FakeHub, home: Path) -> None:
    hub.files = hub.told = model_files(2_000_000)
    hub.seconds = 0.02
    program = "import sys, qa.cli.models; from qa.cli.main import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "models", "get", NAME, "--yes"],
        cwd=Path(__file__).parents[1], stderr=subprocess.PIPE, text=True, encoding="utf-8", process_group=0,
    )  # fmt: skip
    while process.poll() is None and not any(path.stat().st_size for path in home.rglob(f"{FIRST}.*.part")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "再运行同一条命令就接着下载" in error
    assert "Traceback" not in error
    hub.seconds = 0.0
    assert main(["models", "list"]) == 0
    assert main(["models", "get", NAME, "--yes"]) == 0
    assert hub.ranges_of(FIRST)[-1].startswith("bytes=")


def test_the_bar_shows_bytes_on_a_terminal(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from qa.cli.models import bytes_bar
    from qa.cli.terminal import Terminal

    terminal = Terminal("zh")
    drawn = io.StringIO()
    terminal.notes = Console(file=drawn, force_terminal=True, width=100, color_system=None)
    with bytes_bar(terminal) as progress:
        for stage, done in (("checking", 1_000_000), ("checking", 2_000_000), ("downloading", 3_000_000)):
            progress(stage, done, 4_000_000)
            time.sleep(0.15)
    assert "核对" in drawn.getvalue() and "下载" in drawn.getvalue()
    assert "3.0/4.0 MB" in drawn.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_there_in_both_languages(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["list"], ["get"], ["remove"]):
        assert main(["models", *command, "--help", "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert ("用法" in shown) == (language == "zh")
        assert "\x1f" not in shown
