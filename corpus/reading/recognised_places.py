"""Where recognised lines of a page came to stand in the text that was made of them.

Knows the lines of a scan and the finished articles. Lines were joined, moved and mended meanwhile, so each is looked
for by its characters; one that is not found any more has no place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article, Run
from corpus.places import Box, Place

_SHORTEST = 2  # characters of a line that can be told from others


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line as it was read on `page`, with its box and how sure it is."""

    text: str
    page: int
    box: Box
    sure: float


def with_places(article: Article, raw: str, lines: Sequence[RecognisedLine]) -> Article:
    """`article`, which was made of `raw`, with the places of `lines` (page by page) in its text."""
    found = sorted(_found(raw, lines), key=lambda one: one.start)
    starts = [one.start for one in found]
    places: list[Place] = []
    for run in article.runs if article.raw is not None else (Run(0, 0, len(article.text)),):
        low = run.raw + article.raw_start
        for one in found[max(0, bisect_left(starts, low) - 1) :]:
            if one.start >= low + run.length:
                break
            start, end = max(one.start, low), min(one.end, low + run.length)
            if start < end:
                _add(places, replace(one, start=run.clean + start - low, end=run.clean + end - low))
    return replace(article, places=tuple(one for one in places if article.text[one.start : one.end].strip()))


def with_pages(article: Article, lines: Sequence[RecognisedLine]) -> Article:
    """`article`, whose text was put together of `lines` (page by page), with the pages that its stretches stand on."""
    stretches: list[Place] = []
    for one in with_places(article, article.text, lines).places:
        last = stretches[-1] if stretches else None
        if last and last.page == one.page:
            stretches[-1] = replace(last, end=one.end)  # with what stands between two lines of one page
        elif not last or last.page < one.page:
            stretches.append(one)
    return replace(article, places=tuple(stretches))


def _add(places: list[Place], one: Place) -> None:
    last = places[-1] if places else None
    if last and (last.page, last.box) == (one.page, one.box) and last.end == one.start:
        places[-1] = replace(last, end=one.end)
    else:
        places.append(one)


def _found(raw: str, lines: Sequence[RecognisedLine]) -> Iterator[Place]:
    """The places of `lines` in `raw`, each stretch of it at most once, blanks aside."""
    shown = [at for at, character in enumerate(raw) if not character.isspace()]
    text = "".join(raw[at] for at in shown)
    taken = bytearray(len(text))
    page = begins = 0
    starts: list[int] = []  # in `text`, of what was found on the page
    after: dict[str, int] = {}  # where to look on for a line that the page has several times
    for line in lines:
        if line.page != page:
            # A page begins behind the middle of the one before: its end may have been mistaken.
            begins = sorted(starts)[len(starts) // 2] if starts else begins
            page, starts, after = line.page, [], {wanted: at for wanted, at in after.items() if at >= begins}
        wanted = "".join(line.text.split())
        at = text.find(wanted, after.get(wanted, begins)) if len(wanted) >= _SHORTEST else -1
        while at >= 0 and any(taken[at : at + len(wanted)]):
            at = text.find(wanted, at + 1)
        end = at + len(wanted) if at >= 0 else len(text)
        after[wanted] = end
        if at >= 0:
            taken[at:end] = b"\1" * len(wanted)
            starts.append(at)
            left, top, right, bottom = (round(side, 3) for side in line.box)
            yield Place(shown[at], shown[end - 1] + 1, line.page, (left, top, right, bottom), round(line.sure, 2))
