"""Articles that visitors put in: whose they are, how far the work has come, and what stays of it."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from corpus.errors import InputError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.web import uploads
from qa.web.arrivals import Arrived
from qa.web.texts import CHINESE, ENGLISH, Words
from qa.web.uploads import Step, Taken

VISITOR = "0123456789abcdef" * 2


def put_in(home: Path, paths: list[Path], own: Collection | None = None, words: Words = CHINESE) -> Taken:
    files = [Arrived(path, path.name) for path in paths]
    *steps, taken = uploads.put_in(files, home, VISITOR, own, load_encoder("hashing"), words)
    assert all(isinstance(step, Step) for step in steps)
    assert isinstance(taken, Taken)
    return taken


def page(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["", "..", "../" + "a" * 29, "A" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n", None, 7])
def test_what_is_no_visitors_name_never_becomes_a_folder(name: object, tmp_path: Path) -> None:
    assert not uploads.is_visitor(name)
    with pytest.raises(ValueError, match="not the name of a visitor"):
        uploads.own_collection(tmp_path, name, None)  # type: ignore[arg-type]


def test_visitors_have_different_names() -> None:
    assert uploads.is_visitor(uploads.new_visitor())
    assert uploads.new_visitor() != uploads.new_visitor()


def test_what_was_put_in_is_added_to_and_found_again(tmp_path: Path) -> None:
    assert uploads.own_collection(tmp_path, VISITOR, load_encoder("hashing")) is None
    first = put_in(tmp_path, [page(tmp_path, "井.txt", "老井在桂花巷，井深十七米。")])
    assert first.collection is not None
    assert [(file.name, file.articles, file.passages, file.problem) for file in first.files] == [("井.txt", 1, 1, "")]
    second = put_in(tmp_path, [page(tmp_path, "桥.txt", "石桥在柳荫街，桥长八米。")], first.collection)
    assert second.collection is first.collection
    again = uploads.own_collection(tmp_path, VISITOR, load_encoder("hashing"))
    assert again is not None
    assert sorted(article.source for article in again.articles()) == ["井.txt", "桥.txt"]


def test_a_second_window_does_not_replace_what_the_first_put_in(tmp_path: Path) -> None:
    put_in(tmp_path, [page(tmp_path, "井.txt", "老井在桂花巷，井深十七米。")])
    taken = put_in(tmp_path, [page(tmp_path, "桥.txt", "石桥在柳荫街，桥长八米。")], own=None)
    assert taken.collection is not None
    assert len(taken.collection) == 2


def test_files_that_give_nothing_say_why_and_make_no_collection(tmp_path: Path) -> None:
    taken = put_in(tmp_path, [page(tmp_path, "空.txt", " \n"), page(tmp_path, "坏.pdf", "nonsense")], words=ENGLISH)
    assert taken.collection is None
    assert [file.articles for file in taken.files] == [0, 0]
    assert all(file.problem and file.problem.isascii() for file in taken.files)
    assert uploads.own_collection(tmp_path, VISITOR, load_encoder("hashing")) is None


def test_articles_are_forgotten_after_a_month_without_a_visit(tmp_path: Path) -> None:
    put_in(tmp_path, [page(tmp_path, "井.txt", "老井在桂花巷，井深十七米。")])
    other = tmp_path / "uploads" / "not-a-visitor"
    other.mkdir()
    folder = tmp_path / "uploads" / VISITOR
    long_ago = time.time() - 31 * 86400
    for path in (other, folder):
        os.utime(path, (long_ago, long_ago))
    assert uploads.own_collection(tmp_path, VISITOR, load_encoder("hashing")) is not None
    uploads.forget_old(tmp_path)
    assert folder.is_dir()
    os.utime(folder, (long_ago, long_ago))
    uploads.forget_old(tmp_path)
    assert not folder.exists()
    assert other.is_dir()


def test_two_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    first = put_in(tmp_path, [page(tmp_path, "通知.txt", "老井在桂花巷，井深十七米。")])
    again = put_in(tmp_path, [page(tmp_path, "通知.txt", "老井在桂花巷，井深十七米。")], first.collection)
    assert again.collection is not None
    assert (len(again.collection), again.files[0].repairs.split(" ")[0]) == (1, CHINESE.shelf.already_there)
    other = put_in(tmp_path, [page(tmp_path, "通知.txt", "石桥在柳荫街，桥长八米。")], again.collection)
    assert other.collection is not None
    assert [article.id for article in other.collection.articles()] == ["通知.txt", "通知.txt~2"]
    assert CHINESE.shelf.kept_apart in other.files[0].repairs


def test_files_of_a_folder_keep_their_place_in_it(tmp_path: Path) -> None:
    path = page(tmp_path, "1.txt", "老井在桂花巷，井深十七米。")
    files = [Arrived(path, "资料/2021/井.txt")]
    *_, taken = uploads.put_in(files, tmp_path, VISITOR, None, load_encoder("hashing"), CHINESE)
    assert isinstance(taken, Taken)
    assert taken.collection is not None
    [article] = taken.collection.articles()
    assert (article.id, article.source, taken.files[0].name) == ("资料/2021/井.txt",) * 3


def test_every_file_of_an_archive_is_told_of_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "资料.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2021/井.txt", "老井在桂花\u200b巷，井深十七米。")
        archive.writestr("坏.pdf", "nonsense")
        archive.writestr("../桥.txt", "石桥在柳荫街，桥长八米。")
        archive.writestr("内.zip", b"PK\x05\x06" + bytes(18))
    told: list[Step] = []
    files = [Arrived(page(tmp_path, "塔.txt", "古塔高四十二米，有七层。"), "塔.txt"), Arrived(path, "资料.zip")]
    results = uploads._read(files, CHINESE, told.append)
    assert [result.path.as_posix() for result in results] == [
        "塔.txt", "资料.zip/2021/井.txt", "资料.zip/坏.pdf", "资料.zip/桥.txt", "资料.zip/内.zip"
    ]  # fmt: skip
    reading = [step for step in told if step.total == 5]
    assert [(step.done, step.name) for step in reading if step.files] == [
        (1, "资料.zip/2021/井.txt"), (2, "资料.zip/坏.pdf"), (3, "资料.zip/桥.txt"), (4, "资料.zip/内.zip"), (5, "")
    ]  # fmt: skip
    assert [bool(file.problem) for file in reading[-1].files] == [False, False, True, False, True]
    assert "1 处" in reading[-1].files[1].repairs
    assert not list(tmp_path.parent.glob("桥.txt"))
    taken = put_in(tmp_path, [path])
    assert [(file.name, file.articles) for file in taken.files] == [
        ("资料.zip/2021/井.txt", 1), ("资料.zip/坏.pdf", 0), ("资料.zip/桥.txt", 1), ("资料.zip/内.zip", 0)
    ]  # fmt: skip
    monkeypatch.setattr("qa.web.unpacking.LARGEST_BATCH", 0)
    [whole] = uploads._read([Arrived(path, "资料.zip")], CHINESE, told.append)
    assert (whole.path.name, len(whole.articles)) == ("资料.zip", 2)


def test_a_visitor_may_keep_so_many_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = put_in(tmp_path, [page(tmp_path, "井.txt", "老井在桂花巷，井深十七米。")])
    monkeypatch.setattr(uploads, "MOST_CHARACTERS", 20)
    with pytest.raises(InputError, match="万字"):
        put_in(tmp_path, [page(tmp_path, "桥.txt", "石桥在柳荫街，桥长八米。")], first.collection)
    assert first.collection is not None
    assert len(first.collection) == 1


def test_nobody_else_on_this_machine_looks_into_uploads(tmp_path: Path) -> None:
    put_in(tmp_path, [page(tmp_path, "井.txt", "老井在桂花巷，井深十七米。")])
    assert (tmp_path / "uploads").stat().st_mode & 0o077 == 0
    uploads.forget(tmp_path, VISITOR)
    assert uploads.own_collection(tmp_path, VISITOR, load_encoder("hashing")) is None
