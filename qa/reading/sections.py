"""Sections of one form, told apart by their headings: five motions with 表决结果：… under each, and one is asked about.

Knows readings and the headings above units. A network sees that such a sentence answers, hardly under which heading;
so the section that a question names is read once more, by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.article import Passage
from corpus.text.terms import squeeze
from embeddings.collections.hit import Hit
from qa.reading.network import Network
from qa.reading.reader import Read, Reading, read

_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]+(?:[）)][、.．\s]*|[、.．\s]+)|第[一二三四五六七八九十\d]+[章节部分项个类]+\s*"
)
_TITLE = re.compile("《([^》]+)》")
_FIGURES = re.compile(r"[\d零一二三四五六七八九十百千万]+")
_SHORTEST = 4  # characters of a heading that a question may name
_FEWEST = 2  # sections of a passage, of which one is read by itself


def with_section_by_itself(reading: Reading, hits: Sequence[Hit], network: Network) -> Reading:
    """`reading` with what the network makes of the sections by themselves that its question names word for word."""
    asked = squeeze(reading.question)
    known = {(one.unit.passage.id, one.unit.start, one.unit.end): one for one in reading.reads}
    for hit in hits:
        for section in _named_sections(hit.passage, asked):
            for one in read(reading.question, [replace(hit, passage=section)], network, whole=True).reads:
                moved = _moved(one, hit.passage)
                key = (hit.passage.id, moved.unit.start, moved.unit.end)
                if key not in known or known[key].belief < moved.belief:
                    known[key] = moved
    return replace(reading, reads=tuple(sorted(known.values(), key=lambda one: -one.belief)))


def _named_sections(passage: Passage, asked: str) -> Iterator[Passage]:
    """The parts of a passage that stand under a numbered heading whose words are in `asked`, as passages."""
    places = [place for place, block in enumerate(passage.blocks) if block.kind == "heading"]
    for place, after in pairwise([*places, len(passage.blocks)]):
        blocks = passage.blocks[place + 1 : after]
        heading = passage.text_of(passage.blocks[place])
        core = _core(heading)
        if not blocks or len(places) < _FEWEST or not _NUMBERED.match(heading):
            continue
        if len(core) >= _SHORTEST and core in asked:
            start, end = blocks[0].start, blocks[-1].end
            yield replace(
                passage, id=f"{passage.id}#{start}", text=passage.text[start - passage.start : end - passage.start],
                start=start, end=end, headings=(*passage.headings, heading), lead="", blocks=blocks,
                first_block=passage.first_block + place + 1,
            )  # fmt: skip


def _moved(one: Read, passage: Passage) -> Read:
    """What was read of a part of `passage`, in the passage."""
    shift = one.unit.passage.start - passage.start
    unit = one.unit
    sentence = (unit.sentence[0] + shift, unit.sentence[1] + shift)
    there = replace(unit, passage=passage, start=unit.start + shift, end=unit.end + shift, sentence=sentence)
    span, stretch = ((start + shift, end + shift) for start, end in (one.span, one.stretch))
    return replace(one, unit=there, span=span, stretch=stretch)


def in_named_section(reading: Reading) -> Reading:
    """`reading` without the units under sisters of the heading that its question has word for word.

    What was believed of a sister's sentence holds for the one of the same form under the named heading.
    """
    over = [_heading_over(read) for read in reading.reads]
    asked = squeeze(reading.question)
    named = {heading for heading in over if len(core := _core(heading)) >= _SHORTEST and core in asked}
    section = max(named, key=lambda heading: len(_core(heading)), default="")
    if not _NUMBERED.match(section):
        return reading
    beliefs: dict[str, float] = {}
    for one in reading.reads:
        beliefs[_form(one)] = max(one.belief, beliefs.get(_form(one), 0.0))
    kept = []
    for one, heading in zip(reading.reads, over, strict=True):
        if heading == section:
            # The stretch that answers may have been seen under a sister.
            kept.append(replace(one, belief=beliefs[_form(one)], stretch=one.span))
        elif not _NUMBERED.match(heading):
            kept.append(one)
    return replace(reading, reads=tuple(sorted(kept, key=lambda one: -one.belief)))


def _form(read: Read) -> str:
    return _FIGURES.sub("#", read.unit.text)


def _heading_over(read: Read) -> str:
    """The nearest heading above a unit, "" where it has none."""
    passage, start = read.unit.passage, read.unit.passage.start + read.unit.start
    above = [block for block in passage.blocks if block.kind == "heading" and block.end <= start]
    return passage.text_of(above[-1]) if above else passage.headings[-1] if passage.headings else ""


def _core(heading: str) -> str:
    """What tells a heading from its sisters: the title in it, else its words."""
    title = _TITLE.search(heading)
    return squeeze(title[1] if title else _NUMBERED.sub("", heading))
