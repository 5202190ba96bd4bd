"""Marks become citations: which sentences of a text claim what, on which passages, and what exactly supports them.

Knows the marks that writers use (`[1]`, `［1］`, `【1】`, `[1,3]`, `[1-3]`) and passages; `qa/verification.py` checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.article import Passage, Span
from corpus.sentences import split_sentences
from qa.answer import Citation, Claim
from qa.figures import narrow
from qa.verification import find_problem, shared_words, supporting_span

_ONE = r"[\[［【]\s*\d{1,3}(?:\s*[,，、;；\-–—~～至]\s*\d{1,3})*\s*[\]］】]"
_MARKS = re.compile(rf"(?:\s*{_ONE})+")
_HALF_MARK = re.compile(r"[\[［【][\d\s,，、\-–—]*$")
MARK_ENDS = ("]", "］", "】")
# Dots are the end of a sentence only where nothing follows: ……党员86名 opens with them.
_TRAILING = re.compile(r"(?:[。！？；，、!?;,”’」』）)]|\.(?!\.)|…+(?=\s*$))*\s*")
_ATTRIBUTED = 0.75  # share of its words that a passage must have to be named for a sentence that names none


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence of a written text and the passage numbers (from 1) of the marks after it."""

    text: str
    numbers: tuple[int, ...]


def parse_marks(written: str) -> list[Marked]:
    """Sentences with their marks, in order. A mark belongs to the sentence before it, before or after its full stop."""
    found: list[Marked] = []
    position = 0
    for match in [*_MARKS.finditer(written), None]:
        end = match.start() if match else len(written)
        stretch = written[position:end]
        if found and (tail := _TRAILING.match(stretch)) and tail[0].strip() and position:
            found[-1] = Marked(found[-1].text + tail[0].strip(), found[-1].numbers)
            stretch = stretch[tail.end() :]
        sentences = _sentences(stretch)
        numbers = _numbers(match[0]) if match else ()
        if not sentences and found and numbers:
            found[-1] = Marked(found[-1].text, tuple(dict.fromkeys(found[-1].numbers + numbers)))
        found += [Marked(text, ()) for text in sentences[:-1]]
        found += [Marked(text, numbers) for text in sentences[-1:]]
        position = match.end() if match else end
    return found


def _sentences(stretch: str) -> list[str]:
    """The sentences of `stretch`; dots that open one (……党员86名) and a question that one answers stay with it."""
    spans: list[Span] = []
    for start, end in split_sentences(stretch):
        before = stretch[slice(*spans[-1])] if spans else ""
        opened = bool(spans) and (not before.strip("….") or before[-1:] in "？?")
        spans[-1:] = [(spans[-1][0], end)] if opened else [*spans[-1:], (start, end)]
    return [stretch[start:end] for start, end in spans]


def _numbers(marks: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in re.findall(r"\d+\s*(?:[\-–—~～至]\s*\d+)?", narrow(marks)):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        numbers += range(ends[0], min(ends[-1], ends[0] + 20) + 1) if ends[-1] >= ends[0] else ends
    return tuple(dict.fromkeys(numbers))


def whole_marks(written: str) -> str:
    """`written` without half a mark at its end, as a stream may have it."""
    return _HALF_MARK.sub("", written)


def cite(
    written: str, passages: Sequence[Passage], raw_spans: Callable[[Passage, int, int], tuple[Span, ...]]
) -> tuple[str, tuple[Claim, ...], tuple[Citation, ...]]:
    """The text to show, its claims, and its citations numbered in order of appearance.

    `passages` are numbered from 1 in `written`. A number marks one quote: two sentences that rest on different
    sentences of one passage get two numbers. A mark that points nowhere is dropped; a sentence without a mark is given
    to the passage that has nearly all of its words, or to none. A claim whose check fails keeps no marks.
    `raw_spans` gives the places of `passage.text[start:end]` in the file.
    """
    text, claims = "", []
    citations: dict[tuple[str, int, int], Citation] = {}
    for marked in parse_marks(written):
        sources = [passages[n - 1] for n in marked.numbers if 0 < n <= len(passages)]
        sources = sources or _attribute(marked.text, passages)
        problem = (
            find_problem(marked.text, "\n".join(f"{p.title}\n{p.text}" for p in sources))
            if sources
            else "这句话没有出处。"
        )
        numbers = [] if problem else [_cited(marked.text, passage, citations, raw_spans) for passage in sources]
        start = len(text)
        text += marked.text + "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        claims.append(Claim(marked.text, start, len(text), tuple(dict.fromkeys(numbers)), not problem, problem))
    return text, tuple(claims), tuple(citations.values())


def _attribute(claim: str, passages: Sequence[Passage]) -> list[Passage]:
    best = max(passages, key=lambda passage: shared_words(claim, passage.text), default=None)
    return [best] if best and shared_words(claim, best.text) >= _ATTRIBUTED else []


def _cited(
    claim: str,
    passage: Passage,
    citations: dict[tuple[str, int, int], Citation],
    raw_spans: Callable[[Passage, int, int], tuple[Span, ...]],
) -> int:
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
    return citations[key].number
