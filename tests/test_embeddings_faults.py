"""Faults of disks and permissions: a collection answers, falls back, or says one clear thing; and it can be mended."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import CollectionDamaged, CollectionError, CollectionReadOnly, WenjuError
from embeddings import Collection
from embeddings.collections import storage
from embeddings.encoders.hashing_encoder import HashingEncoder
from embeddings.search.dense_index import DenseIndex
from embeddings.search.term_index import TermWriter

pytestmark = pytest.mark.slow

ENCODER = HashingEncoder(32)
NOBODY = 65534


def articles(first: int, last: int) -> list[Article]:
    return [
        Article(f"文{n}", f"第{n}篇", f"石桥镇第{n}号泵站今年检修{n * 3}次，换了{n}台水泵。" * 8)
        for n in range(first, last)
    ]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Two generations, with 40 and 60 articles, where other users may look: pytest's own folders are closed to them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        Path(temporary).chmod(0o755)
        path = Path(temporary, "c")
        with Collection.build(path, articles(0, 40), encoder=ENCODER) as collection:
            collection.add(articles(40, 60))
        yield path


def as_nobody(work: Callable[[], str]) -> str:
    """What `work` says in a process that may read and not write; of an error its name and text."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        said = ""
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def closed_to_writing(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no other users, or no way to become one")


@needs_fork
def test_who_may_only_read_may_ask(folder: Path) -> None:
    before = [(hit.passage.id, hit.score) for hit in opened(folder).search("泵站检修", 5)]
    closed_to_writing(folder)

    def ask() -> str:
        with Collection.open(folder, encoder=ENCODER) as collection:
            return repr([(hit.passage.id, hit.score) for hit in collection.search("泵站检修", 5)])

    assert as_nobody(ask) == repr(before)


@needs_fork
@pytest.mark.parametrize("work", ["add", "build", "mend"])
def test_who_may_not_write_is_told_so(folder: Path, work: str) -> None:
    if work == "mend":
        flip(folder / "generations" / "000002" / "vectors.faiss", 99)
    closed_to_writing(folder)

    def write() -> str:
        if work == "mend":
            return repr(Collection.mend(folder, encoder=ENCODER))
        if work == "build":
            return repr(Collection.build(folder, articles(0, 1), encoder=ENCODER))
        with Collection.open(folder, encoder=ENCODER) as collection:
            return repr(collection.add(articles(60, 61)))

    said = as_nobody(write)
    assert said.startswith("CollectionReadOnly: 不能写入"), said
    assert str(folder) in said


@needs_fork
def test_who_may_not_even_read_is_told_so(folder: Path) -> None:
    for path in (folder, folder / "generations" / "000002", folder / "generations" / "000001"):
        path.chmod(0)
        said = as_nobody(lambda: repr(Collection.open(folder, encoder=ENCODER)))
        path.chmod(0o755)
        if path == folder:
            assert said.startswith("CollectionError: "), said
            assert "不能读取" in said
    (folder / "generations" / "000001").chmod(0)
    (folder / "generations" / "000002").chmod(0)
    said = as_nobody(lambda: repr(Collection.open(folder, encoder=ENCODER)))
    assert said.startswith("CollectionError: "), said
    assert "权限" in said


def opened(folder: Path) -> Collection:
    return Collection.open(folder, encoder=ENCODER)


def flip(path: Path, place: int, bit: int = 2) -> None:
    """Turn one bit over in place, so that every generation that shares the file has it."""
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))


