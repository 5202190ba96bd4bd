"""Metrics of text, rankings and citations against their worked examples, and against independent implementations."""

from __future__ import annotations

import doctest
import random
import re
from types import ModuleType

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage
from qa.answer import Citation, Claim
from qa.evaluation.metrics import answer_text, citations, estimates, retrieval
from qa.evaluation.metrics.citations import quote_exact, recall_and_precision
from qa.evaluation.questions.cases import Case

# Few characters, so that they meet often; nothing that normal forms would change.
TEXTS = st.text("桥长米大河年a b12.，、。%", max_size=14)
HAN = st.text("桥长米大河年", max_size=12)


@pytest.mark.parametrize("module", [answer_text, citations, retrieval, estimates])
def test_worked_examples(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert tried > 3
    assert failed == 0


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("共有2584名。", "2584"),
        ("共有 2,584 名", "2584名"),
        ("共有２，５８４名", "2584 名"),
        ("人口达2,790,060，居全国第一", "2,790,060"),
        ("共3.5万人", "3.5万"),
        ("占15%", "15％"),
        ("于2019、2020年举办", "2019"),
        ("增加到1千万。2007年第三次更新", "1千万"),
        ("赔款四百万两", "四百万"),
        ("一万两千人", "一万两千"),
        ("“十五”、“三十”和“四十”", "三十"),
        ("國內生產總值", "国内生产总值"),
        ("使用gpt 4 和New  York的数据", "GPT-4"),
        ("使用gpt 4 和New-York的数据", "New York"),
        ("南希·佩洛西", "南希佩洛西"),
        ("①2584名；②86个", "2584"),
        ("重点三个方面", "三个"),
        ("版本1.2，3项", "1.2"),
    ],
)
def test_what_stands_there_is_found(text: str, reference: str) -> None:
    assert answer_text.holds(text, reference)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("共有12584名", "2584"),
        ("共有25840名", "2584"),
        ("共有2584.5元", "2584"),
        ("共有1.2584元", "2584"),
        ("占15%", "5%"),
        ("占0.5%", "5%"),
        ("占5", "5%"),
        ("共35万人", "3.5万"),
        ("共3.5万人", "35万"),
        ("共3万亿元", "3万"),
        ("共3万5000元", "3万"),
        ("在2019、2020年", "20192020"),
        ("二十五个", "五个"),
        ("十三日", "三日"),
        ("三点五个", "五个"),
        ("三十个", "三"),
        ("三万两千人", "三万"),
        ("MAIN", "AI"),
        ("桥长八百米", "800米"),
        ("桥长八百米", ""),
        ("", "桥"),
        ("桥", "，"),
    ],
)
def test_parts_of_other_numbers_and_words_are_not_found(text: str, reference: str) -> None:
    assert not answer_text.holds(text, reference)


@given(TEXTS, TEXTS, TEXTS)
def test_borders_of_han_hide_nothing(before: str, reference: str, after: str) -> None:
    assert answer_text.holds(f"{before}在{reference}在{after}", reference) == bool(answer_text.plain(reference))


@given(TEXTS)
def test_a_plain_text_is_plain(text: str) -> None:
    assert answer_text.plain(answer_text.plain(text)) == answer_text.plain(text)


def test_plain_keeps_decimal_points_apart_from_full_stops() -> None:
    assert answer_text.plain("3.5万，35万. 3．5") == "3.5万 35万 3.5"
    assert answer_text.plain("v1.") == "v1"


def cmrc_segments(text: str) -> list[str]:
    """As the script is described: punctuation away, each Han character apart, what is between them cut at blanks."""
    segments: list[str] = []
    word = ""
    for character in text.lower().strip():
        if character in "-:_*^/\\~`+=，。：？！“”；’《》……·、「」（）－～『』":
            continue
        if re.match("[一-龥]", character):
            segments += word.replace("%", " % ").split()
            word = ""
            segments.append(character)
        else:
            word += character
    return segments + word.replace("%", " % ").split()


def cmrc_f1(prediction: str, answers: list[str]) -> float:
    best = 0.0
    for answer in answers:
        one, other = cmrc_segments(answer), cmrc_segments(prediction)
        runs = (
            length
            for length in range(len(one), 0, -1)
            for i in range(len(one) - length + 1)
            for j in range(len(other) - length + 1)
            if one[i : i + length] == other[j : j + length]
        )
        run = next(runs, 0)
        if run:
            precision, recall = run / len(other), run / len(one)
            best = max(best, 2 * precision * recall / (precision + recall))
    return best


# Where a mark stands between two figures or words, the script makes one word of them; this is meant to differ.
CMRC_TEXTS = st.lists(
    st.sampled_from(["桥", "长", "米", "米，", "大，", "河。", "年、", "12米", "3.5万", "gpt河", "a b桥", "5%，"]),
    max_size=8,
).map("".join)


@given(CMRC_TEXTS, st.lists(CMRC_TEXTS, min_size=1, max_size=3))
def test_f1_and_exact_agree_with_the_description_of_the_cmrc_script(text: str, answers: list[str]) -> None:
    assert answer_text.f1(text, answers) == pytest.approx(cmrc_f1(text, answers))
    cut = ["".join(cmrc_segments(answer)) for answer in answers]
    assert answer_text.exact(text, answers) == float(bool(text) and "".join(cmrc_segments(text)) in cut)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_scores_keep_their_order_and_bounds(text: str, answers: list[str]) -> None:
    exact, f1, rouge = (measure(text, answers) for measure in (answer_text.exact, answer_text.f1, answer_text.rouge_l))
    assert 0 <= exact <= f1 <= 1
    assert exact <= rouge <= 1
    assert rouge + 1e-9 >= answer_text.rouge_l(text, answers[:1])


