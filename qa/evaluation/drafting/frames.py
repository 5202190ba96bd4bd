"""What makes a question stand alone: whom or what its sentence is about, and from when it is.

Knows clauses and their words. Knows nothing of what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.text.figures import narrow, stated_figures
from qa.evaluation.drafting.clauses import MARKS, Clause, has_name, main_name

SHORTEST, LONGEST = 8, 45  # characters of a question
_LONGEST_TIME = 20
_CUT_SHORT = "、"  # a subject of which nobody knows where it ends, or who only tells of others
_SPEAKS = re.compile(r"[^，]{0,6}(?:表示|告诉|介绍|透露|指出|认为|强调|[说称])")
_WITHOUT_ACTION = frozenset({"有", "为", "是", "达", "达到", "超过", "超", "共有"})

_GENERIC = re.compile(
    r"^(?:全|该|本|我|当地的?)?(?:街道|[社小园]区|[区市县省镇乡村]里|[省市县区镇乡村](?=[内委政共]|$)|公司|集团|银行|大学|学院|学校|医院|办事处|辖区)|^全[区市县省镇村]"
)
_LEANING = re.compile(
    r"(?<!尤)其(?![他它实])|(?<!应)该|[他她它]|(?<![因彼如])此(?!外)|这|那(?!曲)|[我您你咱]|本(?=[市区县省村镇校院报网公届次年月周场])|上述|以上所|前者|后者|两者|双方|以下"
    r"|今[年天日]|昨[天日]|明[年天日]|去年|前年|当[日天年月晚时地]|本[月周]|近[日年]|日前|目前|如今|眼下|现在|同[年日月]|次[日年]|上[月周]|另[有外]|对方|记者|届时|同一|随之|由此|相应|近几年|前不久|某|同期|《.{2,4}》|编者"
)
_OPENING = re.compile(
    r"^(?:同时|此外|另外|据悉|据了解|据介绍|据统计|数据显示|目前|截至目前|至此|近日|日前|随后|随即|最终|最后|其中|而且|并且|但是|不过|然而|因此|所以"
    r"|与此同时|近年来|如今|现在|据[^，]{1,14}(?:报道|消息|通报|数据|统计)"
    r"|[^，。]{0,24}[讯电](?=[ \d\u3000])|[^，]{0,12}(?:记者|网)[^，]{0,12}(?:获悉|了解到))[，,]?"
    r"|^(?:但|而|并|也|还|且|又|则|即|更)(?![\u4e00-\u9fff]?[、])"
)
_SUBORDINATE = re.compile(
    r"^(?:随着|自从|为了?(?![多少])|由于|如果|虽然|尽管|即使|只要|除了?|因为?|若|当|既|不仅|不但|无论|一旦|否则|应该?|力争|严格|从而|使得?|让|以便|再通过|按照|根据|围绕|面对|对于|经过|例如|比如|一是|二是|三是|有的)"
)
# What says nothing without what stands before it: 同比增长多少, 分别是哪些.
_HANGING = re.compile(
    r"^(?:其中|[同环]比|较|比|占|增[长幅速]|下降|上升|上涨|下跌|增加|减少|减幅|涨幅|跌幅|降幅|名为|名叫|取名|命名|叫[作做]|称为|指|包括|包含|涵盖|涉及"
    r"|分[为别]|这|累计|换手率|成交|市值|总[数计量市]|合计|长度|面积|总?建筑面积|金额|规模|多少|注册资本|涉案|涉及|受众|听众|观众|占地|投资额|造价|售价|价格|均价|平均|人均|最[高低大小]|每|其余|余下|剩|价值|成功率)"
)
_UNFINISHED = re.compile(
    r"(?:[时后前的在和与及中里上下等]|以来|期间|之际|年来|情况下|以及|同时|基础上|如下|过程|为例|来看|来说|表示|显示|指出|认为|介绍|方面|称)$"
)
_TIME_FIRST = re.compile(
    r"^(?:(?:截至|截止|自|从|到)?(?:\d{4}年|今年|去年|\d{1,2}月|[一二三四五六七八九十\d]+年(?=[间来])|[上下]半年|前\d+个月)"
    r"[\d年月日时上下半前后初底末至起止以来期间中个季度午晚]*)(?:收盘)?[，,]?"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence of an article taken apart, and what the article is about ("" where its title does not tell)."""

    article: Article
    sentence: Span
    clauses: list[Clause]
    subject: str


