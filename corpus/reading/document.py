"""A document part by part, as a reader of a structured format finds it, on its way to an article.

Knows how parts become lines of text with blocks over them: what an item hangs on, how a table stands in the text.
Knows nothing of any format, nor of how the head rows of a table are told from its other rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Block, Cell, Kind, Run, Table
from corpus.errors import ReadError
from corpus.reading.boxes import NOT_TICKED, Group, groups_in, open_boxes
from corpus.reading.grid import Grid
from corpus.reading.table_lines import written_line
from corpus.reading.table_parts import says_only_a_unit, unit_in
from corpus.reading.tables import recognise
from corpus.text.blocks import is_caption

LARGEST_TEXT = 50_000_000
"""Characters that one document may have; more is no text that a person wrote."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+")
# A terminal would obey these; people are to see that something stands there.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}|[\t\u00a0\u2000-\u200a\u202f\u205f]")
_BREAKS = re.compile("[\n\r\v\f\x85\u2028\u2029]+")
_SPACED_OUT = re.compile("[\u3400-\u9fff](?:[ \u3000][\u3400-\u9fff])+")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FIGURES = re.compile(r"[+\-−]?\d{1,3}")
_UNIT_END = re.compile(r"[0-9A-Za-z)）]$")
_LONGEST_UNIT_LINE = 40
_ENDS = " \t\u3000"


