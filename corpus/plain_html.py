"""The visible text of a web page, by the standard library alone.

Knows which elements a person does not see and which ones stand inside a line. Knows nothing of what on a page is
the article.
"""

from __future__ import annotations

from html.parser import HTMLParser


class PlainText(HTMLParser):
    """All text of a page that a person would see, in lines (`text`), and its `title` and `author` if it names them."""

    _HIDDEN = frozenset({"script", "style", "noscript", "template", "nav", "footer", "svg", "title"})
    _INLINE = frozenset(
        {"a", "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "small", "mark", "code", "ruby"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.author = ""
        self._pieces: list[str] = []
        self._inside: list[str] = []

    @classmethod
    def of(cls, markup: str) -> PlainText:
        parser = cls()
        parser.feed(markup)
        parser.close()
        return parser

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta" and (facts := dict(attrs)).get("name") == "author":
            self.author = facts.get("content") or ""  # trafilatura drops Chinese names
        if tag in self._HIDDEN:
            self._inside.append(tag)
        elif tag not in self._INLINE:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]
        elif tag not in self._INLINE:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._pieces.append(" ".join(data.split("\n")))
        elif self._inside[-1] == "title" and not self.title:
            self.title = " ".join(data.split())
