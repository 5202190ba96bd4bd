"""What a request for a summary wants: how long it may be, which article it names, or which topic.

Knows the request and the names of the articles there are; chooses no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.text.labels import count_of
from corpus.text.terms import normalise

_N = r"[\d〇零一二两三四五六七八九十百千]+"
_COUNT = re.compile(
    rf"(?P<number>{_N})\s*(?:多|来|左右)?(?P<what>句|字|条要点|个要点|点|sentences?|words?|characters?)", re.I
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SPELLED = re.compile(rf"\b({'|'.join(_WORDS)})\b(?= (?:short |key )?(?:sentences?|points?))", re.I)
_ORDINAL = re.compile(rf"第\s*({_N})\s*[篇个份](?:文章|文件|报道|材料|资料)?")
_LENGTH = re.compile(
    rf"[用以分]?[^，,的]{{0,3}}{_N}(?:多|来|左右)?[个条]?(?:句|字|要点|点)[话]?(?:以内|之内|左右)?的?|一[个份]"
)
_REQUEST = re.compile(
    r"^(?:请问?|麻烦|劳驾|再)|[你您]?(?:能不能|能否|可以|可不可以)?[帮给替](?:[我大家咱们]+|$)|[缩浓][写缩][到成为]"
    r"|(?:总结|概括|概述|归纳|梳理|综述|提炼|摘要|缩写|浓缩|简述|简介|介绍|讲讲|说说|讲一讲|说一说|谈谈|说|讲|描述|写)"
    r"(?:一?下|出来|出|成)?|(?:大概|大致|简单|简要|简短|主要|都|究竟|到底)[地的]?"
    r"|[的地]?(?:要点|大意|主要内容|内容|摘要|概要|情况|来龙去脉|主旨|中心思想)(?:是什么|有哪些|是啥)?"
    r"|(?:谈|写|讲|说)?了?些?(?:什么|啥|哪些)|把|做个|[？?。！!，,.]"
    r"|\b(?:please|give|me|a|an|the|summar(?:y|i[sz]e)|short|brief|in|of|for|with|sentences?|words?|points?|this"
    r"|these)\b",
    re.I,
)
_DOCUMENT = "(?:文章|文件|报道|新闻|通知|材料|文档|资料|报告|规划|方案|通报|公告|article|text|document|notice|page)s?"
_DEICTIC = re.compile(
    rf"^(?:关于|有关|对)?(?:[这那此该本]?第?[一两几二三四五六七八九十\d]?些?[篇份个页]?|上[面述]|全)?"
    rf"(?:所有|全部|的|里|中)*(?:{_DOCUMENT}|文)?[里中的]*$",
    re.I,
)
_ABOUT = re.compile(rf"^[这那]?[几一两些]*[篇份]*(?:关于|有关)(.+?)的{_DOCUMENT}$", re.I)
# 营商环境那篇 is one article, 这篇文章最后 the one at hand.
_ONE = re.compile(rf"(?:[这那该此]一?[篇份](?:{_DOCUMENT})?|本文|该文)")
_SUFFIX = re.compile(r"\.(?:txt|md|docx?|pdf|html?|xlsx?|csv|json|pptx?)$", re.I)


@dataclass(frozen=True, slots=True)
class Length:
    """At most so many sentences, at most so many characters; None where nothing was said."""

    sentences: int | None = None
    characters: int | None = None


def wanted_length(request: str) -> Length:
    """The length that `request` asks for.

    >>> wanted_length("用三句话概括，一百字以内")
    Length(sentences=3, characters=100)
    """
    sentences = characters = None
    for match in _COUNT.finditer(_SPELLED.sub(lambda word: str(_WORDS[word[1].lower()]), request)):
        number, what = count_of(match["number"]), match["what"].lower()
        if what[0] in "字wc":
            # An English word is worth about two characters.
            characters = characters or number * (2 if what[0] == "w" else 1)
        elif match.start() == 0 or request[match.start() - 1] != "第":
            sentences = sentences or number
    return Length(sentences or None, characters or None)


def named_articles(request: str, titles: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """The places in `titles` (title and source of every article there is) of those that `request` names.

    By 《title》 or by title or file name word for word (without its ending), else by 第二篇. Empty where it names none.
    """
    plain = normalise(request)
    named = []
    for place, (title, source) in enumerate(titles):
        file = _SUFFIX.sub("", re.split(r"[/\\]", source)[-1])
        forms = (title, file)
        # Most titles share no beginning with the request; only the others are brought to one form.
        near = any(form.strip()[:2].lower() in plain for form in forms if len(form.strip()) > 3)
        if near and any(len(form) > 3 and form in plain for form in (normalise(one).strip() for one in forms)):
            named.append(place)
    quoted = [normalise(text) for text in re.findall("《([^》]{2,60})》", request)]
    if quoted:
        known = ((place, normalise(title)) for place, (title, _) in enumerate(titles) if place not in named)
        named += [place for place, title in known if any(text in title for text in quoted)]
    if not named and (ordinal := _ORDINAL.search(request)):
        place = count_of(ordinal[1]) - 1
        return (place,) if 0 <= place < len(titles) else ()
    return tuple(sorted(named))


def means_one(request: str) -> bool:
    """Whether `request` is for a summary of one article and no more."""
    return _ONE.search(request) is not None


def summary_topic(request: str) -> str:
    """What `request` wants to hear about, "" where it means the text at hand (这篇文章, 全文).

    >>> summary_topic("总结一下南湖街道的养老工作")
    '南湖街道的养老工作'
    """
    topic = _LENGTH.sub("", _SPELLED.sub("", request))
    topic = re.sub(rf"{_N}(?= (?:words?|sentences?))", "", topic)
    while (shorter := _REQUEST.sub("", topic, count=1).strip()) != topic:
        topic = shorter
    about = _ABOUT.match(topic)
    topic = about[1] if about else re.sub(r"^(?:关于|有关|对于?)|的$", "", topic)
    if one := _ONE.search(topic):
        topic = topic[: one.start()]
    return "" if _DEICTIC.match(topic) else topic
