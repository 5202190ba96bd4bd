"""From a page to its articles: where each begins, its title, author and date.

Knows headings, bylines and dates of Chinese newspapers and of plain articles; nothing of files or of how text is
repaired. In doubt a page is not split: an article with a stranger's paragraph can still be found and cited.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Article, Run
from corpus.reading.bylines import LONGEST_BYLINE, authors_of, closing_byline, read_byline
from corpus.reading.dating import published_day, told_year, validity
from corpus.reading.tables_in_text import TabledPage, put_back, set_aside, tables_in
from corpus.repair.cleaning import Repairs, clean
from corpus.repair.lines import HAN, is_heading, is_prose
from corpus.text.blocks import blocks_of

_ABOUT = re.compile(r"(?:来源|日期|时间|作者|编辑|发布|责编|记者|字号|关键词)\s*[:：]")
_OPENING_DATE = re.compile(r"\d{1,2}月\d{1,2}日|近日|日前|昨日|昨天|前天")
_KICKER = re.compile(r"^[—–-]|特别报道|特刊|专题|专版|系列报道|本版|^第?\d+版|^[A-Z]?\d+$|^图[为：:]")
_SENTENCE = re.compile(r"[。！？；](?!$)|[。，、；：,;:]$")
_NO_TITLE = re.compile(rf"{_KICKER.pattern}|^.{{0,3}}$|摄.?$|供图|^[（(]?[一二三四五六七八九十\d]+[）)、.．]")
_LONGEST_TITLE = 80
_LONGEST_FIRST_WORDS = 30
_LEAST_PROSE = 80  # characters of running text below which a piece of a page is no article
_NEIGHBOURHOOD = 2000  # characters around a heading in which its words are looked for


def articles_of_page(raw: str, *, source: str, stem: str, markdown: bool = False) -> tuple[list[Article], Repairs]:
    """Repair `raw` and cut it into its articles, in the order of the page; and what was repaired.

    `source` names the page and, with a number where there are several, each article (`id`); `stem` is the file name
    without its ending and may tell the date or the title. A page without text has no article.
    """
    tables = tables_in(raw)
    cleaned = clean(set_aside(raw, tables) if tables else raw, markdown=markdown)
    if not cleaned.text:
        return [], cleaned.repairs
    page = _Page(put_back(cleaned, tables), raw)
    starts = page.article_starts()
    ends = [*starts[1:], len(page.lines)]
    articles = [
        page.article(first, last, source if len(starts) == 1 else f"{source}/{number}", source, stem)
        for number, (first, last) in enumerate(zip(starts, ends, strict=True), 1)
    ]
    return _dated_alike(articles), cleaned.repairs


def _dated_alike(articles: list[Article]) -> list[Article]:
    """All articles of a page are of one day: those that do not say it have that of the others."""
    days = {article.published for article in articles if article.published}
    if len(days) != 1:
        return articles
    return [replace(article, published=article.published or min(days)) for article in articles]


class _Page:
    """The lines of a repaired page, and what they are."""

    def __init__(self, tabled: TabledPage, raw: str) -> None:
        self.tabled = tabled
        self.cleaned = cleaned = tabled.cleaned
        self.raw = raw
        self.lines = cleaned.text.split("\n")
        self.offsets = [0]
        for line in self.lines:
            self.offsets.append(self.offsets[-1] + len(line) + 1)
        signs = ("记者", "通讯员", "文/图", "图/文", "文／图", "图／文")
        signed = [
            index for index, line in enumerate(self.lines) if any(sign in line[-LONGEST_BYLINE:] for sign in signs)
        ]
        self.standing = {index for index in signed if read_byline(self.lines[index])}
        self.closing = {index for index in signed if closing_byline(self.lines[index])} - self.standing

    def is_heading(self, index: int) -> bool:
        line = self.lines[index]
        return index not in self.standing and is_heading(line) and not _ABOUT.search(line)

    def article_starts(self) -> list[int]:
        """Index of the first line of each article."""
        starts = [0]
        signed = False  # whether the article at hand has had its byline: a second one belongs to another article
        for index in range(len(self.lines)):
            if index not in self.standing and index not in self.closing:
                continue
            heading = self._heading_of(index, starts[-1]) if signed else None
            if heading is not None and self._parts(starts[-1], heading):
                starts.append(heading)
            signed = True
            after = index + 1
            # A paragraph of its own above tells the end of an article from a lead with a byline.
            ends = index in self.closing and self._prose(starts[-1], index) > 0
            if ends and self._opens(after) and self._parts(starts[-1], after):
                starts.append(after)
                signed = False
        return starts

    def _heading_of(self, byline: int, start: int) -> int | None:
        """The first line of the headings that belong to a byline, below line `start`; None where that is unsure."""
        heading = byline - 1
        while heading > start and len(self.lines[heading]) <= LONGEST_BYLINE and _ABOUT.match(self.lines[heading]):
            heading -= 1  # where it was taken from, and when
        if byline in self.closing:
            while heading > start and not self.is_heading(heading):
                heading -= 1
            if not self._opens(heading):
                return None
        if heading <= start or not self.is_heading(heading):
            return None
        last = heading
        while heading - 1 > start and last - heading < 4 and self.is_heading(heading - 1):
            if not self._belongs_below(heading - 1, last):
                break
            heading -= 1
        return heading

    def _opens(self, heading: int) -> bool:
        """Whether a heading stands here over a paragraph that begins as a report does: with the day."""
        if heading + 1 >= len(self.lines) or not self.is_heading(heading):
            return False
        return bool(_OPENING_DATE.search(self.lines[heading + 1][:80]))

    def _belongs_below(self, line: int, last: int) -> bool:
        """Whether the words of a heading occur rather in what follows `last` than in what comes before it."""
        text = re.sub(rf"[^{HAN}]", "", self.lines[line])
        pairs = {text[place : place + 2] for place in range(len(text) - 1)}
        middle, end = self.offsets[line], self.offsets[last + 1]
        above = self.cleaned.text[max(0, middle - _NEIGHBOURHOOD) : middle]
        below = self.cleaned.text[end : end + _NEIGHBOURHOOD]
        return sum(pair in below for pair in pairs) > sum(pair in above for pair in pairs)

    def _prose(self, first: int, last: int) -> int:
        """Characters of running text in the lines from `first` up to `last`."""
        return sum(len(line) for line in self.lines[first:last] if is_prose(line))

    def _parts(self, start: int, border: int) -> bool:
        """Whether there is text enough on both sides of a border."""
        return self._prose(start, border) >= _LEAST_PROSE and self._prose(border, border + 40) >= _LEAST_PROSE

    def article(self, first: int, last: int, name: str, source: str, stem: str) -> Article:
        """The lines from `first` up to `last` as an article."""
        start, end = self.offsets[first], self.offsets[last] - 1
        lines = self.lines[first:last]
        runs = _clipped(self.cleaned.runs, start, end)
        raw_start = min((run.raw for run in runs), default=0)
        raw_end = max((run.raw + run.length for run in runs), default=0)
        text = self.cleaned.text[start:end]
        unchanged = text == self.raw[raw_start:raw_end]
        shifted = tuple(Run(run.clean, run.raw - raw_start, run.length) for run in runs)
        title = self._marked_title(first, last) or _title(lines, self.standing_in(first, last)) or _named(stem, text)
        prefixes = {place - start: mark for place, mark in self.cleaned.prefixes.items() if start <= place < end}
        rows, tables = self.tabled.part(start, end)
        authors = authors_of(lines)
        published = published_day(lines, stem) or told_year(text, signed=bool(authors))
        return Article(
            id=name,
            title=title,
            text=text,
            source=source,
            published=published,
            author="、".join(authors),
            validity=validity(text, title, stem, published),
            raw=None if unchanged else self.raw[raw_start:raw_end],
            raw_start=raw_start,
            runs=() if unchanged else shifted,
            blocks=blocks_of(text, prefixes, title, rows),
            tables=tables,
        )

    def standing_in(self, first: int, last: int) -> set[int]:
        """Standing bylines of the lines from `first` up to `last`, counted from `first`."""
        return {index - first for index in self.standing if first <= index < last}

    def _marked_title(self, first: int, last: int) -> str:
        """The first heading of the highest rank that was marked with #."""
        prefixes = self.cleaned.prefixes
        ranked = [
            (prefix.count("#"), index)
            for index in range(first, last)
            if "#" in (prefix := prefixes.get(self.offsets[index], ""))
        ]
        return self.lines[min(ranked)[1]] if ranked else ""


