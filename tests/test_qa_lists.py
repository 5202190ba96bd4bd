"""Lists that are shown whole, sections of one form, and clauses that are spoken of by their number."""

from collections.abc import Sequence

import pytest

from corpus.article import Article, Passage
from corpus.reading.contents import text_article
from corpus.text.passages import split_passages
from embeddings.collections.hit import Hit
from qa.answer import Answer, Question
from qa.reading.lists import MOST_ITEMS, with_whole_lists
from qa.reading.network import load_network
from qa.reading.reader import Read, Reading, read
from qa.reading.sections import in_named_section, with_section_by_itself
from qa.reading.units import units_of
from qa.writing.listing import with_number_of_items
from qa.writing.quoting import quotes_of, write
from qa.writing.ways import narrowed


def article(text: str) -> Article:
    return text_article(text, id="a", title=text.split("\n")[0], source="a", published="", author="")[0]


def reading(question: str, passages: Sequence[Passage], beliefs: dict[str, float]) -> Reading:
    """All units; those that hold one of the words are believed that much, the others hardly."""
    reads = []
    for passage in passages:
        for unit in units_of(passage):
            belief = next((value for word, value in beliefs.items() if word in unit.text), 0.01)
            reads.append(Read(unit, belief, (unit.start, unit.end), (unit.start, unit.end)))
    return Reading(question, tuple(sorted(reads, key=lambda read: -read.belief)))


def text_of(found: Reading) -> str:
    return write(Answer(Question("？"), found.question), quotes_of([found]), lambda _, a, b: ((a, b),)).text


def long_list(count: int) -> Article:
    lines = (f"{n}．第{n}样东西，包括装在箱子里、挂在车外以及托人代带的；" for n in range(1, count + 1))
    return article("车站禁带目录\n车站禁止携带下列物品：\n" + "\n".join(lines) + "\n由专人检查。")


@pytest.mark.parametrize("seen", ["第3样", "下列物品"])
def test_all_items_of_a_list_are_shown_also_those_of_other_passages(seen: str) -> None:
    listed = long_list(20)
    passages = split_passages(listed, 200)
    assert len(passages) > 2
    first = reading("车站禁止携带哪些物品？", passages[:1], {seen: 0.9, "第2样": 0.8})
    text = text_of(with_whole_lists(first, lambda _: passages))
    assert all(f"第{n}样" in text for n in range(1, 21))
    assert "专人" not in text


def test_of_a_very_long_list_so_many_are_shown_and_it_is_said_how_many_there_are() -> None:
    listed = long_list(MOST_ITEMS + 15)
    passages = split_passages(listed, 200)
    found = with_whole_lists(reading("禁止携带哪些物品？", passages, {"第3样": 0.9, "第2样": 0.9}), lambda _: passages)
    answer = write(Answer(Question("？"), found.question), quotes_of([found]), lambda _, a, b: ((a, b),))
    told = with_number_of_items(answer, {"a": listed}.__getitem__)
    assert told.text.startswith(f"这里共列了{MOST_ITEMS + 15}项，下面是其中{MOST_ITEMS}项")
    assert told.claims[0].computed and not told.claims[1].computed


def test_a_whole_list_says_its_number_only_where_that_is_asked() -> None:
    listed = long_list(5)
    passages = split_passages(listed, 400)
    for question, expected in (("禁止携带哪些物品？", False), ("禁止携带哪几种物品，一共几种？", True)):
        found = with_whole_lists(reading(question, passages, {"第3样": 0.9, "第2样": 0.9}), lambda _: passages)
        answer = write(Answer(Question("？"), question), quotes_of([found]), lambda _, a, b: ((a, b),))
        told = with_number_of_items(answer, {"a": listed}.__getitem__)
        assert ("共列了5项" in told.text) is expected


def test_one_item_stays_one_where_no_list_is_asked_for() -> None:
    passages = split_passages(long_list(6), 400)
    found = reading("第3样东西可以托人代带吗？", passages, {"第3样": 0.9, "第2样": 0.85})
    assert with_whole_lists(found, lambda _: passages) is found


