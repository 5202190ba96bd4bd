"""Scores of answers made by hand, right and wrong in every way there is, and what many rows come to."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from corpus.article import Passage
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from qa.answer import Answer, Citation, Claim, Question
from qa.answerer import Answerer
from qa.evaluation.metrics.scoring import METRIC, METRICS, refusal_curve, score, shown_text, summarise
from qa.evaluation.questions.cases import Case
from qa.evaluation.results import Row, record_of
from qa.library.indexes import SAMPLE_QUESTIONS

ARTICLES = {
    "桥": "柳河大桥五月通车，全长820米。大桥由李明和王芳设计。",
    "路": "柳河路全长1820米，十年前修成。",
    "塔": "柳河塔高40米。",
}
LENGTH = Case("1", "柳河大桥有多长？", answers=("820米", "820公尺"), articles=("桥",), wrong_answers=("1820米",))
BOTH = Case("2", "谁设计了大桥？", answer_groups=(("李明",), ("王芳",)), articles=("桥",))
NOBODY = Case("3", "柳河大桥花了多少钱？", answerable=False)
SECONDS = {"search": 0.01, "read": 0.02, "unheard of": 5.0, "total": 0.03}


def passage(name: str) -> Passage:
    text = ARTICLES[name]
    return Passage(f"{name}#0", name, text, 0, len(text), name)


def cited(number: int, name: str, quote: str) -> Citation:
    start = ARTICLES[name].index(quote)
    return Citation(number, passage(name), quote, start, start + len(quote))


def answered(*sentences: tuple[str, Sequence[Citation]], hits: str = "桥路塔", highlight: str = "") -> Answer:
    text, claims, citations = "", [], []
    for sentence, rests_on in sentences:
        start = len(text)
        text += sentence + "".join(f"[{citation.number}]" for citation in rests_on)
        numbers = tuple(citation.number for citation in rests_on)
        claims.append(Claim(sentence, start, len(text), numbers, bool(rests_on)))
        citations += rests_on
    found = tuple(Hit(passage(name), 0.5, rank) for rank, name in enumerate(hits, 1))
    marked = ((text.index(highlight), text.index(highlight) + len(highlight)),) if highlight else ()
    question = Question("?")
    return Answer(question, "?", text, tuple(claims), tuple(citations), found, marked, 0.8, done=True, seconds=SECONDS)


def refused(confidence: float = 0.1, hits: str = "桥路塔") -> Answer:
    return replace(answered(("没有找到。", ()), hits=hits), claims=(), refused=True, confidence=confidence)


def scored(case: Case, answer: Answer, relevant: frozenset[str] = frozenset({"桥"})) -> dict[str, float]:
    scores = score(case, answer, relevant=relevant, text_of=ARTICLES.__getitem__)
    assert all(math.isfinite(value) and value >= 0 for value in scores.values())
    return scores


RIGHT = answered(
    ("柳河大桥五月通车，全长820米。", [cited(1, "桥", "柳河大桥五月通车，全长820米。")]), highlight="820米"
)


def test_a_right_answer() -> None:
    found = scored(LENGTH, RIGHT)
    ones = ("contained", "coverage", "exact", "f1", "citation_recall", "citation_precision", "quote_exact", "evidence")
    ones += ("right_article", "any_right_article", "answered", "hit@1", "recall@5", "mrr@10", "ndcg@10")
    assert {key: found[key] for key in (*ones, "answer_in_hits@1")} == dict.fromkeys((*ones, "answer_in_hits@1"), 1.0)
    assert found["wrong_shown"] == found["misled"] == 0
    # 820米 against 柳河大桥五月通车全长820米: 4 characters of 14 and of 4.
    assert found["rouge_l"] == pytest.approx(2 * 4 / 18)
    assert (found["length"], found["claims"]) == (len("柳河大桥五月通车，全长820米。"), 1)
    assert (found["search"], found["read"], found["seconds"]) == (0.01, 0.02, 0.03)
    assert "unheard of" not in found
    assert "refusal_recall" not in found


def test_a_wrong_answer_from_the_wrong_article() -> None:
    wrong = answered(
        ("柳河路全长1820米，十年前修成。", [cited(1, "路", "柳河路全长1820米，十年前修成。")]), hits="路塔桥"
    )
    found = scored(LENGTH, replace(wrong, highlights=((5, 10),)))
    zeros = (
        "contained",
        "coverage",
        "exact",
        "evidence",
        "right_article",
        "any_right_article",
        "hit@1",
        "answer_in_hits@1",
    )
    assert {key: found[key] for key in zeros} == dict.fromkeys(zeros, 0.0)
    assert found["wrong_shown"] == found["misled"] == 1
    # 1820 is another number than 820: of two segments only 米 is common.
    assert found["f1"] == 0.5
    assert found["mrr@10"] == pytest.approx(1 / 3)
    assert found["hit@5"] == found["answer_in_hits@5"] == 1
    assert found["quote_exact"] == found["citation_recall"] == 1  # true to its source, which is another one


def test_the_wrong_beside_the_right_does_not_mislead() -> None:
    both = answered(("不是1820米，是820米。", ()))
    assert scored(LENGTH, both)["misled"] == 0
    assert "misled" not in scored(BOTH, both)


def test_a_refusal_scores_nothing_where_there_is_an_answer() -> None:
    found = scored(LENGTH, refused(), frozenset({"路"}))
    zeros = ("contained", "coverage", "exact", "f1", "rouge_l", "answered", "wrong_shown", "misled")
    assert {key: found[key] for key in zeros} == dict.fromkeys(zeros, 0.0)
    assert found["mrr@10"] == 0.5  # what was searched for is scored, whatever was made of it
    assert not {"citation_recall", "quote_exact", "evidence", "right_article", "length", "claims"} & set(found)


def test_a_refusal_whose_words_hold_the_answer_is_still_one() -> None:
    spoken = replace(refused(), text="没有找到820米。")
    assert scored(LENGTH, spoken)["contained"] == 0


def test_where_there_is_no_answer_only_refusing_is_right() -> None:
    right, wrong = scored(NOBODY, refused(), frozenset()), scored(NOBODY, RIGHT, frozenset())
    speed = {"search", "read", "seconds"}
    assert set(right) == {"refusal_recall", "wrong_shown", *speed}
    assert set(wrong) == {"refusal_recall", "wrong_shown", "length", "claims", *speed}
    assert (right["refusal_recall"], right["wrong_shown"]) == (1, 0)
    assert (wrong["refusal_recall"], wrong["wrong_shown"]) == (0, 1)


def test_required_parts() -> None:
    half = answered(("大桥由李明设计。", [cited(1, "塔", "柳河塔高40米。")]))
    found = scored(BOTH, half)
    assert (found["contained"], found["coverage"], found["evidence"], found["wrong_shown"]) == (0, 0.5, 0, 1)
    whole = answered(("大桥由李明和王芳设计。", [cited(1, "桥", "大桥由李明和王芳设计。")]))
    found = scored(BOTH, whole)
    assert (found["contained"], found["coverage"], found["evidence"], found["wrong_shown"]) == (1, 1, 1, 0)


def test_the_right_article_second() -> None:
    road, bridge = cited(1, "路", "十年前修成。"), cited(2, "桥", "全长820米。")
    found = scored(LENGTH, answered(("十年前修成。", [road]), ("全长820米。", [bridge])))
    assert (found["right_article"], found["any_right_article"], found["evidence"]) == (0, 1, 1)


def test_an_altered_quote_is_found() -> None:
    altered = replace(RIGHT.citations[0], quote="柳河大桥五月通车，全长820里。")
    found = scored(LENGTH, replace(RIGHT, citations=(altered,)))
    assert found["quote_exact"] == found["evidence"] == 0
    assert found["contained"] == 1


def test_a_claim_that_its_passage_does_not_support() -> None:
    made_up = answered(("柳河大桥全长820米。", [cited(1, "塔", "柳河塔高40米。")]))
    found = scored(LENGTH, made_up)
    assert found["contained"] == 1
    assert found["citation_recall"] == found["citation_precision"] == found["right_article"] == found["evidence"] == 0


def test_an_answer_without_evidence() -> None:
    bare = replace(answered(("全长820米。", ())), claims=())
    found = scored(LENGTH, bare)
    assert found["contained"] == found["exact"] + 1 == 1
    assert found["citation_recall"] == found["citation_precision"] == found["evidence"] == found["right_article"] == 0
    assert "quote_exact" not in found  # there is no quote that could be false


def test_marks_are_no_part_of_the_text() -> None:
    quote = cited(2, "桥", "大桥由李明和王芳设计。")
    marked = answered(("共有1", [quote]), ("2个。", [quote]))
    assert marked.text == "共有1[2]2个。[2]"
    assert shown_text(marked) == "共有1 2个。"
    case = Case("9", "?", answers=("12个",))
    assert scored(case, marked)["contained"] == 0
    assert shown_text(replace(marked, claims=())) == "共有1 2个。"
    # What looks like a mark inside a claim is a part of the source.
    assert shown_text(answered(("国发[15]号文件。", [quote]))) == "国发[15]号文件。"
    assert scored(Case("9", "?", answers=("2",)), answered(("共有一个。", [quote])))["contained"] == 0


def test_the_short_answer_is_what_is_highlighted() -> None:
    assert scored(LENGTH, RIGHT)["exact"] == 1
    assert scored(LENGTH, replace(RIGHT, highlights=()))["exact"] == 0
    at = [RIGHT.text.index(word) for word in ("五月", "820")]
    two = replace(RIGHT, highlights=((at[0], at[0] + 2), (at[1], at[1] + 4)))
    assert scored(replace(LENGTH, answers=("五月820米",)), two)["exact"] == 1


def test_what_is_not_known_is_not_scored() -> None:
    unknown = scored(Case("4", "?"), RIGHT, frozenset())
    assert {"contained", "evidence", "wrong_shown", "hit@1", "right_article", "answer_in_hits@1"}.isdisjoint(unknown)
    assert unknown["answered"] == unknown["quote_exact"] == 1
    assert "hit@1" not in scored(LENGTH, RIGHT, frozenset())


def test_retrieval_counts_articles_once() -> None:
    found = scored(LENGTH, answered(("?", ()), hits="路路塔塔桥"))
    assert found["mrr@10"] == pytest.approx(1 / 3)
    assert found["answer_in_hits@5"] == 1
    assert found["answer_in_hits@1"] == 0


def test_nothing_found_scores_nothing() -> None:
    found = scored(LENGTH, refused(hits=""))
    assert all(found[key] == 0 for key in METRIC if METRIC[key].group == "retrieval")


def row(case: Case, answer: Answer) -> Row:
    return Row(case, record_of(answer), scored(case, answer, frozenset({"桥"}) if case.answerable else frozenset()))


def test_means_by_hand() -> None:
    half = answered(("大桥由李明设计。", [cited(1, "桥", "大桥由李明和王芳设计。")]))
    rows = [
        row(LENGTH, RIGHT),
        row(LENGTH, refused(0.2)),
        row(BOTH, half),
        row(NOBODY, refused(0.1)),
        row(NOBODY, replace(RIGHT, confidence=0.8)),
        Row(LENGTH, problem="服务器没有回答。"),
        replace(row(NOBODY, refused(0.9)), problem="什么都不算。"),
    ]
    found = {key: (round(estimate.value, 4), estimate.n) for key, estimate in summarise(rows).items()}
    assert found["contained"] == (0.3333, 3)
    assert found["coverage"] == (0.5, 3)  # (1 + 0 + 1/2) / 3
    assert found["evidence"] == (1, 2)
    assert found["wrong_shown"] == (0.4, 5)
    assert found["answered"] == (0.6667, 3)
    assert found["refusal_recall"] == found["refusal_precision"] == (0.5, 2)
    # Confidence 0.8, 0.2, 0.8 with an answer, 0.1 and 0.8 without: 3 of 6 pairs won, two tied, one lost.
    assert found["refusal_area"] == (round(4 / 6, 4), 5)
    assert found["length_p50"] == (len("柳河大桥五月通车，全长820米。"), 3)
    assert found["seconds_p95"] == (0.03, 5)
    assert found["search_p50"] == (0.01, 5)
    assert "write_p50" not in found
    assert list(found) == [key for key in METRIC if key in found]


def test_summaries_of_little() -> None:
    assert summarise([]) == summarise([Row(LENGTH, problem="x")]) == {}
    one = summarise([row(LENGTH, RIGHT)])
    assert all(estimate.n == 1 for estimate in one.values())
    assert (one["contained"].value, one["contained"].low) == (1, pytest.approx(0.025))  # one right answer proves little
    assert one["seconds_p50"].low == one["seconds_p50"].high
    assert "refusal_precision" not in one
    assert "refusal_area" not in one
    without = summarise([row(NOBODY, refused()), row(NOBODY, RIGHT)])
    assert without["refusal_recall"].value == 0.5
    assert "refusal_precision" not in without  # refusing is always right there
    broken = Row(LENGTH, {"confidence": 0.5}, {"contained": float("nan"), "f1": 1.0})
    assert set(summarise([broken])) == {"f1"}


def test_the_curve_of_refusals() -> None:
    rows = [row(LENGTH, replace(RIGHT, confidence=c)) for c in (0.2, 0.6, 0.6)]
    rows += [row(NOBODY, refused(c)) for c in (0.1, 0.6)]
    points = [(round(p.threshold, 4), round(p.answered, 4), p.refused) for p in refusal_curve(rows)]
    assert points == [(0, 1, 0), (0.1, 1, 0), (0.2, 1, 0.5), (0.6, 0.6667, 0.5), (0.6, 0, 1)]
    assert refusal_curve(rows[:3]) == refusal_curve(rows[3:]) == refusal_curve([]) == ()


def many_rows(n: int) -> list[Row]:
    random = np.random.default_rng(1)
    keys = [m.key for m in METRICS if not m.key.endswith(("_p50", "_p95")) and not m.key.startswith("refusal")]
    values = random.random((n, len(keys)))
    # A few metrics have as many values as rows, most have two or three.
    few = [key not in ("f1", "rouge_l") for key in keys]
    values[:, few] = np.round(values[:, few] * 2) / 2
    confidences = random.random(n).round(4)
    return [
        Row(
            LENGTH if i % 3 else NOBODY,
            {"confidence": float(confidences[i]), "refused": i % 4 == 0},
            dict(zip(keys, map(float, values[i]), strict=True)) | {"seconds": float(values[i, 0]), "length": 9.0},
        )
        for i in range(n)
    ]


def test_many_rows_are_summed_up_and_drawn() -> None:
    rows = many_rows(3000)
    found = summarise(rows)
    assert all(estimate.low <= estimate.value <= estimate.high for estimate in found.values())
    assert found == summarise(rows)
    curve = refusal_curve(rows)
    assert len(curve) == 101
    assert (curve[0].answered, curve[0].refused) == (1, 0)
    assert (curve[-1].answered, curve[-1].refused) == (0, 1)
    assert all(
        a.threshold < b.threshold and a.answered >= b.answered and a.refused <= b.refused for a, b in pairwise(curve)
    )


def test_every_metric_is_named_in_both_languages() -> None:
    assert len(METRIC) == len(METRICS)
    for metric in METRICS:
        assert metric.chinese and metric.english and metric.definition_chinese and metric.definition_english
        assert metric.definition_chinese.endswith("。"), metric.key
        assert metric.definition_english.endswith("."), metric.key


@pytest.mark.slow
def test_everything_scored_has_a_name(sample: Collection) -> None:
    """The program itself on questions of its own set: sane scores, each with a metric, and true quotes."""
    answerer = Answerer(sample)
    rows = []
    for line in SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines()[::8]:
        plain = json.loads(line)
        case = Case(plain["id"], plain["question"], tuple(plain["answers"]), answerable=plain["answerable"])
        answer = answerer.answer(case.question)
        scores = score(case, answer, relevant=frozenset(), text_of=lambda name: sample.article(name).text)
        rows.append(Row(case, record_of(answer), scores))
        assert shown_text(answer) == "".join(claim.text for claim in answer.claims) or answer.refused
    found = summarise(rows)
    shown = {key for row in rows for key in row.scores}
    assert shown - {"seconds", "length", "rewrite", "search", "read", "write", "check"} <= set(found)
    assert found["quote_exact"].value == found["citation_recall"].value == 1
    assert found["contained"].value > 0.6
    assert found["refusal_area"].value > 0.5
