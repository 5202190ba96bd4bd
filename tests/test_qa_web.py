"""The chat page in a real Chromium, over a real collection, with an answerer that follows a script.

The script decides when a piece of an answer comes, so that streaming and stopping can be watched without guessing times.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest
from browsing import browser_test, note_errors

from corpus.article import Article, Run
from corpus.errors import InputError, ModelError, QuestionError
from corpus.text.sentences import split_sentences
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answer import Answer, Citation, Claim, Question
from qa.answerer import Answerer
from qa.evaluation.questions.sets import read_question_set
from qa.library.indexes import sample_collection
from qa.settings import Settings
from qa.web import serving
from qa.writing.writer import QuotingWriter

RAW = "　　柳荫街共有党 员2584\n名，分在七十九个支部。街道每月组织一次学习，居民都说好。"
HOSTILE = (
    "柠檬树<script>window.harmed=1</script>长在山坡上<img src=x onerror='window.harmed=2'>。"
    "![图](http://outside.example/a.png) [点这里](http://outside.example/) $$\\frac{1}{2}$$ ${window.harmed=3} {{harmed}}。"
)


def street() -> Article:
    """An article that was repaired: two blanks and a line break taken out."""
    kept = [(match.start(), match.end()) for match in re.finditer(r"[^\s　]+", RAW)]
    runs, clean = [], 0
    for start, end in kept:
        runs.append(Run(clean, start, end - start))
        clean += end - start
    text = "".join(RAW[start:end] for start, end in kept)
    return Article("street", "柳荫街的党员", text, "liuyin.txt", "2021-07-01", raw=RAW, runs=tuple(runs))


ARTICLES = [
    street(),
    Article("lemon", "<b>柠檬</b>树", HOSTILE, "lemon<i>.html", "2020"),
    Article(
        "bridge", "东河大桥通车", "东河大桥于2019年5月通车。桥长八百二十米，造价三亿元。", "bridge.txt", "2019-05-02"
    ),
]

# Notes the growing answer inside the page: asking from here how far it is takes too long on a busy machine.
WATCH = """() => { window.seen = []; new MutationObserver(() => {
    const text = document.querySelector("#now .answer")?.innerText;
    if (text && text !== window.seen.at(-1)) window.seen.push(text);
}).observe(document.body, {childList: true, subtree: true, characterData: true}); }"""


class Script:
    """Answers with the best passage's first sentence that shares most characters with the question, piece by piece."""

    def __init__(self, collection: Collection, *, hold: bool = False) -> None:
        self.collection = collection
        self.writer = QuotingWriter()
        self.closed = threading.Event()
        self.go_on = threading.Event()
        if not hold:
            self.go_on.set()

    def answer(self, question: str) -> Answer:
        *_, last = self.stream(Question(question))
        return last

    def stream(self, question: Question) -> Iterator[Answer]:
        if len(question.text) > 1000:
            raise QuestionError("问题有一千多个字，最多 1000 个。", "The question is longer than 1000 characters.")
        growing = Answer(question, question.text, model="script", seconds={"total": 0.25})
        hits = self.collection.search(question.text, 5)
        if "火星" in question.text:
            yield replace(growing, hits=hits, text="文章里没有找到答案。", refused=True, done=True)
            return
        if "故障" in question.text:
            yield replace(growing, text="写到一半")
            raise ModelError("模型断开了，请检查后再问。", "The model went away.")
        if question.history:
            growing = replace(growing, standalone=question.history[-1].question + question.text)
        try:
            yield from self._write(growing, hits[0].passage)
        finally:
            self.closed.set()

    def _write(self, growing: Answer, passage: Any) -> Iterator[Answer]:
        def common(span: tuple[int, int]) -> int:
            return len(set(passage.text[slice(*span)]) & set(growing.question.text))

        start, end = max(split_sentences(passage.text), key=common)
        quote, text = passage.text[start:end], passage.text[start:end] + "[1]"
        first, last = passage.start + start, passage.start + end
        raw = self.collection.article(passage.article_id).raw_spans(first, last)
        growing = replace(growing, citations=(Citation(1, passage, quote, first, last, raw),))
        for place in range(1, len(quote), 3):
            yield replace(growing, text=quote[:place])
            time.sleep(0.05)
        while not self.go_on.wait(0.05):
            yield replace(growing, text=quote)
        yield replace(
            growing, text=text, claims=(Claim(quote, 0, len(text), (1,), True),), highlights=((0, 3),), done=True
        )


