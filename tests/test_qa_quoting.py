from corpus.article import Block, Passage
from qa.answer import Answer, Question
from qa.reading.choosing import choose
from qa.reading.reader import Read, Reading
from qa.reading.units import Unit, units_of
from qa.writing.quoting import quotes_of, write


def passage(text: str, name: str = "p", blocks: tuple[Block, ...] = ()) -> Passage:
    return Passage(name, name, text, 0, len(text), title="标题", blocks=blocks)


def reading(*reads: tuple[Unit, float], answer: str = "") -> Reading:
    made = []
    for unit, belief in reads:
        at = unit.passage.text.find(answer, unit.start, unit.end) if answer else -1
        span = (at, at + len(answer)) if at >= 0 else (0, 0)
        made.append(Read(unit, belief, span, span))
    return Reading("？", tuple(sorted(made, key=lambda r: -r.belief)))


def answered(*readings: Reading) -> Answer:
    return write(Answer(Question("？"), "？"), quotes_of(readings), lambda passage, start, end: ((start, end),))


THREE = passage("甲街道有党员一千名。乙街道有党员两千名。丙街道没有统计。")


def test_the_answer_is_an_exact_quotation_with_its_citation_and_its_mark() -> None:
    units = units_of(THREE)
    answer = answered(reading((units[1], 0.9), (units[0], 0.2), answer="两千名"))
    assert answer.text == "乙街道有党员两千名。[1]"
    citation = answer.citations[0]
    assert THREE.text[citation.start : citation.end] == citation.quote == "乙街道有党员两千名。"
    assert citation.raw_spans == ((citation.start, citation.end),)
    assert [answer.text[a:b] for a, b in answer.highlights] == ["两千名"]
    assert all(claim.supported and claim.citations == (1,) for claim in answer.claims)


def test_another_unit_is_shown_only_where_it_is_believed_too() -> None:
    units = units_of(THREE)
    assert len(choose([reading((units[1], 0.9), (units[0], 0.6))])) == 2
    assert len(choose([reading((units[1], 0.9), (units[0], 0.5))])) == 1
    assert len(choose([reading((units[1], 0.4), (units[0], 0.39))])) == 1


def test_nothing_is_shown_twice() -> None:
    reprint = passage("乙街道有党员两千名。", "q")
    both = reading((units_of(THREE)[1], 0.9), (units_of(reprint)[0], 0.88), answer="两千名")
    assert [read.unit.passage.id for read in choose([both])] == ["p"]
    assert len(choose([both, both])) == 1


def test_of_several_readings_the_best_of_each_is_shown() -> None:
    units = units_of(THREE)
    answer = answered(reading((units[1], 0.9), answer="两千名"), reading((units[0], 0.8), answer="一千名"))
    assert answer.text == "甲街道有党员一千名。[1]乙街道有党员两千名。[2]"
    assert [answer.text[a:b] for a, b in answer.highlights] == ["一千名", "两千名"]


def test_a_part_shows_that_its_sentence_goes_on_and_neighbours_are_one() -> None:
    long = passage("，".join(f"第{n}个社区新建了党群服务中心和老年食堂" for n in range(6)) + "。")
    units = units_of(long)
    assert len(units) >= 3
    middle = quotes_of([reading((units[1], 0.9))])
    assert answered(reading((units[1], 0.9))).text.startswith("……") and len(middle) == 1
    two = answered(reading((units[0], 0.9), (units[1], 0.8)))
    assert two.text.count("……") == 1 and len(two.claims) == 1


def test_words_that_only_announce_are_shown_with_what_follows() -> None:
    text = (
        "经过三个月的反复走访和统计以后，街道办事处的工作人员向到场的各位居民代表表示，"
        + "全部楼院要在年底以前" * 4
        + "改造完。"
    )
    units = units_of(passage(text))
    assert units[0].text.endswith("表示，")
    assert "改造完" in answered(reading((units[0], 0.9))).text


def _list() -> Passage:
    text = "办理需要：\n1. 身份证；\n2. 户口簿；\n3. 照片两张。\n电话：6601"
    blocks, at = [], 0
    for number, line in enumerate(text.split("\n")):
        kind = "item" if 0 < number < 4 else "paragraph"
        blocks.append(Block(kind, at, at + len(line), level=int(kind == "item"), above=0 if kind == "item" else -1))  # type: ignore[arg-type]
        at += len(line) + 1
    return passage(text, blocks=tuple(blocks))


def test_a_list_is_shown_whole_with_what_leads_into_it() -> None:
    listed = _list()
    units = units_of(listed)
    stretch = (units[1].start, units[2].end)
    reads = tuple(Read(unit, 0.9 - n / 10, stretch, stretch) for n, unit in enumerate(units[1:], 1))
    answer = answered(Reading("？", reads))
    assert answer.text == "办理需要：\n1. 身份证；\n2. 户口簿；\n3. 照片两张。[1]"
    assert answer.citations[0].quote == "办理需要：\n1. 身份证；\n2. 户口簿；\n3. 照片两张。"


def test_one_item_of_a_list_is_shown_alone() -> None:
    units = units_of(_list())
    assert answered(reading((units[2], 0.9), (units[1], 0.1), answer="户口簿")).text == "2. 户口簿。[1]"
