"""Figures and dates that can be asked for, and what is asked in their place.

Knows one clause at a time, and the article for what else it counts. A question asks for one figure only, so a figure
is left alone where the same is counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.text.figures import Figure, narrow, stated_figures
from qa.evaluation.drafting.clauses import EVENT, Clause

_UNIT = re.compile(
    r"\s?(?:人次|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|米|公斤|千克|吨|千瓦时|兆瓦|千瓦|公顷|亩|斤"
    r"|[美欧日港韩]?元(?:人民币)?|英镑|卢布|个百分点|个月|个?小时|分钟|天|年(?!代|级|度)|岁|倍"
    r"|[人名位家户件项条座所处场批份套间栋幢层部篇本册辆架艘只头棵株块枚张组种类款门次趟起例]|支(?!队(?!伍))|台(?![湾风北独])|个)"
)
_LOOSE = re.compile(r"(?:大约|约|(?<!最)近|逾|将近|接近)$")
_NOT_A_COUNT = re.compile(r"(?:第|[-—~～/.:：、·]|至|到|[a-zA-Z届等几数]|\d+[个名处条家座户])$")
_GOES_ON = re.compile(r"\s?[-—~～/:：]\s?\d|[至到]\s?\d")
_THING = frozenset({"n", "vn", "nz", "ns", "nt", "j", "l", "b", "an", "f", "i", "eng", "ng"})
_OF_TIME = re.compile(r"小时|天|年|个月|分钟|岁")

_EVENT_NEAR = re.compile(
    rf"(?:已|就|就已|已经|才|又|再次|正式|联合|首次|成功|共同|顺利|隆重)*(?:[在于与和向同由][^，。；]{{1,14}}?)?"
    rf"(?:正式|联合|首次|成功|共同|顺利|隆重|新增|动工)*(?:{EVENT})(?!的|宣布|时|[后前]?[，。]?$|典礼|仪式)[^，]"
    rf"|(?:已|正式|建成)*(?:投入使用|投用|通车|开业|开工|竣工|完工|揭牌|建成|成立|生效|上映|上线|开幕|落幕|闭幕|去世|逝世|出生|开馆|开园|上市)(?=[，。；]|$)"
)
_NOT_A_POINT = re.compile(r"[的以之前后至到起底初末上下中间来内度和与及、（(年月日\d\-—]|期间|版|春|夏|秋|冬|第")
_ANY_TIME = re.compile(r"(?:发布会|说明|通报|公告|消息|声明|会议|座谈会|公开信|举措|文书)$")  # what happens every week
_VAGUE = 12  # characters
_TIME_OF_DAY = re.compile(
    r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上?|晚间)?(?:\d{1,2}[时点](?:\d{1,2}分|半|许|整)?)?"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is taken out of a clause (offsets in it), what is put there, and where the answer stands."""

    kind: str
    start: int
    end: int
    asks: str
    answer: Span
    answers: tuple[str, ...]
    parts: tuple[str, ...] = ()
    whole: str = ""  # the question itself, where it is not the clause with its gap


def counts(clause: Clause, article: Article) -> Iterator[Gap]:
    text = narrow(clause.text)
    for figure in stated_figures(text):
        if figure.kind == "date" or _NOT_A_COUNT.search(text[: figure.start]) or _GOES_ON.match(text, figure.end):
            continue
        more = re.compile("[余多几]?").match(text, figure.end)
        end = more.end() if more and text[figure.start : figure.end][-1:] not in "余多" else figure.end
        unit = _UNIT.match(text, end)
        if figure.kind == "number" and (not unit or not _counts_something(text, figure, unit[0].strip())):
            continue
        if figure.kind == "percent" and (
            unit or "、" in clause.text or re.match(r"[的至到-]|区间|股", text[figure.end :])
        ):
            continue
        after = unit.end() if unit and figure.kind == "number" else figure.end
        if figure.kind == "number" and not _of_something(clause, figure.start, after, unit[0] if unit else ""):
            continue
        if not _stands_apart(article.text, clause.start + figure.start, clause.start + after, unit[0] if unit else ""):
            continue
        answer = clause.text[figure.start : after]
        answers = (answer, clause.text[figure.start : end]) if len(figure.value) > 2 and unit else (answer,)
        loose = _LOOSE.search(text[: figure.start])
        asks = "多少" + (unit[0].strip() if unit and figure.kind == "number" else "")
        begin = loose.start() if loose else figure.start
        yield Gap("how_many", begin, after, asks, (figure.start, after), answers)


