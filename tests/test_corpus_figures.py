from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.text.figures import find_figures, han_number, is_stated, narrow, stated_figures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一亿二千万", "120000000"),
        ("1.2亿", "120000000"),
        ("１２０，０００，０００", "120000000"),
        ("120000000", "120000000"),
        ("3.7万余人", "37000"),
        ("八十多万", "800000"),
        ("两千五百", "2500"),
        ("1.5 万", "15000"),
        ("百分之二十五", "25%"),
        ("25％", "25%"),
        ("千分之五", "0.5%"),
        ("5‰", "0.5%"),
        ("三分之二", "2/3"),
        ("二〇二一年七月一日", "2021-7-1"),
        ("２０２１年7月", "2021-7-?"),
        ("2021-07-01", "2021-7-1"),
        ("2021/7", "2021-7-?"),
        ("7月30日", "?-7-30"),
        ("十二月二十五日", "?-12-25"),
        ("21年7月", "2021-7-?"),
    ],
)
def test_one_value_however_it_is_written(text: str, value: str) -> None:
    assert [figure.value for figure in find_figures(text)] == [value]


def test_figures_keep_their_places() -> None:
    text = "新建６个、提升4个农贸市场，投资三亿元"
    assert [text[f.start : f.end] for f in find_figures(text)] == ["６", "4", "三亿"]


def test_words_that_only_look_like_figures_are_not_stated() -> None:
    assert stated_figures("一些干部统一思想，第一书记万一不在，十分着急") == []
    assert [f.value for f in stated_figures("三个社区、二十八名党员、一百人")] == ["3", "28", "100"]


def test_a_date_is_stated_by_one_that_says_as_much() -> None:
    asked = find_figures("2021年7月")[0]
    assert is_stated(asked, find_figures("2021年7月1日上午"))
    assert not is_stated(asked, find_figures("2020年7月1日"))
    assert not is_stated(asked, find_figures("2021年"))
    assert not is_stated(find_figures("2021")[0], find_figures("2021年"))


def spoken(number: int) -> str:
    """The Chinese numeral of `number` (1 to 99,999,999), by the rules of school books."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        zero = "零" if 0 < low < 1000 else ""
        return spoken(high) + "万" + zero + (spoken(low) if low else "")
    text, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = digit == 0
    return text


@given(st.integers(1, 99_999_999))
def test_spoken_numbers_come_back(number: int) -> None:
    assert han_number(spoken(number)) == Decimal(number)


@given(st.text(max_size=80))
@example("𝟎")
@example("𝟏𝟐月٣日")
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert len(narrow(text)) == len(text)
    for figure in find_figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
