"""The page for those who use no mouse or no eyes: axe-core over its states in a real Chromium, and keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from browsing import browser_test

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answerer import Answerer
from qa.settings import Settings
from qa.web import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    browser_test,
]
ARTICLES = [
    Article("bridge", "东河大桥通车", "东河大桥桥长八百二十米，造价三亿元。", "bridge.txt", "2021-08-02"),
    Article("well", "桂花巷的老井", "桂花巷的老井井深十七米，开凿于1893年。", "well.txt", "2019-05-02"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, encoder="hashing", model="wenju")
    with Collection.build(home / "c", ARTICLES, encoder=load_encoder("hashing")) as collection:
        answerer = Answerer(collection, settings=settings)
        blocks = serving.serve(answerer, port=None, settings=settings, wait=False, samples=["东河大桥桥长多少米？"])
        yield blocks.local_url
        blocks.close(verbose=False)


@contextmanager
def opened(chromium: Any, address: str, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"} | options))
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#catalogue h3", state="attached")
    yield page
    context.close()


def faults(page: Any) -> list[str]:
    """What axe-core calls serious or critical on the page as it stands, each with the first element that has it."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(400)  # colours of a drawer that slides in are those of what lies below it
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary'][:300]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"][:3]
    ]


def asked(page: Any, question: str) -> None:
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.wait_for_function("q => document.querySelector('#now .asked')?.innerText === q", arg=question)
    page.wait_for_selector("#now .turn[aria-busy=false]")


@pytest.mark.parametrize("looks", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_any_state(chromium: Any, address: str, looks: Any, width: int) -> None:
    found: dict[str, list[str]] = {}
    with opened(chromium, address, color_scheme=looks, viewport={"width": width, "height": 900}) as page:
        found["empty"] = faults(page)
        asked(page, "东河大桥桥长多少米？")
        page.click("#now .why summary")
        found["answered"] = faults(page)
        page.click("#card-1-1 [data-do=read]:not([data-raw])")
        page.wait_for_selector(".room[open]")
        found["reading room"] = faults(page)
        page.keyboard.press("Escape")
        page.click("#now [data-do=bad]")
        page.wait_for_selector(".rating[open]")
        found["rating"] = faults(page)
        page.keyboard.press("Escape")
        asked(page, "火星上有几座桥？")
        page.wait_for_selector("#now .refusal")
        found["refused"] = faults(page)
        page.evaluate("document.activeElement.blur()")
        for key, dialog in (("s", "settings"), ("?", "keys"), ("h", "talks")):
            page.keyboard.press(key)
            page.wait_for_selector(f"#{dialog}[open]")
            found[dialog] = faults(page)
            page.keyboard.press("Escape")
        page.click("#top [data-tab=articles]")
        page.wait_for_selector("#catalogue .title >> nth=0")
        found["articles"] = faults(page)
        for tab in ("evaluation", "models"):
            page.click(f"#{tab}-tab-button")
            found[tab] = faults(page)
    assert {state: told for state, told in found.items() if told} == {}


def reach(page: Any, selector: str, key: str = "Tab", most: int = 60) -> None:
    """Press `key` until what `selector` names has the focus, and see that it shows."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} is not reached with {key}")
    shown = page.evaluate("(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle; })()")
    assert shown != "none", f"{selector} does not show that it has the focus"


def test_axe_sees_what_is_wrong(chromium: Any, address: str) -> None:
    with opened(chromium, address) as page:
        page.evaluate("document.querySelector('.masthead p').style.color = '#cccccc'")
        page.evaluate("document.querySelector('#ask').append(document.createElement('button'))")
        found = " ".join(faults(page))
        assert "color-contrast" in found
        assert "button-name" in found


def test_keys_alone_lead_from_the_start_to_an_export(chromium: Any, address: str) -> None:
    with opened(chromium, address) as page:
        # A question that is offered, then one of one's own.
        page.evaluate("document.activeElement.blur()")
        reach(page, "#welcome .sample")
        page.keyboard.press("Enter")
        page.wait_for_selector("#now #turn-1[aria-busy=false]")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("/")
        page.keyboard.type("桂花巷的老井井深多少米？")
        page.keyboard.press("Enter")
        page.wait_for_selector("#now #turn-2[aria-busy=false]")
        assert "十七米" in page.inner_text("#now .answer")
        page.wait_for_function("document.querySelector('#live').textContent.includes('十七米')")

        # From the answer to its evidence, into the article and back.
        reach(page, "#now a.mark", "Shift+Tab")
        assert "井深十七米" in page.inner_text("#tip")
        page.keyboard.press("Enter")
        page.wait_for_selector("#card-2-1.lit")
        assert page.evaluate("document.activeElement.id") == "card-2-1"
        reach(page, "#card-2-1 [data-do=read]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".room[open]")
        assert page.evaluate("document.activeElement.closest('.room') !== null")
        page.keyboard.press("Escape")
        page.wait_for_selector(".room[open]", state="detached")
        assert page.evaluate("document.activeElement.matches('#card-2-1 [data-do=read]')")

        # The articles: one is ticked, the drawer is left again.
        reach(page, "#top [data-tab=articles]", "Shift+Tab", most=90)
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel.open")
        reach(page, "#catalogue [data-tick]")
        page.keyboard.press("Space")
        page.wait_for_selector("#catalogue .limit")
        assert page.evaluate("document.activeElement.matches('#catalogue [data-tick]:checked')")
        page.keyboard.press("Escape")
        page.wait_for_selector("#panel.open", state="detached")
        assert page.evaluate("document.activeElement.matches('#top [data-tab=articles]')")

        # A rating, and the answer as a file.
        reach(page, "#now [data-do=good]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#now [data-do=good][aria-pressed=true]")
        reach(page, "#now [data-do=export][data-as=docx]")
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert taken.value.suggested_filename.endswith(".docx")
