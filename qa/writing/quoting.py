"""The embedded answer: quotations of the units that the reader chose, each with its citation and its place.

Knows readings and what is chosen of them. What it shows are slices of passages, so nothing is left to be recognised or
verified: claims and citations are made here, with their offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article, Block, Passage, Span
from corpus.places import meeting
from corpus.text.sentences import split_clauses
from corpus.text.terms import squeeze
from qa.answer import Answer, Citation, Claim
from qa.reading.choosing import choose
from qa.reading.reader import Read, Reading

RawSpans = Callable[[Passage, int, int], tuple[Span, ...]]
_CUT_END = re.compile(r"[，,、：:；;—–…\s]+$")
_WHOLE_END = re.compile(r"[。！？!?…”’」』）)》】]$")
# 他表示…… tells nothing without what he said.
_ANNOUNCES = re.compile(
    r"(?:[：:]|(?:说|称|表示|指出|显示|介绍|认为|宣布|透露|强调|提出|回忆|了解|获悉|计算?|看来|来看|来说|而言|公告)[，,]?)\s*$"
)
_MOST_MARKED = 0.8  # share of what is shown that may be marked as the shortest answer


@dataclass(frozen=True, slots=True)
class Quote:
    """The stretch `passage.text[start:end]` inside `sentence`, or from there to other items of its list (`block` is the
    last one's), and the spans of it that answer shortest."""

    passage: Passage
    start: int
    end: int
    sentence: Span
    marked: tuple[Span, ...] = ()
    block: Block | None = None


def quotes_of(readings: Sequence[Reading]) -> list[Quote]:
    """What is shown for `readings`: the best passage first, in reading order inside a passage, neighbours as one."""
    chosen = choose(readings)
    first: dict[str, int] = {}
    for place, read in enumerate(chosen):
        first.setdefault(read.unit.passage.id, place)
    quotes: list[Quote] = []
    for read in sorted(chosen, key=lambda r: (first[r.unit.passage.id], r.unit.start)):
        unit = read.unit
        if quotes and _continues(quotes[-1], read):
            last = quotes[-1]
            sentence = (min(last.sentence[0], unit.sentence[0]), max(last.sentence[1], unit.sentence[1]))
            marked = last.marked + _marked(read)
            quotes[-1] = replace(last, end=unit.end, sentence=sentence, marked=marked, block=unit.block)
        else:
            quotes.append(Quote(unit.passage, unit.start, unit.end, unit.sentence, _marked(read), unit.block))
    return [_finished(_led_in(quote)) for quote in quotes]


def write(growing: Answer, quotes: Sequence[Quote], raw_spans: RawSpans) -> Answer:
    """`growing` with the text, the claims, the citations and the highlights of `quotes`."""
    text, claims, citations, highlights = "", list[Claim](), list[Citation](), list[Span]()
    for number, quote in enumerate(quotes, 1):
        shown, shift = _shown(quote)
        start = len(text)
        text += f"{shown}[{number}]"
        claims.append(Claim(shown, start, len(text), (number,), True))
        highlights += [(a + shift + start, b + shift + start) for a, b in quote.marked]
        citations.append(_citation(number, quote, raw_spans))
    said = sum(len(squeeze(claim.text)) for claim in claims)
    kept = [(a, b) for a, b in _apart(highlights) if len(squeeze(text[a:b])) <= _MOST_MARKED * said]
    return replace(growing, text=text, claims=tuple(claims), citations=tuple(citations), highlights=tuple(kept))


def headed(answer: Answer, sentence: str) -> Answer:
    """`answer` with `sentence` before its quotations, resting on all of them; itself where there is no sentence."""
    if not sentence or not answer.citations:
        return answer
    numbers = tuple(citation.number for citation in answer.citations)
    shown = sentence + "".join(f"[{number}]" for number in numbers)
    by = len(shown)
    claim = Claim(sentence, 0, by, numbers, True, computed=True)
    moved = tuple(replace(claim, start=claim.start + by, end=claim.end + by) for claim in answer.claims)
    highlights = tuple((start + by, end + by) for start, end in answer.highlights)
    return replace(answer, text=shown + answer.text, claims=(claim, *moved), highlights=highlights)


def block_passage(article: Article, *blocks: Block) -> Passage:
    """Neighbouring blocks of an article as a passage of their own."""
    start, end = blocks[0].start, blocks[-1].end
    place, last = (bisect_left(article.blocks, at, key=lambda block: block.start) for at in (start, end))
    return Passage(
        f"{article.id}#{start}-{end}", article.id, article.text[start:end], start, end,
        title=article.title, source=article.source, published=article.published,
        headings=article.headings_above(start), blocks=article.blocks[place:last], first_block=place,
        validity=article.validity, places=meeting(article.places, start, end),
    )  # fmt: skip


def _citation(number: int, quote: Quote, raw_spans: RawSpans) -> Citation:
    passage = quote.passage
    words = passage.text[quote.start : quote.end]
    start = passage.start + quote.start
    return Citation(number, passage, words, start, start + len(words), raw_spans(passage, start, start + len(words)))


def _continues(quote: Quote, read: Read) -> bool:
    """Whether `read` follows `quote` directly: in the same sentence, or as the next item of the same list."""
    unit = read.unit
    if unit.passage is not quote.passage or unit.passage.text[quote.end : unit.start].strip():
        return False
    return unit.sentence == quote.sentence or _one_thing(unit.passage, quote.block, unit.block)


def _one_thing(passage: Passage, one: Block | None, other: Block | None) -> bool:
    """Whether two neighbouring blocks are shown as one: a clause with its items, the items of a list."""
    if one is None or other is None or "item" not in (one.kind, other.kind):
        return one is other and one is not None and one.kind == "clause"
    place = other.above - passage.first_block
    owned = 0 <= place < len(passage.blocks) and passage.blocks[place] == one
    return owned or (one.kind == other.kind and one.above == other.above)


def _led_in(quote: Quote) -> Quote:
    """A quote of several items with what leads into their list, where that stands directly before them."""
    block, passage = quote.block, quote.passage
    if block is None or block.kind != "item" or "\n" not in passage.text[quote.start : quote.end]:
        return quote
    place = block.above - passage.first_block
    if not 0 <= place < len(passage.blocks):
        return quote
    start, end = passage.blocks[place].start - passage.start, passage.blocks[place].end - passage.start
    if end > quote.start or passage.text[end : quote.start].strip():
        return quote
    return replace(quote, start=start, sentence=(start, quote.sentence[1]))


def _marked(read: Read) -> tuple[Span, ...]:
    return (read.span,) if read.span[1] > read.span[0] else ()


def _finished(quote: Quote) -> Quote:
    """Go on to the next mark where the quote ends in words that only announce what follows."""
    text, end = quote.passage.text, quote.end
    while end < quote.sentence[1] and _ANNOUNCES.search(text[quote.start : end]):
        end = split_clauses(text, end, quote.sentence[1])[0][1]
    return replace(quote, end=end)


def _shown(quote: Quote) -> tuple[str, int]:
    """The quote as a person reads it, …… where the sentence goes on, and by how much offsets in the passage shift."""
    text = quote.passage.text[quote.start : quote.end]
    before = "……" if quote.start > quote.sentence[0] else ""
    shift = len(before) - quote.start
    if quote.end < quote.sentence[1]:
        return before + _CUT_END.sub("", text) + "……", shift
    return before + (text if _WHOLE_END.search(text) else _CUT_END.sub("", text) + "。"), shift


def _apart(spans: Sequence[Span]) -> list[Span]:
    """`spans` in order, without those that lie in others."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
