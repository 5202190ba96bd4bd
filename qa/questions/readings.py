"""The readings of a follow-up: itself, and itself with what the talk was about put where it points or says nothing.

Knows one question and the talk before it (`qa.questions.topics`). The priors say how often such a reading is meant;
they were set on half of the dialogues in tests/dialogues.jsonl and are measured on all, see this room's README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.text.figures import han_number
from corpus.text.lexicon import EMPTY_TERMS, MEASURES
from corpus.text.tagging import NAMED, PLACE_NAME, tag
from qa.questions.answer_types import subject_of
from qa.questions.coordination import ATTRIBUTE
from qa.questions.intents import intent_of
from qa.questions.left_out import with_what_is_counted, with_whom_to_compare
from qa.questions.topics import Talk, beginning_of, topics_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that stands alone; `prior` in [0, 1] is how likely it is meant, `how` what was done to get it."""

    text: str
    prior: float
    how: str


_OPENING = re.compile(
    r"^(?:那么?(?![里边儿个些条座家位场次种类件项所段栋套])|还有(?=[^吗呢哪什别其]{3})|然后|以及"
    r"|并且)[，,、\s]*"
)
_CHANGE = re.compile(r"^(?:另外|此外|再问一下|换个(?:话题|问题)|请问)[，,、\s]*")
_PERSON = re.compile(r"(?<![其吉])[他她](?!们)|此人|这个人|这人|那人|这位")
_KIND = (
    "街道|社区|办事处|单位|区|县|市|公司|学校|校|院|馆|厂|镇|乡|项目|活动|地方|小区|医院|机构|组织|会议|政策|文件"
    "|工程|片区|村|站"
)
_THING = re.compile(
    rf"它们?|他们|她们|(?:这|那|该)(?:个|家|座|条|项|所)?(?P<kind>{_KIND})|(?<![在到从])(?:这里|那里|这儿|那儿)"
    rf"|(?:这样|那样|这种|那种|这类)的?(?P<such>{_KIND}|楼院|房子|人|车|路|情况)(?!是)|其(?=[有的]|面积|人)"
)
_ONLY = re.compile(r"^(?P<other>.{1,20}?)(?:的情况|方面)?(?:呢|又?怎么?样|又?如何)[?？。]*$")
_MORE = re.compile(
    r"^还?(?:有(?:别的|其他的?|什么|哪些|更多的?)?|有没有(?:别的|其他的?))[吗呢么没有]*[?？。]*$|^(?:继续|更多"
    r"|还有呢)[?？。]*$"
)
_WHY = re.compile(r"^(?:这是|那是)?(?:为什么|为何|为啥|什么原因|怎么回事|原因(?:呢|是什么)?)呢?[?？。]*$")
_DATE = re.compile(
    r"(?:19|20)\d\d年?(?:\d{1,2}月)?|\d{1,2}月份?|[今去前明]年|[上下]半年|[上本下]个?[月周季]度?|第?[一二三四]季度"
    r"|现在|目前|以前|过去|当时"
)
# 刚成立的时候呢 asks of another time, 讨薪的事呢 of another matter.
_WHEN = re.compile(r"(?:的?时候?|那会儿|那时候?|那年|[之以][前后]|期间|前后)$")
_MATTER = re.compile(r"(?<=[一-鿿]{2})的?(?:事情?|问题|工作|情况)$")
_ORDINAL = re.compile(r"(?:第(?P<number>[一二三四五六七八九十\d]+)|最后一)(?P<measure>[个条项名位家座所点步种篇届次]?)")
_CODE = re.compile(r"[A-Za-z]+[-–]?\d+[A-Za-z\d-]*|[A-Za-z]-?\d*(?=座|栋|区|馆|$)|\d+(?=号)")
_COUNTED = re.compile(
    r"(?:多少"
    r"|几)余?[个名位人户家件项条座处场批份套台间栋支所起]?(?P<thing>(?![的了吗呢钱]|公里|平方|米|吨|元|点|号|年|月|天|小时|分钟|岁|度)[^，。？?的了吗呢\s]{2,8})[？?。]*$"
)
_NUMBER_OF = re.compile(rf"(?:多少|几)余?(?:号线|公里|平方米|[{MEASURES}]?(?=[一-鿿]{{2}}))")
_ASKED = re.compile(
    r"(?:一共|总共)?(?:是|有|在|要|为|到)?(?:什么时候|什么|多少钱?|哪[一]?[个些年里条位家座所]?|谁|几[个条家名点所]?"
    r"|怎么样?|如何|为什么)"
)
# A question that begins with its verb, or with 对, 在, does not say whom it is about; 关于 and 如何 may begin any.
_NO_SUBJECT = re.compile(r"v(?!n)|p|d|c")
_STARTS_ANYWHERE = re.compile("关于|有关|如何|怎|请|想|根据|按")
# What may be asked about as one asks about a place: offices, houses, works.
_WHERE = re.compile(
    r"(?:[省市区县乡镇村路街巷院校局委厅馆厂店站队座栋楼园桥所]|街道|社区|办事处|公司|学校|大学|中心|银行|项目|仓库"
    r"|厂房)$"
)
_MEASURED = re.compile(r"(?:(?:[价费率额量数长积度线]|(?<!积)金)|标准|材料|流程|电话|地址|负责人|造价)$")
_INSIDE = re.compile("里面|其中|一共|总共")
_ANY = EMPTY_TERMS | {"人", "钱", "时间", "地方", "地点"}


