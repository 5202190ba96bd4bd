"""Questions made by rules from the sentences of one article: the answer is taken out and asked for in its place.

Knows texts, their words and figures. Every rule would rather make nothing than a bad question: what is left must name
what it is about, must not lean on the text around it, and must have one answer in the article. Which articles are
read, and which drafts are kept, is the business of `qa.question_making`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.sentences import split_sentences
from qa.figures import Figure, narrow, stated_figures
from qa.question_frames import (
    Clause,
    Frame,
    clauses_of,
    figures_apart,
    finish,
    has_name,
    is_person,
    main_name,
    question_from,
)
from qa.tagging import PERSON

SHORTEST, LONGEST = 12, 220  # characters of a sentence that is asked about


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and its answer at `text[start:end]` of the article; `parts` are the members of a list.

    `sentence` is the span of the sentence that answers. `answers` are ways to say the same, the literal one first.
    """

    question: str
    kind: str
    start: int
    end: int
    sentence: Span
    answers: tuple[str, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is taken out of a clause (offsets in it), what is put there, and where the answer stands."""

    kind: str
    start: int
    end: int
    asks: str
    answer: Span
    answers: tuple[str, ...]
    parts: tuple[str, ...] = ()
    whole: str = ""  # the question itself, where it is not the clause with its gap


_UNIT = re.compile(
    r"\s?(?:人次|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|米|公斤|千克|吨|千瓦时|兆瓦|千瓦|公顷|亩|斤"
    r"|[美欧日港韩]?元(?:人民币)?|英镑|卢布|个百分点|个月|个?小时|分钟|天|年(?!代|级|度)|岁|倍"
    r"|[人名位家户件项条座所处场批份套间栋幢层部篇本册辆架艘只头棵株块枚张支组种类款门次趟起例]|台(?![湾风北独])|个)"
)
_LOOSE = re.compile(r"(?:大约|约|近|逾|将近|接近)$")
_NOT_A_COUNT = re.compile(r"(?:第|[-—~～/.:：、·]|至|到|[a-zA-Z届等]|\d+[个名处条家座户])$")
_GOES_ON = re.compile(r"\s?[-—~～/:：]\s?\d|[至到]\s?\d")
_THING = frozenset({"n", "vn", "nz", "ns", "nt", "j", "l", "b", "an", "f", "i", "eng", "ng"})
_OF_TIME = re.compile(r"小时|天|年|个月|分钟|岁")

_EVENT = (
    "成立|公布|发布|举行|召开|开幕|启动|举办|印发|投入使用|投用|通车|开业|开工|竣工|完工|揭牌|签署|上市|出生|去世|逝世|当选|宣布"
    "|入选|荣?获|建成|开通|实施|施行|生效|发生|上映|上线|开播|加入|抵达|进入|辞职|担任|推出|发射|创办|创立|设立|建立|落户|挂牌"
    "|开放|开馆|开园|开赛|落幕|闭幕|登陆|运营|投产|下线|开售|发行|出版|开展|组建"
)
_EVENT_NEAR = re.compile(
    rf"(?:已|就|就已|已经|才|又|再次|正式|联合|首次|成功|共同|顺利|隆重)*(?:[在于与和向同由][^，。；]{{1,14}}?)?"
    rf"(?:正式|联合|首次|成功|共同|顺利|隆重|新增|动工)*(?:{_EVENT})(?!的|宣布|时|[后前]?[，。]?$|典礼|仪式)[^，]"
    rf"|(?:已|正式|建成)*(?:投入使用|投用|通车|开业|开工|竣工|完工|揭牌|建成|成立|生效|上映|上线|开幕|落幕|闭幕|去世|逝世|出生|开馆|开园|上市)(?=[，。；]|$)"
)
_NOT_A_POINT = re.compile(r"[的以之前后至到起底初末上下中间来内度和与及、（(年月日\d\-—]|期间|版|春|夏|秋|冬|第")
_TIME_OF_DAY = re.compile(
    r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上?|晚间)?(?:\d{1,2}[时点](?:\d{1,2}分|半|许|整)?)?"
)

_CHIEFS = re.compile(
    r"(?:书记|[省市县区镇乡局厅部院校会行所馆社团]长|主任|董事长|总经理|总裁|首席执行官|主席|总统|总理|首相|发言人|主教练|秘书长|创始人)$"
)
_PLAYS = re.compile(r"(?:由|主讲人是|负责人[是为]|校长[是为]|授课的是|作者[是为]|导演[是为])$")
_DID = re.compile(
    rf"^[^，]{{0,14}}(?:{_EVENT}|[夺获捐率]|出任|当选|执导|主演|主持|饰演|发明|设计|提出|带队|打破|完成|创作|演唱)"
)
_SAYS = re.compile(r"表示|[介绍说]|认为|指出|告诉|强调|称|坦言|透露|直言|觉得|回忆|感慨|看到|提醒|回应|发文")

_PLACED = re.compile(
    r"(?P<before>位于|坐落于|坐落在|落户(?:在|于)?|(?<![存现正实内外旨意自潜])在)(?P<place>[\u4e00-\u9fff·“”A-Z0-9]{2,16}?)"
    r"(?=(?:正式|隆重|顺利|成功|联合|共同|首次|盛大|圆满|同步)?(?:举行|举办|召开|成立|开幕|启动|启用|发布|揭牌|去世|逝世|出生|开业|落成|发生|签署|挂牌|开赛|落幕|闭幕|上市|首映)|，|。|$)"
)
_PLACE_END = re.compile(
    r"(?:[省市县区镇乡村州岛湾路街]|社区|街道|中心|广场|大厦|会堂|体育[馆场]|公园|大学|学院|医院|酒店|基地|小区|国|馆|园|镇|会展中心|门)$"
)

_NAMED = re.compile(
    r"(?P<cue>名为|名叫|取名为?|命名为|叫作|叫做|称为|题为|主题[为是]|以)(?P<name>[“《][^“”《》]{2,20}[”》])"
)
_LABEL = re.compile(
    r"(?P<name>“[^“”]{3,18}”)(?P<thing>(?:[\u4e00-\u9fff]{0,4}?)(?:活动|比赛|大赛|系统|平台|计划|工程|行动|模式|工作法|政策|机制|品牌"
    r"|小程序|栏目|讲座|论坛|课堂|展览|称号|战略|项目|服务队|工作室|奖))"
)
_LABEL_VERB = re.compile(
    r"(?:开展|举办|举行|推出|启动|实施|打造|建立|组织|推行|开设|创建|成立|获得|荣获|获评|授予|发起|探索|构建|搭建|形成|研发|开发|上线|创新)了?(?:一[个场项种款套次])?$"
)
_DOCUMENT = re.compile(
    r"(?P<verb>印发|发布|出台|通过|签署|公布|制定|下发|颁布|编制|起草)了?(?P<name>《[^《》]{4,40}》)(?=[，。；]|$)"
)
_WORK = re.compile(
    r"(?P<thing>电影|小说|纪录片|电视剧|话剧|歌曲|影片|豫剧|京剧|杂志|著作|动画片|专辑|剧集)(?P<name>《[^《》]{1,20}》)"
)
_COUNTER = {"歌曲": "首", "杂志": "本", "著作": "部", "专辑": "张"}

_ITEM = r"(?:“[^“”]{1,16}”|《[^《》]{1,24}》|[^，。；：、“”《》（）()！？等\s]{2,14})"
_LIST = re.compile(
    rf"(?P<cue>包括了?|包含了?|涵盖了?|涉及了?|分为|分别[是为](?!由)|下辖|设有|[共含](?=“))"
    rf"(?P<items>{_ITEM}(?:、{_ITEM})+(?:(?:以及|[和与及]){_ITEM})?)(?P<end>等(?P<thing>[^，。；：、“”]{{0,12}})|(?=[，。；]|$))"
)
_LAST = re.compile(r"(?:以及|[和与及])(?=[^和与及]{2,}$)")


def drafts_of(article: Article) -> list[Draft]:
    """All questions that the rules make of `article`, in its order. No two have the same question or answer span."""
    subject = main_name(article)
    found: dict[str, Draft] = {}
    taken: set[tuple[int, int, str]] = set()
    for sentence in split_sentences(article.text):
        if not _is_plain(article.text[slice(*sentence)]):
            continue
        for draft in _of_sentence(article, sentence, subject):
            place = (draft.start, draft.end, draft.kind)
            if draft.question not in found and place not in taken:
                taken.add(place)
                found[draft.question] = draft
    return list(found.values())


def _is_plain(sentence: str) -> bool:
    """Whether it is a whole statement: no heading, no question, nobody's speech, no half of a quotation."""
    balanced = all(sentence.count(a) == sentence.count(b) for a, b in ("“”", "《》", "（）", "()", "【】"))
    return (
        SHORTEST <= len(sentence) <= LONGEST
        and balanced
        and sentence[-1] in "。；;"
        and sentence[0] not in "“"
        and not re.search(
            r"[？?|\t]|…|我们?(?!国)|你|您|咱|同期|[今昨][日天]|当[日天月晚]|同日|责任?编辑?[：:]|电话|http|答[：:]|如图|点击",
            sentence,
        )
    )


def _of_sentence(article: Article, sentence: Span, subject: str) -> Iterator[Draft]:
    clauses = clauses_of(article.text, sentence)
    frame = Frame(article, sentence, clauses, subject)
    for number, clause in enumerate(clauses):
        following = clauses[number + 1].text if number + 1 < len(clauses) else ""
        for gap in _gaps(clause, article):
            if gap.kind == "list" and following.startswith(("以及", "还有", "和", "也")):
                continue
            start, end = (clause.start + offset for offset in gap.answer)
            answer = article.text[start:end]
            if article.text[slice(*sentence)].count(answer) != 1:
                continue
            if gap.whole:
                question = finish(article, gap.whole)
            else:
                question = question_from(frame, number, (gap.start, gap.end), gap.asks)
            said = answer.strip("“”《》")
            if not question or said in question or any(part in question for part in gap.parts):
                continue
            yield Draft(question, gap.kind, start, end, sentence, gap.answers or (answer,), gap.parts)


def _gaps(clause: Clause, article: Article) -> Iterator[_Gap]:
    if not re.search(r"[（(]", clause.text):
        yield from _counts(clause, article)
        yield from _times(clause)
    yield from _people(clause)
    yield from _places(clause)
    yield from _names(clause)
    yield from _lists(clause)


def _counts(clause: Clause, article: Article) -> Iterator[_Gap]:
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
        if not figures_apart(article.text, clause.start + figure.start, clause.start + after, unit[0] if unit else ""):
            continue
        answer = clause.text[figure.start : after]
        answers = (answer, clause.text[figure.start : end]) if len(figure.value) > 2 and unit else (answer,)
        loose = _LOOSE.search(text[: figure.start])
        asks = "多少" + (unit[0].strip() if unit and figure.kind == "number" else "")
        begin = loose.start() if loose else figure.start
        yield _Gap("how_many", begin, after, asks, (figure.start, after), answers)


def _of_something(clause: Clause, start: int, end: int, unit: str) -> bool:
    """Whether the clause says what is counted: a noun behind the figure, or one before it and its verb."""
    if ("、" in clause.text and len(stated_figures(clause.text)) > 1) or clause.text[end : end + 1] in ("/", "、"):
        return False
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


def _times(clause: Clause) -> Iterator[_Gap]:
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
    if _NOT_A_POINT.match(text, end) or not _EVENT_NEAR.match(text, end) or not clause.names_before(date.start):
        return
    begin = date.start - (text[: date.start].endswith(("于", "在")))
    yield _Gap("when", begin, end, asks, answer, ())


def _after_subject(clause: Clause, end: int, asks: str, answer: Span) -> Iterator[_Gap]:
    """The date stands first: the question word goes behind the subject."""
    rest = clause.text[end:].lstrip("，, ")
    joined = Clause.of(rest, 0)
    subject = joined.subject
    if _NOT_A_POINT.match(rest) or not subject or not joined.names_before(len(subject)):
        return
    told = rest[len(subject) :]
    if _EVENT_NEAR.match(told) and not re.match(r"[的、和与及]", told):
        told = re.sub(rf"({_EVENT})了", r"\1", told, count=1).rstrip("，。；！：,;")
        yield _Gap("when", 0, end, asks, answer, (), whole=f"{subject}{asks}{told}")


def _people(clause: Clause) -> Iterator[_Gap]:
    offset = 0
    for word, flag in clause.words:
        start, offset = offset, offset + len(word)
        if flag not in PERSON or not is_person(word):
            continue
        before, after = clause.text[:start], clause.text[offset:]
        if re.match(r"[、和与及·路街]|等|精神|思想|同志|故居", after) or before.endswith(("、", "和", "与", "·", "“")):
            continue
        role = re.search(r"[\u4e00-\u9fff]{4,24}$", before)
        if role and _CHIEFS.search(role[0]) and clause.is_noun(role.start(), start) and "副" not in role[0]:
            asked = re.sub(r"^.*(?:据|随着|对此|其中|时任|现任|日前)", "", role[0])
            yield _Gap("who", 0, 0, "", (start, offset), (), whole=f"{asked}是谁")
        elif _PLAYS.search(before) or (not before and _did_something(after)):
            yield _Gap("who", start, offset, "谁", (start, offset), ())


def _did_something(told: str) -> bool:
    """Whether `told`, which follows a person's name, is a deed that others know that person by."""
    return bool(_DID.search(told)) and not _SAYS.search(told[:12]) and has_name(told)


def _places(clause: Clause) -> Iterator[_Gap]:
    for match in _PLACED.finditer(clause.text.rstrip("，。；！")):
        place = match["place"]
        known = _PLACE_END.search(place) or clause.flag_at(match.start("place")) == "ns"
        if match["before"] == "在" and clause.text[match.end() : match.end() + 1] in ("", *"，。；！"):
            continue
        if known and not re.search(r"[的了是有和与]|全[市区省国县]|[多各]个?", place):
            yield _Gap("where", *match.span("place"), "哪里", match.span("place"), ())


def _names(clause: Clause) -> Iterator[_Gap]:
    for match in _NAMED.finditer(clause.text):
        if match["cue"] == "以" and not clause.text.startswith("为主题", match.end()):
            continue
        yield _Gap("which", *match.span("name"), "什么", match.span("name"), _bare(match["name"]))
    for match in _LABEL.finditer(clause.text):
        if _LABEL_VERB.search(clause.text[: match.start()]):
            yield _Gap("which", *match.span("name"), "什么", match.span("name"), _bare(match["name"]))
    for match in _DOCUMENT.finditer(clause.text):
        asks = f"{match['verb']}了哪份文件"
        yield _Gap("which", match.start(), match.end(), asks, match.span("name"), _bare(match["name"]))
    for match in _WORK.finditer(clause.text):
        asks = f"哪{_COUNTER.get(match['thing'], '部')}{match['thing']}"
        if not clause.text.startswith(("、", "和"), match.end()) and clause.text[: match.start()][-1:] != "》":
            yield _Gap("which", match.start(), match.end(), asks, match.span("name"), _bare(match["name"]))


def _bare(name: str) -> tuple[str, ...]:
    return name, name.strip("“”《》")


def _lists(clause: Clause) -> Iterator[_Gap]:
    for match in _LIST.finditer(clause.text.rstrip("；！")):
        listed = re.sub(r"(?<=[\u4e00-\u9fff])[二三四五六七八九十\d]+[级类种项个大]$", "", match["items"])
        *items, last = listed.split("、")
        halves = _LAST.split(last, maxsplit=1) if "“" not in last else [last]
        parts = [part.strip("“”《》") for part in (*items, *halves)]
        if any(len(part) < 2 or re.search(r"\d|[的了]$", part) for part in parts) or len(parts) > 8:
            continue
        thing = re.sub(r"^(?:[一-十\d]+[个项家条种])", "", match["thing"] or "")
        asks = match["cue"] + "哪些" + thing
        yield _Gap(
            "list",
            match.start(),
            match.end(),
            asks,
            (match.start("items"), match.start("items") + len(listed)),
            (),
            tuple(parts),
        )
