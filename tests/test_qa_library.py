"""Collections that go with files: made once, brought up to date, shared by processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import CollectionBusy, CollectionNotFound, InputError, ReadError
from corpus.reading.folders import read_files
from embeddings.collections import publishing
from embeddings.collections.collection import Collection
from qa.library import file_records, indexes, updating
from qa.settings import Settings

TEXTS = {
    "水库.txt": "青石水库今年除险加固\n青石水库位于西岭镇，库容一千二百万立方米。三月开始的除险加固预计十月完工。",
    "书屋.txt": "新桥村农家书屋开放\n新桥村的农家书屋有藏书三千册，每天开放八个小时。管理员由村里的退休教师担任。",
    "下级/果园.txt": "南坡果园丰收\n南坡果园种了四百亩黄桃，今年亩产两千斤。收购价比去年每斤高出三角钱。",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", encoder="hashing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        put(tmp_path / "articles" / name, text)
    return tmp_path / "articles"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ids(collection: Collection) -> set[str]:
    return {summary.id for summary in collection.articles()}


@contextmanager
def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every file that a reader opens is an error."""

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read again")

    with monkeypatch.context() as patch:
        patch.setattr("corpus.reading.folders._result", refuse)
        yield


def test_all_files_below_a_folder_are_found_and_their_words_searched(folder: Path, settings: Settings) -> None:
    collection = indexes.collection_for(folder, settings)
    assert ids(collection) == set(TEXTS)
    assert collection.search("黄桃亩产多少")[0].passage.article_id == "下级/果园.txt"
    assert collection.path.is_relative_to(settings.home)


