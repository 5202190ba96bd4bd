"""Which units of a reading are shown: the fewest that make up enough belief, without those that cannot answer.

Knows readings and hits. Left out beside a better unit are headings, which only announce, and units that have no
figure or date where one is asked for and another unit has it. Nothing here refuses: something is always chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from embeddings.hit import Hit
from qa.features import Asked
from qa.figures import is_stated, stated_figures
from qa.reader import TOP, Read, Reading
from qa.units import Unit

MOST_UNITS = 3
ENOUGH_BELIEF = 0.85  # shares are added up until this is reached …
WORTH_SHOWING = 0.12  # … and a further unit must have this share of the best one's
_LONGEST_HEADING = 45
_ENDS = re.compile(r"[。！？!?；;：:，,、…”’」』）)》】]$")
_ITEM = re.compile(r"[-*•·●■◆○\d（(一二三四五六七八九十]")
_WORDED = re.compile(r"[半两双]|[几数][十百千万亿个名]|一[个名位人家条户次所座]")


def choose(readings: Sequence[Reading], hits: Sequence[Hit]) -> list[Read]:
    """The units to show, at most `MOST_UNITS`: of one reading as few as make up `ENOUGH_BELIEF`, of several the best of
    each, those of the parts of a question before that of the whole."""
    if len(readings) > 1:
        return _distinct(_fitting(reading, hits)[0] for reading in (*readings[1:], readings[0]))[:MOST_UNITS]
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
    told = [read for read in worth if not is_heading(read.unit, hits[read.unit.hit].passage.text)]
    if not told:
        return best
    kept = [read for read in best if read in told or read not in worth]
    return [read for read in kept if _has_asked(reading.asked, read.unit.text)] or kept


def is_heading(unit: Unit, text: str) -> bool:
    """Whether `unit` of a passage with `text` is a line of its own that no mark ends, and no item of a list."""
    line = unit.text.strip()
    alone = text[: unit.start].rstrip(" \t　")[-1:] in ("", "\n") and text[unit.end :].lstrip(" \t　")[:1] in ("", "\n")
    whole = (unit.start, unit.end) == unit.sentence and len(line) <= _LONGEST_HEADING
    return alone and whole and not _ENDS.search(line) and not _ITEM.match(line) and not re.search("[：:|\t]", line)


def _has_asked(asked: Asked, text: str) -> bool:
    """False where a number is asked for, and `text` states none but those of the question."""
    if asked.kind != "how_many" or _WORDED.search(text):
        return True
    return any(figure.kind != "date" and not is_stated(figure, asked.figures) for figure in stated_figures(text))


def _distinct(reads: Iterable[Read]) -> list[Read]:
    kept: list[Read] = []
    for read in reads:
        if not any(_same(read, other) for other in kept):
            kept.append(read)
    return kept


def _same(read: Read, other: Read) -> bool:
    one, two = sorted((read.unit.text.strip("。，；！？ "), other.unit.text.strip("。，；！？ ")), key=len)
    return one in two
