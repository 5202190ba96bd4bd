"""A conversation as the chat page keeps it: questions, answers as far as they came, and the cards drawn for them.

Knows how a growing answer is followed and how its failure is told. Knows nothing of Gradio or of where it is shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, cast

from corpus.errors import QuestionError, WenjuError
from qa.answer import Answer, Question, Turn
from qa.web.html import draw_read, draw_sources
from qa.web.texts import Words

if TYPE_CHECKING:
    from corpus.article import Article
    from embeddings.collections.collection import Collection
    from qa.answerer import Answerer

# Between two drawings of a growing answer: what the eye follows, and no more.
_DRAW_SECONDS = 0.04
# Who waits longer for an answer may read meanwhile what it is made from.
_PATIENCE_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the conversation, its answer as far as it came, and the cards drawn for it.

    `waited` is how many seconds it took so far.
    """

    answer: Answer
    cards: str = ""
    notice: str = ""
    waited: float = 0.0


def begun(text: str, before: tuple[Exchange, ...]) -> Exchange:
    """The exchange that `text` opens after the exchanges `before` it."""
    history = tuple(Turn(exchange.answer.question.text, exchange.answer.text) for exchange in before)
    return Exchange(Answer(question=Question(text, history), standalone=text))


def grow(exchange: Exchange, answerer: Answerer, words: Words, halted: Event) -> Iterator[Exchange]:
    """`exchange` as its answer grows, not more often than the eye follows, until `halted` is set.

    Raises QuestionError only.
    """
    articles: dict[str, Article] = {}
    question, drawn, began = exchange.answer.question, 0.0, time.monotonic()
    try:
        with closing(cast("Generator[Answer]", answerer.stream(question))) as stream:
            for answer in stream:
                if halted.is_set() and not answer.done:
                    break
                if not answer.done and time.monotonic() - drawn < _DRAW_SECONDS:
                    continue
                _fetch(answer, answerer.collection, articles)
                number, waited = len(question.history) + 1, time.monotonic() - began
                cards = draw_sources(number, answer, articles, words)
                if not cards and waited > _PATIENCE_SECONDS:
                    cards = draw_read(answer, words)
                exchange = Exchange(answer, cards, waited=waited)
                drawn = time.monotonic()
                yield exchange
    except QuestionError:
        raise
    except WenjuError as error:
        yield replace(exchange, notice=error.message(words.language))
    except Exception as error:
        log.exception("a question could not be answered")
        yield replace(exchange, notice=words.crashed.format(error=type(error).__name__))


def _fetch(answer: Answer, collection: Collection, articles: dict[str, Article]) -> None:
    """Add the articles that `answer` cites to `articles`, where the collection still has them."""
    for citation in answer.citations:
        name = citation.passage.article_id
        if name not in articles:
            try:
                articles[name] = collection.article(name)
            except KeyError:
                log.info("article %s is cited and no longer in the collection", name)
