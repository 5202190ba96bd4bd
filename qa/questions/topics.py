"""What a conversation has been about: whom and what the last questions and answers name.

Knows single questions and answers. A name need not be one that the tagger knows: what a question begins with, before
its verb or its 有, 是, 的, is taken for what it asks about (青禾驿站, B12厂房, 区数据局).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate

from corpus.text.lexicon import SURNAMES
from corpus.text.tagging import NAMED, PERSON, PLACE_NAME, tag
from qa.questions.answer_types import subject_of

_NOUN = re.compile(r"^(?:n|j|eng|vn|nz|s$|m$|b$)")
_QUOTED = re.compile(r"《[^》]+》|“[^”]+”")
_ENDS = re.compile(
    r"(?<![目])的(?!士)|(?<![所没只])有(?!限)|(?<![但凡就还只])是|什么|多少|几[个点时月号]|哪|谁|怎|如何|为何|为什么"
    r"|何时|[在于由归](?=[哪谁何几什])|多[长大高宽久远重]"
    r"|[？?，,。]|今年|去年|\d{4}年|上半年|下半年|每[月年天日]|前期"
)
# A place, an office or a numbered house that a question begins with: 甲路街道, 区数据局, A座, 3号楼.
_PLACE = re.compile(
    r"(?!社区|小区|地区|园区|市区|全|各|本|老|这|那|该)"
    r"(?:[一-鿿]{1,6}?(?:[路街巷]|大道)\d+号(?:家属院|小区|院|楼)?"
    r"|[一-鿿]{1,6}?(?:[省市区县镇乡村路州](?!场)|街(?!道))(?:街道办事处|街道办?|办事处|社区)?(?![一-鿿]{0,4}(?:局|厅|委|中心|医院"
    r"|小学|中学|大学|大桥|站|公司))"
    r"|[一-鿿]{2,8}?(?:街道|社区|驿站|公司|小学|中学|大学|医院|(?<!布|结|格)局|委员会|中心|园区|大桥)(?!长)"
    r"|[A-Za-z\d]+[-\dA-Za-z]*(?:座|栋|号楼|号线|区|馆|厂房|项目))"
)
_LIST_ITEM = re.compile(r"[、，,；;]|和|以及|及(?!其)|\n|(?:[一二三四五六七八九]是|[1-9][.、）)])")
_LIST_HEAD = re.compile(r"^.*?(?:包括|分别是|分别为|分别有|有|是|为|[：:])(?=.{2,}[、，和及])")
_MARKS = re.compile(r"\[\d+\]|……")
_PARTICLE = re.compile("[吗呢吧么呀啊]+$")
_DEFINED = re.compile(r"^(?:请问)?(?:什么|啥)(?:是|叫做?)([^，,？?。]{2,12}?)[呢啊]?[？?。]*$")
_ONE_WORD = re.compile(r"^[一-鿿]{2}吗[？?。]*$")  # 收费吗 is about what was spoken of before
_KEPT = 6  # topics that are remembered


@dataclass(frozen=True, slots=True)
class Talk:
    """`question` is the last one, so that it stands alone, `answer` what was said to it.

    `topics` are what the questions were about, the last first; `persons` who was named; `items` what the last answer
    lists, in order.
    """

    question: str = ""
    answer: str = ""
    topics: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def after(self, question: str, answer: str) -> Talk:
        """The conversation after one more turn."""
        plain = _MARKS.sub("", answer)
        topics = topics_of(question) if question not in self.items else ()  # 第一个呢 leaves the talk where it was
        # 云鹤 in 云鹤驿站 is nobody.
        asked = [one for one in persons_in(question) if not any(one in topic and one != topic for topic in topics[:1])]
        told = persons_in(plain)
        # 王建军和李卫东谁是镇长: whom the answer names is meant, as where 谁 asks for a name.
        both = (*told, *asked) if re.search("谁|叫什么|哪位", question) else (*asked, *told)
        persons, named = (*both, *self.persons), (*topics, *_named(plain), *self.topics)
        return replace(
            self,
            question=question,
            answer=plain,
            topics=tuple(dict.fromkeys(named))[:_KEPT],
            persons=tuple(dict.fromkeys(persons))[:_KEPT],
            items=items_in(plain),
        )


def topic_of(question: str) -> str:
    """What `question` is about: its longest run of nouns that has a proper name, else its longest run of nouns."""
    if quoted := _QUOTED.search(question):
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


def topics_of(question: str) -> tuple[str, ...]:
    """What `question` may be about, the likeliest first: the place or office it begins with, all that stands before
    its verb, its run of nouns, its places."""
    if _ONE_WORD.match(question):
        return ()
    if defined := _DEFINED.match(question):
        return (defined[1],)
    begins, run = beginning_of(question), topic_of(question)
    place = _PLACE.match(question)
    if place and place.end() not in accumulate(len(word) for word, _ in tag(question)):
        place = None  # 城乡 in 城乡居民
    places = [word for word, flag in tag(question) if PLACE_NAME.search(word) and flag[0] == "n" and len(word) > 2]
    return tuple(dict.fromkeys(topic for topic in (place[0] if place else "", begins, run, *places) if len(topic) > 1))


def beginning_of(question: str) -> str:
    """What stands before the first word that asks, owns or is; its last verb left out ("" for a question that asks
    first)."""
    if quoted := _QUOTED.match(question):
        return quoted[0]
    end = _ENDS.search(question)
    words = tag(question[: end.start()] if end else question)
    verbs = [i for i, (_, flag) in enumerate(words) if i and flag[0] in "vpd" and flag != "vn"]
    first_verb = verbs[0] if verbs else len(words)
    text = _PARTICLE.sub("", "".join(word for word, _ in words[:first_verb]).strip())
    return text if 1 < len(text) <= 16 and not text.isdecimal() else ""


def persons_in(text: str) -> tuple[str, ...]:
    """Whom `text` names: by the tagger, with the surname that it may cut off, and a text that is nothing but a name."""
    found, before = [], ""
    for word, flag in tag(text):
        if flag in PERSON and len(word) > 1:
            cut_off = len(word) == 2 and before[-1:] in SURNAMES and (before[:-1] == "" or word[0] not in SURNAMES)
            found.append(before[-1] + word if cut_off else word)
        before = word
    bare = text.strip("。！？? ")
    if not found and 2 <= len(bare) <= 3 and bare[0] in SURNAMES and not re.search(r"[\d年月日元个名条]", bare):
        found.append(bare)
    return tuple(dict.fromkeys(found))


def _named(answer: str) -> list[str]:
    return [word for word, flag in tag(answer) if flag in NAMED - PERSON and len(word) > 1][:2]


def items_in(answer: str) -> tuple[str, ...]:
    """What `answer` lists: at least two things between 、 and 和, or after 一是 and 二是."""
    sentence = max(re.split(r"[。\n]", answer), key=len) if "一是" not in answer else answer
    listed = _LIST_HEAD.sub("", sentence, count=1)
    items = [item.strip(" 。，,；;：:") for item in _LIST_ITEM.split(listed)]
    items = [item for item in items if item]
    return tuple(items) if len(items) > 1 and all(len(item) <= 30 for item in items) else ()
