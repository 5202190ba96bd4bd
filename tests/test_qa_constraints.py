import pytest

from corpus.article import Passage
from embeddings.encoders.loading import load_encoder
from qa.reading.constraints import has_time, is_met
from qa.reading.features import ask_about


def met(question: str, text: str, published: str = "") -> bool:
    asked = ask_about(question, lambda term: 1.0, load_encoder("hashing"))
    return is_met(asked, [text], [Passage("a#0", "a", text, 0, len(text), published=published)])


@pytest.mark.parametrize(
    ("question", "text", "published"),
    [
        ("2021年新增就业多少人？", "2021年新增就业1000人。", ""),
        ("2021年新增就业多少人？", "今年新增就业1000人。", ""),
        ("2021年新增就业多少人？", "与2020年相比，今年新增就业1000人。", "2021-07-01"),
        ("活动是哪一天举行的？", "活动于6月21日举行。", ""),
        ("书记是谁？", "街道党工委书记李明华说，要抓紧。", ""),
        ("组长由谁担任？", "组长由区委书记担任。", ""),
        ("有多少个社区？", "共有两个社区。", ""),
        ("税收是多少？", "税收突破百亿。", ""),
        ("李明华说了什么？", "李明华说，路修好了。", ""),
        ("香港属于第几区？", "香港属第三区。", ""),
        ("影响在多久内显现？", "影响在一年内显现。", ""),
        ("作文得到几分？", "作文只拿到了一分。", ""),
        ("总理由谁委任？", "总理由总督委任。", ""),
        ("一共花了多少钱？", "改造投入资金约200万余元。", ""),
        ("有哪几个照料点？", "普惠社区和安平社区设有照料点。", ""),
        ("为什么要改造？", "因为管道老化。", ""),
        ("办事处的电话是多少？", "可拨打0371-6000000。", ""),
        ("他是哪一年入党的？", "他在民国三十七年入党。", ""),
        ("大桥何年通车？", "大桥于1998.7通车。", ""),
        ("“四减一优”指什么？", "采取减事项、减时限、减材料、减环节、优化服务等“四减一优”措施。", ""),
        ("“两带头”是哪两带头？", "发挥“两带头”即书记带头和党员带头作用。", ""),
        ("“一轴”指的是什么？", "“一轴”为贯穿全区的风景带。", ""),
        ("“双改”指什么？", "要把“双改”推向深入。", ""),
    ],
)
def test_evidence_that_can_answer_passes(question: str, text: str, published: str) -> None:
    assert met(question, text, published)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2019年新增就业多少人？", "2021年新增就业1000人。"),
        ("活动是哪一天举行的？", "活动在2021年举行。"),
        ("他是哪一年入党的？", "84岁高龄的老党员朗诵了一首诗，表达对党的感恩。"),
        ("一共花了多少钱？", "选房花了1个多月。"),
        ("有多少名党员？", "街道的党员很多。"),
        ("12个社区有多少名党员？", "12个社区的党员很多。"),
        ("书记是谁？", "他说，要抓紧。"),
        ("书记是谁？", "党员和居民都来了。"),
        ("李明华说了什么？", "路修好了，方便了李明华。"),
        ("李明华说了什么？", "党委书记说，路修好了。"),
        ("主任叫什么名字？", "主任由街道的书记兼任。"),
        ("彩虹社区主任是谁？", "街道推进长兴社区、彩虹社区和南阳寨村的改造，书记李明华到场。"),
        ("办事处的电话是多少？", "辖区有7个党组织。"),
        ("“一征三议两公开”是什么？", "把“一征三议两公开”贯穿全过程，推进9个小区改造。"),
        ("“一拆五改三增”里的“五改”分别改什么？", "街道突出“一拆五改三增”，推进小区改造。"),
    ],
)
def test_evidence_of_something_else_does_not(question: str, text: str) -> None:
    assert not met(question, text)


def test_no_evidence_meets_nothing() -> None:
    asked = ask_about("为什么？", lambda term: 1.0, load_encoder("hashing"))
    assert not is_met(asked, [], [])


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("力争年底建成。", True),
        ("7月初开馆。", True),
        ("2021年6月建成。", True),
        ("大赛后开放。", True),
        ("今后会更好。", False),
        ("以前只有一条路。", False),
        ("列入本年度重要工作。", False),
        ("2019年的计划。", False),
    ],
)
def test_what_tells_a_time(text: str, tells: bool) -> None:
    asked = ask_about("2019年说的断头路什么时候打通？", lambda term: 1.0, load_encoder("hashing"))
    assert has_time(asked, text) is tells
    assert has_time(ask_about("书记是谁？", lambda term: 1.0, load_encoder("hashing")), text)
