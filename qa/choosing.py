"""Which units of a reading are shown: the fewest that make up enough belief, without those that cannot answer.

Knows readings and hits. Left out beside a better unit are headings, which only announce, and units that have no
figure or date where one is asked for and another unit has it. Nothing here refuses: something is always chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.article import Passage
from embeddings.hit import Hit
from qa.constraints import has_number
from qa.reader import TOP, Read, Reading
from qa.units import Unit
from qa.verification import squeeze

MOST_UNITS = 3
ENOUGH_BELIEF = 0.85  # shares are added up until this is reached …
WORTH_SHOWING = 0.12  # … and a further unit must have this share of the best one's
_LONGEST_HEADING = 45
_ENDS = re.compile(r"[。！？!?；;：:，,、…”’」』）)》】]$")
_ITEM = re.compile(r"^[-*•·●■◆○\d（(一二三四五六七八九十]")
_FIELD = re.compile(r"[：:|\t]")


def choose(readings: Sequence[Reading], hits: Sequence[Hit]) -> list[Read]:
    """The units to show, at most `MOST_UNITS`: of one reading as few as make up `ENOUGH_BELIEF`, of several the best of
    each, in their order."""
    if len(readings) > 1:
        return _distinct(_fitting(reading, hits)[0] for reading in readings)[:MOST_UNITS]
    chosen: list[Read] = []
    for read in _distinct(_fitting(readings[0], hits)):
        enough = sum(r.share for r in chosen) >= ENOUGH_BELIEF
        if chosen and (enough or read.share < WORTH_SHOWING * chosen[0].share):
            break
        chosen.append(read)
    return chosen


def _fitting(reading: Reading, hits: Sequence[Hit]) -> list[Read]:
    """The best units, less those that cannot answer where others of them can."""
    best = list(reading.units[:TOP])
    worth = [read for read in best if read.share >= WORTH_SHOWING * best[0].share]
    told = [read for read in worth if not is_heading(read.unit, hits[read.unit.hit].passage)]
    if not told:
        return best
    kept = [read for read in best if read in told or read not in worth]
    return [read for read in kept if has_number(reading.asked, read.unit.text)] or kept


def is_heading(unit: Unit, passage: Passage) -> bool:
    """Whether `unit` of `passage` is its title, or a line of its own that no mark ends and no list item."""
    line, text = unit.text.strip(), passage.text
    before, after = text[: unit.start].rstrip(" \t　"), text[unit.end :].lstrip(" \t　")
    if (unit.start, unit.end) != unit.sentence or before[-1:].strip() or after[:1].strip():
        return False
    if squeeze(line) == squeeze(passage.title):
        return True
    return len(line) <= _LONGEST_HEADING and not any(p.search(line) for p in (_ENDS, _ITEM, _FIELD))


def _distinct(reads: Iterable[Read]) -> list[Read]:
    kept: list[Read] = []
    for read in reads:
        if not any(_same(read, other) for other in kept):
            kept.append(read)
    return kept


def _same(read: Read, other: Read) -> bool:
    one, two = sorted((read.unit.text.strip("。，；！？ "), other.unit.text.strip("。，；！？ ")), key=len)
    return one in two
