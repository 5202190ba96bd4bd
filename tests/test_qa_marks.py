import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.checking.mark_forms import find_marks
from qa.checking.marks import Marked, ends_in_mark, parse_marks, unchecked, whole_marks

OUTPUTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "marked_outputs.jsonl").read_text(encoding="utf-8").splitlines()
]
PIECES = """
甲 乙 丙 丁甲 戊己 86名 。 。 ， 、 ！ ； [1] [2] ［1］ 【3】 [1,2] [1-3] [9] [0] [ ] ［ 【 】 （ ） ( ) ^ ^1^ [^2] ¹ ²³ ① ② <sup>1</sup>
<sup> $^{1}$ $ (1) （来源1） （见资料 来源 资料 资料1 根据 根据资料2， 资料[1]指出， 【1†source】 † [citation:1] [Doc - ~ 至 ** * # 1. -
〔2019〕 [2019] ” “ … ……
"""
broken = st.lists(st.sampled_from([*PIECES.split(), " ", "\n", "\n\n", "\\"]), max_size=25).map("".join)


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output["written"][:30])
def test_every_form_is_read(output: dict[str, object]) -> None:
    marked = parse_marks(str(output["written"]))
    assert [[one.text, list(one.numbers)] for one in marked] == output["sentences"]


def test_there_are_two_hundred_outputs_and_all_differ() -> None:
    assert len({output["written"] for output in OUTPUTS}) >= 200


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output["written"][:30])
def test_a_stream_cut_anywhere_shows_a_beginning_of_the_text_and_no_mark(output: dict[str, object]) -> None:
    written = str(output["written"])
    shown = plain("".join(marked.text for marked in parse_marks(written)))
    for end in range(len(written)):
        assert shown.startswith(plain(unchecked(written[:end]))), written[:end]


@given(broken)
@example("甲甲甲甲甲，[1] 甲（见资料[1]")
def test_nothing_that_a_writer_says_is_lost(written: str) -> None:
    marked = parse_marks(written)
    said = "".join(one.text for one in marked)
    assert re.findall("[甲乙丙丁戊己]", said) == re.findall("[甲乙丙丁戊己]", written)
    assert {number for one in marked for number in one.numbers} <= {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 86} | set(
        range(10, 1000)
    )
    assert all(one.text.strip() == one.text for one in marked)


@given(broken)
def test_marks_stand_where_they_are_said_to(written: str) -> None:
    marks = find_marks(written)
    assert all(0 <= mark.start < mark.end <= len(written) and mark.numbers for mark in marks)
    assert all(one.end <= other.start for one, other in pairwise(marks))


@given(broken)
def test_half_a_mark_is_only_ever_cut_from_the_end(written: str) -> None:
    assert written.startswith(whole_marks(written))
    assert isinstance(ends_in_mark(written), bool)


@given(st.text(max_size=80))
def test_any_text_can_be_read(written: str) -> None:
    parse_marks(written, [written[10:]])
    unchecked(written)
    ends_in_mark(written)


def test_half_a_mark_is_held_back() -> None:
    assert whole_marks("甲。[1][2") == "甲。[1]"
    assert whole_marks("甲。[") == "甲。"
    assert whole_marks("甲。[1]") == "甲。[1]"
    assert [whole_marks("甲（" + half) for half in ("", "来", "来源", "来源：1", "见资料2")] == ["甲"] * 5
    assert whole_marks("甲（乙") == "甲（乙"
    assert [whole_marks(half) for half in ("根", "根据资", "根据资料1", "甲<su", "甲<sup>1</", "甲^1")][3:] == [
        "甲"
    ] * 3


@pytest.mark.parametrize(
    "written",
    [
        "甲。[1]",
        "甲【1】",
        "甲（来源1）",
        "甲^1^",
        "甲<sup>1</sup>",
        "甲¹",
        "甲。[1] ",
        "甲[1](#a)",
        "**甲**[1]",
        "甲。\n[1]",
    ],
)
def test_a_mark_at_the_end_is_seen(written: str) -> None:
    assert ends_in_mark(written)


@pytest.mark.parametrize(
    "written",
    ["甲", "甲。", "甲[1", "（甲）", "[2019]", "甲[1]乙", "根据资料1，", "甲>", "", "甲[若干]", "资料[2]", "$^{[1]"],
)
def test_what_is_no_mark_does_not_end_a_sentence(written: str) -> None:
    assert not ends_in_mark(written)


@pytest.mark.parametrize(
    ("written", "sources", "parsed"),
    [
        (
            "社区有党员86名[1]，床位40张。[2]",
            ["平安社区有党员86名[1]，床位40张。"],
            [("社区有党员86名〔1〕，床位40张。", (2,))],
        ),
        ("社区有党员86名。[1][2]", ["平安社区有党员86名。[1]床位40张。"], [("社区有党员86名。〔1〕", (2,))]),
        ("[3]共有床位四十张。[1]", ["党员86名。[3]共有床位四十张。"], [("〔3〕共有床位四十张。", (1,))]),
        ("……[3]共有床位四十张……[1]", ["党员86名。[3]共有床位四十张，分在三处。"], [("……〔3〕共有床位四十张……", (1,))]),
        ("社区有党员86名【1】。[2]", ["社区有党员86名【1】。"], [("社区有党员86名〔1〕。", (2,))]),
        ("如资料1所示，桥长八百米。[2]", ["如资料1所示，桥长八百米。"], [("如资料1所示，桥长八百米。", (2,))]),
        ("社区有党员86名。[1]", ["社区有党员86名。床位40张。"], [("社区有党员86名。", (1,))]),
    ],
)
def test_numbers_copied_from_an_article_are_no_marks(
    written: str, sources: list[str], parsed: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(one.text, one.numbers) for one in parse_marks(written, sources)] == parsed


def test_line_breaks_and_blanks_between_sentences_are_kept() -> None:
    marked = parse_marks("做法有：\n- 甲。[1]\n\n- 乙。[2] It is so. [3] It was.")
    assert [one.before for one in marked] == ["", "\n", "\n\n", "", " "]
    assert marked[1] == Marked("- 甲。", (1,), "\n")


def test_dots_that_open_a_sentence_are_not_the_end_of_the_one_before() -> None:
    marked = parse_marks("街道新增健身器材……[1]……年底前打通7条路。[2]")
    assert [m.text for m in marked] == ["街道新增健身器材……", "……年底前打通7条路。"]
    assert [m.text for m in parse_marks("街道新增健身器材[1]……")] == ["街道新增健身器材……"]


def test_a_question_and_what_answers_it_are_one_claim() -> None:
    marked = parse_marks("问：谁在牵头？\n答：区里成立了领导小组。[1]")
    assert marked == [Marked("问：谁在牵头？\n答：区里成立了领导小组。", (1,))]


@pytest.mark.parametrize(
    "piece", ["资料1、", "（来源", "[1、资料", "[1,", "\n", "\n来源", "根据资料1，", "^[1][2]", "<sup>", "$^{", "[["]
)
def test_what_repeats_without_end_is_read_to_the_end(piece: str) -> None:
    assert isinstance(parse_marks(piece * 300), list)
    assert isinstance(unchecked(piece * 300), str)


def test_a_mark_behind_a_full_stop_leaves_the_next_sentence_its_first_word() -> None:
    first, second = parse_marks("港口受损严重。[1]报道称，港口是主要通道。[2]")
    assert (first.text, first.numbers) == ("港口受损严重。", (1,))
    assert (second.text, second.numbers) == ("报道称，港口是主要通道。", (2,))
