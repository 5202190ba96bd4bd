"""Numbers that a word processor writes by itself: 第三条, （一）, 1.2.3, ③.

Knows how numbering.xml of a Word file describes a list, how its counters run, and how a number is written in each
format. Knows nothing of paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.reading.packages import Element, attribute, child, children

_HAN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PLACE = re.compile(r"%([1-9])")
_LARGEST = 100_000  # a counter past this one is no list


def _chinese(number: int, digits: str = _HAN, units: str = "十百千", zero: str = "零") -> str:
    """一百零五; below twenty 十五, not 一十五, as lists are numbered."""
    if number == 0 or number >= 10_000:
        return "".join(digits[int(digit)] for digit in str(number))
    text, gap = "", False
    for place, digit in enumerate(reversed(str(number))):
        value = int(digit)
        if value:
            text = digits[value] + (units[place - 1] if place else "") + (zero if gap and text else "") + text
            gap = False
        else:
            gap = bool(text)
    return text[1:] if 10 <= number < 20 and digits == _HAN else text


def _letters(number: int) -> str:
    """A … Z, AA … ZZ, as Word counts: the letter is doubled."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * min(count, 5)
    return text


def _from(first: str, last: int, number: int) -> str:
    """The sign of a row of Unicode that begins with 1."""
    return chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


def _circled(number: int) -> str:
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if 36 <= number <= 50 else _from("①", 20, number)


def written(number: int, style: str) -> str:
    """`number` as Word's number format `style` writes it; plain figures where the style is not known."""
    lowered = style.lower()
    if style in ("none", "bullet") or number < 0:
        return ""
    if lowered.startswith(("chinesecounting", "taiwanesecounting", "japanesecounting")):
        return _chinese(number)
    if lowered.startswith(("chineselegal", "ideographlegal", "japaneselegal")):
        return _chinese(number, _LEGAL, "拾佰仟")
    if lowered.startswith(("ideographdigital", "taiwanesedigital", "japanesedigital")):
        return "".join(_HAN[int(digit)] for digit in str(number))
    if lowered in ("ideographtraditional", "ideographzodiac"):
        signs = _STEMS if lowered == "ideographtraditional" else _BRANCHES
        return signs[number - 1] if 1 <= number <= len(signs) else str(number)
    if lowered.startswith("decimalenclosedcircle"):
        return _circled(number)
    simple = {
        "upperroman": lambda: _roman(number),
        "lowerroman": lambda: _roman(number).lower(),
        "upperletter": lambda: _letters(number),
        "lowerletter": lambda: _letters(number).lower(),
        "decimalzero": lambda: f"{number:02d}",
        "decimalenclosedparen": lambda: _from("⑴", 20, number),
        "decimalenclosedfullstop": lambda: _from("⒈", 20, number),
        "ideographenclosedcircle": lambda: _from("㊀", 10, number),
        "numberindash": lambda: f"- {number} -",
    }
    return simple[lowered]() if lowered in simple else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it is written (`text` has %1 for the number of level 1)."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    plain: bool = False  # all numbers in it as figures
    paragraph_style: str = ""  # paragraphs of this style stand on it
    restart: int = -1  # the level (from 1) that lets it begin anew; 0: none does; -1: any above it


@dataclass
class Numbering:
    """The lists of a document, and how far each has come."""

    lists: Mapping[str, tuple[str, Mapping[int, Level], Mapping[int, int]]] = field(default_factory=dict)
    """By numId: the abstract list, its levels, and the levels that begin anew with this numId."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """The lists that a part word/numbering.xml describes."""
        abstract: dict[str, Mapping[int, Level]] = {}
        styles: dict[str, str] = {}
        links: dict[str, str] = {}
        for entry in children(root, "abstractNum"):
            name = attribute(entry, "abstractNumId")
            abstract[name] = {_index(level): _level(level) for level in children(entry, "lvl")}
            if (link := child(entry, "styleLink")) is not None:
                styles[attribute(link, "val")] = name
            if (link := child(entry, "numStyleLink")) is not None:
                links[name] = attribute(link, "val")
        lists = {}
        for entry in children(root, "num"):
            name = attribute(entry, "numId")
            base = _val(child(entry, "abstractNumId"))
            base = styles.get(links.get(base, ""), base)
            levels, starts = dict(abstract.get(base, {})), {}
            for override in children(entry, "lvlOverride"):
                index = _index(override)
                if (level := child(override, "lvl")) is not None:
                    levels[index] = _level(level)
                if (start := child(override, "startOverride")) is not None:
                    starts[index] = _number(_val(start), 1)
            lists[name] = (base, levels, starts)
        return cls(lists)

    def level_of(self, list_id: str, style_id: str) -> int:
        """The level on which paragraphs of a style stand; the outermost one where the list does not say."""
        levels = self.lists[list_id][1] if list_id in self.lists else {}
        return next((index for index, level in levels.items() if style_id and level.paragraph_style == style_id), 0)

    def next(self, list_id: str, index: int) -> str | None:
        """The number of the next paragraph at level `index` of a list; "" of a bullet, None where there is no list."""
        if list_id not in self.lists:
            return None
        base, levels, starts = self.lists[list_id]
        level = levels.get(index)
        if level is None:
            return None
        counts = self._counts.setdefault(base, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for place in starts:
                counts.pop(place, None)
        first = starts.get(index, level.start)
        counts[index] = counts[index] + 1 if index in counts else first
        for deeper in [place for place in counts if place > index]:
            restart = levels[deeper].restart if deeper in levels else -1
            if restart < 0 or (restart and index < restart):
                del counts[deeper]
        return _filled(level, levels, {place: counts.get(place) for place in range(9)})


def _filled(level: Level, levels: Mapping[int, Level], counts: Mapping[int, int | None]) -> str:
    if level.style == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        other = levels.get(place, Level())
        count = counts[place]
        style = "decimal" if level.plain and other.style != "none" else other.style
        return written(min(other.start if count is None else count, _LARGEST), style)

    return _PLACE.sub(number, level.text).strip()


def _level(element: Element) -> Level:
    restart = child(element, "lvlRestart")
    custom = child(element, "AlternateContent", "Choice", "numFmt")
    style = child(element, "numFmt") if custom is None else custom
    legal = child(element, "isLgl")
    return Level(
        start=_number(_val(child(element, "start")), 0 if child(element, "start") is None else 1),
        style=_val(style) or "decimal",
        text=_val(child(element, "lvlText")),
        plain=legal is not None and _val(legal) not in ("0", "false", "off"),
        paragraph_style=_val(child(element, "pStyle")),
        restart=_number(_val(restart), -1) if restart is not None else -1,
    )


def _index(element: Element) -> int:
    return _number(attribute(element, "ilvl"), 0)


def _val(element: Element | None) -> str:
    return attribute(element, "val") if element is not None else ""


def _number(text: str, otherwise: int) -> int:
    try:
        return int(text)
    except ValueError:
        return otherwise
