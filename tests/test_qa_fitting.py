import pytest

from corpus.article import Passage
from embeddings.collections.hit import Hit
from embeddings.encoders.loading import load_encoder
from qa.questions.splitting import Part, parts_of
from qa.reading.features import ask_about
from qa.reading.fitting import DOUBTFUL, answers_all, belief, has_kind, misses
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of


def hits_of(*texts: str) -> list[Hit]:
    return [Hit(Passage(f"a#{i}", "a", text, 0, len(text)), 1.0, i + 1) for i, text in enumerate(texts)]


def missed(part: Part, *texts: str) -> list[float]:
    hits = hits_of(*texts)
    asked = ask_about(part.text, lambda _: 1.0, load_encoder())
    return misses(part, hits, asked, units_of(hits))


def test_what_names_the_part_comes_before_what_names_it_elsewhere_or_not_at_all() -> None:
    part = Part("云溪的老人有多少名？", ("云溪",), ("东湖",))
    named, near, nowhere, other = missed(
        part, "云溪的老人有90名。", "老人有90名，住在山上。云溪在东。", "老人有90名。", "东湖的老人有90名。"
    )[:2] + missed(part, "老人有90名。", "东湖的老人有90名。")
    assert 0 == named < near < nowhere < other


def test_names_are_the_same_with_and_without_marks() -> None:
    assert missed(Part("GPT4有多少人用？", ("GPT4",), ("GPT3",)), "用 GPT-4 的有90人。") == [0.0]


def test_another_year_speaks_against_a_unit_and_no_year_does_not() -> None:
    right, wrong, none = missed(
        Part("2022年产量是多少？", (), ()), "2022年产量30吨。", "2021年产量20吨。", "产量10吨。"
    )
    assert right == none == 0 < wrong


@pytest.mark.parametrize(
    ("question", "text", "has"),
    [
        ("甲街道有多少名党员？", "党员总数为2584名。", True),
        ("甲街道有多少名党员？", "街道划出29个党员责任区。", False),
        ("甲街道有多少名党员？", "写申请书的有27人，街道从中吸收党员。", False),
        ("甲街道有多少名党员？", "听课的党员有100多名。", False),
        ("听课的党员有多少名？", "听课的党员有100多名。", True),
        ("甲街道有多少志愿者？", "干部120人，志愿者1200余人。", True),
        ("甲街道有多少志愿者？", "抓好3项工程。", False),
        ("甲街道的税收是多少？", "突破5亿元。", True),
        ("甲街道预约的有多少人？", "预约的人数超过67万。", True),
        ("展会的时间？", "展会5月8日开幕。", True),
        ("展会的时间？", "2023年还有展会。", False),
        ("展会的时间？", "展会每周三开门。", True),
        ("展会是哪一年办的？", "2023年办了展会。", True),
        ("书记是谁？", "书记是李明华。", True),
        ("书记是谁？", "书记讲了一课。", False),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, text: str, has: bool) -> None:
    assert has_kind(ask_about(question, lambda _: 1.0, load_encoder()), text) is has


def test_a_sentence_about_the_other_part_is_not_believed() -> None:
    part = Part("云溪的老人有多少名？", ("云溪",), ("东湖",))
    asked = ask_about(part.text, lambda _: 1.0, load_encoder())
    hits = hits_of("云溪的老人有90名。", "东湖的老人有90名。", "老人有90名。", "云溪的老人多。")
    assert [belief(part, asked, unit, hits) for unit in units_of(hits)] == [1.0, 0.0, DOUBTFUL, DOUBTFUL]


@pytest.mark.parametrize(
    ("text", "all_of_it"),
    [
        ("云溪的老人有90名，东湖的有80名。", True),
        ("云溪的老人有90名。", False),
        ("云溪和东湖的老人都爱唱戏。", False),
    ],
)
def test_a_sentence_answers_all_where_it_names_every_part_and_has_what_is_asked_for(text: str, all_of_it: bool) -> None:
    question = "云溪和东湖的老人各有多少名？"
    parts = (*parts_of(question), Part(question, whole=True))
    assert len(parts) == 3
    (unit,) = units_of(hits_of(text))
    readings = [Reading(ask_about(part.text, lambda _: 1.0, load_encoder()), (Read(unit, 1.0),), 0.9) for part in parts]
    assert answers_all(parts, readings) is all_of_it
