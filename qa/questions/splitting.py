"""A question that asks several things at once, taken apart: 甲和乙各有多少？ becomes 甲有多少？ and 乙有多少？

Knows the question's words only. What binds two things into one matter (之间, 关系 …) is left whole, and so is what only
may be two: whoever chooses the sentences (`qa.reading.choosing`) still sees whether one of them answers the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text.tagging import PLACE_NAME, Tagged
from qa.questions.coordination import (
    ASKS,
    ATTRIBUTE,
    COUNTED,
    NAMES,
    PERSONAL,
    TITLE,
    enumerated,
    is_year,
    joint,
    own_words,
    pair,
    text_of,
    words_of,
)

_TOGETHER = re.compile(
    r"之间|关系|区别|不同|差异|差别|差距|相比|共同|一起|联合|合作|一共|总共|合计|加起来|结婚|比.{0,6}[多少高低大小]"
    r"|同时|两[者个国家岸地省部次人队]|以及(?:什么|哪|谁|何)|还有|除了|以外|指的"
    r"|相[连同似交邻]|同组|交往|签约|交会|结识|相?恋|这[个两种]|能不能|有没有"
)
_EACH = re.compile(r"各自?(?=[有是为与签建办开设出花])|(?<![的要])分别")
# What may be said of each of two things without 各 or 分别: what is or has what, how much it grew; nothing else.
_STATED = re.compile(
    r"的?[^是为有了过被将对在于，,]{0,14}(?:是|为|有)(?:多少|谁|什么|哪|几)|[^，,]{0,8}(?:增长|下降|上涨|上升|减少|增加|提高|达到)了?多少"
)
_PREDICATE = re.compile(r"[是为于有在了过吗与和同]|还是|的[？?]?$")
# A clause that only says when, where or what for the other happens.
_LEADING = re.compile(
    r"^(?:在|于|为了?|通过|对于?|面对|当|如果|由于|随着|根据|除了)|[时后前中上下里]$|“[^”]*$|《[^》]*$|「[^」]*$"
)
_DEPENDENT = re.compile(r"^(?:为|并|故|而|以|从而|主要|不是|且)|不是")  # … or that goes on with what the first says
_PRONOUN = re.compile(r"^(?:[他她它]们?|其(?![他中余]))")
_OFFICE = re.compile(r"[厅局部委办院系署司科处党镇省市]$|委员会|中心|协会|事务|部门|部长|局长|团体|系统")


@dataclass(frozen=True, slots=True)
class Part:
    """A question that a larger one holds, or a whole one.

    `own` are the words that tell it from the other parts, `others` those of the other parts; empty where there are none
    that an answer would have to say.
    """

    text: str
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    whole: bool = False


def parts_of(question: str) -> tuple[Part, ...]:
    """The questions that `question` holds: several where it asks several things, else itself."""
    return _clauses(question) or _coordinated(question) or (Part(question, whole=True),)


def _clauses(question: str) -> tuple[Part, ...]:
    """Two clauses that ask, each a question: 甲有多少个小区，乙有多少个？ What stands before both belongs to each."""
    clauses = [clause.strip() for clause in re.split(r"[，,；;？?]", question) if clause.strip()]
    listed = clauses[-1].split("、") if clauses else []
    if len(listed) == 2 and all(ASKS.search(clause) for clause in listed):  # 发了多少篇、拍了多少个
        clauses[-1:] = listed
    asking = [clause for clause in clauses if ASKS.search(clause) and len(clause) > 3]
    if (
        len(asking) != 2
        or clauses[-2:] != asking
        or len(clauses) > 3
        or _LEADING.search(asking[0])
        or _DEPENDENT.search(asking[1])
    ):
        return ()
    before = f"{clauses[0]}，" if len(clauses) == 3 else ""
    first, second = asking
    title = TITLE.search(first)
    if title and not TITLE.search(second):
        second = title[0] + second
    elif not title:
        second = _about(_subject(first), second)
    counted = re.search(r"多少([^人名位\W])(\w+)$", first)
    if counted and re.search(rf"多少{counted[1]}$", second):
        second += counted[2]
    return Part(f"{before}{first}？"), Part(f"{before}{second}？")


def _subject(clause: str) -> str:
    """What a clause asks something of: all before its question word but a verb (甲街道 in 甲街道改造了多少个小区)."""
    asking = ASKS.search(clause)
    words = words_of(clause[: asking.start()] if asking else "")
    while words and words[-1][1][0] in "uvp":
        words = words[:-1]
    return text_of(words)


def _about(subject: str, clause: str) -> str:
    """`clause` with `subject` where it has none: 他说了什么, 改造了多少个小区, 财政收入是多少."""
    words = words_of(clause)
    names = TITLE.search(clause) or any(flag in NAMES or PLACE_NAME.search(word) for word, flag in words)
    lacks = _PRONOUN.match(clause) or words[0][1][0] in "vp" or not names
    return subject + _PRONOUN.sub("", clause) if subject and lacks else clause


def _coordinated(question: str) -> tuple[Part, ...]:
    """Two or more things joined by 和, what stands before and after them said of each."""
    words = words_of(question)
    split = joint(words)
    if not split or _TOGETHER.search(question):
        return ()
    left, right = words[:split], words[split + 1 :]
    each = bool(_EACH.search(text_of(right)))
    one, other = pair(left, right, each)
    if not one or not other or ((left[-1][0] == "、" or "、" in text_of(left)) and not each):
        return ()
    things, before = enumerated(left[:-one], left[-one:], right[:other])
    after = right[other:]
    if not each and not _distributes(before, things, after):
        return ()
    owns = own_words(*things)
    if not owns or not text_of([*before, *after]).strip("？?。 "):
        return ()
    years = any(text_of(thing).endswith("年") for thing in things)
    parts = []
    for thing, own in zip(things, owns, strict=True):
        name = _owned(text_of(thing), thing, things[0])
        name += "年" if years and re.fullmatch(r"(?:19|20)\d\d", name) else ""
        others = tuple(word for words in owns if words != own for word in words if word not in own)
        parts.append(Part(_asking(text_of(before) + name + _EACH.sub("", text_of(after))), own, others))
    return tuple(parts)


def _owned(name: str, thing: Tagged, first: Tagged) -> str:
    """`name` with the owner of the first thing where it has none itself: 甲街道的党员和党组织 are both 甲街道's."""
    owner, of, _ = text_of(first).rpartition("的")
    lacks = thing is not first and owner and "的" not in name and not thing[0][1].startswith(("ns", "nr"))
    return owner + of + name if lacks else name


