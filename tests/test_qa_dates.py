"""Dates that restrict which articles are meant, and dates that only belong to a fact."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.questions.dates import date_range

TODAY = date(2022, 3, 16)


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("去年下半年街道办了哪些活动？", "2021-07-01", "2021-12-31", "去年下半年"),
        ("今年上半年有什么变化？", "2022-01-01", "2022-06-30", "今年上半年"),
        ("前年第三季度修了几条路？", "2020-07-01", "2020-09-30", "前年第三季度"),
        ("2021年6月以来，新增了多少停车位？", "2021-06-01", "", "2021年6月以来"),
        ("自2021年6月15日以来修了哪些路？", "2021-06-15", "", "自2021年6月15日以来"),
        ("二〇二〇年以来有哪些奖？", "2020-01-01", "", "二〇二〇年以来"),
        ("今年以来开了几次会？", "2022-01-01", "", "今年以来"),
        ("2019年至今建了几所学校？", "2019-01-01", "", "2019年至今"),
        ("6月以来开了几次会？", "2021-06-01", "", "6月以来"),
        ("三月以来呢？", "2022-03-01", "", "三月以来"),
        ("七一前后各街道有什么活动？", "2021-06-16", "2021-07-16", "七一前后"),
        ("2020年七一前后讲了几堂党课？", "2020-06-16", "2020-07-16", "2020年七一前后"),
        ("“七一”前后有什么活动？", "2021-06-16", "2021-07-16", "“七一”前后"),
        ("去年国庆节前后呢？", "2021-09-16", "2021-10-16", "去年国庆节前后"),
        ("2021年的报道里提到了哪些社区？", "2021-01-01", "2021-12-31", "2021年"),
        ("2021年6月发表的文章讲了什么？", "2021-06-01", "2021-06-30", "2021年6月"),
        ("去年的新闻里有没有提到地铁？", "2021-01-01", "2021-12-31", "去年"),
        ("2021年6月以前的报道怎么说？", "", "2021-05-31", "2021年6月以前"),
        ("2021年6月之后的报道怎么说？", "2021-07-01", "", "2021年6月之后"),
        ("2021年6月起的报道怎么说？", "2021-06-01", "", "2021年6月起"),
        ("最近三个月开了哪些会？", "2021-12-14", "2022-03-16", "最近三个月"),
        ("近半年来有什么进展？", "2021-09-14", "2022-03-16", "近半年来"),
        ("过去两周发生了什么？", "2022-03-02", "2022-03-16", "过去两周"),
        ("上个月发生了什么？", "2022-02-01", "2022-02-28", "上个月"),
        ("上周开了什么会？", "2022-03-07", "2022-03-13", "上周"),
        ("昨天有什么新闻？", "2022-03-15", "2022-03-15", "昨天"),
    ],
)
def test_words_that_restrict_the_articles(text: str, since: str, until: str, words: str) -> None:
    found = date_range(text, TODAY)
    assert found is not None
    assert (found.since, found.until, found.words) == (since, until, words)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "商都路有多少名党员？",
        "2021年商都路有多少名党员？",
        "到2021年年中有多少名党员？",
        "2021年6月30日举办了什么活动？",
        "去年有多少人参加？",
        "今年的目标是什么？",
        "《2021年以来的变化》一文说了什么？",
        "“十四五”以来有什么变化？",
        "2030年以来有什么变化？",
        "2021年13月以来呢？",
        "2021年2月30日以来呢？",
        "三个月以来呢？",
        "2021年以后怎样？",
        "2021年的报道员是谁？",
        "十一前锋小学在哪里？",
        "最近的医院在哪里？",
        "附近三家店叫什么？",
        "",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert date_range(text, TODAY) is None


@given(
    st.text(
        alphabet="0123456789一二十〇年月日号上下半今去前后以来至近过三个周的报道文章七国庆《》“”以前之", max_size=40
    ),
    st.dates(date(1900, 1, 1), date(2900, 1, 1)),
)
def test_any_text_gives_a_range_in_order_or_none(text: str, today: date) -> None:
    found = date_range(text, today)
    if found:
        assert text[found.start : found.end] == found.words
        assert found.since or found.until
        if found.since and found.until:
            assert date.fromisoformat(found.since) <= date.fromisoformat(found.until)
