"""One model, one question, every way in: `ask()`, a stream, the command line, the page and an evaluation agree.

What answers here is the small language model of these tests, run as any other would be.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from embeddings.collections.collection import Collection
from qa import Answer, Answerer, Question, ask, evaluate
from qa.cli.main import main
from qa.evaluation.questions.cases import Case, QuestionSet
from qa.observing.watch import Watch
from qa.settings import Settings
from qa.web.conversation import begun, grow
from qa.web.texts import words

pytestmark = pytest.mark.slow

TINY = Path(__file__).parent / "tiny_qwen3"
QUESTIONS = ("商都路街道到2021年年中有多少名党员？", "金水区2021年计划打通多少条断头路？", "火星上有多少个社区？")


@pytest.fixture(autouse=True)
def _facts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.writing.generative_writer.FACTS_FROM", 0)


@pytest.fixture(scope="module")
def answerer(sample: Collection) -> Answerer:
    return Answerer(sample, settings=replace(Settings.from_environment(), model=str(TINY)))


def seen(answer: Answer) -> tuple[Any, ...]:
    """What a person sees of an answer, whatever shows it."""
    quotes = [(citation.number, citation.source, citation.quote) for citation in answer.citations]
    claims = [(claim.text, list(claim.citations), claim.supported) for claim in answer.claims]
    return answer.text, answer.refused, answer.model, claims, quotes


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_way_in_gives_the_same_answer(
    question: str, answerer: Answerer, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = answerer.answer(question)
    assert (whole.instead_of or whole.model) == "tiny_qwen3" and whole.refused == ("火星" in question)

    *_, streamed = answerer.stream(question)
    assert seen(streamed) == seen(whole)
    assert seen(ask(question, model=str(TINY))) == seen(whole)
    *_, exchange = grow(begun(Question(question), ()), answerer, words("zh"), Event(), Watch().begin("page"))
    assert seen(exchange.answer) == seen(whole)

    assert main(["ask", question, "--json", "--model", str(TINY)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["text"], told["refused"], told["model"]) == seen(whole)[:3]
    assert [[c["text"], c["citations"], c["supported"]] for c in told["claims"]] == [list(c) for c in seen(whole)[3]]

    case = Case("1", question, answerable=not whole.refused)
    evaluation = evaluate(QuestionSet("一题", (case,)), collection=answerer.collection, settings=answerer.settings)
    (row,) = evaluation.rows
    assert not row.problem and (row.record["text"], row.record["refused"]) == seen(whole)[:2]
    assert evaluation.about["model"] == "tiny_qwen3"


def test_an_evaluation_asks_a_language_model_in_threads(answerer: Answerer) -> None:
    cases = tuple(Case(str(number), question) for number, question in enumerate(QUESTIONS * 2))
    asked = {"collection": answerer.collection, "settings": answerer.settings}
    alone = evaluate(QuestionSet("六题", cases), **asked)  # type: ignore[arg-type]
    together = evaluate(QuestionSet("六题", cases), workers=3, **asked)  # type: ignore[arg-type]
    assert [row.record["text"] for row in together.rows] == [row.record["text"] for row in alone.rows]
    assert not any(row.problem for row in together.rows)
