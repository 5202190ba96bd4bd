"""Questions about a document itself, not about what it says: when it was issued, since when it holds, whether it does.

Knows the question's text only. Which document is meant, and what it tells, others find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Fact = Literal["published", "since", "repealed"]

_KIND = (
    "(?:文件|文章|文档|通知|通告|公告|公报|通报|报道|新闻|稿子|稿件|材料|报告|办法|规定|条例|规则|规程|守则|细则|制度|意见|方案"
    "|决定|标准|指南|函|批复|纪要|协议|合同|倡议书|公开信|信)"
)
_WHEN = "(?:什么时候|什么时间|哪一?天|哪年哪月哪日|哪年哪月|哪一?年|何时|何日|几时|几月几[日号]|几号|哪个月)"
_ISSUED = (
    "(?:发布|发表|印发|下发|颁发|颁布|公布|签发|签署|签订|刊登|刊发|登报|见报|发文|发出|出台|成文|写成|制定|落款"
    "|发|写|登)"
)
_DATE_OF = f"(?:{_ISSUED}|出版)?的?(?:日期|时间)"
_END = r"(?:来|去)?的?[呢啊呀]?[？?。]*$"
_RULES: tuple[tuple[Fact, re.Pattern[str]], ...] = tuple(
    (fact, re.compile(pattern))  # type: ignore[misc]
    for fact, pattern in (
        ("published", rf"^(?P<name>.+?)(?:是|又是)?(?:在|于)?{_WHEN}(?:由[^，]{{2,12}})?{_ISSUED}{_END}"),
        ("published", rf"^(?P<name>.+?)的?{_DATE_OF}(?:是|为|在)?(?:{_WHEN}|多少|什么)?{_END}"),
        ("since", rf"^(?P<name>.+?)(?:是|从|自)*{_WHEN}(?:开始|起)?(?:正式)?(?:施行|实施|生效|执行|试行){_END}"),
        (
            "repealed",
            r"^(?P<name>.+?)(?:现在|目前|如今|现行|还|是否|已经?|是不是|有没有|被)*"
            r"(?:有效|有没有效|管用|废止|失效|作废|过期|执行|适用)(?:了没有?|了吗|没有|没|吗|了)?[呢啊]?[？?。]*$",
        ),
    )
)
_ASKS_WHETHER = re.compile(r"[吗没]|是否|是不是|有没有")
_AT_HAND = re.compile(
    rf"^(?:请问)?(?:[这该此本][一]?[份篇个件则条]?|上述|上面(?:这|那)?[份篇个]?){_KIND}$|^(?:本文|该文|此文|全文)$"
)
_POINTED = re.compile(rf"^(?:关于|有关)?(?P<about>.+?)的?[那这][份篇个件]{_KIND}$")
_TITLE = re.compile("《([^》]{2,80})》")


@dataclass(frozen=True, slots=True)
class AboutDocument:
    """What is asked (`fact`) of which document: by its `title` in 《》, else by `words`, all of the question's that say
    which; both "" for the one at hand (这份文件). `pointed` tells that the words surely mean a document (那份通知)."""

    fact: Fact
    title: str = ""
    words: str = ""
    pointed: bool = False


def about_document(question: str) -> AboutDocument | None:
    """What `question` asks of a document; None where it asks something else.

    >>> about_document("《渡口管理办法》是哪天发布的？")
    AboutDocument(fact='published', title='渡口管理办法', words='', pointed=False)
    """
    for fact, rule in _RULES:
        found = rule.match(question.strip())
        if not found or (fact == "repealed" and not _ASKS_WHETHER.search(question[found.end("name") :])):
            continue
        name = found["name"].strip('，, “”"').removeprefix("请问")
        if title := _TITLE.search(name):
            rest = _TITLE.sub("", name)
            return AboutDocument(fact, title[1]) if len(rest) <= 6 and not re.search("[，。中里]", rest) else None
        if _AT_HAND.match(name):
            return AboutDocument(fact)
        if pointed := _POINTED.match(name):
            return AboutDocument(fact, words=pointed["about"], pointed=True)
        return AboutDocument(fact, words=name)
    return None
