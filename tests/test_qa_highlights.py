from collections.abc import Mapping
from typing import cast

import pytest

from embeddings.encoders.loading import load_encoder
from qa.answer import Claim
from qa.reading.features import Asked, ask_about
from qa.reading.highlights import highlights
from qa.reading.reader import Read, Reading
from qa.reading.spans.finder import LEAST_WORTH, Found, SpanFinder, load_spans
from qa.reading.units import Unit


class Finder:
    """Finds what it was told to find for a question, in the first text that has it."""

    def __init__(self, answers: Mapping[str, tuple[str, float]]) -> None:
        self.answers = answers

    def find(self, asked: Asked, texts: list[str], shares: list[float]) -> Found | None:
        words, worth = self.answers[asked.text]
        claim = next((number for number, text in enumerate(texts) if words in text), None)
        if claim is None:
            return None
        start = texts[claim].index(words)
        return Found(claim, (start, start + len(words)), worth)


def reading(question: str, believed: str = "") -> Reading:
    asked = ask_about(question, lambda term: 1.0, load_encoder("hashing"))
    unit = Unit(0, 0, len(believed), (0, len(believed)), believed)
    return Reading(asked, (Read(unit, 0.9),) if believed else (), 0.9)


def claims_of(*texts: str, supported: bool = True) -> list[Claim]:
    claims, at = [], 0
    for number, text in enumerate(texts, 1):
        claims.append(Claim(text, at, at + len(text) + 3, (number,), supported))
        at += len(text) + 3
    return claims


def marked(answers: Mapping[str, tuple[str, float]], readings: list[Reading], claims: list[Claim]) -> list[str]:
    shown = "".join(f"{claim.text}[{claim.citations[0]}]" for claim in claims)
    spans = highlights(cast(SpanFinder, Finder(answers)), readings, claims)
    return [shown[start:end] for start, end in spans]


def test_what_is_found_is_marked_where_the_answer_has_it() -> None:
    claims = claims_of("街道有小河三条。", "街道有党员2584名。")
    assert marked({"党员？": ("2584名", 0.9)}, [reading("党员？")], claims) == ["2584名"]


def test_what_is_hardly_expected_to_answer_is_not_marked() -> None:
    claims = claims_of("街道有党员2584名。")
    for worth, expected in ((LEAST_WORTH - 0.01, []), (LEAST_WORTH, ["2584名"])):
        assert marked({"党员？": ("2584名", worth)}, [reading("党员？")], claims) == expected


def test_a_mark_is_less_than_all() -> None:
    answers = {"为什么？": ("因为下了三天的雨", 0.9)}
    assert marked(answers, [reading("为什么？")], claims_of("因为下了三天的雨。")) == []
    assert marked(answers, [reading("为什么？")], claims_of("停工了，因为下了三天的雨，河水涨了。")) != []


def test_nothing_unsupported_is_marked() -> None:
    claims = claims_of("街道有党员2584名。", supported=False)
    assert marked({"党员？": ("2584名", 0.9)}, [reading("党员？")], claims) == []


def test_each_part_of_a_question_is_marked_in_its_own_claim() -> None:
    claims = claims_of("甲街道有党员20名。", "乙街道有小河20条。")
    answers = {"党员？": ("20", 0.9), "小河？": ("20", 0.8)}
    parts = [reading("党员？", claims[0].text), reading("小河？", claims[1].text)]
    spans = highlights(cast(SpanFinder, Finder(answers)), parts, claims)
    assert [claim.start < start < claim.end for claim, (start, _) in zip(claims, spans, strict=True)] == [True, True]


def test_marks_do_not_overlap() -> None:
    claims = claims_of("街道有党员2584名，小河三条。")
    answers = {"党员？": ("2584名", 0.9), "人？": ("党员2584名", 0.8)}
    assert marked(answers, [reading("党员？"), reading("人？")], claims) == ["2584名"]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("云溪街道有多少名党员？", "云溪街道有基层党组织74个、党员2584名。", "2584名"),
        ("清出了多少淤泥？", "工程共清出淤泥12万立方米。", "12万立方米"),
        ("食堂什么时候开张？", "食堂于2021年5月8日开张，可坐五十人。", "2021年5月8日"),
        ("云溪街道的党工委书记是谁？", "云溪街道党工委书记李明华说，要抓紧。", "李明华"),
        ("云溪街道位于哪里？", "云溪街道位于郑州市东部，有小河三条。", "郑州市东部"),
        ("李明华获得了什么奖？", "2020年，李明华获得了“春风奖”，并在会上讲话。", "春风奖"),
    ],
)
def test_the_shipped_finder_marks_the_plainest_answers(question: str, text: str, answer: str) -> None:
    claims = claims_of(text)
    spans = highlights(load_spans(), [reading(question, text)], claims)
    marked_text = "".join(text[start:end] for start, end in spans)
    assert answer in marked_text and len(marked_text) <= len(answer) + 2


def test_what_was_added_in_brackets_is_never_marked() -> None:
    claims = claims_of("1990年，他〔张伟明〕获得一等奖，去了郑州。")
    for words, expected in (
        ("1990年", ["1990年"]),
        ("一等奖", ["一等奖"]),
        ("他获得一等奖", ["获得一等奖"]),
        ("1990年，他获", ["1990年，他"]),
    ):
        assert marked({"何时？": (words, 0.9)}, [reading("何时？")], claims) == expected
