from dataclasses import replace

import numpy as np

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.reading.choosing import choose
from qa.reading.features import Asked
from qa.reading.reader import Read, Reading
from qa.reading.units import Unit, units_of
from qa.writing.writer import QuotingWriter

LONG = (
    "平安社区把闲置的旧厂房改造成综合服务中心，设置老年食堂、日间照料室和阅览室，"
    "每天有三百多位老人前来用餐，社区还请来退休教师给孩子们辅导功课，周末开放到晚上九点半，节假日也不休息。"
)
ASKED = Asked("问", "other", {}, frozenset(), frozenset(), (), (), "", "问", np.zeros(2, np.float32))


def hit(text: str, rank: int = 1) -> Hit:
    return Hit(Passage(f"a#{rank}", "a", text, 0, len(text)), 1.0 / rank, rank)


def reading(*shares: tuple[Unit, float]) -> Reading:
    return Reading(ASKED, tuple(Read(unit, share) for unit, share in shares), 0.9)


def test_long_sentences_come_in_parts_that_cover_them() -> None:
    units = units_of([hit(LONG)])
    assert len(units) > 1
    assert "".join(unit.text for unit in units) == LONG
    assert all(len(unit.text) <= 80 for unit in units)


def test_a_part_shows_that_its_sentence_goes_on() -> None:
    hits = [hit(LONG)]
    first, last = units_of(hits)[0], units_of(hits)[-1]
    assert "".join(QuotingWriter().write("问", hits, [reading((first, 1.0))])).endswith("……[1]")
    assert "".join(QuotingWriter().write("问", hits, [reading((last, 1.0))])).startswith("……")


def test_neighbouring_parts_are_shown_as_one() -> None:
    hits = [hit(LONG)]
    first, second = units_of(hits)[:2]
    written = "".join(QuotingWriter().write("问", hits, [reading((second, 0.5), (first, 0.5))]))
    assert written.count("[1]") == 1 and written.startswith(first.text + second.text[:-1])


def test_the_best_passage_comes_first_and_marks_point_at_it() -> None:
    hits = [hit("甲社区有五人。"), hit("乙社区有六人。", 2)]
    one, two = units_of(hits)
    written = "".join(QuotingWriter().write("问", hits, [reading((two, 0.5), (one, 0.5))]))
    assert written == "乙社区有六人。[2]甲社区有五人。[1]"


def test_what_only_repeats_the_answer_is_left_out_and_what_adds_to_it_is_shown() -> None:
    hits = [
        hit("该剧由姚晨、庄达菲主演。"),
        hit("领衔主演的是庄达菲和姚晨。", 2),
        hit("常远、庄达菲等主演的剧播完了。", 3),
    ]
    one, again, more = units_of(hits)
    reads = (
        Read(one, 0.5, "姚晨、庄达菲"),
        Read(again, 0.3, "庄达菲和姚晨"),
        Read(more, 0.1, "常远、庄达菲"),
        Read(units_of([hit("天气晴。", 4)])[0], 0.01),
    )
    assert [r.unit for r in choose([Reading(ASKED, reads, 0.9)], hits)] == [one, more]


def test_of_a_list_that_is_asked_for_all_items_are_shown() -> None:
    text = "公司推出以下措施：一是降低费率。二是扩大范围。三是完善制度。四是优化监管。五是延长时间。别的再说。"
    hits = [hit(text)]
    units = units_of(hits)
    asked = replace(ASKED, text="公司推出了哪些措施？")
    reads = tuple(Read(unit, 0.9 if number == 2 else 0.01) for number, unit in enumerate(units))
    chosen = choose([Reading(asked, tuple(sorted(reads, key=lambda r: -r.share)), 0.9)], hits)
    assert sorted(r.unit.text for r in chosen) == sorted(unit.text for unit in units[:5])
    written = "".join(QuotingWriter().write(asked.text, hits, [Reading(asked, (reads[2], *reads), 0.9)]))
    assert [written.index(word) for word in ("降低", "扩大", "完善", "优化", "延长")] == sorted(
        written.index(word) for word in ("降低", "扩大", "完善", "优化", "延长")
    )
    one = choose([Reading(replace(ASKED, text="公司扩大了什么？"), (reads[1],), 0.9)], hits)
    assert [r.unit for r in one] == [units[1]]


