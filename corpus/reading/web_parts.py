"""The parts of a web page in order: headings, paragraphs, items, tables.

Knows which elements a person does not see, and which stand inside a line. Knows nothing of what on a page is worth
reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from corpus.reading.document import Document, set_apart, tidy_lines
from corpus.reading.html_tables import caption_of, html_grid, is_layout
from corpus.reading.numbering import written
from corpus.reading.packages import Element

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "svg",
        "title",
        "head",
        "iframe",
        "object",
        "select",
        "button",
        "del",
        "rt",
        "rp",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rb",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "input",
    ]
)
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page: how it goes into a document, its text, and how many characters of it are links."""

    put: Callable[[Document], None]
    text: str
    links: int = 0


def parts_of(page: Element | None) -> list[Part]:
    """The parts of a page, or of an element of one."""
    return _Walk().parts(page) if page is not None else []


@dataclass
class _List:
    ordered: bool
    style: str
    count: int


@dataclass
class _Walk:
    """One walk over a page: text is collected until a block ends, then becomes a part."""

    found: list[Part] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: int = 0
    in_link: int = 0
    lists: list[_List] = field(default_factory=list)
    number: str | None = None  # of the item that has begun; None outside of one
    heading: int = 0

    def parts(self, page: Element) -> list[Part]:
        self.walk(page)
        self.flush()
        return self.found

    def walk(self, node: Element) -> None:
        """Take in an element and what is inside, but not what follows it."""
        tag = node.tag.lower() if isinstance(node.tag, str) else ""
        tag = tag.rpartition("}")[2]
        if not tag or tag in _HIDDEN or _is_hidden(node):
            return
        handler = _TAGS.get(tag)
        if handler is not None:
            handler(self, node)
        elif tag in _INLINE:
            self.inside(node)
        else:
            self.flush()
            self.inside(node)
            self.flush()

    def inside(self, node: Element) -> None:
        self.add(node.text)
        for child in node:
            self.walk(child)
            self.add(child.tail)

    def add(self, text: str | None) -> None:
        if text:
            text = " ".join(text.split("\n"))
            self.pieces.append(text)
            self.links += len(text.strip()) if self.in_link else 0

    def flush(self) -> None:
        """What was collected is a block."""
        text = "\n".join(tidy_lines("".join(self.pieces)))
        links, self.links = self.links, 0
        self.pieces = []
        if not text:
            return
        if self.heading:
            put = partial(_put, "heading", text, self.heading)
        elif self.number is not None:
            put = partial(_put, "item", f"{self.number} {text}".strip(), max(1, len(self.lists)), self.number)
            self.number = None
        else:
            put = partial(_put, "paragraph", text)
        self.found.append(Part(put, text, links))

    def link(self, node: Element) -> None:
        self.in_link += 1
        self.inside(node)
        self.in_link -= 1

    def small(self, node: Element) -> None:
        before, self.pieces = self.pieces, []
        self.inside(node)
        text = "".join(self.pieces)
        self.pieces = [*before, set_apart(text, "".join(before[-2:]), raised=node.tag == "sup")]

    def title(self, node: Element) -> None:
        self.flush()
        self.heading = int(node.tag[-1])
        self.inside(node)
        self.flush()
        self.heading = 0

    def line_break(self, node: Element) -> None:
        self.pieces.append("\n")

    def preformatted(self, node: Element) -> None:
        self.flush()
        self.pieces.append("".join(node.itertext()))
        self.flush()

    def listing(self, node: Element) -> None:
        self.flush()
        start = node.get("start") or "1"
        style = _STYLES.get(node.get("type") or "1", "decimal")
        if "chinese" in (shown := (node.get("style") or "").lower()) or "cjk" in shown:
            style = "chineseCounting"
        count = int(start) - 1 if re.fullmatch(r"\d{1,6}", start) else 0
        self.lists.append(_List(node.tag == "ol", style, count))
        kept, self.number = self.number, None
        self.inside(node)
        self.flush()
        self.number = kept if kept is None else None
        self.lists.pop()

    def item(self, node: Element) -> None:
        self.flush()
        if not self.lists:
            self.lists.append(_List(False, "decimal", 0))
        current = self.lists[-1]
        value = node.get("value") or ""
        current.count = int(value) if re.fullmatch(r"\d{1,6}", value) else current.count + 1
        mark = "、" if current.style == "chineseCounting" else "."
        self.number = written(current.count, current.style) + mark if current.ordered else ""
        self.inside(node)
        self.flush()
        self.number = None

    def definition(self, node: Element) -> None:
        """A term is an item, and what is said of it hangs on it."""
        self.flush()
        self.lists += [_List(False, "", 0)] * (2 if node.tag == "dd" else 1)
        self.number = ""
        self.inside(node)
        self.flush()
        self.number = None
        del self.lists[-(2 if node.tag == "dd" else 1) :]

    def table(self, node: Element) -> None:
        self.flush()
        if is_layout(node):
            kept, self.lists = self.lists, []
            self.inside(node)
            self.flush()
            self.lists = kept
            return
        if caption := caption_of(node):
            self.found.append(Part(partial(_put, "caption", caption), caption))
        self.found.append(Part(partial(_put, "table", html_grid(node)), "".join(node.itertext())))

    def input(self, node: Element) -> None:
        kind = (node.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            self.add("☑" if node.get("checked") is not None else "☐")
        elif kind in ("text", "number", "date", "tel", "email"):
            self.add(node.get("value"))


_TAGS: dict[str, Callable[[_Walk, Element], None]] = {
    "a": _Walk.link, "br": _Walk.line_break, "pre": _Walk.preformatted, "li": _Walk.item, "table": _Walk.table,
    "dt": _Walk.definition, "dd": _Walk.definition, "input": _Walk.input, "sup": _Walk.small,
    "sub": _Walk.small,
    **{f"h{level}": _Walk.title for level in range(1, 7)},
    **dict.fromkeys(_LISTS, _Walk.listing),
}  # fmt: skip


def _put(method: str, *arguments: Any) -> None:
    *rest, document = arguments
    getattr(document, method)(*rest)


def _is_hidden(node: Element) -> bool:
    return node.get("hidden") is not None or bool(_UNSEEN_STYLE.search(node.get("style") or ""))
