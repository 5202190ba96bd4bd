"""Questions after what is *not* so (谁不能申请, 哪些除外), and sentences that say so.

Knows a question or a stretch of an article. Who shows a sentence that says 可以 to a question after 不可以, shows the
opposite of what was asked: `says_exclusion` tells the two apart, by the lead-in where the sentence is an item.
"""

from __future__ import annotations

import re

_DENIES = (
    r"不(?:能|可以|可(?!或缺|思议|一日)|得(?!不)|准|许|允许|予|宜|应|需|用|必|包括|包含|含|算|属于|适用|适合|符合|具备"
    r"|满足|享受|给|在|收费|受理|开放)"
    r"|没有?(?!多|几)|[还尚]?未(?!来|必|婚|成年|知|能)|无(?:权|需|须|资格)|禁止|严禁|拒绝|免(?:于|交|收|缴|费)"
)
_FALSE = re.compile(
    r"不(?:得不|同|少|仅|但|断|管|论|过|错|久|足|良|动产|锈|是|住房|知|可或缺)|没收|没事|下落不明|(.)[不没]\1|可不可"
    r"|需不需|有没有"
)
_ASKS = re.compile(
    rf"(?:谁|哪|什么(?!时候)|多少|几)[^，,；;]{{0,8}}?(?:{_DENIES})"
    rf"|(?:{_DENIES})[^，,；;的]{{0,8}}的?[^，,；;的]{{0,6}}(?:是|有|包括)?(?:谁|哪|什么|几)"
    r"|除外|例外|怎.{0,8}?才?不会?|不.{1,12}(?:[对是]吗|对吧|对不对)[？?]?$"
)
# The matter itself is that something is not so; the answer need not say it.
_MATTER = re.compile(r"为什么|为何|为啥|原因|怎么(?!.{0,8}才)|什么时候|何时|哪一?[年月天日]|因为什么")
_WITHOUT = re.compile(r"除了?.{1,16}(?:还|以外|之外|外).{0,8}(?:有|哪|谁|什么)|没有.{1,10}(?:怎么|如何|也|能)")
_EXCLUDES = re.compile(
    r"不(?:能|可以?|得|准|许|允许|予|宜|应|需|需要|用|必|再|含|包括|包含|计入|算|属于|适用|符合|具备|满足|享受|受理"
    r"|参加|收|交|办|给|在)"
    r"|没有|未(?!来|必|婚|成年)|无(?:法|权|需|须|资格)|禁止|严禁|拒绝|免(?:于|交|收|缴|费|除)|除外|例外|排除|停止|取消"
)
_ALLOWS = re.compile(r"(?<!不)(?<!不予)(?:可以?|能够?|允许|应当|准予|有权|享受|包括|需要?|必须)(?!不)")


def asks_for_exclusion(question: str) -> bool:
    """Whether `question` asks who or what is left out, forbidden, or not so.

    >>> asks_for_exclusion("哪些人不能申请？"), asks_for_exclusion("能不能申请？")
    (True, False)
    """
    text = _FALSE.sub("", question.strip())
    return bool(_ASKS.search(text)) and not _WITHOUT.search(question) and not _MATTER.search(question)


def says_exclusion(text: str, lead_in: str = "") -> bool:
    """Whether `text`, under `lead_in` (the sentence or heading above a list item), says what is not so.

    >>> says_exclusion("在校学生。", lead_in="下列人员不得申请：")
    True
    """
    own = _FALSE.sub("", text)
    return bool(_EXCLUDES.search(own) or _EXCLUDES.search(_FALSE.sub("", lead_in)))


def fits_polarity(question: str, text: str, lead_in: str = "") -> bool:
    """Whether `text` may answer `question` as far as 能 and 不能 go: who is left out is told by what says 不.

    A question that asks without negation is not held against a text that has one: 谁能申请？ may be answered with
    除了在校学生，都可以申请。 only where the text allows something, too.
    """
    if asks_for_exclusion(question):
        return says_exclusion(text, lead_in)
    asks_allowed = re.search(r"(?:谁|哪些?.{0,4}|什么.{0,4})(?<!不)(?:可以|能够?|有权|允许|需要|应当)", question)
    return not asks_allowed or not says_exclusion(text, lead_in) or bool(_ALLOWS.search(text))
