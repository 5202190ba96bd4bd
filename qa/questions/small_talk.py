"""Messages that ask nothing of the articles: greetings, thanks, and questions about the program itself.

Knows whole messages only. A message of which any part may be about the articles is none of these.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.languages import pick
from qa.answer import Answer, Question

Kind = Literal["greeting", "thanks", "farewell", "assent", "about"]

# A message is cut at punctuation; each piece must be one of these from end to end.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "about",
        re.compile(
            r"(?:请问)?(?:你|您)(?:都|还)?(?:能|会|可以)(?:帮我|为我|给我)?(?:做|干|回答)?(?:些|一些)?(?:什么|哪些事|啥)(?:问题|事|事情)?(?:呢|呀|啊)?"
            r"|(?:请问)?(?:你|您)(?:是谁|是什么|是哪位|叫什么|叫什么名字|是什么(?:程序|模型|机器人|东西))(?:呢|呀|啊)?"
            r"|(?:请)?(?:介绍|说说)(?:一下)?(?:你|您)?自己(?:吧)?"
            r"|(?:我)?(?:该)?(?:怎么|怎样|如何)(?:使用|用|问|向)(?:你|您)(?:提问)?|(?:你|您|这个程序|本程序)(?:该)?(?:怎么|怎样|如何)(?:使用|用)"
            r"|help|what can you do(?: for me)?|who are you|what are you|how do you work|how do i use (?:you|this)",
        ),
    ),
    (
        "thanks",
        re.compile(
            r"(?:好的?|嗯|太好了)?(?:非常|十分|太|多|真是?)?(?:谢谢?|感谢|谢啦|多谢)(?:你|您|了|啦|你们|您了|你的帮助|您的帮助|你的回答|您的回答)*"
            r"|(?:你|您)?辛苦了?(?:你|您)?(?:了|啦)?|thanks?(?: you)?(?: very much| so much| a lot)?|thx|many thanks"
        ),
    ),
    ("farewell", re.compile(r"再见|拜拜|拜|回见|回头见|明天见|下次见|晚安|good ?bye|bye(?: ?bye)?|see you")),
    (
        "greeting",
        re.compile(
            r"(?:你|您|大家|你们)好(?:呀|啊|哇|吗)?|(?:早上|上午|中午|下午|晚上)好(?:呀|啊)?|早(?:安|啊)?|嗨+|哈[喽啰罗]|喂"
            r"|(?:你|您)?在(?:吗|不在|么)|hi|hello|hey|good (?:morning|afternoon|evening)|问据"
        ),
    ),
    (
        "assent",
        re.compile(
            r"好(?:的|吧|啊|嘞|了)?|(?:我)?(?:明白|知道|了解|懂|清楚)(?:了|啦)|收到|可以了|行|嗯+|哦+|没(?:有)?(?:别的)?问题了?|没事了?"
            r"|ok(?:ay)?|got it|i see"
        ),
    ),
)
_PUNCTUATION = re.compile(r"[\s,，.。!！?？;；:：、~～…—\-()（）\"“”'‘’^_☺-⛿\U0001f300-\U0001faff️]+")
_LONGEST = 40  # characters; what is longer says something

_REPLIES: dict[Kind, tuple[str, str]] = {
    "greeting": (
        "你好！想从文章里知道什么，直接问就行。",
        "Hello! Ask what you would like to know from the articles.",
    ),
    "thanks": (
        "不客气。还想知道什么，可以接着问。",
        "You are welcome. Ask on if there is more you would like to know.",
    ),
    "farewell": ("再见，随时再来问。", "Goodbye, and come back with questions any time."),
    "assent": ("好的。还想知道什么，可以接着问。", "Good. Ask on if there is more you would like to know."),
    "about": (
        "我是问据：根据这里的文章回答问题，每句话后面的编号就是出处，可以点开核对；文章里没有的，我会直说没有。"
        "可以问事实、数字、时间、人物、原因和做法，也可以接着上一句追问，还可以放入自己的文章再问。",
        "I am Wenju. I answer from the articles here, and the number after each sentence leads to its evidence; where "
        "they do not say, I tell you. Ask for facts, figures, dates, people, reasons or ways to do things, ask "
        "follow-up questions, or add articles of your own.",
    ),
}
_ORDER: tuple[Kind, ...] = ("about", "thanks", "farewell", "greeting", "assent")


def small_talk(text: str) -> Kind | None:
    """What kind of small talk the whole of `text` is; None where any part of it may ask something of the articles."""
    if len(text) > _LONGEST:
        return None
    pieces = [piece for piece in re.split(r"[,，.。!！?？;；:：、~～…\n]+", text.lower()) if _bare(piece)]
    kinds = [_kind(_bare(piece)) for piece in pieces]
    return next((kind for kind in _ORDER if kind in kinds), None) if kinds and all(kinds) else None


def plain_reply(question: Question, language: str = "zh") -> Answer | None:
    """The finished answer to small talk, without claims or evidence; None for a real question."""
    kind = small_talk(question.text)
    if kind is None:
        return None
    return Answer(question, question.text, text=pick(language, *_REPLIES[kind]), done=True)


def _bare(piece: str) -> str:
    """`piece` without punctuation; blanks stay between Latin words only."""
    words = _PUNCTUATION.sub(" ", piece).strip()
    return re.sub(r"(?<![a-z]) | (?![a-z])", "", words)


def _kind(piece: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(piece)), None)
