"""Repair of text that print and OCR left behind: `clean`, and the count of what it did.

Knows characters, lines and pages as strings; nothing of files, titles or articles. Nothing is ever guessed: the clean
text consists of stretches of the raw text (`Run`) and line breaks. Repair leaves out, joins and moves; the only change
to a character is a half-width mark among Chinese characters that becomes its full-width twin.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from itertools import pairwise

from corpus.article import Run, Span
from corpus.columns import (
    HAN,
    Line,
    hangs_loose_at_end,
    hangs_loose_at_start,
    is_heading,
    is_prose,
    join_columns,
    join_wrapped,
    starts_with_label,
    word_across,
)
from corpus.marks import widen

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+")
_BLANKS = " \t\u00a0\u3000\u2002\u2003\u2009"
_MARKDOWN_HEADING = re.compile(r"(?:#{1,6}[ \t]+)+(?=\S)")

_FULL = "，。、；：！？"
_BLANK = re.compile(rf"(?<=[{HAN}{_FULL},;:?!”》）\"0-9%％])[{_BLANKS}]+(?=[{HAN}{_FULL}“《（\"0-9])")
_TORN = re.compile(rf"(?<=[{HAN}])[{_BLANKS}]+(?=[{HAN}])")
_BLANK_AFTER_HALF = re.compile(rf"(?<=[{HAN}][,;:?!])[{_BLANKS}]+(?=[{HAN}“《])")
_ROLE = "(?:记者|通讯员|实习生|编辑|责编|校对|审核|初审|复审|终审|摄影|供图|来源|作者|文/图|图/文)"
_CREDIT = re.compile(rf"[{_BLANKS}]*{_ROLE}[{_BLANKS}:：丨|/]*[{HAN}·]{{1,4}}(?:[{_BLANKS}]+[{HAN}·]{{1,6}}){{0,8}}")
_DANGLING = re.compile("(?<!目)的$")
_DATELINE = re.compile(rf"日[电讯][{_BLANKS}]+")
_CAPTION_END = re.compile(rf"[{_BLANKS}]+[{HAN}]{{2,15}}$")
# Two parts and a blank between titles of marks: the blank was meant.
_TITLE_PARTS = re.compile(rf"[《“\"][{HAN}]{{3,}}(?:[ \u3000][{HAN}]{{3,}})+[》”\"]")
_REACH = 120  # how far from a torn word other blanks still count as left by the same print
_DOUBLED = re.compile(r"[尤极颇更最]为为(?=[重关显突常急紧迫])|们们")

_PAGE_NUMBER = re.compile(
    r"第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?|[-–—·]\s*\d{1,4}\s*[-–—·]|\d{1,4}\s*/\s*\d{1,4}"
)
_BARE_NUMBER = re.compile(r"\d{1,4}")
_SENTENCE_END = tuple("。！？；：，、.!?;:,")
_REPEAT_LENGTH = 20
_REPEAT_DISTANCE = 60_000
_UNTITLED = str.maketrans(dict.fromkeys(_BLANKS + "，。、；：！？“”‘’（）《》,;:!?()\"'"))
_SAME_WIDTH = str.maketrans(",;:?!()", "，；：？！（）", _BLANKS + '“”"')
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

    def __add__(self, other: Repairs) -> Repairs:
        return Repairs(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def total(self) -> int:
        return sum(astuple(self))

    def describe(self, language: str = "zh") -> str:
        """One line for people, in `language` ("zh" or "en")."""
        english = language == "en"
        parts = []
        for part in fields(self):
            if number := getattr(self, part.name):
                chinese_words, english_words = _WORDS[part.name]
                parts.append(f"{number} {english_words}" if english else f"{chinese_words} {number} 处")
        if not parts:
            return "nothing to repair" if english else "无需修补"
        return ", ".join(parts) if english else "，".join(parts)


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
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The repaired text, where its characters stood in the raw text, and what was done.

    Paragraphs are separated by one line break, which may lie outside of every run.
    """

    text: str
    runs: tuple[Run, ...]
    repairs: Repairs


def clean(raw: str) -> Cleaned:
    """Repair `raw`. What is clean stays as it is: `clean(clean(raw).text).text == clean(raw).text`."""
    cleaned = _clean_once(raw)
    # One repair can make room for another (a joined paragraph turns out to be a repetition). Every pass that
    # changes the text makes it shorter, or has fewer lines or half-width marks, so this comes to an end.
    for _ in range(_PASSES):
        if cleaned.text == raw:
            break
        again = _clean_once(cleaned.text)
        if again.text == cleaned.text:
            break
        cleaned = Cleaned(again.text, _composed(again.runs, cleaned.runs), cleaned.repairs + again.repairs)
    return cleaned


