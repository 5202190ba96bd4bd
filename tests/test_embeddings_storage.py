"""Storage: whatever happens to a writer or a file, the last whole generation opens."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import CollectionBusy, CollectionDamaged, CollectionError, CollectionNotFound
from embeddings import Collection
from embeddings.collections import publishing, storage
from embeddings.collections.article_store import ArticleStore
from embeddings.encoders.hashing_encoder import HashingEncoder
from embeddings.search import dense_index

ENCODER = HashingEncoder(32)


def articles(first: int, last: int) -> list[Article]:
    return [Article(f"文{n}", f"第{n}篇", f"河湾镇第{n}号水库今年放水{n * 7}次。" * 5) for n in range(first, last)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection of two generations, with 5 and 8 articles."""
    with Collection.build(tmp_path / "c", articles(0, 5), encoder=ENCODER) as collection:
        collection.add(articles(5, 8))
    return tmp_path / "c"


def opened(folder: Path) -> int:
    with Collection.open(folder, encoder=ENCODER) as collection:
        collection.verify()
        assert collection.search("水库放水", 3)
        assert len({summary.id for summary in collection.articles()}) == len(collection)
        return len(collection)


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "generations").iterdir())


def test_two_generations_are_kept(folder: Path) -> None:
    assert generations(folder) == ["000001", "000002"]
    with Collection.open(folder, encoder=ENCODER) as collection:
        collection.remove(["文1"])
    assert generations(folder) == ["000002", "000003"]
    assert opened(folder) == 7


def test_there_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(CollectionNotFound, match="没有索引"):
        Collection.open(tmp_path / "nowhere")
    with pytest.raises(CollectionNotFound):
        Collection.open(tmp_path)


