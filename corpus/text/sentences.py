"""Sentence and clause borders in Chinese text, as offsets.

Knows punctuation, quotation marks and brackets. Knows nothing of articles, passages or vocabulary, and never
changes a character: every span is a slice of the text that was handed in.
"""

from __future__ import annotations

import re

from corpus.article import Span

LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"
TERMINATORS = "。｡！？!?；;…"
_CLOSERS = "”’」』》〉）)】〕］]｝}"

# A bracket or a short quotation is stepped over as a whole. Longer ones are more likely an unpaired mark (or a speech),
# and are split like any other text.
_LONGEST_BRACKET = 120
_LONGEST_TITLE = 80
_LONGEST_QUOTATION = 30
_INDENT = 8

# "，" or "的" after a closing quotation mark shows that the sentence goes on: “为什么？”的问题.
_GOES_ON = frozenset("，,、：:的等")
_SPEECH = "说|说道|问|问道|答|答道|喊|喊道|笑道|表示|回忆|介绍|感慨|写道|回答"

# One leading character class, so that the engine skips quickly to the few characters that matter; the
# alternatives after it look back at the one that was found.
_INNER = rf"[^（()）{LINE_BREAKS}]"
_EVENT = re.compile(
    rf"""[{TERMINATORS}.（(《〈“「{LINE_BREAKS}](?:
      (?<=[{LINE_BREAKS}])\s*(?P<line>)
    | (?<=[（(])(?:{_INNER}|[（(]{_INNER}{{0,40}}[）)]){{0,{_LONGEST_BRACKET}}}[）)](?P<bracket>)
    | (?<=《)[^《》{LINE_BREAKS}]{{0,{_LONGEST_TITLE}}}》
    | (?<=〈)[^〈〉{LINE_BREAKS}]{{0,{_LONGEST_TITLE}}}〉
    | (?<=“)[^“”{LINE_BREAKS}]{{0,{_LONGEST_QUOTATION}}}”(?P<quotation>)
    | (?<=「)[^「」{LINE_BREAKS}]{{0,{_LONGEST_QUOTATION}}}」(?P<corner>)
    | (?<=[{TERMINATORS}])[{TERMINATORS}]*(?P<end>)
    | (?<=\.)(?P<stop>)
    )""",
    re.VERBOSE,
)
_CLOSING = re.compile(rf"[{re.escape(_CLOSERS)}]*")
_ATTRIBUTION = re.compile(rf"[^，,。！？!?；;：:“”\s]{{0,8}}(?:{_SPEECH})[。！!]")
# An English full stop ends a sentence before a blank and a capital (or a Chinese character, or the end of the text).
_AFTER_STOP = re.compile(r"[\"')\]”’]*(?=\s+[A-Z\"'“‘(\[\u4e00-\u9fff]|\s*\Z)")
_ABBREVIATION = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|No|Nos|Inc|Co|Ltd|Corp|Fig|Figs|Eq|Vol|al|Gen|Sen|Rep|Gov"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|e\.g|i\.e|cf))\Z"
)
_ASCII_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=&/%#_-")

_CLAUSE_EVENT = re.compile(
    r"[（(《〈][^（()）《》〈〉]{0,80}[）)》〉]"
    rf"|(?P<mark>[，：；;—]+|,(?!\d)|(?<!\d),|:(?![\d/])|[。！？!?…]+)[{re.escape(_CLOSERS)}]*[，；：。！？…]*"
)


def split_sentences(text: str) -> list[Span]:
    """Spans `(start, end)` of the sentences of `text`, ascending, without outer blanks, none of them empty.

    Borders are 。！？；… and their ASCII twins, an English full stop before a blank and a capital, and line breaks.
    Closing quotation marks and brackets stay with their sentence. Nothing is split inside （…）, 《…》 or a short
    quotation; a longer quotation is split at its sentences.
    """
    spans: list[Span] = []
    start = 0
    straight = _StraightQuotes(text)
    for event in _EVENT.finditer(text):
        border = _border(text, event, start, straight)
        if border is None or border <= start:
            continue
        append_span(spans, text, start, border)
        start = border
    append_span(spans, text, start, len(text))
    return spans


def append_span(spans: list[Span], text: str, start: int, end: int) -> None:
    """Append the span without its outer blanks, unless nothing is left of it."""
    left = text[start:end].lstrip()
    if left:
        spans.append((end - len(left), end - len(left) + len(left.rstrip())))


def split_clauses(text: str, start: int, end: int) -> list[Span]:
    """Spans of the clauses of `text[start:end]`; each keeps its trailing ，：； (and closing marks).

    Not split at 、 nor inside brackets, numbers (1,234) or times (12:30).
    """
    spans: list[Span] = []
    begin = start
    for event in _CLAUSE_EVENT.finditer(text, start, end):
        if event.group("mark") is not None:
            append_span(spans, text, begin, event.end())
            begin = event.end()
    append_span(spans, text, begin, end)
    return spans


class _StraightQuotes:
    """Tells whether the `"` at an offset closes a quotation, by counting those before it on the same line.

    Offsets must be asked for in ascending order, so that the whole text is counted once only.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._counted = 0
        self._open = False

    def closes(self, offset: int) -> bool:
        line = self._text.rfind("\n", self._counted, offset)
        if line >= 0:
            self._counted, self._open = line, False
        if self._text.count('"', self._counted, offset) % 2:
            self._open = not self._open
        self._counted = offset
        return self._open


def _border(text: str, event: re.Match[str], start: int, straight: _StraightQuotes) -> int | None:
    """Where the sentence that holds `event` ends, or None if the event is no border."""
    kind, end = event.lastgroup, event.end()
    if kind == "end":
        return _after_terminator(text, event.start(), end, straight)
    if kind == "line":
        return end
    if kind == "stop":
        return _after_stop(text, start, end)
    if kind in ("quotation", "corner") and text[end - 2] in TERMINATORS:
        return _after_terminator(text, end - 2, end - 1, straight)
    if kind == "bracket" and text[end - 2] in TERMINATORS and event.start() - start <= _INDENT:
        return end if not text[start : event.start()].strip() else None  # a sentence of its own: （掌声。）
    return None


def _after_terminator(text: str, mark: int, end: int, straight: _StraightQuotes) -> int | None:
    following = text[end : end + 1]
    if text[end - 1] in "!?;" and following in _ASCII_WORD and text[mark - 1 : mark] in _ASCII_WORD:
        return None  # an address or an entity: /?page=2, &amp;
    border = _CLOSING.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing at worst
    if border == end and following == '"' and straight.closes(end):
        border = end + 1
    if text[border : border + 1] in _GOES_ON:
        return None
    return None if border > end and _ATTRIBUTION.match(text, border) else border


def _after_stop(text: str, start: int, end: int) -> int | None:
    closing = _AFTER_STOP.match(text, end)
    if closing is None:
        return None
    before = text[max(start, end - 12) : end - 1]
    if _ABBREVIATION.search(before) and closing.end() < len(text):
        return None
    if text[start : end - 1].strip().isdigit():
        return None  # the number of a list item: "1. Wenju"
    return closing.end()