def settings(home: Path) -> Settings:
    return Settings(home=home, encoder="hashing")


def served(answerer: Any, home: Path) -> Any:
    samples = ["柳荫街有多少名党员？", "东河大桥多长？"]
    return serving.serve(answerer, port=None, settings=settings(home), samples=samples, wait=False)


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles that a visitor puts in are answered from by the script, too."""
    monkeypatch.setattr("qa.answerer.Answerer", lambda collection, **_: Script(collection))


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with Collection.build(tmp_path_factory.mktemp("web") / "c", ARTICLES, encoder=load_encoder("hashing")) as built:
        yield built


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(collection: Collection, home: Path) -> Iterator[str]:
    blocks = served(Script(collection), home)
    yield blocks.local_url
    blocks.close()


@contextmanager
def opened(chromium: Any, address: str, **options: Any) -> Iterator[Any]:
    """The page in a browser of its own; afterwards: nothing was asked of another machine, nothing went wrong."""
    requests: list[str] = []
    errors: list[str] = []
    context = chromium.new_context(**({"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"} | options))
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    note_errors(page, errors)
    page.goto(address)
    page.wait_for_selector("#catalogue h3", state="attached")
    yield page
    context.close()
    assert requests
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
    assert errors == []


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    with opened(chromium, address) as page:
        yield page


def ask(page: Any, question: str) -> None:
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")


def asked(page: Any, question: str) -> Any:
    """Ask and wait for the end; the turn."""
    before = page.locator(".turn").count()
    ask(page, question)
    page.wait_for_selector(f"#now #turn-{before + 1}[aria-busy=false]")
    return page.locator("#now .turn")


@browser_test
@pytest.mark.browser
def test_an_answer_grows_and_its_mark_leads_to_the_marked_quote(page: Any) -> None:
    page.evaluate(WATCH)
    ask(page, "柳荫街有多少名党员？")
    page.wait_for_selector("#now .turn[aria-busy=false]")
    seen: list[str] = page.evaluate("window.seen")
    assert len(seen) >= 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen[:-1]))
    assert page.inner_text("#now .answer") == "柳荫街共有党员2584名，分在七十九个支部。[1]"
    assert page.inner_text("#now .answer strong") == "柳荫街"

    page.hover("#now a.mark")
    assert page.inner_text("#tip") == "柳荫街的党员\n柳荫街共有党员2584名，分在七十九个支部。"
    page.click("#now a.mark")
    card = page.wait_for_selector("#card-1-1.lit")
    assert card.query_selector("h4").inner_text() == "柳荫街的党员"
    assert "liuyin.txt · 2021-07-01" in card.inner_text()
    assert card.query_selector("blockquote mark").inner_text() == "柳荫街共有党员2584名，分在七十九个支部。"
    assert card.query_selector("blockquote").inner_text().endswith("居民都说好。")


@browser_test
@pytest.mark.browser
def test_the_reading_room_shows_the_whole_article_clean_and_raw(page: Any) -> None:
    asked(page, "柳荫街有多少名党员？")
    page.click("#card-1-1 [data-do=read]:not([data-raw])")
    room = page.wait_for_selector(".room[open]")
    assert room.query_selector("h3").inner_text() == "柳荫街的党员"
    assert page.inner_text(".room .clean mark.lit") == "柳荫街共有党员2584名，分在七十九个支部。"
    page.click(".room [data-do=show][data-raw='1']")
    assert page.locator(".room .raw mark").all_inner_texts() == ["柳荫街共有党", "员2584", "名，分在七十九个支部。"]
    assert page.locator(".room pre").text_content() == RAW
    page.keyboard.press("]")
    assert page.inner_text(".room .raw mark.lit") == "员2584"
    page.keyboard.press("Escape")
    page.wait_for_selector(".room[open]", state="detached")


@browser_test
@pytest.mark.browser
def test_a_conversation_outlives_a_reload_and_can_be_changed(page: Any) -> None:
    asked(page, "东河大桥多长？")
    asked(page, "柳荫街有多少名党员？")
    kept = "JSON.parse(localStorage.getItem('wenju-talk-' + sessionStorage.getItem('wenju-current')))?.turns.length"
    page.wait_for_function(f"{kept} === 2")
    page.reload()
    page.wait_for_selector("#past #turn-2 a.mark")
    assert page.locator(".turn .asked").all_inner_texts() == ["东河大桥多长？", "柳荫街有多少名党员？"]
    page.click("#turn-2 [data-do=edit]")
    page.fill(".editor textarea", "东河大桥造价多少？")
    page.press(".editor textarea", "Enter")
    page.wait_for_selector("#now #turn-2[aria-busy=false]")
    assert page.inner_text("#now .asked") == "东河大桥造价多少？"
    page.click("#past [data-do=again]")
    page.wait_for_selector("#now #turn-1[aria-busy=false]")
    assert page.locator(".turn").count() == 1

    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("h")
    page.wait_for_selector("#talks[open] li .name")
    page.fill("#talks .search", "造价")
    assert page.locator("#talks li .name").count() == 1
    page.click("#talks li .name")
    page.wait_for_selector("#past #turn-2")


@browser_test
@pytest.mark.browser
def test_an_answer_is_rated_and_taken_away(page: Any, home: Path) -> None:
    asked(page, "东河大桥多长？")
    page.click("#now [data-do=bad]")
    page.wait_for_selector(".rating[open]")
    page.check(".rating [name=wrong]")
    page.fill(".rating [name=right]", "八百二十米")
    page.click(".rating [data-do=send-rating]")
    page.wait_for_selector("#now [data-do=bad][aria-pressed=true]")
    rated = [case for path in home.glob("ratings/*.jsonl") for case in read_question_set(path).cases]
    assert ("东河大桥多长？", ("八百二十米",)) in [(case.question, case.answers) for case in rated]
    with page.expect_download() as taken:
        page.click("#now [data-do=export][data-as=docx]")
    assert taken.value.suggested_filename == "东河大桥多长.docx"
    assert docx.Document(str(taken.value.path())).paragraphs[0].text == "东河大桥多长？"


@browser_test
@pytest.mark.browser
def test_settings_stay_and_small_talk_is_answered(page: Any) -> None:
    assert "直接问就行" in asked(page, "你好").locator(".answer").inner_text()
    assert page.locator("#now .foot").count() == 0
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#keys kbd >> nth=0")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.check("#settings [name=looks][value=dark]")
    page.check("#settings [name=size][value='130']")
    page.reload()
    page.wait_for_selector("#turn-1")
    assert page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate("document.documentElement.style.fontSize") == "130%"


@browser_test
@pytest.mark.browser
def test_the_sample_articles_answer_with_evidence(chromium: Any, tmp_path: Path) -> None:
    """Nothing is played here: the embedded encoder, reader and writer over the articles that come with the program."""
    real = Settings(home=tmp_path)
    with sample_collection(real) as samples:
        blocks = serving.serve(Answerer(samples, settings=real), port=None, settings=real, wait=False)
        try:
            with opened(chromium, blocks.local_url) as page:
                turn = asked(page, "商都路有多少名党员？")
                assert "2584名" in turn.locator(".answer").inner_text()
                assert turn.locator(".answer strong").inner_text() == "2584名"
                page.click("#now a.mark")
                quote = page.wait_for_selector("#card-1-1.lit").query_selector("blockquote mark")
                assert "2584名" in quote.inner_text()
                assert quote.inner_text().rstrip("。；") in turn.locator(".answer").inner_text()

                later = asked(page, "那党组织呢？")
                assert later.locator(".understood").inner_text() == "按这个意思查找：商都路有多少党组织？"
                assert asked(page, "火星上有没有生命？").locator(".refusal").count() == 1
        finally:
            blocks.close()


@browser_test
@pytest.mark.browser
def test_refusals_failures_and_questions_that_cannot_be_asked(page: Any) -> None:
    refused = asked(page, "火星上有多少座桥？")
    assert "查找的是“火星上有多少座桥？”" in refused.locator(".refusal").inner_text()
    assert refused.locator(".near").inner_text() == "相近的段落，不作为出处"
    assert refused.locator(".card.miss").count() == 3
    assert refused.locator(".number").count() == 0

    failed = asked(page, "为什么会有故障？")
    assert failed.locator(".answer").inner_text() == "写到一半"
    assert "模型断开了，请检查后再问。" in failed.locator(".failure").inner_text()

    ask(page, "  ")
    assert "还没有写问题" in page.wait_for_selector("#notice .notice").inner_text()
    ask(page, "长" * 1001)
    page.wait_for_function("document.querySelector('#notice').innerText.includes('最多 1000 个')")
    assert page.input_value("#box textarea") == "长" * 1001
    assert page.locator(".turn").count() == 2
    asked(page, "东河大桥多长？")
    assert page.locator("#notice .notice").count() == 0


@browser_test
@pytest.mark.browser
def test_marks_of_earlier_answers_find_their_own_cards(page: Any) -> None:
    page.get_by_role("button", name="东河大桥多长？").click()
    page.wait_for_selector("#now #turn-1[aria-busy=false]")
    assert not page.is_visible("#welcome .sample")
    second = asked(page, "柳荫街有多少名党员？")
    assert second.locator(".understood").inner_text() == "按这个意思查找：东河大桥多长？柳荫街有多少名党员？"

    page.get_by_role("link", name="出处 1：东河大桥通车").press("Enter")
    page.wait_for_selector("#card-1-1.lit")
    assert page.evaluate("document.activeElement.id") == "card-1-1"
    page.click("#card-1-1 .number")
    assert (
        page.evaluate("document.activeElement.closest('.turn').id + document.activeElement.dataset.number") == "turn-11"
    )

    page.click("#new")
    page.wait_for_selector("#welcome .sample", state="visible")
    assert page.locator(".turn").count() == 0
    assert asked(page, "东河大桥多长？").locator(".understood").count() == 0


@browser_test
@pytest.mark.browser
def test_a_question_sent_at_once_is_asked_whatever_is_under_way(page: Any) -> None:
    for number in range(1, 6):
        ask(page, f"桥长多少米？{number}")
        page.wait_for_selector(f"#now #turn-{number}[aria-busy=false]")
    ask(page, "柳荫街有多少名党员？")
    page.wait_for_selector("#now #turn-6[aria-busy=true]")
    ask(page, "东河大桥多长？")  # while the one before is answered
    page.wait_for_selector("#now #turn-7[aria-busy=false]")
    assert page.locator(".turn").count() == 7

    page.click("#new")
    ask(page, "柳荫街有多少名党员？")
    page.wait_for_selector("#now #turn-1[aria-busy=false]")
    assert page.locator(".turn").count() == 1
    assert page.input_value("#box textarea") == ""


@browser_test
@pytest.mark.browser
def test_what_is_sent_while_the_stream_says_farewell_is_answered(chromium: Any) -> None:
    page = chromium.new_page()
    page.goto("data:text/html,<button id=send></button>")
    page.evaluate(
        """() => {
            const line = (message) => `data: ${JSON.stringify(message)}\n\n`;
            const joins = [];
            window.joined = () => joins.forEach((go) => go());
            const streams = [
                line({ msg: "process_completed", event_id: "one" }) + line({ msg: "close_stream" }),
                line({ msg: "process_completed", event_id: "two" }) + line({ msg: "close_stream" }),
            ];
            window.opened = 0;
            window.fetch = async (request, options) => {
                if (!String(request.url ?? request).includes("queue/join")) return new Response(streams[window.opened++]);
                await new Promise((go) => joins.push(go));
                return new Response(JSON.stringify({ event_id: JSON.parse(options.body).data[0] }));
            };
        }"""
    )
    page.add_script_tag(path=Path(serving.__file__).parent / "stream.js")
    heard = page.evaluate(
        """async () => {
            const send = (name) => fetch("http://page/queue/join", { method: "POST", body: JSON.stringify({ data: [name] }) });
            const sent = [send("one"), send("two")];
            const stream = fetch("http://page/queue/data");
            setTimeout(window.joined, 50);
            await Promise.all(sent);
            return await (await stream).text();
        }"""
    )
    assert [json.loads(line[6:]) for line in heard.split("\n\n") if line] == [
        {"msg": "process_completed", "event_id": "one"},
        {"msg": "process_completed", "event_id": "two"},
        {"msg": "close_stream"},
    ]
    assert page.evaluate("window.opened") == 2
    page.close()


@browser_test
@pytest.mark.browser
def test_stop_ends_the_stream_and_keeps_what_was_written(chromium: Any, collection: Collection, tmp_path: Path) -> None:
    script = Script(collection, hold=True)
    blocks = served(script, tmp_path)
    try:
        with opened(chromium, blocks.local_url) as page:
            ask(page, "柳荫街有多少名党员？")
            page.wait_for_function("(document.querySelector('#now .answer')?.innerText ?? '').includes('2584')")
            page.click("#stop")
            assert script.closed.wait(20)
            script.go_on.set()
            page.wait_for_selector("#now .stopped")
            stopped = page.inner_text("#now .answer")
            assert "2584" in stopped
            assert "[1]" not in stopped
            later = asked(page, "桥长多少米？")
            assert "桥长八百二十米" in later.locator(".answer").inner_text()
            assert page.inner_text("#past .answer") == stopped
            assert page.is_visible("#send")
            assert not page.is_visible("#stop")
    finally:
        blocks.close()


@browser_test
@pytest.mark.browser
def test_leaving_while_an_answer_grows_is_no_error(chromium: Any, collection: Collection, tmp_path: Path) -> None:
    script = Script(collection, hold=True)
    blocks = served(script, tmp_path)
    try:
        with opened(chromium, blocks.local_url) as page:
            ask(page, "柳荫街有多少名党员？")
            page.wait_for_selector("#now .answer")
            page.reload()
            page.wait_for_selector("#welcome .sample")
    finally:
        script.go_on.set()
        blocks.close()


@browser_test
@pytest.mark.browser
def test_files_put_in_can_be_asked(page: Any, tmp_path: Path) -> None:
    (tmp_path / "桂花巷.txt").write_text(
        "桂花巷的老井\n\n桂花巷有一口老井，井深十七米，开凿于1893年。", encoding="utf-8"
    )
    (tmp_path / "空.txt").write_text(" \n", encoding="utf-8")
    page.click("#top [data-tab=articles]")
    page.set_input_files("#files input", [tmp_path / "桂花巷.txt", tmp_path / "空.txt"])
    page.wait_for_selector("#progress .taken")
    bad, good = page.locator("#progress li").all()
    assert "桂花巷.txt" in good.inner_text()
    assert "1 篇文章，1 个段落" in good.inner_text()
    assert "没能读入" in bad.inner_text()
    assert page.locator("#choice label.selected").inner_text() == "我的文章 1 篇"
    assert "桂花巷.txt" in page.inner_text("#catalogue li")
    page.keyboard.press("Escape")

    assert "井深十七米" in asked(page, "桂花巷有一口老井，井深多少？").locator(".answer").inner_text()
    page.click("#now a.mark")
    assert "桂花巷.txt" in page.wait_for_selector("#card-1-1.lit").inner_text()

    page.reload()
    page.wait_for_selector("#turn-1")
    page.wait_for_selector("#choice label >> nth=1")
    assert page.locator("#choice label").all_inner_texts() == ["示例文章 3 篇", "我的文章 1 篇", "全部文章 4 篇"]
    page.wait_for_selector("#choice label.selected >> text=我的文章")
    page.wait_for_function("document.querySelector('#catalogue .count').textContent === '1'")
    assert "井深十七米" in asked(page, "桂花巷有一口老井，井深多少？").locator(".answer").inner_text()


@browser_test
@pytest.mark.browser
def test_articles_and_questions_run_nothing_and_fetch_nothing(page: Any) -> None:
    question = "柠檬树长在哪里？<img src=x onerror='window.harmed=4'>![](http://outside.example/q.png)"
    turn = asked(page, question)
    assert turn.locator(".asked").inner_text() == question
    assert "<script>window.harmed=1</script>" in turn.locator(".answer").inner_text()
    assert page.inner_text("#card-1-1 blockquote") == HOSTILE
    assert page.inner_text("#card-1-1 h4") == "<b>柠檬</b>树"
    page.click("#top [data-tab=articles]")
    page.wait_for_selector("#catalogue .title >> nth=0")  # the drawer takes a moment to open
    assert "<b>柠檬</b>树" in page.inner_text("#catalogue")
    assert page.evaluate("window.harmed") is None
    assert page.locator("main img, main script, main a[href*=outside]").count() == 0


@browser_test
@pytest.mark.browser
def test_a_phone_in_the_dark_needs_no_sideways_scrolling(chromium: Any, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
    with opened(chromium, address, **phone) as page:
        asked(page, "柠檬树" + "长" * 200)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.click("#now a.mark")
        page.wait_for_selector("#card-1-1.lit")
        page.wait_for_function("document.querySelector('#card-1-1').getBoundingClientRect().top < innerHeight - 200")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 120


@browser_test
@pytest.mark.browser
def test_the_browser_chooses_the_language_until_its_person_does(chromium: Any, address: str) -> None:
    with opened(chromium, address, locale="en-US") as page:
        page.wait_for_url(re.compile("/en$"))
        page.wait_for_selector("#catalogue h3 >> text=List of articles", state="attached")
        assert page.inner_text("#new") == "New chat"
        page.click("[data-dialog=settings]")
        page.check("#settings [name=language][value=zh]")
        page.wait_for_url(re.compile(r"\d/$"))
        page.wait_for_selector("#new >> text=新对话")


@browser_test
@pytest.mark.browser
def test_enter_belongs_to_the_input_method_while_it_composes(page: Any) -> None:
    page.fill("#box textarea", "dongheda")
    page.evaluate(
        """document.querySelector('#box textarea').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    page.press("#box textarea", "Shift+Enter")
    page.keyboard.type("桥")
    assert page.input_value("#box textarea") == "dongheda\n桥"
    assert page.locator(".turn").count() == 0


