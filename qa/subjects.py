"""Whom a quoted stretch is about, where it only says 他, 该片 or nothing: the name to be shown in brackets.

Knows a passage, the stretch and what its reader knows already. A wrong name is worse than none, so a name is given only
where one of a few rules finds one and nothing stands against it:

- topic: a sentence begins with the name (the article's title, or a person), and from there to the pronoun each sentence
  goes on without a noun of its own before its verb; nobody else is named. For 他, 她, 它, 其, and for a stretch that
  begins with its verb.
- kind: 该银行 is the title where that ends in 银行, or is said to be one (…是一种…游戏), and no other is spoken of.
- work: 该片, 本书 is the one work in 《》 that is spoken of.

Inside a quotation, after a name of its own, or where the question has the name, nothing is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.article import Passage, Span
from corpus.sentences import split_sentences
from embeddings.terms import normalise
from qa.tagging import NAMED, PERSON, tag


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` belongs behind the character before `place`, an offset in the passage; `rule` is what found it."""

    place: int
    name: str
    rule: str


_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗凤方俞任袁柳史唐费岑薛雷贺倪汤"
    "罗毕郝安常乐于傅齐康伍余元顾孟黄穆萧尹姚邵汪毛狄米戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾路江童颜郭梅林刁钟徐邱骆高夏蔡田樊胡凌"
    "霍虞万柯卢莫房解丁宣邓洪包左石崔吉龚程邢裴陆荣翁段侯武刘景龙叶黎白蒲乔阎连习艾向古易廖终居耿文欧聂曾游关谭申冉占"
)
_TIME = (
    r"(?:[在于自从至到]|直到|截至)?(?:[同翌次当今去][年月日天]|(?:公元)?前?[\d〇零一二三四五六七八九十百]+[年月日岁]|"
    r"[\d一二三四五六七八九十]+世纪|[\d]+年代|[（(][^（()）]{1,12}[）)]|[初末底中至到－—\-～~上下半春夏秋冬季]|年)+"
    r"(?:期间|以?[后前]|[起时间]|以来)?[，,]?"
)
_JOINS = (
    r"(?:此外|另外|后来|随后|其后|之后|此后|然后|最后|最终|最初|最早|目前|现时|现在|如今|当时|曾经|同时|但是?|而且?|并且?|因此|因而|所以"
    r"|不过|然而|至今|同样|其中|此前)[，,]?"
)
_LEAD = re.compile(rf"(?:{_TIME}|{_JOINS})*")
_ANY = re.compile(
    r"(?P<personal>(?<![其吉])[他她](?![们人俩者]))|(?P<impersonal>[它牠]们?)|(?P<possessive>(?<![尤与如极])其(?![他它中实余次间后一二三四五六七八九十]))"
    r"|(?P<class>(?:该|[此本]|这一?[个座家所部条张种款项支首架次栋幢艘间])(?=[一-鿿])(?![次人年月日时期外后前刻间来者身报讯]))"
)
_FAR = 24  # characters into a stretch at which its subject may stand
_LONGEST = 20  # characters of a title that is a name
_SHARED = 0.8  # of a name's pairs of characters make it known
_ENDS_LEAD = re.compile(r"[，,]$")
_OPENERS = frozenset(["由于", "因为", "虽然", "当", "在", "尽管", "如果", "据说", "据", "不过", "例如", "对于", "随着", "即使", "除了"])
_GOING_ON = frozenset("原 现 主要 最 共 总 全 均 仅 大 多 常 其 同".split())
_PERSONAL = re.compile(r"[他她](?![们人俩者])")
_PLURAL = re.compile(r"[他她]们|[他她]俩|双方|两人|二人|两者|三人")
_HEADLINE = re.compile(r"[，。：；！？“”\"《》…、的]|列表|\d{4}年")
_BORDER = re.compile(r"[（(，,是为于在又曾由有被也乃位原亦或共即作—「“\sA-Za-z从将因不一]")
_NOT_OF_NAMES = "以现于写在是和与为的曾被由从到向对把将及并也都任称说"
_OWNS = re.compile(r"[的之·家们]")
_SAID_PERSON = re.compile(r"(?:家|员|手|人|师|者|将领|教授|演员|皇帝|君主|之子|之女|学士|博士|大臣|主教|教宗)[，。；（、]")
_PLACED = re.compile(r"[于在到往赴自从至州省市县区国]$")
_OPEN_QUOTE = re.compile(r"[“「『][^”」』]*$")
_CLOSE_QUOTE = re.compile(r"^[^“「『]*[”」』]")
_KIN = re.compile(
    r"(?:^|[，,。；;！？\n])(?:[他她]的?|其)?(?:父|母|妻|夫|子|女|兄|弟|姐|妹|祖|长子|次子|儿|孙)"
    r"|先生|女士|小姐|太太|公主|王子|皇后|王后"
)
_FOREIGN = re.compile(r"[一-鿿]{1,8}(?:[·‧・][一-鿿]{1,8})+")
_VERBAL = re.compile(
    r"(?:曾|先后|毕业|出生|生于|逝世|去世|病逝|历任|担任|出任|就读|入读|考入|当选|加入|转入|获得?|位于|成立于|建于|创立|创办|兴建|始建"
    r"|全长|分布|生长于|产于|原产|属于|又[称名]|别[称名]|俗称)"
)
_WORKS = frozenset("片 剧 书 作 电影 影片 小说 专辑 歌曲 作品 游戏 节目 动画 漫画 单曲 电视剧".split())
_OF_WORKS = frozenset("该 本 此 这部 这本 这张 这首 这款 该部 该张".split())
_KINDS = frozenset("种属科鱼树站线路街桥岛河湖山校院馆寺庙堂塔市县区镇乡村州省国会社队团车船舰机")