def readings_of(question: str, talk: Talk) -> tuple[Candidate, ...]:
    """The candidates, the likeliest first, no text twice; only the question itself where nothing was said before."""
    alone = Candidate(question, _independence(question), "as it is")
    if not talk.question or intent_of(question) in ("small_talk", "about_program"):
        return (alone,)
    changed = _CHANGE.sub("", question)
    bare = _OPENING.sub("", changed)
    made = [alone, *_made(bare, talk, pointed=bare != changed)]
    if bare != question:
        prior = max(_independence(bare), 0.9) if changed != question else _independence(bare, pointed=True)
        made[0] = Candidate(bare, prior + 0.01, "as it is")
    best: dict[str, Candidate] = {}
    for one in made:
        if one.text and (one.text not in best or best[one.text].prior < one.prior):
            best[one.text] = one
    return tuple(sorted(best.values(), key=lambda one: -one.prior))


def _independence(question: str, *, pointed: bool = False) -> float:
    """How likely a question needs nothing of what was said before it; `pointed` where it began with 那."""
    if _PERSON.search(question) or _THING.search(question) or _ONLY.match(question) or _MORE.match(question):
        return 0.3
    if _WHY.match(question):
        return 0.2
    begins, flag = beginning_of(question), _first_flag(question)
    no_subject = _NO_SUBJECT.match(flag) and not _STARTS_ANYWHERE.match(question)
    if no_subject and (pointed or (not _names(question) and len(_meaning(question)) < 4)):
        return 0.45
    placed = any(PLACE_NAME.search(word) and len(word) > 2 for word, _ in tag(question))
    if no_subject and flag == "v" and not placed:
        return 0.61
    if _names(question) or intent_of(question) == "comparison":
        return 0.95
    if (
        not begins
        or _INSIDE.match(question)
        or ATTRIBUTE.search(begins)
        or _MEASURED.search(begins)
        or _DATE.fullmatch(begins)
    ):
        return 0.4 if len(_meaning(question)) < 4 else 0.7
    return 0.65 if len(_meaning(question)) < 3 else 0.8


def _first_flag(question: str) -> str:
    """The part of speech of the first word that is no time and no figure."""
    return next((flag for word, flag in tag(_DATE.sub("", question)[:16]) if flag[0] not in "tmx"), "x")


def _made(bare: str, talk: Talk, *, pointed: bool) -> Iterator[Candidate]:
    if _MORE.match(bare):
        yield Candidate(_asking_more(talk.question), 0.9, "more")
    elif _WHY.match(bare):
        yield Candidate(_why(talk.question), 0.9, "reason")
    elif ordinal := _ORDINAL.search(bare):
        yield from _by_ordinal(bare, ordinal, talk)
    elif both := with_whom_to_compare(bare, talk):
        yield Candidate(both, 0.98, "comparison")
    elif match := _ONLY.match(bare):
        if not re.search("什么|怎|哪|谁|今天天气", match["other"]):
            yield from _by_other(match["other"], talk)
    elif _PERSON.search(bare) or _THING.search(bare):
        yield from _by_pronoun(bare, talk)
    else:
        yield from _by_ellipsis(bare, talk, pointed=pointed)


