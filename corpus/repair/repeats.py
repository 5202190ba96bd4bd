"""What stands on a page too often: running heads, page numbers, paragraphs set twice, misread copies of headlines.

Knows the lines of a page; drops whole lines and changes none, except for characters printed twice.
"""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.repair.lines import BLANKS, Line, is_heading, starts_with_label

_DOUBLED = re.compile(r"[尤极颇更最]为为(?=[重关显突常急紧迫])|们们")

_PAGE_NUMBER = re.compile(r"第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?|[-–—·]\s*\d{1,4}\s*[-–—·]")
_BARE_NUMBER = re.compile(r"\d{1,4}")
_SENTENCE_END = tuple("。！？；：，、.!?;:,")
_REPEAT_LENGTH = 20
_REPEAT_ALONE = 80  # a line of this length is a paragraph; said twice by itself it was set twice
_REPEAT_DISTANCE = 60_000
_RECORD_LINES = 15
_PAIR = re.compile(r"[^：:，,。]{1,8}[：:]")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]+条")
_ARTICLES_OF_A_LAW = 3
_POINTS_UP = re.compile(r"前[一二两三]?[款项]|下列|本条|本款|上述|以上|前述|第[一二三四五六七八九十\d]+[款项条]")
_UNTITLED = str.maketrans(dict.fromkeys(BLANKS + "，。、；：！？“”‘’（）《》,;:!?()\"'"))
_SAME_WIDTH = str.maketrans(",;:?!()", "，；：？！（）", BLANKS + '“”"')


def without_doubled(line: Line) -> tuple[Line, int]:
    """Characters printed twice, in the few words where the doubling can never be right."""
    cuts = [(match.start() + 1, match.start() + 2) for match in _DOUBLED.finditer(line.text)]
    return (line.without(cuts), len(cuts)) if cuts else (line, 0)


def without_running_heads(lines: list[Line]) -> tuple[list[Line], int]:
    """Page numbers, and the short line that stands again and again at regular distances."""
    if len(lines) < 3:
        return lines, 0
    drop = {index for index, line in enumerate(lines) if len(line.text) <= 24 and _PAGE_NUMBER.fullmatch(line.text)}
    drop |= _counted_pages(lines)
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if 4 <= len(line.text) <= 30 and not line.text.endswith(_SENTENCE_END):
            places.setdefault(line.text, []).append(index)
    for indices in places.values():
        if len(indices) >= 4 and _regular([lines[index].spans[0][0] for index in indices]):
            drop.update(indices[1:])
    return ([line for index, line in enumerate(lines) if index not in drop], len(drop)) if drop else (lines, 0)


def _counted_pages(lines: list[Line]) -> set[int]:
    """Bare numbers on lines of their own that count up by one, with a page of text between them."""
    chain: list[int] = []
    pages: set[int] = set()
    for index, line in enumerate(lines):
        if not (len(line.text) <= 4 and line.text.isascii() and _BARE_NUMBER.fullmatch(line.text)):
            continue
        if chain and int(line.text) == int(lines[chain[-1]].text) + 1 and _distance(lines, chain[-1], index) >= 200:
            chain.append(index)
        else:
            chain = [index]
        if len(chain) >= 3:
            pages.update(chain)
    return pages


def _distance(lines: list[Line], first: int, last: int) -> int:
    return lines[last].spans[0][0] - lines[first].spans[0][0]


def _regular(places: list[int]) -> bool:
    """Whether the gaps are of about the same size, a page each."""
    gaps = sorted(after - before for before, after in pairwise(places))
    middle = gaps[len(gaps) // 2]
    return middle >= 300 and gaps[0] >= middle / 2 and gaps[-1] <= middle * 2


def without_repeats(lines: list[Line]) -> tuple[list[Line], int]:
    """The second and later of paragraphs that stand there because a page, or a part of it, was set twice.

    That shows by their length, or by neighbours that are repeated with them. What is said again on purpose is left
    alone: items of lists, sentences that point at what stands above them, what a record says under each of its
    numbers or names ("表决结果：…"), and everything in a text of numbered articles.
    """
    if len(lines) < 2 or sum(1 for line in lines if _ARTICLE.match(line.text)) >= _ARTICLES_OF_A_LAW:
        return lines, 0
    again = _repeated(lines)
    drop: set[int] = set()
    for index, first in again.items():
        text = lines[index].text
        neighbours = again.get(index - 1) == first - 1 or again.get(index + 1) == first + 1
        long = len(text) >= _REPEAT_ALONE and not _PAIR.match(text)
        if neighbours or (long and not _in_record(lines, first, index)):
            drop.add(index)
    return [line for index, line in enumerate(lines) if index not in drop], len(drop)


def _repeated(lines: list[Line]) -> dict[int, int]:
    """The lines that say what a line above said, blanks and widths aside, and which line that was."""
    first: dict[str, int] = {}
    again: dict[int, int] = {}
    for index, line in enumerate(lines):
        if len(line.text) < _REPEAT_LENGTH or starts_with_label(line.text):
            continue
        key = line.text.translate(_SAME_WIDTH)
        before = first.setdefault(key, index)
        if before != index and _distance(lines, before, index) > _REPEAT_DISTANCE:
            first[key] = before = index
        if before != index and len(key) >= _REPEAT_LENGTH and not _POINTS_UP.search(key):
            again[index] = before
    return again


def _in_record(lines: list[Line], first: int, again: int) -> bool:
    """Whether both lines stand under labels, and different ones: parts of a record that says the same of each."""
    labels = []
    for index in (first, again):
        near = range(index - 1, max(-1, index - _RECORD_LINES), -1)
        labels.append(next((lines[place].text for place in near if starts_with_label(lines[place].text)), ""))
    return all(labels) and labels[0] != labels[1]


def without_fragments(lines: list[Line]) -> tuple[list[Line], int]:
    """Short lines that are a misread copy of the beginning of the next paragraph."""
    kept = [
        line
        for index, line in enumerate(lines)
        if index + 1 == len(lines) or len(line.text) > 24 or not _is_misread(line.text, lines[index + 1].text)
    ]
    return kept, len(lines) - len(kept)


def _is_misread(fragment: str, paragraph: str) -> bool:
    """Whether `fragment` copies the first clause of `paragraph` and a little of the second, with a wrong character.

    A heading may well be like the first words below it, but does not run on past their comma.
    """
    if fragment[:2] != paragraph[:2] or len(paragraph) < 2 * len(fragment) or not is_heading(fragment):
        return False
    letters = fragment.translate(_UNTITLED)
    opening = paragraph[: len(fragment) + 4]
    copied = opening.translate(_UNTITLED)[: len(letters)]
    wrong = [(mine, theirs) for mine, theirs in zip(letters, copied, strict=False) if mine != theirs]
    if len(letters) < 6 or len(copied) < len(letters) or not 1 <= len(wrong) <= len(letters) // 6:
        return False
    if any(character in "0123456789一二三四五六七八九十" for pair in wrong for character in pair):
        return False
    comma = re.search("[，,]", opening)
    return comma is not None and 0 < len(letters) - len(opening[: comma.start()].translate(_UNTITLED)) <= 4
