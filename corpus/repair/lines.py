"""A line of a page on its way from raw to clean, what kind of line it is, and the dictionary of words.

Knows one line at a time; nothing of pages, files or of which repairs there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import Span
from corpus.text.cutting import dictionary_cutter

HAN = r"\u3400-\u9fff\uf900-\ufaff"
BLANKS = " \t\u00a0\u3000\u2002\u2003\u2009"
_BYLINE_END = re.compile(
    rf"(?:记者|通讯员)\s*(?:[{HAN}·]{{2,4}}[ \u3000]*){{1,6}}(?:文\s*[/／]\s*图|图\s*[/／]\s*文|摄影?)?$"
)
_CREDIT_END = re.compile(r"(?:文\s*[/／]\s*图|图\s*[/／]\s*文|摄|摄影|供图|报道|整理|制图|电|讯)$")
CONTINUING = "，。、；：！？”’》）,;:!?%％"  # marks that no paragraph begins with
_MIDDLE = re.compile(rf"[{HAN}0-9,，、“‘《（]")
_STOPS = re.compile(r"[。！？；!?;]")
_COMMAS = re.compile(r"[,，]")
_PUNCTUATION = re.compile(r"[,，。、；：;:]")
_ITEM = re.compile(
    r"[（(]?[一二三四五六七八九十百零〇\d]{1,4}(?:[）)、]|[.．](?!\d))|第[一二三四五六七八九十百零〇\d]+[章节条款项]|[-*•●◆①-⑳]"
)
_LONGEST_HEADING = 45
_SHORTEST_TAIL = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line on its way from raw to clean: `spans` are the raw places of `text`, in the order of `text`.

    `breaks` counts the line breaks before it (1: directly below, 2: one empty line); `indented` says whether blanks
    stood before its first character, and `prefix` which, with the # or the bullet that was taken away there.
    """

    text: str
    spans: tuple[Span, ...]
    breaks: int = 1
    indented: bool = False
    prefix: str = ""

    @property
    def marked(self) -> bool:
        """Whether a mark before it said that a heading, an item or code begins here."""
        return bool(self.prefix) and not self.prefix.isspace()

    def without(self, cuts: Sequence[Span]) -> Line:
        """The line less `cuts` (offsets in `text`, ascending, apart)."""
        keeps = []
        start = 0
        for first, last in cuts:
            keeps.append((start, first))
            start = last
        keeps.append((start, len(self.text)))
        text = "".join(self.text[first:last] for first, last in keeps)
        return replace(self, text=text, spans=tuple(_places(self.spans, keeps)))

    def stripped(self) -> Line:
        """Without blanks at both ends."""
        bare = self.text.strip(BLANKS)
        if len(bare) == len(self.text):
            return self
        first = len(self.text) - len(self.text.lstrip(BLANKS))
        cuts = [(0, first), (first + len(bare), len(self.text))]
        line = self.without([cut for cut in cuts if cut[0] < cut[1]])
        return replace(line, indented=True, prefix=self.prefix + self.text[:first]) if first else line

    def joined(self, following: Line) -> Line:
        """The two as one line."""
        return replace(self, text=self.text + following.text, spans=self.spans + following.spans)


def _places(spans: Sequence[Span], keeps: Sequence[Span]) -> Iterator[Span]:
    """Raw places of the stretches `keeps` of a line whose raw places are `spans`; both ascend in the line."""
    place = offset = 0
    for first, last in keeps:
        while first < last:
            start, end = spans[place]
            if first >= offset + end - start:
                offset += end - start
                place += 1
                continue
            length = min(last, offset + end - start) - first
            yield start + first - offset, start + first - offset + length
            first += length


def word_across(before: str, after: str) -> str:
    """The dictionary word of Chinese characters that runs across the seam between the two texts, or ""."""
    end = 0
    seam = len(before)
    for word in dictionary_cutter()(before + after):
        end += len(word)
        if end > seam:
            return word if end - len(word) < seam and not word.isascii() else ""
    return ""


def hangs_loose_at_end(text: str) -> bool:
    """Whether the text ends in a single character that the dictionary gives no company before it."""
    words = dictionary_cutter()(text)
    return bool(words) and len(words[-1]) == 1


def hangs_loose_at_start(text: str) -> bool:
    """Whether the text begins with a single character that the dictionary gives no company after it."""
    words = dictionary_cutter()(text)
    return bool(words) and len(words[0]) == 1


def is_heading(text: str) -> bool:
    """Whether the line is short and no sentence: a heading, a caption, a name."""
    if (
        len(text) > _LONGEST_HEADING
        or text[0] in CONTINUING
        or text[-1] in "。，,、；;：:"
        or _STOPS.search(text, 0, len(text) - 1)
    ):
        return False
    return len(_COMMAS.findall(text)) <= 1


def starts_with_label(text: str) -> bool:
    """Whether the line is an item of a list: （一）, 2., 第三条."""
    return bool(_ITEM.match(text))


def is_prose(text: str) -> bool:
    """Whether the line is running text (or a piece of it), and not a heading, list or table."""
    return not is_heading(text) and bool(_PUNCTUATION.search(text))


def ends_inside(text: str) -> bool:
    """Whether running text breaks off in mid-sentence."""
    if len(text) < _SHORTEST_TAIL or not _MIDDLE.match(text[-1]):
        return False
    return not _CREDIT_END.search(text[-8:]) and not _BYLINE_END.search(text[-40:])