def _by_pronoun(bare: str, talk: Talk) -> Iterator[Candidate]:
    person = _PERSON.search(bare)
    names = (*talk.persons, *talk.topics) if person else talk.topics
    pattern = _PERSON if person else _THING
    found = pattern.search(bare)
    if not found:
        return
    kind = "" if person else found["kind"] or found["such"] or ""
    for place, name in enumerate(names):
        fits = 0.1 if kind and (name.endswith(kind) or (kind in "学校校" and name.endswith(("学", "校")))) else 0.0
        yield Candidate(bare[: found.start()] + name + bare[found.end() :], 0.85 - 0.12 * place + fits, "pronoun")


def _by_other(other: str, talk: Talk) -> Iterator[Candidate]:
    """甲呢？ after a question: 甲 in the place of a date, of the one asked about, or of what was asked of it."""
    before = talk.question
    if _PERSON.fullmatch(other) or _THING.fullmatch(other):
        for place, name in enumerate((*talk.persons, *talk.topics)[1:]):
            yield from (replace(one, prior=0.7 - 0.1 * place) for one in _exchanged(name, before))
        return
    if _DATE.fullmatch(other) or _WHEN.search(other):
        yield Candidate(_dated(before, other), 0.9, "date")
        return
    if matter := _MATTER.search(other):
        topic = next((one for one in (*topics_of(before), *talk.topics) if _is_bearer(one)), "")
        yield Candidate(f"{topic}{other[: matter.start()]}的情况怎么样？", 0.9, "attribute")
        return
    if (code := _CODE.search(other)) and len(codes := _CODE.findall(before)) == 1 and len(code[0]) >= len(other) - 1:
        new = other if other[-1] in before and len(other) > len(code[0]) else code[0]
        old = codes[0] + (other[-1] if len(new) > len(code[0]) else "")
        yield Candidate(before.replace(old, new, 1), 0.95, "bearer")
    made = [*_exchanged(other, before), *_of_the_same(other, before)]
    yield from made or ([Candidate(other + before, 0.8, "bearer")] if _is_bearer(other) else [])


def _exchanged(other: str, before: str) -> Iterator[Candidate]:
    """`before` asked of `other`."""
    proper = _is_bearer(other)
    for place, topic in enumerate(one for one in topics_of(before) if one in before):
        last = tag(topic)[-1][0]
        # 学生票 after 博物馆门票 takes the place of 门票 alone.
        old = last if last != topic and last[-1] == other[-1] and not other.endswith(last) and not proper else topic
        alike = topic[-1] == other[-1] or topic[:2] == other[:2]
        prior = 0.9 if alike and (proper or not place) else 0.8 if proper else 0.75 if _names(other) else 0.62
        yield Candidate(before.replace(old, other, 1), prior - 0.04 * place, "bearer")


def _is_bearer(other: str) -> bool:
    """Whether `other` is something that has attributes, and no attribute itself."""
    return bool(_WHERE.search(other) or PLACE_NAME.search(other) or _CODE.search(other) or "《" in other)


def _of_the_same(other: str, before: str) -> Iterator[Candidate]:
    """What `before` asks, asked of `other` in what it is about: 党组织呢 after 甲街道有多少党员."""
    if _is_bearer(other) or any(PLACE_NAME.search(word) for word, _ in tag(other)):
        return
    topic = next((one for one in topics_of(before) if one in before), "")
    counted = _COUNTED.search(before)
    if counted and counted["thing"] not in topic:
        text = before[: counted.start()] + "多少" + other + before[counted.end("thing") :]
        yield Candidate(text, 0.85, "attribute")
        return
    rest = before.replace(topic, "", 1) if topic and before.startswith(topic) else before
    nouns = [word for word, flag in tag(rest) if flag[0] in "nvm" and len(word) > 1 and word not in _ANY]
    alike = [word for word in nouns if word[-1] == other[-1]]
    if alike:
        yield Candidate(before.replace(alike[0], other, 1), 0.88, "attribute")
    elif topic and rest != before:
        own = "的" if rest.startswith("的") else ""
        sized = re.search(r"(?:是|为)?多少钱?[？?。]*$", rest)
        who = re.search(r"(?:是谁|叫什么|是哪位)[？?。]*$", rest)
        tail = who[0] if who else sized[0] if sized else "是多少？" if _MEASURED.search(other) else "呢？"
        sure = _MEASURED.search(other) or len(other) > 3
        yield Candidate(topic + own + other + tail, 0.74 if sure else 0.7, "attribute")
        if len(nouns) > 1:
            yield Candidate(before.replace(nouns[0], other, 1), 0.72, "attribute")


