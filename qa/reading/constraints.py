"""What a question insists on, and whether the evidence can meet it: the year it names, the kind of thing it asks for.

Knows a question taken apart and texts. A second opinion beside the learned judge: it only ever speaks against an
answer, and only where the evidence speaks of something else outright.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Passage
from corpus.text.figures import find_figures, is_stated, narrow, stated_figures
from corpus.text.tagging import PERSON, tag
from qa.reading.features import Asked, plain_text

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[-/.]\d)")
_DAY = re.compile(r"哪一?天|几号|几月几[日号]|哪月哪日|具体日期")
_YEAR_ASKED = re.compile(r"哪一?年|何年(?!级)|几几年|什么年份")
_TELLS_YEAR = re.compile(r"\d{4}|年(?!轻|龄|级|纪|货|终|会|画|青|长|老|迈|少|幼|味)|世纪|[朝代]")
_TELEPHONE = re.compile(r"电话|手机号|热线|联系方式")
_PRICE = re.compile(r"多少钱|几[块元]|多少[万亿]?[余多]?元|多少(?:资金|经费|费用)")
_MONEY = re.compile(r"[\d一二三四五六七八九十百千万亿][余多几]?[万亿]*[余多]?(?:[美欧日港]?元|块)|人民币|[美港]币")
_ROLE = re.compile(r"书记|主任|[省市县区镇乡村局处科校院会组队社行店站]长|经理|教授|专家|教师|老师|医生|委员")
_WORDED = re.compile(r"[半两双]|[几数][十百千万亿个名]|[破过超达上近约逾][十百千万]*[百千万亿]")
_ORDINAL = re.compile(r"第[一二三四五六七八九十百\d]")
_ONE = re.compile(r"一(?:[年天日周]|个?(?:月|小时|星期|世纪))")
_HOW_LONG = re.compile(r"多久|多长时间|多少时间")
_SAID_ASKED = re.compile(r"(?:说|讲|表示|透露|回应|指出)[了过些]*(?:什么|啥)(?!时候|地方|样|是)[^，]{0,2}$")
_SAID = re.compile(r"[说称道讲谓]|表示|介绍|指出|认为|强调|透露|回应|坦言|回忆|感慨|[：:]")
# A slogan with a number in it (“一拆五改三增”): what it stands for is counted off, or said behind it.
_SLOGAN = re.compile(
    r"[“「](?P<name>[^”」]{0,12}[一二三四五六七八九十\d][^”」]{0,12})[”」][^，。“”]{0,2}"
    r"(?:是什么|指的?是?什么|的?(?:内容|含义|意思)|包括|是哪[几两二三四五六七八九十]|有哪些|分别)"
)
_SPELT_OUT = re.compile(r"、|一是|首先|其一|第一[，、]|(?:“[^”]+”[^“”，。]{0,12}，?){3}")
_HOLDER = re.compile(r"(?P<office>书记|主任|[省市县区镇乡村局处科校院]长)(?:是谁|叫什么|是哪位|姓什么)")
_WHO_IS = re.compile(r"是谁|谁是|名字")
_PERSON_END = "者长督理相王帝君后人员家师官兵主侯爵妃父母妻夫"
WORDED_TIME = re.compile(
    r"[年月][底末初内中间]|[上中下]旬|[上下]半年|[今去明前后]年|[昨今明][天日晚]|周[一二三四五六日末]|星期|世纪|年代|[春夏秋冬][天季]"
    r"|[早晚同时]期|(?<![以今然最之背])后|[每当]时|[朝夜晨晚]"
)
_NAME = re.compile(r"谁|叫什么名字|哪位|何人")


def is_met(asked: Asked, texts: Sequence[str], passages: Sequence[Passage]) -> bool:
    """Whether `texts`, taken from `passages`, can answer `asked` as far as its outer demands go."""
    return bool(texts) and _right_year(asked.text, passages) and _right_kind(asked, texts)


def _right_year(question: str, passages: Sequence[Passage]) -> bool:
    """False where the question names a year, and every passage names years, but never that one."""
    years = set(_YEAR.findall(narrow(question)))
    if not years:
        return True
    told = [set(_YEAR.findall(narrow(f"{p.title}\n{p.published[:4]}年\n{p.text}"))) for p in passages]
    return any(not known or years & known for known in told)


def _right_kind(asked: Asked, texts: Sequence[str]) -> bool:
    """False where a figure, a day, a telephone, a person or a saying is asked for, and no text has one of its own."""
    figures = [figure for text in texts for figure in find_figures(text) if not is_stated(figure, asked.figures)]
    if _TELEPHONE.search(asked.text) and asked.kind in ("how_many", "other"):
        return any(re.search(r"\d{5}|\d{3,4}-\d{3}", narrow(text)) for text in texts)
    if not any(spells_out(asked, text) for text in texts):
        return False
    if _SAID_ASKED.search(asked.text):
        return any(_SAID.search(text) and all(name in plain_text(text) for name in asked.names) for text in texts)
    if _PRICE.search(asked.text):
        return any(_MONEY.search(narrow(text)) for text in texts)
    if asked.kind == "how_many":
        return any(has_number(asked, text) for text in texts)
    if _YEAR_ASKED.search(asked.text) and not any(_TELLS_YEAR.search(narrow(text)) for text in texts):
        return False
    if _DAY.search(asked.text):
        return any(figure.kind == "date" and not figure.value.endswith("?") for figure in figures)
    if (holder := _HOLDER.search(asked.text)) and not any(holder["office"] in text for text in texts):
        return False
    if asked.kind == "who" and _NAME.search(asked.text):
        return any(_names_somebody(text, asked.text) for text in texts)
    return True


def spells_out(asked: Asked, text: str) -> bool:
    """False where it is asked what a slogan stands for, and `text` counts nothing off and says nothing behind it."""
    slogan = _SLOGAN.search(asked.text)
    if not slogan or _SPELT_OUT.search(text):
        return True
    return re.search(rf"{re.escape(slogan['name'])}[”」]?[^，。；]{{0,4}}(?:[是即指为：（]|，即)", text) is not None


def has_number(asked: Asked, text: str) -> bool:
    """False where a number is asked for, and `text` states none but those of the question, not even in words."""
    if asked.kind != "how_many" or "哪几" in asked.text or _WORDED.search(text):  # 哪几个 asks which ones
        return True
    if "第几" in asked.text and _ORDINAL.search(text):
        return True
    if (asked.measure and f"一{asked.measure}" in text) or (_HOW_LONG.search(asked.text) and _ONE.search(text)):
        return True
    return any(figure.kind != "date" and not is_stated(figure, asked.figures) for figure in stated_figures(text))


def has_time(asked: Asked, text: str) -> bool:
    """False where a time is asked for, and `text` tells none but that of the question."""
    if asked.kind != "when" or WORDED_TIME.search(text):
        return True
    return any(figure.kind == "date" and not is_stated(figure, asked.figures) for figure in find_figures(text))


def _names_somebody(text: str, question: str) -> bool:
    people = [word for word, flag in tag(text) if flag in PERSON or flag in ("nt", "nz", "ns")]
    # Who did it may be told by office (由区委书记担任, 由总督委任), but not what somebody is called.
    roles = [] if "名字" in question else _ROLE.findall(text)
    if not _WHO_IS.search(question):
        roles += [word for word, flag in tag(text) if flag[0] == "n" and len(word) > 1 and word[-1] in _PERSON_END]
    named = any(name not in question for name in [*people, *roles])
    return named or re.search(r"[·A-Za-z《“]", text) is not None
