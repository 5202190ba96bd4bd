"""Runs of quoted names, for questions that ask which ones."""

import pytest

from embeddings.encoders.loading import load_encoder
from qa.reading.features import Asked, ask_about
from qa.reading.spans.finder import LISTED, load_spans
from qa.reading.spans.lists import names_asked_for

PARTS = "小程序涵盖“新闻动态”“在线学习”“学习擂台”五大版块，用起来方便。"


def asked(question: str) -> Asked:
    return ask_about(question, lambda term: 1.0, load_encoder("hashing"))


@pytest.mark.parametrize("question", ["小程序有哪几个版块？", "小程序包括什么？", "有哪些版块？"])
def test_the_names_of_the_text_that_is_believed_in_most(question: str) -> None:
    found = names_asked_for(asked(question), ["别的。", PARTS], [0.1, 0.9])
    assert found is not None and found[0] == 1
    assert PARTS[slice(*found[1])] == "“新闻动态”“在线学习”“学习擂台”"
    assert names_asked_for(asked(question), ["别的。", PARTS], [0.9, 0.1]) is None


def test_not_where_another_thing_is_asked_for_or_there_is_no_one_list() -> None:
    assert names_asked_for(asked("小程序有多少个版块？"), [PARTS], [1.0]) is None
    assert names_asked_for(asked("有哪些版块？"), [PARTS + PARTS], [1.0]) is None
    assert names_asked_for(asked("有哪些版块？"), ["只有“新闻动态”和“在线学习”两个。"], [1.0]) is None


def test_names_joined_in_other_ways_and_with_remarks() -> None:
    text = "著有《甲书》（1990年）、《乙书》以及《丙书》等。"
    found = names_asked_for(asked("他有哪些著作？"), [text], [1.0])
    assert found is not None and text[slice(*found[1])] == "《甲书》（1990年）、《乙书》以及《丙书》"


def test_the_finder_takes_them_as_they_are() -> None:
    found = load_spans().find(asked("小程序有哪几个版块？"), [PARTS], [1.0])
    assert found is not None and found.worth == LISTED
    assert PARTS[slice(*found.span)] == "“新闻动态”“在线学习”“学习擂台”"


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("托幼示范点有哪些？", "打造了“小象优优”“鑫邦宝贝”等3个社区托幼示范点。", "“小象优优”“鑫邦宝贝”"),
        (
            "要打通哪几条断头路？",
            "力争年底将红旗路（一街—二街）、南街等辖区内7条断头路全部建成。",
            "红旗路（一街—二街）、南街",
        ),
        ("哪些部门发布了通知？", "……财政部、农业部等五部门发布通知。", "财政部、农业部"),
        ("发生了哪些事件？", "军代表张敏、县长姚体信等十四人抵达。", ""),
    ],
)
def test_names_of_which_it_is_told_how_many_of_what_was_asked_they_are(question: str, text: str, names: str) -> None:
    found = names_asked_for(asked(question), [text], [1.0])
    assert (text[slice(*found[1])] if found else "") == names
