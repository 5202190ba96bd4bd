"""Twenty people at once on the page over the sample articles, with the embedded models."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answerer import Answerer
from qa.library.indexes import sample_collection, sample_questions
from qa.settings import Settings
from qa.web.crowd import Asked, Crowd, crowd

QUESTIONS = (
    "商都路街道到2021年年中有多少名党员？", "金水区2021年计划打通多少条断头路？", "火星上有没有生命？",
    "商都路街道办刚挂牌那会儿，辖区的党支部之类的组织有几个？", "你好",
)  # fmt: skip


def test_percentiles_and_what_went_wrong() -> None:
    told = Crowd(2, tuple(Asked(str(n), float(n), "错" if n == 3 else "") for n in range(1, 21)), 30.0)
    assert (told.percentile(0.5), told.percentile(0.95), told.percentile(1)) == (10.0, 19.0, 20.0)
    assert [each.question for each in told.wrong] == ["3"]
    assert Crowd(1, (Asked("一", 2.0),), 2.0).percentile(0.95) == 2.0


@pytest.mark.slow
def test_twenty_people_get_their_own_answers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model="wenju")
    with sample_collection(settings) as samples:
        questions = (*QUESTIONS, *sample_questions())
        told = crowd(Answerer(samples, settings=settings), questions, settings, users=20, each=2)
    print(f"p50 {told.percentile(0.5):.2f} s, p95 {told.percentile(0.95):.2f} s, {len(told.asked)} questions")
    assert len(told.asked) == 40
    assert told.wrong == ()
