"""Questions with a story before them: what is asked at their end is looked for where the whole finds nothing."""

import pytest

from qa.questions.intents import intent_of
from qa.questions.told_before import asked_at_the_end

STORY = "我妈妈去年在渡口办了一张老年乘船卡，后来她住院三个月没有坐过船，卡也找不到放在哪个抽屉里了"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (f"您好，{STORY}，想问一下补办乘船卡要带什么证件？谢谢！", "补办乘船卡要带什么证件？"),
        (f"{STORY}，今天才想起来，请问补卡的窗口周末开不开，几点开门？", "请问补卡的窗口周末开不开，几点开门？"),
        ("补办乘船卡要带什么证件？", ""),
        (f"{STORY}，真是麻烦，请帮我补一张。", ""),
        (
            "根据2021年的统计，清河镇的渡口，北岸的、南岸的和码头边的，加上上游新建的两个，一共有多少个渡口在夜里开航？",
            "",
        ),
    ],
)
def test_what_is_asked_at_the_end(question: str, asked: str) -> None:
    assert asked_at_the_end(question) == asked


def test_an_order_that_comes_second_is_one_for_a_summary() -> None:
    assert intent_of("找到渡口管理办法这份文件，并简要介绍主要内容") == "summary"
    assert intent_of("渡口有三个，船工简单说过什么？") != "summary"
