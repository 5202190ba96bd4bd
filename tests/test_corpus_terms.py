"""Terms: what a person writes differently meets, jieba and its fast twin agree, nothing that counts is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import terms as module
from corpus.text.cutting import jieba_search_cutter
from corpus.text.terms import pairs, squeeze, terms

SENTENCES = [
    "商都路街道共有党员2584名，其中35岁以下的占31.5%。",
    "图书馆新馆建筑面积1.2万平方米，藏书三十余万册，今年6月1日起向市民开放。",
    "王泓翔在郑东新区创办了一家做人工智能芯片的公司，名叫“星帆智算”。",
    "iPhone15和5G手机在covid-19之后卖得怎么样？a.com的keep-alive设置是什么？",
    "二〇二一年七月，全市完成投资１２，３４５万元，同比增长百分之八点六！",
    "他说：“我不去。”她问：“为什么？”——没有人回答……",
    "龘靐㐂𠮷野家の店，カタカナ한국어Ελλάδα",
    "北京市海淀区中关村南大街五号（北京理工大学）的楼上，有三个会议室。",
]


def test_rjieba_and_jieba_give_the_same_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rjieba")
    pieces = [sentence[start : start + 7] for sentence in SENTENCES for start in range(0, len(sentence), 3)]
    texts = SENTENCES + [first + second for first in pieces[::5] for second in pieces[1::7]]
    fast = [terms(text) for text in texts]
    cutter = jieba_search_cutter()
    monkeypatch.setattr(module, "search_cutter", lambda: cutter)
    assert [terms(text) for text in texts] == fast


def test_traditional_and_simplified_meet() -> None:
    assert terms("圖書館裡有多少黨員？") == terms("图书馆里有多少党员？")


def test_width_and_case_meet() -> None:
    assert terms("２５８４名ＡＢＣ") == terms("2584名abc")


@pytest.mark.parametrize(
    ("text", "figure"),
    [("占3.5%", "3.5"), ("共12,345人", "12345"), ("党员2584名", "2584"), ("版本1.2.3", "3"), ("于2021.7.5", "2021")],
)
def test_figures_stay_whole(text: str, figure: str) -> None:
    assert figure in terms(text)


def test_circle_zero_is_zero() -> None:
    assert terms("二〇二一") == terms("二零二一")


def test_a_name_the_dictionary_does_not_know_can_be_found_in_another_context() -> None:
    assert "犇羴" in terms("请问犇羴在哪里")
    assert "犇羴" in terms("犇羴的老板")


def test_words_inside_a_long_word_are_given_too() -> None:
    assert {"人工", "智能", "人工智能"} <= set(terms("人工智能"))


def test_punctuation_is_left_out() -> None:
    assert terms("，。！？…… “”《》—— \n\t,.!?_") == []


def test_letters_and_rare_characters_keep_their_place() -> None:
    assert terms("用GPT写𠮷字") == ["用", "gpt", "写", "𠮷", "写𠮷", "字", "𠮷字"]


def test_normal_form_is_skipped_only_where_it_changes_no_term(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"甲{chr(point)}乙3{chr(point)}5" for point in range(0x20, 0x10000) if not 0xD800 <= point < 0xE000]
    quick = [terms(text) for text in texts]
    monkeypatch.setattr(module, "_MAY_CHANGE", module.re.compile(""))
    assert [terms(text) for text in texts] == quick


@given(st.text(max_size=60))
def test_every_term_is_a_word(text: str) -> None:
    for term in terms(text):
        assert term
        assert not any(character.isspace() for character in term)
        # Characters newer than this Python are known by their place only.
        assert term[0] >= "\U00020000" or unicodedata.category(term[0])[0] in "LNM"


def test_what_the_inside_uses_as_a_mark_is_no_term() -> None:
    assert terms("甲\x01乙a") == ["甲", "乙", "a"]
    assert terms("\x01é") == ["é"]


def test_what_is_compared_has_no_marks_and_one_form_of_characters() -> None:
    assert squeeze("龍門_大街　１２，０００ 米！") == "龙门大街12000米"
    assert squeeze("——……") == ""


def test_pairs_are_of_neighbours() -> None:
    assert pairs("听雨轩") == {"听雨", "雨轩"}
    assert pairs("雨") == pairs("") == set()