def _distributes(before: Tagged, things: tuple[Tagged, ...], after: Tagged) -> bool:
    """Whether what is said of two things without 各 or 分别 is said of each."""
    text, rest = text_of(before), text_of(after)
    one = things[0]
    if ASKS.search(text):
        return False
    if after and (_OFFICE.search(after[0][0]) or after[0][0].startswith("等")):
        return False
    attributes = all(ATTRIBUTE.search(thing[-1][0]) for thing in things) or ATTRIBUTE.search(one[-1][0]) is not None
    named = any(thing[0][1] in NAMES or is_year(thing[0]) or thing[0][1][0] in "mtr" for thing in things)
    if not ASKS.search(rest):
        return len(rest) <= 20 and "，" not in rest and not _PREDICATE.search(rest)
    if attributes and re.match(r"[是为叫有]|分别|各", rest):
        return True
    described = all(flag[0] != "v" for _, flag in before)
    return named and described and _STATED.match(rest) is not None


def _asking(question: str) -> str:
    """A part that only names what is wanted (…的导演), with the question word that it lacks."""
    bare = question.rstrip("？?。 ")
    if not ASKS.search(bare):
        if re.search(rf"(?:{PERSONAL})$", bare):
            return bare + "是谁？"
        if re.search(rf"(?:{COUNTED})$", bare):
            return bare + "是多少？"
    return question
