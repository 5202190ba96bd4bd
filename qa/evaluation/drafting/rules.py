"""Questions made by rules from the sentences of one article: the answer is taken out and asked for in its place.

Knows texts, their words and figures. Every rule would rather make nothing than a bad question: what is left must name
what it is about, must not lean on the text around it, and must have one answer in the article. Which articles are
read, and which drafts are kept, is the business of `drafts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.text.sentences import split_sentences
from corpus.text.tagging import PERSON
from qa.evaluation.drafting.clauses import EVENT, Clause, clauses_of, has_name, is_person, main_name
from qa.evaluation.drafting.frames import Frame, finish, question_from
from qa.evaluation.drafting.gaps import Gap, counts, times

_NOT_PLAIN = re.compile(
    r"[？?|\t]|…|我们?(?!国)|如果|假如|你|您|咱|同期|[今昨][日天]|当[日天月晚]|同日|(?:编辑|校对|来源|作者|摄影)[：:]"
    r"|[\u4e00-\u9fff]{2,4} 摄|电话|http|答[：:]|如图|点击"
)
SHORTEST, LONGEST = 12, 330  # characters of a sentence that is asked about


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


_CHIEFS = re.compile(
    r"(?:书记|[省市县区镇乡局厅部院校会行所馆社团]长|主任|董事长|总经理|总裁|首席执行官|主席|总统|总理|首相|发言人|主教练|秘书长|创始人)$"
)
_PLAYS = re.compile(r"(?:由|主讲人是|负责人[是为]|校长[是为]|授课的是|作者[是为]|导演[是为])$")
_DID = re.compile(
    rf"^[^，]{{0,14}}(?:{EVENT}|[夺获捐率]|出任|当选|执导|主演|主持|饰演|发明|设计|提出|带队|打破|完成|创作|演唱)"
)
_BEHIND_A_NAME = frozenset({"", "v", "vn", "vd", "p", "d", "ad", "t", "x", "c", "m"})  # else the name may go on
_NO_NAME_BEFORE = re.compile(r"[\u4e00-\u9fff]{0,4}·|[、和与及路街的]|等|精神|思想|同志|故居|老师|先生|女士|教授|主席")
_LEADS = re.compile(r"[\u4e00-\u9fff]{2,4}的")  # 由桑切斯领导的政党: the sentence is about something else
_SAYS = re.compile(r"表示|[介绍说]|认为|指出|告诉|强调|称|坦言|透露|直言|觉得|回忆|感慨|看到|提醒|回应|发文")

_PLACED = re.compile(
    r"(?P<before>位于|坐落于|坐落在|落户(?:在|于)?|(?<![存现正实内外旨意自潜])在)(?P<place>[\u4e00-\u9fff·“”A-Z0-9]{2,16}?)"
    r"(?=(?:正式|隆重|顺利|成功|联合|共同|首次|盛大|圆满|同步)?(?:举行|举办|召开|成立|开幕|启动|启用|发布|揭牌|去世|逝世|出生|开业|落成|发生|签署|挂牌|开赛|落幕|闭幕|上市|首映)(?!期间|时|以来)|，|。|$)"
)
_PLACE_END = re.compile(
    r"(?:[省市县区镇乡村州岛湾路街]|社区|街道|中心|广场|大厦|会堂|体育[馆场]|公园|大学|学院|医院|酒店|基地|小区|国|馆|园|镇|会展中心|门)$"
)

_NO_PLACE = re.compile(r"[的了是有和与]|全[市区省国县]|[多各]个?")

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
_WORK_VERB = re.compile(r"(?:了|执导|主演|导演|拍摄|观看|放映|出演|推出|创作|演唱|出版|撰写|上映|演出|改编成)的?$")
_COUNTER = {"歌曲": "首", "杂志": "本", "著作": "部", "专辑": "张"}

_ITEM = r"(?:“[^“”]{1,16}”|《[^《》]{1,24}》|[^，。；：、“”《》（）()！？等\s]{2,14})"
_LIST = re.compile(
    rf"(?<![和与])(?P<cue>包括了?|包含了?|涵盖了?|涉及了?|分为|分别[是为](?!由)|下辖|设有|[共含](?=“))"
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
        and not _NOT_PLAIN.search(sentence)
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


def _gaps(clause: Clause, article: Article) -> Iterator[Gap]:
    if not re.search(r"[（(]", clause.text):
        yield from counts(clause, article)
        yield from times(clause)
    yield from _people(clause)
    yield from _places(clause)
    yield from _names(clause)
    yield from _lists(clause)


def _people(clause: Clause) -> Iterator[Gap]:
    offset = 0
    for word, flag in clause.words:
        start, offset = offset, offset + len(word)
        if flag not in PERSON or not is_person(word):
            continue
        before, after = clause.text[:start], clause.text[offset:]
        if _NO_NAME_BEFORE.match(after) or before.endswith(("、", "和", "与", "·", "“")):
            continue
        role = re.search(r"[\u4e00-\u9fff]{4,24}$", before)
        whole = clause.flag_at(offset) in _BEHIND_A_NAME
        if role and whole and _CHIEFS.search(role[0]) and clause.is_noun(role.start(), start) and "副" not in role[0]:
            asked = re.sub(r"^.*(?:据|随着|对此|其中|时任|现任|日前)", "", role[0])
            yield Gap("who", 0, 0, "", (start, offset), (), whole=f"{asked}是谁")
        elif (_PLAYS.search(before) and not _LEADS.match(after)) or (
            not before and clause.flag_at(offset) in ("v", "p", "d") and _did_something(after)
        ):
            yield Gap("who", start, offset, "谁", (start, offset), ())


def _did_something(told: str) -> bool:
    """Whether `told`, which follows a person's name, is a deed that others know that person by."""
    return bool(_DID.search(told)) and not _SAYS.search(told[:12]) and has_name(told)


