"""A conversation as the chat page keeps it: questions, and answers as far as they came.

Knows how a growing answer is followed and how its failure is told. Knows nothing of Gradio or of where it is shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, cast

from corpus.errors import QuestionError, WenjuError
from qa.answer import Answer, Question, Turn
from qa.questions.small_talk import plain_reply, small_talk
from qa.web.texts import Words

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.observing.watch import Asked

# Between two drawings of a growing answer: what the eye follows, and no more.
_DRAW_SECONDS = 0.04

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the conversation and its answer as far as it came.

    `asked_of` names the articles that were asked, `waited` is how many seconds it took so far, `rating` is "good" or
    "bad" where the visitor said so, `number` is what the visitor may quote of it to whoever keeps the log.
    """

    answer: Answer
    notice: str = ""
    waited: float = 0.0
    asked_of: str = ""
    rating: str = ""
    number: str = ""


def begun(question: Question, before: Sequence[Exchange], asked_of: str = "", number: str = "") -> Exchange:
    """The exchange that `question` opens after the exchanges `before` it. Small talk is no part of what went before."""
    told = (exchange.answer for exchange in before if not small_talk(exchange.answer.question.text))
    history = tuple(Turn(answer.question.text, answer.text) for answer in told)
    return Exchange(
        Answer(replace(question, history=history), standalone=question.text), asked_of=asked_of, number=number
    )


def grow(exchange: Exchange, answerer: Answerer, words: Words, halted: Event, asked: Asked) -> Iterator[Exchange]:
    """`exchange` as its answer grows, not more often than the eye follows, until `halted` is set.

    How it ended is told to `asked`. Raises QuestionError only, which is not told.
    """
    question, drawn, start = exchange.answer.question, 0.0, time.monotonic()
    if reply := plain_reply(question, words.language):
        asked.answered(reply)
        yield replace(exchange, answer=reply)
        return
    try:
        with closing(cast("Generator[Answer]", answerer.stream(question))) as stream:
            for answer in stream:
                if halted.is_set() and not answer.done:
                    asked.stopped()
                    break
                if not answer.done and time.monotonic() - drawn < _DRAW_SECONDS:
                    continue
                exchange = replace(exchange, answer=answer, waited=time.monotonic() - start)
                drawn = time.monotonic()
                if answer.done:
                    asked.answered(answer)
                yield exchange
    except GeneratorExit:  # the page was closed
        if not exchange.answer.done:
            asked.stopped()
        raise
    except QuestionError:
        raise
    except WenjuError as error:
        asked.failed(error)
        yield replace(exchange, notice=error.message(words.language))
    except Exception as error:
        asked.failed(error)
        log.exception("question %s could not be answered", asked.number)
        yield replace(exchange, notice=words.crashed.format(error=type(error).__name__))
