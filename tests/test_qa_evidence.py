"""What a language model is shown: stretches around what the reader believes in, and no more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of
from qa.writing.evidence import LONGEST, PASSAGES, evidence


def hit(number: int, text: str) -> Hit:
    return Hit(Passage(f"p{number}", f"a{number}", text, 0, len(text), f"第{number}篇"), 1.0, number)


def reading(*believed: tuple[Hit, int, float]) -> Reading:
    reads = [Read(units_of(hit.passage)[place], belief) for hit, place, belief in believed]
    return Reading("？", tuple(sorted(reads, key=lambda read: -read.belief)))


LONG = [
    hit(number, "".join(f"第{n}句说的是第{number}件事情的第{n}个方面。" for n in range(40))) for number in range(1, 7)
]


def test_the_passages_believed_in_most_come_first_cut_down_to_what_answers() -> None:
    shown, cut = evidence(LONG, [reading((LONG[1], 20, 0.4), (LONG[4], 3, 0.9))])
    assert shown == [LONG[4], LONG[1]]
    for whole, part, place in zip(shown, cut, (3, 20), strict=True):
        text = part.passage.text
        assert f"第{place}句" in text and f"第{place + 1}句" in text and f"第{place - 1}句" in text
        assert len(text) <= LONGEST
        assert whole.passage.text[part.passage.start : part.passage.end] == text and text.endswith("。")


def test_each_part_of_a_question_has_its_passage() -> None:
    first = reading(*((one, 0, 0.9 - n / 100) for n, one in enumerate(LONG[:4])))
    second = reading((LONG[5], 0, 0.1))
    shown, _ = evidence(LONG, [first, second])
    assert shown[:2] == [LONG[0], LONG[5]] and len(shown) == 4
    assert len(evidence(LONG, [first])[0]) == PASSAGES


def test_what_is_short_or_was_not_read_is_shown_whole() -> None:
    short = hit(9, "只有一句。还有一句。")
    assert evidence([short], [reading((short, 0, 0.9))])[1] == [short]
    assert evidence(LONG, []) == (LONG[:PASSAGES], LONG[:PASSAGES])


def test_a_sentence_that_is_longer_by_itself_is_shown_whole() -> None:
    one = hit(8, "甲" * (LONGEST + 50) + "。" + "乙。" * 80)
    (cut,) = evidence([one], [reading((one, 0, 0.9))])[1]
    assert cut.passage.text == "甲" * (LONGEST + 50) + "。"


@given(st.lists(st.integers(1, 120), min_size=1, max_size=30), st.data())
def test_a_cut_is_a_stretch_of_its_passage_with_the_best_unit(lengths: list[int], data: st.DataObject) -> None:
    whole = hit(7, "".join("字" * length + "。" for length in lengths))
    units = units_of(whole.passage)
    unit = data.draw(st.sampled_from(units))
    moved = replace(whole, passage=replace(whole.passage, start=50, end=50 + len(whole.passage.text)))
    read = Read(replace(unit, passage=moved.passage), 0.9)
    (cut,) = evidence([moved], [Reading("？", (read,))])[1]
    start = cut.passage.start - 50
    assert whole.passage.text[start : start + len(cut.passage.text)] == cut.passage.text
    assert start <= unit.start and unit.end <= start + len(cut.passage.text)
    assert len(cut.passage.text) <= max(LONGEST, unit.sentence[1] - unit.sentence[0])
