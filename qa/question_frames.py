"""What makes a question stand alone: whom or what its sentence is about, and from when it is.

Knows clauses and their words. Knows nothing of what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from corpus.article import Article, Span
from corpus.sentences import split_clauses
from qa.figures import narrow, stated_figures
from qa.tagging import NAMED, PERSON, Tagged, tag

SHORTEST, LONGEST = 8, 45  # characters of a question
_LONGEST_TIME = 20

_NOUN = NAMED | {"n", "vn", "an", "b", "j", "l", "eng", "s", "f", "nrt", "i", "zg", "ng", "x"}
_INSIDE = frozenset({"的", "和", "与", "分行", "支行"})  # words inside a subject that are tagged otherwise
_MARKS = "，。；：！,;:!、—"
_KINDS_OF_NAME = (
    "办事处|街道|社区|新区|开发区|[省市县区镇乡村州]|公司|集团|银行|大学|学院|医院|中学|小学|法院|检察院|协会|研究院|研究所|委员会"
    "|博物馆|图书馆|机场|[局厅署]"
)
_NAME_END = re.compile(rf"(?:{_KINDS_OF_NAME})$")
# What stands for a name that was given before, and is no name itself.
_GENERIC = re.compile(
    r"^(?:全|该|本|我|各|当地的?)?(?:街道|社区|[区市县省镇乡村]里|[省市县区镇乡村](?=[内委政共]|$)|公司|集团|银行|大学|学院|学校|医院|办事处|辖区)|^全[区市县省镇村]"
)
_ORDINARY_WORDS = """
小区 社区 城区 地区 园区 景区 校区 辖区 新区 市区 城乡 农村 乡村 城市 城镇 乡镇 全国 全省 全市 全区 全县 全村 全镇 学校
医院 公司 集团 银行 大学 街道 街道办 村民 市民 群众 企业 党组织 支部 党支部 党委 政府 人民政府 管委会 党中央 党委会
地方 新建 百年 上市 大力 张贴 盘活 高达 明确 宁可 方便 换手率 换手 成交量
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_LEANING = re.compile(
    r"(?<!尤)其(?![他它实])|(?<!应)该|[他她它]|(?<![因彼如])此(?!外)|这|那(?!曲)|[我您你咱]|本(?=[市区县省村镇校院报网公届次年月周场])|上述|以上所|前者|后者|两者|双方|以下"
    r"|今[年天日]|昨[天日]|明[年天日]|去年|前年|当[日天年月晚时地]|本[月周]|近[日年]|日前|目前|如今|眼下|现在|同[年日月]|次[日年]|上[月周]|另[有外]|对方|记者|届时|前不久|某|同期|《.{2,4}》|编者"
)
_OPENING = re.compile(
    r"^(?:同时|此外|另外|据悉|据了解|据介绍|据统计|数据显示|目前|截至目前|至此|近日|日前|随后|随即|最终|最后|其中|而且|并且|但是|不过|然而|因此|所以"
    r"|与此同时|近年来|如今|现在|据[^，]{1,14}(?:报道|消息|通报|数据|统计)"
    r"|[^，。]{0,24}[讯电](?=[ \d\u3000])|[^，]{0,12}(?:记者|网)[^，]{0,12}(?:获悉|了解到))[，,]?"
    r"|^(?:但|而|并|也|还|且|又|则|即|更)(?![\u4e00-\u9fff]?[、])"
)
_SUBORDINATE = re.compile(
    r"^(?:随着|自从|为了?(?![多少])|由于|如果|虽然|尽管|即使|只要|除了?|因为?|若|当|既|不仅|不但|无论|一旦|否则|应该?|从而|使得?|让|以便|再通过|按照|根据|围绕|面对|对于|经过|例如|比如|一是|二是|三是|有的)"
)
# What says nothing without what stands before it: 同比增长多少, 分别是哪些.
_HANGING = re.compile(
    r"^(?:其中|[同环]比|较|比|占|增[长幅速]|下降|上升|上涨|下跌|增加|减少|减幅|涨幅|跌幅|降幅|名为|名叫|取名|命名|叫[作做]|称为|指|包括|包含|涵盖|涉及"
    r"|分[为别]|这|累计|换手率|成交|市值|总[数计量市]|合计|长度|面积|金额|规模|多少)"
)
_UNFINISHED = re.compile(
    r"(?:[时后前的在和与及中里上下等]|以来|期间|之际|情况下|以及|同时|基础上|如下|过程|为例|来看|来说|表示|显示|指出|认为|介绍|方面|称)$"
)
_TIME_ONLY = re.compile(
    r"^(?:截至|截止|自|从|到|在)?[\d年月日时上下半前后初底末至起止以来期间中个季度旬春夏秋冬早晚午凌晨当地间收盘，]{2,18}$|^(?:近|前|过去)?[一二三四五六七八九十\d]+年(?:间|来|内|里)$|^上半年$|^在[^，]{2,8}$"
)
_TIME_FIRST = re.compile(
    r"^(?:(?:截至|截止|自|从|到)?(?:\d{4}年|今年|去年|\d{1,2}月|[一二三四五六七八九十\d]+年(?=[间来])|[上下]半年|前\d+个月)"
    r"[\d年月日时上下半前后初底末至起止以来期间中个季度午晚]*)(?:收盘)?[，,]?"
)