def _of_something(clause: Clause, start: int, end: int, unit: str) -> bool:
    """Whether the clause says what is counted: a noun behind the figure, or one before it and its verb."""
    if ("、" in clause.text and len(stated_figures(clause.text)) > 1) or re.match(
        r"[/、\d]", narrow(clause.text[end:])
    ):
        return False
    before, after = clause.text[:start], narrow(clause.text[end:])
    verbless = not any(flag == "v" for _, flag in clause.words)
    if re.match(r"[\u4e00-\u9fff]{1,5}\d", after) or (after.startswith("的") and verbless):
        return False
    if (
        re.search(r"\d[^，]*等[^，]+$|\d(?![年月日万亿])[\u4e00-\u9fff]{1,4}$|\d[^，]*的$", narrow(before))
        and "元" not in unit
    ):
        return False  # 21个停放区979个泊位
    if "、" in clause.text[:start] and clause.flag_at(end) in _THING and _ends_with_noun(clause, start):
        return False  # 甲、乙、丙3个博士点
    if re.search(r"[街道区县市省村]是$", clause.text[:start]):
        return False
    if re.search(r"[元人吨米里]|次$|亩|月|分钟|时|天|年|岁|公顷|瓦", unit):
        return True
    behind = clause.flag_at(end)
    if behind in _THING or (behind in ("a", "nr", "v") and "的" in clause.text[end : end + 9]):
        return True
    before = re.sub(
        r"(?:[一总]?共|达到?|超过?|有|为|超|突破|累计|各|已|约|近|逾|不少于|至少)+$", "", clause.text[:start]
    )
    return _ends_with_noun(clause, len(before))


def _ends_with_noun(clause: Clause, end: int) -> bool:
    """Whether the last word within the first `end` characters is a noun, and no place."""
    offset, last = 0, ("", "")
    for word, flag in clause.words:
        offset += len(word)
        if offset > end:
            break
        last = (word, flag)
    return last[1] in ("n", "vn", "l", "an", "nz", "j") and not re.search(r"街道|[区市县]$", last[0])


def _counts_something(text: str, figure: Figure, unit: str) -> bool:
    """False for what only looks like a count: 一个, 24小时服务, spans of time, and figures inside quotation marks."""
    token = text[figure.start : figure.end]
    quoted = text[: figure.start].count("“") > text[: figure.start].count("”")
    small = token in "一两二三几百千万" or token in ("1", "24")
    span = _OF_TIME.fullmatch(unit) is not None
    lasts = re.search(r"(?:历时|为期|长达|达|持续|超过|[满近约])$", text[: figure.start]) is not None
    return not quoted and not small and "/" not in figure.value and (not span or lasts)


def times(clause: Clause) -> Iterator[Gap]:
    text = narrow(clause.text)
    dates = [figure for figure in stated_figures(text) if figure.kind == "date"]
    if len(dates) != 1:
        return
    date = dates[0]
    day = _TIME_OF_DAY.match(text, date.end)
    end = day.end() if day else date.end
    if re.search(r"(?:[从自到至前后截《“\-—、]|截至|截止|直到|《[^》]*|“[^”]*)$", text[: date.start]):
        return
    year, month, _ = date.value.split("-")
    if year == month == "?":
        return
    asks = "哪一年" if month == "?" else "什么时候"
    answer = (date.start, end)
    if date.start == 0:  # 2021年4月30日，甲公布乙 -> 甲什么时候公布乙
        yield from _after_subject(clause, end, asks, answer)
        return
    if not _EVENT_NEAR.match(clause.text, end) or _NOT_A_POINT.match(text, end) or not clause.names_before(date.start):
        return
    begin = date.start - len(re.search(r"[于在]?(?:今年|去年)?$", text[: date.start])[0])  # type: ignore[index]
    yield Gap("when", begin, end, asks, answer, ())


def _after_subject(clause: Clause, end: int, asks: str, answer: Span) -> Iterator[Gap]:
    """The date stands first: the question word goes behind the subject."""
    rest = clause.text[end:].lstrip("，, ")
    joined = Clause.of(rest, 0)
    subject = joined.subject
    if (
        _NOT_A_POINT.match(rest)
        or not subject
        or subject.count("“") != subject.count("”")
        or not joined.names_before(len(subject))
    ):
        return
    told = rest[len(subject) :]
    if _ANY_TIME.search(told.rstrip("，。；！：,;")) and len(told) <= _VAGUE:
        return
    if _EVENT_NEAR.match(told) and not re.match(r"[的、和与及]", told):
        told = re.sub(rf"({EVENT})了", r"\1", told, count=1).rstrip("，。；！：,;")
        yield Gap("when", 0, end, asks, answer, (), whole=f"{subject}{asks}{told}")


def _stands_apart(text: str, start: int, end: int, unit: str) -> bool:
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
