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
        ("为什么用绞吸船？", "采用绞吸船，以减少影响。", []),
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