_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗凤方俞任袁柳"
    "唐罗薛伍余顾孟黄穆萧尹姚邵汪毛狄贝臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅林钟徐邱骆高夏蔡田"
    "胡凌霍万柯管卢莫房缪解应丁邓单洪包左石崔吉龚程邢裴陆荣翁段富焦侯宫宁仇甘厉祖武符刘景龙叶黎薄印白蒲鄂"
    "赖卓屠池乔闻党翟谭贡姬申冉雍桑桂牛边燕尚温庄晏柴瞿阎慕茹习艾容向古易廖耿匡国文东欧沃利越聂关肖涂佟"
)


@dataclass(frozen=True)
class Clause:
    """A clause as it stands in the article from `start` on, with its closing mark, and its words."""

    text: str
    start: int
    words: Tagged

    @classmethod
    def of(cls, text: str, start: int) -> Clause:
        """The clause `text` with its words tagged."""
        return cls(text, start, tag(text))

    @cached_property
    def subject(self) -> str:
        """The nouns it begins with, up to its first verb, preposition or adverb; "" where it begins otherwise."""
        length = borrowed = 0
        for word, flag in self.words:
            if (flag not in _NOUN and word not in _INSIDE and word[0] != "第") or word in _MARKS or word in "（(":
                break
            length += len(word)
            borrowed = borrowed if flag in ("vn", "f") else length  # 街道设置: what is done is no part of who does it
        whole = length == len(self.text) or not length
        return "" if whole or self.text[:length].endswith(("的", "和", "与")) else self.text[: borrowed or length]

    @property
    def names_its_subject(self) -> bool:
        """Whether it begins with nouns that name something."""
        return bool(self.subject) and has_name(self.subject, self.words)

    def names_before(self, end: int) -> bool:
        """Whether a name stands in its first `end` characters."""
        return has_name(self.text[:end], self.words)

    def is_noun(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` is made of whole nouns, names among them."""
        offset, borders, named = 0, set(), False
        for word, flag in self.words:
            if offset in range(start, end):
                if flag not in _NOUN:
                    return False
                named = named or flag in ("ns", "nt", "nz") or _NAME_END.search(word) is not None
            borders.add(offset)
            offset += len(word)
        return start in borders and named

    def flag_at(self, start: int) -> str:
        """The part of speech of the word that begins at `start`, or ""."""
        offset = 0
        for word, flag in self.words:
            if offset == start:
                return flag
            offset += len(word)
        return ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence of an article taken apart, and what the article is about ("" where its title does not tell)."""

    article: Article
    sentence: Span
    clauses: list[Clause]
    subject: str


def clauses_of(text: str, sentence: Span) -> list[Clause]:
    """The clauses of a sentence; one that only says when, or ends in a dash, goes together with the next one."""
    joined: list[Span] = []
    for start, end in split_clauses(text, *sentence):
        last = narrow(text[slice(*joined[-1])]) if joined else ""
        if last and (last[-1] in "—-" or _TIME_ONLY.match(last.rstrip("，,"))):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [Clause.of(text[start:end], start) for start, end in joined]


def has_name(text: str, words: Tagged | None = None) -> bool:
    """Whether `text` names a place, a body, a person, a work or a product, so that one knows what it is about."""
    if re.search(r"[“《][^”》]{2,}[”》]|[A-Za-z]{3,}", text):
        return True
    offset = 0
    for word, flag in words if words is not None else tag(text):
        offset += len(word)
        if offset > len(text):
            break
        person = flag not in PERSON or is_person(word)
        if flag in NAMED and person and len(word) > 1 and word not in _ORDINARY:
            return True
    return False


def names_of(text: str) -> list[tuple[str, str]]:
    """The places, bodies and persons in `text`, each with the sort of name it is ("ns", "nt", "nr")."""
    found = []
    for word, flag in tag(text):
        sort = "nr" if flag in PERSON else flag
        known = is_person(word) if sort == "nr" else word not in _ORDINARY
        if sort in ("ns", "nt", "nr") and known and len(word) > 1:
            found.append((word, sort))
    return found


def is_person(word: str) -> bool:
    """Whether a word that is tagged as a person is one: the dictionary takes many a rare word for a name."""
    return "·" in word or (2 <= len(word) <= 4 and word[0] in _SURNAMES and not re.search(r"某|[先女]|小姐", word))


def main_name(article: Article) -> str:
    """The place or body that the title names and the text comes back to, or ""."""
    best, most = "", 1
    for run in re.findall(r"[\u4e00-\u9fff]+", article.title):
        for end in range(3, len(run) + 1):
            if not _NAME_END.search(run[:end]):
                continue
            for start in range(max(0, end - 9), end - 2):
                name = run[start:end]
                count = article.text.count(name)
                if (count, len(name)) > (most, len(best)) and name not in _ORDINARY and count > 1:
                    best, most = name, count
    return best


def question_from(frame: Frame, number: int, gap: Span, asks: str) -> str:
    """The question that clause `number` becomes with `asks` in its gap; "" where it would not stand alone."""
    clause = frame.clauses[number]
    body = clause.text[: gap[0]] + asks + clause.text[gap[1] :]
    body = _bare(body)
    if _SUBORDINATE.search(body) or _UNFINISHED.search(body):
        return ""
    for question in _framed(frame, number, body):
        if question := finish(frame.article, question):
            return question
    return ""


def _bare(clause: str) -> str:
    without = re.sub(r"^[^，。]{0,24}[讯电]\s?[（(][^）)]*[）)]", "", clause)
    return _OPENING.sub("", re.sub(r"[（(][^）)]*[）)]", "", without).strip(_MARKS + " ")).strip(_MARKS + " ")


def _framed(frame: Frame, number: int, body: str) -> Iterator[str]:
    """`body` with what it may need before it: nothing, its subject, or the clause before."""
    time, rest = _time_first(body)
    own = Clause.of(rest, 0)
    if own.names_its_subject or rest.startswith("谁"):
        yield body if time else _time_of(frame, number) + body
        return
    time = time or _time_of(frame, number)
    previous = _opened(frame, number - 1) if number else ""
    before = Clause.of(previous, 0)
    if before.names_its_subject and not _SUBORDINATE.search(previous) and not _UNFINISHED.search(previous):
        told = all(figure.kind == "date" for figure in stated_figures(previous))
        if _HANGING.search(body) or (own.subject and told):
            yield f"{time}{previous}，{body}"
    if _HANGING.search(body):
        return
    subject = "" if own.subject else _subject_before(frame, number)
    if subject and has_name(subject):
        yield f"{time}{subject}{rest}"
    elif frame.subject and not subject:
        yield time + _named(rest, frame.subject, anyway=True)


def _opened(frame: Frame, number: int) -> str:
    """Clause `number` without connectives and time, with the article's name in place of 街道 or 全区."""
    return _named(_time_first(_bare(frame.clauses[number].text))[1], frame.subject)


def _subject_before(frame: Frame, number: int) -> str:
    """The subject of the nearest clause before `number` that has one, or ""."""
    for earlier in range(number - 1, -1, -1):
        opened = _opened(frame, earlier)
        subject = Clause.of(opened, 0).subject
        if subject and not _SUBORDINATE.search(opened):
            return subject
    return ""


def _time_first(text: str) -> tuple[str, str]:
    """The time that `text` begins with, and the rest."""
    match = _TIME_FIRST.match(narrow(text))
    if not match or match.end() == len(text) or text[match.end()] in "的成立":
        return "", text
    return text[: match.end()].rstrip("，,") + "，", text[match.end() :]


def _time_of(frame: Frame, number: int) -> str:
    """When clause `number` was: the clause before, if it says so, or the time that the sentence begins with."""
    if not number:
        return ""
    previous = _bare(frame.clauses[number - 1].text)
    if re.search(r"(?:时候?|期间|以来|[前后]|中)$", previous) and len(previous) <= _LONGEST_TIME:
        return previous + "，"
    return _time_first(_bare(frame.clauses[0].text))[0]


def _named(text: str, subject: str, *, anyway: bool = False) -> str:
    """`text` with `subject` in place of the 全区 or 街道 it begins with; `anyway` puts it first where there is none."""
    if not subject or subject in text:
        return text
    generic = _GENERIC.match(text)
    if generic:
        return subject + text[generic.end() :]
    return subject + text if anyway else text


def finish(article: Article, question: str) -> str:
    """`question` with its mark and with years for 今年 and the like; "" where it leans on the text or is no length."""
    question = question.replace("我国", "中国").strip(_MARKS + " ")
    if _UNFINISHED.search(question):
        return ""
    year = article.published[:4]
    if year.isdigit():
        question = re.sub(r"今年(?=[^年]|$)", f"{year}年", question)
        question = re.sub(r"去年", f"{int(year) - 1}年", question)
    question = re.sub(r"[，,]?(?:近日|日前|目前)[，,]?", "", question) + "？"
    balanced = all(question.count(a) == question.count(b) for a, b in ("“”", "《》", "（）"))
    if (
        not balanced
        or not SHORTEST <= len(question) <= LONGEST
        or _LEANING.search(question)
        or _GENERIC.match(question)
    ):
        return ""
    return question if has_name(question) or main_name(article) in question[:12] != "" else ""


def figures_apart(text: str, start: int, end: int, unit: str) -> bool:
    """False where the article has another figure of the same thing, so that the question would have two answers."""
    own = narrow(text[start:end])
    thing = narrow(text[end : end + 2])
    if not re.match(r"[\u4e00-\u9fff]{2}", thing):
        thing, before = "", narrow(text[max(0, start - 3) : start])
        if not re.search(r"[\u4e00-\u9fff]{2}$", before):
            return False
        return not any(
            other != own
            for other in re.findall(
                rf"{re.escape(before)}([\d.,]+[余多]?[万亿]*{re.escape(unit) or '%'})", narrow(text)
            )
        )
    pattern = rf"[\d.,]+[余多]?[万亿]*{re.escape(unit) or '%'}(?={re.escape(thing)})"
    return not any(other != own for other in re.findall(pattern, narrow(text)))
