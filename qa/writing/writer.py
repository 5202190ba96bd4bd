"""Writers make an answer of readings. The embedded one quotes; language models can take its place."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Protocol

from qa.answer import Answer, Turn
from qa.questions.follow_up import complete
from qa.reading.reader import Reading
from qa.settings import Settings
from qa.writing import quoting

EMBEDDED = "wenju"
Score = Callable[[str], float]
"""How well the articles go with a question, in [0, 1]."""

_PIECE = 12  # characters by which a quoted answer grows


class Writer(Protocol):
    """Writes the answer to a question from what was read."""

    @property
    def name(self) -> str:
        """What answers, as the page shows it."""

    def write(self, growing: Answer, readings: Sequence[Reading], raw_spans: quoting.RawSpans) -> Generator[Answer]:
        """Answers that grow from `growing`, which has the hits; the last is whole, its claims checked.

        One without a supported claim is a refusal.
        """

    def rewrite(self, question: str, history: Sequence[Turn], score: Score) -> Generator[None, None, str]:
        """`question` so that it can be understood without `history`, of several readings the one that `score` likes
        best; may yield while it takes time."""


class QuotingWriter:
    """Answers in the articles' own words: the units that the reader believes in, each with its mark."""

    name = EMBEDDED

    def write(self, growing: Answer, readings: Sequence[Reading], raw_spans: quoting.RawSpans) -> Generator[Answer]:
        """The quoted answer, first its text piece by piece."""
        whole = quoting.write(growing, quoting.quotes_of(readings), raw_spans)
        for end in range(_PIECE, len(whole.text), _PIECE):
            yield replace(growing, text=whole.text[:end])
        yield whole

    def rewrite(self, question: str, history: Sequence[Turn], score: Score) -> Generator[None, None, str]:
        """By rule, and at once."""
        return complete(question, history, score)
        yield


def load_writer(settings: Settings) -> Writer:
    """The writer that `settings` ask for. Raises ModelError, which says how to get it, where it is not to be had."""
    from qa.language_models.loading import load_language_model

    model = load_language_model(settings)
    if model is None:
        return QuotingWriter()
    from qa.writing.generative_writer import GenerativeWriter

    return GenerativeWriter(model, remove_unsupported=settings.unsupported == "remove")