class Document:
    """Collects the parts of a document in reading order; `text`, `blocks` and `tables` are what they make together.

    `title`, `published`, `author` and `source` are what the format itself says ("" where it says nothing); `dated` is
    the day the file was last changed, which is less than a day of publication. Dates are ISO. `raw` is the text of the
    file where it is one (CSV), which the cells of tables know their places in; None where it is not.
    """

    def __init__(self) -> None:
        self.title = ""
        self.published = ""
        self.dated = ""
        self.author = ""
        self.source = ""
        self.tags: tuple[str, ...] = ()
        self.problems: list[ReadError] = []
        self.raw: str | None = None
        self._runs: list[Run] = []
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._length = 0
        self._later: list[str] = []

    @property
    def text(self) -> str:
        """One line for each block."""
        return "\n".join(self._lines)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(self._blocks)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(self._tables)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Where the text stood in `raw`; empty where there is none."""
        return tuple(self._runs) if self.raw is not None else ()

    def heading(self, text: str, level: int = 1, number: str = "") -> None:
        """A heading; `level` counts from 1, deeper ones than 6 stand as 6."""
        self._add("heading", " ".join(tidy_lines(text)), level=min(max(level, 1), 6), number=number)

    def paragraph(self, text: str) -> None:
        """Running text; what stands on several lines becomes several paragraphs.

        Of a line with boxes of which some are ticked (付款：☑转账 ☐现金) those are a row, 付款：☑转账, and the others a
        note at the end of the document: who asks what was chosen is not to be told what was not.
        """
        for line in tidy_lines(text):
            if groups := list(groups_in(line)):
                self._boxes(line, groups)
            else:
                self._add("paragraph", line)

    def _boxes(self, line: str, groups: Sequence[Group]) -> None:
        """The ticked boxes of a line as a row, and what else stands on the line as a note."""
        text, rest, cells = "", line, []
        for group in groups:
            text += f"{'；' if text else ''}{group.name}："
            for number, (start, end) in enumerate(group.chosen):
                text += f"{'、' if number else ''}☑"
                cells.append((group.name, len(text), len(text) + end - start))
                text += line[start:end]
            rest = rest.replace(line[group.start : group.end], " ".join(open_boxes(line[group.boxes : group.end])))
        start = self._start()
        self._tables.append(Table())
        row = tuple(Cell(head, start + a, start + b, column) for column, (head, a, b) in enumerate(cells))
        self._place("row", text, table=len(self._tables) - 1, cells=row)
        if rest := tidy(rest):
            self._later.append(f"{rest}{NOT_TICKED}" if open_boxes(rest) else rest)

    def item(self, text: str, level: int = 1, number: str = "") -> None:
        """An item of a list with its number as printed, which `text` begins with; `level` 1 is the outermost."""
        lines = tidy_lines(text)
        if lines:
            self._add("item", lines[0], level=max(level, 1), number=number, above=self._owner(max(level, 1)))
            self._rest(lines)

    def clause(self, text: str, number: str) -> None:
        """A numbered clause (第三条); `text` begins with the number."""
        lines = tidy_lines(text)
        if lines:
            self._add("clause", lines[0], number=number)
            self._rest(lines)

    def note(self, text: str) -> None:
        """A foot- or endnote, a page head or foot, what a speaker notes."""
        self._add_lines("note", text)

    def caption(self, text: str) -> None:
        self._add_lines("caption", text)

    def table(self, grid: Grid, *, goes_on: bool = False) -> None:
        """A table: captions and notes as blocks of their own, and a line for each row. An empty one leaves no trace.

        One that `goes_on` is the next part of the table before it, with the same head again.
        """
        found = recognise(grid)
        number = len(self._tables) - 1
        if goes_on and number >= 0 and self._tables[number].heads == found.heads:
            above = self._blocks[-1].above
        else:
            above, told, unit = self._introduction() if found.lines else (-1, "", "")
            number += 1
            self._tables.append(Table(found.caption or told, found.unit or unit, found.heads))
        for line in found.lines:
            written = written_line(line)
            if not written.text:
                continue
            if written.text.endswith(NOT_TICKED):
                self._later.append(written.text)
                continue
            start = self._start()
            self._runs += [Run(run.clean + start, run.raw, run.length) for run in written.runs]
            if line.kind == "row":
                cells = tuple(Cell(c.head, c.start + start, c.end + start, c.column) for c in written.cells)
                self._place("row", written.text, above=above, table=number, cells=cells)
                continue
            self._place(line.kind, written.text)
            above = len(self._blocks) - 1 if line.kind == "caption" else above

    def _introduction(self) -> tuple[int, str, str]:
        """The captions right above a table: the last block of them (-1: none), the title, the unit.

        表1 渡船 and 单位：万元 are captions there, whatever the format took them for.
        """
        above, title, unit = -1, "", ""
        for index in range(len(self._blocks) - 1, max(-1, len(self._blocks) - 3), -1):
            block, line = self._blocks[index], self._lines[index]
            measured = unit_in(line) if block.kind == "paragraph" and len(line) <= _LONGEST_UNIT_LINE else ""
            if block.kind != "caption" and not measured and not (block.kind == "paragraph" and is_caption(line)):
                break
            self._blocks[index] = replace(block, kind="caption")
            above = max(above, index)
            unit = unit or unit_in(line)
            title = title if says_only_a_unit(line) else line
        return above, title, unit

    def finish(self) -> None:
        """Add what stands at the end of the document, when all parts of it are there."""
        later, self._later = self._later, []
        for line in later:
            self._add("note", line)

    def append(self, other: Document) -> None:
        """The parts of `other` behind those of this one."""
        shift, blocks, tables = self._start(), len(self._blocks), len(self._tables)
        for block, line in zip(other._blocks, other._lines, strict=True):
            moved = _moved(block, shift, blocks, tables)
            self._blocks.append(moved)
            self._lines.append(line)
        self._tables += other._tables
        if other._lines:
            self._length = shift + other._length
        self.problems += other.problems
        self._later += other._later
        self._check()

    def _add_lines(self, kind: Kind, text: str) -> None:
        for line in tidy_lines(text):
            self._add(kind, line)

    def _rest(self, lines: list[str]) -> None:
        for line in lines[1:]:
            self._add("paragraph", line)

    def _start(self) -> int:
        return self._length + 1 if self._lines else 0

    def _add(self, kind: Kind, line: str, *, level: int = 0, number: str = "", above: int = -1) -> None:
        if line:
            self._place(kind, line, level=level, number=number, above=above)

    def _place(
        self,
        kind: Kind,
        line: str,
        *,
        level: int = 0,
        number: str = "",
        above: int = -1,
        table: int = -1,
        cells: tuple[Cell, ...] = (),
    ) -> None:
        start = self._start()
        self._blocks.append(Block(kind, start, start + len(line), level, number, above, table, cells))
        self._lines.append(line)
        self._length = start + len(line)
        self._check()

    def _check(self) -> None:
        if self._length > LARGEST_TEXT:
            raise ReadError(
                f"文字超过 {LARGEST_TEXT // 10_000} 万字，不像是写给人看的文件，没有读。请分成几个文件。",
                f"More than {LARGEST_TEXT:,} characters, which no person wrote, were not read. Split the file.",
            )

    def _owner(self, level: int) -> int:
        """The block that an item of this level hangs on: the item above it, else the sentence that leads in."""
        for index in range(len(self._blocks) - 1, -1, -1):
            block = self._blocks[index]
            if block.kind == "item" and block.level >= level:
                if block.level == level:
                    return block.above
                continue
            if block.kind == "item" or block.kind in ("paragraph", "clause"):
                return index
            if block.kind != "note":
                return -1
        return -1


def _moved(block: Block, shift: int, blocks: int, tables: int) -> Block:
    return replace(
        block,
        start=block.start + shift,
        end=block.end + shift,
        above=block.above + blocks if block.above >= 0 else -1,
        table=block.table + tables if block.table >= 0 else -1,
        cells=tuple(Cell(c.head, c.start + shift, c.end + shift, c.column) for c in block.cells),
    )


def set_apart(text: str, before: str, *, raised: bool) -> str:
    """Figures that are printed small behind `before`: m2 and 104 would be other things than m² and 10⁴."""
    if _FIGURES.fullmatch(text) and _UNIT_END.search(before):
        return text.translate(_RAISED if raised else _LOWERED)
    return text


def tidy(text: str) -> str:
    """One line of text without invisible characters and doubled blanks; controls are shown as U+FFFD."""
    line = _BLANKS.sub(" ", _CONTROLS.sub("\ufffd", _INVISIBLE.sub("", text))).strip(_ENDS)
    # 通 知: letters set apart to fill the line.
    return line.replace(" ", "").replace("\u3000", "") if _SPACED_OUT.fullmatch(line) else line


def tidy_lines(text: str) -> list[str]:
    """The lines of `text` that have something on them."""
    return [line for part in _BREAKS.split(text) if (line := tidy(part))]
