"""What /ask and /search take and give, as programs see it in /openapi.json.

Knows plain values and how an answer becomes one; nothing of HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from qa.answer import Answer
from qa.questions.scope import LONGEST_QUESTION

if TYPE_CHECKING:
    from embeddings.collections.hit import Hit

MOST_FOUND = 50
_Date = Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]


class Within(BaseModel):
    """Which articles are asked."""

    own: bool = Field(False, description="问自己放入的文章 / ask the articles you put in")
    collections: list[str] = Field(
        [], max_length=50, description="只问自己的这些文集 / only your collections of these names"
    )
    shared: bool = Field(False, description="连同大家都问的文章 / the articles that all users share, too")
    articles: list[str] = Field(
        [], max_length=1000, description="只在这些编号的文章里找 / only in articles of these ids"
    )
    since: _Date = Field("", description="不早于，如 2021、2021-06-30 / published on or after")
    until: _Date = Field("", description="不晚于 / published on or before")


class EarlierTurn(BaseModel):
    """One earlier exchange of the same conversation."""

    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field("", max_length=20_000)


class AskRequest(Within):
    """A question, as POST /ask takes it."""

    question: str = Field(max_length=LONGEST_QUESTION, description="问题 / the question")
    history: list[EarlierTurn] = Field(
        [], max_length=50, description="先前的问答，旧的在前 / earlier turns, oldest first"
    )


class SearchRequest(Within):
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
    """An answer. Where it is `refused`, `text` says so, and `nearest` are passages that came close, not evidence.

    `request` is its number, by which the log of the server has it.
    """

    request: str
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


def answer_reply(answer: Answer, number: str) -> AnswerReply:
    """`answer` to the question with that number as a reply."""
    plain: dict[str, Any] = answer.to_dict()
    return AnswerReply(
        request=number,
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
