"""Sections of one form, told apart by their headings: five motions with 表决结果：… under each, and one is asked about.

Knows readings and the headings above units. A network sees that such a sentence answers, hardly under which heading.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.text.terms import squeeze
from qa.reading.reader import Read, Reading

_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]+(?:[）)][、.．\s]*|[、.．\s]+)|第[一二三四五六七八九十\d]+[章节部分项个类]+\s*"
)
_TITLE = re.compile("《([^》]+)》")
_FIGURES = re.compile(r"[\d零一二三四五六七八九十百千万]+")
_SHORTEST = 4  # characters of a heading that a question may name


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
    for read in reading.reads:
        beliefs[_form(read)] = max(read.belief, beliefs.get(_form(read), 0.0))
    kept = []
    for read, heading in zip(reading.reads, over, strict=True):
        if heading == section:
            # The stretch that answers may have been seen under a sister.
            kept.append(replace(read, belief=beliefs[_form(read)], stretch=read.span))
        elif not _NUMBERED.match(heading):
            kept.append(read)
    return replace(reading, reads=tuple(sorted(kept, key=lambda read: -read.belief)))


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
