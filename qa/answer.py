"""Questions and answers: the values that all four faces (web, `ask()`, command line, evaluation) share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.article import Passage, Span
from corpus.places import Place, meeting
from embeddings.collections.hit import Hit

# Below this confidence an answer comes with a warning: of unseen units, half of those that are believed so far
# answered (the reader's card has the table).
UNSURE_BELOW = 0.5
_SHOWN = 60  # characters of an answer in its `repr`


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the same conversation."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `articles` limits the search to these article ids; `since`/`until` to dates (ISO, inclusive).

    Where neither date is given, words of `text` such as 去年下半年 give them, unless `read_dates` is off; an answer's
    question has those words in `dates`.
    """

    text: str
    history: tuple[Turn, ...] = ()
    articles: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    read_dates: bool = True
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """The evidence behind a printed `[number]`.

    `quote` is the supporting text, always an exact slice: `article.text[start:end] == quote`, inside `passage`.
    `raw_spans` are the places of the same characters in the decoded file.
    """

    number: int
    passage: Passage
    quote: str
    start: int
    end: int
    raw_spans: tuple[Span, ...] = ()

    @property
    def title(self) -> str:
        return self.passage.title

    @property
    def source(self) -> str:
        return self.passage.source

    @property
    def published(self) -> str:
        return self.passage.published

    @property
    def places(self) -> tuple[Place, ...]:
        """Where on a page recognised text of the quote stands; empty for all other text."""
        return meeting(self.passage.places, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer as `answer.text[start:end]` shows it, marks left out of `text`.

    `supported` is False where a check failed; `problem` then says in words what the passages do not have. `computed`
    says that no passage has it in words: it was worked out from the cited ones.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    supported: bool
    problem: str = ""
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program says to one question. A stream yields growing ones; the last has `done`.

    `standalone` is the question as it was searched for (a follow-up is completed from the history). `highlights` are
    spans of `text` that are the shortest answer. `confidence` is the reader's estimate in [0, 1] that the articles
    answer the question (1 where nobody estimated). When `refused`, `text` says so and `nearest` holds the hits that
    came closest, which are not evidence. `unanswered` are the parts of a question to which nothing reliable was found,
    where others are answered. `instead_of` names the language model whose answer did not stand, where the embedded one
    took its place. `seconds` is wall time per stage.
    """

    question: Question
    standalone: str
    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    highlights: tuple[Span, ...] = ()
    confidence: float = 1.0
    refused: bool = False
    done: bool = False
    model: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    instead_of: str = ""

    def __repr__(self) -> str:
        """What one wants to see at a prompt; `to_dict` has everything."""
        text = self.text if len(self.text) <= _SHOWN else self.text[: _SHOWN - 1] + "…"
        state = "refused" if self.refused else f"citations={len(self.citations)}"
        return f"Answer({text!r}, {state}, confidence={self.confidence:.2f}{'' if self.done else ', not done'})"

    @property
    def nearest(self) -> tuple[Hit, ...]:
        """The best hits of a refused question, to be shown as near misses; empty for an answer."""
        return self.hits[:3] if self.refused else ()

    @property
    def unsure(self) -> bool:
        """Whether this is an answer, but one that the reader hardly believes in."""
        return self.done and not self.refused and self.confidence < UNSURE_BELOW

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, ready for JSON."""
        plain = asdict(self) | {"unsure": self.unsure}
        for citation, value in zip(plain["citations"], self.citations, strict=True):
            citation |= {"title": value.title, "source": value.source, "published": value.published}
        return plain
