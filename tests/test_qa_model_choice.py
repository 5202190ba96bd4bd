"""What visitors may choose from, work that is shared and looked at while it goes on, and how all that is drawn."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_hub import model_files
from hypothesis import given
from test_qa_html import NASTY, OURS, SAFE, Read

from corpus.errors import ModelError
from qa.language_models.catalogue import RECOMMENDED
from qa.language_models.downloads import model_download
from qa.settings import Settings
from qa.web import model_choice
from qa.web.html_models import (
    Choice,
    amount,
    draw_chip,
    draw_getting,
    draw_models,
    draw_offer,
    draw_wait,
    duration,
)
from qa.web.model_choice import SERVER, Models, Offered, Sized, Step, Task
from qa.web.texts import CHINESE, ENGLISH
from qa.writing.writer import QuotingWriter


class Named(QuotingWriter):
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture(autouse=True)
def no_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "scope"))


def put(home: Path, name: str) -> None:
    (home / "models" / name).mkdir(parents=True)
    for file, content in model_files(10).items():
        (home / "models" / name / file).write_bytes(content)


def done(task: Task[Any]) -> Any:
    """The result of `task`, waited for."""
    ended = threading.Event()
    task._future.add_done_callback(lambda _: ended.set())
    assert ended.wait(20)
    return task.result()


def test_what_is_here_comes_first_and_is_not_recommended_again(tmp_path: Path) -> None:
    put(tmp_path, "Qwen/Qwen3-0.6B")
    put(tmp_path, "some/model")
    models = Models(Settings(home=tmp_path, server="http://h/v1"), Named("wenju"), local=True)
    here = [model.name for model in models.offered() if model.here]
    away = [model.name for model in models.offered() if not model.here]
    assert here == ["wenju", SERVER, "qwen3-0.6b", "some/model"]
    assert away == [model.alias for model in RECOMMENDED if model.alias != "qwen3-0.6b"]
    sizes = {model.name: model.size for model in models.offered()}
    assert sizes["some/model"] == sum(map(len, model_files(10).values()))
    assert sizes["wenju"] == 0


def test_what_other_programs_fetched_is_offered_on_a_local_page_only(tmp_path: Path) -> None:
    put(tmp_path, "some/model")
    cached = tmp_path / "hub" / "models--other--cached" / "snapshots" / "main"
    cached.mkdir(parents=True)
    for file, content in model_files(10).items():
        (cached / file).write_bytes(content)
    for local, here in ((True, ["wenju", "some/model", "other/cached"]), (False, ["wenju", "some/model"])):
        models = Models(Settings(home=tmp_path), Named("wenju"), local=local)
        assert [model.name for model in models.offered() if model.here] == here


def test_the_model_of_the_beginning_is_offered_wherever_it_came_from(tmp_path: Path) -> None:
    start = Named("folder")
    models = Models(Settings(home=tmp_path), start, local=True)
    assert [model.name for model in models.offered() if model.here] == ["wenju", "folder"]
    assert models.writer("folder") is start
    assert models.is_at_once("folder")
    behind = Models(Settings(home=tmp_path, server="http://h/v1"), start, local=True)
    assert [model.name for model in behind.offered() if model.here] == ["wenju", SERVER]
    assert behind.start_name == SERVER


def test_a_model_here_is_run_here_though_there_is_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[tuple[str, str]] = []

    def load(settings: Settings) -> Named:
        wanted.append((settings.model, settings.server))
        return Named(settings.model)

    monkeypatch.setattr(model_choice, "load_writer", load)
    settings = Settings(home=tmp_path, server="http://h/v1", model="wenju")
    models = Models(settings, Named("wenju"), local=True)
    assert done(models.load("some/model")) == "some/model"
    assert done(models.load(SERVER)) == "auto"
    assert models.writer(SERVER) is models.writer(SERVER)
    assert wanted == [("some/model", ""), ("auto", "http://h/v1")]
    named = Models(replace(settings, model="big"), Named("wenju"), local=True)
    assert named.writer(SERVER).name == "big"


def test_the_same_work_is_done_once_and_its_failure_reaches_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, calls = threading.Event(), []

    def get(name: str, home: Path, *, stop: threading.Event, **_: object) -> Path:
        calls.append(name)
        assert goes_on.wait(20)
        raise ModelError("停下了。" if stop.is_set() else "没有。", "x")

    monkeypatch.setattr(model_download, "get", get)
    models = Models(Settings(home=tmp_path), Named("wenju"), local=True)
    one, other, another = models.get("a/b", "hub"), models.get("a/b", "hub"), models.get("a/c", "hub")
    assert one is other
    assert one is not another
    assert set(models.getting()) == {"a/b", "a/c"}
    one.stop.set()
    goes_on.set()
    for task, told in ((one, "停下了。"), (another, "没有。")):
        with pytest.raises(ModelError, match=told):
            done(task)
    assert models.getting() == {}
    assert models.get("a/b", "hub") is not one
    assert sorted(calls[:2]) == ["a/b", "a/c"]


def test_the_size_is_asked_of_modelscope_where_the_hub_is_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def size_of(name: str, home: Path, source: str = "") -> int:
        if name == "a/nowhere" or not source:
            raise ModelError(f"连不上 {source or 'hub'}。", "x")
        return 7

    monkeypatch.setattr(model_download, "size_of", size_of)
    models = Models(Settings(home=tmp_path), Named("wenju"), local=True)
    assert done(models.size("a/b")) == Sized(7, "modelscope")
    with pytest.raises(ModelError, match="连不上 hub"):
        done(models.size("a/nowhere"))


def test_the_rate_is_that_of_the_last_seconds_of_one_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waiting = [100.0], threading.Event()
    monkeypatch.setattr(model_choice.time, "monotonic", lambda: now[0])
    task: Task[bool] = Task(lambda _: waiting.wait(20))
    assert task.step == Step()
    task.tell("checking", 0, 900)
    for second in range(60):
        now[0] = 101.0 + second
        task.tell("downloading", 100 + (10 if second < 30 else 1000) * second, 90_000)
    assert task.step == Step("downloading", 59_100, 90_000, 1000.0)
    assert task.seconds == 60
    for _ in range(50):
        now[0] += 0.001
        task.tell("downloading", 60_000, 90_000)
    assert len(task._steps) == 25
    assert task.step.rate > 900
    waiting.set()
    assert done(task) is True


def test_the_list_says_what_can_be_done_with_each() -> None:
    small, large = RECOMMENDED[0], RECOMMENDED[-1]
    models = [
        Offered("wenju", True),
        Offered("some/model", True, 1_300_000_000),
        Offered(small.alias, False, small.size, small),
        Offered(large.alias, False, large.size, large),
    ]
    drawn = Read(draw_models(models, Choice("some/model", may_get=True), CHINESE))
    assert drawn.within["chosen"] == ["some/model占磁盘 1.3 GB使用中"]
    assert drawn.within["act"] == [CHINESE.models.use_model, CHINESE.models.get_model, CHINESE.models.get_model]
    assert [value for value in drawn.values if value == large.alias] == [large.alias]
    assert large.alias in drawn.within["details"][0]
    assert small.alias not in drawn.within["details"][0]
    assert f"下载约 {amount(small.size)[:3]}" in drawn.text
    getting_it = Read(draw_models(models, Choice("wenju", {large.alias}, may_get=True), ENGLISH))
    assert getting_it.within["act"] == ["Use", "Download", "Downloading"]
    assert "open" in getting_it.attributes
    elsewhere = Read(draw_models(models, Choice("wenju"), CHINESE))
    assert elsewhere.within["act"] == [CHINESE.models.use_model]
    assert elsewhere.within["code"] == [f"wenju models get {name.alias}" for name in (small, large)]


def test_a_download_is_told_in_figures_for_people() -> None:
    read = Read(draw_getting("m", Step("downloading", 1_000_000_000, 4_000_000_000, 2_500_000.0), CHINESE))
    assert read.text == "正在下载 m1.00 GB / 4.00 GB · 每秒 2.5 MB · 还需约 20 分钟"
    assert Read(draw_getting("m", Step(), CHINESE)).text == "准备下载 m"
    assert "4,000,000,001 bytes" in draw_offer("m", Sized(4_000_000_001, "hub"), ENGLISH)
    assert [amount(size) for size in (0, 7_300, 250_000, 31_200_000, 4_063_521_890)] == [
        *("0 KB", "7 KB", "0.2 MB", "31 MB", "4.06 GB"),
    ]
    assert [duration(seconds, CHINESE) for seconds in (0.2, 119, 150)] == [
        *("还需约 1 秒", "还需约 119 秒", "还需约 2 分钟"),
    ]


@given(NASTY, NASTY)
def test_no_name_becomes_anything_but_text(one: str, two: str) -> None:
    models = [Offered(one, True, 5), Offered(two, False, 6)]
    html = [
        draw_models(models, Choice(one, server=two, may_get=True), CHINESE),
        draw_models(models, Choice("", {one}), ENGLISH),
        draw_chip(one, CHINESE) + draw_offer(one, Sized(1, "hub"), CHINESE),
        draw_getting(two, Step(one, 1, 2, 3.0), CHINESE) + draw_wait(two, 1.0, CHINESE),
    ]
    for drawn in html:
        read = Read(drawn)
        assert set(read.tags) <= OURS | {"code"}
        assert read.attributes <= SAFE | {"data-model", "data-tab", "aria-current", "open"}
        assert read.open == []
