import pytest

from qa.checking.brackets import added, names_added, put_back, without_added

TEXT = f"1990年，他{added('张伟明')}获得一等奖。"


def test_what_was_added_is_found_and_taken_out() -> None:
    assert TEXT == "1990年，他〔张伟明〕获得一等奖。"
    assert names_added(TEXT) == ["张伟明"]
    assert without_added(TEXT) == "1990年，他获得一等奖。"
    assert names_added(added(f"《{'长' * 30}》")) == [f"《{'长' * 30}》"]


@pytest.mark.parametrize(
    "text", ["见国发〔2021〕5号文件。", "共有党员86名〔1〕〔12〕。", "〔没有关上", "关上〕了", "〔〕"]
)
def test_numbers_in_such_brackets_and_halves_are_none(text: str) -> None:
    assert names_added(text) == [] and without_added(text) == text


def test_every_span_comes_back_as_the_same_words_without_the_addition() -> None:
    text = f"{added('云溪')}成立于1990年，该校{added('云溪')}有学生20人，见〔2〕。"
    plain = without_added(text)
    for start in range(len(plain)):
        for end in range(start + 1, len(plain) + 1):
            first, last = put_back((start, end), text)
            shown = text[first:last]
            wanted = plain[start:end]
            assert not names_added(shown) and "〔云" not in shown and "溪〕" not in shown
            if start < 11 < end:
                assert wanted.startswith(shown) or wanted.endswith(shown)
                assert 2 * len(shown) >= len(wanted)
            else:
                assert shown == wanted
