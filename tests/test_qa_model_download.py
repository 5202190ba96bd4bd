from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from fake_hub import FakeHub, model_files, weights

from corpus.errors import ModelError
from qa.language_models.catalogue import find, installed, models_folder, unfinished, unfinished_folder
from qa.language_models.downloads import model_download, transfer
from qa.language_models.downloads.model_download import get, look_up, remove, size_of

pytestmark = pytest.mark.slow

NAME = "qwen3-0.6b"
FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
ODD_SHA = b'{"siblings": [{"rfilename": "config.json", "lfs": {"sha256": "../../../outside", "size": 1}}]}'
ODD_SIZE = b'{"siblings": [{"rfilename": "config.json", "size": -1}]}'
NOT_NEEDED = {
    "README.md": b"# card",
    "pytorch_model.bin": b"the same as pickle",
    "consolidated.safetensors": weights(b"the same again"),
    "model-Q4_K_M.gguf": b"smaller",
    "modeling_qwen.py": b"import os",
    "original/model.safetensors": weights(b"the same"),
    "../../outside.json": b"{}",
    ".gitattributes": b"",
}


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hugging"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "scope"))
    for name in ("HF_TOKEN", *[name for name in os.environ if name.lower().endswith("_proxy")]):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(transfer, "PAUSE", 0.01)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    served = FakeHub({**model_files(), **NOT_NEEDED})
    monkeypatch.setenv("HF_ENDPOINT", served.address)
    monkeypatch.setenv("MODELSCOPE_DOMAIN", served.address)
    yield served
    served.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def part(home: Path, name: str = FIRST) -> Path:
    """The part of a file that an interrupted download left."""
    (found,) = unfinished_folder(home).glob(f"*/{name}.*.part")
    return found


