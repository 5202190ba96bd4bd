"""The answer that a table gives: its rows quoted with the cells marked, and what is computed of them said to be.

Knows table answers and answers; nothing of how a question is understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.article import Article, Block, Passage
from embeddings.collections.hit import Hit
from qa.answer import Answer, Citation, Claim
from qa.reading.tables.answering import TableAnswer, answer_from_tables
from qa.reading.tables.view import TableRows, tables_of
from qa.writing.quoting import Quote, RawSpans
from qa.writing.quoting import write as write_quotes

SURE = 0.99  # of an answer that is looked up, not guessed
MOST_CITED = 12  # rows beside a computed value


def table_answer(question: str, hits: Sequence[Hit], article_of: Callable[[str], Article]) -> TableAnswer | None:
    """What the tables in which `hits` stand answer exactly, None where they do not."""
    tables: list[TableRows] = []
    for name in dict.fromkeys(
        hit.passage.article_id for hit in hits if any(b.kind == "row" for b in hit.passage.blocks)
    ):
        tables += tables_of(article_of(name))
    return answer_from_tables(question, tables) if tables else None


def write(growing: Answer, found: TableAnswer, raw_spans: RawSpans) -> Answer:
    """`growing` with what `found` says."""
    sure = replace(growing, confidence=SURE)
    if not found.computed:
        return write_quotes(sure, [_quote(found, row.block, row.cells) for row in found.evidence], raw_spans)
    citations = tuple(
        _citation(number, _passage(found, row.block), raw_spans)
        for number, row in enumerate(found.evidence[:MOST_CITED], 1)
    )
    said = f"{found.sentence.rstrip('。')}（计算得出：{found.formula}）。" if found.formula else found.sentence
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


def _passage(found: TableAnswer, block: Block) -> Passage:
    """The row as a passage of its own."""
    article = found.source.article
    return Passage(
        f"{article.id}#row{block.start}", article.id, article.text[block.start : block.end], block.start, block.end,
        title=article.title, source=article.source, published=article.published,
        headings=article.headings_above(block.start), blocks=(block,),
    )  # fmt: skip


def _quote(found: TableAnswer, block: Block, cells: Sequence[int]) -> Quote:
    passage = _passage(found, block)
    shown = [block.cells[cell] for cell in cells]
    marked = tuple((cell.start - block.start, cell.end - block.start) for cell in shown if cell.end > cell.start)
    return Quote(passage, 0, len(passage.text), (0, len(passage.text)), marked, block)


def _citation(number: int, passage: Passage, raw_spans: RawSpans) -> Citation:
    raw = raw_spans(passage, passage.start, passage.end)
    return Citation(number, passage, passage.text, passage.start, passage.end, raw)
