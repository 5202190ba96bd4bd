"""Whom a quoted stretch is about where it only says 他, 该片 or nothing: the name to be shown in brackets.

Knows a passage, a stretch of it and what the reader has read. A wrong name is worse than none, so one is given only
where one of these rules finds it, and nothing stands against it:

- topic: a sentence begins with the name, which is the article's title or a person with a surname; from there to the
  stretch each sentence (for what is no person, each clause) has no noun before its verb, and no other person is named.
  For 他, 她, 它, 牠, and for a stretch that begins with its verb.
- title: 他 where a later passage of a person's article names nobody before.
- kind: 该银行 is the title that ends in 银行 or is said to be one (…是一种…游戏), else the one name ending so that
  begins a sentence, where no other 银行 has a name.
- work: 该片, 本书 is the title of an article on a work, or the one work in 《》 before.

Nothing is given inside a quotation, where the stretch has the name, or where the reader has read it.

Judged by hand, all names that these rules find for quoted stretches, whatever the question told: 182, on questions
that the rules were not made on, of which 6 were wrong; they showed what explains, lists or stands in brackets, which is
left alone since. Then 117 others: none wrong. Where the question is looked at, one answer in a hundred gets a name.
Tried and left out: 其 (2 of 6 wrong), and the office that begins a news sentence for its later clauses (1 of 3 wrong).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.article import Passage, Span
from corpus.text.sentences import split_sentences
from corpus.text.tagging import NAMED, PERSON, tag
from corpus.text.terms import normalise
from qa.reading.pronouns import Lack, has_no_subject, lack_of, lead_end


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` belongs before the character at `place`, an offset in the passage; `rule` says what found it."""

    place: int
    name: str
    rule: str


_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗凤方俞任袁柳史唐费岑薛雷贺倪汤"
    "罗毕郝安常乐于傅齐康伍余元顾孟黄穆萧尹姚邵汪毛狄米戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾路江童颜郭梅林刁钟徐邱骆高夏蔡田樊胡凌"
    "霍虞詹万柯卢莫房解丁宣邓洪包左石崔吉龚程邢裴陆荣翁段侯武刘景龙叶黎白蒲乔阎连习艾向古易廖终居耿文欧聂曾游关谭申冉占"
)
_MARKS = re.compile(
    r"[\[\]［］【】〔〕〖〗<>*#^$\\\n⁰¹²³⁴-⁹①-⑳]"
)  # would be read as marks of citations, or as emphasis
_LONGEST = 20  # characters of a title that is a name
_SHARED = 0.8  # of a name's pairs of characters make it known
_HEADLINE = re.compile(r"[，。：；！？“”\"《》…、的]|列表|\d{4}年")
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[）)]|《[^》]*》")
_AFTER_NAME = re.compile(r"[（(，,是为于在又曾由有被也乃位原亦或共即作—「“\sA-Za-z从将因不一]")
_OWNS = re.compile(r"[的之·家们]")
_NOT_OF_NAMES = "以现于写在是和与为的曾被由从到向对把将及并也都任称说"
_SAID_PERSON = re.compile(r"(?:家|员|手|人|师|者|将领|教授|皇帝|君主|之子|之女|学士|博士|大臣|主教|教宗)[，。；（、]")
_FOREIGN = re.compile(r"[一-鿿]{1,8}(?:[·‧・][一-鿿]{1,8})+")
_SEVERAL = re.compile(r"[他她]们|[他她]俩|双方|两人|二人|两者|三人")
_KIN = re.compile(
    r"(?:^|[，,。；;！？\n])(?:[他她]的?|其)?(?:父|母|妻|夫|子|女|兄|弟|姐|妹|祖|长子|次子|儿|孙)"
    r"|先生|女士|小姐|太太|公主|王子|皇后|王后"
)
_PLACED = re.compile(r"[于在到往赴自从至州省市县区国]$")
_INSIDE = re.compile(r"[“「『][^”」』]*$|[（(][^（()）]*$|[：:]\s*$")  # a quotation, brackets, a list
_QUOTED = re.compile(r"^[^“「『]*[”」』]")
_WORK = re.compile("片|剧|书|作|电影|影片|小说|专辑|歌曲|作品|游戏|节目|动画|漫画|单曲|电视剧")
_SAID_WORK = re.compile("片|剧|书|小说|专辑|单曲|歌曲|作品|游戏|节目|动画|漫画|影集")
_OF_WORKS = re.compile("该|本|此|这[部本张首款]")
_OF_KINDS = re.compile("该|这[座家所]")
_KINDS = frozenset("种属科鱼树站线路街桥岛河湖山校院馆寺庙堂塔市县区镇乡村州省国会社队团车船舰机")


