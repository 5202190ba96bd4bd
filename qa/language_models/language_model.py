"""What a language model is to this program: something that goes on with a conversation, piece by piece.

Knows no model. Those that run in this process are in `transformers_model`, those behind a server in `openai_model`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what a model reads."""

    role: Literal["system", "user", "assistant"]
    text: str


class LanguageModel(Protocol):
    """Writes text. One loaded model serves many threads; who cannot be served at once waits in `generate`."""

    @property
    def name(self) -> str:
        """What answers, as the page shows it."""

    @property
    def parameters(self) -> int:
        """Numbers among its weights; 0 where nobody knows."""

    @property
    def room(self) -> int:
        """Tokens that a prompt may have: so many as fit beside an answer, and are read without a long wait."""

    def count(self, text: str) -> int:
        """Tokens of `text`; of a model whose tokenizer is not at hand, not fewer than it has."""

    def generate(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        """The answer to `messages` in pieces, at most `most` tokens of it, the likeliest token each time.

        While there is nothing to tell yet, "" comes several times a second, so that who reads can stop: closing the
        iterator ends the generation within a token. What the model thinks aloud is not among the pieces. Raises
        ModelError for whatever goes wrong, in whichever thread.
        """
