"""From a question to a cited answer: the one path that web, `ask()`, command line and evaluation share.

Knows the order of the steps and what is refused. Each step is a function of its own module.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache

from corpus.article import Passage, Span
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from prompts import render
from qa.answer import Answer, Question
from qa.questions.scope import checked, nothing_within, with_dates
from qa.questions.splitting import Part, parts_of
from qa.reading.calibration import THRESHOLDS
from qa.reading.calibration_file import load_calibration, made_for
from qa.reading.network import Network, load_network
from qa.reading.passages import merged, pack
from qa.reading.reader import Reading, read
from qa.settings import Settings
from qa.writing.writer import Writer, load_writer


class Answerer:
    """Answers questions from one collection. Many threads may ask at once; nothing is kept between questions."""

    def __init__(
        self,
        collection: Collection,
        *,
        settings: Settings | None = None,
        writer: Writer | None = None,
        threshold: float | None = None,
    ) -> None:
        self.collection = collection
        self.settings = settings or Settings.from_environment()
        self.writer: Writer = writer or load_writer(self.settings)
        self.network: Network = load_network()
        self._threshold = threshold

    @property
    def threshold(self) -> float:
        """The least confidence with which an answer is shown: as given, else the collection's own, else as shipped.

        Looked up each time, so that a calibration holds from the next question on.
        """
        if self._threshold is not None:
            return self._threshold
        wanted = made_for(self.writer.name, self.collection.manifest.fingerprint)
        calibration = load_calibration(self.collection.path, wanted)
        return (calibration.thresholds if calibration else THRESHOLDS)[self.settings.caution]

    def answer(self, question: str | Question) -> Answer:
        """The whole answer: the last value of `stream`."""
        for answer in self.stream(question):
            last = answer
        return last

    def stream(self, question: str | Question) -> Iterator[Answer]:
        """Answers that grow; the last one is `done`. Raises QuestionError for a question that cannot be asked."""
        asked = with_dates(checked(question), self.collection)
        clock = _Clock()
        if empty := nothing_within(asked, self.collection):
            growing = Answer(asked, asked.text, model=self.writer.name, confidence=0.0, seconds=clock.seconds)
            yield replace(_refusal(growing, clock), text=empty)
            return
        standalone = yield from _waiting(self.writer.rewrite(asked.text, asked.history), Answer(asked, asked.text))
        parts = parts_of(standalone)
        if len(parts) > 1:
            parts = (*parts, Part(standalone, whole=True))
        clock.lap("rewrite")
        found = [self._search(part.text, asked) for part in parts]
        clock.lap("search")
        readings = [read(part.text, hits, self.network) for part, hits in zip(parts, found, strict=True)]
        clock.lap("read")
        believed = _believed(readings, self.threshold)
        growing = Answer(
            asked,
            standalone,
            hits=merged(found, readings),
            confidence=max(reading.confidence for reading in believed or readings),
            model=self.writer.name,
            seconds=clock.seconds,
        )
        if not believed:
            yield _refusal(growing, clock)
            return
        yield from self._written(replace(growing, unanswered=_unanswered(parts, believed)), believed, clock)

    def _search(self, text: str, asked: Question) -> tuple[Hit, ...]:
        """The best passages for `text`, which is `asked` completed or a part of it, best first."""
        k = self.settings.k
        found = self.collection.search(text, 3 * k, articles=asked.articles, since=asked.since, until=asked.until)
        return pack(found, k)

    def _written(self, growing: Answer, readings: Sequence[Reading], clock: _Clock) -> Iterator[Answer]:
        articles = cache(self.collection.article)

        def raw_spans(passage: Passage, start: int, end: int) -> tuple[Span, ...]:
            return articles(passage.article_id).raw_spans(start, end)

        answer = growing
        with closing(self.writer.write(growing, readings, raw_spans)) as answers:
            for answer in answers:
                yield answer
        clock.lap("write")
        if any(claim.supported for claim in answer.claims):
            yield replace(answer, done=True, seconds=clock.seconds)
        else:
            yield _refusal(growing, clock)


def _believed(readings: Sequence[Reading], threshold: float) -> list[Reading]:
    """The readings that answer: of the parts of a question (the last is the whole) those that the articles answer, else
    the whole."""
    *parts, whole = readings
    believed = [reading for reading in parts if reading.confidence >= threshold]
    return believed or ([whole] if whole.confidence >= threshold else [])


def _unanswered(parts: Sequence[Part], believed: Sequence[Reading]) -> tuple[str, ...]:
    """The parts of a question that go without an answer where others have one."""
    answered = {reading.question for reading in believed}
    return () if parts[-1].text in answered else tuple(p.text for p in parts[:-1] if p.text not in answered)


def _waiting(work: Generator[None, None, str], growing: Answer) -> Generator[Answer, None, str]:
    """The result of `work`; yields `growing` while it takes time, and ends it when nobody waits any more."""
    with closing(work):
        while True:
            try:
                next(work)
            except StopIteration as end:
                return str(end.value)
            yield growing


class _Clock:
    """Seconds per stage, the sum under "total"."""

    def __init__(self) -> None:
        self._laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + now - self._last
        self._last = now

    @property
    def seconds(self) -> dict[str, float]:
        return self._laps | {"total": sum(self._laps.values())}


def _refusal(growing: Answer, clock: _Clock) -> Answer:
    clock.lap("check")
    return replace(growing, text=render("refusal"), refused=True, done=True, seconds=clock.seconds, unanswered=())
