"""A clause asked for by its number: 第十八条, 18条, 11.5.14.2, 第二十条之一, 第三条第二项. Exact, by code.

Knows blocks and what was read. A reference to a clause inside other text is not the clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Block, Passage
from corpus.text.exact import clause_key, clauses_named
from embeddings.collections.hit import Hit
from qa.reading.reader import Read, Reading

_ANSWERS = 0.3  # belief in a unit of the clause itself, above which no other is asked


def in_named_clauses(reading: Reading, hits: Sequence[Hit]) -> Reading:
    """`reading` with only the units of the clauses that its question names; itself where none of them is there.

    Where they hardly answer, units that speak of the clause by its number are asked, too: 11.5.14.2的试验适用于….
    """
    spans = _spans(reading.question, hits)
    kept = tuple(read for read in reading.reads if any(_inside(read, *span) for span in spans))
    if not kept or kept[0].belief >= _ANSWERS:
        return replace(reading, reads=kept) if kept else reading
    others = speaking_of_clauses(reading, hits).reads
    return replace(reading, reads=tuple(sorted({*kept, *others}, key=lambda read: -read.belief)))


def speaking_of_clauses(reading: Reading, hits: Sequence[Hit]) -> Reading:
    """`reading` with only the units outside of the named clauses that speak of them: 违反第十八条的，处…. Itself where
    there are none."""
    spans, named = _spans(reading.question, hits), set(clauses_named(reading.question))
    kept = tuple(
        read
        for read in reading.reads
        if named & set(clauses_named(read.unit.text)) and not any(_inside(read, *span) for span in spans)
    )
    return replace(reading, reads=kept) if kept else reading


def with_clause_numbers(reading: Reading) -> Reading:
    """`reading` with its best unit from the number of its clause on, for 是哪一条规定的: that number is the answer."""
    if not reading.reads:
        return reading
    best = reading.reads[0]
    passage, unit = best.unit.passage, best.unit
    above = [b for b in passage.blocks if b.start - passage.start <= unit.start and _is_clause(b)]
    if not above:
        return reading
    start = above[-1].start - passage.start
    number = (start, start + len(above[-1].number))
    whole = replace(unit, start=start, sentence=(start, unit.sentence[1]))
    return replace(reading, reads=(replace(best, unit=whole, span=number, stretch=(start, unit.end)),))


def _is_clause(block: Block) -> bool:
    key = clause_key(block)
    return block.kind in ("clause", "heading") and (key.endswith("条") or "条之" in key or "." in key)


def whole_clauses(reading: Reading, hits: Sequence[Hit]) -> Reading:
    """All that the named clauses say, surely: for a question that asks for nothing else. Without any, no unit."""
    found: list[Read] = []
    for passage, start, end in _spans(reading.question, hits):
        told = sorted((r for r in reading.reads if _inside(r, passage, start, end)), key=lambda r: r.unit.start)
        # The clause's own line may be a heading, which is no unit: 11.5.14.2 单根电缆垂直燃烧试验.
        units = [replace(told[0].unit, start=start, sentence=(start, told[0].unit.sentence[1]))] if told else []
        units += [read.unit for read in told[1:]]
        found += [Read(unit, 1.0, stretch=(start, end)) for unit in units]
    return replace(reading, reads=tuple(found))


def _inside(read: Read, passage: Passage, start: int, end: int) -> bool:
    return read.unit.passage is passage and start <= read.unit.start and read.unit.end <= end


def _spans(question: str, hits: Sequence[Hit]) -> list[tuple[Passage, int, int]]:
    """Where the innermost clause that `question` names stands in the passages of `hits`: offsets in the passage."""
    named = clauses_named(question)
    spans = [(hit.passage, 0, len(hit.passage.text)) for hit in hits] if named else []
    for number in named:
        spans = [span for passage, start, end in spans for span in _within(passage, start, end, number)]
    return spans


def _within(passage: Passage, start: int, end: int, number: str) -> list[tuple[Passage, int, int]]:
    found: list[tuple[Passage, int, int]] = []
    blocks = [b for b in passage.blocks if start <= b.start - passage.start < end]
    for place, block in enumerate(blocks):
        if clause_key(block) == number:
            after = (
                b for b in blocks[place + 1 :] if clause_key(b) and b.kind == block.kind and b.level <= block.level
            )
            last = next((b.start - passage.start for b in after), end)
            found.append((passage, block.start - passage.start, last))
    return found
