import pytest

from qa.verification import find_problem, names_in, supporting_span

SOURCE = "2021年7月，云溪街道有党员1200万名，新增床位一百二十张。负责人李明华说，平安社区的《邻里公约》由居民自己写成。"


@pytest.mark.parametrize(
    "claim",
    [
        "云溪街道有党员1200万名，新增床位一百二十张。",
        "云溪街道有党员1200万名……",
        "２０２１年７月云溪街道新增床位120张。",
        "《邻里公约》由平安社区的居民自己写成。",
        "雲溪街道有黨員1200万名。",
    ],
)
def test_what_the_source_says_has_no_problem(claim: str) -> None:
    assert find_problem(claim, SOURCE) == ""


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("云溪街道新增床位130张。", "130"),
        ("2020年7月，云溪街道新增床位120张。", "2020年7月"),
        ("负责人王建国说，《邻里公约》由居民自己写成。", "王建国"),
        ("平安社区的《楼院公约》由居民自己写成。", "楼院公约"),
        ("这里的工作人员都很热情，办事也很快。", "相差太远"),
        ("……", "没有内容"),
    ],
)
def test_what_it_does_not_say_is_named(claim: str, missing: str) -> None:
    assert missing in find_problem(claim, SOURCE)


def test_the_supporting_sentence_is_the_one_that_says_it() -> None:
    for claim in ("由居民自己写成", "《邻里公约》是平安社区居民写的"):
        start, end = supporting_span(claim, SOURCE)
        assert SOURCE[start:end].startswith("负责人李明华")


def test_names_are_found() -> None:
    assert {"邻里公约", "iPhone"} <= set(names_in("李明华用iPhone拍下《邻里公约》"))