def _clipped(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """The runs inside `start`..`end` of the clean text, their clean offsets counted from `start`."""
    clipped = []
    first = max(0, bisect_right(runs, start, key=lambda run: run.clean) - 1)
    last = bisect_left(runs, end, key=lambda run: run.clean)
    for run in runs[first:last]:
        low, high = max(run.clean, start), min(run.clean + run.length, end)
        if low < high:
            clipped.append(Run(low - start, run.raw + low - run.clean, high - low))
    return clipped


def _is_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and not _SENTENCE.search(line) and not _ABOUT.search(line)


def _title(lines: list[str], standing: set[int]) -> str:
    """The headline: of the lines on top the two-part one, else the first; else the first heading further down."""
    if len(lines) == 1:
        return ""
    top = []
    for index, line in enumerate(lines[:6]):
        if index in standing or not _is_title(line) or index + 1 == len(lines):
            break
        top.append(line)
    headlines = [line for line in top if not _KICKER.search(line)]
    couplets = [line for line in headlines if _is_couplet(line)]
    if couplets or headlines or top:
        return (couplets or headlines or top)[0]
    for index, line in enumerate(lines[:-1]):
        if index not in standing and is_heading(line) and _is_title(line) and not _NO_TITLE.search(line):
            return line
    return ""


def _is_couplet(line: str) -> bool:
    """Whether the line has the two balanced parts of a newspaper's main headline."""
    parts = line.split()
    return len(parts) == 2 and min(map(len, parts)) >= 4 and abs(len(parts[0]) - len(parts[1])) <= 2


def _named(stem: str, text: str) -> str:
    """A title where the text has none: the file name if it says something, else the first words."""
    if len(re.findall(f"[{HAN}]", stem)) >= 2 or not text:
        return stem
    sentence = re.split(r"[\n。！？!?]", text, maxsplit=1)[0].strip() or text.split("\n", 1)[0]
    if len(sentence) <= _LONGEST_FIRST_WORDS:
        return sentence
    clauses = [match.start() for match in re.finditer(r"[，；：,;:]", sentence[: _LONGEST_FIRST_WORDS + 1])]
    return sentence[: clauses[-1] if clauses and clauses[-1] >= _LONGEST_FIRST_WORDS // 3 else _LONGEST_FIRST_WORDS]
