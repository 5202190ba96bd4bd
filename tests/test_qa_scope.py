"""What may be asked, and of which articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.errors import QuestionError
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from qa.answer import Question, Turn
from qa.questions.scope import LONGEST_ANSWER, LONGEST_QUESTION, MOST_TURNS, checked, with_dates
from qa.writing.refusals import nothing_within

TODAY = date(2022, 3, 16)


def collection(folder: Path, *dates: str) -> Collection:
    articles = [Article(f"a{number}", "桥", f"第{number}座桥通车。", published=day) for number, day in enumerate(dates)]
    return Collection.build(folder, articles, encoder=load_encoder("hashing"))


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with collection(tmp_path_factory.mktemp("scope") / "c", "2019-05-02", "2021-07-15", "2021", "") as built:
        yield built


@pytest.mark.parametrize("given", [None, 123, ["问"], b"\xff", Question(None), Question(7)])  # type: ignore[arg-type]
def test_what_is_no_text_is_no_question(given: Any) -> None:
    with pytest.raises(QuestionError, match="应当是一段文字"):
        checked(given)


@pytest.mark.parametrize("given", ["", " \n\t", "\x00", "　", "长" * (LONGEST_QUESTION + 1)])
def test_questions_that_cannot_be_asked(given: str) -> None:
    with pytest.raises(QuestionError):
        checked(given)


@pytest.mark.slow
def test_a_question_comes_in_one_line_and_with_a_bounded_memory() -> None:
    history = (Turn("问" * 100_000, "答" * 100_000),) * 5000
    asked = checked(Question(" 桥\n多长？ ", history))
    assert asked.text == "桥 多长？"
    assert len(asked.history) == MOST_TURNS
    assert {(len(turn.question), len(turn.answer)) for turn in asked.history} == {(LONGEST_QUESTION, LONGEST_ANSWER)}


def test_dates_of_the_question_limit_the_search(dated: Collection) -> None:
    asked = with_dates(Question("去年下半年通了几座桥？"), dated, TODAY)
    assert (asked.since, asked.until, asked.dates) == ("2021-07-01", "2021-12-31", "去年下半年")
    found = dated.search(asked.text, 9, since=asked.since, until=asked.until)
    assert {hit.passage.article_id for hit in found} == {"a1", "a2"}
    assert dated.count(since=asked.since, until=asked.until) == 2
    assert nothing_within(asked, dated) == ""


def test_limits_that_are_given_are_kept_and_dates_can_be_left_alone(dated: Collection, tmp_path: Path) -> None:
    given = Question("去年下半年通了几座桥？", since="2018")
    assert with_dates(given, dated, TODAY) == given
    alone = Question("去年下半年通了几座桥？", read_dates=False)
    assert with_dates(alone, dated, TODAY) == alone
    with collection(tmp_path / "c", "", "") as undated:
        asked = Question("去年下半年通了几座桥？")
        assert with_dates(asked, undated, TODAY) == asked


def test_when_something_happened_may_be_told_by_an_article_without_a_date(dated: Collection, tmp_path: Path) -> None:
    asked = Question("今年上半年通了几座桥？")
    assert with_dates(asked, dated, TODAY) == asked
    with collection(tmp_path / "c", "2019-05-02", "2021-07-15") as all_dated:
        assert with_dates(asked, all_dated, TODAY).since == "2022-01-01"


def test_an_empty_range_is_told_with_what_there_is(dated: Collection) -> None:
    asked = with_dates(Question("昨天通了几座桥？"), dated, TODAY)
    told = nothing_within(asked, dated)
    assert "2022-03-15 至 2022-03-15" in told
    assert "2019-05-02 到 2021-07-15" in told
    assert "since 2023-01-01" in nothing_within(Question("桥？", since="2023-01-01"), dated, "en")
    assert "选定的 2 篇" in nothing_within(Question("桥？", articles=("x", "y")), dated)
    assert nothing_within(Question("桥？", articles=("a3",)), dated) == ""
    assert nothing_within(Question("桥？", articles=("a3",), until="2030"), dated)
