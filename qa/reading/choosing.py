"""Which units of a reading are shown: the fewest that make up enough belief, without those that cannot answer, or only
repeat what another one answers; all items of a list that is asked for.

Knows readings and hits. Left out beside a better unit are headings, which only announce, and units that have no
figure or date where one is asked for and another unit has it, that count something else, or whose passage lacks a name
of the question that the passage of one nearly as good has. Nothing here refuses: something is always chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.article import Passage
from embeddings.collections.hit import Hit
from qa.checking.verification import squeeze
from qa.reading.constraints import has_number, has_time, spells_out
from qa.reading.enumerations import asks_for_all, items_at
from qa.reading.features import Asked, has_measure, plain_text
from qa.reading.reader import LOOKED_AT, Read, Reading
from qa.reading.units import Unit

MOST_UNITS = 3
MOST_JOINS = 8  # of a list that the articles count off
# Tried on 1,624 questions kept from training, over 67,383 articles (contained / wrong shown / median characters): 0.85
# and 0.12: 75.1 / 13.6 / 52; 0.90 and 0.08: 75.4 / 13.2 / 56; these: 76.0 / 12.7 / 58, and RGB gains two points.
ENOUGH_BELIEF = 0.92  # shares are added up until this is reached …
WORTH_SHOWING = 0.06  # … and a further unit must have this share of the best one's
ENOUGH_PART, WORTH_ADDING = 0.85, 0.2  # the same for the parts of a question
NEARLY_BEST = 0.4  # of the best one's share, for a passage with a name to drive out one without
WORTH_SHARING = 0.5  # of the best one's share makes a unit answer a part, too, that is shown for another
_LONGEST_HEADING = 45
_ENDS = re.compile(r"[。！？!?；;：:，,、…”’」』）)》】]$")
_ITEM = re.compile(r"^[-*•·●■◆○\d（(一二三四五六七八九十]")
_JOINS = re.compile(r"[、，,；;]|以及|[和与及]")
_FIELD = re.compile(r"[：:|\t]")


def choose(readings: Sequence[Reading], hits: Sequence[Hit]) -> list[Read]:
    """The units to show, at most `MOST_UNITS`: of one reading as few as make up `ENOUGH_BELIEF`, of several the best of
    each, in their order, and then what the least certain of them needs more. What answers two parts is shown once.

    Of a list that is counted off and asked for all items are shown, at most `MOST_ITEMS`."""
    open_ones = [_fitting(reading, hits) for reading in readings]
    if len(readings) == 1 and (items := _all_items(readings[0], open_ones[0], hits)):
        return items
    chosen: list[Read] = []
    for reads in list(open_ones):
        if any(_answers_too(reads, read) for read in chosen):
            open_ones.remove(reads)
        else:
            chosen = _distinct([*chosen, reads[0]])
    chosen = chosen[:MOST_UNITS]
    enough, worth = (ENOUGH_BELIEF, WORTH_SHOWING) if len(readings) == 1 else (ENOUGH_PART, WORTH_ADDING)
    while len(chosen) < MOST_UNITS:
        told = [(_told(reads, chosen), reads) for reads in open_ones]
        wanting = [reads for share, reads in sorted(told, key=lambda pair: pair[0]) if share < enough]
        more = next((more for reads in wanting if (more := _next(reads, chosen, worth))), None)
        if not more:
            break
        chosen.append(more)
    return chosen


def _all_items(reading: Reading, best: Sequence[Read], hits: Sequence[Hit]) -> list[Read]:
    """Where all of several things are asked for (哪些措施) that a passage counts off: the best unit that announces
    them or is one of them, and the units in which they begin."""
    if not asks_for_all(reading.asked.text):
        return []
    for read in best:
        unit, text = read.unit, hits[read.unit.hit].passage.text
        items = items_at(reading.asked.text, text, unit.start, unit.end)
        if items and read.share >= WORTH_SHOWING * best[0].share:
            own = [other for other in reading.units if other.unit.hit == unit.hit]
            holding = (next((r for r in own if r.unit.start <= item < r.unit.end), None) for item in items)
            return list(dict.fromkeys([read, *(r for r in holding if r)]))[:MOST_JOINS]
    return []


def _answers_too(reads: Sequence[Read], shown: Read) -> bool:
    """Whether a unit that is shown for another part is nearly the best for this one, but not quite."""
    share = next((read.share for read in reads[1:] if read.unit == shown.unit), 0.0)
    return share >= WORTH_SHARING * reads[0].share


def _told(reads: Sequence[Read], chosen: Sequence[Read]) -> float:
    """The shares of those of `reads` that are told already, whatever part the chosen ones were chosen for."""
    return sum(read.share for read in reads if _adds_nothing(read, chosen))


def _next(reads: Sequence[Read], chosen: Sequence[Read], least: float) -> Read | None:
    """The best of `reads` that tells something yet untold and is worth it."""
    worth = (read for read in reads if read.share >= least * reads[0].share)
    return next((read for read in worth if not _adds_nothing(read, chosen)), None)


def _fitting(reading: Reading, hits: Sequence[Hit]) -> list[Read]:
    """The best units, less those that cannot answer where others of them can."""
    best = list(reading.units[:LOOKED_AT])
    worth = [read for read in best if read.share >= WORTH_SHOWING * best[0].share]
    told = [read for read in worth if not is_heading(read.unit, hits[read.unit.hit].passage)]
    if not told:
        return best
    kept = _named([read for read in best if read in told or read not in worth], reading.asked.names, hits)
    fit = [read for read in kept if _has_what_is_asked(reading.asked, read.unit.text)]
    fit = fit if fit and fit[0] in worth else kept
    measure = reading.asked.measure
    if not measure or not has_measure(fit[0].unit.text, measure):
        return fit
    return [read for read in fit if has_measure(read.unit.text, measure)]  # 2584名, not 1600多套


def _has_what_is_asked(asked: Asked, text: str) -> bool:
    return has_number(asked, text) and has_time(asked, text) and spells_out(asked, text)


def _named(reads: list[Read], names: Sequence[str], hits: Sequence[Hit]) -> list[Read]:
    """`reads` less those whose passage lacks one of `names` that the passage of one nearly as good as the best has:
    another street, another film."""
    if not names:
        return reads
    passages = {read.unit.hit: hits[read.unit.hit].passage for read in reads}
    plain = {hit: plain_text(f"{passage.title}\n{passage.text}") for hit, passage in passages.items()}
    good = {read.unit.hit for read in reads if read.share >= NEARLY_BEST * reads[0].share}
    needed = [name for name in names if any(name in plain[hit] for hit in good)]
    return [read for read in reads if all(name in plain[read.unit.hit] for name in needed)] or reads


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


def _adds_nothing(read: Read, chosen: Sequence[Read]) -> bool:
    """Whether `chosen` say already what answers best in `read`, all items of it where it is a list."""
    if any(_same(read, other) for other in chosen):
        return True
    shown = plain_text("\n".join(other.unit.text for other in chosen)) if read.answer else ""
    items = [plain_text(item) for item in _JOINS.split(read.answer)]
    return any(
        parts and min(map(len, parts)) > 1 and all(part in shown for part in parts)
        for parts in ([plain_text(read.answer)], items)
    )
