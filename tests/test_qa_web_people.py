"""Several people at one page, in real browsers: logging in and out, what each sees, other sites, wide screens, exports."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import docx
import pytest
from browsing import CHROMIUM, QUIET, browser_test

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answerer import Answerer
from qa.settings import Settings
from qa.web import serving
from qa.web.users import Users

pytestmark = [pytest.mark.slow, pytest.mark.browser, browser_test]
PASSWORD = "correct horse"
ARTICLES = [
    Article("bridge", "东河大桥通车", "东河大桥桥长八百二十米，造价三亿元。", "东河日报", "2021-08-02"),
    Article("well", "桂花巷的老井", "桂花巷的老井井深十七米，开凿于1893年。", "桂花报", "2019-05-02"),
]


@contextmanager
def served(home: Path, **options: Any) -> Iterator[str]:
    settings = Settings(home=home, encoder="hashing", model="wenju")
    with Collection.build(home / "c", ARTICLES, encoder=load_encoder("hashing")) as collection:
        answerer = Answerer(collection, settings=settings)
        blocks = serving.serve(answerer, port=None, settings=settings, wait=False, samples=["桥长多少米？"], **options)
        try:
            yield blocks.local_url
        finally:
            blocks.close(verbose=False)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page for the users 甲 and 乙."""
    home = tmp_path_factory.mktemp("closed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.web.users._COST", 1 << 4)
        for name in ("甲", "乙"):
            Users(home).add(name, PASSWORD)
        with served(home, login=True) as address:
            yield address


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("open")) as address:
        yield address


@contextmanager
def browser(chromium: Any, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"} | options))
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def log_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.click("form button")


def ready(page: Any) -> None:
    page.wait_for_selector("#catalogue h3", state="attached")


def asked(page: Any, question: str) -> Any:
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.wait_for_function("q => document.querySelector('#now .asked')?.innerText === q", arg=question)
    return page.wait_for_selector("#now .turn[aria-busy=false]")


def talks(page: Any) -> list[str]:
    """The conversations that the page lists."""
    page.click("#top [data-dialog=talks]")
    page.wait_for_selector("#talks[open] .talks li")
    names: list[str] = page.locator("#talks .talks .name").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def test_only_a_right_password_opens_the_page_and_who_leaves_leaves_nothing(chromium: Any, closed: str) -> None:
    with browser(chromium) as page:
        page.goto(closed)
        assert page.url == f"{closed}login"
        log_in(page, "甲", "wrong password")
        assert "不对" in page.inner_text("[role=alert]")
        page.goto(closed)
        assert page.url == f"{closed}login"
        log_in(page, "甲")
        ready(page)
        assert "八百二十米" in asked(page, "东河大桥桥长多少米？").inner_text()
        page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('wenju-talk-'))")
        assert talks(page) == ["东河大桥桥长多少米？"]

        page.click("#top [data-dialog=settings]")
        page.click("#settings .log-out button")
        page.wait_for_url(f"{closed}login")
        log_in(page, "乙")
        ready(page)
        assert talks(page) == []
        page.click("#top [data-dialog=settings]")
        page.click("#settings .log-out button")
        page.wait_for_url(f"{closed}login")
        log_in(page, "甲")
        page.wait_for_selector("#past .turn")
        assert talks(page) == ["东河大桥桥长多少米？"]


def test_two_browsers_at_once_see_nothing_of_each_other(chromium: Any, closed: str, tmp_path: Path) -> None:
    (tmp_path / "塔.txt").write_text("古塔\n\n古塔高四十二米，有七层。", encoding="utf-8")
    with browser(chromium) as first, browser(chromium) as second:
        for page, name in ((first, "甲"), (second, "乙")):
            page.goto(closed)
            log_in(page, name)
            ready(page)
        first.click("#top [data-tab=articles]")
        first.set_input_files("#files input >> nth=0", tmp_path / "塔.txt")
        first.wait_for_selector("#progress .ready")
        first.keyboard.press("Escape")
        assert "四十二米" in asked(first, "古塔高多少米？").inner_text()
        assert "四十二米" not in asked(second, "古塔高多少米？").inner_text()
        second.reload()
        second.wait_for_selector("#past .turn")
        assert second.locator("#choice label").count() == 1
        assert "塔.txt" not in second.content()
        first.reload()
        first.wait_for_selector("#choice label >> nth=2")
        first.wait_for_function("document.querySelector('#catalogue').innerHTML.includes('塔.txt')")