def _by_ordinal(bare: str, ordinal: re.Match[str], talk: Talk) -> Iterator[Candidate]:
    """第三个 of what the last answer listed, or in the place of the 第一个 of the last question."""
    only = _ONLY.match(bare)
    if (earlier := _ORDINAL.search(talk.question)) and only:
        measure = ordinal["measure"] or earlier["measure"]
        new = ordinal[0] if ordinal["measure"] else ordinal[0] + measure
        yield Candidate(talk.question.replace(earlier[0], new, 1), 0.9, "ordinal")
    number = ordinal["number"]
    place = -1 if number is None else (int(number) if number.isdecimal() else int(han_number(number))) - 1
    if place < len(talk.items) and talk.items:
        item = talk.items[place]
        rest = bare[ordinal.end() :] if not only else ""
        yield Candidate(bare[: ordinal.start()] + item + rest, 0.85, "ordinal")


def _by_ellipsis(bare: str, talk: Talk, *, pointed: bool) -> Iterator[Candidate]:
    """What was spoken of, put before a question that names nothing, or behind its 几条."""
    for place, text in enumerate(with_what_is_counted(bare, talk)):
        yield Candidate(text, 0.97 - 0.1 * place, "ellipsis")
    if _independence(bare, pointed=pointed) > 0.9:
        return
    begins = beginning_of(bare)
    lacks = 1 - _independence(bare, pointed=pointed)
    shared = bool(begins) and any(begins in topic for topic in talk.topics)
    for place, topic in enumerate(talk.topics[:3]):
        if topic not in bare and not shared:
            prior = 0.3 + 0.75 * lacks + (0.1 if pointed else 0.0) - 0.12 * place
            yield Candidate(topic + bare, min(prior, 0.95), "ellipsis")
    # 面积有多大 after 甲区改造了多少个小区 asks of the houses rather, and 什么时候打通 says what of.
    stem = _NUMBER_OF.sub("", _ASKED.sub("", _NUMBER_OF.sub("", talk.question))).strip("？?。是 ")
    again = any(word in talk.question for word in _meaning(bare))
    counted = _NUMBER_OF.search(talk.question) and not re.match("[有是]|多少|几", bare)
    if len(stem) < 24 and lacks > 0.5 and (again or counted):
        yield Candidate(f"{stem}，{bare}", 0.3 + 0.75 * lacks + (0.05 if counted else 0.03), "ellipsis")


def _asking_more(before: str) -> str:
    return re.sub(r"(?<!还)((?:有|是|[一-鿿]{1,2}了)?)(哪些|什么)", r"还\1\2", before, count=1)


def _why(before: str) -> str:
    """The reason of what `before` asks of: its question word in favour of 为什么."""
    if _ASKED.search(before):
        return _ASKED.sub("为什么", before, count=1)
    stem = re.sub(r"[吗呢]?[？?。]*$", "", before)
    topic = next((one for one in topics_of(stem) if stem.startswith(one)), "")
    return f"{topic}为什么{stem[len(topic) :]}？"


def _dated(before: str, date: str) -> str:
    """`before` asked of another time."""
    if earlier := _DATE.search(before):
        suffix = "年" if re.fullmatch(r"\d{4}", date) and "年" in earlier[0] else ""
        return before.replace(earlier[0], date + suffix, 1)
    return date + before


def _meaning(question: str) -> list[str]:
    words = tag(subject_of(question))
    return [word for word, flag in words if flag[0] not in "xurpcydemqf" and word not in _ANY]


def _names(text: str) -> bool:
    named = any(flag in NAMED and len(word) > 1 for word, flag in tag(text))
    return named or "《" in text or "“" in text or _CODE.search(text) is not None
