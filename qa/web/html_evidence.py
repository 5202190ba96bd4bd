"""The evidence of one answer as HTML: one card per passage with all its quotes, or the passages that came close.

Pure functions from values to strings. A quote is found by its turn and its number: the passage's `mark` has the numbers
it supports in `data-quotes`, inside the element of the turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Passage
from corpus.places import Place, told_places
from corpus.text.shown_tables import table_in
from qa.answer import Answer, Citation
from qa.web.html import Quote, draw_button, draw_quoted, escape, facts
from qa.web.html_blocks import draw_blocks
from qa.web.texts import Words

# Passages shown while an answer is written.
_READ = 3


def draw_evidence(turn: int, answer: Answer, words: Words) -> str:
    """The cards of an answer's citations, in the order of their first number."""
    by_passage: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_passage.setdefault(citation.passage.id, []).append(citation)
    cards = "".join(_draw_card(turn, citations, words) for citations in by_passage.values())
    return f'<div class="cards">{cards}</div>' if cards else ""


def draw_nearest(answer: Answer, words: Words) -> str:
    """The passages that came closest to a question without an answer. They are not evidence."""
    return _draw_misses([hit.passage for hit in answer.nearest], words.nearest, words)


def draw_read(answer: Answer, words: Words) -> str:
    """The passages that an answer is being written from, for those who wait for it. They are not evidence."""
    passages = [hit.passage for hit in answer.hits[:_READ] if not answer.done]
    return _draw_misses(passages, words.passages_read, words)


def card_of(turn: int, number: int, citations: Sequence[Citation]) -> str:
    """The id of the card that has the quote of citation `number`; it is named after the first of its numbers."""
    passage = next((citation.passage.id for citation in citations if citation.number == number), "")
    first = next((citation.number for citation in citations if citation.passage.id == passage), number)
    return f"card-{turn}-{first}"


def _draw_misses(passages: Sequence[Passage], heading: str, words: Words) -> str:
    cards = "".join(
        f'<article class="card miss"><header>{_draw_origin(passage, words)}</header>'
        f"<blockquote>{_draw_text(passage, ())}</blockquote>{_draw_doors(passage, words)}</article>"
        for passage in passages
    )
    return f'<h3 class="near">{heading}</h3><div class="cards">{cards}</div>' if cards else ""


def _draw_card(turn: int, citations: Sequence[Citation], words: Words) -> str:
    """One passage with its quotes marked, and ways back to the answer and on to the article."""
    passage, first = citations[0].passage, citations[0].number
    numbers = "".join(_draw_number(turn, citation.number, words) for citation in citations)
    places = [place for citation in citations for place in citation.places]
    quotes: list[Quote] = [(citation.start, citation.end, citation.number) for citation in citations]
    return (
        f'<article class="card" id="card-{turn}-{first}" tabindex="-1">'
        f'<header><div class="numbers">{numbers}</div>{_draw_origin(passage, words, places)}</header>'
        f"<blockquote>{_draw_text(passage, quotes)}</blockquote>{_draw_doors(passage, words, turn, first)}</article>"
    )


def _draw_text(passage: Passage, quotes: Sequence[Quote]) -> str:
    """A passage as it stands in its article: rows as real tables, items and clauses each on its line, else as text."""
    if any(block.kind in ("row", "item", "clause") for block in passage.blocks):
        shown = {block.table: table_in(passage, block.start, block.end) for block in passage.blocks if block.cells}
        tables = {number: table for number, table in shown.items() if table}
        return draw_blocks(passage.text, passage.blocks, quotes, tables, passage.start)
    return draw_quoted(passage.text, 0, len(passage.text), quotes, passage.start)


def _draw_number(turn: int, number: int, words: Words) -> str:
    back = escape(words.back.format(number=number))
    return (
        f'<a class="number" href="#turn-{turn}" data-do="back" data-number="{number}" title="{back}" '
        f'aria-label="{back}">{number}</a>'
    )


def _draw_origin(passage: Passage, words: Words, places: Sequence[Place] = ()) -> str:
    """Title, file and date of a passage, where on the page its quotes stand, and the headings above it."""
    title = escape(passage.title or words.untitled)
    held = (*passage.validity.told(words.language), *told_places(places, words.language))
    told = facts(escape(passage.source), escape(passage.published), *map(escape, held))
    above = escape(" › ".join(heading for heading in passage.headings if heading != passage.title))
    under = f'<p class="above">{above}</p>' if above else ""
    return f'<div class="origin"><h4>{title}</h4><p>{told}</p>{under}</div>'


def _draw_doors(passage: Passage, words: Words, turn: int = 0, number: int = 0) -> str:
    """Where the whole article can be read, at this passage."""
    where = {"article": passage.article_id, "turn": turn, "number": number, "at": passage.start}
    title = passage.title or words.untitled
    return (
        '<p class="doors">'
        + draw_button("read", f"{words.talk.read_article}：{title}", words.talk.read_article, kind="link", **where)
        + draw_button("read", f"{words.talk.read_raw}：{title}", words.talk.read_raw, kind="link", raw=1, **where)
        + "</p>"
    )
