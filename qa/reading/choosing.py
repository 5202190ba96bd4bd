"""Which units of a reading are shown: the best, what its answer reaches into, and what else answers as surely.

Knows readings. Knows nothing of words: what they mean is the network's to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.text.terms import squeeze
from qa.reading.reader import Read, Reading
from qa.reading.units import Unit

MOST = 3  # units of one reading, but for those that one answer reaches into
WORTH = 0.6  # of the best unit's belief makes another one worth showing
SURE = 0.4  # … if it is believed by itself


def choose(readings: Sequence[Reading]) -> list[Read]:
    """What to show for all `readings` together, for each the best first, nothing twice."""
    chosen: list[Read] = []
    for reading in readings:
        for read in _chosen_of(reading):
            if not any(_same(read, other) for other in chosen):
                chosen.append(read)
    return chosen


def _chosen_of(reading: Reading) -> Iterator[Read]:
    if not reading.reads:
        return
    best = reading.reads[0]
    shown = _with_the_list([best, *_reached(best, reading)], reading)
    yield from shown
    for read in reading.reads[1:]:
        if len(shown) >= MOST:
            return
        sure = read.belief >= max(SURE, WORTH * best.belief)
        if sure and read not in shown and not _adds_nothing(read, shown):
            shown.append(read)
            yield read


def _reached(best: Read, reading: Reading) -> list[Read]:
    """The other units of the best one's passage that the stretch which answers reaches into."""
    (start, end), passage = best.stretch, best.unit.passage
    if end <= best.unit.start or start >= best.unit.end:
        return []
    beside = (r for r in reading.reads if r.unit.passage is passage and r != best)
    return [r for r in beside if r.unit.start < end and start < r.unit.end]


def _with_the_list(shown: list[Read], reading: Reading) -> list[Read]:
    """`shown`, and where it holds several items of one list, all the others of it."""
    owners = Counter(_list_of(read) for read in shown)
    owners.pop(None, None)
    lists = {owner for owner, count in owners.items() if count > 1}
    return shown + [read for read in reading.reads if read not in shown and _list_of(read) in lists]


def _list_of(read: Read) -> tuple[str, int, int] | None:
    """What tells the list of an item from others: its article, what leads into it, its depth."""
    block = read.unit.block
    if block is None or block.kind != "item":
        return None
    return read.unit.passage.article_id, block.above, block.level


def _same(read: Read, other: Read) -> bool:
    """Whether one of the two says all of the other, as reprints do."""
    one, two = sorted((_plain(read.unit), _plain(other.unit)), key=len)
    return one in two


def _plain(unit: Unit) -> str:
    return unit.text.strip("。，；！？ \n")


def _adds_nothing(read: Read, shown: Sequence[Read]) -> bool:
    """Whether `shown` say already what answers in `read`."""
    said = squeeze("\n".join(other.unit.text for other in shown))
    answer = squeeze(read.answer)
    return any(_same(read, other) for other in shown) or (bool(answer) and answer in said)
