"""Writers turn a reading into text with marks. The embedded one quotes; language models can take its place.

Knows hits and readings. Does not check what it writes: that is done for every writer alike in
`qa/checking/citations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from corpus.text.sentences import split_clauses
from embeddings.collections.hit import Hit
from qa.answer import Turn
from qa.checking.brackets import added
from qa.questions.follow_up import complete
from qa.reading.choosing import choose
from qa.reading.reader import Read, Reading
from qa.reading.subjects import subject_of
from qa.settings import Settings

_CUT_END = re.compile(r"[，,、：:；;—–…\s]+$")
# 他表示…… tells nothing without what he said.
_ANNOUNCES = re.compile(
    r"(?:[：:]|(?:说|称|表示|指出|显示|介绍|认为|宣布|透露|强调|提出|回忆|了解|获悉|计算?|看来|来看|来说|而言|公告)[，,]?)\s*$"
)
_WHOLE_END = re.compile(r"[。！？!?…”’」』）)》】]$")


class Writer(Protocol):
    """Writes the answer to a question from passages."""

    @property
    def name(self) -> str:
        """What answers, as the page shows it."""

    @property
    def judges(self) -> bool:
        """Whether it says itself where the passages do not answer, so that it is asked in doubtful cases, too."""

    def write(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading]) -> Generator[str]:
        """Pieces of text with marks: `[n]` stands for `hits[n - 1]`. Nothing at all is a refusal."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> Generator[None, None, str]:
        """`question` so that it can be understood without `history`; may yield while it takes time."""


class QuotingWriter:
    """Answers in the articles' own words: the units that the reader believes in, each with its mark."""

    name = "wenju"
    judges = False

    def write(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading]) -> Generator[str]:
        """The chosen units, the best passage first and in reading order inside a passage.

        Whom one is about stands in brackets where neither it nor what was read before says so.
        """
        known = question
        for stretch in _joined(choose(readings, hits)):
            stretch.finish(hits[stretch.hit].passage.text)
            shown = _shown(stretch, hits, known)
            known += shown
            yield from _pieces(shown)
            yield f"[{stretch.hit + 1}]"

    def rewrite(self, question: str, history: Sequence[Turn]) -> Generator[None, None, str]:
        """By rule, and at once."""
        return complete(question, history)
        yield


def load_writer(settings: Settings) -> Writer:
    """The writer that `settings` ask for. Raises ModelError, which says how to get it, where it is not to be had."""
    from qa.language_models.loading import load_language_model

    model = load_language_model(settings)
    if model is None:
        return QuotingWriter()
    from qa.writing.generative_writer import GenerativeWriter

    return GenerativeWriter(model)


class _Stretch:
    """Neighbouring units of one sentence of a passage, shown as one."""

    def __init__(self, read: Read) -> None:
        self.hit, self.start, self.end = read.unit.hit, read.unit.start, read.unit.end
        self.sentence = read.unit.sentence

    def finish(self, text: str) -> None:
        """Go on to the next mark where the stretch ends in words that only announce what follows."""
        while self.end < self.sentence[1] and _ANNOUNCES.search(text[self.start : self.end]):
            self.end = split_clauses(text, self.end, self.sentence[1])[0][1]

    def takes(self, read: Read) -> bool:
        """Whether `read` follows directly in the same sentence; if so it is taken in."""
        unit = read.unit
        if (unit.hit, unit.sentence) != (self.hit, self.sentence) or unit.start - self.end > 1:
            return False
        self.end = unit.end
        return True


def _joined(chosen: Sequence[Read]) -> list[_Stretch]:
    first_seen = {read.unit.hit: place for place, read in reversed(list(enumerate(chosen)))}
    stretches: list[_Stretch] = []
    for read in sorted(chosen, key=lambda r: (first_seen[r.unit.hit], r.unit.start)):
        if not stretches or not stretches[-1].takes(read):
            stretches.append(_Stretch(read))
    return stretches


def _shown(stretch: _Stretch, hits: Sequence[Hit], known: str) -> str:
    """The stretch as a person reads it who has read what is `known`: …… where the sentence goes on before or after."""
    passage = hits[stretch.hit].passage
    text = passage.text[stretch.start : stretch.end]
    before = "……" if stretch.start > stretch.sentence[0] else ""
    if subject := subject_of(passage, stretch.start, stretch.end, stretch.sentence, known):
        place = subject.place - stretch.start
        text = text[:place] + added(subject.name) + text[place:]
        before = before if place else ""
    if stretch.end < stretch.sentence[1]:
        return before + _CUT_END.sub("", text) + "……"
    return before + text if _WHOLE_END.search(text) else before + _CUT_END.sub("", text) + "。"


def _pieces(text: str, size: int = 12) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]
