"""Blanks that the line ends of the print left inside Chinese running text.

Knows one line at a time. The blanks give themselves away by tearing words apart; near such a place the other blanks
among Chinese characters, marks and figures go too, but not those between names and in titles of two parts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from corpus.article import Span
from corpus.repair.lines import BLANKS, HAN, Line, hangs_loose_at_end, hangs_loose_at_start, is_prose, word_across

_FULL = "，。、；：！？"
_BLANK = re.compile(rf"(?<=[{HAN}{_FULL},;:?!”》）\"0-9%％])[{BLANKS}]+(?=[{HAN}{_FULL}“《（\"0-9])")
_TORN = re.compile(rf"(?<=[{HAN}])[{BLANKS}]+(?=[{HAN}])")
_BLANK_AFTER_HALF = re.compile(rf"(?<=[{HAN}][,;:?!])[{BLANKS}]+(?=[{HAN}“《])")
_ROLE = "(?:记者|通讯员|实习生|编辑|责编|校对|审核|初审|复审|终审|摄影|供图|来源|作者|文/图|图/文)"
_CREDIT = re.compile(
    rf"(?<![{BLANKS}])[{BLANKS}]*{_ROLE}[{BLANKS}:：丨|/]*[{HAN}·]{{1,4}}(?:[{BLANKS}:：]+[{HAN}·]{{1,6}}){{0,8}}"
)
_NAMES = re.compile(rf"[（(][{HAN}·]{{2,4}}(?:[{BLANKS}]+[{HAN}·]{{2,4}})+[）)]")
_DANGLING = re.compile("(?<!目)的$")
_DATELINE = re.compile(rf"[日社][电讯][{BLANKS}]+")
_CAPTION_END = re.compile(rf"(?<![{BLANKS}])[{BLANKS}]+[{HAN}]{{2,15}}$")
# Parts and a blank between the marks of a title or slogan: the blank was meant, unless it tears a word.
_TITLE_PARTS = re.compile(
    rf"《[{HAN}]{{2,12}}(?:[ \u3000][{HAN}]{{2,12}})+》|[“\"][{HAN}]{{3,12}}(?:[ \u3000][{HAN}]{{3,12}})+[”\"]"
)
_LONGEST_KEPT = 300
_SINGLE_BLANK = re.compile(rf"(?<=[^{BLANKS}])[{BLANKS}](?=[^{BLANKS}])")
_ONE_HAN = re.compile(rf"[{HAN}]")
_FEWEST_HAN = 3
_FEWEST_SPACES = 15
_FEWEST_PIECES = 5
_MOST_PER_BLANK = 1.25  # characters between two blanks of a line that has them everywhere
_REACH = 160  # how far from a torn word other blanks still count as left by the same print


def without_letter_spaces(lines: list[Line]) -> tuple[list[Line], int]:
    """The lines of a page that has a blank between nearly all its characters, figures too, as some recognition has it.

    Wider blanks are what stood between the words, and stay.
    """
    spaced = {index for index, line in enumerate(lines) if " " in line.text and _is_letter_spaced(line.text)}
    if 2 * sum(len(lines[index].text) for index in spaced) <= sum(len(line.text) for line in lines):
        return lines, 0
    cuts = {index: [match.span() for match in _SINGLE_BLANK.finditer(lines[index].text)] for index in spaced}
    if sum(map(len, cuts.values())) < _FEWEST_SPACES:
        return lines, 0
    result = [line.without(cuts[index]) if index in spaced else line for index, line in enumerate(lines)]
    return result, sum(map(len, cuts.values()))


def _is_letter_spaced(text: str) -> bool:
    pieces = text.split()
    letters = sum(map(len, pieces))
    if len(pieces) < _FEWEST_PIECES or letters > _MOST_PER_BLANK * len(pieces):
        return False
    return len(_ONE_HAN.findall(text)) >= _FEWEST_HAN


def without_print_blanks(line: Line) -> tuple[Line, int]:
    """Blanks that the line ends of the print left inside Chinese running text.

    They give themselves away by tearing words apart. Near such a place the other blanks among Chinese
    characters, marks and figures go too, but not those in titles of two parts and between names.
    """
    text = line.text
    if not any(blank in text for blank in BLANKS):
        return line, 0
    if not is_prose(text):
        return line, 0
    cuts = {match.span() for match in _BLANK_AFTER_HALF.finditer(text)}
    if _TORN.search(text):
        cuts |= _print_blanks(text)
    return (line.without(sorted(cuts)), len(cuts)) if cuts else (line, 0)


def _print_blanks(text: str) -> set[Span]:
    """The blanks of running text within reach of a torn word, or of a blank between characters that is so."""
    kept = sorted(
        match.span() for pattern in (_CREDIT, _NAMES, _DATELINE, _CAPTION_END) for match in pattern.finditer(text)
    )
    places = [match.span() for match in _TORN.finditer(text) if not _inside(match.start(), kept)]
    torn = {span for span in places if _tears_a_word(text, span)}
    if not torn or 5 * len(torn) < len(places) or (len(torn) == 1 and not _falls_apart(text, *torn)):
        return set()
    apart = sorted(span for span in torn if _falls_apart(text, span))
    titles = [match.span() for match in _TITLE_PARTS.finditer(text)]
    kept = sorted([*kept, *(title for title in titles if _is_balanced(text, title) or not _any_inside(apart, title))])
    anchors = _reached(_reached([(span[0], span in torn) for span in places])[::-1])[::-1]
    starts = [start for start, reached in anchors if reached]
    cuts: set[Span] = set()
    for match in _BLANK.finditer(text):
        first, last = match.span()
        if _inside(first, kept) or (text[first - 1].isascii() and text[last].isascii()):
            continue
        place = bisect_right(starts, first)
        if any(abs(first - start) <= _REACH for start in starts[max(0, place - 1) : place + 1]):
            cuts.add(match.span())
    return cuts


def _reached(blanks: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
    """The blanks between Chinese characters with those of the print marked: each vouches for the next one."""
    result: list[tuple[int, bool]] = []
    last: int | None = None
    for place, printed in blanks:
        printed = printed or (last is not None and abs(place - last) <= _REACH)
        if printed:
            last = place
        result.append((place, printed))
    return result


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


def _is_balanced(text: str, title: Span) -> bool:
    """Whether the parts of a title have the same length, as those of a slogan."""
    lengths = {len(part) for part in text[title[0] + 1 : title[1] - 1].split()}
    return len(lengths) == 1


def _any_inside(places: list[Span], span: Span) -> bool:
    """Whether one of the ascending `places` begins inside `span`."""
    first = bisect_left(places, span)
    return first < len(places) and places[first][0] < span[1]


def _inside(place: int, spans: list[Span]) -> bool:
    """Whether one of the ascending `spans` covers `place`; they are at most _LONGEST_KEPT characters long."""
    first = bisect_left(spans, (place - _LONGEST_KEPT, 0))
    return any(start <= place < end for start, end in spans[first : bisect_right(spans, (place + 1, 0))])
