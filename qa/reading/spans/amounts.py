"""Which figure answers how many, by rules: its measure, what it counts, how near it stands to the words asked about.

Knows a question and texts. Trees choose the borders of a span well, rules the right one of many figures in a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from corpus.article import Span
from corpus.text.figures import is_stated, stated_figures
from corpus.text.tagging import tag
from corpus.text.terms import normalise
from qa.reading.features import Asked

_MEASURE = (
    "平方[公千]?米|立方米|公里|千米|毫米|厘米|分钟|小时|个多?月|人次|[美欧日港]元"
    "|[个名位人次户家件项条座所处场批份套台只间栋幢层部支篇本册辆吨里米亩公元岁年月日天时分秒级成倍届期例种门对队起片块棵株头艘架道张斤克度字]"
)
_UNIT = re.compile(rf"\s?[余多]?[万亿]*(?:{_MEASURE})?[余多]?")
_NAME_END = re.compile(r"\s?(?:号(?!人)|周年|[“”\"'+＋]|中学|小学|路|楼)")  # 2号院, 98周年, 1360”: names, not amounts
_BEGUN = re.compile(r"(?:由|从)[^，。；！？]{0,14}$")  # 由7个发展到74个: the first is what was
_ENDED = re.compile(r"[^。；！？]{0,8}(?:到|至|为)")
_ASKS_BEGIN = re.compile(r"原来|原先|原有|最初|之初|当初|起初|成立[的之]?[时初]|以前|之前|过去")
_COUNTED = re.compile(r"(?:多少|几)余?(?P<rest>[一-鿿]+)")
_HOW = re.compile(r"多([大高长远久重宽深])")
_LENGTH = r"(?:米|公里|里)$"
_MEASURED = dict.fromkeys("高远宽深", _LENGTH) | {
    "长": rf"{_LENGTH}|(?:年|月|天|日|小时|分钟?)$",
    "久": r"(?:年|月|天|日|小时|分钟?|秒)$",
    "重": r"(?:吨|克|斤)$",
    "大": r"(?:米|公里|亩|岁|克|吨)$",
}
_ASKING = re.compile(r"(?:多少|几)余?")
_NUMBER = re.compile(r"[\d.,，零一二两三四五六七八九十百千万亿]+[余多]?")
_VERB = re.compile(r"(?P<verb>[一-鿿]{2})[了过]?(?:多少|几)")
_BORDER = re.compile(r"[，。；！？、（）]")
_SUM = re.compile(r"(?:共计?|总计|合计|总共)[有达为]?$")
_NEAR = 30  # characters between a figure and the word for what it counts


def amounts_asked_for(asked: Asked, texts: Sequence[str]) -> list[tuple[int, Span]]:
    """The text and the place in it of the figure that plainly answers; of several as plain ones each, else none."""
    if asked.kind != "how_many" or "哪几" in asked.text:  # asks which ones, not how many
        return []
    amounts = [_amounts(asked, text) for text in texts]
    led = _led(asked, texts, amounts)
    if len(led) == 1:
        return led
    found = [
        (gap, number, span)
        for number, text in enumerate(texts)
        for gap, span in _counting(asked, text, amounts[number])
    ]
    least = min((gap for gap, _, _ in found), default=0)
    plainest = [(number, span) for gap, number, span in found if gap == least]
    told = [
        (_heads(asked, texts[number][span[1] :]), *_told_before(asked, texts[number], span[0]))
        for number, span in plainest
    ]
    return [place for place, worth in zip(plainest, told, strict=True) if worth == max(told)]


def _led(asked: Asked, texts: Sequence[str], amounts: Sequence[list[Span]]) -> list[tuple[int, Span]]:
    """The figures that the two characters before 几 or 多少 (新建了几个农贸市场) lead, and whose noun is told later for
    several (新建6个、提升改造4个农贸市场)."""
    match = _VERB.search(asked.text)
    if not match:
        return []
    before = re.compile(rf"{match['verb']}[了过]?(?:约|近|超过?|达)?$")
    return [
        (number, (start, end))
        for number, text in enumerate(texts)
        for start, end in amounts[number]
        if text[end : end + 1] in ("、", "，", "和", "与") and before.search(text[:start])
    ]


def _told_before(asked: Asked, text: str, start: int) -> tuple[bool, float]:
    """Whether a figure is called a sum (共计3210个), and what the words of the question weigh that stand before it in
    its clause (年底前再完成115条)."""
    clause = _BORDER.split(text[:start])[-1]
    weight = sum(weight for term, weight in asked.weights.items() if term in clause)
    return _SUM.search(clause) is not None, weight


def _heads(asked: Asked, behind: str) -> bool:
    """Whether what is counted is not only what tells which (11个街道党群服务中心) in the words `behind` a figure."""
    noun = next((noun for noun in counted_in(asked) if behind.startswith(noun)), "")
    return not noun or [flag[0] for _, flag in tag(behind[len(noun) : len(noun) + 6])][:1] != ["n"]


def _amounts(asked: Asked, text: str) -> list[Span]:
    """Figures with their measures that may be the answer; those with the measure asked for where there are any."""
    spans = []
    for figure in stated_figures(text):
        named = text[: figure.start].endswith("第") or _NAME_END.match(text, figure.end)
        if figure.kind == "date" or named or is_stated(figure, asked.figures):
            continue
        tail = _UNIT.match(text, figure.end)
        spans.append((figure.start, tail.end() if tail else figure.end))
    if not _ASKS_BEGIN.search(asked.text):
        spans = [span for span in spans if not (_BEGUN.search(text[: span[0]]) and _ENDED.match(text, span[1]))]
    if not asked.measure:
        return spans
    worded = [match.span() for match in re.finditer(rf"(?<!第)[一两]{asked.measure}", text)]  # no figures elsewhere
    return [(s, e) for s, e in spans if asked.measure in text[s:e]] or worded or spans


def _counting(asked: Asked, text: str, spans: list[Span]) -> list[tuple[int, Span]]:
    """The spans nearest to the word for what is counted (多少名党员: 党员); none where the text does not have it."""
    if how := _HOW.search(asked.text):
        spans = [(start, end) for start, end in spans if re.search(_MEASURED[how[1]], text[start:end])]
    nouns = counted_in(asked)
    if not nouns:
        return _nearest(asked, text, spans)
    noun = next((noun for noun in nouns if noun in text), "")
    places = [m.span() for m in re.finditer(re.escape(noun), text)] if noun else []
    near = [
        (_gap(text, span, place), -_goes_on_alike(asked, text, span), span, place) for span in spans for place in places
    ]
    if near and len(spans) == 1 and asked.measure and asked.measure in text[slice(*spans[0])]:
        return [(min(near)[0], spans[0])]
    gap, alike, best, place = min(near, default=(_NEAR, 0, (0, 0), (0, 0)))
    fits = asked.measure or place[0] >= best[1] or not _counts(text, best)
    if gap >= _NEAR or not fits:
        return []
    return [(gap, span) for span in spans if any(one[:3] == (gap, alike, span) for one in near)]


def counted_in(asked: Asked) -> tuple[str, ...]:
    """The nouns after 多少 or 几 and its measure, first all of them as one word, then the last; empty where none."""
    match = _COUNTED.search(normalise(asked.text))
    nouns: list[str] = []
    named = False
    for word, flag in tag(match["rest"].removeprefix(asked.measure)) if match else []:
        if flag[0] not in "njbl" and not (flag[0] == "v" and not nouns):
            break
        nouns.append(word)
        named = named or flag[0] != "v"
    # 多少户回迁 counts what its measure says.
    words = ("".join(nouns), *nouns[-1:]) if named else ()
    return tuple(word for word in dict.fromkeys(words) if len(word) > 1)


def _gap(text: str, span: Span, place: Span) -> int:
    """Characters between a figure and the word for what is counted, more where a mark stands between them."""
    between = text[span[1] : place[0]] if place[0] >= span[1] else text[place[1] : span[0]]
    return len(between) + _NEAR // 3 * len(_BORDER.findall(between))


def _goes_on_alike(asked: Asked, text: str, span: Span) -> int:
    """How many characters behind a figure are those behind 多少 or 几.

    100个社区里，有30个社区的房子 asked for 多少个社区的房子: more behind 30.
    """
    asking, number = _ASKING.search(asked.text), _NUMBER.match(text, span[0])
    if not asking or not number:
        return 0
    pairs = zip(asked.text[asking.end() :], text[number.end() :], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _counts(text: str, span: Span) -> bool:
    """Whether a noun follows the figure directly, which is then what it counts (4个层级)."""
    return any(flag[0] == "n" for _, flag in tag(text[span[1] : span[1] + 4])[:1])


def _nearest(asked: Asked, text: str, spans: list[Span]) -> list[tuple[int, Span]]:
    """The span nearest to the words that the question asks about; none where there is nothing to choose by."""
    places = [m.span() for word in asked.focus if len(word) > 1 for m in re.finditer(re.escape(word), text)]
    if not places:
        return [(_NEAR, spans[0])] if len(spans) == 1 else []
    gaps = [(min(_gap(text, span, place) for place in places), span) for span in spans]
    return [min(gaps)] if gaps else []