def question_from(frame: Frame, number: int, gap: Span, asks: str) -> str:
    """The question that clause `number` becomes with `asks` in its gap; "" where it would not stand alone."""
    clause = frame.clauses[number]
    body = clause.text[: gap[0]] + asks + clause.text[gap[1] :]
    body = _bare(body)
    if _SUBORDINATE.search(body) or _UNFINISHED.search(body):
        return ""
    for question in _framed(frame, number, body):
        question = finish(frame.article, question)
        if asks in question:
            return question
    return ""


def _bare(clause: str) -> str:
    without = re.sub(r"^[^，。]{0,24}[讯电]\s?[（(][^）)]*[）)]", "", clause)
    return _OPENING.sub("", re.sub(r"[（(][^）)]*[）)]", "", without).strip(MARKS + " ")).strip(MARKS + " ")


def _framed(frame: Frame, number: int, body: str) -> Iterator[str]:
    """`body` with what it may need before it: nothing, its subject, or the clause before."""
    time, rest = _time_first(body)
    place, _, told = rest.partition("，")
    own = Clause.of(told or rest, 0)
    if own.names_its_subject or rest.startswith("谁"):
        yield body if time else _time_of(frame, number) + body
        return
    time, rest = time or _time_of(frame, number), place + told
    previous = _opened(frame, number - 1) if number else ""
    before = Clause.of(previous, 0)
    plain = all(figure.kind == "date" for figure in stated_figures(previous))
    if before.names_its_subject and not _SUBORDINATE.search(previous) and not _UNFINISHED.search(previous):
        joined = re.search(r"[与和同跟]", before.subject) is not None  # 甲与乙合作: its subject may be cut short
        if _HANGING.search(body) or ((own.subject or joined) and plain):
            yield f"{time}{previous}，{body}"
    if _HANGING.search(body) or (not plain and not _has_verb(own)):
        return
    subject = "" if own.subject else _subject_before(frame, number)
    if subject and has_name(subject):
        yield f"{time}{subject}{rest}"
    elif frame.subject and not subject and not re.search(r"的[\u4e00-\u9fff]{1,4}$", previous):
        yield time + _named(rest, frame.subject, anyway=True)


def _has_verb(clause: Clause) -> bool:
    return any(flag == "v" and word not in _WITHOUT_ACTION for word, flag in clause.words)


def _opened(frame: Frame, number: int) -> str:
    """Clause `number` without connectives and time, with the article's name in place of 街道 or 全区."""
    return _named(_time_first(_bare(frame.clauses[number].text))[1], frame.subject)


def _subject_before(frame: Frame, number: int) -> str:
    """The subject of the nearest clause before `number` that has one, or ""."""
    for earlier in range(number - 1, -1, -1):
        opened = _opened(frame, earlier)
        subject = Clause.of(opened, 0).subject
        if subject and not _SUBORDINATE.search(opened):
            whole = opened[len(subject) :][:1] not in ("", *"、和与") and not _SPEAKS.match(opened, len(subject))
            return subject if whole else _CUT_SHORT
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
    if not anyway:
        return text
    return subject + (text[1:] if text[:1] == subject[-1] else text)  # 中原区 + 区财政


def finish(article: Article, question: str) -> str:
    """`question` with its mark and with years for 今年 and the like; "" where it leans on the text or is no length."""
    question = question.replace("我国", "中国").strip(MARKS + " ")
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
    if _GENERIC.match(question) or question[0] in "省市区县镇乡":
        return ""
    return question if has_name(question) or main_name(article) in question[:12] != "" else ""
