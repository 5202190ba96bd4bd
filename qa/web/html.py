"""Text as HTML: what every panel of the page is drawn with.

Pure functions from values to strings. Whatever was not written in one of the `html` modules goes through `escape`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.article import Span

# Besides what HTML needs: braces, dollar and backtick of template languages, in case a text passes through one.
_ENTITIES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
_PAIRS = {
    "（": "）",
    "(": ")",
    "《": "》",
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "[": "]",
}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}

Quote = tuple[int, int, int]
"""Start and end in the article's text, and the number by which an answer calls it."""


def escape(text: str) -> str:
    """`text` as HTML that shows exactly these characters, in content and in quoted attributes."""
    return html.escape(text, quote=True).translate(_ENTITIES)


def draw_marked(text: str, start: int, end: int, spans: Iterable[Span], tag: str) -> str:
    """`text[start:end]` escaped, the parts of it inside `spans` wrapped in `tag`."""
    parts: list[str] = []
    place = start
    for first, last in sorted(spans):
        first, last = max(first, place), min(last, end)
        if first < last:
            parts += [escape(text[place:first]), f"<{tag}>{escape(text[first:last])}</{tag}>"]
            place = last
    return "".join([*parts, escape(text[place:end])])


def draw_quoted(text: str, start: int, end: int, quotes: Sequence[Quote], offset: int = 0) -> str:
    """`text[start:end]` with every quote marked; `offset` is the place of `text[0]` in the article.

    A stretch that several quotes share names all of them in `data-quotes`.
    """
    inside = [(max(first - offset, start), min(last - offset, end), number) for first, last, number in quotes]
    inside = [(first, last, number) for first, last, number in inside if first < last]
    borders = sorted({start, end, *(place for first, last, _ in inside for place in (first, last))})
    parts: list[str] = []
    for first, last in pairwise(borders):
        numbers = sorted({number for low, high, number in inside if low <= first and last <= high})
        shown = escape(text[first:last])
        parts.append(f'<mark data-quotes="{" ".join(map(str, numbers))}">{shown}</mark>' if numbers else shown)
    return "".join(parts)


def whole_brackets(text: str, span: Span, within: Span) -> Span:
    """`span` grown, inside `within`, until no bracket or quotation mark of it stands without its partner.

    Where the partner is not inside `within`, the span ends before the bracket, or begins after it.
    """
    start, end = span
    opened: list[int] = []
    for place in range(start, end):
        if text[place] in _PAIRS:
            opened.append(place)
        elif text[place] in _OPENING and opened and text[opened[-1]] == _OPENING[text[place]]:
            opened.pop()
        elif text[place] in _OPENING:
            found = text.rfind(_OPENING[text[place]], within[0], start)
            start = found if found >= 0 else place + 1 if place + 1 < end else start
    for place in reversed(opened):
        found = text.find(_PAIRS[text[place]], end, within[1])
        if found >= 0:
            end = found + 1
        elif place > start:
            end = place
    return start, end


def draw_button(does: str, label: str, shown: str = "", *, kind: str = "tool", **data: object) -> str:
    """A button that page.js acts on: `data-do` says what, `data` on what. It shows `label`, or `shown` in its place."""
    told = "".join(f' data-{name.rstrip("_")}="{escape(str(value))}"' for name, value in data.items())
    spoken = f' aria-label="{escape(label)}" title="{escape(label)}"' if shown else ""
    return f'<button type="button" class="{kind}" data-do="{does}"{told}{spoken}>{escape(shown or label)}</button>'


def facts(*told: str) -> str:
    """Facts in one line, the blank ones left out; each is HTML already."""
    return " · ".join(fact for fact in told if fact)
