"""Sentences with marks become claims with citations: what each rests on, and what exactly supports it.

Knows the passages that the numbers stand for. `qa/marks.py` reads the marks, `qa/verification.py` checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from corpus.article import Passage, Span
from qa.answer import Citation, Claim
from qa.marks import Marked, parse_marks
from qa.verification import find_missing, find_problem, shared_words, source_of, squeeze, supporting_span

_NEVER_CLOSED = re.compile(r"\s*[\[［【][\d\s,，、^\-–—]*$")
_ATTRIBUTED = 0.75  # share of its words that a passage must have to be named for a sentence that names none
_NEARBY = 0.6  # the same where a sentence beside it names the passage
_STOPPED = re.compile(r"[。！？!?；;…][”’」』）)》]*$")
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
