"""Lists as a whole: where an answer shows some items of one, the others belong to it, also those of other passages.

Knows readings, and passages of the articles they are of. Which units are shown, `choosing` tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.article import Block, Passage
from qa.questions.intents import intent_of
from qa.reading.choosing import choose
from qa.reading.counting import ITEMS_ASKED
from qa.reading.reader import Read, Reading
from qa.reading.units import Unit, units_of

MOST_ITEMS = 30
"""Items of one list that an answer shows; it says how many there are in all."""
Passages = Callable[[str], Sequence[Passage]]
"""The passages of an article, by its id, in reading order."""
ListKey = tuple[str, int, int]
"""What tells a list from others: its article, the block that leads in, its depth."""

_ASK_FOR_LISTS = frozenset({"list", "way"})


def with_whole_lists(reading: Reading, passages_of: Passages) -> Reading:
    """`reading` such that all of a list is shown, where the question asks for one and some items of it are shown.

    Up to `MOST_ITEMS`; what stands under an item goes with it.
    """
    counts = ITEMS_ASKED.search(reading.question) is not None
    if not reading.reads or not (counts or intent_of(reading.question) in _ASK_FOR_LISTS):
        return reading
    best = reading.reads[0]
    key = _list_shown(choose([reading]), best, 1 if counts else 2)
    if key is None:
        return reading
    known = {(read.unit.passage.id, read.unit.start): read for read in reading.reads}
    own = {read.unit.passage.id: read.unit.passage for read in reading.reads}
    added = []
    for unit in _units_of_list(key, [own.get(one.id, one) for one in passages_of(key[0])]):
        read = known.get((unit.passage.id, unit.start)) or Read(unit, 0.0)
        # All of it is the answer, so nothing in it is marked as the shortest.
        added.append(replace(read, belief=best.belief, span=(unit.start, unit.start)))
    units = {(read.unit.passage.id, read.unit.start) for read in (best, *added)}
    kept = [
        read
        for read in reading.reads
        if (read.unit.passage.id, read.unit.start) not in units and list_of(read.unit.passage, read.unit.block) != key
    ]
    others = [read for read in added if read.unit != best.unit]
    whole = replace(best, span=(best.unit.start, best.unit.start), stretch=_stretch(best, others))
    return replace(reading, reads=(whole, *others, *kept))


def list_of(passage: Passage, block: Block | None) -> ListKey | None:
    """The list that a block is an item of."""
    if block is None or block.kind != "item":
        return None
    return passage.article_id, block.above, block.level


def _list_shown(shown: Sequence[Read], best: Read, least: int) -> ListKey | None:
    """The list of which at least `least` items are shown, or one below what leads in."""
    items = Counter(key for read in shown if (key := list_of(read.unit.passage, read.unit.block)))
    block, passage = best.unit.block, best.unit.passage
    if block is None:
        return None
    if own := list_of(passage, block):
        return own if items[own] >= least else None
    place = next((at for at, one in enumerate(passage.blocks, passage.first_block) if one == block), -1)
    if led := [key for key in items if key[:2] == (passage.article_id, place)]:
        return led[0]
    below = [one.level for one in passage.blocks if one.kind == "item" and one.above == place]
    announces = passage.text_of(block).rstrip()[-1:] in ("：", ":")
    return (passage.article_id, place, min(below)) if announces and below else None


def _units_of_list(key: ListKey, passages: Sequence[Passage]) -> Iterator[Unit]:
    """The items of a list and what stands under them."""
    _, above, level = key
    members: set[int] = set()
    count = 0
    for passage in passages:
        starts = {}
        for place, block in enumerate(passage.blocks, passage.first_block):
            own = block.kind == "item" and block.above == above and block.level == level
            # An item that two passages share is one.
            count += own and place not in members
            if count > MOST_ITEMS:
                break
            if own or block.above in members:
                members.add(place)
                starts[block.start] = block
        yield from (unit for unit in units_of(passage) if unit.block is not None and unit.block.start in starts)


def _stretch(best: Read, items: Sequence[Read]) -> tuple[int, int]:
    """From the best unit over all items of its passage."""
    beside = [best.unit, *(read.unit for read in items if read.unit.passage is best.unit.passage)]
    return min(unit.start for unit in beside), max(unit.end for unit in beside)
