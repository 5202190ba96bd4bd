"""What programs may call: /ask and /search with their schemas (/openapi.json), /healthz and /readyz.

Knows HTTP and plain values; answers come from the same answerer, places and articles as those on the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from corpus.errors import WenjuError
from qa.answer import Answer, Question, Turn
from qa.questions.scope import LONGEST_QUESTION
from qa.web.evaluation_tab import report_file
from qa.web.uploads import visitor_of

if TYPE_CHECKING:
    from embeddings.collections.hit import Hit
    from qa.answerer import Answerer
    from qa.web.page import Page

WAIT_SECONDS = 60.0
MOST_FOUND = 50
_Date = Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]


class _Within(BaseModel):
    """Which articles are asked."""

    own: bool = Field(False, description="问自己放入的文章 / ask the articles you put in")
    articles: list[str] = Field(
        [], max_length=1000, description="只在这些编号的文章里找 / only in articles of these ids"
    )
    since: _Date = Field("", description="不早于，如 2021、2021-06-30 / published on or after")
    until: _Date = Field("", description="不晚于 / published on or before")


class EarlierTurn(BaseModel):
    """One earlier exchange of the same conversation."""

    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field("", max_length=20_000)


class AskRequest(_Within):
    """A question, as POST /ask takes it."""

    question: str = Field(max_length=LONGEST_QUESTION, description="问题 / the question")
    history: list[EarlierTurn] = Field(
        [], max_length=50, description="先前的问答，旧的在前 / earlier turns, oldest first"
    )


class SearchRequest(_Within):
    """What to look for, as POST /search takes it."""

    text: str = Field(max_length=LONGEST_QUESTION, description="要找的话 / what to look for")
    most: int = Field(10, ge=1, le=MOST_FOUND, description="最多几段 / so many passages at most")


class ClaimReply(BaseModel):
    """One sentence of an answer, the numbers of its citations, and what they do not support."""

    text: str
    citations: list[int]
    supported: bool
    problem: str


class CitationReply(BaseModel):
    """The evidence behind a number: `quote` is characters `start` to `end` of the article `article`."""

    number: int
    article: str
    title: str
    source: str
    published: str
    quote: str
    start: int
    end: int


class PassageReply(BaseModel):
    """A passage that was found: characters `start` to `end` of the article `article`. `score` is from 0 to 1."""

    article: str
    title: str
    source: str
    published: str
    text: str
    start: int
    end: int
    score: float


class AnswerReply(BaseModel):
    """An answer. Where it is `refused`, `text` says so, and `nearest` are passages that came close, not evidence."""

    question: str
    understood_as: str
    text: str
    refused: bool
    unsure: bool
    confidence: float
    claims: list[ClaimReply]
    citations: list[CitationReply]
    nearest: list[PassageReply]
    unanswered: list[str]
    model: str
    seconds: float


class SearchReply(BaseModel):
    """The passages that say most about a text, best first."""

    passages: list[PassageReply]


class State(BaseModel):
    status: str


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

    @app.post("/ask", summary="提问，得到带出处的回答 / a question, answered with evidence")
    def ask(asked: AskRequest, request: Request) -> AnswerReply:
        return answer_reply(answer_of(page, asked, _person(request)))

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
        return SearchReply(passages=[passage_reply(hit) for hit in hits_of(page, wanted, _person(request))])


def answer_of(page: Page, asked: AskRequest, person: str) -> Answer:
    """What the page says to `asked`, in its turn. Raises HTTPException with what is wrong, in the page's language."""
    history = tuple(Turn(turn.question, turn.answer) for turn in asked.history)
    question = Question(asked.question, history, tuple(asked.articles), asked.since, asked.until)
    try:
        with page.places.enter(person) as place:
            if not place.is_mine(WAIT_SECONDS):
                raise HTTPException(503, page.words.shelf.busy, {"Retry-After": "30"})
            return _answerer(page, asked, person).answer(question)
    except WenjuError as error:
        raise HTTPException(400, error.message(page.settings.language)) from error


def hits_of(page: Page, wanted: SearchRequest, person: str) -> tuple[Hit, ...]:
    """The passages that say most about a text. Raises HTTPException as `answer_of` does."""
    try:
        collection = _answerer(page, wanted, person).collection
        return collection.search(
            wanted.text, wanted.most, articles=tuple(wanted.articles), since=wanted.since, until=wanted.until
        )
    except WenjuError as error:
        raise HTTPException(400, error.message(page.settings.language)) from error


def _answerer(page: Page, within: _Within, person: str) -> Answerer:
    if not within.own:
        return page.shared
    own = page.own_answerer(person)
    if own is None:
        raise HTTPException(404, page.words.shelf.no_own_articles)
    return own


def _person(request: Request) -> str:
    return str(request.scope.get("wenju.person", ""))


def answer_reply(answer: Answer) -> AnswerReply:
    """`answer` as a reply."""
    plain: dict[str, Any] = answer.to_dict()
    return AnswerReply(
        question=answer.question.text,
        understood_as=answer.standalone,
        text=answer.text,
        refused=answer.refused,
        unsure=answer.unsure,
        confidence=answer.confidence,
        claims=[ClaimReply(**{name: claim[name] for name in ClaimReply.model_fields}) for claim in plain["claims"]],
        citations=[
            CitationReply(
                number=citation.number,
                article=citation.passage.article_id,
                title=citation.title,
                source=citation.source,
                published=citation.published,
                quote=citation.quote,
                start=citation.start,
                end=citation.end,
            )
            for citation in answer.citations
        ],
        nearest=[passage_reply(hit) for hit in answer.nearest],
        unanswered=list(answer.unanswered),
        model=answer.model,
        seconds=answer.seconds.get("total", 0.0),
    )


def passage_reply(hit: Hit) -> PassageReply:
    """`hit` as a part of a reply."""
    passage = hit.passage
    return PassageReply(
        article=passage.article_id,
        title=passage.title,
        source=passage.source,
        published=passage.published,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        score=hit.score,
    )
