import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage
from qa.checking.citations import cite
from qa.checking.marks import ends_in_mark, parse_marks, unchecked
from qa.checking.verification import find_problem, source_of

TEXT = "平安社区有党员86名。社区建成三处养老服务站，共有床位40张。"
PASSAGES = [
    Passage("a#0", "a", TEXT, 100, 100 + len(TEXT), title="平安社区"),
    Passage("b#0", "b", "云溪街道拆除违建2.8万平方米。", 0, 16, title="云溪街道"),
]
FOOTNOTE = "食堂每餐收费[1]十二元，老人[2]减半。"
NOTED = Passage("c#0", "c", FOOTNOTE, 0, len(FOOTNOTE), title="食堂")


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


def test_a_claim_that_fails_can_be_left_out() -> None:
    written = "平安社区有党员96名。[1]社区共有床位40张。[1]\n主要有：\n- 党员96名。[1]"
    text, claims, citations = cite(written, PASSAGES, spans, remove=True)
    assert text == "社区共有床位40张。[1]"
    assert [text[c.start : c.end] for c in claims] == [text]
    assert [c.quote for c in citations] == [TEXT[11:]]
    assert cite("平安社区有党员96名。[1]", PASSAGES, spans, remove=True) == ("", (), ())


def test_marks_that_point_nowhere_are_dropped_and_bare_sentences_attributed() -> None:
    text, claims, _ = cite("平安社区有党员86名。[9]今天天气很好。", PASSAGES, spans)
    assert text == "平安社区有党员86名。[1]今天天气很好。"
    assert [c.supported for c in claims] == [True, False]


def test_a_mark_at_the_wrong_passage_is_put_right_where_another_says_it() -> None:
    text, claims, citations = cite("平安社区有党员86名。[2]街道新增床位99张。[2]", PASSAGES, spans)
    assert text == "平安社区有党员86名。[1]街道新增床位99张。"
    assert [c.supported for c in claims] == [True, False]
    assert citations[0].passage == PASSAGES[0]


def test_of_several_passages_only_those_are_cited_that_say_it() -> None:
    _, _, citations = cite("平安社区有党员86名。[1][2]", PASSAGES, spans)
    assert [c.passage for c in citations] == PASSAGES[:1]
    both, claims, citations = cite("平安社区有党员86名，云溪街道拆除违建2.8万平方米。[1][2]", PASSAGES, spans)
    assert both.endswith("[1][2]") and claims[0].supported
    assert [c.passage for c in citations] == PASSAGES


def test_the_sentence_before_a_mark_rests_on_the_same_passage() -> None:
    text, claims, _ = cite("平安社区现在共有党员86名。社区共有床位40张。[1]", PASSAGES, spans)
    assert text == "平安社区现在共有党员86名。[1]社区共有床位40张。[2]"
    assert all(claim.supported for claim in claims)


def test_lists_and_their_headings_stay_readable() -> None:
    written = "**主要情况如下：**\n\n1. **党员**：平安社区有党员86名[1]。\n2. 社区共有床位40张[1]。\n\n参考资料：\n[1] 平安社区"
    text, claims, _ = cite(written, PASSAGES, spans)
    assert text == "主要情况如下：\n\n1. 党员：平安社区有党员86名。[1]\n2. 社区共有床位40张。[2]"
    assert [claim.supported for claim in claims] == [True, True]
    assert text[claims[0].start : claims[0].end] == "1. 党员：平安社区有党员86名。[1]"


def test_a_heading_may_not_bring_in_what_no_passage_says() -> None:
    _, claims, _ = cite("去年新增床位99张，包括：\n- 平安社区有党员86名。[1]", PASSAGES, spans)
    assert [claim.supported for claim in claims] == [False, True]


def test_footnotes_of_an_article_do_not_become_citations() -> None:
    passages = [*PASSAGES, NOTED]
    text, claims, citations = cite("食堂每餐收费[1]十二元，老人[2]减半。[3]", passages, spans)
    assert text == "食堂每餐收费〔1〕十二元，老人〔2〕减半。[1]"
    assert claims[0].supported and claims[0].citations == (1,)
    assert [(c.passage, c.quote) for c in citations] == [(NOTED, FOOTNOTE)]


def test_what_an_answer_that_was_cut_off_has_of_a_mark_is_dropped() -> None:
    assert cite("平安社区有党员86名。[", PASSAGES, spans)[0] == "平安社区有党员86名。[1]"
    assert cite("平安社区有党员86名[1,", PASSAGES, spans)[0] == "平安社区有党员86名[1]"


PIECES = """
平安社区有党员86名 社区共有床位40张 云溪街道拆除违建2.8万平方米 今天天气很好 。 ， ： 甲乙 [ ] ［ ］ 【 】 ( ) （ ） 0 1 2 3 86 , - 、 ^ ¹ ① **
[1] [2] 【3】 [1-2] （来源1） 根据资料2， [1]指出， 参考资料： 来源：
"""


@given(st.lists(st.sampled_from([*PIECES.split(), "\n", " "]), max_size=20).map("".join), st.booleans())
def test_no_mark_however_broken_points_at_a_wrong_passage(written: str, remove: bool) -> None:
    text, claims, citations = cite(written, PASSAGES, spans, remove=remove)
    numbers = {c.number: c.passage for c in citations}
    assert list(numbers) == list(range(1, len(citations) + 1))
    end = 0
    for claim in claims:
        assert end <= claim.start < claim.end <= len(text) and text[claim.start :].startswith(claim.text)
        end = claim.end
        assert set(claim.citations) <= set(numbers) and bool(claim.citations) == claim.supported == (not claim.problem)
        if claim.supported:
            assert not find_problem(claim.text, source_of(numbers[n] for n in claim.citations))
    for citation in citations:
        assert citation.passage in PASSAGES and citation.quote in citation.passage.text


@pytest.mark.parametrize(
    "written",
    [
        "平安社区有党员86名[1]。云溪街道拆除违建2.8万平方米[2]。",
        "平安社区有党员86名。（来源1）云溪街道拆除违建2.8万平方米。（来源：资料2）",
        "根据资料1，平安社区有党员86名。资料[2]指出，云溪街道拆除违建2.8万平方米。",
        "平安社区有党员86名。[1]-[2]云溪街道拆除违建2.8万平方米。^[2]^",
        "**平安社区**有党员86名<sup>1</sup>。\n- 云溪街道拆除违建2.8万平方米【2†source】\n\n参考资料：\n[1] 平安社区",
        "平安社区有党员86名$^{[1]}$。社区共有床位40张[[1]](#a)。",
    ],
)
def test_a_growing_answer_never_shows_half_a_mark_and_ends_as_the_whole(written: str) -> None:
    whole = cite(written, PASSAGES, spans)
    checked, shown = 0, ""
    for end in range(1, len(written) + 1):
        if ends_in_mark(written[:end]):
            shown, checked = cite(written[:end], PASSAGES, spans)[0], end
        growing = shown + unchecked(written[:end], checked)
        without = re.sub(r"\[[12]\]", "", growing)
        assert not re.search(r"[\[\]【】†^<>$*\\]|来源|资料|参考|指出|根据", without), growing
    assert cite(written, PASSAGES, spans) == whole
    assert all(claim.supported for claim in whole[1]) and len(whole[1]) == 2
