"""The blocks of a passage and the tables of an article as short JSON, for the article store.

Knows nothing of SQLite. The blocks of an article are kept with its passages, so that a hit of a long article does not
have all of them read; a block that a passage's border cuts is kept whole in both passages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, get_args

from corpus.article import UNSAID, Article, Block, Cell, Kind, Passage, Table, Validity
from corpus.places import Place

_KINDS: tuple[Kind, ...] = get_args(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_PLAIN: tuple[Any, ...] = (0, "", -1, -1, ())


def packed_structure(article: Article, passage: Passage) -> str:
    """What `passage`, one of `article`, knows of its place in it; "" where that is nothing."""
    first = passage.first_block
    blocks = article.blocks[first : first + len(passage.blocks)]
    places = listed_places(passage.places)
    held = listed_validity(article.validity) or ([()] if places else [])
    if not (blocks or passage.headings or passage.lead or held):
        return ""
    heads = dict.fromkeys(cell.head for block in blocks if block.cells for cell in block.cells)
    numbered = {head: number for number, head in enumerate(heads)}
    listed = [_listed(block, numbered) for block in blocks]
    return _json([passage.headings, passage.lead, first, list(heads), listed, *held, *places])


def with_structure(passage: Passage, packed: str) -> Passage:
    """`passage` with what `packed` says of it."""
    if not packed:
        return passage
    headings, lead, first, heads, listed, *told = json.loads(packed)
    blocks = tuple(_block(values, heads).clipped(passage.start, passage.end) for values in listed)
    return replace(
        passage, headings=tuple(headings), lead=lead, blocks=blocks, first_block=first,
        validity=_validity(told), places=_places(told),
    )  # fmt: skip


def told_validity(packed: str) -> Validity:
    """What a passage knows of how long its article holds."""
    return _validity(json.loads(packed)[5:] if packed else [])


def listed_validity(validity: Validity) -> list[tuple[Any, ...]]:
    """What an article says of how long it holds, in a list; an empty one where it says nothing. What others say of it
    is not its own."""
    told = (validity.since, validity.until, validity.amended, validity.repealed)
    own = (*told, validity.repeals) if validity.repeals else told
    return [] if validity == UNSAID else [own]


def listed_places(places: Sequence[Place]) -> list[list[Any]]:
    """The places of recognised text, all in one list; an empty one where there are none."""
    told = [(place.start, place.end, place.page, place.box, place.sure) for place in places]
    return [told] if told else []


def joined_places(packed: Iterable[str]) -> tuple[Place, ...]:
    """The places of an article out of what its passages know."""
    found = (place for structure in packed for place in _places(json.loads(structure)[5:]))
    return tuple(dict.fromkeys(found))


def _places(told: list[Any]) -> tuple[Place, ...]:
    listed = told[1] if len(told) > 1 else ()
    return tuple(Place(start, end, page, tuple(box), sure) for start, end, page, box, sure in listed)


def _validity(told: list[Any]) -> Validity:
    if not told or not told[0]:
        return UNSAID
    since, until, amended, repealed, *repeals = told[0]
    return Validity(since, until, amended, repealed, tuple(*repeals))


def joined_blocks(packed: Iterable[str]) -> tuple[Block, ...]:
    """The blocks of an article out of what its passages know, in their order."""
    blocks: list[Block] = []
    for structure in packed:
        _, _, first, heads, listed, *_ = json.loads(structure)
        blocks += [_block(values, heads) for values in listed[len(blocks) - first :]]
    return tuple(blocks)


def packed_blocks(blocks: Sequence[Block]) -> str:
    """All that is to be told of `blocks`, for a checksum."""
    return _json([_listed(block, None) for block in blocks])


def packed_tables(tables: Sequence[Table]) -> str:
    return _json([(table.caption, table.unit, table.heads) for table in tables]) if tables else ""


def unpacked_tables(packed: str) -> tuple[Table, ...]:
    if not packed:
        return ()
    return tuple(Table(caption, unit, tuple(map(tuple, heads))) for caption, unit, heads in json.loads(packed))


def _listed(block: Block, heads: dict[str, int] | None) -> list[Any]:
    """The fields of `block` in order, without the usual ones at the end; the heads of cells by number where given."""
    if block.kind == "paragraph" and block.above < 0:
        return [_NUMBERS["paragraph"], block.start, block.end]
    cells = tuple(
        (cell.head if heads is None else heads[cell.head], cell.start, cell.end, cell.column) for cell in block.cells
    )
    values = [block.level, block.number, block.above, block.table, cells]
    while values and values[-1] == _PLAIN[len(values) - 1]:
        values.pop()
    return [_NUMBERS[block.kind], block.start, block.end, *values]


def _block(values: list[Any], heads: list[str]) -> Block:
    kind, start, end, *rest = values
    level, number, above, table, cells = (*rest, *_PLAIN[len(rest) :])
    read = tuple(Cell(heads[head], first, last, column) for head, first, last, column in cells)
    return Block(_KINDS[kind], start, end, level, number, above, table, read)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
