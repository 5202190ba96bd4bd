"""Articles, their blocks and their passages: the values that every other part passes on.

Knows nothing of files, repair or chunking; it only guards the offsets.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Literal

from corpus.languages import pick
from corpus.places import Place

Span = tuple[int, int]
Kind = Literal["heading", "paragraph", "item", "row", "clause", "note", "caption"]


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters of the clean text that stand in the raw text one for one.

    Repair deletes, joins and moves; it may change a punctuation mark to its full-width twin, but never the
    number of characters in a run. Clean characters outside every run (line breaks) were put there by repair.
    """

    clean: int
    raw: int
    length: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's row: the value is `article.text[start:end]`, and `start == end` where the cell is empty.

    `head` is what stands above it (several levels joined), "" in a table without heads; `column` counts from 0.
    """

    head: str
    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article that is one thing to its reader: `article.text[start:end]`.

    `level` is the rank of a heading (1 to 6) or the depth of an item (from 1); `number` is what is printed before a
    heading, an item or a clause ("第二十条之一", "11.5.14.2", "（三）", "9."). `above` is the index, in the article's
    blocks, of the one that leads in or owns it: the sentence before a list, the bullet over a bullet, the clause over
    its paragraphs, the question over its answer, the caption over a row; -1 where there is none. A row says which
    `table` of the article it belongs to (else -1) and has `cells`.
    """

    kind: Kind
    start: int
    end: int
    level: int = 0
    number: str = ""
    above: int = -1
    table: int = -1
    cells: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a block [{self.start}:{self.end}] holds no text")
        for cell in self.cells:
            if not self.start <= cell.start <= cell.end <= self.end:
                raise ValueError(f"{cell} is outside its row [{self.start}:{self.end}]")

    def clipped(self, start: int, end: int) -> Block:
        """The block as far as it lies inside `start`..`end`, which it must meet; cells outside become empty."""
        if start <= self.start and self.end <= end:
            return self
        first, last = max(self.start, start), min(self.end, end)
        cells = tuple(
            replace(cell, start=min(max(cell.start, first), last), end=min(max(cell.end, first), last))
            for cell in self.cells
        )
        return replace(self, start=first, end=last, cells=cells)


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of a table have in common: its caption and unit ("" where there is none), its head rows as printed.

    Its rows are the blocks with its index.
    """

    caption: str = ""
    unit: str = ""
    heads: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when rules hold, as they say themselves: ISO dates as exact as known, "" where nothing is said.

    `amended` is the day of the last change that they name. `repealed` says that they do not hold any more, and
    `repealed_by` is the title of the later ones that say so. `repeals` are the titles of those that they put out of
    force themselves.
    """

    since: str = ""
    until: str = ""
    amended: str = ""
    repealed: bool = False
    repeals: tuple[str, ...] = ()
    repealed_by: str = ""

    def told(self, language: str = "zh") -> tuple[str, ...]:
        """What a reader wants to know of it, in words."""
        facts = (
            pick(language, f"自{self.since}起施行", f"in force since {self.since}") if self.since else "",
            pick(language, f"{self.amended}修正", f"amended {self.amended}") if self.amended else "",
            pick(language, f"有效期至{self.until}", f"valid until {self.until}") if self.until else "",
            self._told_repealed(language),
        )
        return tuple(fact for fact in facts if fact)

    def _told_repealed(self, language: str) -> str:
        if self.repealed and self.repealed_by:
            return pick(language, f"已由《{self.repealed_by}》废止", f"repealed by “{self.repealed_by}”")
        return pick(language, "已废止", "repealed") if self.repealed else ""