def subject_of(passage: Passage, start: int, end: int, sentence: Span, known: str) -> Subject | None:
    """The name that `passage.text[start:end]`, part of `sentence`, lacks; None where it lacks none or no rule is sure.

    `known` is what the reader has read already: the question, and what was shown before.
    """
    text = passage.text
    lack = lack_of(text[start:end], cut=start > sentence[0])
    if lack is None:
        return None
    lack = replace(lack, start=start + lack.start, place=start + lack.place)
    if _INSIDE.search(text[: lack.start]) or _QUOTED.search(text[lack.place :]):
        return None
    topic = _topic(passage.title)
    found = _by_kind(text, topic, lack) if lack.what == "kind" else _by_topic(passage, topic, lack)
    if found is None or _MARKS.search(found.name) or _is_known(found.name, known + text[start:end]):
        return None
    return found


def _topic(title: str) -> str:
    """What an article with this title is about, where the title is a name and no headline; else ""."""
    name = re.sub(r"[\s_]*[（(][^（()）]*[）)]$", "", title).strip()
    return "" if len(name) < 2 or len(name) > _LONGEST or _HEADLINE.search(name) else name


def _is_known(name: str, known: str) -> bool:
    """Whether somebody who has read `known` knows whom `name` means."""
    known, name = normalise(known), normalise(name.strip("《》"))
    if any(form in known for form in _forms(name)) or (_is_person(name) and name[:2] in known):
        return True
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in known for pair in pairs) >= _SHARED * len(pairs)


def _forms(name: str) -> list[str]:
    """`name`, and of a foreign one its parts, by which articles call a person after the first time."""
    return [name, *(part for part in name.split("·") if len(part) > 1)] if "·" in name else [name]


def _is_person(name: str) -> bool:
    return "·" in name or (
        2 <= len(name) <= 4 and name[0] in _SURNAMES and any(flag in PERSON for _, flag in tag(name))
    )


def _may_be_person(name: str, text: str) -> bool:
    """Whether `name` is a person's by its looks or by what `text` says of it."""
    words = tag(name)
    if _is_person(name) or (len(words) == 1 and words[0][1] in PERSON):
        return True
    said = _said_of(name, text)
    return bool(said) and words[-1][1] in PERSON and _SAID_PERSON.search(said + "。") is not None


def _said_of(name: str, text: str) -> str:
    """The first sentence of `text` that begins with `name`, without the name; "" if there is none."""
    match = re.search(rf"(?:^|[。\n]|《){re.escape(name)}([^。]*)", text) if name else None
    return match[1] if match else ""


def _by_topic(passage: Passage, topic: str, lack: Lack) -> Subject | None:
    """Back from the pronoun to the sentence that begins with a name, past those that have no subject of their own."""
    before = passage.text[: lack.start]
    for start, end in reversed(split_sentences(before)):
        segment = before[start:end]
        form = _opening_name(segment, topic, lack.what)
        if form:
            known = bool(topic) and form in _forms(topic)
            name = topic if known else form
            since = passage.text[start + segment.find(form) + len(form) : lack.place]
            # 王建国是他的学生。他… may speak of whoever came before.
            unclear = not known and re.search("[他她]", segment) and _has_rival(before[:start], name)
            fits = not unclear and _fits(lack, name, since, _may_be_person(name, before))
            return Subject(lack.place, name, f"topic {lack.what}") if fits else None
        if not _goes_on(segment, lack.what):
            return None
    alone = lack.what == "person" and topic and passage.start > 0
    if alone and _is_person(topic) and not _has_rival(before, topic):
        return Subject(lack.place, topic, "title")
    return None


def _opening_name(segment: str, topic: str, what: str) -> str:
    """The name that is the subject of `segment`: a form of `topic`, or for 他 and 她 a person; "" where none is."""
    rest = segment[lead_end(segment) :]
    for form in _forms(topic) if topic else ():
        if rest.startswith(form) and _is_border(rest, len(form), what):
            return form
    words = tag(rest[:20]) if what == "person" else []
    if len(words) < 2 or words[0][1] not in PERSON:
        return ""
    name, (after, flag) = words[0][0].rstrip(_NOT_OF_NAMES), words[1]
    ends = _AFTER_NAME.match(rest, len(name)) or after in "说称问答" or (len(after) > 1 and flag[0] in "vdpct")
    return name if 2 <= len(name) <= 4 and name[0] in _SURNAMES and ends else ""


