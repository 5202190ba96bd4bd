"""Questions that the articles answer, to be offered: drafted from articles by rules, then asked, to be sure of them.

Knows an answerer and its collection. Costs a few milliseconds an article and one answer a question that is offered.
"""

from __future__ import annotations

import time
from collections.abc import Collection as Container
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from corpus.article import Article
from qa.answer import Answer
from qa.evaluation.drafting.rules import Draft, drafts_of

if TYPE_CHECKING:
    from qa.answerer import Answerer

_READ = 6000  # characters of an article that are looked at
_ARTICLES = 5
_SHORTEST, _LONGEST = 8, 36  # characters of a question that people read at a glance


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