FILES = ["articles.sqlite", "texts.sqlite", "vectors.faiss", "manifest.json", "terms/meta.json", "terms"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped"])
def test_a_damaged_generation_falls_back_to_the_one_before(
    folder: Path, name: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = folder / "generations" / "000002" / name
    if name == "terms":
        # A segment that only the newer generation has: shared ones are the same file in both.
        older = {file.name for file in (folder / "generations" / "000001" / name).iterdir()}
        path = next(file for file in path.iterdir() if file.suffix == ".idx" and file.name not in older)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(content[:-7])
    else:
        place = len(content) // 2
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
    assert opened(folder) == 5
    assert "000002" in caplog.text
    with Collection.open(folder, encoder=ENCODER) as collection:
        assert len(collection.add(articles(5, 8)).added) == 3
    assert opened(folder) == 8


@pytest.mark.parametrize("content", ["", "null", "7", "[]", "{}", '{"checksum": 1}'])
def test_a_manifest_that_is_none_falls_back_too(folder: Path, content: str) -> None:
    (folder / "generations" / "000002" / "manifest.json").write_text(content, encoding="utf-8")
    assert opened(folder) == 5


def test_no_whole_generation_is_an_error(folder: Path) -> None:
    for name in generations(folder):
        (folder / "generations" / name / "vectors.faiss").write_bytes(b"")
    with pytest.raises(CollectionDamaged, match=r"000002/vectors\.faiss"):
        Collection.open(folder, encoder=ENCODER)
    Collection.build(folder, articles(0, 2), encoder=ENCODER).close()
    assert opened(folder) == 2


def test_a_large_generation_is_checked_in_full_only_when_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "FULL_CHECK_LIMIT", 10)
    path = folder / "generations" / "000002" / "vectors.faiss"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with Collection.open(folder, encoder=ENCODER) as collection, pytest.raises(CollectionDamaged, match="faiss"):
        collection.verify()


@pytest.mark.parametrize("name", ["vectors.faiss", "terms/meta.json", "articles.sqlite"])
def test_a_large_generation_that_cannot_be_opened_falls_back_too(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "FULL_CHECK_LIMIT", 10)
    path = folder / "generations" / "000002" / name
    path.write_bytes(b"\xff" * path.stat().st_size)
    assert opened(folder) == 5


@pytest.mark.parametrize("content", [b"", b"7\n", b"\xff", b"../../etc"])
def test_a_broken_pointer_does_not_matter(folder: Path, content: bytes) -> None:
    (folder / "CURRENT").write_bytes(content)
    assert opened(folder) == 8
    (folder / "CURRENT").unlink()
    assert opened(folder) == 8


def test_what_a_killed_writer_left_is_cleared_away(folder: Path) -> None:
    shutil.copytree(folder / "generations" / "000001", folder / "generations" / "000003.partial")
    # Killed after the rename and before the switch: whole, but never current.
    shutil.copytree(folder / "generations" / "000001", folder / "generations" / "000004")
    assert opened(folder) == 8
    with Collection.open(folder, encoder=ENCODER) as collection:
        collection.add(articles(8, 9))
    assert opened(folder) == 9
    assert generations(folder) == ["000002", "000003"]


def test_a_reader_goes_on_with_the_generation_it_opened(folder: Path) -> None:
    with Collection.open(folder, encoder=ENCODER) as reader, Collection.open(folder, encoder=ENCODER) as writer:
        before = reader.search("第3号水库", 4)
        for number in range(5):
            writer.remove([f"文{number}"])
        assert generations(folder) == ["000006", "000007"]
        assert reader.search("第3号水库", 4) == before
        assert reader.article("文3").id == "文3"
        assert (len(reader), len(writer)) == (8, 3)


def test_a_stale_writer_builds_on_the_work_of_another(folder: Path) -> None:
    with Collection.open(folder, encoder=ENCODER) as first, Collection.open(folder, encoder=ENCODER) as second:
        first.add(articles(8, 9))
        assert second.add(articles(8, 10)).added == ("文9",)
        assert len(second) == 10
        first.add(articles(0, 1))
        assert len(first) == 10


def _hold(folder: Path, ready: object, go_on: object) -> None:
    with publishing.writing(folder):
        ready.set()  # type: ignore[attr-defined]
        go_on.wait(30)  # type: ignore[attr-defined]


def test_only_one_process_writes_and_the_other_is_told_who(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go_on = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(folder, ready, go_on))
    holder.start()
    try:
        assert ready.wait(30)
        with Collection.open(folder, encoder=ENCODER) as collection:
            with pytest.raises(CollectionBusy, match=str(holder.pid)):
                collection.add(articles(8, 9))
            with pytest.raises(CollectionBusy):
                Collection.build(folder, articles(0, 1), encoder=ENCODER)
            assert collection.search("水库")
            go_on.set()
            holder.join()
            collection.add(articles(8, 9))
    finally:
        go_on.set()
        holder.join()
    assert opened(folder) == 9


@pytest.mark.parametrize("stage", ["vectors", "sync", "manifest", "switch", "sqlite"])
def test_a_full_disk_leaves_everything_as_it_was(folder: Path, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("write error: No space left on device") if stage == "vectors" else full

    target: tuple[object, str] = {
        "vectors": (dense_index.DenseIndex, "save"),
        "sync": (publishing, "_sync"),
        "manifest": (Path, "write_text"),
        "switch": (Path, "rename"),
        "sqlite": (shutil, "copyfile"),
    }[stage]
    with Collection.open(folder, encoder=ENCODER) as collection:
        with monkeypatch.context() as patch:
            patch.setattr(*target, fail)
            with pytest.raises(CollectionError, match="磁盘空间不足"):
                collection.add(articles(8, 20))
        assert generations(folder) == ["000001", "000002"]
        assert len(collection) == 8
        collection.add(articles(8, 9))
    assert opened(folder) == 9


GROW = """
import sys
import threading
from embeddings import Collection
from embeddings.encoders.hashing_encoder import HashingEncoder
from tests.test_embeddings_storage import articles
collection = Collection.open(sys.argv[1], encoder=HashingEncoder(32))
for _ in range(200):
    count = len(collection)
    collection.add(articles(count, count + 3))
    print("added", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_any_moment_the_last_good_generation_opens(folder: Path) -> None:
    chance = random.Random(4)
    root = Path(__file__).parents[1]
    before = 8
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", GROW, str(folder)], cwd=root, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "added\n"
        time.sleep(chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        after = opened(folder)
        assert after > before
        assert (after - 8) % 3 == 0
        before = after


def test_closing_waits_for_who_reads(tmp_path: Path) -> None:
    store = ArticleStore(tmp_path / "articles.sqlite", writable=True)
    long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT max(i) FROM n"
    found: list[list[tuple[int]]] = []
    reading = threading.Thread(target=lambda: found.append(store._all(long)))
    reading.start()
    while not store._lock.locked():
        time.sleep(0.001)
    store.close()
    reading.join()
    assert found == [[(1000000,)]]
    with pytest.raises(sqlite3.ProgrammingError):
        store.dates()