class Stranger(BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write("<title>别的网站</title>".encode())

    def log_message(self, *_: Any) -> None:
        pass


def test_another_site_and_another_name_get_nothing(chromium: Any, address: str) -> None:
    foreign = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    asking = """async ([address, mode]) => {
        try {
            const options = { method: "POST", mode, headers: { "Content-Type": "text/plain" }, credentials: "include" };
            const answer = await fetch(`${address}ask`, { ...options, body: JSON.stringify({ question: "桥长多少米？" }) });
            return answer.type + answer.status + await answer.text();
        } catch (error) { return "refused"; }
    }"""
    port = re.findall(r"\d+", address)[-1]
    try:
        names = "--host-resolver-rules=MAP evil.example 127.0.0.1"
        other = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, names])
        page = other.new_page()
        page.goto(f"http://127.0.0.1:{foreign.server_address[1]}/")
        assert page.evaluate(asking, [address, "cors"]) == "refused"
        assert page.evaluate(asking, [address, "no-cors"]) in ("refused", "opaque0")
        framed = page.evaluate(
            """async (address) => {
                const frame = Object.assign(document.createElement("iframe"), { src: address });
                const loaded = new Promise((done) => { frame.onload = done; });
                document.body.append(frame);
                await loaded;
                try { return frame.contentDocument?.body.innerText ?? "hidden"; } catch { return "hidden"; }
            }""",
            address,
        )
        assert framed == "hidden"
        answer = page.goto(f"http://evil.example:{port}/")
        assert answer is not None
        assert answer.status == 403
        assert "--allow-host" in page.inner_text("body")
        other.close()
    finally:
        foreign.shutdown()
        foreign.server_close()


# What is seen of the page, and sticks out of the window or of what holds it.
CUT = """() => [...document.querySelectorAll("main *")].filter((each) => {
    const at = each.getBoundingClientRect();
    if (each.closest("#panel, dialog, .unseen") || !at.width || !each.checkVisibility({ visibilityProperty: true })) return false;
    return at.left < -1 || at.right > innerWidth + 1;
}).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("width", "looks"), [(390, "light"), (1024, "dark"), (1440, "light"), (1920, "dark")])
def test_at_every_width_nothing_is_cut_and_the_page_stands_in_the_middle(
    chromium: Any, address: str, width: int, looks: Any
) -> None:
    with browser(chromium, viewport={"width": width, "height": 900}, color_scheme=looks) as page:
        page.goto(address)
        ready(page)
        asked(page, "东河大桥桥长多少米？")
        page.click("#now .why summary")
        page.wait_for_selector("#now .why table")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CUT) == []
        left, right = page.evaluate(
            "(() => { const at = document.querySelector('main.contain').getBoundingClientRect();"
            " return [at.left, document.documentElement.clientWidth - at.right]; })()"
        )
        assert abs(left - right) <= 1
        said = page.locator("#now .said").bounding_box()
        cards = page.locator("#now .evidence").bounding_box()
        assert (cards["x"] >= said["x"] + said["width"]) is (width > 860)
        assert (cards["y"] >= said["y"] + said["height"]) is (width <= 860)


def test_an_exported_conversation_has_its_footnotes(chromium: Any, address: str) -> None:
    with browser(chromium) as page:
        page.goto(address)
        ready(page)
        asked(page, "东河大桥桥长多少米？")
        asked(page, "桂花巷的老井井深多少米？")
        page.click("#top [data-dialog=talks]")
        with page.expect_download() as taken:
            page.click("#talks [data-do=export][data-as=docx]")
        document = docx.Document(str(taken.value.path()))
    notes = next(part.blob.decode() for part in document.part.package.iter_parts() if "footnotes" in part.partname)
    shown = [re.sub(r"<[^>]+>", "", note) for note in re.findall(r"<w:footnote .*?</w:footnote>", notes, re.DOTALL)]
    told = [note for note in shown if note.strip()]
    assert len(told) == 2
    for note, article in zip(told, ARTICLES, strict=True):
        assert article.title in note
        assert article.source in note
        assert article.published in note
    lines = [paragraph for paragraph in document.paragraphs if "米" in paragraph.text and "？" not in paragraph.text]
    marks = [re.findall(r'w:footnoteReference[^>]*w:id="(\d+)"', paragraph._p.xml) for paragraph in lines]
    assert [len(found) for found in marks if found] == [1, 1]