def subject_of(passage: Passage, start: int, end: int, sentence: Span, known: str) -> Subject | None:
    """The name that `passage.text[start:end]`, part of `sentence`, lacks; None where it lacks none or no rule is sure.

    `known` is what the reader has read already: the question, and what was shown before.
    """
    text = passage.text
    lack = _lack(text, start, end, cut=start > sentence[0])
    if lack is None or _OPEN_QUOTE.search(text[: lack.place]) or _CLOSE_QUOTE.search(text[lack.place :]):
        return None
    topic = _topic(passage.title)
    find = _by_class if lack.kind == "class" else _by_topic
    found = find(passage, topic, lack)
    return None if found is None or _is_known(found.name, known + text[start:end]) else found


@dataclass(frozen=True, slots=True)
class _Lack:
    """Something at `start` that needs a name behind `place`: a pronoun of a kind, or nothing at all ("none")."""

    kind: str
    start: int
    place: int
    classes: tuple[str, ...] = ()


def _lack(text: str, start: int, end: int, *, cut: bool) -> _Lack | None:
    """The first pronoun of `text[start:end]` that is a subject or stands before one; else that there is no subject."""
    stretch = text[start:end]
    for match in _ANY.finditer(stretch[:_FAR]):
        before = _LEAD.sub("", stretch[: match.start()], count=1)
        if before and not (_ENDS_LEAD.search(before) and _has_no_subject(before)) and before not in _OPENERS:
            break
        kind = str(match.lastgroup)
        if kind == "class" and before and before not in _OPENERS:
            break
        if kind != "class":
            return _Lack(kind, start + match.start(), start + match.end())
        words = _class_words(stretch[match.end() :])
        return _Lack(kind, start + match.start(), start + match.end(), tuple(words)) if words else None
    rest = stretch[_lead_end(stretch) :]
    if _VERBAL.match(rest) if not cut else _VERBAL.match(rest) or _has_no_subject(rest[:12]):
        return _Lack("none", start, start)
    return None


def _class_words(after: str) -> list[str]:
    """The nouns that 该, 此, 本 or 这 may stand before, the longer first."""
    words = tag(after[:10])
    if not words:
        return []
    one = words[0][0]
    two = one + words[1][0] if len(words) > 1 and words[0][1][0] == words[1][1][0] == "n" else ""
    return [run for run in (two, one) if run and run != "人"]


def _lead_end(text: str) -> int:
    match = _LEAD.match(text)
    return match.end() if match else 0