@given(HAN, HAN)
def test_longest_subsequence_agrees_with_the_table(one: str, other: str) -> None:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    assert answer_text.longest_subsequence(one, other) == table[-1][-1]


def test_nothing_scores_nothing() -> None:
    assert (
        answer_text.f1("", ["桥"])
        == answer_text.f1("桥", [""])
        == answer_text.f1("", [""])
        == answer_text.f1("桥", [])
        == 0
    )
    assert answer_text.exact("", [""]) == answer_text.exact("。", ["，"]) == answer_text.rouge_l("", [""]) == 0
    assert answer_text.contained("桥", []) == answer_text.coverage([], [["桥"]]) == 0


def test_references_of_parts_are_joined_and_bounded() -> None:
    many = Case("1", "?", answer_groups=(tuple("甲乙丙丁"),) * 7)
    assert len(answer_text.references(many)) == 64
    assert answer_text.references(Case("1", "?", answers=("甲", "乙"))) == ("甲", "乙")
    assert answer_text.references(Case("1", "?")) == ()


def test_rankings_agree_with_ir_measures() -> None:
    drawing = random.Random(5)
    measures = ["Success@1", "Success@5", "Success@10", "R@5", "R@10", "RR@10", "nDCG@10"]
    parsed = [ir_measures.parse_measure(name) for name in measures]
    rankings, wanted = {}, {}
    for number in range(200):
        everything = [f"d{i}" for i in range(20)]
        rankings[f"q{number}"] = drawing.sample(everything, drawing.randrange(1, 16))
        wanted[f"q{number}"] = set(drawing.sample(everything, drawing.randrange(1, 14)))
    run = {query: {item: -float(place) for place, item in enumerate(ranking)} for query, ranking in rankings.items()}
    judged = {query: dict.fromkeys(relevant, 1) for query, relevant in wanted.items()}
    theirs = {(found.query_id, str(found.measure)): found.value for found in ir_measures.iter_calc(parsed, judged, run)}
    for query, ranking in rankings.items():
        relevant = wanted[query]
        ours = [retrieval.hit(ranking, relevant, k) for k in (1, 5, 10)]
        ours += [retrieval.recall(ranking, relevant, k) for k in (5, 10)]
        ours += [
            retrieval.reciprocal_rank(ranking, relevant, 10),
            retrieval.ndcg(ranking, relevant, 10),
        ]
        assert ours == pytest.approx([theirs[query, str(measure)] for measure in parsed]), query


def test_rankings_of_nothing() -> None:
    for measure in (
        retrieval.hit,
        retrieval.recall,
        retrieval.reciprocal_rank,
        retrieval.ndcg,
    ):
        assert measure([], {"a"}, 10) == measure(["a"], frozenset(), 10) == 0


def citations(*texts: str) -> list[Citation]:
    return [
        Citation(number, Passage(f"{number}#0", str(number), text, 0, len(text)), text, 0, len(text))
        for number, text in enumerate(texts, 1)
    ]


def claim(*numbers: int) -> Claim:
    return Claim("甲乙", 0, 2, numbers, True)


def has_both(claim: str, source: str) -> bool:
    return "甲" in source and "乙" in source


@pytest.mark.parametrize(
    ("claims", "recall", "precision"),
    [
        ([claim(1)], 1, 1),  # alone
        ([claim(2, 3)], 1, 1),  # only together: neither can be left out
        ([claim(1, 2)], 1, 0.5),  # the second is of no use
        ([claim(1, 5)], 1, 1),  # each alone, so both are precise
        ([claim(2)], 0, 0),  # too little
        ([claim(2, 4)], 0, 0),  # too little together
        ([claim()], 0, 0),  # nothing cited
        ([claim(9)], 0, 0),  # a number that leads nowhere
        ([], 0, 0),
        ([claim(1), claim()], 0.5, 1),
        ([claim(1), claim(1, 4), claim(4)], 2 / 3, 2 / 4),
    ],
)
def test_citation_recall_and_precision_by_hand(claims: list[Claim], recall: float, precision: float) -> None:
    found = recall_and_precision(claims, citations("甲乙", "甲", "乙", "丙", "乙甲"), has_both)
    assert found == pytest.approx((recall, precision))


def test_quotes_of_nothing_or_nowhere_are_not_exact() -> None:
    here = citations("桥长八百米。")[0]
    assert quote_exact([here], {"1": "桥长八百米。完。"}.__getitem__) == 1
    assert quote_exact([here], {"1": "桥长九百米。"}.__getitem__) == 0
    assert quote_exact([here], {"1": ""}.__getitem__) == 0
    assert quote_exact([here], {}.__getitem__) == 0
    empty = Citation(1, here.passage, "", 3, 3)
    assert quote_exact([empty, here], {"1": "桥长八百米。"}.__getitem__) == 0.5
    assert quote_exact([], {}.__getitem__) == 0


def test_yes_and_no_are_words_of_their_own() -> None:
    for text in ("是", "是。", "對的，是張三", "不，是的[1]", "“是”"):
        assert answer_text.holds(text, "对" if text.startswith("對") else "是"), text
    for text in ("书记张三如是说。", "不是", "是非", "可是没有", ""):
        assert not answer_text.holds(text, "是"), text
    assert answer_text.holds("有三座桥", "有三座")  # only where it is all of the reference
