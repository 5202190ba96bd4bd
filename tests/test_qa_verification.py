import pytest

from corpus.article import Passage
from qa.checking.verification import find_missing, find_problem, names_in, source_of, supporting_span

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


VILLAGES = (
    "两村情况\n甲村有党员83人，乙村有党员65人。去年甲村收入增加了12%，乙村收入减少了3%。村里没有小学，孩子到镇上上学。"
    "李明华同意修路，王建国反对修路。桥长800米，宽12米，2019年5月1日通车。食堂由街道办事处管理，每天供应午餐1200份，周末不开门。"
)


@pytest.mark.parametrize(
    "claim",
    [
        "乙村有党员65人。",
        "甲村83名党员，乙村65名党员。",
        "甲村有党员83人，去年收入增加12%。",
        "乙村收入去年减少3%。",
        "村里没有小学，孩子们去镇上上学。",
        "李明华同意修路。",
        "大桥于2019年通车，全长800米、宽12米。",
        "通车时间是2019年5月。",
        "這座橋長八百米。",
        "食堂每天供应一千二百份午餐。",
        "街道办管理食堂。",
        "食堂周末不开门。",
        "1. 桥的长度是800米。",
        "（2）食堂由街道办事处负责管理，每天提供1200份午餐。",
        "- 桥宽12米。",
    ],
)
def test_what_is_said_in_other_words_has_no_problem(claim: str) -> None:
    assert find_problem(claim, VILLAGES) == ""


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("甲村有党员65人。", "这里说的是“83”，不是“65”"),
        ("乙村有83名党员。", "这里说的是“65”，不是“83”"),
        ("桥长12米，宽800米。", "这里说的是“800”，不是“12”"),
        ("食堂每天供应午餐800份。", "这里说的是“1200”，不是“800”"),
        ("甲村去年收入减少了12%。", "说的是“增加”，不是“减少”"),
        ("乙村收入去年增加3%。", "说的是“减少”，不是“增加”"),
        ("李明华反对修路。", "说的是“同意”，不是“反对”"),
        ("王建国同意修路。", "说的是“反对”，不是“同意”"),
        ("村里有小学，孩子在村里上学。", "说的是“没有小学”"),
        ("食堂周末也开门。", "说的是“不开门”"),
        ("村里没有食堂。", "没有说“没有食堂”"),
        ("桥是2018年5月通车的。", "没有“2018年5月”"),
    ],
)
def test_what_it_says_otherwise_is_told(claim: str, problem: str) -> None:
    assert problem in find_problem(claim, VILLAGES)


def test_words_from_all_over_a_text_are_no_claim_of_it() -> None:
    source = (
        "东关图书馆建于民国初年，藏书三万册。那时的馆长姓周。馆里现在只有两名职员。每逢周末，读者要排队等座位。"
        "镇上的水厂去年换了新管道，日供水量比从前多了一倍，居民都说水压稳定。"
    )
    assert (
        find_problem("馆里现在只有两名职员，日供水量比从前多了一倍。", source) == "出处里没有哪一处把这些话说在一起。"
    )
    assert find_problem("东关图书馆藏书三万册，建于民国初年。", source) == ""


def test_two_passages_may_say_it_together() -> None:
    texts = ("甲村有党员83人。", "乙村的桥长800米，宽12米。")
    passages = [Passage(f"{n}#0", str(n), text, 0, len(text), title="情况") for n, text in enumerate(texts)]
    claim = "甲村有党员83人，乙村的桥长800米。"
    assert find_problem(claim, source_of(passages)) == ""
    assert all(find_problem(claim, source_of([passage])) for passage in passages)


def test_what_is_missing_is_found_whatever_else_is_said() -> None:
    assert find_missing("主要情况如下：", VILLAGES) == ""
    assert "90" in find_missing("90人的情况如下：", VILLAGES)


def test_a_quote_is_found_where_a_number_was_copied_with_it() -> None:
    source = "先说别的。桥长[1]八百米，很宽。"
    start, end = supporting_span("桥长〔1〕八百米，很宽。", source)
    assert source[start:end] == "桥长[1]八百米，很宽。"


def test_a_double_negation_is_no_contradiction() -> None:
    assert find_problem("王建国不同意修路。", VILLAGES) == ""
    assert find_problem("村里缺乏小学，孩子到镇上上学。", VILLAGES) == ""


def test_footnotes_copied_from_an_article_claim_no_figure() -> None:
    source = "赛事原定在十座城市举行。[1][2]中国在2019年获得举办权。"
    assert find_problem("〔1〕中国在2019年获得举办权。", source) == ""
    assert find_problem("〔1〕中国在2018年获得举办权。", source)
