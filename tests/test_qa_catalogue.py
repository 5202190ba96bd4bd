from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_hub import model_files, weights

from qa.language_models.catalogue import (
    RECOMMENDED,
    find,
    gigabytes,
    installed,
    missing,
    models_folder,
    on_modelscope,
    unfinished,
    unfinished_folder,
)
from qa.language_models.model_folder import what_is_missing


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches of other programs that are empty, whatever this machine has."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hugging"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "scope"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)


def put(folder: Path, *without: str) -> Path:
    """A whole model in `folder`, but for the files `without`."""
    folder.mkdir(parents=True)
    for name, content in model_files(1000).items():
        if name not in without:
            (folder / name).write_bytes(content)
    return folder


def test_every_recommended_model_can_be_run_by_the_installed_transformers() -> None:
    from transformers import CONFIG_MAPPING
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    for model in RECOMMENDED:
        assert model.architecture in CONFIG_MAPPING
        assert model.architecture in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


def test_the_table_is_in_order_and_says_what_the_weights_weigh() -> None:
    assert [model.size for model in RECOMMENDED] == sorted(model.size for model in RECOMMENDED)
    names = [name.lower() for model in RECOMMENDED for name in (model.alias, model.repository)]
    assert len(set(names)) == len(names)
    for model in RECOMMENDED:
        parameters = float(model.parameters.removesuffix("B")) * 1e9
        # Two bytes each; small ones have many words beside the parameters that their name counts.
        assert 1.9 < model.size / parameters < 2.6, model
        assert model.memory > model.size


@pytest.mark.parametrize("typed", ["qwen3-1.7b", "Qwen3-1.7B", "Qwen/Qwen3-1.7B", "qwen/qwen3-1.7b", "  qwen3-1.7b "])
@pytest.mark.parametrize("place", ["models/Qwen/Qwen3-1.7B", "models/qwen/qwen3-1.7b"])
def test_a_model_is_found_by_alias_and_by_name(typed: str, place: str, tmp_path: Path) -> None:
    assert find(typed, tmp_path).folder is None
    folder = put(tmp_path / place)
    found = find(typed, tmp_path)
    assert found.folder == folder
    assert found.name == "qwen3-1.7b"
    assert found.recommended in RECOMMENDED


def test_models_of_other_programs_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = tmp_path / "hugging" / "hub" / "models--Qwen--Qwen3-0.6B"
    old, new = put(hub / "snapshots" / "aaa"), put(hub / "snapshots" / "bbb")
    scope = put(tmp_path / "scope" / "models" / "ZhipuAI" / "GLM-4-9B-0414")
    dotted = put(tmp_path / "scope" / "models" / "Some" / "One-1___5B")
    assert find("qwen3-0.6b", tmp_path).folder == old
    (hub / "refs").mkdir()
    (hub / "refs" / "main").write_text("bbb", encoding="utf-8")
    assert find("Qwen/Qwen3-0.6B", tmp_path).folder == new
    assert find("glm-4-9b", tmp_path).folder == scope
    assert find("zhipuai/glm-4-9b-0414", tmp_path).folder == scope
    assert find("some/one-1.5b", tmp_path).folder == dotted
    assert {model.name for model in installed(tmp_path)} == {"qwen3-0.6b", "glm-4-9b", "Some/One-1.5B"}
    assert not any(model.ours for model in installed(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "elsewhere"))
    assert find("qwen3-0.6b", tmp_path).folder is None


def test_folders_are_models_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put(tmp_path / "shelf" / "my-model")
    monkeypatch.chdir(tmp_path)
    for typed in (str(folder), "shelf/my-model", "./shelf/my-model", "shelf/../shelf/my-model/"):
        found = find(typed, tmp_path)
        assert found.folder is not None and found.folder.samefile(folder), typed
        assert (found.name, found.repository) == ("my-model", "")
    put(models_folder(tmp_path) / "by-hand")
    assert find("By-Hand", tmp_path).folder == models_folder(tmp_path) / "by-hand"
    assert [model.name for model in installed(tmp_path)] == ["by-hand"]


@pytest.mark.parametrize(
    "lacking", [name for name in model_files(10) if name.startswith(("config", "tokenizer.", "model-"))]
)
def test_half_a_model_is_none(lacking: str, tmp_path: Path) -> None:
    folder = put(tmp_path / "models" / "Qwen" / "Qwen3-0.6B", lacking)
    assert what_is_missing(folder) == lacking
    assert find("qwen3-0.6b", tmp_path).folder is None
    assert installed(tmp_path) == ()
    told = missing(find(str(folder), tmp_path), tmp_path)
    assert lacking in told.chinese and lacking in told.english and str(folder) in told.chinese