def test_what_is_sure_is_said_alone_and_nothing_twice() -> None:
    hits = [hit("甲社区有五人。"), hit("乙社区有六人。", 2)]
    one, two = units_of(hits)
    again = Unit(1, 0, 7, (0, 7), one.text)
    assert [r.unit for r in choose([reading((one, 0.95), (two, 0.05))], hits)] == [one]
    assert [r.unit for r in choose([reading((one, 0.4), (again, 0.3), (two, 0.2))], hits)] == [one, two]


def test_a_heading_is_shown_only_where_nothing_else_answers() -> None:
    hits = [hit("云溪街道务实重干谱新篇\n云溪街道的书记是李明华。\n云溪街道办事处")]
    heading, told, signature = units_of(hits)
    assert [r.unit for r in choose([reading((heading, 0.5), (told, 0.3), (signature, 0.2))], hits)] == [told]
    assert [r.unit for r in choose([reading((heading, 0.95), (told, 0.03), (signature, 0.02))], hits)] == [heading]


def test_the_title_is_a_heading_whatever_it_looks_like() -> None:
    found = hit("五步怎么走：基层问答\n五步是学、查、改、建、评。")
    hits = [replace(found, passage=replace(found.passage, title="五步怎么走：基层问答"))]
    title, told = units_of(hits)
    assert [r.unit for r in choose([reading((title, 0.5), (told, 0.3))], hits)] == [told]


def test_where_a_number_is_asked_for_sentences_without_one_give_way() -> None:
    hits = [hit("云溪街道党员干劲足，守着一方平安。云溪街道有党员86名。")]
    idle, told = units_of(hits)
    counting = replace(reading((idle, 0.6), (told, 0.4)), asked=replace(ASKED, kind="how_many"))
    assert [r.unit for r in choose([counting], hits)] == [told]
    assert [r.unit for r in choose([reading((idle, 0.6), (told, 0.4))], hits)] == [idle, told]
    sure = replace(counting, units=reading((idle, 0.95), (told, 0.02)).units)  # a figure elsewhere is no answer
    assert [r.unit for r in choose([sure], hits)] == [idle]


def test_where_a_time_is_asked_for_sentences_without_one_give_way() -> None:
    hits = [hit("云溪街道打通断头路，方便居民。力争年底建成7条。以前出门只有一条路。")]
    idle, told, before = units_of(hits)
    asked = replace(ASKED, kind="when", text="断头路什么时候打通？")
    when = replace(reading((idle, 0.6), (before, 0.2), (told, 0.1)), asked=asked)
    assert [r.unit for r in choose([when], hits)] == [told]


def test_a_passage_on_another_street_is_left_out_beside_the_one_that_is_asked_about() -> None:
    hits = [hit("商都路党委书记张俊忠讲话。"), hit("汝河路党工委书记吴孝刚讲话。", 2)]
    ours, theirs = units_of(hits)
    both = replace(reading((ours, 0.5), (theirs, 0.4)), asked=replace(ASKED, names=("商都",)))
    assert [r.unit for r in choose([both], hits)] == [ours]
    close = replace(reading((theirs, 0.5), (ours, 0.4)), asked=replace(ASKED, names=("商都",)))
    assert [r.unit for r in choose([close], hits)] == [ours]
    unnamed = replace(reading((theirs, 0.5), (ours, 0.1)), asked=replace(ASKED, names=("商都",)))
    assert [r.unit for r in choose([unnamed], hits)] == [theirs, ours]


def test_what_counts_something_else_is_left_out_beside_the_count_asked_for() -> None:
    hits = [hit("街道有党员2584名。街道买来书籍1600多套。")]
    members, books = units_of(hits)
    asked = replace(ASKED, kind="how_many", measure="名", text="有多少名党员？")
    both = replace(reading((members, 0.8), (books, 0.1)), asked=asked)
    assert [r.unit for r in choose([both], hits)] == [members]
    turned = replace(reading((books, 0.8), (members, 0.1)), asked=asked)
    assert [r.unit for r in choose([turned], hits)] == [books, members]


