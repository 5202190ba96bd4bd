"""Questions that the articles answer, to be offered: drafted from articles by rules, then asked, to be sure of them.

Knows an answerer and its collection. Costs a few milliseconds an article and one answer a question that is offered.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection as Container
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

from corpus.article import Article
from qa.answer import Answer
from qa.evaluation.drafting.rules import Draft, drafts_of

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.web.answering import Answering

_LOOKED_AT = 8  # articles of which the first questions are made
_READ = 6000  # characters of an article that are looked at
_ARTICLES = 5
_SHORTEST, _LONGEST = 8, 36  # characters of a question that people read at a glance

log = logging.getLogger(__name__)


class Offers:
    """Questions that are offered to a visitor: `samples` for the articles that all share, else drafted ones."""

    def __init__(self, answerers: Answering, samples: tuple[str, ...]) -> None:
        self.answerers, self.samples = answerers, samples
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def after(self, selection: Any, answer: Answer, asked: Container[str]) -> tuple[str, ...]:
        """What can be asked after `answer`: of its articles, or, where it has none, of all that are selected."""
        if not answer.hits:
            return self.first(selection, asked)
        return self._suggested(selection, articles_of(answer), asked)

    def first(self, selection: Any, asked: Container[str] = ()) -> tuple[str, ...]:
        """What to begin with, but for what was `asked`. None within a period, which may have no articles."""
        chosen = self.answerers.question(selection, "")
        if chosen.since or chosen.until:
            return ()
        samples = self.samples if self.answerers.asks_shared(selection) else ()
        return tuple(each for each in samples or self._drafted(selection, chosen.articles) if each not in asked)

    def _drafted(self, selection: Any, among: tuple[str, ...]) -> tuple[str, ...]:
        """Questions on the first of the articles; looked for again only where these have changed."""
        collection = self.answerers.drafter(selection).collection
        known = (each.id for each in collection.articles() if not among or each.id in among)
        ids = tuple(islice(known, _LOOKED_AT))
        key = (*(str(part.path) for part in collection.parts), *ids)
        if key not in self._known:
            self._known = {key: self._suggested(selection, ids, ())}
        return self._known[key]

    def _suggested(self, selection: Any, articles: tuple[str, ...], asked: Container[str]) -> tuple[str, ...]:
        try:
            return suggest(self.answerers.drafter(selection), articles, asked=asked)
        except Exception:  # the answer is there; nobody waits for these
            log.exception("no questions can be suggested")
            return ()


def suggest(
    answerer: Answerer, articles: Iterable[str], *, asked: Container[str] = (), count: int = 3, seconds: float = 2.0
) -> tuple[str, ...]:
    """At most `count` questions that `answerer` answers from one of `articles` (ids, the likeliest first).

    Of each article one, then a second of each. None of the questions `asked` before; fewer where `seconds` are over.
    """
    until = time.monotonic() + seconds
    drafted = [_drafts(answerer, name) for name in islice(articles, _ARTICLES)]
    kept: list[str] = []
    for article, draft in (pair for row in zip_longest(*drafted) for pair in row if pair):
        if len(kept) == count or time.monotonic() > until:
            break
        question = draft.question
        if question not in asked and question not in kept and _answers(answerer.answer(question), article, draft):
            kept.append(question)
    return tuple(kept)


def articles_of(answer: Answer) -> tuple[str, ...]:
    """The articles that an answer is from, then those of its other passages."""
    cited = [citation.passage.article_id for citation in answer.citations]
    found = [hit.passage.article_id for hit in answer.hits]
    return tuple(dict.fromkeys([*cited, *found]))


def _drafts(answerer: Answerer, name: str) -> list[tuple[Article, Draft]]:
    try:
        article = answerer.collection.article(name)
    except KeyError:
        return []
    begins = Article(article.id, article.title, article.text[:_READ], published=article.published)
    return [(article, draft) for draft in _kinds_in_turn(drafts_of(begins))]


def _kinds_in_turn(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Drafts that are short enough, those that ask for different kinds of things one after the other."""
    kinds: dict[str, list[Draft]] = {}
    for draft in drafts:
        if _SHORTEST <= len(draft.question) <= _LONGEST:
            kinds.setdefault(draft.kind, []).append(draft)
    return (draft for row in zip_longest(*kinds.values()) for draft in row if draft)


def _answers(answer: Answer, article: Article, draft: Draft) -> bool:
    """Whether an answer is a sure one, and the one that the question was made from."""
    said = any(way in answer.text for way in draft.answers)
    own = any(citation.passage.article_id == article.id for citation in answer.citations)
    return answer.done and not answer.refused and not answer.unsure and said and own
