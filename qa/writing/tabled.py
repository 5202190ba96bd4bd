"""The answer that a table gives: its rows quoted with the cells marked, and what is computed of them said to be.

Knows table answers and answers; nothing of how a question is understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.article import Block, Passage
from corpus.text.shown_tables import AROUND
from embeddings.collections.hit import Hit
from qa.answer import Answer, Claim
from qa.reading.tables.answering import TableAnswer, answer_from_tables
from qa.reading.tables.view import TableRows
from qa.writing.quoting import Quote, RawSpans, block_passage
from qa.writing.quoting import write as write_quotes

SURE = 0.99  # of an answer that is looked up, not guessed
MOST_CITED = 12  # rows beside a computed value
TablesIn = Callable[[str], Sequence[TableRows]]
"""The tables of an article, by its id."""


def table_answer(question: str, hits: Sequence[Hit], tables_in: TablesIn) -> TableAnswer | None:
    """What the tables in which `hits` stand answer exactly, None where they do not."""
    names = dict.fromkeys(h.passage.article_id for h in hits if any(b.kind == "row" for b in h.passage.blocks))
    tables = [table for name in names for table in tables_in(name)]
    return answer_from_tables(question, tables) if tables else None


def write(growing: Answer, found: TableAnswer, raw_spans: RawSpans) -> Answer:
    """`growing` with what `found` says."""
    sure = replace(growing, confidence=SURE)
    shown = found.evidence if not found.computed else found.evidence[:MOST_CITED]
    around = _around(found.source, [row.block for row in shown])
    quotes = [_quote(around[row.block.start], row.block, row.cells) for row in shown]
    if not found.computed:
        return write_quotes(sure, quotes, raw_spans)
    citations = write_quotes(sure, quotes, raw_spans).citations
    said = f"{found.sentence.rstrip('。')}（计算得出：{found.formula}）。" if found.formula else found.sentence
    if len(found.evidence) > MOST_CITED:
        said = f"{said.removesuffix('）。')}；下面列出其中 {MOST_CITED} 行）。" if found.formula else said
    text = said + "".join(f"[{citation.number}]" for citation in citations)
    claim = Claim(said, 0, len(text), tuple(citation.number for citation in citations), True, computed=True)
    at = said.find(found.text)
    return replace(
        sure,
        text=text,
        claims=(claim,),
        citations=citations,
        highlights=((at, at + len(found.text)),) if at >= 0 else (),
    )


def _around(source: TableRows, blocks: Sequence[Block]) -> dict[int, Passage]:
    """For each of the rows, by where it begins, the passage of it and its neighbours; rows that are near share one."""
    places = {row.start: place for place, row in enumerate(source.rows)}
    windows: list[tuple[int, int]] = []
    for place in sorted({places[block.start] for block in blocks}):
        first, last = max(0, place - AROUND), min(len(source.rows) - 1, place + AROUND)
        if windows and first <= windows[-1][1] + 1:
            windows[-1] = (windows[-1][0], last)
        else:
            windows.append((first, last))
    found: dict[int, Passage] = {}
    for first, last in windows:
        rows = source.rows[first : last + 1]
        found |= dict.fromkeys((row.start for row in rows), block_passage(source.article, *rows))
    return found


def _quote(passage: Passage, block: Block, cells: Sequence[int]) -> Quote:
    start, end = block.start - passage.start, block.end - passage.start
    shown = [block.cells[cell] for cell in cells]
    marked = tuple((one.start - passage.start, one.end - passage.start) for one in shown if one.end > one.start)
    return Quote(passage, start, end, (start, end), marked, block)
