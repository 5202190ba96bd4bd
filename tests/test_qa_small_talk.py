"""Small talk is answered plainly, and nothing that may be a question about the articles is taken for it."""

from __future__ import annotations

import pytest

from qa.answer import Question
from qa.questions.small_talk import plain_reply, small_talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("Hello", "greeting"),
        ("早上好～", "greeting"),
        ("谢谢你！", "thanks"),
        ("好的，谢谢😊", "thanks"),
        ("thank you!", "thanks"),
        ("再见", "farewell"),
        ("明白了。", "assent"),
        ("你能做什么？", "about"),
        ("你好，你能做什么", "about"),
        ("你是谁？", "about"),
        ("What can you do?", "about"),
    ],
)
def test_the_whole_message_is_small_talk(text: str, kind: str) -> None:
    assert small_talk(text) == kind
    reply = plain_reply(Question(text))
    assert reply and reply.done and reply.text and not reply.refused and not reply.hits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "？",
        "你好公司是哪年成立的？",
        "感谢信是谁写的？",
        "谢谢，那井有多深？",
        "怎么用？",
        "你好，老井在哪里",
        "早上几点开门？",
        "再见是哪年的歌？",
        "行长是谁",
        "能做什么生意",
    ],
)
def test_a_question_is_never_small_talk(text: str) -> None:
    assert small_talk(text) is None
    assert plain_reply(Question(text)) is None


def test_the_reply_is_in_the_language_asked_for() -> None:
    reply = plain_reply(Question("你好"), "en")
    assert reply and reply.text.startswith("Hello")
