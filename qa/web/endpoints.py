"""What programs may call: /ask and /search (/openapi.json tells how), /healthz, /readyz and /metrics.

Knows HTTP; answers come from the same answerer, queue and articles as those on the page.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse

from corpus.errors import InputError, QuestionError, WenjuError
from qa.answer import Answer, Question, Turn
from qa.observing.metrics import CONTENT_TYPE
from qa.web.evaluation_tab import report_file
from qa.web.schemas import (
    AnswerReply,
    AskRequest,
    SearchReply,
    SearchRequest,
    State,
    Within,
    answer_reply,
    passage_reply,
)
from qa.web.texts import CHINESE, ENGLISH
from qa.web.uploads import visitor_of

if TYPE_CHECKING:
    from embeddings.collections.hit import Hit
    from qa.answerer import Answerer
    from qa.observing.watch import Asked
    from qa.web.page import Page

WAIT_SECONDS = 60.0
_NUMBER = "X-Request-Id"
log = logging.getLogger(__name__)


class Busy(QuestionError):
    """Too many are asking."""


class NothingOwn(QuestionError):
    """Who asks has put in no articles."""


def add_endpoints(app: FastAPI, page: Page) -> None:
    """Let `app` answer programs as `page` answers people."""

    @app.get("/healthz", summary="活着 / the process answers")
    def healthz() -> State:
        return State(status="ok")

    @app.get("/readyz", summary="可以提问 / questions can be asked")
    def readyz() -> State:
        try:
            page.shared.collection.search("问", 1)
        except Exception as error:
            raise HTTPException(503, type(error).__name__) from error
        return State(status="ready")

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        answering, waiting = page.queue.counts()
        page.watch.metrics.set("wenju_answering", answering)
        page.watch.metrics.set("wenju_queue", waiting)
        return Response(page.watch.metrics.text(), media_type=CONTENT_TYPE)

    @app.post("/ask", summary="提问，得到带出处的回答 / a question, answered with evidence")
    def ask(asked: AskRequest, request: Request, response: Response) -> AnswerReply:
        watched = page.watch.begin("api")
        response.headers[_NUMBER] = watched.number
        return answer_reply(answer_of(page, asked, _person(request), watched), watched.number)

    @app.put("/arriving/{batch}/{number}", include_in_schema=False)
    async def arrive(batch: str, number: int, name: str, request: Request) -> dict[str, bool]:
        visitor = visitor_of(_person(request))
        try:
            await page.arrivals.take(visitor, batch, number, name, request.stream())
        except WenjuError as error:
            raise HTTPException(413, error.message(page.settings.language)) from error
        return {"arrived": True}

    @app.get("/reports/{report}/{file}", include_in_schema=False)
    def report(report: str, file: str, request: Request) -> FileResponse:
        path = report_file(page.settings.home, visitor_of(_person(request)), report, file)
        if path is None:
            raise HTTPException(404)
        return FileResponse(path)

    @app.post("/search", summary="查找段落 / passages about a text")
    def search(wanted: SearchRequest, request: Request) -> SearchReply:
        page.watch.metrics.count("wenju_searches_total")
        return SearchReply(passages=[passage_reply(hit) for hit in hits_of(page, wanted, _person(request))])


def answer_of(page: Page, asked: AskRequest, person: str, watched: Asked) -> Answer:
    """What the page says to `asked`, in its turn; how it ended is told to `watched`.

    Raises HTTPException with what is wrong, in the page's language, and with the number of the question.
    """
    try:
        answer = _answer_of(page, asked, person)
    except Exception as error:
        watched.failed(error)
        raise _told(error, page, watched.number) from error
    watched.answered(answer)
    return answer


def _answer_of(page: Page, asked: AskRequest, person: str) -> Answer:
    history = tuple(Turn(turn.question, turn.answer) for turn in asked.history)
    question = Question(asked.question, history, tuple(asked.articles), asked.since, asked.until)
    with page.queue.enter(person) as ticket:
        if not ticket.is_mine(WAIT_SECONDS):
            raise Busy(CHINESE.shelf.busy, ENGLISH.shelf.busy)
        return _answerer(page, asked, person).answer(question)


def _told(error: Exception, page: Page, number: str) -> HTTPException:
    """`error` as a reply that carries the number of its question."""
    headers, quoted = {_NUMBER: number}, page.words.request_number.format(number=number)
    if isinstance(error, Busy):
        headers["Retry-After"] = "30"
    if isinstance(error, WenjuError):
        told = error.message(page.settings.language)
        return HTTPException(_status(error), told if isinstance(error, InputError) else f"{told} {quoted}", headers)
    log.error("question %s could not be answered", number, exc_info=error)
    return HTTPException(500, f"{page.words.crashed.format(error=type(error).__name__)} {quoted}", headers)


def _status(error: WenjuError) -> int:
    """4.. where asking otherwise helps, 503 where asking later does."""
    if isinstance(error, NothingOwn):
        return 404
    return 400 if isinstance(error, InputError) and not isinstance(error, Busy) else 503


def hits_of(page: Page, wanted: SearchRequest, person: str) -> tuple[Hit, ...]:
    """The passages that say most about a text. Raises HTTPException as `answer_of` does."""
    try:
        collection = _answerer(page, wanted, person).collection
        return collection.search(
            wanted.text, wanted.most, articles=tuple(wanted.articles), since=wanted.since, until=wanted.until
        )
    except WenjuError as error:
        raise HTTPException(_status(error), error.message(page.settings.language)) from error


def _answerer(page: Page, within: Within, person: str) -> Answerer:
    if not (within.own or within.collections):
        return page.shared
    own = page.own_answerer(person, within.collections, with_shared=within.shared)
    if own is None:
        raise NothingOwn(CHINESE.shelf.no_own_articles, ENGLISH.shelf.no_own_articles)
    return own


def _person(request: Request) -> str:
    return str(request.scope.get("wenju.person", ""))
