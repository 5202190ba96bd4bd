"""Choosing the model that answers, in a real Chromium: models of a script, and a hub on loopback to get them from."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_test
from fake_hub import FakeHub, model_files
from test_qa_web import ARTICLES, WATCH, ask, asked, opened, settings

from corpus.errors import ModelError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answerer import Answerer
from qa.language_models.language_model import Message
from qa.library.indexes import sample_collection
from qa.settings import Settings
from qa.web import model_choice, serving
from qa.web.addresses import is_this_machine
from qa.web.models_tab import ModelsTab
from qa.web.texts import CHINESE
from qa.writing.generative_writer import GenerativeWriter
from qa.writing.writer import QuotingWriter, Writer, load_writer

TINY = Path(__file__).parent / "tiny_qwen3"
GOT = "qwen3-0.6b"
ASKED = "东河大桥多长？"


class Pen:
    """A language model that writes `text`, and waits before it until it may go on."""

    room, parameters = 1500, 0

    def __init__(self, name: str, text: str = "桥长八百二十米。[1]", *, hold: bool = False) -> None:
        self.name, self.text = name, text
        self.begun, self.closed, self.go_on = threading.Event(), threading.Event(), threading.Event()
        if not hold:
            self.go_on.set()

    def count(self, text: str) -> int:
        return len(text)

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        self.begun.set()
        try:
            while not self.go_on.wait(0.05):
                yield ""
            yield from self.text
        finally:
            self.closed.set()


class Shelf:
    """What is loaded under which name: a writer, or why there is none. Loading waits while `held`."""

    def __init__(self) -> None:
        self.pens: dict[str, Pen] = {}
        self.free = threading.Event()
        self.free.set()
        self.asked_for: list[str] = []

    def load(self, wanted: Settings) -> Writer:
        if wanted.model == "wenju":
            return load_writer(wanted)
        self.asked_for.append(wanted.model)
        assert self.free.wait(60)
        if wanted.model not in self.pens:
            raise ModelError(f"{wanted.model} 的权重读不了。", f"The weights of {wanted.model} cannot be read.")
        return GenerativeWriter(self.pens[wanted.model])

    def put(self, home: Path, pen: Pen) -> Pen:
        """Have `pen` on the machine."""
        self.pens[f"some/{pen.name}"] = pen
        folder = home / "models" / "some" / pen.name
        folder.mkdir(parents=True)
        for name, content in model_files(10).items():
            (folder / name).write_bytes(content)
        return pen


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with Collection.build(tmp_path_factory.mktemp("web") / "c", ARTICLES, encoder=load_encoder("hashing")) as built:
        yield built


@pytest.fixture(autouse=True)
def no_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Models that other programs have fetched are none of these tests' business, nor is any real hub."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "scope"))
    for variable in ("HF_ENDPOINT", "MODELSCOPE_DOMAIN"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(model_choice, "load_writer", shelf.load)
    return shelf


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    served = FakeHub(model_files())
    monkeypatch.setenv("HF_ENDPOINT", served.address)
    yield served
    served.close()


Visit = Callable[[], Any]


@pytest.fixture
def visit(chromium: Any, collection: Collection, tmp_path: Path) -> Iterator[Visit]:
    """Opens the page over a few articles, each time as another visitor, at its list of models."""
    with _served(chromium, collection, settings(tmp_path)) as visit:
        yield visit


@contextmanager
def _served(chromium: Any, collection: Collection, wanted: Settings) -> Iterator[Visit]:
    answerer = Answerer(collection, settings=wanted, writer=QuotingWriter())
    blocks = serving.serve(answerer, port=None, settings=wanted, wait=False)
    with ExitStack() as visitors:

        def visit() -> Any:
            page = visitors.enter_context(opened(chromium, blocks.local_url))
            page.click(".chip")
            page.wait_for_selector("#models .chosen", state="visible")
            return page

        yield visit
    blocks.close()


def chip(page: Any) -> str:
    return str(page.inner_text(".chip b"))


def choose(page: Any, name: str) -> None:
    page.click("#models-tab-button")
    page.click(f"[data-model='{name}']")


def chosen(page: Any, name: str, called: str = "") -> None:
    """Choose a model and wait until it is the one that answers."""
    choose(page, name)
    page.wait_for_function("called => document.querySelector('.chip b').innerText === called", arg=called or name)


def foot(turn: Any) -> str:
    return str(turn.locator(".foot").inner_text())


@browser_test
@pytest.mark.browser
def test_a_model_on_this_machine_answers_once_it_is_loaded(visit: Visit, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(tmp_path, Pen("quill"))
    page = visit()
    assert chip(page) == CHINESE.embedded_model
    assert CHINESE.embedded_model in page.inner_text("#models .chosen")

    shelf.free.clear()
    choose(page, "some/quill")
    page.wait_for_function("document.querySelector('#model-state').innerText.includes('正在装入 some/quill')")
    assert CHINESE.embedded_model in foot(asked(page, ASKED))
    shelf.free.set()
    page.wait_for_function("document.querySelector('.chip b').innerText === 'quill'")
    assert page.locator("#model-state .told").text_content() == "现在由 quill 回答。"

    turn = asked(page, ASKED)
    assert turn.locator(".answer").inner_text() == "桥长八百二十米。[1]"
    assert turn.locator("a.mark").count() == 1
    assert "quill · " in foot(turn)
    chosen(page, "wenju", CHINESE.embedded_model)
    assert CHINESE.embedded_model in foot(asked(page, ASKED))
    assert shelf.asked_for == ["some/quill"] * 2  # when it was chosen, and for the question


@browser_test
@pytest.mark.browser
def test_a_download_says_its_size_can_be_stopped_and_goes_on(visit: Visit, shelf: Shelf, hub: FakeHub) -> None:
    shelf.pens[GOT] = Pen(GOT)
    size = sum(map(len, model_files().values()))
    hub.seconds = 0.05
    page = visit()
    choose(page, GOT)
    assert f"{size:,} 字节" in page.wait_for_selector("#model-state .offer").inner_text()
    assert not any(path.startswith("/cdn") for path, _ in hub.requests)
    page.click("#model-agree")
    page.wait_for_function("document.querySelector('#model-state progress')?.value > 20000")
    assert page.inner_text(f"[data-model='{GOT}']") == CHINESE.models.downloading
    page.click("#model-leave")
    assert "接着来" in page.wait_for_selector("#model-state .notice").inner_text()
    assert chip(page) == CHINESE.embedded_model

    hub.seconds = 0
    choose(page, GOT)
    told = page.wait_for_selector("#model-state .offer").inner_text()
    assert f"{size:,} 字节" not in told
    page.click("#model-agree")
    page.wait_for_function("name => document.querySelector('.chip b').innerText === name", arg=GOT)
    first, *_ = (name for name in model_files() if name.endswith("1-of-00002.safetensors"))
    assert hub.ranges_of(first)[-1] != ""
    assert "占磁盘" in page.inner_text("#models .chosen")
    assert GOT in foot(asked(page, ASKED))


@browser_test
@pytest.mark.browser
def test_two_visitors_wait_for_one_download(visit: Visit, shelf: Shelf, hub: FakeHub) -> None:
    shelf.pens[GOT] = Pen(GOT)
    hub.seconds = 0.5
    pages = [visit(), visit()]
    for page in pages:
        choose(page, GOT)
    for page in pages:
        page.wait_for_selector("#model-agree").click()
    late = visit()
    assert late.inner_text(f"[data-model='{GOT}']") == CHINESE.models.downloading
    choose(late, GOT)
    late.wait_for_selector("#model-state progress")
    hub.seconds = 0
    for page in (*pages, late):
        page.wait_for_function("name => document.querySelector('.chip b').innerText === name", arg=GOT)
    weights = [path for path, _ in hub.requests if path.startswith("/cdn/") and path.endswith(".safetensors")]
    assert len(weights) == 2


@browser_test
@pytest.mark.browser
def test_what_goes_wrong_is_told_and_the_model_before_it_stays(visit: Visit, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(tmp_path, Pen("quill"))
    shelf.put(tmp_path, Pen("broken"))
    del shelf.pens["some/broken"]
    page = visit()
    chosen(page, "some/quill", "quill")
    choose(page, "some/broken")
    notice = page.wait_for_selector("#model-state .notice")
    assert notice.inner_text() == "some/broken 的权重读不了。"
    choose(page, GOT)
    page.wait_for_function("document.querySelector('#model-state').innerText.includes('连不上')")
    assert not page.is_visible("#model-agree")
    assert chip(page) == "quill"
    assert "quill" in foot(asked(page, ASKED))

    del shelf.pens["some/quill"]
    failed = asked(page, ASKED)
    assert "some/quill 的权重读不了。" in failed.locator(".failure").inner_text()
    chosen(page, "wenju", CHINESE.embedded_model)
    assert CHINESE.embedded_model in foot(asked(page, ASKED))


@browser_test
@pytest.mark.browser
def test_who_waits_for_a_slow_model_is_told_and_can_stop_it(visit: Visit, shelf: Shelf, tmp_path: Path) -> None:
    pen = shelf.put(tmp_path, Pen("slow", hold=True))
    page = visit()
    chosen(page, "some/slow", "slow")
    ask(page, ASKED)
    page.wait_for_function(
        "/已找到 \\d 段，正在写回答.*\\d 秒/.test(document.querySelector('#now .waiting')?.innerText)"
    )
    # The embedded evidence is there while the model writes.
    assert "东河大桥于2019年5月通车" in page.inner_text("#now")
    assert not pen.closed.is_set()
    page.click("#stop")
    assert pen.closed.wait(20)
    page.wait_for_selector("#now .stopped")
    pen.go_on.set()
    assert asked(page, "东河大桥有多长？").locator(".answer").inner_text() == "桥长八百二十米。[1]"


@browser_test
@pytest.mark.browser
def test_two_visitors_are_answered_by_different_models_at_once(visit: Visit, shelf: Shelf, tmp_path: Path) -> None:
    pens = [shelf.put(tmp_path, Pen(name, hold=True)) for name in ("reed", "brush")]
    pages = [visit(), visit()]
    for page, pen in zip(pages, pens, strict=True):
        chosen(page, f"some/{pen.name}", pen.name)
        ask(page, ASKED)
    assert all(pen.begun.wait(20) for pen in pens)
    for pen in pens:
        pen.go_on.set()
    for page, pen in zip(pages, pens, strict=True):
        page.wait_for_selector("#now .turn[aria-busy=false]")
        assert pen.name in foot(page.locator("#now .turn"))


@browser_test
@pytest.mark.browser
def test_a_visitors_own_articles_are_answered_by_the_chosen_model(visit: Visit, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(tmp_path, Pen("quill", "井深十七米。"))
    (tmp_path / "井.txt").write_text("桂花巷的老井\n\n桂花巷有一口老井，井深十七米，开凿于1893年。", encoding="utf-8")
    page = visit()
    chosen(page, "some/quill", "quill")
    page.set_input_files("#files input", [tmp_path / "井.txt"])
    page.wait_for_selector("#progress .taken", state="attached")
    turn = asked(page, "桂花巷的老井有多深？")
    assert turn.locator(".answer").inner_text() == "井深十七米。[1]"
    assert "quill" in foot(turn)


@pytest.mark.slow
def test_visitors_on_other_machines_start_no_download(
    collection: Collection, shelf: Shelf, hub: FakeHub, tmp_path: Path
) -> None:
    answerer = Answerer(collection, settings=settings(tmp_path), writer=QuotingWriter())
    blocks = serving.build_page(answerer, settings=settings(tmp_path))
    drawn = json.dumps(blocks.get_config_file(), ensure_ascii=False, default=str)
    assert f"wenju models get {GOT}" in drawn
    assert "data-model" not in drawn
    tab = next(
        function.fn.__self__
        for function in blocks.fns.values()
        if function.name == "choose" and isinstance(function.fn.__self__, ModelsTab)
    )
    for name in (GOT, str(tmp_path), "some/other"):
        pick = tab.choose(name, None)[tab.pick]
        assert pick.failed
        assert pick.task is None
    assert hub.requests == []
    assert [is_this_machine(host) for host in ("127.0.0.1", "localhost", "::1")] == [True] * 3
    assert not any(is_this_machine(host) for host in ("0.0.0.0", "", "::", "192.168.1.5", "example.org"))


@browser_test
@pytest.mark.browser
def test_a_real_language_model_answers_the_samples_with_evidence(
    chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is played here: a small model that is loaded, read from, cited and checked; too small for facts otherwise."""
    monkeypatch.setattr("qa.writing.generative_writer.FACTS_FROM", 0)
    (tmp_path / "models" / "test").mkdir(parents=True)
    (tmp_path / "models" / "test" / "tiny").symlink_to(TINY, target_is_directory=True)
    with (
        sample_collection(Settings(home=tmp_path)) as samples,
        _served(chromium, samples, Settings(home=tmp_path)) as visit,
    ):
        page = visit()
        chosen(page, "test/tiny")
        page.evaluate(WATCH)
        turn = asked(page, "商都路街道到2021年年中有多少名党员？")
        assert len(page.evaluate("window.seen")) >= 3
        assert "2584名" in turn.locator(".answer").inner_text()
        assert "test/tiny · " in foot(turn)
        page.click("#now a.mark")
        assert "2584名" in page.wait_for_selector("#card-1-1.lit").query_selector("blockquote mark").inner_text()
