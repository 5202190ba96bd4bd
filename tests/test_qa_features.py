from collections.abc import Callable

import numpy as np
import pytest

from corpus.article import Passage
from corpus.text.tagging import tag
from embeddings.collections.hit import Arm, Hit
from embeddings.encoders.loading import load_encoder
from qa.reading.features import ask_about, feature_table, look
from qa.reading.units import units_of

TEXTS = ("云溪街道有党员1860名。街道风景很好，游人很多。", "平安社区的老年食堂2021年5月8日开张，由王建国掌勺。")
ENCODER = load_encoder("hashing")


def hits() -> list[Hit]:
    return [
        Hit(Passage(f"a#{i}", f"a{i}", text, 0, len(text), title="云溪街道"), 1 - i / 2, i + 1, Arm(5.0 - i, i + 1))
        for i, text in enumerate(TEXTS)
    ]


def table(question: str, text_of: Callable[[str], str] = lambda _: "") -> tuple[list[str], dict[str, list[float]]]:
    found = hits()
    asked = ask_about(question, lambda term: float(len(term)), ENCODER)
    units = units_of(found)
    names, values = feature_table(asked, units, found, ENCODER, text_of)
    assert values.shape == (len(units), len(names)) and values.dtype == np.float32 and np.isfinite(values).all()
    return [unit.text for unit in units], dict(zip(names, values.T.tolist(), strict=True))


def test_the_answering_unit_stands_out() -> None:
    texts, columns = table("云溪街道有多少名党员？")
    assert texts[0] == "云溪街道有党员1860名。"
    for name in ("covered", "bm25", "pairs", "focus", "has_kind", "has_measure", "cosine"):
        assert columns[name][0] == max(columns[name]), name
    assert columns["covered_rank"][0] == 0 and columns["covered_relative"][0] == 1
    assert columns["asks_how_many"] == [1.0] * len(texts)


@pytest.mark.parametrize(
    ("question", "met"),
    [("2021年5月老年食堂怎么样？", 1.0), ("2019年老年食堂怎么样？", 0.0), ("老年食堂怎么样？", 1.0)],
)
def test_dates_of_the_question_must_be_met(question: str, met: float) -> None:
    texts, columns = table(question)
    assert columns["figures_met"][texts.index(TEXTS[1])] == met


def test_neighbours_are_those_of_the_same_passage() -> None:
    _, columns = table("云溪街道有多少名党员？")
    assert columns["covered_before"][1] == pytest.approx(columns["covered"][0])
    assert columns["covered_before"][2] == 0 and columns["covered_after"][1] == 0


def test_what_the_passage_leaves_out_may_stand_elsewhere_in_the_article() -> None:
    _, alone = table("青山区平安社区的老年食堂什么时候开张？")
    _, whole = table(
        "青山区平安社区的老年食堂什么时候开张？", {"a0": "", "a1": "青山区办食堂。" + TEXTS[1]}.__getitem__
    )
    assert alone["names_met_in_passage"] == whole["names_met_in_passage"] == alone["names_met_in_article"]
    assert whole["names_met_in_article"][-1] > alone["names_met_in_article"][-1]
    assert whole["covered_with_article"][-1] > alone["covered_with_article"][-1]
    assert whole["covered_with_article"][0] == alone["covered_with_article"][0]


@pytest.mark.parametrize("question", ["？", "a" * 1000, "什么", "🙂" * 50])
def test_odd_questions_give_finite_numbers(question: str) -> None:
    table(question)  # which looks at every number


def test_a_district_is_nobody() -> None:
    text = "在郑东新区的分享会上，商都路党委书记张俊忠发言。区里很高兴。"
    assert [text[start:end] for start, end in look(text).people] == ["张俊忠"]
    assert "".join(word for word, _ in tag(text)) == text
    assert ("郑东新区", "ns") in tag(text)
