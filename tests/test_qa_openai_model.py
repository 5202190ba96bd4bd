"""A model behind a server, against a server on this machine that does each thing that servers do to their callers."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ModelError
from embeddings.collections.collection import Collection
from prompts import render
from qa.answerer import Answerer
from qa.language_models.language_model import LanguageModel, Message
from qa.language_models.local.transformers_model import load_transformers_model
from qa.language_models.server.openai_model import SAFE_ROOM, ServerModel, base_address, server_model
from qa.language_models.server.problems import TooLong
from qa.language_models.server.stream import NO_THINKING, Patience, Server
from qa.writing.generative_writer import GenerativeWriter

pytestmark = pytest.mark.slow

# Ample where nothing is meant to run out, so that a busy machine changes nothing.
AMPLE = Patience(connect=5, first=10, between=10, whole=20, tries=3, back_off=0.01, longest_wait=1, beat=0.02)
TINY = Path(__file__).parent / "tiny_qwen3"
KEY = "sk-geheim-8841"
ASKED = [Message("user", "商都路有多少名党员？")]
UNASKED = ServerModel(Server("http://localhost/v1", "", AMPLE), "m")
Does = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request to the double."""

    server: Double
    body: dict[str, Any]

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers), {}))
        self.server.lists(self)

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            place = len(self.server.questions)
            self.server.seen.append((self.path, dict(self.headers), self.body))
        self.server.does[min(place, len(self.server.does) - 1)](self)

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, data: bytes) -> None:
        self.wfile.write(data)

    def is_left(self, seconds: float) -> bool:
        """Whether the other side closes the connection within `seconds`."""
        ready, _, _ = select.select([self.connection], [], [], seconds)
        if not ready:
            return False
        with contextlib.suppress(ConnectionError):
            return not self.connection.recv(1)
        return True

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Double(ThreadingHTTPServer):
    """A server that does what a test says: `does` per question, the last thing for all further ones."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.lock = threading.Lock()
        self.lists: Does = says({"data": [{"id": "Qwen/Qwen3-1.7B", "max_model_len": 4096}]})
        self.does: tuple[Does, ...] = (streams("好。"),)

    @property
    def questions(self) -> list[dict[str, Any]]:
        return [body for path, _, body in self.seen if path.endswith("/completions")]

    def handle_error(self, *_: object) -> None:
        """Connections that break are what these tests are about."""


def event(text: str | None = None, finish: str | None = None, **more: str) -> bytes:
    delta = {"content": text, **more}
    return b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"


END = event("", "stop") + b"data: [DONE]\n\n"


def sends(data: bytes, status: int = 200, kind: str = "text/event-stream", **headers: str) -> Does:
    def do(handler: Handler) -> None:
        handler.begin(status, kind, **headers)
        handler.send(data)

    return do


def says(value: Any, status: int = 200, **headers: str) -> Does:
    return sends(json.dumps(value, ensure_ascii=False).encode(), status, "application/json", **headers)


def streams(*pieces: str) -> Does:
    return sends(b"".join(map(event, pieces)) + END)


@pytest.fixture
def double() -> Iterator[Double]:
    with Double() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def model_of(double: Double, *, key: str = "", **patience: float) -> ServerModel:
    model = server_model(double.url, key=key, patience=replace(AMPLE, **cast("dict[str, Any]", patience)))
    assert isinstance(model, ServerModel)
    return model


def written(model: LanguageModel, most: int = 100) -> str:
    return "".join(model.generate(ASKED, most=most))


def until_it_fails(model: LanguageModel) -> tuple[str, ModelError]:
    """What was written before the error, and the error."""
    text = ""
    with pytest.raises(ModelError) as raised:
        for piece in model.generate(ASKED, most=100):
            text += piece
    assert "\n" not in str(raised.value) and "\n" not in raised.value.english
    return text, raised.value


class TestAnswers:
    def test_pieces_come_one_by_one_and_in_order(self, double: Double) -> None:
        double.does = (streams("商都路", "有", "120", "名。", "[1]"),)
        pieces = [piece for piece in model_of(double).generate(ASKED, most=100) if piece]
        assert pieces == ["商都路", "有", "120", "名。", "[1]"]

    def test_request_asks_for_the_likeliest_tokens_without_thinking(self, double: Double) -> None:
        messages = [Message("system", "只根据资料回答。"), Message("user", "几名？")]
        list(model_of(double, key=KEY).generate(messages, most=77))
        path, headers, body = double.seen[-1]
        assert path == "/v1/chat/completions"
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert body == {
            "model": "Qwen/Qwen3-1.7B",
            "messages": [{"role": "system", "content": "只根据资料回答。"}, {"role": "user", "content": "几名？"}],
            "max_tokens": 77,
            "temperature": 0,
            "stream": True,
            **NO_THINKING,
        }

    def test_without_a_key_none_is_sent(self, double: Double) -> None:
        written(model_of(double))
        assert all("Authorization" not in headers for _, headers, _ in double.seen)

    def test_nothing_is_sent_before_somebody_reads(self, double: Double) -> None:
        model_of(double).generate(ASKED, most=10)
        time.sleep(0.05)
        assert not double.questions

    def test_who_waits_is_told_so(self, double: Double) -> None:
        waited = threading.Event()

        def do(handler: Handler) -> None:
            handler.begin()
            waited.wait(5)
            handler.send(event("好") + END)

        double.does = (do,)
        pieces = model_of(double).generate(ASKED, most=10)
        assert [next(pieces) for _ in range(3)] == ["", "", ""]
        waited.set()
        assert "".join(pieces) == "好"

    def test_halves_of_characters(self, double: Double) -> None:
        data = (
            "data: "
            + json.dumps({"choices": [{"delta": {"content": "党员𠮷一百名"}}]}, ensure_ascii=False)
            + "\r\n\r\n"
        )

        def do(handler: Handler) -> None:
            handler.begin()
            for byte in data.encode() + END:
                handler.send(bytes([byte]))

        double.does = (do,)
        assert written(model_of(double)) == "党员𠮷一百名"

    @pytest.mark.parametrize("strange", ["\u2028", "\x85", "\x0b", "\u3000"])
    def test_line_breaks_of_unicode_are_text(self, double: Double, strange: str) -> None:
        body = json.dumps({"choices": [{"delta": {"content": f"甲{strange}乙"}}]}, ensure_ascii=False)
        double.does = (sends(b"data: " + body.encode() + b"\n\n" + END),)
        assert written(model_of(double)) == f"甲{strange}乙"

    def test_signs_of_life_are_not_text(self, double: Double) -> None:
        noise = b": keep-alive\n\nevent: message\nid: 7\nretry: 100\n\n"
        usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
        double.does = (sends(noise + event("甲") + noise + usage + event("乙") + usage + END),)
        assert written(model_of(double)) == "甲乙"

    def test_thousands_of_pieces(self, double: Double) -> None:
        pieces = [f"{number}，" for number in range(5000)]
        double.does = (streams(*pieces),)
        assert written(model_of(double), most=10_000) == "".join(pieces)

    @pytest.mark.parametrize("end", [event("", "stop"), event("", "length"), b"data: [DONE]\n\n", b"data:[DONE]"])
    def test_either_sign_of_the_end_will_do(self, double: Double, end: bytes) -> None:
        double.does = (sends(event("够了。") + end),)
        assert written(model_of(double)) == "够了。"

    def test_what_comes_after_the_end_is_not_read(self, double: Double) -> None:
        double.does = (sends(event("够了。", "stop") + event("还有") + b"data: [DONE]\n\n" + b"garbage\n"),)
        assert written(model_of(double)) == "够了。"

    def test_end_is_not_waited_for_when_the_answer_is_complete(self, double: Double) -> None:
        def do(handler: Handler) -> None:
            handler.begin()
            handler.send(event("好。", "stop"))
            handler.is_left(10)

        double.does = (do,)
        assert written(model_of(double, between=5)) == "好。"

    @pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/html; charset=gbk", ""])
    def test_type_of_the_content_decides_nothing(self, double: Double, kind: str) -> None:
        double.does = (sends(event("好。") + END, kind=kind),)
        assert written(model_of(double)) == "好。"

    def test_server_that_does_not_stream(self, double: Double) -> None:
        double.does = (says({"choices": [{"message": {"content": "一次说完。"}, "finish_reason": "stop"}]}),)
        assert written(model_of(double)) == "一次说完。"

    def test_thoughts_are_not_shown(self, double: Double) -> None:
        thought = event(None, reasoning_content="想一想") + event(None, reasoning="再想想")
        double.does = (sends(thought + event("<thi") + event("nk>嗯……</th") + event("ink>\n\n120名。") + END),)
        assert written(model_of(double)).strip() == "120名。"

    @pytest.mark.parametrize(
        ("name", "data", "shown"),
        [
            ("Qwen3-4B-Thinking-2507", event("想") + event("想</think>\n\n120名。"), "120名。"),
            ("DeepSeek-R1-Distill-Qwen-7B", event("<think>想") + event("想</think>120名。"), "120名。"),
            ("Qwen3-4B-Thinking-2507", event(reasoning_content="想") + event("120") + event("名。"), "120名。"),
            ("qwq", event(reasoning="想") + event("120名。"), "120名。"),
            ("Qwen3-4B", event("120名。"), "120名。"),
            ("ernie-r10", event("120名。"), "120名。"),
        ],
    )
    def test_thoughts_whose_beginning_the_template_writes(
        self, double: Double, name: str, data: bytes, shown: str
    ) -> None:
        double.lists, double.does = says({"data": [{"id": name}]}), (sends(data + END),)
        assert written(model_of(double)) == shown

    def test_twenty_at_once_each_get_their_own(self, double: Double) -> None:
        all_here = threading.Barrier(20)

        def do(handler: Handler) -> None:
            handler.begin()
            all_here.wait(10)
            for piece in (*handler.body["messages"][0]["content"], "。"):
                handler.send(event(piece))
            handler.send(END)

        double.does = (do,)
        model = model_of(double)

        def ask(number: int) -> str:
            return "".join(model.generate([Message("user", f"第{number}问")], most=10))

        with ThreadPoolExecutor(20) as people:
            answers = list(people.map(ask, range(20)))
        assert sorted(answers) == sorted(f"第{number}问。" for number in range(20))

    def test_inside_of_an_event_loop(self, double: Double) -> None:
        async def notebook() -> str:
            return written(model_of(double))

        assert asyncio.run(notebook()) == "好。"


class TestStop:
    def test_server_sees_at_once_that_nobody_reads_on(self, double: Double) -> None:
        left = threading.Event()

        def do(handler: Handler) -> None:
            handler.begin()
            while not handler.is_left(0.01):
                handler.send(event("字"))
            left.set()

        double.does = (do,)
        pieces = model_of(double).generate(ASKED, most=1000)
        assert next(piece for piece in pieces if piece) == "字"
        pieces.close()
        assert left.wait(5)

    def test_also_before_the_first_byte(self, double: Double) -> None:
        asked, left = threading.Event(), threading.Event()

        def do(handler: Handler) -> None:
            asked.set()
            if handler.is_left(5):
                left.set()

        double.does = (do,)
        pieces = model_of(double).generate(ASKED, most=10)
        assert next(pieces) == ""
        assert asked.wait(5)
        pieces.close()
        assert left.wait(5)

    def test_a_server_that_never_ends_is_left(self, double: Double) -> None:
        left = threading.Event()

        def do(handler: Handler) -> None:
            handler.begin()
            while not handler.is_left(0.001):
                handler.send(event("没完没了。"))
            left.set()

        double.does = (do,)
        assert 100 <= len(written(model_of(double), most=100)) <= 1000
        assert left.wait(5)

    def test_also_between_two_tries(self, double: Double) -> None:
        double.does = (says({"error": "busy"}, 503),)
        pieces = model_of(double, back_off=0.3).generate(ASKED, most=10)
        assert next(pieces) == ""
        pieces.close()
        asked = len(double.questions)
        time.sleep(0.6)
        assert len(double.questions) == asked <= 1


class TestTriesAgain:
    @pytest.mark.parametrize("status", [429, 500, 502, 503])
    def test_what_may_pass(self, double: Double, status: int) -> None:
        double.does = (says({"error": {"message": "busy"}}, status), streams("好。"))
        assert written(model_of(double)) == "好。"
        assert len(double.questions) == 2

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 504])
    def test_what_does_not_pass(self, double: Double, status: int) -> None:
        double.does = (streams("好。"), says({"error": {"message": "no"}}, status))
        model = model_of(double)
        written(model)
        double.seen.clear()
        double.does = (says({"error": {"message": "no such thing"}}, status),)
        text, error = until_it_fails(model)
        assert text == "" and str(status) in error.english and "no such thing" in error.english
        assert len(double.questions) == (2 if status == 400 else 1)  # 400 may mean fields that it does not know

    def test_error_for_ever_ends_with_what_the_server_says(self, double: Double) -> None:
        double.does = (says({"error": {"message": "CUDA out of memory"}}, 500),)
        _, error = until_it_fails(model_of(double, tries=4))
        assert len(double.questions) == 4
        assert "CUDA out of memory" in str(error) and "500" in str(error) and double.url in str(error)

    def test_server_says_how_long_to_wait(self, double: Double) -> None:
        times: list[float] = []

        def note(do: Does) -> Does:
            def noted(handler: Handler) -> None:
                times.append(time.monotonic())
                do(handler)

            return noted

        double.does = (note(says({}, 429, Retry_After="0.3")), note(streams("好。")))
        assert written(model_of(double)) == "好。"
        assert times[1] - times[0] >= 0.3

    def test_date_to_wait_for(self, double: Double) -> None:
        double.does = (says({}, 429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"), streams("好。"))
        until_it_fails(model_of(double))
        assert len(double.questions) == 1

    def test_server_that_wants_to_be_left_alone_for_long_is(self, double: Double) -> None:
        double.does = (says({"error": "quota used up"}, 429, Retry_After="3600"),)
        _, error = until_it_fails(model_of(double))
        assert len(double.questions) == 1 and "quota used up" in str(error)

    def test_connection_reset_before_the_first_piece(self, double: Double) -> None:
        double.does = (Handler.reset, sends(event("", None) + b"data: {"), streams("好。"))
        assert written(model_of(double)) == "好。"
        assert len(double.questions) == 3

    def test_error_inside_the_stream_before_the_first_piece(self, double: Double) -> None:
        busy = b'data: {"error": {"message": "engine is busy", "code": 503}}\n\n'
        double.does = (sends(busy), streams("好。"))
        assert written(model_of(double)) == "好。"


def hangs(handler: Handler) -> None:
    handler.is_left(5)


def cut_after_close(handler: Handler) -> None:
    handler.begin()
    handler.send(event("商都路有") + b'data: {"choi')


def cut_in_a_chunk(handler: Handler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.begin(Transfer_Encoding="chunked")
    piece = event("商都路有")
    handler.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\nff\r\ndata: ")
    handler.close_connection = True


def cut_by_reset(handler: Handler) -> None:
    handler.begin()
    handler.send(event("商都路有"))
    time.sleep(0.1)  # a reset takes along what was not read yet
    handler.reset()


class TestFailures:
    @pytest.mark.parametrize("do", [cut_after_close, cut_in_a_chunk, cut_by_reset])
    def test_cut_after_the_first_piece_is_told_and_not_tried_again(self, double: Double, do: Does) -> None:
        double.does = (do, streams("另一个回答。"))
        text, error = until_it_fails(model_of(double))
        assert text == "商都路有" and len(double.questions) == 1
        assert "断" in str(error) and "broke" in error.english and double.url in error.english

    @pytest.mark.parametrize(
        "data",
        [
            b'data: {"error": {"message": "engine died", "code": 500}}\n\n',
            b'data: {"error": "engine died"}\n\n',
            b'data: {"object": "error", "message": "engine died", "code": 500}\n\n',
            b'event: error\ndata: {"error": {"message": "engine died", "code": "internal"}}\n\n',
        ],
    )
    def test_error_inside_the_stream(self, double: Double, data: bytes) -> None:
        double.does = (sends(event("商都路有") + data), streams("另一个回答。"))
        text, error = until_it_fails(model_of(double))
        assert text == "商都路有" and "engine died" in str(error) and len(double.questions) == 1

    def test_silence_before_the_first_piece(self, double: Double) -> None:
        double.does = (hangs,)
        _, error = until_it_fails(model_of(double, first=0.3))
        assert "0.3 秒" in str(error) and "0.3 seconds" in error.english and len(double.questions) == 1

    def test_silence_in_the_middle(self, double: Double) -> None:
        def do(handler: Handler) -> None:
            handler.begin()
            handler.send(event("商都路有"))
            handler.is_left(5)

        double.does = (do,)
        text, error = until_it_fails(model_of(double, between=0.3))
        assert text == "商都路有" and "0.3 秒" in str(error)

    def test_server_that_lives_and_says_nothing(self, double: Double) -> None:
        def do(handler: Handler) -> None:
            handler.begin()
            while not handler.is_left(0.05):
                handler.send(b": wait\n\n")

        double.does = (do,)
        _, error = until_it_fails(model_of(double, first=0.8, whole=1.2))
        assert "1.2 秒" in str(error)  # it is heard of, so it is not silent; but there is an end to everything

    def test_server_that_never_ends(self, double: Double) -> None:
        def do(handler: Handler) -> None:
            handler.begin()
            while not handler.is_left(0.001):
                handler.send(event("啊"))

        double.does = (do,)
        text, error = until_it_fails(model_of(double, whole=0.5))
        assert "啊" in text and "0.5 秒" in str(error)

    def test_line_that_never_ends(self, double: Double) -> None:
        def do(handler: Handler) -> None:
            handler.begin()
            while not handler.is_left(0):
                handler.send(b"x" * 100_000)

        double.does = (do,)
        _, error = until_it_fails(model_of(double))
        assert "看不懂" in str(error) and len(str(error)) < 400

    @pytest.mark.parametrize("data", [b"<!DOCTYPE html><html><body>Welcome</body></html>", b"\n <html>"])
    def test_web_page(self, double: Double, data: bytes) -> None:
        double.does = (sends(data, kind="text/html"),)
        _, error = until_it_fails(model_of(double))
        assert "网页" in str(error) and "/v1" in str(error) and "<" not in str(error)

    @pytest.mark.parametrize(
        "data",
        [
            b"hello\n\n",
            b"data: {]\n\n",
            b"data: 7\n\n",
            b'data: {"choices": 3}\n\n',
            b"\xff\xfe\x00garbage\n",
            b'data: {"choices": [{"delta": 1}]}\n\n',
            b'data: "text"\n\n',
            b"data: " + b"[" * 50_000 + b"\n\n",
            b"[]\n",
        ],
    )
    def test_garbage(self, double: Double, data: bytes) -> None:
        double.does = (sends(event("商都路有") + data),)
        text, error = until_it_fails(model_of(double))
        assert text == "商都路有" and "看不懂" in str(error) and double.url in error.english

    def test_no_http_at_all(self, double: Double) -> None:
        double.does = (lambda handler: handler.send(b"SSH-2.0-OpenSSH_9.2\r\n"),)
        _, error = until_it_fails(model_of(double))
        assert double.url in str(error)

    @pytest.mark.parametrize(
        "data", [END, event(" \n") + END, event("<think>想啊想") + event("", "length"), b"data: [DONE]\n"]
    )
    def test_answer_without_a_word(self, double: Double, data: bytes) -> None:
        double.does = (sends(data),)
        text, error = until_it_fails(model_of(double))
        assert not text.strip() and "什么也没有回答" in str(error) and "Qwen/Qwen3-1.7B" in error.english

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.binary(max_size=40) | st.sampled_from([b"data: ", b"\n", b"{", END, event("字"), b'"choices":']),
            max_size=8,
        )
    )
    def test_whatever_comes_is_text_or_a_model_error(self, double: Double, parts: list[bytes]) -> None:
        double.does = (sends(b"".join(parts)),)
        with contextlib.suppress(ModelError):
            assert set(written(ServerModel(Server(double.url, "", replace(AMPLE, tries=1)), "m"))) <= {"字"}

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=80), st.integers(200, 599))
    def test_whatever_is_listed_is_a_model_or_a_model_error(self, double: Double, body: bytes, status: int) -> None:
        double.lists = sends(body, status)
        with contextlib.suppress(ModelError):
            assert model_of(double, tries=1).name


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (400, "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion)."),
            (400, "This model's maximum context length is 16384 tokens. However, your request has 17000 input tokens."),
            (400, "The input (61709 tokens) is longer than the model's context length (40960 tokens)."),
            (400, "Requested token count exceeds the model's maximum context length of 8192 tokens."),
            (400, "the request exceeds the available context size. try increasing the context size or enable context shift"),
            (500, "the request exceeds the available context size, try increasing it"),
            (400, "input length exceeds the context length"),
            (400, "Range of input length should be [1, 30720]"),
            (422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 400 `max_new_tokens`"),
            (400, "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length"),
            (400, "prompt is too long: 210000 tokens > 200000 maximum"),
            (400, "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"),
            (400, "Prompt 超长"),
            (400, "输入长度超出模型上下文的限制"),
            (413, "Request Entity Too Large"),
        ],
    )  # fmt: skip
    def test_too_long_in_many_servers_words(self, double: Double, status: int, said: str) -> None:
        double.does = (says({"error": {"message": said}}, status),)
        _, error = until_it_fails(model_of(double))
        assert isinstance(error, TooLong) and said[:20] in str(error) and "WENJU_PASSAGES" in error.english
        assert len(double.questions) == 1

    @pytest.mark.parametrize(
        "said",
        ["Unsupported parameter: 'max_tokens' is not supported with this model.", "temperature must be positive", "no such model", "data inspection failed"],
    )  # fmt: skip
    def test_not_everything_is_too_long(self, double: Double, said: str) -> None:
        double.does = (says({"error": {"message": said}}, 400),)
        _, error = until_it_fails(model_of(double))
        assert not isinstance(error, TooLong) and said in str(error)

    def test_too_long_inside_the_stream(self, double: Double) -> None:
        double.does = (sends(b'data: {"error": {"message": "maximum context length is 2048 tokens"}}\n\n'),)
        assert isinstance(until_it_fails(model_of(double))[1], TooLong)

    @pytest.mark.parametrize("status", [401, 403])
    def test_key_that_is_not_accepted(self, double: Double, status: int) -> None:
        double.does = (says({"error": {"message": "invalid api key"}}, status),)
        _, error = until_it_fails(model_of(double))
        assert "WENJU_API_KEY" in str(error) and "WENJU_API_KEY" in error.english

    def test_other_address(self, double: Double) -> None:
        double.does = (sends(b"", 308, Location="https://example.org/v1/chat/completions"),)
        _, error = until_it_fails(model_of(double))
        assert "https://example.org/v1/chat/completions" in str(error)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"error": {"message": "no such thing"}}',
            b'{"error": "no such thing"}',
            b'{"message": "no such thing"}',
            b'{"detail": [{"loc": ["body"], "msg": "no such thing"}]}',
            b'{"detail": "no such thing"}',
            b"no such thing",
            b'{"error": {"error": {"message": "no such thing"}}}',
        ],
    )
    def test_words_of_a_server_are_found(self, double: Double, body: bytes) -> None:
        double.does = (sends(body, 418, "application/json"),)
        assert "no such thing" in str(until_it_fails(model_of(double))[1])

    def test_page_of_an_error_is_not_repeated(self, double: Double) -> None:
        double.does = (sends(b"<html><h1>502 Bad Gateway</h1></html>", 502, "text/html"),)
        _, error = until_it_fails(model_of(double))
        assert "502" in str(error) and "html" not in str(error)

    def test_server_that_is_away(self, double: Double) -> None:
        model = model_of(double)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ModelError, match=f"{url}/v1.*启动") as raised:
            server_model(url, patience=AMPLE)
        assert "Check that it runs" in raised.value.english
        double.shutdown()
        double.server_close()
        _, error = until_it_fails(model)
        assert "连不上" in str(error) and double.url in str(error)

    def test_host_that_nobody_knows(self) -> None:
        with pytest.raises(ModelError, match=r"http://nowhere.invalid:8000/v1"):
            server_model("http://nowhere.invalid:8000", patience=AMPLE)


class TestUnknownFields:
    """Servers have different names for "do not think aloud", and some refuse what they do not know."""

    def knows(self, *names: str, status: int = 400, tells: bool = True) -> Does:
        def do(handler: Handler) -> None:
            unknown = set(handler.body) & set(NO_THINKING) - set(names)
            if unknown:
                words = f"Unexpected fields in the request: {sorted(unknown)[:1]}" if tells else "bad request"
                says({"detail": words}, status)(handler)
            else:
                streams("好。")(handler)

        return do

    @pytest.mark.parametrize("status", [400, 422])
    def test_only_the_unknown_ones_are_left_out_and_that_is_remembered(self, double: Double, status: int) -> None:
        double.does = (self.knows("chat_template_kwargs", status=status),)
        model = model_of(double)
        assert written(model) == written(model) == "好。"
        assert [set(body) & set(NO_THINKING) for body in double.questions] == [
            set(NO_THINKING),
            {"chat_template_kwargs", "reasoning_effort"},
            {"chat_template_kwargs"},
            {"chat_template_kwargs"},
        ]

    def test_all_are_left_out_where_none_is_named(self, double: Double) -> None:
        double.does = (self.knows(tells=False),)
        model = model_of(double)
        assert written(model) == written(model) == "好。"
        assert [len(set(body) & set(NO_THINKING)) for body in double.questions] == [3, 0, 0]

    def test_what_was_not_to_blame_is_not_remembered(self, double: Double) -> None:
        double.does = (says({"error": "data inspection failed"}, 400),) * 2 + (streams("好。"),)
        model = model_of(double)
        until_it_fails(model)
        written(model)
        assert set(NO_THINKING) <= set(double.questions[-1])


class TestModels:
    def listed(self, double: Double, *names: str) -> None:
        double.lists = says({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    def test_the_only_one(self, double: Double) -> None:
        assert model_of(double).name == "Qwen/Qwen3-1.7B"
        assert double.seen[0][0] == "/v1/models"

    def test_the_first_that_answers(self, double: Double) -> None:
        self.listed(double, "bge-m3:latest", "Qwen3-Embedding-0.6B", "qwen3:4b", "glm4:9b")
        assert model_of(double).name == "qwen3:4b"

    @pytest.mark.parametrize(
        ("named", "found"),
        [("qwen3:4b", "qwen3:4b"), ("qwen3-1.7b", "Qwen/Qwen3-1.7B"), ("glm4", "glm4:latest"), ("QWEN/qwen3-1.7B", "Qwen/Qwen3-1.7B")],
    )  # fmt: skip
    def test_one_by_name(self, double: Double, named: str, found: str) -> None:
        self.listed(double, "Other/Qwen3", "Qwen/Qwen3-1.7B", "qwen3:4b", "glm4:latest")
        assert server_model(double.url, model=named, patience=AMPLE).name == found

    def test_one_that_is_not_there(self, double: Double) -> None:
        self.listed(double, *(f"model-{number}" for number in range(30)))
        with pytest.raises(ModelError, match=r"没有模型“qwen3-4b”.*model-0、model-1.*另有 10 个") as raised:
            server_model(double.url, model="qwen3-4b", patience=AMPLE)
        assert "model-19 and 10 more" in raised.value.english

    @pytest.mark.parametrize(
        "do",
        [says({"data": []}), says({"data": None}), says([]), says("gone", 404), says({}, 500), sends(b"<html>", 404)],
    )
    def test_server_without_a_list(self, double: Double, do: Does) -> None:
        double.lists = do
        assert server_model(double.url, model="qwen-plus", patience=AMPLE).name == "qwen-plus"
        with pytest.raises(ModelError, match="--model"):
            model_of(double)

    def test_list_without_a_frame(self, double: Double) -> None:
        double.lists = says([{"id": "a"}, {"id": "b"}])
        assert model_of(double).name == "a"

    @pytest.mark.parametrize("body", [b"", b"ok", b'{"data": [{"name": "a"}]}', b'{"models": []}', b"7"])
    def test_list_that_is_none(self, double: Double, body: bytes) -> None:
        double.lists = sends(body, 200, "application/json")
        with pytest.raises(ModelError, match="看不懂"):
            model_of(double)

    def test_web_page_for_a_list(self, double: Double) -> None:
        double.lists = sends(b"<!doctype html><title>Open WebUI</title>", 200, "text/html")
        with pytest.raises(ModelError, match="网页"):
            model_of(double)

    def test_list_needs_the_key(self, double: Double) -> None:
        double.lists = says({"error": {"message": "missing key"}}, 401)
        with pytest.raises(ModelError, match="WENJU_API_KEY"):
            model_of(double)

    def test_list_without_an_end_is_not_read_to_it(self, double: Double) -> None:
        sent = []

        def endless(handler: Handler) -> None:
            handler.begin(200, "application/json")
            with contextlib.suppress(OSError):
                for _ in range(1000):
                    handler.send(b" " * (1 << 20))
                    sent.append(1)

        double.lists = endless
        with pytest.raises(ModelError, match="4 MB"):
            model_of(double)
        assert len(sent) < 100

    def test_packed_list_is_unpacked_no_further_than_a_list_may_be_long(self, double: Double) -> None:
        named = json.dumps({"data": [{"id": "packed"}]}).encode()
        double.lists = sends(gzip.compress(named), 200, "application/json", Content_Encoding="gzip")
        assert model_of(double).name == "packed"
        assert double.seen[-1][1]["Accept-Encoding"] == "identity"
        double.lists = sends(gzip.compress(bytes(512 << 20), 9), 200, "application/json", Content_Encoding="gzip")
        tracemalloc.start()
        with pytest.raises(ModelError, match="4 MB"):
            model_of(double)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
        tracemalloc.stop()

    def test_list_that_never_comes(self, double: Double) -> None:
        double.lists = hangs
        with pytest.raises(ModelError, match=r"0.2 秒"):
            model_of(double, connect=0.2)


class TestAddress:
    @pytest.mark.parametrize(
        ("url", "base"),
        [
            ("http://localhost:8000", "http://localhost:8000/v1"),
            (" http://localhost:8000/v1/ ", "http://localhost:8000/v1"),
            ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
            ("https://example.org/compatible-mode/v1", "https://example.org/compatible-mode/v1"),
            ("https://example.org/api/paas/v4/", "https://example.org/api/paas/v4"),
            ("https://example.org/v1beta/openai/", "https://example.org/v1beta/openai"),
            ("https://example.org/api", "https://example.org/api/v1"),
            ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
            ("http://localhost:8000/v1/models", "http://localhost:8000/v1"),
            ("https://example.org/models", "https://example.org/v1"),
        ],
    )
    def test_is_brought_to_one_form(self, url: str, base: str) -> None:
        assert base_address(url) == base
        assert base_address(base) == base

    @pytest.mark.parametrize(
        "url",
        ["", "localhost:8000", "127.0.0.1:8000/v1", "ftp://localhost", "http://", "http:///v1", "http://a:b", "http://a:99999", "http://[::1", "http：//localhost:8000", "http://localhost：8000", "http://lo calhost", "服务器"],
    )  # fmt: skip
    def test_that_is_none(self, url: str) -> None:
        with pytest.raises(ModelError, match="WENJU_SERVER") as raised:
            server_model(url, patience=AMPLE)
        assert repr(url) in raised.value.english and "http://localhost:8000/v1" in str(raised.value)

    @pytest.mark.parametrize("url", ["http://me:geheim@localhost:8000", "http://localhost:8000/v1?key=geheim"])
    def test_with_a_secret(self, url: str) -> None:
        with pytest.raises(ModelError, match="WENJU_API_KEY") as raised:
            server_model(url, patience=AMPLE)
        assert "geheim" not in f"{raised.value}{raised.value.english}"


class TestKey:
    """The key is sent to the server, and goes nowhere else, whatever the server does with it."""

    @pytest.mark.parametrize(
        "do",
        [
            says({"error": {"message": f"Incorrect API key provided: {KEY}."}}, 401),
            says({"error": {"message": f"no quota for {KEY}"}}, 429),
            sends(f"bad {KEY}".encode(), 400),
            sends(f"{'x' * 290}{KEY}".encode(), 500),
            sends(f"Authorization: Bearer {KEY}\n".encode()),
            sends(b"data: " + json.dumps({"error": f"key {KEY}"}).encode() + b"\n\n"),
            sends(b"", 302, Location=f"https://example.org/?key={KEY}"),
            lambda handler: handler.send(f"HTTP/9 {KEY}\r\n\r\n".encode()),
        ],
    )
    def test_is_in_no_message_and_no_log(self, double: Double, do: Does, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        double.does = (do,)
        model = model_of(double, key=KEY)
        _, error = until_it_fails(model)
        shown = [str(error), error.english, repr(error), repr(model), caplog.text, *traceback.format_exception(error)]
        assert KEY[:12] not in "".join(shown)

    def test_blanks_around_it_do_no_harm(self, double: Double) -> None:
        written(model_of(double, key=f" {KEY}\n"))
        assert double.seen[-1][1]["Authorization"] == f"Bearer {KEY}"

    @pytest.mark.parametrize("key", ["geheim 1", "geheim\n1", "ｇｅｈｅｉｍ", "geheim\x00"])
    def test_that_cannot_be_sent(self, double: Double, key: str) -> None:
        with pytest.raises(ModelError, match="WENJU_API_KEY") as raised:
            model_of(double, key=key)
        assert key not in f"{raised.value}{raised.value.english}"


class TestProxies:
    @pytest.fixture(autouse=True)
    def proxies(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")

    def test_do_not_stand_between_this_machine_and_itself(self, double: Double) -> None:
        assert written(model_of(double)) == "好。"
        assert written(server_model(f"http://localhost:{double.server_port}", patience=AMPLE)) == "好。"

    def test_nor_does_one_that_cannot_be_used(self, double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("all_proxy", "socks9://127.0.0.1:9")
        assert written(model_of(double)) == "好。"
        with pytest.raises(ModelError, match="ALL_PROXY"):
            server_model("http://example.org", patience=AMPLE)

    def test_are_named_when_they_fail(self) -> None:
        with pytest.raises(ModelError, match="NO_PROXY") as raised:
            server_model("http://example.org", patience=AMPLE)
        assert "NO_PROXY" in raised.value.english


class TestRoom:
    @pytest.mark.parametrize(
        ("said", "room"),
        [({"max_model_len": 4096}, 3328), ({"max_model_len": 40960}, 6000), ({"context_length": 2048}, 1280), ({"max_model_len": 512}, 256), ({}, SAFE_ROOM), ({"max_model_len": None}, SAFE_ROOM), ({"max_model_len": "8k"}, SAFE_ROOM)],
    )  # fmt: skip
    def test_is_what_the_answer_leaves(self, double: Double, said: dict[str, Any], room: int) -> None:
        double.lists = says({"data": [{"id": "m", **said}]})
        assert model_of(double).room == room

    @pytest.mark.parametrize(
        ("name", "said", "parameters"),
        [
            ("m", {}, 0),
            ("qwen2.5:0.5b", {}, 500_000_000),
            ("Qwen/Qwen3-30B-A3B", {}, 30_000_000_000),
            ("gpt-4o", {}, 0),
            ("a1b2c", {}, 0),
            ("x-7b-chat", {"meta": {"n_params": 6_738_415_616}}, 6_738_415_616),
            ("m", {"meta": {"n_params": "many"}}, 0),
            ("m", {"meta": None}, 0),
        ],
    )
    def test_tells_how_large_it_is(self, double: Double, name: str, said: dict[str, Any], parameters: int) -> None:
        double.lists = says({"data": [{"id": name, **said}]})
        assert model_of(double).parameters == parameters

    def test_counts_rather_too_much(self, double: Double) -> None:
        count = UNASKED.count
        assert (count(""), count("商都路有120名党员。"), count("a new model"), count("𠮷😀，")) == (0, 11, 6, 3)

    @given(st.text(max_size=50), st.text(max_size=50))
    def test_parts_have_no_fewer_than_the_whole(self, first: str, second: str) -> None:
        assert UNASKED.count(first + second) <= UNASKED.count(first) + UNASKED.count(second)


# The real thing, in a process that ends when this one does, however that comes about.
SERVE = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from transformers.cli.transformers import main
main()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerModel]:
    """The tiny model behind `transformers serve`."""
    pytest.importorskip("openai")
    pytest.importorskip("accelerate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [
        sys.executable,
        "-c",
        SERVE,
        "serve",
        str(TINY),
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--device",
        "cpu",
    ]
    environment = os.environ | {"HF_HUB_CACHE": str(tmp_path_factory.mktemp("hub"))}  # without that folder, no list
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment) as process,
    ):
        try:
            yield running(process, f"http://127.0.0.1:{port}")
        except ModelError:
            print(log.read_text())
            raise
        finally:
            process.kill()


def running(process: subprocess.Popen[bytes], url: str) -> ServerModel:
    """The model on a server that is starting."""
    while True:
        try:
            model = server_model(url, model=str(TINY))
            assert isinstance(model, ServerModel)
            return model
        except ModelError:
            if process.poll() is not None:
                raise


@pytest.mark.slow
def answering(passages: str, question: str) -> list[Message]:
    return [Message("user", render("answer", passages=passages, question=question))]


LAKE = answering("[1] 东湖\n东湖街道的书记是王建国。", "东湖街道的书记是谁？")
ROAD = answering("[1] 长兴路\n长兴路街道设了74个卡点。", "长兴路街道设了多少个卡点？")


class TestRealServer:
    """`transformers serve` names no models, refuses fields that it does not know, and streams."""

    def test_answers_as_the_model_does_in_this_process(self, served: ServerModel) -> None:
        alone = load_transformers_model(TINY)
        for messages in (LAKE, ROAD):
            text = "".join(served.generate(messages, most=40))
            assert text == "".join(alone.generate(messages, most=40))
            assert len(text) > 5

    def test_many_at_once_and_some_who_leave(self, served: ServerModel) -> None:
        def ask(number: int) -> str:
            with contextlib.closing(served.generate(LAKE, most=30)) as pieces:
                return next(filter(None, pieces)) if number % 2 else "".join(pieces)

        whole = "".join(served.generate(LAKE, most=30))
        with ThreadPoolExecutor(6) as people:
            answers = list(people.map(ask, range(6)))
        assert answers[::2] == [whole] * 3
        assert all(whole.startswith(start) for start in answers[1::2])

    def test_its_answers_are_cited_and_checked(self, served: ServerModel, sample: Collection) -> None:
        model = ServerModel(served._server, served.name, context=1368)  # 600 for the prompt: it was made for so many
        answer = Answerer(sample, writer=GenerativeWriter(model)).answer("商都路街道到2021年年中有多少名党员？")
        assert "2584" in answer.text and not answer.refused and answer.model == str(TINY)
        assert answer.citations and all(claim.supported for claim in answer.claims)
