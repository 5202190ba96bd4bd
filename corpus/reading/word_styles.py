"""What the styles of a Word file say of a paragraph: how deep a heading it is, which list it belongs to.

Knows styles.xml, and what a title looks like that was set by hand. Knows nothing of text or of how lists count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.packages import Element, attribute, child, children

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])\b", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題|书名)", re.IGNORECASE)
_SUBTITLE = re.compile(r"(?:subtitle|副标题|副標題)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄|contents)\s*\d", re.IGNORECASE)
_CAPTION = re.compile(r"(?:caption|题注|題注)", re.IGNORECASE)
_DEEPEST = 20  # styles that build on one another
_LONGEST_TITLE = 60
_NO_TITLE_END = "。；，：、！？;,:.!?"


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """`level` is that of a heading (0: none), `list_id` and `list_level` say where it stands in a list."""

    level: int = 0
    list_id: str = ""
    list_level: int | None = None
    contents: bool = False
    caption: bool = False
    style_id: str = ""


class Styles:
    """The paragraph styles of a file by id."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {attribute(style, "styleId"): style for style in children(root, "style")}
        self._known: dict[str, ParagraphStyle] = {}

    def of(self, paragraph: Element) -> ParagraphStyle:
        """What style and own settings of the paragraph say together."""
        settings = child(paragraph, "pPr")
        named = child(settings, "pStyle")
        base = self._named(attribute(named, "val")) if named is not None else ParagraphStyle()
        level, (list_id, list_level) = _outline(settings), _list(settings)
        return ParagraphStyle(
            level=base.level if level is None else level,
            list_id=base.list_id if list_id is None else list_id,
            list_level=base.list_level if list_level is None else list_level,
            contents=base.contents,
            caption=base.caption,
            style_id=base.style_id,
        )

    def _named(self, style_id: str) -> ParagraphStyle:
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str) -> ParagraphStyle:
        level: int | None = None
        list_id: str | None = None
        list_level: int | None = None
        contents = caption = False
        name = style_id
        for _ in range(_DEEPEST):
            style = self._styles.get(name)
            title = child(style, "name")
            shown = attribute(title, "val") if title is not None else name
            contents = contents or bool(_CONTENTS.match(shown))
            caption = caption or bool(_CAPTION.fullmatch(shown))
            settings = child(style, "pPr")
            found, (own_list, own_level) = _outline(settings), _list(settings)
            level = _named_level(shown) if level is None else level
            level = found if level is None else level
            list_id = own_list if list_id is None else list_id
            list_level = own_level if list_level is None else list_level
            based = child(style, "basedOn")
            if based is None:
                break
            name = attribute(based, "val")
        return ParagraphStyle(level or 0, list_id or "", list_level, contents, caption, style_id)


def _named_level(name: str) -> int | None:
    if match := _HEADING.match(name):
        return int(match.group(1))
    if _SUBTITLE.fullmatch(name):
        return 2
    return 1 if _TITLE.fullmatch(name) else None


def _outline(settings: Element | None) -> int | None:
    """The outline level from 1, 0 for body text; None where nothing is said."""
    outline = child(settings, "outlineLvl")
    value = attribute(outline, "val") if outline is not None else ""
    return (int(value) + 1) % 10 if value.isdigit() else None


def _list(settings: Element | None) -> tuple[str | None, int | None]:
    numbers = child(settings, "numPr")
    if numbers is None:
        return None, None
    list_id, level = child(numbers, "numId"), child(numbers, "ilvl")
    value = attribute(level, "val") if level is not None else ""
    return (attribute(list_id, "val") if list_id is not None else None), int(value) if value.isdigit() else None


def looks_like_title(paragraph: Element, text: str, *, bold: bool, first: bool) -> int:
    """The level of a heading that was set by hand: centred, or all bold; 0 for any other paragraph."""
    if len(text) > _LONGEST_TITLE or not text or text[-1] in _NO_TITLE_END or "\n" in text:
        return 0
    alignment = child(paragraph, "pPr", "jc")
    if alignment is not None and attribute(alignment, "val") == "center":
        return 1 if first else 2
    return 3 if bold and len(text) <= _LONGEST_TITLE // 2 and not re.search("[：:，。]", text) else 0
