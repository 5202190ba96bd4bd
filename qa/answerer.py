"""From a question to a cited answer: the one path that web, `ask()`, command line and evaluation share.

Knows the order of the steps and what is refused. Each step is a function of its own module.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache, partial

from corpus.article import Passage, Span
from corpus.errors import QuestionError
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.loading import load_encoder
from prompts import render
from qa.answer import UNSURE_BELOW, Answer, Question
from qa.checking.citations import cite
from qa.checking.marks import ends_in_mark, unchecked
from qa.questions.splitting import Part, parts_of
from qa.reading.agreement import beside_the_point
from qa.reading.calibration import THRESHOLDS
from qa.reading.calibration_file import load_calibration, made_for
from qa.reading.carried import is_about, without_carried
from qa.reading.choosing import choose
from qa.reading.constraints import is_met
from qa.reading.fitting import answers_all, belief, misses
from qa.reading.highlights import highlights
from qa.reading.passages import pack
from qa.reading.reader import Misses, Reader, Reading, load_reader
from qa.reading.reranking import merge, point_at, rerank
from qa.reading.spans.finder import SpanFinder, load_spans
from qa.settings import Settings
from qa.writing.writer import Writer, load_writer

FIRM = 0.3  # of the threshold is enough for a part whose best unit has its name, beside another part that is believed
# Of the threshold, enough for a writer to be asked that says itself where passages do not answer: of 183 questions that
# the reader refused though the articles answer them, 149 reach it; of 69 that it rightly refused (RGB, samples), 40.
DOUBT = 0.15
LONGEST_QUESTION = 1000  # characters


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
        self.reader: Reader = load_reader()
        self.finder: SpanFinder = load_spans()
        # The reader was trained on the embedded encoder's cosines, whatever encoder the collection has.
        self.encoder: Encoder = load_encoder()
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
        asked = _checked(Question(question) if isinstance(question, str) else question)
        clock = _Clock()
        standalone = yield from _waiting(self.writer.rewrite(asked.text, asked.history), Answer(asked, asked.text))
        parts = parts_of(standalone)
        if len(parts) > 1:
            parts = (*parts, Part(standalone, whole=True))
        clock.lap("rewrite")
        found = [self._search(part.text, asked) for part in parts]
        clock.lap("search")
        threshold = self.threshold
        read = [self._read(*pair, threshold) for pair in zip(parts, found, strict=True)]
        hits = merge([rerank(*pair) for pair in zip(found, read, strict=True)])
        readings = [point_at(reading, before, hits) for before, reading in zip(found, read, strict=True)]
        clock.lap("read")
        growing = Answer(
            asked,
            standalone,
            hits=hits,
            confidence=max(reading.confidence for reading in readings),
            model=self.writer.name,
            seconds=clock.seconds,
        )
        believed = _believed(parts, readings, threshold * (DOUBT if self.writer.judges else 1))
        if not believed:
            yield _refusal(growing, clock)
            return
        if not self.writer.judges:
            growing = replace(growing, unanswered=_unanswered(parts, readings, believed))
        yield from self._written(growing, believed, clock)

    def _search(self, text: str, asked: Question) -> tuple[Hit, ...]:
        """The best passages for `text`, which is `asked` completed or a part of it, best first."""
        k = self.settings.k
        found = self.collection.search(text, 3 * k, articles=asked.articles, since=asked.since, until=asked.until)
        return pack(found, k)

    def _read(self, part: Part, hits: Sequence[Hit], threshold: float) -> Reading:
        """What the reader makes of `hits`; it believes nothing where they cannot meet what the question insists on."""
        fails = None if part.whole else partial(misses, part, hits)
        reading = self._look(part.text, hits, fails)
        if part.whole and reading.units and reading.confidence < threshold:
            reading = self._read_again(part.text, hits, reading)
        shown = [read.unit for read in choose([reading], hits)] if reading.units else []
        if not is_met(reading.asked, [unit.text for unit in shown], [hits[unit.hit].passage for unit in shown]):
            return replace(reading, confidence=0.0)
        if not fails:
            return reading
        firm = bool(part.own) and not fails(reading.asked, shown[:1])[0]
        return replace(reading, confidence=reading.confidence * belief(part, reading.asked, shown[0], hits), firm=firm)

    def _look(self, question: str, hits: Sequence[Hit], fails: Misses | None = None) -> Reading:
        return self.reader.read(
            question,
            hits,
            idf=self.collection.inverse_document_frequency,
            encoder=self.encoder,
            text_of=self.collection.text,
            misses=fails,
        )

    def _read_again(self, question: str, hits: Sequence[Hit], reading: Reading) -> Reading:
        """`reading`, or a surer one without the names of the question that the best unit's article is about, in hits of
        such articles alone."""
        text_of = self.collection.text
        shorter, names = without_carried(question, hits[reading.units[0].unit.hit], text_of)
        if not names:
            return reading
        own = [hit for hit in hits if is_about(hit, names, text_of)]
        again = point_at(self._look(shorter, own), own, hits)
        return replace(again, asked=reading.asked) if again.confidence > reading.confidence else reading

    def _written(self, growing: Answer, readings: Sequence[Reading], clock: _Clock) -> Iterator[Answer]:
        """The answer as it is written: what has its mark is cited and checked, what has none yet is shown as text."""
        articles = cache(self.collection.article)
        passages = [hit.passage for hit in growing.hits]

        def raw_spans(passage: Passage, start: int, end: int) -> tuple[Span, ...]:
            return articles(passage.article_id).raw_spans(start, end)

        def cited(text: str) -> Answer:
            shown, claims, citations = cite(text, passages, raw_spans, remove=self.settings.unsupported == "remove")
            return replace(growing, text=shown, claims=claims, citations=citations)

        written, checked, answer = "", 0, growing
        with closing(self.writer.write(growing.standalone, growing.hits, readings)) as pieces:
            for piece in pieces:
                written += piece
                if piece and ends_in_mark(written):
                    answer, checked = cited(written), len(written)
                yield replace(answer, text=answer.text + unchecked(written, checked))
        clock.lap("write")
        answer = answer if checked == len(written) else cited(written)
        off = self.writer.judges and beside_the_point(answer.claims, answer.citations, growing.hits, readings)
        if not any(claim.supported for claim in answer.claims) or (off and growing.confidence < self.threshold):
            yield _refusal(growing, clock)
            return
        if off:
            answer = replace(answer, confidence=min(answer.confidence, UNSURE_BELOW / 2))
        # Of a question in parts, the whole asks nothing that its parts do not.
        parts = [reading for reading in readings if reading.asked.text != growing.standalone] or readings
        marked = highlights(self.finder, parts, answer.claims)
        clock.lap("check")
        yield replace(answer, highlights=marked, done=True, seconds=clock.seconds)


def _believed(parts: Sequence[Part], readings: Sequence[Reading], threshold: float) -> list[Reading]:
    """The readings that answer: of the parts of a question (the last is the whole) those that the articles answer.

    The whole speaks where they answer no part, or where its best unit answers all at once.
    """
    *apart, whole = readings
    believed = [reading for reading in apart if reading.confidence >= (threshold * FIRM if reading.firm else threshold)]
    sure = any(reading.confidence >= threshold for reading in believed)
    if sure and not (whole.confidence >= threshold and answers_all(parts, readings)):
        return believed
    return [whole] if whole.confidence >= threshold else []


def _unanswered(parts: Sequence[Part], readings: Sequence[Reading], believed: Sequence[Reading]) -> tuple[str, ...]:
    """The parts of a question that go without an answer where others have one, and not in the same sentence."""
    if readings[-1] is believed[-1]:
        return ()
    shown = [reading.units[0].unit for reading in believed]
    left = zip(parts[:-1], readings[:-1], strict=True)
    return tuple(part.text for part, reading in left if not reading.units or reading.units[0].unit not in shown)


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


def _checked(question: Question) -> Question:
    text = " ".join(question.text.replace("\x00", "").split())
    if not text:
        raise QuestionError("问题是空的，请写下您想问的内容。", "The question is empty: write what you want to know.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"问题有 {len(text)} 个字，最多 {LONGEST_QUESTION} 个。请只写要问的一件事；长文请作为文章放进来。",
            f"The question has {len(text)} characters, {LONGEST_QUESTION} are allowed. "
            "Ask one thing; add long texts as articles.",
        )
    return replace(question, text=text)
