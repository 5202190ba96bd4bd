"""What a network confuses and code tells exactly: X-90 and X-900, 3号楼 and 13号楼, 2019年 and 2021年, owners.

Knows a question and the units that were read. A unit that names another thing of the same kind, and not the one asked
about, cannot answer, however alike the words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.reading.boxes import NOT_TICKED
from corpus.text.labels import count_of
from corpus.text.terms import normalise, pairs
from qa.questions.answer_types import answer_type_of
from qa.reading.reader import Read, Reading

_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿两半几]")
OTHER = 0.05  # of its belief is left to a unit that names another thing of the kind
_NUMBERED = re.compile(r"(?<![\d.])(\d{1,4})(号楼|号院|号线|单元|栋|幢|路|室|班|组|届|期|号)(?!\d)")
_SPELLED = re.compile(r"([一二三四五六七八九十]{1,3})(号楼|号院|号线|单元|栋|幢)")  # 一路 is no number of a line
_CLAUSE = re.compile(r"第(\d{1,4}|[一二三四五六七八九十百零]{1,7})条")
_CODE = re.compile(r"(?<![a-z\d])([a-z]{1,8}(?:/[a-z])?)[ -]?(\d[\da-z]*)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_ASKS_LEFT_OPEN = re.compile("[没未不]")


def demoted(reading: Reading) -> Reading:
    """`reading` with little belief left in units on another number, code, year or owner than the question names, in
    boxes that were left open, and where it asks how many, in units without any number."""
    asked = _named(reading.question)
    counts = answer_type_of(reading.question) == "how_many"
    ticked = not _ASKS_LEFT_OPEN.search(reading.question)
    others = [
        _of_another(asked, _named(read.unit.text))
        or _of_another_owner(reading.question, read)
        or (ticked and NOT_TICKED in read.unit.text)
        or (counts and not _NUMBER.search(read.unit.text))
        for read in reading.reads
    ]
    if not any(others):
        return reading
    pairs_of = zip(reading.reads, others, strict=True)
    reads = (replace(read, belief=read.belief * OTHER) if other else read for read, other in pairs_of)
    return replace(reading, reads=tuple(sorted(reads, key=lambda read: -read.belief)))


def _of_another(asked: dict[str, set[str]], told: dict[str, set[str]]) -> bool:
    return any(kind in told and not names & told[kind] for kind, names in asked.items())


def _of_another_owner(question: str, read: Read) -> bool:
    """Whether an item stands under an owner that the question names less than another one of the same outline."""
    passage, block = read.unit.passage, read.unit.block
    place = block.above - passage.first_block if block and block.kind == "item" else -1
    if not 0 <= place < len(passage.blocks) or passage.blocks[place].kind != "item":
        return False
    own, asked = passage.blocks[place], pairs(normalise(question))
    owners = (b for b in passage.blocks if (b.kind, b.level, b.above) == (own.kind, own.level, own.above))
    shared = {owner.start: len(asked & pairs(normalise(passage.text_of(owner)))) for owner in owners}
    return shared[own.start] < max(shared.values())


def _named(text: str) -> dict[str, set[str]]:
    """The numbers that name things in `text`, by what they count: {"号楼": {"3"}, "年": {"2021"}}."""
    found: dict[str, set[str]] = {}
    for kind, name in _names(normalise(text)):
        found.setdefault(kind, set()).add(name)
    return found


def _names(plain: str) -> Iterator[tuple[str, str]]:
    for match in (*_NUMBERED.finditer(plain), *_SPELLED.finditer(plain)):
        yield match[2], str(count_of(match[1]))
    for match in _CLAUSE.finditer(plain):
        yield "条", str(count_of(match[1]))
    for match in _CODE.finditer(plain):
        yield match[1], match[2]
    for match in _YEAR.finditer(plain):
        yield "年", match[1]
