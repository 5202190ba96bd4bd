from corpus.article import Passage
from qa.answer import Answer, Citation, Claim, Question
from qa.reading.reader import Read, Reading
from qa.reading.units import units_of
from qa.writing.judging import LEAST_BELIEF, judged, repeats_itself, stands

PASSAGE = Passage("p", "p", "甲街道有党员一千名。乙街道有党员两千名。", 0, 20)


def reading(first: float, second: float) -> Reading:
    units = units_of(PASSAGE)
    return Reading("？", (Read(units[0], first), Read(units[1], second)))


def answer(*texts: str) -> Answer:
    claims, citations, text = [], [], ""
    for number, said in enumerate(texts, 1):
        start = PASSAGE.text.index(said)
        citations.append(Citation(number, PASSAGE, said, start, start + len(said)))
        claims.append(Claim(said, len(text), len(text) + len(said), (number,), True))
        text += said
    return Answer(Question("？"), "？", text=text, claims=tuple(claims), citations=tuple(citations))


def test_what_is_said_of_somebody_else_is_taken_back_with_its_reason() -> None:
    told = judged(answer("甲街道有党员一千名。"), [reading(LEAST_BELIEF / 2, 0.9)])
    assert not told.claims[0].supported and "所问" in told.claims[0].problem


def test_what_answers_stands_and_lets_what_is_added_stand() -> None:
    assert judged(answer("乙街道有党员两千名。"), [reading(0.0, 0.9)]).claims[0].supported
    both = judged(answer("甲街道有党员一千名。", "乙街道有党员两千名。"), [reading(0.0, 0.9)])
    assert all(claim.supported for claim in both.claims)


def test_an_answer_without_what_the_reader_marked_does_not_stand() -> None:
    quoted = answer("乙街道有党员两千名。")
    marked = Answer(quoted.question, "？", text=quoted.text, highlights=((6, 9),))
    assert quoted.text[6:9] == "两千名"
    assert stands(answer("乙街道有党员两千名。"), marked)
    assert not stands(answer("甲街道有党员一千名。"), marked)
    assert not stands(Answer(Question("？"), "？"), marked)


def test_a_model_in_a_loop_is_noticed_and_others_are_not() -> None:
    assert repeats_itself("一共" + "0" * 80)
    assert repeats_itself("资料里说全区改造了三个小区，涉及居民两千余户，很好。" * 3)
    assert not repeats_itself(
        "资料里说全区改造了三个小区，涉及居民两千余户。另有一处还在施工，预计年底完工，到时统计。"
    )