class Meeting(Script):
    """Answers nobody before `together` people are being answered."""

    def __init__(self, collection: Collection, together: int) -> None:
        super().__init__(collection)
        self.barrier = threading.Barrier(together)

    def stream(self, question: Question) -> Iterator[Answer]:
        self.barrier.wait(60)
        yield from super().stream(question)


@pytest.mark.slow
def test_twenty_people_are_answered_at_once(collection: Collection, tmp_path: Path) -> None:
    blocks = served(Meeting(collection, 20), tmp_path)
    try:
        asking = next(number for number, function in blocks.fns.items() if function.name == "ask")
        with ThreadPoolExecutor(20) as people:
            told = list(people.map(lambda person: _told(blocks.local_url, asking, f"person{person}"), range(20)))
    finally:
        blocks.close()
    assert all("柳荫街共有党员2584名" in page.replace("<strong>", "").replace("</strong>", "") for page in told)


def _told(address: str, function: int, person: str) -> str:
    """Everything the page of `person` is sent after one question."""
    join = {"fn_index": function, "data": ["柳荫街有多少名党员？", None, None, None, ""], "session_hash": person}
    with httpx.Client(base_url=address, timeout=90) as client:
        client.get("")  # so that the browser is known by its cookie, as a person's is
        client.post("gradio_api/queue/join", json=join).raise_for_status()
        with client.stream("GET", "gradio_api/queue/data", params={"session_hash": person}) as events:
            told = []
            for line in events.iter_lines():
                told.append(line)
                if '"process_completed"' in line:
                    break
    return "".join(json.dumps(json.loads(line.removeprefix("data:")), ensure_ascii=False) for line in told if line)


@pytest.mark.slow
def test_no_event_of_the_page_is_published(collection: Collection, tmp_path: Path) -> None:
    blocks = serving.build_page(Script(collection), settings=settings(tmp_path))
    assert blocks.fns
    assert all(function.api_visibility == "private" for function in blocks.fns.values())
    assert blocks.get_api_info()["named_endpoints"] == {}


def test_the_page_is_there_in_both_languages(collection: Collection, tmp_path: Path) -> None:
    blocks = serving.build_page(Script(collection), settings=replace(settings(tmp_path), language="en"))
    config = blocks.get_config_file()
    first, second = (
        json.dumps(
            [part["props"] for part in config["components"] if part["id"] in config["page"][page]["components"]],
            ensure_ascii=False,
            default=str,
        )
        for page in ("", "zh")
    )
    assert "Drop articles here" in first and "把文章拖到这里" in second
    assert "放入" not in first and "Drop articles" not in second


def test_a_taken_port_is_named(collection: Collection, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port + 1}"):
            serving.serve(Script(collection), port=port, settings=settings(tmp_path), wait=False)