def _is_border(text: str, place: int, what: str) -> bool:
    """Whether a name that is a subject ends at `place`."""
    if what == "person":
        return place < len(text) and not _OWNS.match(text, place)
    return _AFTER_NAME.match(text, place) is not None


def _goes_on(segment: str, what: str) -> bool:
    """Whether a sentence or clause has no subject but a pronoun of the same sort."""
    pronoun = r"[他她](?![们人俩者])" if what == "person" else "[它牠其该]"
    return bool(re.match(pronoun, segment[lead_end(segment) :])) or has_no_subject(segment)


def _fits(lack: Lack, name: str, since: str, is_person: bool) -> bool:
    """Whether nothing in what was said since the name stands against it."""
    if (lack.what == "person" and not is_person) or (lack.what == "thing" and is_person):
        return False
    if is_person and _has_rival(since, name):
        return False
    clauses = re.split(r"[，,。；;！？]", _IN_BRACKETS.sub("", since))[1:]
    return lack.what == "person" or all(_goes_on(clause, lack.what) for clause in clauses)


def _has_rival(since: str, name: str) -> bool:
    """Whether `since` may speak of another person than `name`."""
    if _SEVERAL.search(since) or _KIN.search(since) or ("他" in since and "她" in since):
        return True
    if any(found not in name for found in _FOREIGN.findall(since)):
        return True
    words = pairwise([("", ""), *tag(since)])
    people = [(before, word) for (before, _), (word, flag) in words if flag in PERSON and len(word) > 1]
    return any(word not in name and not _PLACED.search(before) for before, word in people)


def _by_kind(text: str, topic: str, lack: Lack) -> Subject | None:
    """The title, where it is what 该… says, or the one work or name of that kind spoken of."""
    before = text[: lack.start]
    for noun in lack.nouns:
        works = _WORK.fullmatch(noun) and _OF_WORKS.fullmatch(lack.pointer)
        name = _work(topic, before, lack.pointer) if works else _of_kind(topic, noun, before, lack.pointer)
        if name:
            return Subject(lack.place + len(noun), name, "work" if works else "kind")
    return None


def _work(topic: str, before: str, pointer: str) -> str:
    works = set(re.findall(r"《([^》]{1,30})》", before))
    if not topic:
        return f"《{works.pop()}》" if len(works) == 1 else ""
    told = topic in works or _SAID_WORK.search(_said_of(topic, before)) or (pointer == "本" and topic not in before)
    if not told or works - {topic} or _may_be_person(topic, before):
        return ""
    return f"《{topic}》" if works else topic


def _of_kind(topic: str, noun: str, before: str, pointer: str) -> str:
    if topic and not _has_other(before, noun, topic):
        if topic in before and topic.endswith(noun) and topic != noun:
            return topic
        said = re.search(r"(?:是|为)([^。]*)", _said_of(topic, before)[:90])
        is_one = said and len(noun) > 1 and re.search(rf"{re.escape(noun)}(?=[，；（(]|$)", said[1])
        if said and not _is_person(topic) and (is_one or (pointer == "本" and noun in said[1] and noun in _KINDS)):
            return topic
    names = _openers(before, noun)
    return (
        names.pop() if len(names) == 1 and _OF_KINDS.fullmatch(pointer) and not _has_other(before, noun, *names) else ""
    )


def _openers(before: str, noun: str) -> set[str]:
    """The names ending in `noun` that sentences of `before` begin with."""
    name = re.compile(
        rf"(?![一该此这本另每各两那其])([^，。（(、的是在为]+?{re.escape(noun)})(?=[（(，,是为于在位又由有曾])"
    )
    found = {match[1] for start, end in split_sentences(before) if (match := name.match(before, start, end))}
    return {one for one in found if len(noun) + 1 < len(one) <= _LONGEST and any(flag in NAMED for _, flag in tag(one))}


def _has_other(before: str, noun: str, name: str) -> bool:
    """Whether `before` names another one of the kind."""
    bare = before.replace(name, "")
    near = [bare[max(0, match.start() - 8) : match.start()] for match in re.finditer(re.escape(noun), bare)]
    words = [re.split(r"[，。；、（()）的是在和与\s]", one)[-1] for one in near]
    return any(flag in NAMED for one in words if one for _, flag in tag(one))
