"""What is said above a list: how many items it has, and how many of them are shown. Above clauses: how many there are.

Knows answers, articles and what was counted. Which items an answer shows, others tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.article import Article, Block, Passage
from qa.answer import Answer, Citation, Claim
from qa.reading.counting import ITEMS_ASKED, Counted
from qa.writing.quoting import Quote, RawSpans, block_passage, headed
from qa.writing.quoting import write as write_quotes

MOST_SHOWN = 12
"""Members that an answer to 几条 shows; of more the first and the last."""
_LONGEST_TOGETHER = 2_000  # characters of clauses that are shown as one stretch
ArticleOf = Callable[[str], Article]


def write_count(growing: Answer, found: Counted, raw_spans: RawSpans) -> Answer:
    """`growing` with how many there are: above the list whose items were counted, or with the numbers of the clauses,
    each with its mark (of very many the first and the last)."""
    if found.unit in "项款":
        shown = found.members[:MOST_SHOWN]
        rest = "" if len(shown) == found.count else f"，下面是前{len(shown)}{found.unit}，其余的请打开原文看"
        return headed(write_quotes(growing, [_list_quote(found, shown)], raw_spans), f"{_said(found)}{rest}。")
    shown = found.members if found.count <= MOST_SHOWN else (found.members[0], found.members[-1])
    together = shown[-1].end - shown[0].start <= _LONGEST_TOGETHER
    whole = block_passage(found.article, shown[0], shown[-1]) if together else None
    quotes = [_quote(whole or block_passage(found.article, block), block) for block in shown]
    answer = write_quotes(growing, quotes, raw_spans)
    names = [block.number or found.article.text[block.start : block.end] for block in shown]
    told = "、".join(names) if len(names) == found.count else "至".join(names)
    said = f"{_said(found)}：{told}（按原文的编号数出）。"
    numbers = tuple(citation.number for citation in answer.citations)
    text = said + "".join(f"[{number}]" for number in numbers)
    place = said.rindex(f"{found.count}{found.unit}：")
    spot = (place, place + len(f"{found.count}{found.unit}"))
    claim = Claim(said, 0, len(text), numbers, True, computed=True)
    return replace(answer, text=text, claims=(claim,), highlights=(spot,))


def _said(found: Counted) -> str:
    whole = found.whole
    if found.unit == "项" and whole is not None:
        return f"这里共列了{found.count}项"
    of = found.article.title
    if whole and whole.number:
        of = found.article.text[whole.start : whole.end] if whole.kind == "heading" else whole.number
    return f"“{of}”共有{found.count}{found.unit}"


def _quote(passage: Passage, block: Block) -> Quote:
    start, end = block.start - passage.start, block.end - passage.start
    return Quote(passage, start, end, (start, end), (), block)


def _list_quote(found: Counted, shown: Sequence[Block]) -> Quote:
    """The items with what leads into them, in one piece."""
    article, first = found.article, shown[0]
    lead = article.blocks[first.above] if first.above >= 0 else None
    near = lead is not None and not article.text[lead.end : first.start].strip()
    passage = block_passage(article, *((lead,) if near and lead else ()), *shown)
    return Quote(passage, 0, len(passage.text), (0, len(passage.text)), (), shown[-1])


def with_number_of_items(answer: Answer, article_of: ArticleOf) -> Answer:
    """`answer` with how many items the list has that it quotes, where it shows only some or was asked how many."""
    shown, total = _items_of(answer.citations, article_of)
    asks = ITEMS_ASKED.search(answer.standalone)
    if total < 2 or (shown == total and not asks) or (shown < 2 and not asks):
        return answer
    if asks and re.search(rf"[\d一二三四五六七八九十两]+{asks[0][-1]}", _bold(answer)):
        return answer  # the text says it itself
    rest = "" if shown == total else f"，下面是其中{shown}项，其余的请打开原文看"
    return headed(answer, f"这里共列了{total}项{rest}。")


def _bold(answer: Answer) -> str:
    return "\n".join(answer.text[start:end] for start, end in answer.highlights)


def _items_of(citations: Sequence[Citation], article_of: ArticleOf) -> tuple[int, int]:
    """Of the list of which most items are quoted: how many are, and how many it has."""
    quoted: dict[tuple[str, int, int], int] = {}
    for citation in citations:
        for block in citation.passage.blocks:
            if block.kind == "item" and citation.start <= block.start < citation.end:
                key = (citation.passage.article_id, block.above, block.level)
                quoted[key] = quoted.get(key, 0) + 1
    if not quoted:
        return 0, 0
    key = max(quoted, key=lambda one: quoted[one])
    same = (b for b in article_of(key[0]).blocks if b.kind == "item" and (b.above, b.level) == key[1:])
    return quoted[key], sum(1 for _ in same)
