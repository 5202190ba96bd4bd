"""Numbers, dates, codes and clauses in one form, however they are written."""

from __future__ import annotations

import pytest

from corpus.article import Block
from corpus.text.blocks import blocks_of
from corpus.text.exact import clause_key, clauses_named, search_terms
from corpus.text.terms import mainland, simplified, terms


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("第十八条规定了什么？", ("18条",)),
        ("第18条呢", ("18条",)),
        ("18条的内容是什么", ("18条",)),
        ("第二十條之一怎麼說", ("20条之1",)),
        ("第三章講什麼", ("3章",)),
        ("第九项是什么", ("9项",)),
        ("第二十条第三项", ("20条", "3项")),
        ("11.5.14.2规定的是什么试验", ("11.5.14.2",)),
        ("4.2条的要求", ("4.2",)),
        ("镇里出台了18条措施，投入3.5万元", ()),
        ("2021.3.5停航吗", ()),
    ],
)
def test_clauses_are_named_in_one_form(question: str, keys: tuple[str, ...]) -> None:
    assert clauses_named(question) == keys


def test_what_is_printed_has_the_same_form() -> None:
    text = "第三章　附则\n第二十条之一　渡船应当检修。\n（三）船证；\n9．印章；\n③船票。\n11.5.14.2　缆绳试验"
    keys = [clause_key(block) for block in blocks_of(text)]
    assert keys == ["3章", "20条之1", "3项", "9项", "3项", "11.5.14.2"]
    assert clause_key(Block("paragraph", 0, 1)) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三万元", "30000元"),
        ("3万元", "三万元"),
        ("一亿二千万", "1.2亿"),
        ("三点五万吨", "35000吨"),
        ("二十六个月", "26个月"),
        ("二〇二一年三月五日", "2021-03-05"),
        ("2021年3月5日", "2021/3/5"),
        ("３月５日", "三月五日"),
        ("X-900型", "x900"),
        ("Ｘ－９００", "X—900"),
        ("GB/T 19001-2016", "GB/T19001"),
        ("13号楼", "十三号楼"),
        ("11路", "十一路"),
    ],
)
def test_two_ways_of_writing_one_thing_share_a_term(one: str, other: str) -> None:
    exact = {term for term in set(search_terms(one)) & set(search_terms(other)) if any(c.isdigit() for c in term)}
    assert max(map(len, exact), default=0) >= 2, (search_terms(one), search_terms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("X-90", "X-900"), ("11路", "1路"), ("13号楼", "3号楼"), ("GB/T 19001", "GB/T 19002"), ("3月5日", "3月15日")],
)
def test_confusable_codes_are_different_things(one: str, other: str) -> None:
    shared = set(search_terms(one)) & set(search_terms(other))
    assert not {term for term in shared if len(term) > 1 and any(c.isdigit() for c in term)}


def test_words_that_look_like_numbers_give_none() -> None:
    assert not [term for term in search_terms("千万别忘了，三五成群地来，统一上船") if term.isdecimal()]


@pytest.mark.parametrize(
    ("one", "other", "term"),
    [
        ("列印機和滑鼠請向總務處領取", "打印机和鼠标在哪里领取？", "鼠标"),
        ("捷運站旁的網際網路教室", "互联网教室在哪里？", "互联网"),
        ("計程車招呼站遷到東門", "出租车招呼站迁到哪里？", "出租车"),
    ],
)
def test_words_of_taiwan_meet_those_of_the_mainland(one: str, other: str, term: str) -> None:
    assert term in set(search_terms(one)) & set(search_terms(other))
    assert set(terms(one)) <= set(search_terms(one))


def test_a_text_in_simplified_characters_keeps_its_words() -> None:
    text = "宋代著名的乾隆行宫，文件由专人建立和支援。"  # words that traditional texts have for other things
    assert simplified(text) == text
    assert not mainland(text)
