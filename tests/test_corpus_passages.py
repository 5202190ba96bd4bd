"""Passages: exact offsets, sizes, and borders in the right places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Passage
from corpus.text.passages import split_passages
from corpus.text.sentences import split_sentences


def passages(text: str, size: int = 300) -> list[Passage]:
    return split_passages(Article(id="a", title="题", text=text, source="a.txt", published="2021-07"), size)


def sentence(length: int, mark: str = "。") -> str:
    return "路" * (length - 1) + mark


def test_short_article_is_one_passage_with_the_facts_of_its_article() -> None:
    (passage,) = passages("  路修好了。\n灯也亮了。\n")
    assert (passage.id, passage.article_id, passage.title) == ("a#0", "a", "题")
    assert (passage.source, passage.published) == ("a.txt", "2021-07")
    assert (passage.text, passage.start, passage.end) == ("路修好了。\n灯也亮了。", 2, 13)


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_nothing_but_blanks_gives_no_passage(text: str) -> None:
    assert passages(text) == []


def test_size_must_be_positive() -> None:
    with pytest.raises(ValueError, match="0"):
        passages("路。", 0)


def test_passages_are_about_the_size_and_the_last_is_not_tiny() -> None:
    for count in range(11, 60):
        lengths = [len(passage.text) for passage in passages(sentence(30) * count)]
        assert max(lengths) <= 450
        assert min(lengths) >= 150, (count, lengths)
        assert sum(lengths) == 30 * count


def test_paragraph_border_is_preferred_near_the_size() -> None:
    paragraph = sentence(30) * 8 + sentence(20)
    first, *_ = passages("\n".join([paragraph] * 3))
    assert first.text == paragraph


def test_heading_sticks_to_the_text_below_it() -> None:
    text = "\n".join([sentence(40) * 7, "二、修路的经过", sentence(40) * 7, "三、以后的打算", sentence(40) * 7])
    found = passages(text)
    assert [passage.text.split("\n")[0] for passage in found[1:]] == ["二、修路的经过", "三、以后的打算"]


def test_line_that_announces_a_list_sticks_to_the_list() -> None:
    found = passages(sentence(40) * 7 + "\n今年要办的事情如下：\n" + sentence(40) * 7)
    assert found[1].text.startswith("今年要办的事情如下：")


def test_long_sentence_is_cut_at_clauses() -> None:
    found = passages(sentence(70, "，") * 10 + "完。")
    assert len(found) > 1
    assert all(passage.text[-1] in "，。" for passage in found)
    assert max(len(passage.text) for passage in found) <= 450


def test_text_without_marks_is_cut_into_even_pieces() -> None:
    lengths = [len(passage.text) for passage in passages("路" * 1000)]
    assert max(lengths) - min(lengths) <= 1
    assert sum(lengths) == 1000


def test_hard_cut_prefers_a_blank_but_not_after_a_number() -> None:
    found = passages("word " * 200, 100)
    assert all(passage.text.startswith("word") and passage.text.endswith("word") for passage in found)
    joined = "路" * 95 + "1000 万元" + "路" * 95
    assert not any(passage.text.endswith("1000") for passage in passages(joined, 100))


_PIECES = st.sampled_from(
    ["路修好了。", "灯亮，", "“好！”", "\n", "\n\n", "二、经过\n", "如下：\n", "（一）", "路" * 70, "a b. C ", " "]
)


@given(st.lists(_PIECES, max_size=60).map("".join), st.integers(1, 120))
def test_offsets_sizes_and_cover(text: str, size: int) -> None:
    end = 0
    for index, passage in enumerate(passages(text, size)):
        assert passage.id == f"a#{index}"
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert 0 < len(passage.text) <= max(1, int(1.5 * size))
        assert passage.start >= end
        assert not text[end : passage.start].strip()
        end = passage.end
    assert not text[end:].strip()


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_sentences_that_fit_are_never_cut(text: str) -> None:
    starts = {passage.start for passage in passages(text, 100)}
    for start, end in split_sentences(text):
        if end - start <= 150:
            assert not any(start < inside < end for inside in starts)
