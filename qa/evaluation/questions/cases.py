"""What a question set is made of: questions with the answers that are expected of them.

Knows values only. How sets are read from files and written to them is the business of `sets`, what an
answer is worth that of `scoring`.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Article
from qa.answer import Turn


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person said of an answer: who, when (ISO date or time), what was wrong, and the answer it was said of."""

    by: str = ""
    at: str = ""
    text: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what a right answer to it looks like.

    `answers` are alternatives of which any one will do. `answer_groups` are parts that are all required, each with
    its alternatives. Where `answerable` is False the articles do not say, and a refusal is right. `articles` names the
    articles that answer (by id, file name or title; empty where nobody knows), `given` the only ones that may be read
    (empty: all). `wrong_answers` are what falsified articles lead to. `passage` is the text that answers, for a person
    who checks. `kind` is any label by which scores are shown apart.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    answer_groups: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True
    articles: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    wrong_answers: tuple[str, ...] = ()
    kind: str = ""
    history: tuple[Turn, ...] = ()
    since: str = ""
    until: str = ""
    passage: str = ""
    remark: Remark | None = None

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """The parts an answer must have, each a tuple of alternatives; empty where a refusal is right."""
        if not self.answerable:
            return ()
        return self.answer_groups or ((self.answers,) if self.answers else ())


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The cases of a file in its order, and the articles that came with them (contexts), each once.

    `sha256` is that of the file's bytes; `problems` names rows that could not be used, as (Chinese, English).
    """

    name: str
    cases: tuple[Case, ...]
    articles: tuple[Article, ...] = ()
    sha256: str = ""
    problems: tuple[tuple[str, str], ...] = ()