def test_a_cut_ends_without_a_dash_and_a_sentence_with_a_full_stop() -> None:
    hits = [hit("云溪街道有党员86名；")]
    (whole,) = units_of(hits)
    assert "".join(QuotingWriter().write("问", hits, [reading((whole, 1.0))])) == "云溪街道有党员86名。[1]"
    cut = Unit(0, 0, 9, (0, 20), "云溪街道办事处——")
    hits = [hit("云溪街道办事处——社区——物业四级联动。")]
    assert "".join(QuotingWriter().write("问", hits, [reading((cut, 1.0))])) == "云溪街道办事处……[1]"


def test_of_several_readings_the_best_of_each_is_shown_and_what_answers_two_once() -> None:
    hits = [hit("甲社区有五人，乙社区有六人。"), hit("乙社区有六人多。", 2), hit("甲社区在山上。", 3)]
    both, second, idle = units_of(hits)
    first = reading((both, 0.9), (idle, 0.1))
    assert [r.unit for r in choose([first, reading((second, 0.9), (both, 0.1))], hits)] == [both, second]
    assert [r.unit for r in choose([first, reading((second, 0.45), (both, 0.45))], hits)] == [both]


def test_the_least_certain_of_several_readings_gets_a_further_sentence() -> None:
    hits = [hit(f"{name}社区有五人。", rank) for rank, name in enumerate("甲乙丙丁戊", 1)]
    sure, one, two, three, poor = units_of(hits)
    doubtful = reading((one, 0.4), (two, 0.3), (three, 0.2))
    assert [r.unit for r in choose([reading((sure, 0.9)), doubtful], hits)] == [sure, one, two]
    certain = reading((one, 0.8), (poor, 0.1))
    assert [r.unit for r in choose([reading((sure, 0.9)), certain], hits)] == [sure, one]


def test_words_that_only_announce_are_shown_with_what_follows() -> None:
    text = (
        "在星期三上午举行的全区老旧小区改造推进会上，分管这项工作的副区长在回答居民代表和媒体记者的提问时表示，"
        "到明年六月底前要完成四十七个小区的改造，其中二十个小区加装电梯，其余的小区先修屋顶和下水管道。"
    )
    hits = [hit(text)]
    first = units_of(hits)[0]
    assert first.text.endswith("表示，")
    written = "".join(QuotingWriter().write("问", hits, [reading((first, 1.0))]))
    assert written.endswith("表示，到明年六月底前要完成四十七个小区的改造……[1]")


def titled(text: str, title: str) -> Hit:
    found = hit(text)
    return replace(found, passage=replace(found.passage, title=title))


def test_whom_a_stretch_is_about_is_said_in_brackets_unless_it_was_read() -> None:
    hits = [titled("张伟明是郑州的教师。他于1990年获得一等奖。", "张伟明")]
    first, second = units_of(hits)
    chosen = [reading((second, 1.0))]
    assert "".join(QuotingWriter().write("谁获奖？", hits, chosen)) == "他〔张伟明〕于1990年获得一等奖。[1]"
    assert "".join(QuotingWriter().write("张伟明哪年获奖？", hits, chosen)) == "他于1990年获得一等奖。[1]"
    both = [reading((first, 0.5), (second, 0.5))]
    assert (
        "".join(QuotingWriter().write("谁获奖？", hits, both))
        == f"{hits[0].passage.text[:-13]}[1]他于1990年获得一等奖。[1]"
    )


def test_a_name_before_the_rest_of_a_sentence_stands_for_the_dots() -> None:
    text = "云溪大厦是一座写字楼，主要出租给研究所和设计公司。"
    hits = [titled(text, "云溪大厦")]
    rest = Unit(0, 11, len(text), (0, len(text)), text[11:])
    assert "".join(QuotingWriter().write("问", hits, [reading((rest, 1.0))])) == f"〔云溪大厦〕{text[11:]}[1]"