def _places(clause: Clause) -> Iterator[Gap]:
    for match in _PLACED.finditer(clause.text.rstrip("，。；！")):
        place = match["place"]
        told = any(flag == "v" for _, flag in Clause.of(clause.text[: match.start()], 0).words)
        if not told and re.match(r"[\u4e00-\u9fff]{2,4}的", clause.text[match.end() :]):
            continue  # 在香港上市的本地股: no statement
        known = _PLACE_END.search(place) or clause.flag_at(match.start("place")) == "ns"
        if match["before"] == "在" and clause.text[match.end() : match.end() + 1] in ("", *"，。；！"):
            continue
        if (
            known
            and clause.is_noun(*match.span("place"), named=False)
            and not re.search(r"[的了是有和与]|全[市区省国县]|[多各]个?", place)
        ):
            yield Gap("where", *match.span("place"), "哪里", match.span("place"), ())


def _names(clause: Clause) -> Iterator[Gap]:
    for match in _NAMED.finditer(clause.text):
        if match["cue"] == "以" and not re.match("为主题[^，。；]", clause.text[match.end() :]):
            continue
        yield Gap("which", *match.span("name"), "什么", match.span("name"), _bare(match["name"]))
    for match in _LABEL.finditer(clause.text):
        if _LABEL_VERB.search(clause.text[: match.start()]):
            end = match.end("name") + match["thing"].startswith("的")
            yield Gap("which", match.start("name"), end, "什么", match.span("name"), _bare(match["name"]))
    for match in _DOCUMENT.finditer(clause.text):
        asks = f"{match['verb']}了哪份文件"
        yield Gap("which", match.start(), match.end(), asks, match.span("name"), _bare(match["name"]))
    for match in _WORK.finditer(clause.text):
        if not _WORK_VERB.search(clause.text[: match.start()]):
            continue
        asks = f"哪{_COUNTER.get(match['thing'], '部')}{match['thing']}"
        if not clause.text.startswith(("、", "和"), match.end()) and clause.text[: match.start()][-1:] != "》":
            yield Gap("which", match.start(), match.end(), asks, match.span("name"), _bare(match["name"]))


def _bare(name: str) -> tuple[str, ...]:
    return name, name.strip("“”《》")


def _lists(clause: Clause) -> Iterator[Gap]:
    for match in _LIST.finditer(clause.text.rstrip("；！")):
        listed = re.sub(r"(?<=[\u4e00-\u9fff])[二三四五六七八九十\d]+[级类种项个大]$", "", match["items"])
        *items, last = listed.split("、")
        halves = _LAST.split(last, maxsplit=1) if "“" not in last else [last]
        parts = [part.strip("“”《》") for part in (*items, *halves)]
        if any(len(part) < 2 or re.search(r"\d|第|[的了]$", part) for part in parts) or len(parts) > 8:
            continue
        thing = re.sub(r"^(?:[一-十\d]+[个项家条种])", "", match["thing"] or "")
        asks = match["cue"] + "哪些" + thing
        yield Gap(
            "list",
            match.start(),
            match.end(),
            asks,
            (match.start("items"), match.start("items") + len(listed)),
            (),
            tuple(parts),
        )
