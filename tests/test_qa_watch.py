"""Figures, log lines and numbers to quote, from a server that really runs: asked by programs and on the page."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.article import Article
from corpus.errors import InputError, ModelError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answer import Answer, Claim, Question
from qa.observing import logs
from qa.settings import Settings
from qa.web import serving
from qa.writing.writer import QuotingWriter

ARTICLE = Article("ferry", "渡口", "渡口每天有六班船。末班船七点开。", "ferry.txt", "2020-05-02")
NUMBER = re.compile(r"\d{4}-[0-9a-f]{6}")


class Moody:
    """Answers, refuses, breaks down or holds on, as the question says."""

    def __init__(self, collection: Collection) -> None:
        self.collection, self.writer = collection, QuotingWriter()
        self.holding, self.go_on = threading.Event(), threading.Event()

    def answer(self, question: Question) -> Answer:
        *_, last = self.stream(question)
        return last

    def stream(self, question: Question) -> Iterator[Answer]:
        growing = Answer(question, question.text, hits=self.collection.search(question.text, 2), model="moody")
        if "模型" in question.text:
            raise ModelError("模型断开了，请检查后再问。", "The model went away.")
        if "崩溃" in question.text:
            raise RuntimeError("渡口的秘密")
        if "等" in question.text:
            self.holding.set()
            self.go_on.wait(30)
        yield growing
        claims = (Claim("六班船。", 0, 4, (), "末班" not in question.text),)
        refused = "火星" in question.text
        told = {"text": "没有。" if refused else "六班船。", "claims": () if refused else claims, "refused": refused}
        yield Answer(question, question.text, done=True, model="moody", seconds={"search": 0.01, "total": 0.2}, **told)


@pytest.fixture
def answerer(tmp_path: Path) -> Iterator[Moody]:
    with Collection.build(tmp_path / "c", [ARTICLE], encoder=load_encoder("hashing")) as built:
        yield Moody(built)


@pytest.fixture
def client(answerer: Any, tmp_path: Path) -> Iterator[httpx.Client]:
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    blocks = serving.serve(answerer, port=None, settings=settings, wait=False)
    with httpx.Client(base_url=blocks.local_url, timeout=60) as client:
        client.blocks = blocks  # type: ignore[attr-defined]
        yield client
    blocks.close()


def figures(client: httpx.Client) -> dict[str, float]:
    answer = client.get("metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def on_the_page(client: httpx.Client, question: str, session: str) -> str:
    """Ask as the page in a browser does; everything it is sent."""
    fns = client.blocks.fns  # type: ignore[attr-defined]
    asking = next(number for number, function in fns.items() if function.name == "ask")
    join = {"fn_index": asking, "data": [question, None, None, None, ""], "session_hash": session}
    client.post("gradio_api/queue/join", json=join).raise_for_status()
    told = []
    with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            told.append(line)
            if '"process_completed"' in line:
                break
    lines = [json.loads(line.removeprefix("data:")) for line in told if line]
    return json.dumps(lines, ensure_ascii=False)


@pytest.mark.slow
def test_questions_are_counted_by_their_ends(client: httpx.Client) -> None:
    before = figures(client)
    assert before['wenju_requests_total{way="api"}'] == before['wenju_requests_total{way="page"}'] == 0
    assert before["wenju_children_killed_total"] == before["wenju_queue"] == 0
    for question in ("几班船？", "末班船几点？", "火星上有渡口吗？"):
        assert client.post("ask", json={"question": question}).status_code == 200
    client.post("search", json={"text": "渡口"})
    client.get("")
    assert "六班船。" in on_the_page(client, "几班船？", "counted")
    after = figures(client)
    assert after['wenju_requests_total{way="api"}'] == 3
    assert after['wenju_requests_total{way="page"}'] == 1
    assert after['wenju_refusals_total{way="api"}'] == 1
    assert after['wenju_claims_total{supported="no"}'] == 1
    assert after['wenju_claims_total{supported="yes"}'] == 2
    assert after['wenju_stage_seconds_count{stage="search"}'] == 4
    assert after["wenju_searches_total"] == 1


@pytest.mark.slow
def test_the_queue_is_told_while_it_stands(client: httpx.Client, answerer: Moody) -> None:
    asking = [
        threading.Thread(target=lambda: client.post("ask", json={"question": "等一等"}), daemon=True) for _ in range(5)
    ]
    for thread in asking:
        thread.start()
    assert answerer.holding.wait(30)
    try:
        waited = threading.Event()
        while figures(client)["wenju_queue"] < 2 and not waited.wait(0.05):
            pass
        assert figures(client)["wenju_answering"] == 3
    finally:
        answerer.go_on.set()
    for thread in asking:
        thread.join(30)
    assert figures(client)["wenju_queue"] == figures(client)["wenju_answering"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "error", "status"), [("模型呢？", "ModelError", 503), ("崩溃？", "RuntimeError", 500)]
)
def test_a_failure_has_a_number_that_the_log_has_too(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, question: str, error: str, status: int
) -> None:
    with caplog.at_level(logging.INFO, logs.NAME):
        answer = client.post("ask", json={"question": question})
        client.get("")
        page = on_the_page(client, question, f"failing{status}")
    number = answer.headers["x-request-id"]
    assert answer.status_code == status
    assert f"编号 {number}" in answer.json()["detail"]
    shown = re.search(rf"编号 ({NUMBER.pattern})，反映问题时请带上", page)
    assert shown
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == logs.NAME]
    assert [(line["request"], line["way"], line["error"]) for line in lines] == [
        (number, "api", error), (shown[1], "page", error)
    ]  # fmt: skip
    assert "秘密" not in answer.text + page + json.dumps(lines, ensure_ascii=False)
    assert figures(client)[f'wenju_errors_total{{error="{error}",way="api"}}'] == 1


def test_a_question_that_cannot_be_asked_is_no_fault(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logs.NAME):
        answer = client.post("ask", json={"question": "几班船？", "own": True})
    assert answer.status_code == 404
    assert NUMBER.fullmatch(answer.headers["x-request-id"])
    assert [(record.levelname, json.loads(record.getMessage())["error"]) for record in caplog.records] == [
        ("INFO", "NothingOwn")
    ]
    answered = client.post("ask", json={"question": "几班船？"})
    assert answered.json()["request"] == answered.headers["x-request-id"] != answer.headers["x-request-id"]


def test_the_log_is_a_private_file_without_words(client: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "wenju.log"
    handler = logs.keep_in(path)
    try:
        number = client.post("ask", json={"question": "几班船？"}).json()["request"]
    finally:
        logging.getLogger(logs.NAME).removeHandler(handler)
        handler.close()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["request"]) for line in lines] == [("answered", number)]
    assert "班船" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="--log"):
        logs.keep_in(tmp_path)
