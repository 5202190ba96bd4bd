"""Questions that count, choose or compare, and do not say what: 要打通几条, 分别是哪几条, 哪个更多.

Knows one question and the talk before it; the other readings of a follow-up are made in `qa.questions.readings`.
"""

from __future__ import annotations

import re

from corpus.text.lexicon import MEASURES
from corpus.text.tagging import NAMED, tag
from qa.questions.topics import Talk, beginning_of

_COUNTS = re.compile(rf"(?:几|多少)[{MEASURES}](?<![天年月日人岁])(?=[？?。]*$)")
_WHICH = re.compile(rf"^(?:分别|都|具体|各|又)*(?:是|有|在|叫)?哪[几些一两三四五六七八九十]*[{MEASURES}]?[？?。]*$")
_NUMBER = re.compile(rf"(?P<few>几)?(?(few)|多少)(?P<measure>[{MEASURES}]?)(?=[一-鿿]{{2}}|[？?。]*$)")
_THING = re.compile(rf"(?:多少|几)余?[{MEASURES}]?(?P<thing>(?![的了吗呢钱])[^，。？?的了吗呢\s]{{2,8}})[？?。]*$")
_REGION = re.compile("(?:[省市区县乡镇村]|街道|社区|办事处)$")
_BEARER = re.compile(rf"{_REGION.pattern}|(?:[局院校馆厂站店座栋路]|公司|中心)$")
_NO_THING = re.compile(rf"{_REGION.pattern}|什么|啥|谁|怎")
_AHEAD = re.compile(
    r"^(?:那|到底|究竟)?(?P<which>哪一?[个家所条边座]|谁|哪里|哪儿)(?:的?数量)?(?P<more>(?:更|比较|要)?(?:多|少|高|低|大|小|早|晚|快"
    r"|慢|长|短)(?:一?[些点])?)[？?。]*$"
)
_WITH = re.compile(
    r"^(?:那么?)?[和跟与同](?P<other>[^，,？?]{2,12}?)(?:相比|比起来|比较|比)(?:呢)?[，,]?(?P<rest>(?:哪|谁).+)$"
)
_THINGS = 2  # that are tried


def with_what_is_counted(question: str, talk: Talk) -> list[str]:
    """`question` with what it counts or chooses from, the likeliest first; nothing where it says so itself."""
    if _WHICH.match(question) and (number := _NUMBER.search(talk.question)):
        which = f"哪几{number['measure']}" if number["few"] else "哪些"
        return [talk.question[: number.start()] + which + talk.question[number.end() :]]
    counts = _COUNTS.search(question)
    if not counts or _has_thing(question):
        return []
    counted = _THING.search(talk.question)
    things = [counted["thing"]] if counted else [one for one in talk.topics if not _NO_THING.search(one)]
    return [question[: counts.end()] + thing + question[counts.end() :] for thing in things[:_THINGS]]


def with_whom_to_compare(question: str, talk: Talk) -> str:
    """哪个更多 after the same was asked of two, and 跟乙比哪个多 after one, as a question that names both.

    "" where there are no two.
    """
    if (other := _WITH.match(question)) and talk.topics:
        alike = [one for one in talk.topics if one[-1] == other["other"][-1] and one != other["other"]]
        return f"{(*alike, talk.topics[0])[0]}和{other['other']}{other['rest']}"
    ahead, counted = _AHEAD.match(question), _THING.search(talk.question)
    bearers = [one for one in talk.topics if _BEARER.search(one)]
    alike = [one for one in bearers[1:] if one[-1] == bearers[0][-1] and one != bearers[0]]
    if not ahead or not counted or not alike:
        return ""
    which = "哪个" if ahead["which"] in ("哪里", "哪儿") else ahead["which"]
    return f"{alike[0]}和{bearers[0]}{which}的{counted['thing']}{ahead['more']}？"


def _has_thing(question: str) -> bool:
    """Whether it names what is counted, beside places."""
    nouns = [word for word, flag in tag(question) if flag[0] in "nj" and flag not in NAMED and len(word) > 1]
    return any(not _REGION.search(word) for word in (*nouns, beginning_of(question)) if word)