@pytest.mark.parametrize("size", [0, 7, 50, -1, -500])
def test_weights_that_end_early_are_noticed(size: int, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "m", "model.safetensors.index.json", *[name for name in model_files(1) if name.startswith("model-")]
    )
    whole = weights(b"x" * 1000)
    file = folder / "model.safetensors"
    file.write_bytes(whole)
    assert what_is_missing(folder) == ""
    file.write_bytes(whole[:size])
    assert what_is_missing(folder) == "model.safetensors"


def test_odd_files_crash_nothing(tmp_path: Path) -> None:
    folder = put(tmp_path / "models" / "a" / "b")
    for name in ("config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors"):
        before = (folder / name).read_bytes()
        for content in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"\xff" * 8 + b"x" * 99, b'{"weight_map": 3}'):
            (folder / name).write_bytes(content)
            assert what_is_missing(folder)
        (folder / name).write_bytes(before)
    assert what_is_missing(folder) == ""
    (folder / "tokenizer_config.json").write_text("[1]", encoding="utf-8")
    assert installed(tmp_path) == ()  # no chat template any more


def test_what_does_not_converse_is_not_listed(tmp_path: Path) -> None:
    encoder = put(tmp_path / "hugging" / "hub" / "models--BAAI--bge-small-zh" / "snapshots" / "a")
    config = {"model_type": "bert", "architectures": ["BertModel"]}
    (encoder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert installed(tmp_path) == ()


def test_what_is_missing_is_told_with_the_command_that_gets_it(tmp_path: Path) -> None:
    for typed, told in (
        ("Qwen3-1.7B", "wenju models get qwen3-1.7b"),
        ("some/Model", "wenju models get some/Model"),
        ("qwen3-17b", "qwen3-1.7b"),
        ("hunyun-4b", "hunyuan-4b"),
        ("./nowhere", "nowhere"),
        ("", "wenju models list"),
    ):
        error = missing(find(typed, tmp_path), tmp_path)
        assert told in error.chinese and told in error.english, typed
    assert "4.1 GB" in missing(find("qwen3-1.7b", tmp_path), tmp_path).chinese
    put(models_folder(tmp_path) / "me" / "wenju-tiny")
    assert "me/wenju-tiny" in missing(find("me-wenju-tiny", tmp_path), tmp_path).english


def test_what_is_not_whole_yet_is_listed_apart(tmp_path: Path) -> None:
    assert unfinished(tmp_path) == {}
    for name in ("Qwen--Qwen3-0.6B", "some--Model"):
        (unfinished_folder(tmp_path) / name).mkdir(parents=True)
        (unfinished_folder(tmp_path) / name / "model.part").write_bytes(b"x" * 10)
    assert unfinished(tmp_path) == {"qwen3-0.6b": 10, "some/Model": 10}
    assert installed(tmp_path) == ()
    assert find("qwen3-0.6b", tmp_path).folder is None


def test_a_home_that_is_not_there_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed(tmp_path / "nowhere") == ()
    monkeypatch.delenv("HF_HOME")
    monkeypatch.delenv("MODELSCOPE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = put(tmp_path / ".cache" / "huggingface" / "hub" / "models--Qwen--Qwen3-8B" / "snapshots" / "a")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert find("qwen3-8b", tmp_path / "nowhere").folder == folder


def test_sizes_and_names() -> None:
    assert [gigabytes(size) for size in (4_100_000_000, 312_400_000, 0)] == ["4.1 GB", "312 MB", "0 MB"]
    assert on_modelscope("zai-org/GLM-4-9B-0414") == "ZhipuAI/GLM-4-9B-0414"
    assert on_modelscope("Qwen/Qwen3-8B") == "Qwen/Qwen3-8B"


def test_the_rooms_page_lists_what_is_recommended() -> None:
    readme = (Path(__file__).parents[1] / "qa" / "language_models" / "README.md").read_text(encoding="utf-8")
    for model in RECOMMENDED:
        languages = "中、英" if model.languages == 2 else f"{model.languages} 种"
        facts = (model.parameters, gigabytes(model.size), gigabytes(model.memory), languages, model.licence)
        assert f"| {' | '.join((model.alias, model.repository, *facts, model.hardware_chinese))} |" in readme
