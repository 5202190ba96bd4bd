"""What the conversation asks of whoever knows the articles that a visitor has selected.

Knows no page; `qa.web.answerers` is the one that does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from corpus.article import Article
    from qa.answer import Question
    from qa.answerer import Answerer
    from qa.web.commands import Wishes


class Answering(Protocol):
    """Which articles a visitor asks; `selection` is what the page keeps of the visitor, `pick` the model chosen."""

    def answerer(self, selection: Any, pick: Any, wishes: Wishes) -> Answerer:
        """Who answers. Raises WenjuError where the model is not there any more."""

    def drafter(self, selection: Any) -> Answerer:
        """One that answers from the same articles at once, whatever the model."""

    def asked_of(self, selection: Any) -> str:
        """What these articles are called, and how many they are."""

    def asks_shared(self, selection: Any) -> bool:
        """Whether these articles are the ones that everybody asks."""

    def question(self, selection: Any, text: str) -> Question:
        """`text` with the limits that the visitor has set."""

    def article(self, selection: Any, name: str) -> Article | None:
        """An article that the visitor may read."""
