import pytest

from qa.questions.answer_types import answer_type_of, subject_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("商都路有多少名党员？", "how_many"),
        ("改造了几条道路？", "how_many"),
        ("工程要多长时间？", "how_many"),
        ("活动是什么时候举行的？", "when"),
        ("哪一年完工？", "when"),
        ("书记是谁？", "who"),
        ("活动在哪里举行？", "where"),
        ("工厂在哪个城市？", "where"),
        ("为什么要改造？", "why"),
        ("改造的原因是什么？", "why"),
        ("包括哪些项目？", "which"),
        ("如何报名？", "how"),
        ("帐篷支部是指什么？", "definition"),
        ("是否完工了？", "yes_no"),
        ("服务模式是什么？", "other"),
        ("2017年云雾茶产量", "how_many"),
        ("提高了什么产量？", "other"),
        ("春季龙舟赛的冠军", "other"),
        ("《城南旧事》的导演", "who"),
        ("首趟班列的起点？", "where"),
        ("如何提高产量？", "how"),
        ("李丰被选为什么职位？", "other"),
        ("李丰后来成为什么？", "other"),
        ("工作为什么拖了下来？", "why"),
        ("工程完成为什么这样慢？", "why"),
        ("证监会将如何处理违规行为？", "how"),
        ("许多高校因哪一个革命迁出北京？", "which"),
        ("哪些国家花费的时间比例最高？", "which"),
        ("女性的占比？", "how_many"),
        ("嫌疑人叫什么名字？", "who"),
    ],
)
def test_what_would_answer_a_question(question: str, kind: str) -> None:
    assert answer_type_of(question) == kind


def test_a_question_without_its_question_words_is_what_it_is_about() -> None:
    assert subject_of("商都路有多少名党员？") == "商都路有 名党员"
