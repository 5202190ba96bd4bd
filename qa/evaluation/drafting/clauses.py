"""Clauses, their words, and the names in them. Knows texts and parts of speech; nothing of questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from corpus.article import Article, Span
from corpus.text.figures import narrow
from corpus.text.lexicon import SURNAMES
from corpus.text.sentences import split_clauses
from corpus.text.tagging import NAMED, PERSON, Tagged, tag

_NOUN = NAMED | {"n", "vn", "an", "b", "j", "l", "eng", "s", "f", "nrt", "i", "zg", "ng", "x"}
_INSIDE = frozenset({"的", "和", "与", "分行", "支行"})  # words inside a subject that are tagged otherwise
MARKS = "，。；：！,;:!、—"
_KINDS_OF_NAME = (
    "办事处|街道|社区|新区|开发区|[省市县区镇乡村州]|公司|集团|银行|大学|学院|医院|中学|小学|法院|检察院|协会|研究院|研究所|委员会"
    "|博物馆|图书馆|机场|[局厅署]"
)
_NAME_END = re.compile(rf"(?:{_KINDS_OF_NAME})$")
# What stands for a name that was given before, and is no name itself.
_ORDINARY_WORDS = """
小区 社区 城区 地区 园区 景区 校区 辖区 新区 市区 城乡 农村 乡村 城市 城镇 乡镇 全国 全省 全市 全区 全县 全村 全镇 学校
医院 公司 集团 银行 大学 街道 街道办 村民 市民 群众 企业 党组织 支部 党支部 党委 政府 人民政府 管委会 党中央 党委会
建国 地方 新建 百年 上市 高达 明确 宁可 方便 换手率 换手 成交量
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
EVENT = (
    "成立|公布|发布|举行|召开|开幕|启动|举办|印发|投入使用|投用|通车|开业|开工|竣工|完工|揭牌|签署|上市|出生|去世|逝世|当选|宣布"
    "|入选|荣?获|建成|开通|实施|施行|生效|发生|上映|上线|开播|加入|抵达|进入|辞职|担任|推出|发射|创办|创立|设立|建立|落户|挂牌"
    "|开放|开馆|开园|开赛|落幕|闭幕|登陆|运营|投产|下线|开售|发行|出版|开展|组建"
)
_DOING = re.compile(rf"盘活|张贴|选树|大力.*|顺带|积极.*|设置|引进|{EVENT}")
_TIME_ONLY = re.compile(
    r"^(?:截至|截止|自|从|到|在)?[\d年月日时上下半前后初底末至起止以来期间中个季度旬春夏秋冬早晚午凌晨当地间收盘，,]{2,18}$|^(?:近|前|过去)?[一二三四五六七八九十\d]+年(?:间|来|内|里)$|^上半年$|^在[^，]{2,8}$"
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
            if (
                (flag not in _NOUN and word not in _INSIDE and word[0] != "第")
                or word in MARKS + "（("
                or _DOING.fullmatch(word)
            ):
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

    def is_noun(self, start: int, end: int, *, named: bool = True) -> bool:
        """Whether `text[start:end]` is made of nouns from a word's border on, a name among them if `named`."""
        offset, borders, found = 0, set(), not named
        for word, flag in self.words:
            if offset in range(start, end):
                if flag not in _NOUN:
                    return False
                found = found or flag in ("ns", "nt", "nz") or _NAME_END.search(word) is not None
            borders.add(offset)
            offset += len(word)
        return start in borders and found

    def flag_at(self, start: int) -> str:
        """The part of speech of the word that begins at `start`, or ""."""
        offset = 0
        for word, flag in self.words:
            if offset == start:
                return flag
            offset += len(word)
        return ""


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
    if re.search(r"[“《][^”》]{3,}[”》]|[A-Za-z]{3,}", text):
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
    return "·" in word or (
        2 <= len(word) <= 4
        and word[0] in SURNAMES
        and not re.search(r"某|[先女]|小姐|华为|.[区县市省镇乡村街路营队会]$", word)
    )


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
