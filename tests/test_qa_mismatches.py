import pytest

from corpus.article import Block, Passage
from embeddings.collections.hit import Hit
from qa.reading.clauses import in_named_clauses, whole_clauses
from qa.reading.mismatches import OTHER, demoted
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of


def reading(
    question: str, text: str, beliefs: list[float], blocks: tuple[Block, ...] = ()
) -> tuple[Reading, list[Hit]]:
    passage = Passage("p", "p", text, 0, len(text), blocks=blocks)
    reads = tuple(Read(unit, belief) for unit, belief in zip(units_of(passage), beliefs, strict=True))
    return Reading(question, reads), [Hit(passage, 1.0, 1)]


@pytest.mark.parametrize(
    ("question", "text", "best"),
    [
        ("T-30的重量是多少？", "T-300型水泵重9公斤。T-30型水泵重2公斤。", "T-30型"),
        ("3号楼几点停水？", "13号楼八点停水。3号楼九点停水。", "3号楼"),
        ("5路车几点收车？", "15路车九点收车。5路车八点收车。", "5路车"),
        ("2019年产量是多少？", "2021年产量是八吨。2019年产量是六吨。", "2019年"),
        ("GB/T 70002要求什么？", "GB/T 70001要求检查。GB/T 70002要求登记。", "GB/T 70002"),
        ("三号楼几点停水？", "13号楼八点停水。3号楼九点停水。", "3号楼"),
    ],
)
def test_what_is_confusable_is_told_apart(question: str, text: str, best: str) -> None:
    found, _ = reading(question, text, [0.9, 0.6])
    assert demoted(found).reads[0].unit.text.startswith(best)


def test_what_names_nothing_of_the_kind_is_left_alone() -> None:
    found, _ = reading("3号楼何时停水？", "今天八点停水。明天不停。", [0.9, 0.1])
    assert demoted(found) is found
    plain, _ = reading("何时停水？", "13号楼八点停水。明天不停。", [0.9, 0.1])
    assert demoted(plain) is plain


def test_how_many_is_not_told_without_a_number() -> None:
    found, _ = reading("甲街道有多少名党员？", "甲街道讲了党课。甲街道有党员三百名。", [0.9, 0.5])
    assert "三百" in demoted(found).reads[0].unit.text and demoted(found).reads[1].belief == pytest.approx(0.9 * OTHER)


def test_open_boxes_tell_what_was_left_open_and_nothing_else() -> None:
    text = "☐帆船 ☐摩托艇（未勾选）\n船型登记完毕。"
    chosen, _ = reading("船型选的是哪一种？", text, [0.9, 0.1])
    assert demoted(chosen).reads[0].unit.text.startswith("船型")
    left_open, _ = reading("哪些船型没有勾选？", text, [0.9, 0.1])
    assert demoted(left_open) is left_open


def test_another_ones_belief_is_nearly_gone() -> None:
    found, _ = reading("T-3000的重量是多少？", "T-300型水泵重9公斤。", [0.9])
    assert demoted(found).confidence == pytest.approx(0.9 * OTHER)


LAW = "第一条　养犬要登记。\n第二条　违反第一条的，罚款五百元。\n第三条　有下列情形之一的，不予登记：\n（一）没有住所；\n（二）没有免疫。"


def law(question: str) -> tuple[Reading, list[Hit]]:
    blocks, at = [], 0
    for line in LAW.split("\n"):
        kind, number = ("clause", line[:3]) if line[0] == "第" else ("item", line[:3])
        blocks.append(
            Block(kind, at, at + len(line), level=int(kind == "item"), number=number, above=2 if kind == "item" else -1)
        )  # type: ignore[arg-type]
        at += len(line) + 1
    passage = Passage("p", "p", LAW, 0, len(LAW), blocks=tuple(blocks))
    units = units_of(passage)
    return Reading(question, tuple(Read(unit, 0.5) for unit in units)), [Hit(passage, 1.0, 1)]


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("第一条规定了什么？", ["第一条"]),
        ("第1条的内容是什么？", ["第一条"]),
        ("第三条规定了什么？", ["第三条", "（一）", "（二）"]),
        ("第三条第二项是什么？", ["（二）"]),
    ],
)
def test_a_clause_is_found_by_its_number_whole(question: str, begins: list[str]) -> None:
    found = whole_clauses(*law(question))
    assert [read.unit.text[:3] for read in found.reads] == begins and found.confidence == 1.0


def test_a_clause_that_is_not_there_is_not_answered_by_one_that_mentions_it() -> None:
    assert whole_clauses(*law("第九条规定了什么？")).reads == ()


def test_what_is_asked_of_a_clause_is_read_there() -> None:
    found = in_named_clauses(*law("违反规定的，按照第二条罚多少？"))
    assert {read.unit.text[:3] for read in found.reads} == {"第二条"}
    elsewhere = law("按照第九条罚多少？")
    assert in_named_clauses(*elsewhere) is elsewhere[0]
