"""Where a stretch of text lacks a name: it begins with 他, 该片 or its verb, and whom it means stands before it.

Knows a stretch alone. Who is meant, `qa/reading/subjects.py` finds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text.tagging import tag

_TIME = (
    r"(?:[在于自从至到]|直到|截至)?(?:[同翌次当今去][年月日天]|(?:公元)?前?[\d〇零一二三四五六七八九十百]+[年月日岁]"
    r"|[\d一二三四五六七八九十]+世纪|\d+年代|[（(][^（()）]{1,12}[）)]|[初末底中至到－—\-～~上下半春夏秋冬季]|年)+"
    r"(?:期间|以?[后前]|[起时间]|以来)?[，,]?"
)
_JOINS = (
    r"(?:此外|另外|后来|随后|其后|之后|此后|然后|最后|最终|最初|最早|目前|现时|现在|如今|当时|曾经|同时|但是?|而且?|并且?|因此|因而|所以"
    r"|不过|然而|至今|同样|其中|此前|近日|日前|[近今]年?以?来|近年来?|连日来|截至目前|据悉|据介绍|据了解|为此)[，,]?"
)
_LEAD = re.compile(rf"(?:{_TIME}|{_JOINS})*")
_POINTERS = re.compile(
    r"(?P<person>(?<![其吉])[他她](?![们人俩者]))|(?P<thing>[它牠]们?)"
    r"|(?P<other>(?<![尤与如极])其(?![他它中实余次间后一二三四五六七八九十]))"
    r"|(?P<kind>(?:[该此本]|这一?[个座家所部条张种款项支首架次栋幢艘间])(?=[一-鿿])(?![次人年月日时期外后前刻间来者身报讯]))"
)
_FAR = 24  # characters into a stretch at which its subject may stand
_OPENERS = re.compile("由于|因为|虽然|当|在|尽管|如果|据说?|不过|例如|对于|随着|即使|除了")
_GOING_ON = re.compile(
    "原|现|主要|最|共|总|全|均|仅|大|多|常|其|同|专长|籍贯|祖籍|原籍|原名|本名|艺名|绰号|身高|享年|学历|全名|英文名"
)
# What an encyclopedia says of its subject without naming it again.
_TOLD = re.compile(
    r"曾|先后|毕业|出生|生于|逝世|去世|病逝|历任|担任|出任|就读|入读|考入|当选|加入|转入|获得?|位于|成立于|建于|创立|创办|兴建|始建"
    r"|全长|分布|生长于|产于|原产|属于|又[称名]|别[称名]|俗称"
)
# What explains or lists, and says nothing of the subject; what no thing does, so that 它们 are people.
_EXPLAINS = re.compile("如|例如|比如|即|也就是|就是|可以看|可见|既|包括|尤其|特别是|以及|其")
_THINKS = re.compile("认为|表示|指出|发现|称|说|相信|决定")


@dataclass(frozen=True, slots=True)
class Lack:
    """A pronoun from `start` to `place` that lacks a name.

    `what`: "person" (他), "thing" (它), "kind" (该…), or "nothing" where a verb has no subject. `pointer` is 该 itself,
    `nouns` are what may belong to it, the longer first.
    """

    what: str
    start: int
    place: int
    pointer: str = ""
    nouns: tuple[str, ...] = ()


def lack_of(stretch: str, *, cut: bool) -> Lack | None:
    """The pronoun that is, or stands before, the first subject of `stretch`; or that there is no subject at all.

    `cut`: the stretch is part of a sentence that began before it.
    """
    match = _POINTERS.search(stretch[:_FAR])
    before = stretch[lead_end(stretch) : match.start()] if match else ""
    first = not before or _OPENERS.fullmatch(before) is not None
    if match and (first or (before[-1] in "，," and has_no_subject(before))):
        what, place = str(match.lastgroup), match.end()
        if what == "person" or (what == "thing" and not _THINKS.match(stretch, place)):
            return Lack(what, match.start(), place)
        nouns = _nouns(stretch[place:])
        return Lack(what, match.start(), place, match[0], nouns) if what == "kind" and first and nouns else None
    rest = stretch[lead_end(stretch) :]
    if _EXPLAINS.match(rest) or _describes(rest):
        return None
    return Lack("nothing", 0, 0) if _TOLD.match(rest) or (cut and has_no_subject(rest[:12])) else None


def lead_end(text: str) -> int:
    """Where a sentence is past when it was and how it follows (1990年，后来)."""
    match = _LEAD.match(text)
    return match.end() if match else 0


def has_no_subject(clause: str) -> bool:
    """Whether `clause` goes on about somebody: begins, after when and how, with no noun of its own."""
    words = [(word, flag) for word, flag in tag(clause[lead_end(clause) :][:20]) if word.strip()]
    return not words or words[0][1][0] in "vdpcu" or _GOING_ON.fullmatch(words[0][0]) is not None


def _describes(rest: str) -> bool:
    """Whether the verb that `rest` begins with belongs to a noun that follows: 位于郑州的车站建成了。"""
    _, _, noun = re.split("[，,。；;]", rest)[0].partition("的")
    return any(flag[0] in "vpd" for _, flag in tag(noun))


def _nouns(after: str) -> tuple[str, ...]:
    words = tag(after[:10])
    if not words:
        return ()
    (word, flag), *more = words
    two = word + more[0][0] if more and flag[0] == more[0][1][0] == "n" else ""
    split = word[0] if flag[0] in "vpd" else ""  # 本作|为
    return tuple(noun for noun in (two, word, split) if noun and noun != "人")
