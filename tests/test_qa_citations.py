import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage
from qa.citations import Marked, cite, parse_marks, whole_marks

TEXT = "平安社区有党员86名。社区建成三处养老服务站，共有床位40张。"
PASSAGES = [
    Passage("a#0", "a", TEXT, 100, 100 + len(TEXT), title="平安社区"),
    Passage("b#0", "b", "云溪街道拆除违建2.8万平方米。", 0, 16, title="云溪街道"),
]


def spans(passage: Passage, start: int, end: int) -> tuple[tuple[int, int], ...]:
    return ((start, end),)


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        ("甲。[1]乙。[2]", [("甲。", (1,)), ("乙。", (2,))]),
        ("甲[1]。乙[2]。", [("甲。", (1,)), ("乙。", (2,))]),
        ("甲。[1][3]", [("甲。", (1, 3))]),
        ("甲。［1］【2】", [("甲。", (1, 2))]),
        ("甲。[1,3]乙。[2-4]", [("甲。", (1, 3)), ("乙。", (2, 3, 4))]),
        ("甲。乙。[2]", [("甲。", ()), ("乙。", (2,))]),
        ("……甲……[1]", [("……甲……", (1,))]),
        ("[1]甲。", [("甲。", (1,))]),
        ("甲", [("甲", ())]),
        ("", []),
    ],
)
def test_marks_belong_to_the_sentence_before_them(written: str, parsed: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(m.text, m.numbers) for m in parse_marks(written)] == parsed


def test_each_number_marks_one_quote_in_order_of_appearance() -> None:
    text, claims, citations = cite(
        "云溪街道拆除违建2.8万平方米。[2]平安社区有党员86名。[1]共有床位40张。[1]", PASSAGES, spans
    )
    assert text == "云溪街道拆除违建2.8万平方米。[1]平安社区有党员86名。[2]共有床位40张。[3]"
    assert [c.quote for c in citations] == [PASSAGES[1].text, TEXT[:11], TEXT[11:]]
    assert all(c.passage.text[c.start - c.passage.start : c.end - c.passage.start] == c.quote for c in citations)
    assert all(claim.supported for claim in claims)
    assert [text[c.start : c.end] for c in claims][1] == "平安社区有党员86名。[2]"


def test_a_claim_that_fails_keeps_no_mark() -> None:
    text, claims, citations = cite("平安社区有党员96名。[1]", PASSAGES, spans)
    assert text == "平安社区有党员96名。"
    assert not claims[0].supported and "96" in claims[0].problem
    assert citations == ()


def test_marks_that_point_nowhere_are_dropped_and_bare_sentences_attributed() -> None:
    text, claims, _ = cite("平安社区有党员86名。[9]今天天气很好。", PASSAGES, spans)
    assert text == "平安社区有党员86名。[1]今天天气很好。"
    assert [c.supported for c in claims] == [True, False]


def test_half_a_mark_is_held_back() -> None:
    assert whole_marks("甲。[1][2") == "甲。[1]"
    assert whole_marks("甲。[") == "甲。"
    assert whole_marks("甲。[1]") == "甲。[1]"


@given(st.text(alphabet="甲乙。，[]［］【】()0123456789-,、 \n^", max_size=60))
def test_no_mark_however_broken_points_at_a_wrong_passage(written: str) -> None:
    _, claims, citations = cite(written, PASSAGES, spans)
    numbers = {c.number for c in citations}
    assert numbers == set(range(1, len(citations) + 1))
    for claim in claims:
        assert set(claim.citations) <= numbers
    for citation in citations:
        assert citation.passage in PASSAGES and citation.quote in citation.passage.text


def test_dots_that_open_a_sentence_are_not_the_end_of_the_one_before() -> None:
    marked = parse_marks("街道新增健身器材……[1]……年底前打通7条路。[2]")
    assert [m.text for m in marked] == ["街道新增健身器材……", "……年底前打通7条路。"]
    assert [m.text for m in parse_marks("街道新增健身器材[1]……")] == ["街道新增健身器材……"]


def test_a_question_and_what_answers_it_are_one_claim() -> None:
    marked = parse_marks("问：谁在牵头？\n答：区里成立了领导小组。[1]")
    assert marked == [Marked("问：谁在牵头？\n答：区里成立了领导小组。", (1,))]