def places(path: Path, chance: random.Random) -> list[int]:
    size = path.stat().st_size
    return sorted({0, size // 2, size - 1, *(chance.randrange(size) for _ in range(5))}) if size else []


def use(collection: Collection) -> None:
    """Everything that reads files."""
    for number in (3, 41, 59):
        collection.search(f"第{number}号泵站检修", 10)
    for summary in collection.articles():
        assert collection.article(summary.id).id == summary.id
        assert collection.passages(summary.id)
        collection.text(summary.id)
    collection.inverse_document_frequency("泵站")


@pytest.mark.parametrize("limit", [10, 1 << 30], ids=["large", "small"])
def test_a_flipped_bit_anywhere_is_found_and_passed_over(
    folder: Path, limit: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(storage, "FULL_CHECK_LIMIT", limit)
    whole = folder.with_name("whole")
    shutil.copytree(folder, whole)
    good = {article.id: article for article in articles(0, 60)}
    chance = random.Random(5)
    newest = whole / "generations" / "000002"
    flipped = 0
    for path in sorted(path for path in newest.rglob("*") if path.is_file() and path.suffix != ".lock"):
        for place in places(path, chance):
            shutil.rmtree(folder)
            shutil.copytree(whole, folder)
            flip(folder / path.relative_to(whole), place, chance.randrange(8))
            flipped += 1
            with opened(folder) as collection:
                # What the damaged generation lists may be gone from the whole one by the time it is asked for.
                with suppress(KeyError):
                    use(collection)
                collection.generation.later.wait()
                use(collection)
                assert len(collection) == 40, path
                for summary in collection.articles():
                    assert collection.article(summary.id).text == good[summary.id].text
    assert flipped > 60
    assert "panicked" not in capfd.readouterr().err


def test_damage_that_was_found_once_is_known_to_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "FULL_CHECK_LIMIT", 10)
    path = folder / "generations" / "000002" / "vectors.faiss"
    flip(path, path.stat().st_size - 1)
    with opened(folder) as collection:
        collection.generation.later.wait()
        assert len(collection.search("泵站", 3)) == 3
        assert len(collection) == 40
    with opened(folder) as collection:
        assert len(collection) == 40
        assert any("content changed" in problem for problem in collection.problems)
        assert len(collection.add(articles(40, 60)).added) == 20
        assert collection.problems == ()


def test_a_change_is_never_built_on_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "FULL_CHECK_LIMIT", 10)
    path = folder / "generations" / "000002" / "articles.sqlite"
    flip(path, path.stat().st_size - 30)
    with opened(folder) as collection:
        collection.add(articles(60, 61))
        assert len(collection) == 41
        collection.verify()
        use(collection)


def both(folder: Path, name: str) -> None:
    for number in ("000001", "000002"):
        path = folder / "generations" / number / name
        flip(path, path.stat().st_size // 2)


def test_with_both_manifests_damaged_everything_is_saved(folder: Path) -> None:
    both(folder, "manifest.json")
    with pytest.raises(CollectionDamaged, match="--repair"):
        opened(folder)
    mending = Collection.mend(folder, encoder=ENCODER)
    assert (mending.kept, mending.older, mending.lost) == (60, (), ())
    with opened(folder) as collection:
        assert len(collection) == 60
        collection.verify()
        use(collection)
    assert Collection.mend(folder, encoder=ENCODER).problems == ()


def test_articles_that_are_damaged_come_from_the_generation_before(folder: Path) -> None:
    path = folder / "generations" / "000002" / "texts.sqlite"
    content = path.read_bytes()
    place = content.rindex("第5号泵站".encode())
    flip(path, place + 1)
    place = content.rindex("第50号泵站".encode())
    flip(path, place + 1)
    mending = Collection.mend(folder, encoder=ENCODER)
    assert (mending.kept, mending.older, mending.lost) == (59, ("文5",), ("文50",))
    with opened(folder) as collection:
        assert collection.article("文5").text == articles(5, 6)[0].text
        use(collection)


def test_where_nothing_can_be_read_nothing_is_changed(folder: Path) -> None:
    for path in folder.rglob("articles.sqlite"):
        path.write_bytes(b"\xff" * path.stat().st_size)
    before = sorted(path.name for path in (folder / "generations").iterdir())
    with pytest.raises(CollectionDamaged, match="重新建立"):
        Collection.mend(folder, encoder=ENCODER)
    assert sorted(path.name for path in (folder / "generations").iterdir()) == before


@pytest.mark.parametrize("fault", ["vectors", "words", "unreadable"])
def test_what_does_not_answer_is_not_switched_to(folder: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(folder) as collection:
        with monkeypatch.context() as patch:
            if fault == "words":
                patch.setattr(TermWriter, "add", lambda *_: None)
            elif fault == "vectors":
                patch.setattr(DenseIndex, "add", lambda *_: None)
            else:
                patch.setattr(DenseIndex, "save", lambda _, path: path.write_bytes(b"nothing"))
            with pytest.raises(CollectionError, match="没有通过检查"):
                collection.add(articles(60, 70))
        assert storage.current_number(folder) == 2
        assert len(collection) == 60
        collection.add(articles(60, 70))
        use(collection)


def test_no_error_of_the_libraries_below_reaches_who_asks(folder: Path) -> None:
    """Files that change under an open collection: it falls back, or says that nothing is whole."""
    for name in ("articles.sqlite", "texts.sqlite", "vectors.faiss"):
        with opened(folder) as collection:
            for number in ("000001", "000002"):
                path = folder / "generations" / number / name
                with path.open("r+b") as file:
                    file.write(b"\xfe" * path.stat().st_size)
            try:
                use(collection)
            except WenjuError as error:
                assert isinstance(error, CollectionDamaged)
                assert not isinstance(error, CollectionReadOnly)
        shutil.rmtree(folder)
        Collection.build(folder, articles(0, 40), encoder=ENCODER).close()
        with opened(folder) as collection:
            collection.add(articles(40, 60))
