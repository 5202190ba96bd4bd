"""Sentences with marks become claims with citations: what each rests on, and what exactly supports it.

Knows the passages that the numbers stand for. `qa/checking/marks.py` reads the marks, `qa/checking/verification.py`
checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from corpus.article import Passage, Span
from corpus.text.terms import squeeze
from qa.answer import Citation, Claim
from qa.checking.marks import Marked, parse_marks
from qa.checking.verification import find_missing, find_problem, shared_words, source_of, supporting_span

_NEVER_CLOSED = re.compile(r"\s*[\[［【][\d\s,，、^\-–—]*$")
_ATTRIBUTED = 0.75  # share of its words that a passage must have to be named for a sentence that names none
_NEARBY = 0.6  # the same where a sentence beside it names the passage
_STOPPED = re.compile(r"[。！？!?；;…][”’」』）)》]*$")
# That the passages do not tell something: no passage can be the source of that.
_NOT_TOLD = re.compile(
    r"(?:(?:但是?|不过|然而|而|另外|此外|其中|至于|关于|对于|有关|[，,：:\s])*"
    r"(?:[^。！？；\n]{0,60}(?:数[量目据字]?|情况|信息|内容|问题|时间|日期|原因|名[称字单]|金额|地[点址]|细节|做法|结果|答案)[，,]?)?)"
    r"(?:(?:根据|从|在|以上|上述|所?给|给出|所?提供|给定|现有|已有|该|这些?|所有|全部|的|各)*"
    r"(?:资料|文章|材料|文本|段落|原文|文[中里]|文档|上下文|[和与及、])+(?:[里中内上]面?)?)"
    r"(?:都|均|并|也|还|却|暂|目前|当前|[，,])*(?:没有?|未能?|无法?|不曾)(?:明确|直接|具体|详细|进一步|单独|专门)?地?"
    r"(?:提[到及供]|说明?|写明?|记载|涉及|给出|介绍|包[含括]|披露|显示|找到|交代|指出|列出|公布|相关|有关|关于|任何)"
    r"[^，,；;：:。！？\n]{0,40}[。！!\s）)]*"
)
RawSpans = Callable[[Passage, int, int], tuple[Span, ...]]


def cite(
    written: str, passages: Sequence[Passage], raw_spans: RawSpans, *, remove: bool = False
) -> tuple[str, tuple[Claim, ...], tuple[Citation, ...]]:
    """The text to show, its claims, and its citations numbered in order of appearance.

    `passages` are numbered from 1 in `written`. A number marks one quote: two sentences that rest on different
    sentences of one passage get two numbers. A sentence is cited for those of its passages that support it alone, or
    for all where only all of them do. Where it names none, or none that says it, it is given to the passage that has
    nearly all of its words and passes the check. A claim whose check fails keeps no marks; with `remove` it is left
    out. Headings and words that announce a list are shown, but claim nothing. `raw_spans` gives the places of
    `passage.text[start:end]` in the file.
    """
    parsed = parse_marks(_NEVER_CLOSED.sub("", written), [passage.text for passage in passages])
    text, waiting, claims = "", "", list[Claim]()
    citations: dict[tuple[str, int, int], Citation] = {}
    for place, marked in enumerate(parsed):
        near = _named(_beside(parsed, place), passages)
        sources, problem = _rests_on(marked, near, passages)
        if problem and _claims_nothing(marked, parsed[place + 1 :], near):
            waiting += marked.before + marked.text
            continue
        if problem and remove:
            continue
        numbers = () if problem else _numbered(marked.text, sources, citations, raw_spans)
        text = (text + waiting + marked.before).lstrip()
        start, waiting = len(text), ""
        text += marked.text + "".join(f"[{number}]" for number in numbers)
        claims.append(Claim(marked.text, start, len(text), numbers, not problem, problem))
    return text + ("" if remove else waiting), tuple(claims), tuple(citations.values())


def _named(numbers: Iterable[int], passages: Sequence[Passage]) -> list[Passage]:
    return [passages[number - 1] for number in dict.fromkeys(numbers) if 0 < number <= len(passages)]


def _beside(parsed: Sequence[Marked], place: int) -> list[int]:
    """The numbers of the next sentence that has any, then those of the last one before."""
    after = next((marked.numbers for marked in parsed[place + 1 :] if marked.numbers), ())
    before = next((marked.numbers for marked in reversed(parsed[:place]) if marked.numbers), ())
    return [*after, *before]


def _rests_on(marked: Marked, near: Sequence[Passage], passages: Sequence[Passage]) -> tuple[Sequence[Passage], str]:
    """What supports a sentence, or what is wrong with it."""
    if _NOT_TOLD.fullmatch(marked.text) and not any(marked.text.rstrip("。") in passage.text for passage in passages):
        return [], "这句说的是资料里没有什么，无法用原文核实。"
    named = _named(marked.numbers, passages)
    problems = [find_problem(marked.text, source_of([passage])) for passage in named]
    if not all(problems):
        return [passage for passage, problem in zip(named, problems, strict=True) if not problem], ""
    if len(named) > 1:
        problems.insert(0, find_problem(marked.text, source_of(named)))
        if not problems[0]:
            return named, ""
    for passage in _likely(marked.text, near, passages):
        problem = find_problem(marked.text, source_of([passage]))
        if not problem:
            return [passage], ""
        problems.append(problem)
    return [], problems[0] if problems else "这句话没有出处。"


def _likely(claim: str, near: Sequence[Passage], passages: Sequence[Passage]) -> list[Passage]:
    """The passages that have most of the words of `claim`, the likeliest first."""
    if not squeeze(claim):
        return []
    shared = [(shared_words(claim, passage.text), passage in near, -place) for place, passage in enumerate(passages)]
    ranked = sorted(shared, reverse=True)
    return [passages[-place] for share, close, place in ranked if share >= (_NEARBY if close else _ATTRIBUTED)]


def _claims_nothing(marked: Marked, following: Sequence[Marked], near: Sequence[Passage]) -> bool:
    """Whether this is a heading, words that announce what follows (主要有：), or stray punctuation."""
    if not squeeze(marked.text):
        return True
    if marked.numbers or not following:
        return False
    announces = marked.text.rstrip("*＊ ").endswith(("：", ":"))
    heads = "\n" in following[0].before and not _STOPPED.search(marked.text) and len(marked.text) <= 30
    return (announces or heads) and not find_missing(marked.text, source_of(near))


def _numbered(
    claim: str,
    sources: Sequence[Passage],
    citations: dict[tuple[str, int, int], Citation],
    raw_spans: RawSpans,
) -> tuple[int, ...]:
    """The numbers of the quotes that support `claim`; new ones are added to `citations`."""
    numbers = []
    for passage in sources:
        start, end = supporting_span(claim, passage.text)
        key = (passage.id, start, end)
        if key not in citations:
            citations[key] = Citation(
                number=len(citations) + 1,
                passage=passage,
                quote=passage.text[start:end],
                start=passage.start + start,
                end=passage.start + end,
                raw_spans=raw_spans(passage, passage.start + start, passage.start + end),
            )
        numbers.append(citations[key].number)
    return tuple(dict.fromkeys(numbers))
