"""What an operator sees: figures that Prometheus can read, lines that say nothing anybody wrote."""

from __future__ import annotations

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.answer import Answer, Claim, Question
from qa.observing import logs
from qa.observing.metrics import Metrics

PASSAGE = Passage("p1", "a1", "渡口每天有六班船。", 0, 9)
ANSWER = Answer(
    Question("渡口每天有几班船？"), "渡口每天有几班船？", "渡口每天有六班船。[1]",
    claims=(Claim("渡口每天有六班船。", 0, 9, (1,), True), Claim("末班船七点。", 9, 15, (), False, "没有")),
    hits=(Hit(PASSAGE, 0.5, 1),), done=True, model="wenju", seconds={"search": 0.004, "read": 0.2, "total": 0.3},
)  # fmt: skip
SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"(,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? [0-9.e+-]+|# (HELP|TYPE) .+'
)


def test_answers_are_counted_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.answered(ANSWER, "page")
    metrics.answered(ANSWER, "page")
    metrics.failed(ValueError("渡口"), "api")
    metrics.set("wenju_queue", 3)
    text = metrics.text()
    assert all(SAMPLE.fullmatch(line) for line in text.splitlines()), text
    assert 'wenju_requests_total{way="page"} 2\n' in text
    assert 'wenju_claims_total{supported="no"} 2\n' in text
    assert 'wenju_errors_total{error="ValueError",way="api"} 1\n' in text
    assert "wenju_queue 3\n" in text
    assert 'wenju_stage_seconds_bucket{stage="read",le="0.1"} 0\n' in text
    assert 'wenju_stage_seconds_bucket{stage="read",le="0.25"} 2\n' in text
    assert 'wenju_stage_seconds_bucket{stage="read",le="+Inf"} 2\n' in text
    assert 'wenju_stage_seconds_sum{stage="read"} 0.4\n' in text
    assert "渡口" not in text
    assert text.count("# TYPE wenju_stage_seconds histogram") == 1


def test_labels_cannot_break_out_of_their_line() -> None:
    metrics = Metrics()
    metrics.count("wenju_errors_total", error='a"}\n# TYPE x \\')
    assert metrics.text().splitlines()[-1] == 'wenju_errors_total{error="a\\"}\\n# TYPE x \\\\"} 1'


def test_many_threads_lose_no_count() -> None:
    metrics = Metrics()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: metrics.answered(ANSWER, "api"), range(400)))
    assert 'wenju_requests_total{way="api"} 400\n' in metrics.text()


@pytest.mark.parametrize("texts", [False, True])
def test_a_line_has_the_number_and_no_words_unless_asked(texts: bool, caplog: pytest.LogCaptureFixture) -> None:
    number = logs.request_id()
    with caplog.at_level(logging.INFO, logs.NAME):
        logs.answered(ANSWER, number, "page", texts=texts)
        try:
            raise ValueError("渡口在哪里")
        except ValueError as error:
            logs.failed(error, number, "page")
    answered, failed = (json.loads(record.getMessage()) for record in caplog.records)
    assert answered["request"] == failed["request"] == number
    assert (answered["claims"], answered["unsupported"], answered["seconds"]["read"]) == (2, 1, 0.2)
    assert ("渡口" in caplog.text) is texts
    assert failed["where"].startswith("test_a_line")
    assert len({logs.request_id() for _ in range(50)}) > 45