def test_unchanged_files_are_not_read_again(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = indexes.index(folder, settings=settings)
    with nothing_is_read(monkeypatch):
        second = indexes.index(str(folder), settings=settings)
    assert (first.read, second.read) == (3, 0)
    assert second.folder == first.folder
    assert second.collection.manifest == first.collection.manifest
    assert [record.path for record in second.files] == [record.path for record in first.files]


def test_what_is_new_changed_or_gone_is_brought_up_to_date(folder: Path, settings: Settings) -> None:
    indexes.collection_for(folder, settings)
    put(folder / "水库.txt", TEXTS["水库.txt"].replace("十月", "十一月"))
    put(folder / "集市.txt", "东门集市搬迁\n东门集市五月搬到了河西，摊位增加到二百六十个。")
    (folder / "书屋.txt").unlink()
    indexed = indexes.index(folder, settings=settings)
    assert indexed.read == 2
    assert indexed.change.added == ("集市.txt",)
    assert indexed.change.updated == ("水库.txt",)
    assert indexed.change.removed == ("书屋.txt",)
    assert ids(indexed.collection) == {"水库.txt", "集市.txt", "下级/果园.txt"}
    assert "十一月" in indexed.collection.article("水库.txt").text


def test_a_row_that_leaves_its_file_leaves_the_collection(tmp_path: Path, settings: Settings) -> None:
    rows = [f'{{"title": "第{n}篇", "text": "这里写的是第{n}件事情，一共有{n}个人参加了活动。"}}' for n in range(1, 4)]
    path = put(tmp_path / "rows.jsonl", "\n".join(rows))
    before = ids(indexes.collection_for(path, settings))
    put(path, "\n".join(rows[:2]))
    after = ids(indexes.collection_for(path, settings))
    assert len(before) == 3
    assert len(after) == 2
    assert after < before


def test_a_file_that_cannot_be_read_is_reported_and_not_tried_again(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder / "坏.pdf", "这不是PDF")
    first = indexes.index(folder, settings=settings)
    with nothing_is_read(monkeypatch):
        second = indexes.index(folder, settings=settings)
    for indexed in (first, second):
        assert [record.path.name for record in indexed.problems] == ["坏.pdf"]
        assert ids(indexed.collection) == set(TEXTS)
    assert str(second.problems[0].problem) == str(first.problems[0].problem)


def test_collection_for_warns_of_files_that_cannot_be_read(folder: Path, settings: Settings) -> None:
    put(folder / "坏.pdf", "这不是PDF")
    with pytest.warns(UserWarning, match=r"坏\.pdf"):
        indexes.collection_for(folder, settings)


def test_a_file_that_became_unreadable_takes_its_articles_along(folder: Path, settings: Settings) -> None:
    put(folder / "c.jsonl", '{"title": "渡口", "text": "渡口每天有六班船，末班船晚上七点半开。"}')
    indexes.collection_for(folder, settings)
    put(folder / "c.jsonl", '{"title": ')
    indexed = indexes.index(folder, settings=settings)
    assert ids(indexed.collection) == set(TEXTS)
    assert len(indexed.problems) == 1


def test_an_index_is_not_put_among_its_articles(folder: Path, settings: Settings) -> None:
    with pytest.raises(InputError, match="--to"):
        indexes.index(folder, to=folder, settings=settings)
    with pytest.raises(InputError, match="--to"):
        indexes.index([folder], to=folder / ".." / folder.name, settings=settings)


def test_nothing_to_read_is_an_error_that_says_why(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ReadError, match="没有"):
        indexes.collection_for(tmp_path / "nowhere", settings)
    bad = put(tmp_path / "empty" / "坏.pdf", "这不是PDF")
    with pytest.raises(ReadError) as caught:
        indexes.collection_for(bad.parent, settings)
    [result] = read_files(bad)
    assert str(result.problem) in str(caught.value)


def test_a_named_folder_grows_and_keeps_what_came_from_elsewhere(
    folder: Path, tmp_path: Path, settings: Settings
) -> None:
    other = put(tmp_path / "other" / "水库.txt", "红旗水库放水\n红旗水库四月二日开始放水，灌溉下游一万亩麦田。").parent
    target = tmp_path / "mine"
    indexes.index(folder, to=target, settings=settings)
    both = indexes.index(other, to=target, settings=settings).collection
    assert ids(both) == {*TEXTS, "水库.txt~2"}
    assert "除险加固" in both.article("水库.txt").text
    (folder / "书屋.txt").unlink()
    indexes.index(folder, to=target, settings=settings)
    assert ids(indexes.open_collection(target)) == {*TEXTS, "水库.txt~2"} - {"书屋.txt"}


def test_an_index_inside_its_own_articles_does_not_read_itself(folder: Path, settings: Settings) -> None:
    indexes.index(folder, to=folder / "index", settings=settings)
    indexed = indexes.index(folder, to=folder / "index", settings=settings)
    assert indexed.read == 0
    assert ids(indexed.collection) == set(TEXTS)


def test_several_paths_make_one_collection_in_whatever_order(folder: Path, settings: Settings) -> None:
    paths = [folder / "水库.txt", folder / "下级"]
    one = indexes.index(paths, settings=settings)
    two = indexes.index(paths[::-1], settings=settings)
    assert two.folder == one.folder
    assert two.read == 0
    assert indexes.index(folder, settings=settings).folder != one.folder


def test_other_reading_code_reads_everything_again(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes.collection_for(folder, settings)
    monkeypatch.setattr(file_records, "reading_code", lambda: "another")
    indexed = indexes.index(folder, settings=settings)
    assert indexed.read == 3
    assert set(indexed.change.unchanged) == set(TEXTS)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"code": 1, "files": {"a": 1}}'])
def test_damaged_records_cost_a_reading_and_nothing_else(folder: Path, settings: Settings, damage: str) -> None:
    first = indexes.index(folder, settings=settings)
    (first.folder / file_records.NAME).write_text(damage)
    second = indexes.index(folder, settings=settings)
    assert second.read == 3
    assert set(second.change.unchanged) == set(TEXTS)


def test_a_damaged_kept_collection_is_made_again(folder: Path, settings: Settings) -> None:
    first = indexes.index(folder, settings=settings)
    first.collection.close()
    for generation in (first.folder / "generations").iterdir():
        for file in generation.rglob("*"):
            if file.is_file():
                file.write_bytes(b"damaged")
    assert ids(indexes.collection_for(folder, settings)) == set(TEXTS)


def test_a_home_that_cannot_be_written_to_gives_a_temporary_index(folder: Path, tmp_path: Path) -> None:
    # Not by mode bits: those do not bind root, whom containers run as.
    settings = Settings(home=put(tmp_path / "file", "") / "home", encoder="hashing")
    with pytest.warns(UserWarning, match="WENJU_HOME"):
        collection = indexes.collection_for(folder, settings)
    assert ids(collection) == set(TEXTS)
    assert not collection.path.is_relative_to(tmp_path)


def test_a_place_that_cannot_be_written_to_is_named(folder: Path, tmp_path: Path, settings: Settings) -> None:
    target = put(tmp_path / "file", "") / "index"
    with pytest.raises(InputError, match=r"file/index"):
        indexes.index(folder, to=target, settings=settings)


def test_open_says_where_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(CollectionNotFound):
        indexes.open_collection(tmp_path)


def test_a_writer_that_does_not_end_is_not_waited_for_forever(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(indexes, "WAIT_SECONDS", 0.3)
    kept = indexes.index(folder, settings=settings)
    indexes.index(folder, to=tmp_path / "mine", settings=settings)
    put(folder / "集市.txt", "东门集市搬迁\n东门集市五月搬到了河西，摊位增加到二百六十个。")
    with publishing.writing(kept.folder), publishing.writing(tmp_path / "mine"):
        assert ids(indexes.collection_for(folder, settings)) == set(TEXTS)  # what was there before
        with pytest.raises(CollectionBusy):
            indexes.index(folder, to=tmp_path / "mine", settings=settings)
    assert ids(indexes.collection_for(folder, settings)) == {*TEXTS, "集市.txt"}


@pytest.mark.slow
def test_two_processes_at_once_both_get_the_whole_collection(folder: Path, settings: Settings) -> None:
    for number in range(60):
        put(folder / f"{number}.txt", f"第{number}号公告\n第{number}号公告说明了{number * 7}户居民的用水安排。")
    program = (
        "import sys; from pathlib import Path; from qa.library.indexes import collection_for; from qa.settings import Settings;"
        "print(len(collection_for(sys.argv[1], Settings(home=Path(sys.argv[2]), encoder='hashing'))))"
    )
    command = [sys.executable, "-c", program, str(folder), str(settings.home)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=120)[0].strip() for process in both] == ["63", "63"]


def test_progress_tells_bytes_and_ends_at_all_of_them(folder: Path, settings: Settings) -> None:
    steps: list[tuple[int, int]] = []
    indexes.index(
        folder,
        settings=settings,
        progress=lambda stage, done, total: steps.append((done, total)) if stage == "files" else None,
    )
    size = sum(len(text.encode()) for text in TEXTS.values())
    assert steps == sorted(steps)
    assert steps[-1] == (size, size)


def test_a_process_killed_before_its_records_were_kept_loses_nothing(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes.collection_for(folder, settings)
    put(folder / "水库.txt", TEXTS["水库.txt"] + "总投资三千万元。")
    (folder / "书屋.txt").unlink()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(updating, "save_records", die)
        with pytest.raises(KeyboardInterrupt):
            indexes.index(folder, settings=settings)
    collection = indexes.collection_for(folder, settings)
    assert ids(collection) == {"水库.txt", "下级/果园.txt"}
    assert "三千万元" in collection.article("水库.txt").text


def test_the_state_of_files_changes_with_any_of_them(folder: Path) -> None:
    before = indexes.state_of(folder)
    assert indexes.state_of([str(folder)]) == before
    put(folder / "下级" / "果园.txt", "南坡果园今年歉收。")
    changed = indexes.state_of(folder)
    (folder / "书屋.txt").unlink()
    assert len({before, changed, indexes.state_of(folder)}) == 3


def test_a_file_given_other_rights_counts_as_changed(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", "甲")
    before = file_records.stamp_of(path)
    time.sleep(0.02)
    path.chmod(0o600)
    os.utime(path, ns=(before[1], before[1]))
    assert file_records.stamp_of(path) != before


def test_the_samples_are_read_once_and_offered_with_questions(sample: Collection) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = indexes.sample_collection()
    assert again.manifest == sample.manifest
    assert len(sample) >= 20
    questions = indexes.sample_questions()
    assert len(set(questions)) == indexes.OFFERED
