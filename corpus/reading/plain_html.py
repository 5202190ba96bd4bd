"""The visible text of a web page.

Knows which elements a person does not see and which ones stand inside a line. Knows nothing of what on a page is
the article. lxml parses: the standard library's parser takes minutes over broken markup made on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_HIDDEN = frozenset({"script", "style", "noscript", "template", "nav", "footer", "svg", "title", "head"})
_INLINE = frozenset({"a", "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "small", "mark", "code", "ruby"})


@dataclass(frozen=True, slots=True)
class PlainText:
    """All text of a page that a person would see, in lines, and its title and author if it names them."""

    text: str = ""
    title: str = ""
    author: str = ""

    @classmethod
    def of(cls, markup: str) -> PlainText:
        """The text of `markup`; empty where nothing in it can be parsed."""
        from lxml import etree, html

        try:
            # As bytes, since lxml refuses a str that declares an encoding of its own.
            page = html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
        except etree.ParserError:
            return cls()
        lines = (" ".join(line.split()) for line in "".join(_pieces(page)).split("\n"))
        author = page.xpath("string(//meta[@name='author']/@content)")  # trafilatura drops Chinese names
        title = " ".join(str(page.xpath("string(//title)")).split())
        return cls("\n".join(line for line in lines if line), title, str(author))


def _pieces(page: Any) -> list[str]:
    """The visible text in order, a line break around every element that does not stand inside a line."""
    pieces: list[str] = []
    rest: list[Any] = [page]
    while rest:
        node = rest.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        inline = not isinstance(node.tag, str) or node.tag in _INLINE  # a comment has no name
        after = " ".join((node.tail or "").split("\n"))
        rest.append(after if inline else "\n" + after)
        if isinstance(node.tag, str) and node.tag not in _HIDDEN:
            rest += reversed(node)
            pieces.append(("" if inline else "\n") + " ".join((node.text or "").split("\n")))
    return pieces