UNSAID = Validity()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: what a person reads, and where each character of it stood in the file.

    `text` is the repaired text. `raw` is the stretch of the file that the article came from, before repair, and
    begins at character `raw_start` of the decoded file; None means that nothing was changed and `raw` is `text`.
    `runs` map clean to raw offsets (offsets in `raw`, ascending in `clean`), and are empty where `raw` is None.
    `published` is "YYYY-MM-DD", "YYYY-MM", "YYYY" or "".

    `blocks` ascend, do not overlap and cover all visible text; they are empty where nobody looked for them. The rows
    among them belong to `tables`. `places`, ascending, tell where on a page recognised text stands.
    """

    id: str
    title: str
    text: str
    source: str = ""
    published: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    raw: str | None = None
    raw_start: int = 0
    runs: tuple[Run, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    validity: Validity = UNSAID
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        if self.raw is None and self.runs:
            raise ValueError(f"article {self.id}: runs without a raw text")
        end = 0
        for run in self.runs:
            if run.length <= 0 or run.clean < end or run.raw < 0:
                raise ValueError(f"article {self.id}: runs overlap or are not ascending at {run}")
            if self.raw is not None and run.raw + run.length > len(self.raw):
                raise ValueError(f"article {self.id}: {run} ends outside the raw text")
            end = run.clean + run.length
        if end > len(self.text):
            raise ValueError(f"article {self.id}: runs end outside the text")
        end = 0
        for index, block in enumerate(self.blocks):
            if block.start < end or block.end > len(self.text):
                raise ValueError(f"article {self.id}: block {index} overlaps another or ends outside the text: {block}")
            if not (-1 <= block.above < index and -1 <= block.table < len(self.tables)):
                raise ValueError(f"article {self.id}: block {index} points at what does not stand above it: {block}")
            end = block.end

    @property
    def raw_text(self) -> str:
        """The text before repair."""
        return self.text if self.raw is None else self.raw

    def raw_spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where `text[start:end]` stood in the decoded file: spans in reading order, touching ones joined.

        More than one where repair took something out of the middle or brought halves of a sentence together.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"article {self.id}: [{start}:{end}] is outside its {len(self.text)} characters")
        if self.raw is None:
            return ((self.raw_start + start, self.raw_start + end),)
        spans: list[Span] = []
        for run in self.runs:
            first, last = max(start, run.clean), min(end, run.clean + run.length)
            if first >= last:
                continue
            shift = run.raw - run.clean + self.raw_start
            if spans and spans[-1][1] == first + shift:
                spans[-1] = (spans[-1][0], last + shift)
            else:
                spans.append((first + shift, last + shift))
        return tuple(spans)

    def headings_above(self, offset: int) -> tuple[str, ...]:
        """The headings over the character at `offset`, the highest first; a heading is not over itself."""
        above: list[str] = []
        here = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        inside = here >= 0 and self.blocks[here].kind == "heading" and offset < self.blocks[here].end
        level = self.blocks[here].level if inside else 7
        for block in reversed(self.blocks[: here if inside else here + 1]):
            if block.kind == "heading" and block.level < level:
                above.append(self.text[block.start : block.end])
                level = block.level
                if level <= 1:
                    break
        return tuple(reversed(above))


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article on sentence borders: `article.text[start:end] == text`, always.

    Carries what a reader wants to see of its article, so that a passage can be shown by itself: the `headings` above
    its start, the highest first (over rows also the caption and the unit of their table), and the `lead` of the list
    whose items begin it ("" otherwise; several, outermost first, are parted by line breaks). `blocks` are those of the
    article inside the passage, in offsets of the article, clipped to it; the first is number `first_block` of the
    article's. `places` are those of the article that have characters of the passage.
    """

    id: str
    article_id: str
    text: str
    start: int
    end: int
    title: str = ""
    source: str = ""
    published: str = ""
    headings: tuple[str, ...] = ()
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    first_block: int = 0
    validity: Validity = UNSAID
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or self.start < 0:
            raise ValueError(f"passage {self.id}: offsets [{self.start}:{self.end}] for {len(self.text)} characters")
        if self.blocks and not self.start <= self.blocks[0].start <= self.blocks[-1].end <= self.end:
            raise ValueError(f"passage {self.id}: its blocks are outside of [{self.start}:{self.end}]")

    def text_of(self, block: Block | Cell) -> str:
        """The text of a block of this passage, or of a cell."""
        return self.text[block.start - self.start : block.end - self.start]

    def leads_of(self, block: Block) -> tuple[str, ...]:
        """What leads into a block of this passage or owns it, outermost first, as far as the passage knows."""
        leads: list[str] = []
        while block.above >= self.first_block:
            block = self.blocks[block.above - self.first_block]
            leads.append(self.text_of(block))
        if block.above >= 0 and self.lead:
            leads += reversed(self.lead.split("\n"))
        return tuple(reversed(leads))
