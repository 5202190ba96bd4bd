"""Where on a page or a picture the characters of an article stand, and how surely they were recognised.

Knows pages, boxes and how a place is told in words. Knows nothing of how text is recognised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from corpus.languages import pick

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, each as a share of the page's width or height, from 0 to 1."""

WHOLE_PAGE: Box = (0.0, 0.0, 1.0, 1.0)
"""The box of text of which only the page is known."""
LOW = 0.8
"""A line that is less sure than this is said to be badly legible."""
_WIDE = 0.6  # of the page's width: such a line stands neither left nor right
_NAMES = {
    ("top", "left"): ("左上", "top left"),
    ("top", "middle"): ("上部中间", "top middle"),
    ("top", "right"): ("右上", "top right"),
    ("top", ""): ("上部", "top"),
    ("middle", "left"): ("左侧中部", "middle left"),
    ("middle", "middle"): ("正中", "middle"),
    ("middle", "right"): ("右侧中部", "middle right"),
    ("middle", ""): ("中部", "middle"),
    ("bottom", "left"): ("左下", "bottom left"),
    ("bottom", "middle"): ("下部中间", "bottom middle"),
    ("bottom", "right"): ("右下", "bottom right"),
    ("bottom", ""): ("下部", "bottom"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """`article.text[start:end]` was recognised on `page` (from 1; 0 where the file is one picture) inside `box`, `sure`
    from 0 to 1."""

    start: int
    end: int
    page: int
    box: Box
    sure: float


def meeting(places: Sequence[Place], start: int, end: int) -> tuple[Place, ...]:
    """Those of `places`, which ascend and do not overlap, that have characters of the stretch."""
    first = bisect_right(places, start, key=lambda place: place.end)
    return tuple(takewhile(lambda place: place.start < end, places[first:]))


def told_places(places: Iterable[Place], language: str = "zh") -> tuple[str, ...]:
    """What a reader wants to know of where a quotation stands: page and place, and whether it is badly legible."""
    by_page: dict[int, list[Place]] = {}
    for place in places:
        by_page.setdefault(place.page, []).append(place)
    if not by_page:
        return ()
    where = [_told(page, [place.box for place in there], language) for page, there in sorted(by_page.items())]
    facts = [pick(language, "、", ", ").join(where)]
    least = min(place.sure for there in by_page.values() for place in there)
    if least < LOW:
        unsure = ("识别不清（把握{:.0%}），请对照原件", "badly legible ({:.0%} sure), compare with the original")
        facts.append(pick(language, *unsure).format(least))
    return tuple(facts)


def _told(page: int, boxes: Sequence[Box], language: str) -> str:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    across = "" if right - left > _WIDE else ("left", "middle", "right")[_third((left + right) / 2)]
    name = pick(language, *_NAMES[("top", "middle", "bottom")[_third((top + bottom) / 2)], across])
    if WHOLE_PAGE in boxes:
        return pick(language, f"第{page}页", f"page {page}")
    return pick(language, f"第{page}页{name}" if page else f"图中{name}", f"page {page}, {name}" if page else name)


def _third(share: float) -> int:
    return min(2, max(0, int(3 * share)))
