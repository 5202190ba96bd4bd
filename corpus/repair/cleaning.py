"""Repair of text that print and OCR left behind: `clean`, and the count of what it did.

Knows characters, lines and pages as strings; nothing of files, titles or articles. Nothing is ever guessed: the clean
text consists of stretches of the raw text (`Run`) and line breaks. Repair leaves out, joins and moves; the only change
to a character is a half-width mark among Chinese characters that becomes its full-width twin.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace

from corpus.article import Run
from corpus.languages import pick
from corpus.repair.blanks import without_letter_spaces, without_print_blanks
from corpus.repair.columns import join_columns, join_wrapped
from corpus.repair.lines import Line
from corpus.repair.markup import without_markup
from corpus.repair.punctuation import widen
from corpus.repair.repeats import without_doubled, without_fragments, without_repeats, without_running_heads

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+")
_MARKDOWN_HEADING = re.compile(r"(?:#{1,6}[ \t]+)+(?=\S)")

_PASSES = 50


@dataclass(frozen=True, slots=True)
class Repairs:
    """How many times each kind of repair was made. `repairs + repairs` adds up, `total` is the sum of all."""

    invisible: int = 0
    blanks: int = 0
    lines: int = 0
    columns: int = 0
    repeats: int = 0
    fragments: int = 0
    doubled: int = 0
    running_heads: int = 0
    headings: int = 0
    marks: int = 0
    markup: int = 0

    def __add__(self, other: Repairs) -> Repairs:
        # Most articles have nothing to repair: there is no sum to make of them.
        if other == _NOTHING:
            return self
        if self == _NOTHING:
            return other
        return Repairs(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def total(self) -> int:
        return sum(astuple(self))

    def describe(self, language: str = "zh") -> str:
        """One line for people, in `language` ("zh" or "en")."""
        parts = []
        for part in fields(self):
            if number := getattr(self, part.name):
                chinese_words, english_words = _WORDS[part.name]
                parts.append(pick(language, f"{chinese_words} {number} 处", f"{number} {english_words}"))
        if not parts:
            return pick(language, "无需修补", "nothing to repair")
        return pick(language, "，".join(parts), ", ".join(parts))


_NOTHING = Repairs()
_WORDS = {
    "invisible": ("去掉看不见的字符", "invisible characters removed"),
    "blanks": ("去掉多余空格", "stray blanks removed"),
    "lines": ("接上断行", "broken lines joined"),
    "columns": ("接上断栏", "torn columns rejoined"),
    "repeats": ("去掉重复段落", "repeated paragraphs dropped"),
    "fragments": ("去掉残缺标题", "garbled headline fragments dropped"),
    "doubled": ("去掉重字", "doubled characters dropped"),
    "running_heads": ("去掉页码和页眉", "page numbers and running heads dropped"),
    "headings": ("去掉标题记号", "heading marks removed"),
    "marks": ("改为全角标点", "marks widened"),
    "markup": ("去掉排版记号", "lines freed of markup"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The repaired text, where its characters stood in the raw text, and what was done.

    Paragraphs are separated by one line break, which may lie outside of every run. `prefixes` tell what was taken away
    before the lines that begin at these offsets: blanks, #, the bullets of Markdown, "```" for a line of code.
    """

    text: str
    runs: tuple[Run, ...]
    repairs: Repairs
    prefixes: Mapping[int, str] = field(default_factory=dict)


def clean(raw: str, *, markdown: bool = False) -> Cleaned:
    """Repair `raw`, and take the marks of Markdown away. What is clean stays as it is:
    `clean(clean(raw).text).text == clean(raw).text`."""
    cleaned = _clean_once(raw, markdown=markdown)
    # One repair can make room for another (a joined paragraph turns out to be a repetition). Every pass that
    # changes the text makes it shorter, or has fewer lines or half-width marks, so this comes to an end.
    for _ in range(_PASSES):
        if cleaned.text == raw:
            break
        again = _clean_once(cleaned.text, cleaned.prefixes)
        if again.text == cleaned.text:
            break
        cleaned = replace(again, runs=_composed(again.runs, cleaned.runs), repairs=cleaned.repairs + again.repairs)
    return cleaned


