"""The articles side of the page in a real Chromium: files and folders, the list, limits of a question, evaluation."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import browser_test

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answerer import Answerer
from qa.settings import Settings
from qa.web import serving
from qa.web.users import Users

pytestmark = pytest.mark.slow
TODAY = date.today()
LAST_YEAR = TODAY.year - 1
ARTICLES = [
    Article("bridge", "东河大桥通车", "东河大桥桥长八百二十米，造价三亿元。", "bridge.txt", f"{LAST_YEAR}-08-02"),
    Article("well", "桂花巷的老井", "桂花巷的老井井深十七米，开凿于1893年。", "well.txt", "2019-05-02"),
    Article("hostile", "<b>柠檬</b>树", "柠檬树高四米。<img src=x onerror='window.harmed=1'>", "lemon<i>.txt", ""),
]


@contextmanager
def served(home: Path, **options: Any) -> Iterator[Any]:
    settings = Settings(home=home, encoder="hashing", model="wenju")
    with Collection.build(home / "c", ARTICLES, encoder=load_encoder("hashing")) as collection:
        blocks = serving.serve(
            Answerer(collection, settings=settings), port=None, settings=settings, wait=False, **options
        )
        try:
            yield blocks
        finally:
            blocks.close(verbose=False)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home")) as blocks:
        yield blocks.local_url


@contextmanager
def opened(chromium: Any, address: str) -> Iterator[Any]:
    """The page with its articles open, in a browser of its own; nothing goes wrong in it or leaves this machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(60_000)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None,
    )
    page.goto(address)
    page.wait_for_selector("#catalogue h3", state="attached")
    page.click("#top [data-tab=articles]")
    page.wait_for_selector("#catalogue .title >> nth=0")  # the drawer takes a moment to open
    yield page
    assert wrong == []
    context.close()


def asked(page: Any, question: str) -> Any:
    page.keyboard.press("Escape")
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.wait_for_function("q => document.querySelector('#now .asked')?.innerText === q", arg=question)
    return page.wait_for_selector("#now .turn[aria-busy=false]")


@browser_test
@pytest.mark.browser
def test_files_and_folders_are_put_in_listed_asked_and_taken_out(chromium: Any, address: str, tmp_path: Path) -> None:
    folder = tmp_path / "资料" / "2021"
    folder.mkdir(parents=True)
    (folder / "桥.txt").write_text("石桥\n\n石桥在柳荫街，桥长八米。", encoding="utf-8")
    (tmp_path / "塔.txt").write_text("古塔\n\n古塔高四十二米，有七层。", encoding="utf-8")
    (tmp_path / "坏.pdf").write_text("x", encoding="utf-8")
    with opened(chromium, address) as page:
        page.set_input_files("#files input >> nth=0", [tmp_path / "塔.txt", tmp_path / "坏.pdf"])
        page.wait_for_selector("#progress .taken")
        assert page.locator("#progress li .wrong").count() == 1
        page.set_input_files("#files input >> nth=1", tmp_path / "资料")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText === '2'")
        assert "资料/2021/桥.txt" in page.inner_text("#catalogue")
        page.fill("#browse [name=query]", "2021")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText === '1 / 2'")
        page.check("#catalogue [data-tick]")
        page.wait_for_selector(".limit")
        page.on("dialog", lambda dialog: dialog.accept())
        page.click("#catalogue [data-shelf=remove]")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText.includes('/ 1')")
        assert "四十二米" in asked(page, "古塔高多少米？").inner_text()
        page.reload()
        page.wait_for_selector("#choice label >> nth=1")
        with opened(chromium, address) as other:
            assert other.locator("#choice label").count() == 1


