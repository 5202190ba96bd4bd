"""Which sentences a written text has, and which passages each of them names.

Knows where marks stand (`qa/checking/mark_forms.py` finds them) and the texts that a writer may have copied numbers in
brackets from. Knows nothing of what a number stands for, nor whether a sentence is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.article import Span
from corpus.text.sentences import split_sentences
from qa.checking.mark_forms import CLOSE, HEADINGS, LONGEST, OPEN, Mark, any_of, find_marks, without_half

_HEAD = re.compile(rf"(?:^|\n)[#*>\s\-—_]{{0,20}}{any_of(HEADINGS)}[*_\s]*(?:[：:][*_\s]*|(?=\n|$))")
_LISTED = re.compile(
    rf"\s*(?:[-*•]\s+)?(?:{OPEN}[^\]］】\n]{{0,8}}{CLOSE}|[（(]?\d{{1,2}}[）).、]|[①-⑳¹²³⁴-⁹]|资料\s?\d{{1,2}}|《)"
)
_LIST_OPENS = re.compile(r"[\s\d*•\[［【(（^.、-]*")  # as much as a stream has of it
_NOTES = re.compile(rf"(?:\n\s*{OPEN}\^?\d{{1,3}}{CLOSE}\s?[：:][^\n]*)+\s*$")
_COPIED = re.compile(r"(?:〔\d+〕)+")
_NO_WORD = re.compile(r"[\s、,，;；。.]*")
_EMPHASIS = re.compile(
    r"(?<![*\w])\*\*(?!\*)|(?<!\*)\*\*(?![*\w])|(?<=[^\x00-\x7f])\*\*(?!\*)|(?<!\*)\*\*(?=[^\x00-\x7f])"
)
_RULER = re.compile(r"(?m)^[ \t]*(?:[-*_=]{3,}[ \t]*$|#{1,6}[ \t]+)")
_BULLET = re.compile(r"[ \t\u3000]*(?:[-*•·][ \t]*|\d{1,2}[.、)）][ \t]*|[（(]\d{1,2}[）)][ \t]*)?")
# Dots are the end of a sentence only where nothing follows: ……党员86名 opens with them.
_TRAILING = re.compile(r"(?:[。！？；，、!?;,”’」』）)》]|\.(?![.\d])|…+(?=\s*$))*")
_ENDED = re.compile(r"(?:[。！？!?；;…]|(?<![\d.])\.)[”’」』）)》]*$")
_ENDS_IN = re.compile(r"[\]］】〗）)^>$⁰¹²³⁴-⁹①-⑳]\Z")
_PART = 6  # characters that a part of a sentence must have to be a claim of its own
_BESIDE = 6  # characters beside a number in brackets that tell where it was copied from


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence of a written text and the passage numbers (from 1) that it names.

    `before` is what parts it from the sentence before: nothing, a blank, or one or two line breaks.
    """

    text: str
    numbers: tuple[int, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """`numbers` named at `place` of a text without marks; `onward`: by what stands before the sentence they belong to.

    `loose`: a mark that opens a line, and belongs to the sentence before if that has none.
    """

    place: int
    numbers: tuple[int, ...]
    onward: bool = False
    loose: bool = False


def parse_marks(written: str, sources: Sequence[str] = ()) -> list[Marked]:
    """Sentences with their marks, in order, without signs of emphasis and without a list of references at the end.

    A mark belongs to the sentence that it stands in or behind; one that opens a line, to that line if the sentence
    before it has its own. A number in brackets that one of `sources` has too, with the same words beside it, was
    copied from there: it is no mark and becomes 〔1〕.
    """
    text = _without_references(_RULER.sub("", _EMPHASIS.sub("", written)))
    marks = find_marks(text)
    copied = [mark for mark in marks if _is_copied(text, mark, sources)]
    for mark in copied:
        inside = re.sub(OPEN, "〔", re.sub(CLOSE, "〕", text[mark.start : mark.end]))
        text = text[: mark.start] + inside + text[mark.end :]
    plain, anchors = _taken_out(text, [mark for mark in marks if mark not in copied])
    return _assigned(plain, anchors)


def whole_marks(written: str) -> str:
    """`written` without half a mark at its end, as a stream may have it."""
    return without_half(written)


def ends_in_mark(written: str) -> bool:
    """Whether `written` ends with a mark, so that the sentence before it can be checked."""
    last = written.rstrip()[-LONGEST:]
    if not _ENDS_IN.search(last):
        return False
    mark = next((mark for mark in find_marks(last) if mark.end == len(last) and not mark.front), None)
    before = last[: mark.start].rstrip("*") if mark else ""
    # 资料[2] may go on with 指出.
    return mark is not None and whole_marks(before) == before


def unchecked(written: str, checked: int = 0) -> str:
    """What may be shown of `written[checked:]`, the end of a text that goes on: no marks, no halves, no emphasis."""
    return "".join(marked.before + marked.text for marked in parse_marks(whole_marks(written)[checked:]))


def _without_references(text: str) -> str:
    """`text` without a list of references at its end; 来源：[1] alone leaves the mark."""
    for head in _HEAD.finditer(text):
        lines = [line for line in text[head.end() :].split("\n") if line.strip()]
        rest = text[head.end() :]
        for mark in reversed(find_marks(rest)):
            rest = rest[: mark.start] + rest[mark.end :]
        if _NO_WORD.fullmatch(rest):
            return text[: head.start()] + "\n" + text[head.end() :]
        if all(map(_LISTED.match, lines[:-1])) and (_LISTED.match(lines[-1]) or _LIST_OPENS.fullmatch(lines[-1])):
            return text[: head.start()]
    return _NOTES.sub("", text)


def _is_copied(text: str, mark: Mark, sources: Sequence[str]) -> bool:
    before = text[max(0, mark.start - _BESIDE) : mark.start].lstrip("…. \n")
    after = text[mark.end : mark.end + _BESIDE]
    itself = text[mark.start : mark.end]
    beside = [before + itself] * (len(before) >= _BESIDE - 2) + [itself + after] * (len(after) == _BESIDE)
    return any(words in source for words in beside for source in sources)


def _taken_out(text: str, marks: Sequence[Mark]) -> tuple[str, list[_Anchor]]:
    """`text` without `marks`, and where they were."""
    plain, anchors, place = "", [], 0
    for mark in marks:
        plain += text[place : mark.start]
        place = mark.end
        line = plain[plain.rfind("\n") + 1 :]
        opens = bool(_BULLET.fullmatch(line)) and _follows(text, place, marks)
        if mark.front or opens:
            place += len(text[place:]) - len(text[place:].lstrip(" \t\u3000"))
            anchors.append(_Anchor(len(plain), mark.numbers, onward=True, loose=not mark.front))
            continue
        plain = plain.rstrip() if not line.strip() else plain.rstrip(" \t\u3000")
        anchors.append(_Anchor(len(plain), mark.numbers))
    return plain + text[place:], anchors


def _follows(text: str, place: int, marks: Sequence[Mark]) -> bool:
    """Whether anything but marks follows `place` on its line."""
    end = text.find("\n", place)
    line = text[place : end if end >= 0 else len(text)]
    for mark in reversed(marks):
        if place <= mark.start and mark.end <= place + len(line):
            line = line[: mark.start - place] + line[mark.end - place :]
    return not _NO_WORD.fullmatch(line)


def _assigned(plain: str, anchors: Sequence[_Anchor]) -> list[Marked]:
    """The sentences of `plain`, each with the numbers of its anchors."""
    spans = _spans(plain, anchors)
    owned: list[list[_Anchor]] = [[] for _ in spans]
    for anchor in anchors:
        behind = max((i for i, span in enumerate(spans) if span[0] < anchor.place), default=-1)
        ahead = next((i for i, span in enumerate(spans) if span[1] > anchor.place), -1)
        onward = anchor.onward and ahead >= 0
        if onward and anchor.loose and behind >= 0 and not owned[behind]:
            onward = plain[spans[behind][1] - 1] in "：:"
        owner = ahead if onward or behind < 0 else behind
        if owner >= 0:
            owned[owner].append(anchor)
    found: list[Marked] = []
    end = 0
    for span, own in zip(spans, owned, strict=True):
        for start, stop, numbers in _parts(plain, span, own):
            text = plain[start:stop].strip()
            first = plain.index(text, start)
            found.append(Marked(text, numbers, _between(plain, end, first)))
            end = first + len(text)
    return found


def _spans(plain: str, anchors: Sequence[_Anchor]) -> list[Span]:
    """Sentences of `plain`; a sentence also ends where a mark stands behind its full stop."""
    borders = [0]
    for number, anchor in enumerate(anchors):
        if anchor.onward or not _ENDED.search(plain[: anchor.place]):
            continue
        after = next((other.place for other in anchors[number + 1 :] if other.place > anchor.place), len(plain))
        tail = _TRAILING.match(plain[anchor.place : after])
        borders.append(max(borders[-1], anchor.place + (tail.end() if tail else 0)))
    spans: list[Span] = []
    for start, end in zip(borders, [*borders[1:], len(plain)], strict=True):
        spans += [(start + a, start + b) for a, b in _sentences(plain[start:end])]
    return spans


def _sentences(stretch: str) -> list[Span]:
    """The sentences of `stretch`; what opens one (……党员86名), a question that one answers and
    numbers copied from an article stay with it."""
    spans: list[Span] = []
    for start, end in split_sentences(stretch):
        before = stretch[slice(*spans[-1])] if spans else ""
        copied = _COPIED.fullmatch(stretch, start, end)
        opened = bool(spans) and (not before.strip("….") or before[-1:] in "？?" or copied)
        spans[-1:] = [(spans[-1][0], end)] if opened else [*spans[-1:], (start, end)]
    return spans


def _parts(plain: str, span: Span, anchors: Sequence[_Anchor]) -> list[tuple[int, int, tuple[int, ...]]]:
    """The sentence as one claim, or as several where each of its parts, long enough, ends with its own mark."""
    start, end = span
    cuts = [
        place + (plain[place : place + 1] in tuple("，,；;"))
        for place in sorted({a.place for a in anchors if not a.onward and start < a.place < end})
        if plain[place - 1] in "，,；;" or plain[place] in "，,；;"
    ]
    last = max((a.place for a in anchors), default=start)
    borders = [start, *cuts, end]
    parts = list(pairwise(borders))
    if cuts and not plain[last:end].strip("。！？!?；;…”’」』）)》. ") and all(b - a >= _PART for a, b in parts):
        return [
            (a, b, _named(anchor for anchor in anchors if a < anchor.place <= b or anchor.place == a == start))
            for a, b in parts
        ]
    return [(start, end, _named(anchors))]


def _named(anchors: Iterable[_Anchor]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for anchor in anchors for number in anchor.numbers))


def _between(plain: str, end: int, start: int) -> str:
    """What parts two sentences: line breaks, at most two, or a blank between English ones."""
    white = plain[end:start]
    if "\n" in white:
        return "\n" * min(white.count("\n"), 2)
    return " " if white and (plain[:end][-1:] + plain[start : start + 1]).isascii() else ""
