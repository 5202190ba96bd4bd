import pytest

from qa.answer import Turn
from qa.questions.follow_up import complete, topic_of


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("商都路办事处在哪个区？", "那它有多少党员？", "商都路办事处有多少党员？"),
        ("商都路办事处在哪个区？", "该街道有多少党员？", "商都路办事处有多少党员？"),
        ("商都路办事处有多少党员？", "那汝河路街道呢？", "汝河路街道有多少党员？"),
        ("商都路办事处有多少名党员？", "那党组织呢？", "商都路办事处有多少党组织？"),
        ("商都路办事处有多少名党员？", "金水区呢？", "金水区有多少名党员？"),
        ("商都路办事处有多少名党员？", "金水区今天天气怎么样？", "金水区今天天气怎么样？"),
        ("商都路办事处有多少名党员？", "有多少人参加？", "商都路办事处有多少人参加？"),
        ("《邻里公约》是谁写的？", "它什么时候发布？", "《邻里公约》什么时候发布？"),
        ("商都路办事处在哪个区？", "有多少党员？", "商都路办事处有多少党员？"),
        ("商都路办事处在哪个区？", "金水区打通了几条断头路？", "金水区打通了几条断头路？"),
        ("商都路办事处在哪个区？", "其他街道有哪些做法？", "其他街道有哪些做法？"),
    ],
)
def test_a_follow_up_stands_alone(before: str, question: str, standalone: str) -> None:
    assert complete(question, [Turn(before)]) == standalone


def test_he_is_the_person_of_the_answer() -> None:
    history = [Turn("商都路党委书记是谁？", "商都路党委书记张俊忠感慨万千。")]
    assert complete("他说了什么？", history) == "张俊忠说了什么？"


def test_the_topic_lasts_over_several_turns() -> None:
    history = [Turn("商都路办事处在哪个区？"), Turn("它有多少党员？")]
    assert complete("那它有多少家企业？", history) == "商都路办事处有多少家企业？"


def test_without_history_nothing_changes() -> None:
    assert complete("它有多少党员？", []) == "它有多少党员？"


def test_a_topic_is_the_named_thing() -> None:
    assert topic_of("金水区今年要打通几条断头路？") == "金水区"