def _has_no_subject(clause: str) -> bool:
    """Whether `clause` goes on about somebody: begins, after when and how, with no noun of its own."""
    rest = clause[_lead_end(clause) :]
    words = [(word, flag) for word, flag in tag(rest[:20]) if word.strip()]
    return not words or words[0][1][0] in "vdpcu" or words[0][0] in _GOING_ON


def _topic(title: str) -> str:
    """What an article with this title is about, where the title is a name and no headline; else ""."""
    base = re.sub(r"[\s_]*[（(][^（()）]*[）)]$", "", title).strip()
    return "" if len(base) < 2 or len(base) > _LONGEST or _HEADLINE.search(base) else base


def _is_person(name: str) -> bool:
    if "·" in name:
        return True
    words = tag(name)
    return 2 <= len(name) <= 4 and name[0] in _SURNAMES and any(flag in PERSON for _, flag in words)


def _may_be_person(name: str, text: str) -> bool:
    """Whether `name`, which `text` begins a sentence with, is a person's by its looks or by what is said of it."""
    if _is_person(name):
        return True
    words = tag(name)
    if len(words) == 1 and words[0][1] in PERSON:
        return True
    said = re.search(rf"(?:^|[。\n]){re.escape(name)}[^。]*", text)
    return bool(said) and words[-1][1] in PERSON and _SAID_PERSON.search(said[0] + "。") is not None


def _forms(name: str) -> list[str]:
    """The ways an article writes `name` at the beginning of a sentence."""
    return [name, *(part for part in name.split("·") if len(part) > 1)] if "·" in name else [name]


def _opens_with(segment: str, topic: str, kind: str) -> str:
    """The name that `segment` begins with: a form of `topic`, or for 他 and 她 a person; "" if with none."""
    rest = segment[_lead_end(segment) :]
    for form in _forms(topic) if topic else ():
        if rest.startswith(form) and _is_border(rest, len(form), kind):
            return form
    if kind == "personal":
        words = tag(rest[:20])
        if len(words) > 1 and words[0][1] in PERSON:
            word = words[0][0].rstrip(_NOT_OF_NAMES)
            if 2 <= len(word) <= 4 and (len(words[1][0]) > 1 and words[1][1][0] in "vdpct" or _BORDER.match(rest, len(word))):
                return word
    return ""


def _is_border(text: str, place: int, kind: str) -> bool:
    """Whether a name, the subject, ends at `place`."""
    if kind == "personal":
        return place < len(text) and not _OWNS.match(text, place)
    return _BORDER.match(text, place) is not None


def _by_topic(passage: Passage, topic: str, lack: _Lack) -> Subject | None:
    """Back from the pronoun to the sentence that begins with the name, past sentences that have no subject of their
    own."""
    text, person = passage.text, bool(topic) and _is_person(topic)
    before = text[: lack.start]
    for start, end in reversed(split_sentences(before) or [(0, 0)]):
        segment = before[start:end]
        form = _opens_with(segment, topic, lack.kind)
        if form:
            whole = topic if topic and form in _forms(topic) else form
            zone = before[start + segment.find(form) + len(form) :]
            fits = _fits(lack.kind, whole, zone, is_person=_may_be_person(whole, before))
            return Subject(lack.place, whole, f"topic {lack.kind}") if fits else None
        if not _goes_on(segment, lack.kind):
            return None
    if lack.kind == "personal" and person and passage.start > 0 and _fits(lack.kind, topic, before, is_person=True):
        return Subject(lack.place, topic, "title")
    return None


def _goes_on(segment: str, kind: str) -> bool:
    """Whether a sentence has no subject but a pronoun of the same kind."""
    rest = segment[_lead_end(segment) :]
    if kind == "personal" and _PERSONAL.match(rest):
        return True
    if kind != "personal" and re.match(r"[它牠其]|该", rest):
        return True
    return _has_no_subject(segment)


