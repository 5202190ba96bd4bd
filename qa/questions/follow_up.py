"""A follow-up question becomes one that stands alone, by rule: pronouns and what was left out come from the history.

Knows the questions and answers of the conversation only. Where no rule is sure, the question stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text.tagging import NAMED, PERSON, tag
from qa.answer import Turn
from qa.questions.kinds import EMPTY_TERMS, kind_of, subject_of

_OPENING = re.compile(r"^(?:那么?|还有|另外|然后|此外|请问|再问一下|以及|并且)[，,、\s]*")
_PERSON = re.compile(r"(?<![其吉])[他她](?!们)|此人|这个人|这人|那人")
_THING = re.compile(
    r"它们?|他们|她们|(?:这|那|该)(?:个|家|座|条|项|所)?(?:街道|社区|办事处|单位|区|县|市|公司|学校|项目|活动|地方|小区|医院|机构|组织|会议|政策|文件|工程|片区|村)"
    r"|(?<![在到从])(?:这里|那里|这儿|那儿)|其(?=[有的])"
)
_ONLY_OTHER = re.compile(r"^(?P<other>.{2,20}?)(?:的情况|方面)?(?P<how>呢|又?怎么?样|如何)[?？。]*$")
_COUNTED = re.compile(
    r"(?:多少|几)余?[个名位人户家件项条座处场批份套台间栋支所]?(?P<thing>(?![的了吗呢])[^，。？?的了吗呢\s]{2,8})[？?。]*$"
)
_WHERE = re.compile(r"(?:[省市区县乡镇村路街巷院校局委厅部厂店馆站队]|街道|社区|办事处|公司|学校|大学|中心|银行|项目)$")
_ANY = EMPTY_TERMS | {"人", "钱", "时间", "地方", "地点"}  # may be asked of anything
_NOUN = re.compile(r"^(?:n|j|eng|vn|nz|s$|m$|b$)")


def complete(question: str, history: Sequence[Turn]) -> str:
    """`question` so that it can be understood without `history`.

    >>> complete("那它有多少党员？", [Turn("商都路办事处在哪个区？")])
    '商都路办事处有多少党员？'
    """
    if not history:
        return question
    before = complete(history[-1].question, history[:-1])
    bare = _OPENING.sub("", question)
    if _PERSON.search(bare) and (person := _person(before, history[-1].answer)):
        return _PERSON.sub(person, bare, count=1)
    topic = topic_of(before)
    if not topic:
        return question
    if _THING.search(bare):
        return _THING.sub(lambda _: topic, bare, count=1)
    # 今天天气怎么样？ asks for itself; 那甲社区怎么样？ and 甲社区呢？ ask what was asked before.
    match = _ONLY_OTHER.match(bare)
    if match and (match["how"][0] in "呢又" or bare != question) and kind_of(match["other"]) == "other":
        # 党员有多少？党组织呢？ asks of the same place, 甲社区呢？ of another one.
        counted = _COUNTED.search(before)
        if counted and counted["thing"] not in topic and _WHERE.search(topic) and not _WHERE.search(match["other"]):
            return before[: counted.start()] + "多少" + match["other"] + before[counted.end("thing") :]
        return before.replace(topic, match["other"], 1)
    if bare != question or _stands_on_nothing(bare):
        return bare if _names(bare) else topic + bare
    return question


def topic_of(question: str) -> str:
    """What `question` is about: its longest run of nouns that has a proper name, else its longest run of nouns."""
    if quoted := re.search(r"《[^》]+》", question):
        return quoted[0]
    runs: list[tuple[bool, str]] = []
    run, proper = "", False
    for word, flag in [*tag(subject_of(question)), ("", "x")]:
        if _NOUN.match(flag) and word.strip():
            run, proper = run + word, proper or flag in NAMED
            continue
        if len(run) > 1:
            runs.append((proper, run))
        run, proper = "", False
    return max(runs, key=lambda r: (r[0], len(r[1])), default=(False, ""))[1]


def _person(question: str, answer: str) -> str:
    asked = [word for word, flag in tag(question) if flag in PERSON and len(word) > 1]
    told = [word for word, flag in tag(answer) if flag in PERSON and len(word) > 1]
    return (asked or told or [topic_of(question)])[0]


def _names(text: str) -> bool:
    return any(flag in NAMED and len(word) > 1 for word, flag in tag(text)) or "《" in text


def _stands_on_nothing(question: str) -> bool:
    """Whether too little is said to search for: no name, and at most one word with meaning."""
    meaning = [w for w, flag in tag(subject_of(question)) if flag[0] not in "xurpcydemq" and w not in _ANY]
    return len(meaning) <= 1 and not _names(question)
