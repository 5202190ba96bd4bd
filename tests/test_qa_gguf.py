"""GGUF files: found where other programs keep them, and run by llama.cpp as transformers runs the same weights."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from made_gguf import head, write_gguf

from corpus.errors import MissingPackage, ModelError
from prompts import render
from qa.cli.main import main
from qa.language_models.catalogue import find, installed
from qa.language_models.gguf_files import writes
from qa.language_models.language_model import LanguageModel, Message
from qa.language_models.loading import load_language_model
from qa.language_models.local import gguf_model
from qa.language_models.local.gguf_model import load_gguf
from qa.language_models.local.transformers_model import load_transformers_model
from qa.settings import Settings

TINY = Path(__file__).parent / "tiny_qwen3"
PASSAGES = "[1] 商都路街道的党员\n商都路街道有党员86名，党支部7个。\n\n[2] 天气\n昨天下了小雨，气温十度。"
QUESTIONS = ("商都路街道有多少名党员？", "昨天的天气怎么样？", "金水区有多少所小学？")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("HF_HOME", "HF_HUB_CACHE", "MODELSCOPE_CACHE", "OLLAMA_MODELS", "LLAMA_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "person"))
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf(TINY, tmp_path_factory.mktemp("gguf") / "tiny-qwen3-F32.gguf")


@pytest.fixture
def running(tiny: Path) -> Iterator[LanguageModel]:
    pytest.importorskip("xllamacpp")
    yield load_gguf(tiny)


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


QWEN = head(general__name="x", general__architecture="qwen2", qwen2__block_count=24)


@pytest.mark.parametrize(
    ("name", "data", "right"),
    [
        ("a.gguf", QWEN, True),
        ("sha256-00", QWEN, True),
        ("a.gguf", head(general__architecture="nomic-bert"), False),
        ("mmproj-a.gguf", head(general__architecture="qwen2"), False),
        ("a.gguf", head(tokenizer__ggml__tokens=["甲"], general__architecture="qwen2"), False),
        ("a.gguf", head(general__name="no architecture"), False),
        ("a.gguf", QWEN[:30], False),
        ("a.gguf", b"GGUF" + b"\xff" * 60, False),
        ("a.gguf", b"PK\x03\x04" + QWEN[4:], False),
        ("a.gguf", b"", False),
    ],
)
def test_a_file_that_writes_is_told_by_its_head(tmp_path: Path, name: str, data: bytes, right: bool) -> None:
    assert writes(put(tmp_path / name, data)) is right


def test_what_other_programs_fetched_is_found_by_the_names_they_give(settings: Settings, tmp_path: Path) -> None:
    person = tmp_path / "person"
    ollama = person / ".ollama/models"
    put(ollama / "blobs/sha256-ab", QWEN)
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:cd"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:ab"},
    ]
    told = json.dumps({"layers": layers}).encode()
    put(ollama / "manifests/registry.ollama.ai/library/qwen2.5/0.5b", told)
    put(ollama / "manifests/registry.ollama.ai/someone/own/latest", told)
    put(ollama / "manifests/registry.ollama.ai/library/gone/latest", told.replace(b":ab", b":../../x"))
    put(ollama / "manifests/registry.ollama.ai/library/broken/latest", b"[]")
    put(person / ".lmstudio/models/owner/repo/Some-1B-Q4_K_M.gguf", QWEN)
    put(person / ".lmstudio/models/owner/repo/mmproj-Some-1B.gguf", QWEN)
    put(person / ".cache/llama.cpp/big-00001-of-00002.gguf", QWEN)
    put(person / ".cache/llama.cpp/big-00002-of-00002.gguf", QWEN)
    put(person / ".cache/huggingface/hub/models--a--b/snapshots/1/from-hub.gguf", QWEN)
    put(settings.home / "models/by-hand.gguf", QWEN)
    names = {model.name for model in installed(settings.home)}
    assert names == {
        "qwen2.5:0.5b",
        "someone/own:latest",
        "Some-1B-Q4_K_M",
        "big-00001-of-00002",
        "from-hub",
        "by-hand",
    }
    assert find("QWEN2.5:0.5b", settings.home).folder == ollama / "blobs/sha256-ab"
    assert all(model.size == len(QWEN) for model in installed(settings.home))


def test_who_moved_the_folder_of_lm_studio_or_ollama_finds_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "person/.lmstudio-home-pointer", str(tmp_path / "else").encode())
    put(tmp_path / "else/models/o/r/moved.gguf", QWEN)
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    layers = [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:ab"}]
    put(tmp_path / "ollama/blobs/sha256-ab", QWEN)
    put(tmp_path / "ollama/manifests/registry.ollama.ai/library/m/t", json.dumps({"layers": layers}).encode())
    assert {model.name for model in installed(settings.home)} == {"moved", "m:t"}


def test_they_are_listed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENJU_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")
    put(settings.home / "models/by-hand.gguf", QWEN)
    assert not main(["models", "list"])
    assert "by-hand" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a.gguf", "b.txt"])
def test_a_file_that_is_no_model_is_told(settings: Settings, tmp_path: Path, name: str) -> None:
    file = put(tmp_path / name, b"nothing of the kind")
    with pytest.raises(ModelError, match="GGUF"):
        load_language_model(replace(settings, model=str(file)))
    with pytest.raises(ModelError, match="GGUF"):
        load_gguf(file)


def test_without_llama_cpp_it_is_said_how_to_get_it(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.setenv("PATH", "")
    gguf_model._running.cache_clear()
    with pytest.raises(MissingPackage) as error:
        load_gguf(tiny)
    assert "wenju[gguf]" in error.value.chinese and "llama-server" in error.value.english


def said(model: LanguageModel, question: str) -> str:
    prompt = render("answer", passages=PASSAGES, question=question)
    written = "".join(model.generate([Message("user", prompt)], most=60))
    return written.replace("\ufffd", "")  # for bytes that are no character each has its own number of these


@pytest.mark.slow
def test_it_writes_what_transformers_writes(running: LanguageModel) -> None:
    other = load_transformers_model(TINY)
    written = [said(running, question) for question in QUESTIONS]
    assert written == [said(other, question) for question in QUESTIONS] and len(set(written)) > 1


def test_its_room_is_that_of_its_context(running: LanguageModel) -> None:
    assert 0 < running.room <= 512  # it was made for 1,024 tokens
    assert running.name == "tiny-qwen3-F32"


def test_one_file_is_loaded_once_and_asks_for_a_key(running: LanguageModel, tiny: Path) -> None:
    again = load_gguf(tiny, name="other")
    assert again.name == "other"
    server = again._server  # type: ignore[attr-defined]
    assert server is running._server  # type: ignore[attr-defined]
    answer = httpx.post(f"{server.url}/chat/completions", json={"messages": []}, trust_env=False)
    assert answer.status_code == 401


def test_who_stops_reading_stops_it(running: LanguageModel) -> None:
    pieces = running.generate([Message("user", "问题：说一个很长的故事")], most=400)
    assert next(piece for piece in pieces if piece)
    pieces.close()  # type: ignore[attr-defined]
    assert said(running, QUESTIONS[0])


def test_a_file_that_is_cut_off_is_told(tiny: Path, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    cut = put(tmp_path / "cut.gguf", tiny.read_bytes()[:300_000])
    with pytest.raises(ModelError, match=r"llama\.cpp"):
        load_gguf(cut)


SERVES = """#!{python}
import os, sys, threading, xllamacpp
given = xllamacpp.CommonParams()
given.model.path = sys.argv[sys.argv.index("--model") + 1]
given.n_ctx = int(sys.argv[sys.argv.index("--ctx-size") + 1])
given.api_keys = [os.environ["LLAMA_API_KEY"]]
given.verbosity = 0
server = xllamacpp.Server(given)
print("srv init: listening on " + server.listening_address, flush=True)
threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_llama_server_on_this_machine_is_used_where_the_package_is_not(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xllamacpp")
    inside = said(load_gguf(tiny), QUESTIONS[0])
    put(tmp_path / "bin/llama-server", SERVES.format(python=sys.executable).encode()).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    gguf_model._running.cache_clear()
    try:
        model = load_gguf(tiny)
        process = model.running.by  # type: ignore[attr-defined]
        assert process.poll() is None and said(model, QUESTIONS[0]) == inside
    finally:
        gguf_model._running.cache_clear()
    process.kill()
