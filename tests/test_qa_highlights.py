import pytest

from embeddings.encoder import load_encoder
from qa.answer import Claim
from qa.features import ask_about
from qa.highlights import highlights


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("云溪街道有多少名党员？", "云溪街道有基层党组织74个、党员2584名。", ["2584名"]),
        ("清出了多少淤泥？", "工程共清出淤泥12万立方米。", ["12万立方米"]),
        ("食堂什么时候开张？", "食堂于2021年5月8日开张。", ["2021年5月8日"]),
        ("党工委书记是谁？", "街道党工委书记李明华说，要抓紧。", ["李明华"]),
        ("云溪街道有几个党组织？", "党组织由2010年成立之初的7个，发展壮大至现在的74个、党员2584名。", ["74个"]),
        ("云溪街道成立时有几个党组织？", "党组织由成立之初的7个，发展壮大至现在的74个。", ["7个"]),
        ("线缆入地多少公里？", "完成67条路段、88.4公里架空线缆入地。", ["88.4公里"]),
        ("花园小区有多少户居民？", "花园小区2号院守住了678户居民的健康。", ["678户"]),
        ("驻区单位有多少家？", "驻区单位837家，纳入区域党委583家，驻区单位党员20947名。", ["837家"]),
        ("有多少驻区单位？", "驻区单位837家，纳入区域党委583家，驻区单位党员20947名。", ["837家"]),
        ("有多少黨員？", "有党组织74个、党员2584名。", ["2584名"]),
        ("有多少党员？", "制定“一社区一党员干部”4个层级的办实事计划50余项。", []),
        ("施工有谁参与？", "街道与二十家单位签订服务承诺书。", []),
        ("选房花了多长时间？", "选房花了1个多月。", ["1个多月"]),
        ("河湾村有多少户回迁？", "最终350户村民选到了房子。", ["350户"]),
        ("有哪几个照料点？", "两个社区各设一个照料点，24小时有人值守。", []),
        ("为什么用绞吸船？", "采用绞吸船，以减少影响。", []),
        ("文化长廊有多长？", "社区联合21家单位，建成近百米的文化长廊。", []),
        ("文化长廊有多长？", "社区联合21家单位，建成300米的文化长廊。", ["300米"]),
    ],
)
def test_the_shortest_answer_is_marked(question: str, text: str, marked: list[str]) -> None:
    asked = ask_about(question, lambda term: 1.0, load_encoder("hashing"))
    shown = text + "[1]"
    spans = highlights(asked, shown, [Claim(text, 0, len(shown), (1,), True)])
    assert [shown[start:end] for start, end in spans] == marked


def test_nothing_unsupported_is_marked() -> None:
    asked = ask_about("有多少名党员？", lambda term: 1.0, load_encoder("hashing"))
    assert highlights(asked, "党员9名。", [Claim("党员9名。", 0, 5, (), False, "没有")]) == ()


def test_the_plainest_of_several_claims_is_marked() -> None:
    asked = ask_about("今年化解了多少起纠纷？", lambda term: 1.0, load_encoder("hashing"))
    texts = ("接待来访14起412人次，妥善解决矛盾纠纷。", "排查矛盾246起，化解纠纷241起。")
    claims = [Claim(texts[0], 0, len(texts[0]), (1,), True), Claim(texts[1], len(texts[0]), 99, (2,), True)]
    shown = "".join(texts)
    assert [shown[start:end] for start, end in highlights(asked, shown, claims)] == ["241起"]