def _clean_once(raw: str) -> Cleaned:
    lines, repairs = _split(raw)
    lines, running_heads = _without_running_heads(lines)
    lines, blanks = _each(lines, _without_blanks)
    lines, repeats = _without_repeats(lines)
    lines, fragments = _without_fragments(lines)
    lines, joined = join_wrapped(lines)
    lines, columns = join_columns(lines)
    lines, doubled = _each(lines, _without_doubled)
    lines, marks = _each(lines, _widened)
    counts = Repairs(
        blanks=blanks,
        lines=joined,
        columns=columns,
        repeats=repeats,
        fragments=fragments,
        doubled=doubled,
        running_heads=running_heads,
        marks=marks,
    )
    return Cleaned("\n".join(line.text for line in lines), _runs(raw, lines), repairs + counts)


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
        line = _stripped(line)
        if mark := _MARKDOWN_HEADING.match(line.text):
            line = _stripped(line.without([mark.span()]))
            headings += 1
        if line.text:
            between = raw[previous:start]
            breaks = between.count("\n") if between.isspace() else len(_BREAK.findall(between))
            lines.append(replace(line, breaks=breaks) if breaks != 1 else line)
            previous = match.end()
    return lines, Repairs(invisible=invisible, headings=headings)


def _stripped(line: Line) -> Line:
    """Without blanks at both ends."""
    text = line.text
    bare = text.strip(_BLANKS)
    if len(bare) == len(text):
        return line
    first = len(text) - len(text.lstrip(_BLANKS))
    cuts = [(0, first)] if first else []
    if first + len(bare) < len(text):
        cuts.append((first + len(bare), len(text)))
    return replace(line.without(cuts), indented=first > 0)


def _each(lines: list[Line], repair: Callable[[Line], tuple[Line, int]]) -> tuple[list[Line], int]:
    result = []
    count = 0
    for line in lines:
        line, done = repair(line)
        count += done
        result.append(line)
    return result, count


def _without_blanks(line: Line) -> tuple[Line, int]:
    """Blanks that the line ends of the print left inside Chinese running text.

    They give themselves away by tearing words apart. Near such a place the other blanks among Chinese
    characters, marks and figures go too, but not those in titles of two parts and between names.
    """
    text = line.text
    if not any(blank in text for blank in _BLANKS) or not is_prose(text):
        return line, 0
    cuts = {match.span() for match in _BLANK_AFTER_HALF.finditer(text)}
    if _TORN.search(text):
        cuts |= _print_blanks(text)
    return (line.without(sorted(cuts)), len(cuts)) if cuts else (line, 0)


def _print_blanks(text: str) -> set[Span]:
    """The blanks of running text that stand within reach of a torn word, or of another such blank."""
    kept = [match.span() for pattern in (_CREDIT, _DATELINE, _CAPTION_END) for match in pattern.finditer(text)]
    places = [match.span() for match in _TORN.finditer(text) if not _inside(match.start(), kept)]
    torn = {span for span in places if _tears_a_word(text, span)}
    if not torn or 5 * len(torn) < len(places) or (len(torn) == 1 and not _falls_apart(text, *torn)):
        return set()
    kept += [match.span() for match in _TITLE_PARTS.finditer(text)]
    cuts: set[Span] = set()
    waiting: list[Span] = []
    reached = -_REACH - 1
    for match in _BLANK.finditer(text):
        first, last = match.span()
        if _inside(first, kept) or (text[first - 1].isascii() and text[last].isascii()):
            continue
        if match.span() in torn:
            cuts.update(span for span in _chained(waiting, first))
            reached, waiting = first, []
        if first - reached <= _REACH:
            cuts.add(match.span())
            reached = first
        else:
            waiting.append(match.span())
    return cuts


def _chained(spans: list[Span], end: int) -> Iterator[Span]:
    """The last of `spans`, as far as each is within reach of the one after it, and the last of `end`."""
    for span in reversed(spans):
        if end - span[0] > _REACH:
            return
        yield span
        end = span[0]


def _tears_a_word(text: str, blank: Span) -> bool:
    """Whether a dictionary word runs across the blank, or it parts 的 from what it belongs to."""
    if _DANGLING.search(text, max(0, blank[0] - 2), blank[0]):
        return True
    return bool(word_across(_before(text, blank[0]), _after(text, blank[1])))


def _before(text: str, end: int) -> str:
    return text[max(0, end - 12) : end].replace(" ", "")[-8:]


def _after(text: str, start: int) -> str:
    return text[start : start + 12].replace(" ", "")[:8]


def _falls_apart(text: str, blank: Span) -> bool:
    """Whether both halves hang loose: a single such blank says more than two words that happen to make a third."""
    return bool(_DANGLING.search(text, max(0, blank[0] - 2), blank[0])) or (
        hangs_loose_at_end(_before(text, blank[0])) and hangs_loose_at_start(_after(text, blank[1]))
    )


