import pytest

from qa.questions.comparing import Comparison, comparison_of
from qa.writing.comparison import Found, verdict
from qa.writing.latest import Dated, date_of, latest_of


@pytest.mark.parametrize(
    ("question", "bearers", "first", "relation"),
    [
        ("东城区和西城区哪个的学校更多？", ("东城区", "西城区"), "东城区有多少学校？", "more"),
        ("张庄和李庄谁的产量高", ("张庄", "李庄"), "张庄的产量是多少？", "more"),
        ("2021年和2022年相比，哪一年植树多？", ("2021年", "2022年"), "2021年植树多少？", "more"),
        ("城东的房租比城西贵吗？", ("城东", "城西"), "城东的房租是多少？", "more"),
        ("红星村与前进村相比收入哪个低？", ("红星村", "前进村"), "红星村的收入是多少？", "less"),
        ("东区和西区的面积相差多少？", ("东区", "西区"), "东区的面积是多少？", "difference"),
        ("红星村比前进村的人口多多少？", ("红星村", "前进村"), "红星村有多少人口？", "difference"),
        ("三号楼和五号楼一共有多少户？", ("三号楼", "五号楼"), "三号楼有多少户？", "sum"),
        ("公办园和民办园的收费有什么区别？", ("公办园", "民办园"), "公办园的收费是怎样的？", "differ"),
        ("甲村和乙村的人口分别是多少？", ("甲村", "乙村"), "甲村的人口是多少？", "each"),
        ("全镇2021年和2022年的产量相差多少？", ("全镇2021年", "全镇2022年"), "全镇2021年的产量是多少？", "difference"),
        ("一中和二中哪个学生多？", ("一中", "二中"), "一中学生多少？", "more"),
        ("北部园区和东部物流中心哪个投资大？", ("北部园区", "东部物流中心"), "北部园区投资多少？", "more"),
        ("清河大桥和东风大桥哪座建成早？", ("清河大桥", "东风大桥"), "清河大桥什么时候建成？", "less"),
    ],
)
def test_a_comparison_asks_the_same_of_each(question: str, bearers: tuple[str, str], first: str, relation: str) -> None:
    found = comparison_of(question)
    assert found is not None
    assert (found.bearers, found.questions[0], found.relation) == (bearers, first, relation)
    assert found.questions[1] == first.replace(bearers[0], bearers[1])


@pytest.mark.parametrize("question", ["什么是区域党建？", "东城区有多少学校？", "比赛什么时候开始？", "你好"])
def test_other_questions_compare_nothing(question: str) -> None:
    assert comparison_of(question) is None


def asked(relation: str, word: str = "") -> Comparison:
    return Comparison(("甲", "乙"), ("甲？", "乙？"), relation, word)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comparison", "first", "second", "ends"),
    [
        (asked("more", "多"), "甲有八百人。", "乙有950名。", "乙更多（由所引数字比较得出）。"),
        (asked("less", "少"), "甲有八百人。", "乙有950名。", "甲更少（由所引数字比较得出）。"),
        (asked("more", "长"), "甲长1.5公里。", "乙长1200米。", "甲更长（由所引数字比较得出）。"),
        (asked("more", "多"), "甲有3万人。", "乙有三万人。", "两者相同（由所引数字比较得出）。"),
        (asked("more", "多"), "甲超过500家。", "乙有800家。", "不能断定。"),
        (asked("more", "多"), "甲超过900家。", "乙有800家。", "甲更多（由所引数字比较得出）。"),
        (asked("difference"), "甲种了300棵。", "乙种了二百棵。", "相差100棵，甲较多（由所引数字算出）。"),
        (asked("sum"), "甲有120户。", "乙有95户。", "合计215户（由所引数字算出）。"),
        (asked("sum"), "甲有0.1吨。", "乙有0.2吨。", "合计300000克（由所引数字算出）。"),
        (asked("more", "大"), "甲有30亩。", "乙有20公顷。", "单位不同，不能直接比较。"),
        (asked("less", "早"), "甲于2019年5月建成。", "乙于2021年建成。", "甲更早（由所引日期比较得出）。"),
    ],
)
def test_the_verdict_follows_from_the_figures(comparison: Comparison, first: str, second: str, ends: str) -> None:
    assert verdict(comparison, [Found(first), Found(second)]).sentence.endswith(ends)


def test_the_shortest_answer_tells_which_figure_counts() -> None:
    found = [Found("2021年甲有3个社区、800人。", "800人"), Found("乙有950人、9个社区。", "950人")]
    assert verdict(asked("more", "多"), found).sentence.endswith("乙更多（由所引数字比较得出）。")


def test_what_is_missing_is_said_and_nobody_is_ahead() -> None:
    told = verdict(asked("more", "多"), [Found("甲有八百人。"), None])
    assert told.missing == ("乙",) and "乙" in told.sentence and not told.computed


def test_what_has_no_figure_is_not_computed() -> None:
    assert not verdict(asked("more", "多"), [Found("甲人很多。"), Found("乙有5人。")]).computed
    assert verdict(asked("differ"), [Found("甲收费。"), Found("乙免费。")]).sentence == ""


def test_the_latest_is_told_by_the_stretch_then_by_its_article() -> None:
    assert latest_of(
        [Dated("有三十家。", "2020-05-01"), Dated("2021年7月有45家。", "2019-01-01"), Dated("有9家。")]
    ) == (1, 0, 2)


@pytest.mark.parametrize(
    ("text", "published", "date"),
    [
        ("截至2021年6月底有40家。", "2022-01-01", "2021-06"),
        ("计划到2025年达到100家。", "2022-01-01", "2022-01-01"),
        ("去年有30家。", "2022-03-05", "2021"),
        ("2019年有20家，2021年有35家。", "", "2021"),
        ("有20家。", "", ""),
    ],
)
def test_the_time_that_a_stretch_speaks_of(text: str, published: str, date: str) -> None:
    assert date_of(Dated(text, published)) == date