def _fits(kind: str, name: str, zone: str, *, is_person: bool) -> bool:
    """Whether nothing between the name and the pronoun stands against it."""
    if kind == "personal":
        return is_person and not _has_rival(zone, name)
    if kind == "impersonal" and is_person:
        return False
    if is_person and _has_rival(zone, name):
        return False
    clauses = re.split(r"[，,。；;！？]", re.sub(r"[（(][^（()）]*[）)]|《[^》]*》", "", zone))[1:]
    return all(_goes_on(clause, kind) for clause in clauses)


def _has_rival(zone: str, name: str) -> bool:
    """Whether `zone` may speak of another person than `name`."""
    if _PLURAL.search(zone) or _KIN.search(zone) or (("他" in zone) and ("她" in zone)):
        return True
    if any(found not in name for found in _FOREIGN.findall(zone)):
        return True
    last = ""
    for word, flag in tag(zone):
        if flag in PERSON and len(word) > 1 and word not in name and not _PLACED.search(last):
            return True
        last = word
    return False


def _by_class(passage: Passage, topic: str, lack: _Lack) -> Subject | None:
    """The title, where it is of the kind that 该… says, or the one work or place of that kind spoken of."""
    text, before = passage.text, passage.text[: lack.start]
    for noun in lack.classes:
        place = lack.place + len(noun)
        if noun in _WORKS and text[lack.start : lack.place] in _OF_WORKS:
            found = _work(topic, before)
        else:
            found = _of_class(topic, noun, before, text[lack.start : lack.place])
        if found:
            return Subject(place, *found)
    return None


def _of_class(topic: str, noun: str, before: str, pointer: str) -> tuple[str, str] | None:
    """The name that ends in `noun` or is said to be one, and the rule."""
    alone = not _named_others(before, noun, topic)
    if topic in before and topic.endswith(noun) and topic != noun and alone:
        return topic, "class"
    if topic and alone and not _is_person(topic) and (said := re.search(rf"(?:^|[。\n]){re.escape(topic)}[^。]{{0,60}}?(?:是|为)([^。]*)", before)):
        if len(noun) > 1 and re.search(rf"{re.escape(noun)}(?=[，；（(]|$)", said[1]):
            return topic, "said"
        if pointer == "本" and noun in said[1] and noun in _KINDS:
            return topic, "said one"
    names = _openers(before, noun)
    if len(names) == 1 and pointer in ("该", "这座", "这家", "这所") and not _named_others(before, noun, *names):
        return names.pop(), "opener"
    return None


def _openers(before: str, noun: str) -> set[str]:
    """The names ending in `noun` that sentences of `before` begin with."""
    found = set()
    for start, end in split_sentences(before):
        match = re.match(rf"([^，。（(、的是在为]{{1,20}}?{re.escape(noun)})(?=[（(，,是为于在位又由有曾])", before[start:end])
        if match and len(match[1]) > len(noun) + 1 and match[1][0] not in "一该此这本另每各两那其" and any(f in NAMED for _, f in tag(match[1])):
            found.add(match[1])
    return found


def _named_others(before: str, words: str, topic: str = "") -> bool:
    """Whether `before` names another one of the kind."""
    bare = before.replace(topic, "") if topic else before
    for match in re.finditer(re.escape(words), bare):
        near = re.split(r"[，。；、（()）的是在和与\s]", bare[max(0, match.start() - 8) : match.start()])[-1]
        if near and any(flag in NAMED for _, flag in tag(near)):
            return True
    return False


def _work(topic: str, before: str) -> tuple[str, str] | None:
    works = set(re.findall(r"《([^》]{1,30})》", before))
    if topic and works <= {topic} and not _may_be_person(topic, before):
        return (f"《{topic}》" if works else topic), "work title"
    if len(works) == 1 and not topic:
        return f"《{works.pop()}》", "work"
    return None


def _is_known(name: str, known: str) -> bool:
    """Whether the reader of `known` knows whom `name` means."""
    known = normalise(known)
    bare = normalise(name.strip("《》"))
    if any(form in known for form in _forms(bare)) or (_is_person(bare) and bare[:2] in known):
        return True
    pairs = {bare[i : i + 2] for i in range(len(bare) - 1)}
    return sum(pair in known for pair in pairs) >= _SHARED * len(pairs)
