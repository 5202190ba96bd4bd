"""The answer to a question about a document itself: its day, since when it holds, whether it was repealed.

Knows a collection's articles, what they say of themselves and where. What is asked, `qa.questions.about_documents`
tells. Said only of the one article that the question names beyond doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath

from corpus.article import Article, Block, Span
from corpus.reading.dates import iso_date
from corpus.reading.dating import in_force_since, is_repealed, repealed_names
from corpus.text.figures import find_figures
from corpus.text.lexicon import EMPTY_TERMS
from corpus.text.terms import terms
from embeddings.collections.repeals import title_key, title_keys
from embeddings.collections.together import AnyCollection
from qa.answer import Answer, Claim
from qa.questions.about_documents import AboutDocument
from qa.writing.quoting import Quote, RawSpans, block_passage
from qa.writing.quoting import write as write_quotes

_TOP, _BOTTOM = 8, 3  # blocks in which a document says its day
_LONGEST = 100  # characters of another block that may do so
ArticleOf = Callable[[str], Article]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an article, the part of it that is the `answer`, and the block that shows it, with the marked
    span (in offsets of its article)."""

    sentence: str
    answer: str
    article: Article
    block: Block
    marked: Span | None = None


def document_fact(
    asked: AboutDocument, collection: AnyCollection, at_hand: Sequence[str], article_of: ArticleOf
) -> Told | None:
    """What the collection tells of the document that `asked` means; None where it is not clear which that is, or where
    it does not say. `at_hand` are the ids of articles chosen for the question, or spoken of last."""
    names = _meant(asked, collection, at_hand)
    if len(names) != 1:
        return None
    article = article_of(names[0])
    if not article.blocks:
        return None
    if asked.fact == "published":
        return _day_of(article)
    return _since(article) if asked.fact == "since" else _repealed(article, collection, article_of)


def write(growing: Answer, told: Told, raw_spans: RawSpans) -> Answer:
    """`growing` with what is told, resting on the block that shows it."""
    passage = block_passage(told.article, told.block)
    span = (0, len(passage.text))
    marked = ((told.marked[0] - passage.start, told.marked[1] - passage.start),) if told.marked else ()
    citations = write_quotes(growing, [Quote(passage, *span, span, marked, told.block)], raw_spans).citations
    text = f"{told.sentence}[1]"
    at = told.sentence.find(told.answer)
    claim = Claim(told.sentence, 0, len(text), (1,), True, computed=True)
    return replace(growing, text=text, claims=(claim,), citations=citations, highlights=((at, at + len(told.answer)),))


def _meant(asked: AboutDocument, collection: AnyCollection, at_hand: Sequence[str]) -> Sequence[str]:
    """The ids of the articles that may be meant."""
    if not asked.title and not asked.words:
        return at_hand or ([one.id for one in collection.articles()] if len(collection) == 1 else ())
    known = [(one.id, one.title, PurePosixPath(one.source).stem) for one in collection.articles()]
    name = title_key(asked.title or asked.words)
    same = [id for id, title, file in known if name in (*title_keys(title), title_key(file))]
    if same or not asked.pointed:
        return same
    wanted = set(terms(asked.words)) - EMPTY_TERMS
    return [id for id, title, file in known if wanted and wanted <= set(terms(f"{title} {file}"))]


def _day_of(article: Article) -> Told | None:
    day = article.published
    if not day:
        return None
    said = _written(day)
    for block in _likely(article):
        text = article.text[block.start : block.end]
        for figure in find_figures(text):
            if figure.kind == "date" and figure.value.split("-")[: day.count("-") + 1] == _parts(day):
                span = (block.start + figure.start, block.start + figure.end)
                return Told(f"“{article.title}”上写的日期是{said}。", said, article, block, span)
    named = day in (iso_date(article.source), iso_date(PurePosixPath(article.source).stem))
    where = f"文件名“{PurePosixPath(article.source).name}”" if named else "文件的属性"
    return Told(f"“{article.title}”的日期是{said}（取自{where}，正文没有写）。", said, article, article.blocks[0])


def _since(article: Article) -> Told | None:
    day = article.validity.since
    for block in reversed(article.blocks) if day else ():
        if in_force_since(article.text[block.start : block.end], article.published) == day:
            said = _written(day)
            return Told(f"“{article.title}”自{said}起施行。", said, article, block)
    return None


def _repealed(article: Article, collection: AnyCollection, article_of: ArticleOf) -> Told | None:
    held = article.validity
    if held.repealed_by:
        others = [one.id for one in collection.articles() if one.title == held.repealed_by and one.id != article.id]
        return next((told for one in others if (told := _put_out(article, article_of(one)))), None)
    if held.repealed:
        shown = (b for b in article.blocks[:_TOP] if is_repealed("", "", [article.text[b.start : b.end]]))
        return Told(f"“{article.title}”已废止。", "已废止", article, next(shown, article.blocks[0]))
    if told := _since(article):
        none = "在这些文章里没有找到废止它的说法"
        return replace(told, sentence=f"{told.sentence.rstrip('。')}，{none}。", answer=none)
    return None


def _put_out(article: Article, by: Article) -> Told | None:
    """That `by` puts `article` out of force, with the block of `by` that says so."""
    names = set(title_keys(article.title))
    for block in by.blocks:
        if names & {title_key(name) for name in repealed_names(by.text[block.start : block.end])}:
            said = f"已由“{by.title}”废止"
            since = f"，后者自{_written(by.validity.since)}起施行" if by.validity.since else ""
            return Told(f"“{article.title}”{said}{since}。", said, by, block)
    return None


def _likely(article: Article) -> Iterator[Block]:
    """The blocks of an article, those first in which documents say their day."""
    blocks = article.blocks
    middle = (block for block in blocks[_TOP:-_BOTTOM] if block.end - block.start <= _LONGEST)
    return chain(blocks[:_TOP], blocks[_TOP:][-_BOTTOM:], middle)


def _parts(day: str) -> list[str]:
    return [str(int(part)) for part in day.split("-")]


def _written(day: str) -> str:
    """2021年7月1日 of "2021-07-01", as exact as it is given."""
    return "".join(f"{part}{unit}" for part, unit in zip(_parts(day), "年月日", strict=False))
