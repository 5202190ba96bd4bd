"""Which model the settings mean: nothing is downloaded, nothing heavy is loaded to find out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from corpus.errors import ModelError
from qa.language_models import catalogue, loading
from qa.settings import Settings
from qa.writing.generative_writer import GenerativeWriter
from qa.writing.writer import QuotingWriter, load_writer

TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("HF_HOME", "HF_HUB_CACHE", "MODELSCOPE_CACHE", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    monkeypatch.setattr(loading, "_has_gpu", lambda: False)
    return Settings(home=tmp_path / "home")


def put(settings: Settings, name: str, size: int = 1000) -> Path:
    """A folder that looks like a whole model."""
    folder = settings.home / "models" / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3"}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    (folder / "tokenizer.json").write_text("{}")
    head = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + bytes(size))
    return folder


def test_without_a_model_the_embedded_reader_answers(settings: Settings) -> None:
    assert settings.model == "auto" and loading.model_name(settings) == "wenju"
    assert isinstance(load_writer(settings), QuotingWriter)


def test_the_largest_recommended_model_on_the_machine_answers(settings: Settings) -> None:
    put(settings, "someone/Own-Model", 9000)
    assert loading.model_name(settings) == "wenju"
    put(settings, "Qwen/Qwen3-0.6B", 2000)
    put(settings, "Qwen/Qwen3-1.7B", 4000)
    assert loading.model_name(settings) == "qwen3-1.7b"
    assert loading.model_name(replace(settings, model="wenju")) == "wenju"
    assert loading.model_name(replace(settings, server="http://127.0.0.1:1")) == "auto"


def test_a_model_too_large_for_the_processor_waits_to_be_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, "Qwen/Qwen3-0.6B", 2000)
    put(settings, "Qwen/Qwen3-8B", 4000)
    monkeypatch.setattr(loading, "LARGEST_ON_CPU", 3000)
    assert loading.model_name(settings) == "qwen3-0.6b"
    monkeypatch.setattr(loading, "_has_gpu", lambda: True)
    assert loading.model_name(settings) == "qwen3-8b"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("qwen3-1.7b", "wenju models get qwen3-1.7b"),
        ("Qwen/Qwen3-1.7B", "wenju models get qwen3-1.7b"),
        ("someone/Else", "wenju models get someone/Else"),
        ("qwen3-1.7", "qwen3-1.7b"),
        ("./no/such/folder", "no/such/folder"),
    ],
)
def test_a_model_that_is_not_here_says_how_to_get_it(settings: Settings, name: str, said: str) -> None:
    with pytest.raises(ModelError) as error:
        load_writer(replace(settings, model=name))
    assert said in error.value.chinese and said in error.value.english


def test_a_name_a_folder_and_a_server_reach_who_runs_them(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put(settings, "Qwen/Qwen3-0.6B")
    asked: list[object] = []

    def load(folder: Path, *, name: str = "") -> SimpleNamespace:
        asked.append((folder, name))
        return SimpleNamespace(name=name)

    def serve(url: str, *, model: str = "", key: str = "") -> SimpleNamespace:
        asked.append((url, model, key))
        return SimpleNamespace(name=model)

    monkeypatch.setattr("qa.language_models.local.transformers_model.load_transformers_model", load)
    monkeypatch.setattr("qa.language_models.server.openai_model.server_model", serve)
    for name in ("auto", "QWEN3-0.6B", "qwen/qwen3-0.6b", str(folder)):
        assert isinstance(load_writer(replace(settings, model=name)), GenerativeWriter)
    server = replace(settings, server="http://127.0.0.1:8000", key="secret")
    load_writer(server)
    load_writer(replace(server, model="big"))
    assert isinstance(load_writer(replace(server, model="wenju")), QuotingWriter)
    assert [place for place, _ in asked[:4]] == [folder] * 4  # type: ignore[misc]
    assert asked[:3] == [(folder, "qwen3-0.6b")] * 3
    assert asked[4:] == [("http://127.0.0.1:8000", "", "secret"), ("http://127.0.0.1:8000", "big", "secret")]


def test_finding_out_is_cheap(settings: Settings) -> None:
    import subprocess
    import sys

    told = subprocess.run(
        [sys.executable, "-c", "import sys, qa.language_models.loading; print('torch' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False" and catalogue.RECOMMENDED