@pytest.mark.parametrize("source", ["", "hub", "modelscope"])
def test_a_model_comes_whole_and_without_what_it_does_not_need(source: str, hub: FakeHub, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    folder = get(NAME, tmp_path, source=source, progress=lambda *step: steps.append(step))
    assert folder == tmp_path / "models" / "Qwen" / "Qwen3-0.6B"
    assert contents(folder) == model_files()
    size = sum(map(len, model_files().values()))
    assert [model.size for model in installed(tmp_path)] == [size]
    assert steps[-1] == ("downloading", size, size)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert unfinished(tmp_path) == {}
    assert not (tmp_path / "outside.json").exists()


def test_the_size_is_told_before_anything_is_fetched(hub: FakeHub, tmp_path: Path) -> None:
    offer = look_up(NAME, tmp_path)
    assert (offer.repository, offer.host) == ("Qwen/Qwen3-0.6B", hub.address)
    assert offer.size == size_of(NAME, tmp_path) == sum(map(len, model_files().values()))
    assert not any(path.startswith("/cdn") for path, _ in hub.requests)
    assert not models_folder(tmp_path).exists()
    get(NAME, tmp_path, offer=offer)
    assert sum("/api/" in path for path, _ in hub.requests) == 2


def test_a_model_that_is_here_is_not_asked_for_again(hub: FakeHub, tmp_path: Path) -> None:
    folder = get(NAME, tmp_path)
    hub.requests.clear()
    assert get("Qwen/Qwen3-0.6B", tmp_path) == folder
    assert hub.requests == []


def test_modelscope_knows_some_owners_by_another_name(hub: FakeHub, tmp_path: Path) -> None:
    hub.repository = "ZhipuAI/GLM-4-9B-0414"
    folder = get("glm-4-9b", tmp_path, source="modelscope")
    assert folder == models_folder(tmp_path) / "zai-org" / "GLM-4-9B-0414"
    assert find("ZhipuAI/GLM-4-9B-0414", tmp_path).folder == folder


def test_the_token_is_for_the_hub_alone(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    get(NAME, tmp_path)
    for path, token in hub.tokens.items():
        assert token == ("" if path.startswith("/cdn/") else "Bearer hf_secret"), path
    remove(NAME, tmp_path)
    hub.tokens.clear()
    monkeypatch.setenv("HF_ENDPOINT", "https://another.example")
    get(NAME, tmp_path, source="modelscope")
    assert set(hub.tokens.values()) == {""}


GET = "import sys; from pathlib import Path; from qa.language_models.downloads.model_download import get; get(sys.argv[1], Path(sys.argv[2]))"


def start(home: Path) -> subprocess.Popen[bytes]:
    """Another process that gets the model."""
    root = Path(__file__).parents[1]
    return subprocess.Popen([sys.executable, "-c", GET, NAME, str(home)], cwd=root, stderr=subprocess.PIPE)


def wait_for(home: Path, size: int, process: subprocess.Popen[bytes]) -> Path:
    """Until the first shard has more than `size` bytes on the disk."""
    while process.poll() is None:
        for path in unfinished_folder(home).glob(f"*/{FIRST}.*.part"):
            if path.stat().st_size > size:
                return path
        time.sleep(0.01)
    raise AssertionError(process.communicate()[1])


def test_a_download_goes_on_where_its_process_was_killed(hub: FakeHub, tmp_path: Path) -> None:
    hub.files = hub.told = model_files(2_000_000)
    hub.seconds = 0.02
    process = start(tmp_path)
    grown = wait_for(tmp_path, 300_000, process)
    process.kill()
    process.wait()
    had = grown.stat().st_size
    assert 300_000 < had < 2_000_000
    assert find(NAME, tmp_path).folder is None
    assert unfinished(tmp_path)[NAME] >= had
    hub.seconds = 0.0
    hub.requests.clear()
    assert size_of(NAME, tmp_path) < sum(map(len, hub.files.values())) - had + 1
    steps: list[tuple[str, int, int]] = []
    assert contents(get(NAME, tmp_path, progress=lambda *step: steps.append(step))) == hub.files
    assert hub.ranges_of(FIRST) == [f"bytes={had}-"]
    assert hub.ranges_of("config.json") == []
    assert ("checking", had, had) in [(stage, done - small(hub), had) for stage, done, _ in steps]


def small(hub: FakeHub) -> int:
    """Bytes of the files that come before the weights."""
    return sum(len(content) for name, content in hub.files.items() if not name.endswith(".safetensors"))


def test_two_at_once_do_not_meet(hub: FakeHub, tmp_path: Path) -> None:
    hub.files = hub.told = model_files(2_000_000)
    hub.seconds = 0.02
    process = start(tmp_path)
    wait_for(tmp_path, 100_000, process)
    for attempt in (lambda: get(NAME, tmp_path), lambda: remove(NAME, tmp_path)):
        with pytest.raises(ModelError, match=str(process.pid)):
            attempt()
    hub.seconds = 0.0
    assert process.wait(60) == 0, process.communicate()[1]
    assert contents(find(NAME, tmp_path).folder or tmp_path) == hub.files


def test_a_cut_connection_is_taken_up_again(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = {FIRST: [100_000, 50_000, 1], SECOND: [1000], "config.json": [3]}
    assert contents(get(NAME, tmp_path)) == model_files()
    assert hub.ranges_of(FIRST) == ["", "bytes=100000-", "bytes=150000-", "bytes=150001-"]


def test_a_server_without_ranges_is_asked_from_the_beginning(hub: FakeHub, tmp_path: Path) -> None:
    hub.ranges = False
    hub.cuts = {FIRST: [100_000]}
    assert contents(get(NAME, tmp_path)) == model_files()


def test_what_always_ends_early_is_given_up_and_kept(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = {FIRST: [100_000, *[0] * 20]}
    with pytest.raises(ModelError, match=r"closed before the end|peer closed"):
        get(NAME, tmp_path)
    assert part(tmp_path).stat().st_size == 100_000
    hub.ranges = False
    hub.cuts = {FIRST: [150_000] * 20}
    with pytest.raises(ModelError):
        get(NAME, tmp_path)
    assert find(NAME, tmp_path).folder is None
    hub.cuts = {}
    assert contents(get(NAME, tmp_path)) == model_files()


@pytest.mark.parametrize("source", ["hub", "modelscope"])
@pytest.mark.parametrize("name", [FIRST, "config.json"])
def test_wrong_bytes_are_noticed_and_deleted(name: str, source: str, hub: FakeHub, tmp_path: Path) -> None:
    right = hub.files[name]
    hub.files[name] = right[:-1] + bytes([right[-1] ^ 1])
    with pytest.raises(ModelError, match="校验和") as error:
        get(NAME, tmp_path, source=source)
    assert name in error.value.english and hub.address in error.value.english
    assert len(hub.ranges_of(name)) == 2
    assert not list(unfinished_folder(tmp_path).glob(f"*/{name}*"))
    hub.files[name] = right
    assert contents(get(NAME, tmp_path, source=source)) == model_files()


def test_a_file_that_is_shorter_or_longer_than_told_is_not_taken(hub: FakeHub, tmp_path: Path) -> None:
    hub.files[SECOND] = hub.files[SECOND][:-10]
    with pytest.raises(ModelError):
        get(NAME, tmp_path)
    hub.files[SECOND] = model_files()[SECOND] + b"more"
    assert contents(get(NAME, tmp_path))[SECOND] == model_files()[SECOND]


def test_another_version_on_the_hub_replaces_what_is_there_of_the_old(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = {SECOND: [100_000, *[0] * 20]}
    with pytest.raises(ModelError):
        get(NAME, tmp_path)
    hub.cuts = {}
    new = model_files()
    new |= {
        FIRST: new[FIRST][:-5] + b"newer",
        SECOND: new[SECOND][:-5] + b"newer",
        "config.json": new["config.json"] + b" ",
    }
    hub.files = hub.told = new
    assert contents(get(NAME, tmp_path)) == new


def test_a_damaged_part_is_fetched_anew(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = {FIRST: [100_000, *[0] * 20]}
    with pytest.raises(ModelError):
        get(NAME, tmp_path)
    hub.cuts = {}
    damaged = part(tmp_path)
    damaged.write_bytes(b"?" * 50_000)
    assert contents(get(NAME, tmp_path)) == model_files()


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (404, "", "没有"),
        (401, "RepoNotFound", "没有"),
        (401, "GatedRepo", "HF_TOKEN"),
        (403, "", "HF_TOKEN"),
        (500, "", "过一会儿"),
        (429, "", "过一会儿"),
        (418, "", "过一会儿"),
    ],
)
@pytest.mark.parametrize("where", ["revision/main", FIRST])
def test_refusals_are_explained(
    where: str, status: int, code: str, told: str, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.status, hub.error_code = {where: status}, code
    with pytest.raises(ModelError, match=told) as error:
        get(NAME, tmp_path)
    for text in (error.value.chinese, error.value.english):
        assert "Qwen/Qwen3-0.6B" in text and hub.address in text
        assert "secret" not in text and "signature" not in text
    assert find(NAME, tmp_path).folder is None
    hub.status = {}
    assert contents(get(NAME, tmp_path)) == model_files()


def test_a_hub_that_was_only_busy_is_asked_again(hub: FakeHub, tmp_path: Path) -> None:
    hub.busy = {"revision/main": [503], FIRST: [500, 429], SECOND: [502]}
    assert contents(get(NAME, tmp_path)) == model_files()


@pytest.mark.parametrize("source", ["hub", "modelscope"])
def test_a_hub_out_of_reach_is_told_at_once_with_what_to_do(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = FakeHub({})
    gone.close()
    for variable in ("HF_ENDPOINT", "MODELSCOPE_DOMAIN"):
        monkeypatch.setenv(variable, gone.address)
    with pytest.raises(ModelError, match="连不上") as error:
        get(NAME, tmp_path, source=source)
    for text in (error.value.chinese, error.value.english):
        assert all(each in text for each in (gone.address, "HF_ENDPOINT", "--from modelscope", "--model"))


def test_a_name_that_leads_nowhere_does_not_wait_for_each_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        time.sleep(60)

    # As where packets are dropped: every machine of that name costs a time-out of its own.
    monkeypatch.setattr("socket.create_connection", never)
    monkeypatch.setattr("socket.getaddrinfo", never)
    monkeypatch.setattr(transfer, "CONNECT_SECONDS", 0.3)
    with pytest.raises(ModelError, match="连不上"):
        get(NAME, tmp_path)


def test_where_the_files_are_may_be_out_of_reach_too(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = socket.create_connection

    def hub_only(address: tuple[str, int], *arguments: Any, **named: Any) -> socket.socket:
        if address[0] == "localhost":
            time.sleep(60)
        return connect(address, *arguments, **named)

    monkeypatch.setattr("socket.create_connection", hub_only)
    monkeypatch.setattr(transfer, "CONNECT_SECONDS", 0.3)
    with pytest.raises(ModelError, match="localhost: no connection"):
        get(NAME, tmp_path)


def test_a_proxy_that_cannot_be_used_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1:9")
    with pytest.raises(ModelError, match="nonsense"):
        get(NAME, tmp_path)


def test_a_hub_that_hangs_is_left(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "READ_SECONDS", 0.3)
    hub.hangs.set()
    with pytest.raises(ModelError, match="Timeout"):
        get(NAME, tmp_path)


@pytest.mark.parametrize("during", ["the listing", "a file"])
def test_a_stop_ends_what_waits(during: str, hub: FakeHub, tmp_path: Path) -> None:
    hub.files = hub.told = model_files(2_000_000)
    hub.seconds = 0.005  # so that it has not sent all before it hangs
    stop = threading.Event()

    def progress(stage: str, done: int, total: int) -> None:
        if done > 500_000:
            hub.hangs.set()
            threading.Timer(0.1, stop.set).start()

    if during == "the listing":
        hub.hangs.set()
        threading.Timer(0.1, stop.set).start()
    with pytest.raises(ModelError, match="停下了"):
        get(NAME, tmp_path, progress=progress, stop=stop)
    hub.hangs.clear()
    hub.seconds = 0.0
    if during == "a file":
        had = part(tmp_path).stat().st_size
        assert had > 500_000 - small(hub)
        hub.requests.clear()
        get(NAME, tmp_path)
        assert hub.ranges_of(FIRST) == [f"bytes={had}-"]


def test_too_little_room_is_told_before_anything_is_fetched(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(model_download.shutil, "disk_usage", lambda _: usage._replace(free=model_download.SPARE + 1000))
    with pytest.raises(ModelError, match="磁盘空间不够") as error:
        get(NAME, tmp_path)
    assert "WENJU_HOME" in error.value.english
    assert hub.ranges_of("config.json") == []


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "磁盘满了"), (errno.EIO, "读写")])
def test_a_disk_that_fails_is_told_and_the_part_is_kept(
    number: int, told: str, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def small_disk(path: Path, *arguments: Any, **named: Any) -> IO[Any]:
        opened: IO[Any] = real(path, *arguments, **named)
        if path.name.startswith(FIRST):
            write = opened.write

            def full(piece: bytes) -> int:
                if opened.tell() > 100_000:
                    raise OSError(number, os.strerror(number))
                return write(piece)

            monkeypatch.setattr(opened, "write", full)
        return opened

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", small_disk)
        with pytest.raises(ModelError, match=told):
            get(NAME, tmp_path)
    had = part(tmp_path).stat().st_size
    assert had > 0
    assert contents(get(NAME, tmp_path)) == model_files()
    assert hub.ranges_of(FIRST)[-1] == f"bytes={had}-"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written_is_told(hub: FakeHub, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    with pytest.raises(ModelError, match="WENJU_HOME"):
        get(NAME, home)


def test_what_has_no_weights_to_read_is_refused_at_once(hub: FakeHub, tmp_path: Path) -> None:
    hub.told = {"model-Q4.gguf": b"x", "config.json": b"{}"}
    with pytest.raises(ModelError, match=r"GGUF.*--model"):
        get(NAME, tmp_path)


@pytest.mark.parametrize(
    "answer",
    [b"<html>please log in</html>", b"[]", b'{"siblings": 3}', b'{"siblings": [{}]}', b"\xff", ODD_SHA, ODD_SIZE],
)
def test_what_is_no_hub_is_told(answer: bytes, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_hub._Handler._hub_listing", lambda _: answer)
    with pytest.raises(ModelError, match=hub.address):
        get(NAME, tmp_path)


@pytest.mark.parametrize(("kind", "runs"), [("qwen3", True), ("minicpm", False)])
def test_what_transformers_cannot_run_is_not_downloaded(kind: str, runs: bool, hub: FakeHub, tmp_path: Path) -> None:
    hub.repository = "some/Model"
    hub.files["config.json"] = hub.told["config.json"] = b'{"model_type": "%s"}' % kind.encode()
    if runs:
        assert get("some/Model", tmp_path) == models_folder(tmp_path) / "some" / "Model"
        return
    with pytest.raises(ModelError, match=kind):
        get("some/Model", tmp_path)
    assert hub.ranges_of(FIRST) == []


def test_a_repository_without_tokenizer_does_not_become_a_model(hub: FakeHub, tmp_path: Path) -> None:
    del hub.told["tokenizer.json"]
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        get(NAME, tmp_path)
    assert find(NAME, tmp_path).folder is None


def test_a_broken_model_in_the_way_is_mended(hub: FakeHub, tmp_path: Path) -> None:
    folder = get(NAME, tmp_path)
    (folder / FIRST).unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert get(NAME, tmp_path) == folder
    assert contents(folder) == {**model_files(), "notes.txt": b"mine"}


def test_only_what_is_ours_is_removed(hub: FakeHub, tmp_path: Path) -> None:
    folder = get(NAME, tmp_path)
    cached = tmp_path / "hugging" / "hub" / "models--Qwen--Qwen3-0.6B" / "snapshots" / "a"
    shutil.copytree(folder, cached)
    assert remove(NAME.upper(), tmp_path) == sum(map(len, model_files().values()))
    assert not folder.exists() and not folder.parent.exists()
    with pytest.raises(ModelError, match="models--Qwen"):
        remove(NAME, tmp_path)
    with pytest.raises(ModelError, match="models--Qwen"):
        remove(str(cached), tmp_path)
    assert contents(cached) == model_files()
    shutil.rmtree(tmp_path / "hugging")
    for name in (NAME, "some/Model", "nonsense", "../..", "..", ".", "a/..", ""):
        with pytest.raises(ModelError):
            remove(name, tmp_path)
    assert tmp_path.is_dir()


def test_what_is_not_whole_is_removed_too(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = {FIRST: [100_000, *[0] * 20]}
    with pytest.raises(ModelError):
        get(NAME, tmp_path)
    assert remove(NAME, tmp_path) > 100_000
    assert unfinished(tmp_path) == {}


def test_names_that_are_none_are_told(hub: FakeHub, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"qwen3-0\.6b"):
        get("qwen3-06b", tmp_path)
    with pytest.raises(ModelError, match="modelscope"):
        get(NAME, tmp_path, source="elsewhere")
    assert hub.requests == []
