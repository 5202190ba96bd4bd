"""What the lines of clean text are: headings, paragraphs, items of lists, clauses, questions with their answers.

Knows the labels of lines and the marks that stood before them in the file. Knows nothing of files, repair, or the
tables of formats that say themselves what is a table. In doubt a line is a paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from corpus.article import Article, Block, Kind, Span
from corpus.text.enumerations import BEGINS, pieces_of
from corpus.text.labels import Label, label_at
from corpus.text.lines import Line, lines_of, settle_sections
from corpus.text.outline import List, lists_of

_LONGEST_TITLE = 40
_LEAST_BELOW = 30  # characters of the paragraph below a line without a label that make the line its heading
_STOP = re.compile(r"[。！？；]")
_INNER_STOP = re.compile(r"[。！？；!?;](?!$)")
_STOPS = frozenset("。！？；!?;，,、：:…|")
_PAIR = re.compile(r"[^：:，,]{1,8}[：:]")
_BYLINE = re.compile(
    r"记者|通讯员|作者|来源|编辑|\d{4}\s?[-年./]\s?\d{1,2}\s?[-月./]\s?\d{1,2}\s?日?$|[〇零一二三四五六七八九]{4}年.{2,6}日$"
)
_ANNOUNCES = re.compile(r"下列|如下|以下|[：:]$")
_CAPTION = re.compile(
    r"(?:图|表|附图|附表)\s?(?:[一二三四五六七八九十]{1,3}|[A-Z]?\d{1,3}(?:[-—–.．]\d{1,3})*)(?=[\s：:.]|$)|图[为：:]"
)
_APPENDIX = re.compile(r"附\s?(?:件|表|录)\s?(?:\d{1,2}|[一二三四五六七八九十]{0,2})[：:]?|附\s*则")
_NOTE = re.compile(r"(?:备?注|附注|说明|注释|提示|编者按)\s?\d*[：:]|[\[［]\d{1,3}[\]］]|[*＊※]\s?注")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_QUESTION = re.compile(r"(?:[问Q]|问题|提问|Question)\s?\d{0,3}\s?[：:.．、]", re.IGNORECASE)
_ANSWER = re.compile(r"(?:[答A]|回答|答案|答复|Answer)\s?\d{0,3}\s?[：:.．、]", re.IGNORECASE)
_ANSWER_WITHIN = 3
_SIGNATURE = 25
_RANKS = {"count": 3, "bracketed": 4, "figure": 5, "first": 5, "step": 5, "half": 6, "enclosed": 6, "circled": 6}
_PLAIN_RANK = 2
_LONGEST_HEADING = 100
_CHAPTER_RANKS = {"编": 1, "篇": 1, "章": 2, "节": 3}


def blocks_of(
    text: str,
    prefixes: Mapping[int, str] | None = None,
    title: str = "",
    given: Mapping[int, Block] | None = None,
) -> tuple[Block, ...]:
    """The blocks of `text`, in order; they cover all that is not a blank.

    `prefixes` are what stood in the file before the lines that begin at these offsets, and is not in `text`: blanks,
    the # of a heading, the mark of a bullet. The line that is the `title` is a heading of the first rank. Lines that
    are `given`, by where they begin, are these blocks (the rows of tables), but for what stands above them.
    """
    return tuple(_Reading(text, prefixes or {}, title, given or {}).blocks())


def is_caption(line: str) -> bool:
    """Whether a line names a figure or a table: 表1 渡船."""
    return len(line) <= _LONGEST_TITLE and _CAPTION.match(line) is not None


def with_blocks(article: Article) -> Article:
    """`article` with its blocks, found in its text where nobody said what they are."""
    return article if article.blocks else replace(article, blocks=blocks_of(article.text, title=article.title))


class _Reading:
    """The lines of a text on their way to blocks."""

    def __init__(self, text: str, prefixes: Mapping[int, str], title: str, given: Mapping[int, Block]) -> None:
        self.text = text
        self.title = title
        self.given = given
        self.lines = list(lines_of(text, prefixes, given))
        self.dotted = {
            line.label.number.split(".")[0] for line in self.lines if line.label and line.label.style == "dotted"
        }
        settle_sections(self.lines, self.dotted)
        labelled = any(line.label is not None for line in self.lines)
        self.lists = lists_of(text, self.lines) if labelled else {}
        self.inline = BEGINS.search(text) is not None
        self.found: list[Block] = []
        self.first_of: list[int] = []  # the first block of each line
        self.owner = -1  # the clause or question that the lines below belong to
        self.law = -1  # the clause (第三条) that 3.1 would belong to
        self.open: list[List] = []
        self.leads: dict[int, int] = {}  # what leads into a list, by its first line

    def blocks(self) -> list[Block]:
        for index, line in enumerate(self.lines):
            while self.open and self.open[-1].members[-1] < index:
                self.open.pop()
            self.first_of.append(len(self.found))
            if line.start in self.given:
                self.found.append(self._row(self.given[line.start]))
                continue
            kind, level, above = self._placed(index, line)
            self._append(line, kind, level, above)
            if kind == "heading" or (kind == "clause" and line.label is not None and line.label.style == "clause"):
                self.law = self.first_of[index] if kind == "clause" else -1
            if kind == "clause" or (kind == "heading" and level == 6 and _QUESTION.match(self.text, line.start)):
                self.owner = self.first_of[index]
            elif kind == "heading":
                self.owner = -1
        return self.found

    def _row(self, block: Block) -> Block:
        """A line of a table; a row hangs on the caption over it, or over the row above it."""
        if block.kind != "row" or not self.found:
            return block
        before = self.found[-1]
        if before.kind == "row" and before.table == block.table:
            return replace(block, above=before.above)
        return replace(block, above=len(self.found) - 1) if before.kind == "caption" else block

    def _placed(self, index: int, line: Line) -> tuple[Kind, int, int]:
        """Kind, level and owner of the line."""
        label = line.label
        if line.code or _ADDRESS.fullmatch(self.text, line.start, line.end):
            return "note", 0, -1
        if line.rank:
            return "heading", min(line.rank, 6), -1
        if label is not None and label.style == "chapter":
            return "heading", _CHAPTER_RANKS[label.number[-1]], -1
        if label is not None and label.style == "clause":
            return "clause", 0, -1
        if label is not None and label.style in ("dotted", "section"):
            return self._dotted(index, line, label)
        if self._is_question(index):
            return "heading", 6, -1
        if label is not None:
            return self._member(index, self.lists[index])
        return self._plain(index, line)

    def _plain(self, index: int, line: Line) -> tuple[Kind, int, int]:
        text, start, end = self.text, line.start, line.end
        if self.title and text[start:end] == self.title and end - start <= _LONGEST_HEADING:
            return "heading", 1, -1
        if end - start <= _LONGEST_TITLE and _CAPTION.match(text, start, end):
            return "caption", 0, -1
        if _APPENDIX.fullmatch(text, start, end):
            return "heading", _PLAIN_RANK, -1
        if _NOTE.match(text, start, end):
            return "note", 0, self._owner_at(index)
        if self._is_heading(index):
            return "heading", _PLAIN_RANK, -1
        if self.owner >= 0 and not self.open and end - start <= _SIGNATURE and text[end - 1] not in _STOPS:
            self.owner = -1  # the signature below the last clause
        return "paragraph", 0, self._owner_at(index)

    def _dotted(self, index: int, line: Line, label: Label) -> tuple[Kind, int, int]:
        """11.5.14.2 over its text is a heading, before it a clause."""
        length = line.end - line.start
        if (
            length <= _LONGEST_TITLE
            and self.text[line.end - 1] not in _STOPS
            and not _INNER_STOP.search(self.text, line.start, line.end)
        ):
            return "heading", min(6, 2 + label.number.count(".") + label.number.count("．")), -1
        law = self.law if self.law >= 0 and str(_value_of(self.found[self.law])) == label.number.split(".")[0] else -1
        return "clause", 0, law

    def _member(self, index: int, one: List) -> tuple[Kind, int, int]:
        if one.members[0] == index and len(one.members) > 1:
            self.open.append(one)
        if one.titles:
            return "heading", _RANKS.get(one.style, 5), -1
        first = one.members[0]
        if first not in self.leads:
            self.leads[first] = self._lead(first, one)
        return "item", one.depth, self.leads[first]

    def _lead(self, first: int, one: List) -> int:
        """The block that leads into the list that begins at line `first`, or -1."""
        if first and one.parent != first - 1:
            last = self.found[-1]
            before = self.text[last.start : last.end]
            if last.kind == "heading" or (last.kind in ("paragraph", "clause", "item") and _ANNOUNCES.search(before)):
                return len(self.found) - 1
        if one.parent >= 0:
            return self.first_of[one.parent]
        return self.owner

    def _owner_at(self, index: int) -> int:
        """The item, clause or question that a line without a label belongs to."""
        for one in reversed(self.open):
            if not one.titles and one.members[0] < index:
                return self.first_of[one.members[bisect_left(one.members, index) - 1]]
        return self.owner

    def _is_heading(self, index: int) -> bool:
        """Whether the line, which has no label, is short, no sentence, and stands over a paragraph or a list."""
        lines = self.lines
        for below in range(index, min(index + 4, len(lines) - 1)):
            line, following = lines[below], lines[below + 1]
            if line.label is not None or line.rank or not self._is_title_like(line):
                return False
            if following.label is not None:
                return following.label.value <= 1 and following.label.style != "bullet"
            if following.rank or self._is_prose(following):
                return True
            if index:
                return False  # only above everything else headings stand one below the other
        return False

    def _is_prose(self, line: Line) -> bool:
        text = self.text[line.start : line.end]
        return len(text) >= _LEAST_BELOW and _STOP.search(text) is not None

    def _is_title_like(self, line: Line) -> bool:
        text, start, end = self.text, line.start, line.end
        return (
            end - start <= _LONGEST_TITLE
            and text[start:end].rstrip("”』」")[-1:] not in _STOPS
            and not _INNER_STOP.search(text, start, end)
            and not _PAIR.match(text, start, end)
            and not _BYLINE.search(text, start, end)
        )

    def _is_question(self, index: int) -> bool:
        line = self.lines[index]
        start = line.label.end if line.label is not None and line.label.style == "figure" else line.start
        if not _QUESTION.match(self.text, start, line.end):
            return False
        below = self.lines[index + 1 : index + 1 + _ANSWER_WITHIN]
        return any(_ANSWER.match(self.text, line.start, line.end) for line in below)

    def _append(self, line: Line, kind: Kind, level: int, above: int) -> None:
        number = line.label.number if line.label is not None and kind != "paragraph" else ""
        pieces: list[tuple[Span, Label | None]] = [((line.start, line.end), None)]
        if self.inline and kind in ("paragraph", "item", "clause"):
            pieces = pieces_of(self.text, line.start, line.end)
        first = len(self.found)
        for place, ((start, end), label) in enumerate(pieces):
            if label is not None:
                depth = level + 1 if kind == "item" else 1
                self.found.append(Block("item", start, end, depth, label.number, first if place else above))
            elif place:
                self.found.append(Block("paragraph", start, end, 0, "", above if kind == "paragraph" else first))
            else:
                self.found.append(Block(kind, start, end, level, number, above))


def _value_of(clause: Block) -> int:
    """The number of 第三条."""
    label = label_at(clause.number, 0, len(clause.number))
    return label.value if label is not None else 0
