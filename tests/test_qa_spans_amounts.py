import pytest

from embeddings.encoder import load_encoder
from qa.features import ask_about
from qa.spans.amounts import amount_asked_for


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("云溪街道有多少名党员？", "云溪街道有基层党组织74个、党员2584名。", ["2584名"]),
        ("清出了多少淤泥？", "工程共清出淤泥12万立方米。", ["12万立方米"]),
        ("云溪街道有几个党组织？", "党组织由2010年成立之初的7个，发展壮大至现在的74个、党员2584名。", ["74个"]),
        ("云溪街道成立时有几个党组织？", "党组织由成立之初的7个，发展壮大至现在的74个。", ["7个"]),
        ("线缆入地多少公里？", "完成67条路段、88.4公里架空线缆入地。", ["88.4公里"]),
        ("花园小区有多少户居民？", "花园小区2号院守住了678户居民的健康。", ["678户"]),
        ("驻区单位有多少家？", "驻区单位837家，纳入区域党委583家，驻区单位党员20947名。", ["837家"]),
        ("有多少驻区单位？", "驻区单位837家，纳入区域党委583家，驻区单位党员20947名。", ["837家"]),
        ("有多少黨員？", "有党组织74个、党员2584名。", ["2584名"]),
        ("有多少党员？", "制定“一社区一党员干部”4个层级的办实事计划50余项。", []),
        ("选房花了多长时间？", "选房花了1个多月。", ["1个多月"]),
        ("河湾村有多少户回迁？", "最终350户村民选到了房子。", ["350户"]),
        ("有哪几个照料点？", "两个社区各设一个照料点，24小时有人值守。", []),
        ("文化长廊有多长？", "社区联合21家单位，建成近百米的文化长廊。", []),
        ("文化长廊有多长？", "社区联合21家单位，建成300米的文化长廊。", ["300米"]),
        ("有多少个社区的中心用的是别人的房子？", "100个社区里，有30个社区的中心用的是别人的房子。", ["30个"]),
        ("食堂什么时候开张？", "食堂于2021年5月8日开张。", []),
    ],
)
def test_the_figure_that_plainly_answers(question: str, text: str, marked: list[str]) -> None:
    asked = ask_about(question, lambda term: 1.0, load_encoder("hashing"))
    found = amount_asked_for(asked, [text])
    assert ([text[slice(*found[1])]] if found else []) == marked


def test_the_plainest_of_several_texts() -> None:
    asked = ask_about("今年化解了多少起纠纷？", lambda term: 1.0, load_encoder("hashing"))
    texts = ("接待来访14起412人次，妥善解决矛盾纠纷。", "排查矛盾246起，化解纠纷241起。")
    assert amount_asked_for(asked, texts) == (1, (13, 17))
