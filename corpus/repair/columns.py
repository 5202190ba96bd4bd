"""Lines that belong together: hard-wrapped paragraphs, and columns of a page that end in mid-sentence.

Knows what joins a torn sentence; nothing of blanks, marks, titles or files. Two halves are brought together on
evidence only: a word of the dictionary, or a phrase used elsewhere on the page, runs across the seam; or the blocks
stand directly one below the other and the upper one ends in mid-sentence.
"""

from __future__ import annotations

import re

from corpus.repair.lines import (
    CONTINUING,
    HAN,
    Line,
    ends_inside,
    hangs_loose_at_end,
    hangs_loose_at_start,
    is_prose,
    starts_with_label,
    word_across,
)

_CLAUSE = re.compile(r"[,，。；？！]")
_LABEL = re.compile(
    rf"[^{HAN}0-9A-Za-z“《{CONTINUING}]|第[一二三四五六七八九十百零\d]+[章节条款项]"
    r"|[一二三四五六七八九十]+(?:、|是)|\d+(?:[、)）]|[.．](?!\d))|[A-Za-z][.．、)）]"
)
_BLANK = re.compile(r"\s")
_ALL_HAN = re.compile(rf"[{HAN}]{{5}}")
_LEAD = re.compile(rf"[{HAN}]{{3,12}}(?=[,，。:：])")
# Words that open a paragraph of their own accord: a distant block beginning so is no evidence of a torn word.
_OPENERS = frozenset("从为在以与将抓对把该今据当经自此另又而但因如若凡有是这那我他她它")

_WINDOW = 40  # blocks below a torn one that are searched for its other half
_CHUNK = 400  # lines looked at as one page: keeps the work linear in the length of the text
_LONGEST_LINE = 5000  # characters of one line whose phrases are remembered
_ROUNDS = 8
_SEAMS = 60  # line ends looked at to tell whether a fixed width broke the lines
_LEAST_TORN = 0.15
_FEW_SEAMS = 5
_INDENT = 2  # ems
_ENDS = "。！？；：…”）)"
_INNER_BLANK = re.compile(rf"[{HAN}][ \t\u3000]+[{HAN}0-9]")
_SHORTEST_WEAK_TAIL = 25


def join_wrapped(lines: list[Line]) -> tuple[list[Line], int]:
    """Join lines that a fixed line width broke, as text taken from a PDF has them; and how many were joined.

    Only where many lines that break off in mid-sentence have the same width: then that is the width of the print.
    """
    widths = {
        index: width
        for index in range(len(lines) - 1)
        if lines[index + 1].breaks == 1
        and len(lines[index].text) <= 130
        and ends_inside(lines[index].text)
        and 12 <= (width := _print_width(lines[index])) <= 62
    }
    full = _commonest_width(sorted(widths.values()))
    wrapped = [index for index, width in widths.items() if full - 2 <= width <= full + 0.5]
    if len(wrapped) < 3 or len(wrapped) < 0.6 * len(widths):
        return lines, 0
    prose = sum(1 for index in wrapped if _CLAUSE.search(lines[index].text))
    wider = sum(1 for line in lines if _print_width(line) > full + 1)
    if 2 * prose < len(wrapped) or 10 * wider > len(wrapped):
        return lines, 0
    if not _shows_wrapping(lines, wrapped):
        return lines, 0
    joins = set(wrapped)
    indents = sum(line.indented for line in lines) >= 2
    result: list[Line] = []
    count = 0
    for index, line in enumerate(lines):
        above = index - 1
        joinable = above in joins or (indents and above >= 0 and line.breaks == 1 and _is_full(lines[above], full))
        if joinable and not (line.indented or line.marked or lines[above].marked or starts_with_label(line.text)):
            result[-1] = result[-1].joined(line)
            count += 1
        else:
            result.append(line)
    return result, count