def _inside(place: int, spans: list[Span]) -> bool:
    return any(first <= place < last for first, last in spans)


def _without_doubled(line: Line) -> tuple[Line, int]:
    """Characters printed twice, in the few words where the doubling can never be right."""
    cuts = [(match.start() + 1, match.start() + 2) for match in _DOUBLED.finditer(line.text)]
    return (line.without(cuts), len(cuts)) if cuts else (line, 0)


def _widened(line: Line) -> tuple[Line, int]:
    text, count = widen(line.text)
    return (replace(line, text=text), count) if count else (line, 0)


def _without_running_heads(lines: list[Line]) -> tuple[list[Line], int]:
    """Page numbers, and the short line that stands again and again at regular distances."""
    if len(lines) < 3:
        return lines, 0
    drop = {index for index, line in enumerate(lines) if len(line.text) <= 24 and _PAGE_NUMBER.fullmatch(line.text)}
    drop |= _counted_pages(lines)
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if 4 <= len(line.text) <= 30 and not line.text.endswith(_SENTENCE_END):
            places.setdefault(line.text, []).append(index)
    for indices in places.values():
        if len(indices) >= 4 and _regular([lines[index].spans[0][0] for index in indices]):
            drop.update(indices[1:])
    return ([line for index, line in enumerate(lines) if index not in drop], len(drop)) if drop else (lines, 0)


def _counted_pages(lines: list[Line]) -> set[int]:
    """Bare numbers on lines of their own that count up by one, with a page of text between them."""
    chain: list[int] = []
    pages: set[int] = set()
    for index, line in enumerate(lines):
        if not (len(line.text) <= 4 and line.text.isascii() and _BARE_NUMBER.fullmatch(line.text)):
            continue
        if chain and int(line.text) == int(lines[chain[-1]].text) + 1 and _distance(lines, chain[-1], index) >= 200:
            chain.append(index)
        else:
            chain = [index]
        if len(chain) >= 3:
            pages.update(chain)
    return pages


def _distance(lines: list[Line], first: int, last: int) -> int:
    return lines[last].spans[0][0] - lines[first].spans[0][0]


def _regular(places: list[int]) -> bool:
    """Whether the gaps are of about the same size, a page each."""
    gaps = sorted(after - before for before, after in pairwise(places))
    middle = gaps[len(gaps) // 2]
    return middle >= 300 and gaps[0] >= middle / 2 and gaps[-1] <= middle * 2


def _without_repeats(lines: list[Line]) -> tuple[list[Line], int]:
    """The second and later of paragraphs that say the same, blanks and widths aside.

    Items of a list are left alone: laws list the same conditions under several articles.
    """
    if len(lines) < 2:
        return lines, 0
    first: dict[str, int] = {}
    kept = []
    for line in lines:
        place = line.spans[0][0]
        if len(line.text) >= _REPEAT_LENGTH and not starts_with_label(line.text):
            key = line.text.translate(_SAME_WIDTH)
            if len(key) >= _REPEAT_LENGTH and place - first.get(key, -_REPEAT_DISTANCE - 1) <= _REPEAT_DISTANCE:
                continue
            first[key] = place
        kept.append(line)
    return kept, len(lines) - len(kept)


def _without_fragments(lines: list[Line]) -> tuple[list[Line], int]:
    """Short lines that are a misread copy of the beginning of the next paragraph."""
    kept = [
        line
        for index, line in enumerate(lines)
        if index + 1 == len(lines) or len(line.text) > 24 or not _is_misread(line.text, lines[index + 1].text)
    ]
    return kept, len(lines) - len(kept)


def _is_misread(fragment: str, paragraph: str) -> bool:
    """Whether `fragment` copies the first clause of `paragraph` and a little of the second, with a wrong character.

    A heading may well be like the first words below it, but does not run on past their comma.
    """
    if fragment[:2] != paragraph[:2] or len(paragraph) < 2 * len(fragment) or not is_heading(fragment):
        return False
    letters = fragment.translate(_UNTITLED)
    opening = paragraph[: len(fragment) + 4]
    copied = opening.translate(_UNTITLED)[: len(letters)]
    wrong = [(mine, theirs) for mine, theirs in zip(letters, copied, strict=False) if mine != theirs]
    if len(letters) < 6 or len(copied) < len(letters) or not 1 <= len(wrong) <= len(letters) // 6:
        return False
    if any(character in "0123456789一二三四五六七八九十" for pair in wrong for character in pair):
        return False
    comma = re.search("[，,]", opening)
    return comma is not None and 0 < len(letters) - len(opening[: comma.start()].translate(_UNTITLED)) <= 4


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