def test_what_stands_under_an_item_goes_with_it() -> None:
    lines = "组队须知\n参赛队须交下列材料：\n1. 报名表\n2. 队员名单\n（1）附照片\n（2）一式两份\n3. 承诺书"
    passages = split_passages(article(lines), 400)
    text = text_of(
        with_whole_lists(reading("参赛队须交哪些材料？", passages, {"报名表": 0.9, "名单": 0.9}), lambda _: passages)
    )
    assert all(word in text for word in ("报名表", "一式两份", "队员名单", "附照片", "承诺书"))


MOTIONS = """合作社理事会决议
理事会审议了下列议案。
一、审议了《关于购买收割机的议案》。
拟购买收割机两台，预算三十六万元，由农机组办理。
表决结果：7票同意、0票反对、0票弃权。
二、审议了《关于修建仓库的议案》。
拟在村东修建仓库一座，面积四百平方米，秋收以前完工。
表决结果：5票同意、1票反对、1票弃权。"""


def test_of_sections_of_one_form_the_one_that_is_named_answers() -> None:
    passages = split_passages(article(MOTIONS), 600)
    found = reading("关于修建仓库的议案有多少票反对？", passages, {"7票": 0.8, "5票": 0.02})
    kept = in_named_section(found)
    assert kept.reads[0].unit.text.startswith("表决结果：5票") and kept.confidence == 0.8
    assert not any("7票" in read.unit.text for read in kept.reads)
    other = reading("合作社买了几台收割机？", passages, {"两台": 0.8})
    assert in_named_section(other).reads[0] == other.reads[0]


def test_the_section_that_is_named_is_read_by_itself() -> None:
    question, network = "关于修建仓库的议案有多少票弃权？", load_network()
    hits = tuple(Hit(passage, 0.5, rank) for rank, passage in enumerate(split_passages(article(MOTIONS), 600), 1))
    before = read(question, hits, network)
    after = with_section_by_itself(before, hits, network)
    beliefs = {one.unit.start: one.belief for one in before.reads}
    assert {one.unit.start for one in after.reads} == set(beliefs)
    assert all(one.unit.passage is hits[0].passage and one.belief >= beliefs[one.unit.start] for one in after.reads)
    section = MOTIONS.index("拟在村东")
    raised = [one for one in after.reads if one.belief > beliefs[one.unit.start]]
    assert raised and all(one.unit.start >= section and one.answer in one.unit.text for one in raised)
    assert with_section_by_itself(other := read("合作社买了几台收割机？", hits, network), hits, network) == other


RULES = """渡口办法
第一条 渡船载客不得超过定额。
第二条 船工须持证上岗，每两年复审一次。
第三条 违反本办法第一条规定的，处二百元罚款。"""


def narrowly(question: str, beliefs: dict[str, float]) -> str:
    passages = split_passages(article(RULES), 600)
    hits = tuple(Hit(passage, 0.5, rank) for rank, passage in enumerate(passages, 1))
    return text_of(narrowed(reading(question, passages, beliefs), hits))


def test_what_follows_from_breaking_a_clause_stands_where_it_is_spoken_of() -> None:
    assert "二百元" in narrowly("违反第一条怎么处罚？", {"定额": 0.9, "罚款": 0.2})


def test_a_clause_itself_comes_before_those_that_speak_of_it() -> None:
    assert narrowly("第一条要求怎样？", {"定额": 0.5, "罚款": 0.9}).startswith("第一条")
    assert "罚款" in narrowly("第一条没有做到的由谁罚多少？", {"定额": 0.02, "罚款": 0.9})


def test_the_number_of_a_clause_is_the_answer_to_which() -> None:
    found = narrowly("船工多久复审一次是哪一条规定的？", {"复审": 0.9})
    assert found.startswith("第二条")
