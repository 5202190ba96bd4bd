"""What is printed in a PDF, in the order in which it is read."""

from __future__ import annotations

import pytest
from made_pdf import aligned, pdf_of, ruled

from corpus.article import Article
from corpus.places import meeting, told_places
from corpus.reading.file_kinds import read_bytes

ROWS = (("门店", "店长", "面积", "销售额"), ("长江路店", "罗平", "180", "61.5"), ("芜湖路店", "谢丽", "", "40.2"))
MORE = (("合肥路店", "江涛", "150", "52.4"), ("滨湖店", "高阳", "210", "73.8"), ("政务店", "苗青", "165", "47.9"))
LEFT = (
    "借书须凭借书证，每人每次可以借八册，",
    "借期三十天，可以续借一次。逾期不还的，",
    "每册每天收费一角。",
    "珍贵的图书只能在馆内阅览，不外借。",
)
RIGHT = (
    "阅览室每天上午九点开门，晚上八点关门，",
    "周一闭馆整理。入馆须存包，不得带食品，",
    "饮料须加盖。",
    "儿童阅览室在二楼，六岁以下须有人陪同。",
)


def article_of(data: bytes) -> Article:
    (article,) = read_bytes(data, "a.pdf").articles
    return article


def rows_of(article: Article) -> list[list[str]]:
    return [
        [article.text[cell.start : cell.end] for cell in block.cells] for block in article.blocks if block.kind == "row"
    ]


def test_columns_are_read_one_after_the_other() -> None:
    texts = [(230, 60, "18|图书馆读者须知")]
    for n, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        texts += [(50, 100 + 20 * n, left), (320, 100 + 20 * n, right)]
    article = article_of(pdf_of([(texts, [])]))
    assert article.title == "图书馆读者须知"
    assert article.text.replace("\n", "") == "图书馆读者须知" + "".join(LEFT) + "".join(RIGHT)
    assert "逾期不还的，每册每天收费一角。" in article.text


def test_what_is_printed_on_every_page_is_told_from_the_text() -> None:
    pages = []
    halves = (
        "卖方应当在收到货款之日起二十",
        "六个月内开具发票，逾期的由买方扣款。",
        "争议由买方所在地法院管辖，双方应当服从。",
    )
    for number, half in enumerate(halves, 1):
        pages.append(([(60, 40, "恒远公司合同编号甲七号"), (60, 100, half), (280, 810, f"第 {number} 页 共 3 页")], []))
    article = article_of(pdf_of(pages))
    assert article.text.split("\n") == [halves[0] + halves[1], halves[2], "恒远公司合同编号甲七号"]
    assert article.title != "恒远公司合同编号甲七号"


@pytest.mark.parametrize("lines", [True, False], ids=["ruled", "aligned"])
def test_tables_go_on_over_the_page(lines: bool) -> None:
    edges = (60, 180, 280, 380, 500)
    pages = []
    for rows in (ROWS, MORE):
        texts, rules = ruled(rows, edges, 100) if lines else (aligned(rows, edges, 100), [])
        pages.append((texts, rules))
    assert rows_of(article_of(pdf_of(pages))) == [list(row) for row in (*ROWS[1:], *MORE)]


@pytest.mark.parametrize(("rotate", "turn"), [(0, ""), (90, "0 1 -1 0")])
def test_pages_that_lie_on_their_side(rotate: int, turn: str) -> None:
    lines = ("借书须凭借书证，每人每次可以借八册。", "借期三十天，可以续借一次。")
    # Turned text runs upwards, so its lines follow one another from left to right.
    places = [(100.0 + 20 * n, 700.0) if turn else (60.0, 100.0 + 20 * n) for n in range(2)]
    data = pdf_of([([(x, y, line) for (x, y), line in zip(places, lines, strict=True)], [])], rotate=rotate, turn=turn)
    assert article_of(data).text.split("\n") == [*lines]


def test_letters_set_apart_and_signs_of_their_own() -> None:
    texts = [(60 + 40 * n, 60, sign) for n, sign in enumerate("通知")] + [(60, 100, "①开门时间不变；②周一闭馆。")]
    assert article_of(pdf_of([(texts, [])])).text.split("\n") == ["通知", "①开门时间不变；②周一闭馆。"]


def test_slanted_text_is_a_watermark() -> None:
    data = pdf_of([([(60, 100, "图书馆每天九点开门。"), (90, 400, "内部资料")], [])], turn="1.0 0.0 0.0 1.0")
    place = b"1.0 0.0 0.0 1.0 90 442 Tm"
    assert place in data
    article = article_of(data.replace(place, b"0.7 0.7 -.7 0.7 90 442 Tm"))
    assert article.text == "图书馆每天九点开门。"


def test_a_quotation_tells_its_page() -> None:
    pages = [
        [
            (60, 100 + 20 * n, f"第{page}号仓库的{goods}由值班的人清点。")
            for n, goods in enumerate(("棉花", "茶叶", "纸张"))
        ]
        for page in "甲乙丙"
    ]
    pages[1].append((60, 300, "各仓库照章办理。"))
    pages[2].append((60, 300, "各仓库照章办理。"))
    article = article_of(pdf_of([(texts, []) for texts in pages]))
    assert [place.page for place in article.places] == [1, 2, 3]
    for number, name in enumerate("甲乙丙", 1):
        for goods in ("棉花", "茶叶", "纸张"):
            at = article.text.index(f"第{name}号仓库的{goods}")
            assert told_places(meeting(article.places, at, at + 5)) == (f"第{number}页",)
    last = article.text.rindex("各仓库照章")
    assert told_places(meeting(article.places, last, last + 3)) == ("第3页",)


def test_rows_of_a_table_tell_their_page() -> None:
    texts = [(60, 60, "门店销售情况"), *aligned(ROWS, (60, 160, 260, 360), 100)]
    article = article_of(pdf_of([([(60, 60, "本册共二页，第一页是封面说明。")], []), (texts, [])]))
    [row] = [
        block for block in article.blocks if block.kind == "row" and "罗平" in article.text[block.start : block.end]
    ]
    assert told_places(meeting(article.places, row.start, row.end)) == ("第2页",)
