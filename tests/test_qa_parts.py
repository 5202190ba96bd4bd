import pytest

from qa.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("甲方是谁？", ("甲方是谁？",)),
        (
            "长兴路街道和汝河路街道的志愿者各有多少人？",
            ("长兴路街道的志愿者有多少人？", "汝河路街道的志愿者有多少人？"),
        ),
        ("2022年和2023年高考人数", ("2022年高考人数", "2023年高考人数")),
        ("2021年中国和美国经济分别增长了多少？", ("2021年中国经济增长了多少？", "2021年美国经济增长了多少？")),
        ("电影《搜救》的导演和主演是谁？", ("电影《搜救》的导演是谁？", "电影《搜救》的主演是谁？")),
        ("商都路有多少名党员，金水区有多少个街道？", ("商都路有多少名党员？", "金水区有多少个街道？")),
    ],
)
def test_what_asks_two_things_is_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "中国和美国之间的距离是多少？",
        "徐珂与哪些人交好？",
        "《罪与罚》的作者是谁？",
        "张三和李四共同创办了什么公司？",
        "和",
        "",
    ],
)
def test_what_belongs_together_stays_whole(question: str) -> None:
    assert parts_of(question) == (question,)