def _clean_once(raw: str, prefixes: Mapping[int, str] | None = None, markdown: bool = False) -> Cleaned:
    lines, repairs = _split(raw)
    if prefixes:
        lines = [replace(line, prefix=prefixes.get(line.spans[0][0], "")) for line in lines]
    lines, markup = without_markup(lines) if markdown else (lines, 0)
    lines, running_heads = without_running_heads(lines)
    lines, spaces = without_letter_spaces(lines)
    lines, blanks = _each(lines, without_print_blanks)
    lines, repeats = without_repeats(lines)
    lines, fragments = without_fragments(lines)
    lines, joined = join_wrapped(lines)
    lines, columns = join_columns(lines)
    lines, doubled = _each(lines, without_doubled)
    lines, marks = _each(lines, _widened)
    counts = Repairs(
        blanks=spaces + blanks,
        lines=joined,
        columns=columns,
        repeats=repeats,
        fragments=fragments,
        doubled=doubled,
        running_heads=running_heads,
        marks=marks,
        markup=markup,
    )
    text = "\n".join(line.text for line in lines)
    return Cleaned(text, _runs(raw, lines), repairs + counts, _prefixes(lines))


def _prefixes(lines: list[Line]) -> dict[int, str]:
    prefixes = {}
    start = 0
    for line in lines:
        if line.prefix:
            prefixes[start] = line.prefix
        start += len(line.text) + 1
    return prefixes


def _split(raw: str) -> tuple[list[Line], Repairs]:
    """The lines that have something on them, without outer blanks, heading marks and invisible characters."""
    lines: list[Line] = []
    invisible = headings = 0
    hidden = bool(_INVISIBLE.search(raw))
    previous = 0
    for match in _LINE.finditer(raw):
        text, start = match.group(), match.start()
        cuts = [found.span() for found in _INVISIBLE.finditer(text)] if hidden else []
        line = Line(text, ((start, match.end()),)).without(cuts) if cuts else Line(text, ((start, match.end()),))
        invisible += len(cuts)
        line = line.stripped()
        if mark := _MARKDOWN_HEADING.match(line.text):
            line = replace(line.without([mark.span()]), prefix=line.prefix + mark.group()).stripped()
            headings += 1
        if line.text:
            between = raw[previous:start]
            breaks = between.count("\n") if between.isspace() else len(_BREAK.findall(between))
            lines.append(replace(line, breaks=breaks) if breaks != 1 else line)
            previous = match.end()
    return lines, Repairs(invisible=invisible, headings=headings)


def _each(lines: list[Line], repair: Callable[[Line], tuple[Line, int]]) -> tuple[list[Line], int]:
    result = []
    count = 0
    for line in lines:
        line, done = repair(line)
        count += done
        result.append(line)
    return result, count


def _widened(line: Line) -> tuple[Line, int]:
    text, count = widen(line.text)
    return (replace(line, text=text), count) if count else (line, 0)


def _runs(raw: str, lines: list[Line]) -> tuple[Run, ...]:
    """Runs of the lines set one below the other; a line break that stood there already belongs to the run."""
    runs: list[Run] = []
    clean_start = raw_start = length = 0
    offset = 0
    for index, line in enumerate(lines):
        for place, (start, end) in enumerate(line.spans):
            breaks = 1 if index and place == 0 else 0
            if length and start == raw_start + length + breaks and (not breaks or raw[start - 1] == "\n"):
                length += breaks + end - start
            else:
                if length:
                    runs.append(Run(clean_start, raw_start, length))
                clean_start, raw_start, length = offset, start, end - start
            offset += end - start
        offset += 1
    if length:
        runs.append(Run(clean_start, raw_start, length))
    return tuple(runs)


def _composed(later: tuple[Run, ...], earlier: tuple[Run, ...]) -> tuple[Run, ...]:
    """Runs from the last text to the first, of two passes."""
    return tuple(_merged(_through(later, earlier)))


def _through(later: tuple[Run, ...], earlier: tuple[Run, ...]) -> Iterator[Run]:
    starts = [run.clean for run in earlier]
    for run in later:
        place = max(0, bisect_right(starts, run.raw) - 1)
        while place < len(earlier) and earlier[place].clean < run.raw + run.length:
            below = earlier[place]
            first = max(run.raw, below.clean)
            last = min(run.raw + run.length, below.clean + below.length)
            if first < last:
                yield Run(run.clean + first - run.raw, below.raw + first - below.clean, last - first)
            place += 1


def _merged(runs: Iterator[Run]) -> Iterator[Run]:
    """Runs that continue one another as one."""
    current: Run | None = None
    for run in runs:
        if current is None:
            current = run
        elif (run.clean, run.raw) == (current.clean + current.length, current.raw + current.length):
            current = Run(current.clean, current.raw, current.length + run.length)
        else:
            yield current
            current = run
    if current is not None:
        yield current