def _shows_wrapping(lines: list[Line], wrapped: list[int]) -> bool:
    """Whether words are torn where lines end, as a fixed width tears every third; records of one length do not."""
    seams = wrapped[:_SEAMS]
    torn = sum(
        lines[index + 1].text[0] in CONTINUING or bool(word_across(lines[index].text[-8:], lines[index + 1].text[:8]))
        for index in seams
    )
    if torn:
        return torn >= _LEAST_TORN * len(seams)
    blanks = any(_INNER_BLANK.search(line.text) for index in seams for line in lines[index : index + 2])
    return len(seams) <= _FEW_SEAMS and not blanks and lines[seams[-1] + 1].text[-1] in _ENDS


def _is_full(line: Line, width: float) -> bool:
    return len(line.text) <= 130 and width - 2 <= _print_width(line) <= width + 0.5


def _print_width(line: Line) -> float:
    return _width(line.text) + (_INDENT if line.indented else 0)


def _width(text: str) -> float:
    """Width in ems: a half for each ASCII character."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def _commonest_width(widths: list[float]) -> float:
    """The upper end of the 2 em wide band that holds most of the ascending `widths`."""
    best, best_count, first = 0.0, 0, 0
    for last, width in enumerate(widths):
        while widths[first] < width - 2:
            first += 1
        if last - first + 1 > best_count:
            best, best_count = width, last - first + 1
    return best


def join_columns(lines: list[Line]) -> tuple[list[Line], int]:
    """Bring together the halves of sentences that columns tore apart; and how many seams were closed.

    The lower half moves up to the upper one; headings and captions between them stay as lines of their own.
    """
    if len(lines) < 2 or not any(ends_inside(line.text) for line in lines[:-1]):
        return lines, 0
    result: list[Line] = []
    count = 0
    start = 0
    while start < len(lines):
        end = min(start + _CHUNK, len(lines))
        while end < len(lines) and end < start + 2 * _CHUNK and ends_inside(lines[end - 1].text):
            end += 1
        joined, seams = _join_chunk(lines[start:end])
        result += joined
        count += seams
        start = end
    return result, count


def _join_chunk(lines: list[Line]) -> tuple[list[Line], int]:
    prose = [is_prose(line.text) for line in lines]
    tails = [
        index
        for index in range(len(lines) - 1)
        if prose[index] and not lines[index].marked and ends_inside(lines[index].text)
    ]
    if not tails and not any(line.text[0] in CONTINUING for line in lines[1:]):
        return lines, 0
    if 2 * len(tails) > sum(prose) + 2:  # lines that never end their sentences: a list, a poem, a chat
        return lines, 0
    seams = _Seams(lines, prose, tails)
    seams.match_strong()
    seams.match_weak()
    following = seams.following
    taken = set(following.values())
    result = []
    for index, line in enumerate(lines):
        if index in taken:
            continue
        step = index
        while step in following:
            step = following[step]
            line = line.joined(lines[step])
        result.append(line)
    return result, len(following)


class _Seams:
    """The matching of torn ends (`tails`) with the blocks that continue them (`heads`), one to one, downwards."""

    def __init__(self, lines: list[Line], prose: list[bool], tails: list[int]) -> None:
        self.lines = lines
        self.prose = prose
        self.tails = sorted({*tails, *self._short_tails(lines, prose)})
        self.heads = {
            index
            for index in range(1, len(lines))
            if prose[index] and not lines[index].marked and not _LABEL.match(lines[index].text)
        }
        self.following: dict[int, int] = {}
        self.taken: set[int] = set()
        self.phrases = {
            line.text[start : start + 5] for line in lines for start in range(min(len(line.text), _LONGEST_LINE) - 4)
        }  # fmt: skip
        self.loose_tails = {index for index in self.tails if hangs_loose_at_end(lines[index].text[-8:])}
        self.loose_heads = {index for index in self.heads if hangs_loose_at_start(lines[index].text[:8])}

    @staticmethod
    def _short_tails(lines: list[Line], prose: list[bool]) -> list[int]:
        """Lines that look like headings, but may be the first lines of a paragraph that was torn early."""
        return [
            index
            for index, line in enumerate(lines[:-1])
            if not (prose[index] or line.marked)
            and prose[index + 1]
            and ends_inside(line.text)
            and not _BLANK.search(line.text)
        ]

    def match_strong(self) -> None:
        """First the pairs with positive evidence, best first; a freed neighbour may allow another round."""
        for _ in range(_ROUNDS):
            found = sorted(
                (-strength, head - tail, tail, head)
                for tail in self.tails
                if tail not in self.following
                for head in self._reachable(tail)
                if (strength := self._strength(tail, head))
            )
            before = len(self.following)
            for _, _, tail, head in found:
                if tail not in self.following and head not in self.taken:
                    self._join(tail, head)
            if len(self.following) == before:
                return

    def match_weak(self) -> None:
        """Then neighbours with one empty line between them, unless the lower one opens like its fellow paragraphs."""
        finished = sum(prose and line.text[-1] in _ENDS for prose, line in zip(self.prose, self.lines, strict=True))
        # Where many lines do not end their sentences, only a comma still shows that one goes on below.
        usual = 2 * sum(tail not in self.following for tail in self.tails) > finished
        leads: dict[tuple[str, int], int] = {}
        for line in self.lines:
            if lead := _lead(line.text):
                leads[lead] = leads.get(lead, 0) + 1
        for tail in self.tails:
            long = self.prose[tail] and len(self.lines[tail].text) >= _SHORTEST_WEAK_TAIL
            comma = self.lines[tail].text[-1] in ",，、"
            if tail in self.following or not long or not self._adjoins(tail) or (usual and not comma):
                continue
            lead = _lead(self.lines[tail + 1].text)
            if lead is None or leads[lead] < 2:
                self._join(tail, tail + 1)

    def _join(self, tail: int, head: int) -> None:
        self.following[tail] = head
        self.taken.add(head)

    def _adjoins(self, tail: int) -> bool:
        head = tail + 1
        return head in self.heads and head not in self.taken and self.lines[head].breaks == 2

    def _reachable(self, tail: int) -> list[int]:
        """The neighbour; and blocks further down only where the neighbour cannot be the continuation."""
        last = tail + 2 if not self.prose[tail] or self._adjoins(tail) else tail + 1 + _WINDOW
        return [head for head in range(tail + 1, last) if head in self.heads and head not in self.taken]

    def _strength(self, tail: int, head: int) -> int:
        """How good the evidence is that `head` continues `tail`; 0: none.

        3: it begins with a mark that no paragraph begins with; 2: a phrase of the page runs across, or a word whose
        halves both hang loose; 1: a word runs across, and they are neighbours.
        """
        before, after = self.lines[tail].text, self.lines[head].text
        near = head == tail + 1
        if near and after[0] in CONTINUING and self.lines[head].breaks <= 2:
            return 3
        loose = (tail in self.loose_tails) + (head in self.loose_heads)
        if not self.prose[tail]:
            return 2 if loose == 2 and self._adjoins(tail) and word_across(before[-8:], after[:8]) else 0
        if any(_ALL_HAN.fullmatch(phrase) and phrase in self.phrases for phrase in _phrases_across(before, after)):
            return 2
        if loose == 0 or (not near and (loose == 1 or after[0] in _OPENERS)):
            return 0
        return loose if word_across(before[-8:], after[:8]) else 0


def _phrases_across(before: str, after: str) -> tuple[str, str]:
    return before[-3:] + after[:2], before[-2:] + after[:3]


def _lead(text: str) -> tuple[str, int] | None:
    """First character and length of a short opening clause: parallel paragraphs have them in common."""
    match = _LEAD.match(text)
    return (text[0], match.end()) if match else None
