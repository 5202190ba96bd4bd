"""The reading room: one whole article as HTML, its quotes marked, as repaired and as it was.

Pure functions from an `Article` to strings. What a browser does there (go from quote to quote, switch, close) is in
page.js.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Article, Block, Span
from corpus.text.shown_tables import ShownTable, table_around
from qa.web.html import Quote, draw_button, draw_quoted, escape, facts
from qa.web.html_blocks import draw_blocks
from qa.web.texts import Words

_LONGEST = 200_000  # characters that are drawn at once; of a longer article, those around the place asked for
_AROUND = 40_000


def draw_room(
    article: Article, quotes: Sequence[Quote], words: Words, *, number: int = 0, at: int = 0, raw: bool = False
) -> str:
    """The article in a dialog. `number` is the quote to begin at; without one, the place `at`. `raw`: as it was."""
    begins = next((start for start, _, name in quotes if name == number), at)
    start, end = _window(article.text, begins)
    talk = words.talk
    blocks = _inside(article.blocks, start, end)
    clean = draw_blocks(article.text[start:end], blocks, quotes, _tables(article), start)
    cut = talk.cut.format(start=start + 1, end=end, total=len(article.text)) if end - start < len(article.text) else ""
    held = map(escape, article.validity.told(words.language))
    told = facts(escape(article.source), escape(article.published), escape(_by(article, words)), *held)
    title = escape(article.title or words.untitled)
    switches = "".join(
        f'<button type="button" data-do="show" data-raw="{flag}" aria-pressed="{str(raw == bool(flag)).lower()}">'
        f"{label}</button>"
        for flag, label in (("", talk.clean), ("1", talk.raw))
    )
    return (
        f'<dialog class="sheet room" aria-label="{title}" data-number="{number}" data-from="{begins}" '
        f'data-made="{secrets.token_hex(4)}"{" data-raw" if raw else ""}>'
        f'<header><div class="origin"><h3>{title}</h3><p>{told}</p></div>{_draw_close(words)}</header>'
        f'<div class="bar"><div class="switch">{switches}</div>{_draw_steps(quotes, words)}</div>'
        f'<div class="both">{_draw_contents(article, start, end, words)}'
        f'<div class="text clean" tabindex="0">{f"<p class=cut>{cut}</p>" if cut else ""}{clean}</div>'
        f'<div class="text raw" tabindex="0">{_draw_raw(article, quotes, begins, words)}</div></div></dialog>'
    )


def draw_gone(words: Words) -> str:
    """That an article is not there any more."""
    return (
        f'<dialog class="sheet note" data-made="{secrets.token_hex(4)}">'
        f"<p>{words.talk.gone}</p>{_draw_close(words)}</dialog>"
    )


def _draw_close(words: Words) -> str:
    return draw_button("close", words.talk.close, "×", kind="close")


def _by(article: Article, words: Words) -> str:
    return f"{words.talk.author} {article.author}" if article.author else ""


def _window(text: str, begins: int) -> Span:
    if len(text) <= _LONGEST:
        return 0, len(text)
    start = text.rfind("\n", 0, max(0, begins - _AROUND)) + 1
    end = text.find("\n", min(len(text), begins + _AROUND))
    return start, end if end >= 0 else len(text)


def _inside(blocks: Sequence[Block], start: int, end: int) -> list[Block]:
    return [block.clipped(start, end) for block in blocks if block.start < end and block.end > start]


def _tables(article: Article) -> dict[int, ShownTable]:
    """Caption and heads of each table, by its number; a caption that stands in the text is not said again."""
    said = {article.text[block.start : block.end] for block in article.blocks if block.kind == "caption"}
    first = {block.table: block for block in reversed(article.blocks) if block.kind == "row" and block.table >= 0}
    shown = {number: table_around(article, block, around=0) for number, block in first.items()}
    return {number: replace(table, caption="") if table.caption in said else table for number, table in shown.items()}


def _draw_contents(article: Article, start: int, end: int, words: Words) -> str:
    """The headings, as ways to their places; nothing where there are fewer than two."""
    headings = [block for block in article.blocks if block.kind == "heading" and start <= block.start < end]
    if len(headings) < 2:
        return ""
    rows = "".join(
        f'<li class="level-{min(max(block.level, 1), 6)}">'
        + draw_button("goto", article.text[block.start : block.end], kind="link", at=block.start)
        + "</li>"
        for block in headings
    )
    return (
        f'<nav class="contents" aria-label="{words.talk.contents}"><h4>{words.talk.contents}</h4><ol>{rows}</ol></nav>'
    )


def _draw_steps(quotes: Sequence[Quote], words: Words) -> str:
    if not quotes:
        return ""
    talk = words.talk
    count = len({number for _, _, number in quotes})
    return (
        f'<div class="steps"><span>{talk.quote_count.format(count=count)}</span>'
        + draw_button("step", talk.previous_quote, "↑", by=-1)
        + draw_button("step", talk.next_quote, "↓", by=1)
        + "</div>"
    )


def _draw_raw(article: Article, quotes: Sequence[Quote], begins: int, words: Words) -> str:
    """The page before repair, every piece of every quote marked."""
    note = f'<p class="same">{words.talk.raw_note}</p>' if article.raw is None else ""
    raw = article.raw_text
    places: list[Quote] = [
        (first - article.raw_start, last - article.raw_start, number)
        for start, end, number in quotes
        for first, last in article.raw_spans(start, end)
    ]
    near = article.raw_spans(min(begins, max(len(article.text) - 1, 0)), len(article.text))
    start, end = _window(raw, near[0][0] - article.raw_start if near else 0)
    return f"{note}<pre>{draw_quoted(raw, start, end, places)}</pre>"