@browser_test
@pytest.mark.browser
def test_named_collections_are_made_filled_asked_and_remembered(chromium: Any, address: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "资料.zip", "w") as archive:
        archive.writestr("井.txt", "老井\n\n老井在桂花巷，井深十七米。")
        archive.writestr("坏.pdf", "x")
    (tmp_path / "塔.txt").write_text("古塔\n\n古塔高四十二米，有七层。", encoding="utf-8")
    with opened(chromium, address) as page:
        page.fill(".begin-group [name=name]", "水利")
        page.press(".begin-group [name=name]", "Enter")
        page.wait_for_selector("#groups [data-group=水利]:checked")
        page.set_input_files("#files input >> nth=0", tmp_path / "资料.zip")
        page.wait_for_selector("#progress .ready")
        assert page.locator("#progress li b").all_inner_texts() == ["资料.zip/坏.pdf", "资料.zip/井.txt"]
        assert page.locator("#progress li .wrong").count() == 1
        page.fill(".begin-group [name=name]", "古建")
        page.press(".begin-group [name=name]", "Enter")
        page.wait_for_selector("#groups [data-group=古建]:checked")
        page.set_input_files("#files input >> nth=0", tmp_path / "塔.txt")
        page.wait_for_selector("#progress b >> text=塔.txt")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText === '1'")
        assert page.inner_text("#catalogue .limit").startswith("只问文集：古建")
        turn = asked(page, "古塔高多少米？")
        assert "四十二米" in turn.inner_text()
        assert "文集 古建（1 篇）" in turn.query_selector(".foot").inner_text()
        assert "十七米" not in asked(page, "老井井深多少米？").inner_text()
        page.reload()
        page.wait_for_selector("#groups [data-group=古建]:checked", state="attached")
        page.click("#top [data-tab=articles]")
        page.check("#groups [data-group=水利]")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText === '2'")
        assert "十七米" in asked(page, "老井井深多少米？").inner_text()
        page.click("#top [data-tab=articles]")
        page.check("#groups [data-shared]")
        page.wait_for_function("document.querySelector('#catalogue .count').innerText === '5'")
        turn = asked(page, "东河大桥桥长多少米？")
        assert "八百二十米" in turn.inner_text()
        assert "文集 古建、水利和文章（5 篇）" in turn.query_selector(".foot").inner_text()
        page.reload()
        page.wait_for_selector("#groups [data-shared]:checked", state="attached")
        page.click("#top [data-tab=articles]")
        page.on("dialog", lambda dialog: dialog.accept("水"))
        page.click("#groups [data-of=水利][data-shelf=rename-group]")
        page.wait_for_selector("#groups [data-group=水]:checked")
        page.click("#groups [data-of=水][data-shelf=remove-group]")
        page.wait_for_function("document.querySelector('#choice').innerText.includes('我的文章 1 篇')")


@browser_test
@pytest.mark.browser
def test_questions_are_limited_by_ticks_and_dates_and_never_fall_back(chromium: Any, address: str) -> None:
    with opened(chromium, address) as page:
        assert page.evaluate("window.harmed") is None
        assert "<b>柠檬</b>树" in page.inner_text("#catalogue")
        page.check("#catalogue [data-tick=bridge]")
        page.wait_for_selector("#catalogue .limit")
        assert "十七米" not in asked(page, "桂花巷的老井井深多少米？").inner_text()
        page.click("#top [data-tab=articles]")
        page.click("#catalogue .limit button")
        page.wait_for_selector("#catalogue .limit", state="detached")
        turn = asked(page, "去年下半年通车的东河大桥桥长多少米？")
        assert "八百二十米" in turn.inner_text()
        assert f"{LAST_YEAR}-07-01" in turn.query_selector(".limit").inner_text()
        empty = asked(page, "昨天桂花巷的老井井深多少米？")
        assert "没有文章" in empty.query_selector(".refusal").inner_text()
        page.wait_for_selector("#next .suggested [data-question]")
        empty.query_selector(".limit button").click()
        page.wait_for_function(
            "!document.querySelector('#now .limit') && document.querySelector('#now .answer')?.innerText.includes('十七米')"
        )


@browser_test
@pytest.mark.browser
def test_a_question_set_is_evaluated_and_its_report_is_the_visitors_own(
    chromium: Any, address: str, tmp_path: Path
) -> None:
    rows = [
        {"question": "东河大桥桥长多少米？", "answers": ["八百二十米"]},
        {"question": "火星上有几座桥？", "answerable": False},
    ]
    path = tmp_path / "题目.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with opened(chromium, address) as page:
        page.click("#evaluation-tab-button")
        page.set_input_files("#set input", path)
        link = page.wait_for_selector("#reports a").get_attribute("href")
        with page.context.expect_page() as opening:
            page.click("#reports a")
        assert "题目" in opening.value.title() + opening.value.inner_text("body")
    assert httpx.get(f"{address}{link}").status_code == 404


def test_the_page_as_it_is_served(tmp_path: Path) -> None:
    """What the guard's own tests cannot see: Gradio behind it."""
    Users(tmp_path).add("甲", "correct horse")
    with served(tmp_path, login=True) as blocks, httpx.Client(base_url=blocks.local_url, timeout=120) as client:
        assert client.get("config").status_code == 401
        assert client.post("login", data={"name": "甲", "password": "correct horse"}).status_code == 303
        page = client.get("", headers={"Origin": blocks.local_url.rstrip("/")})
        assert page.status_code == 200
        assert "gradio" in page.text
        assert not [name for name in page.headers if name.startswith("access-control-")]
        # No tab keeps a connection: with six of them a browser would open no seventh tab.
        assert client.get("config").json()["connect_heartbeat"] is False
        message = {"fn_index": 9999, "data": [], "session_hash": "a"}
        assert client.post("gradio_api/queue/join", json=message).status_code == 404
