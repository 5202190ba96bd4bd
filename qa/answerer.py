"""From a question to a cited answer: the one path that web, `ask()`, command line and evaluation share.

Knows the order of the steps and what is refused. Each step is a function of its own module.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.collections.together import AnyCollection
from qa.answer import Answer, Question
from qa.questions.about_documents import about_document
from qa.questions.follow_up import otherwise
from qa.questions.intents import intent_of
from qa.questions.scope import checked, with_dates
from qa.questions.small_talk import plain_reply
from qa.questions.splitting import Part
from qa.questions.told_before import asked_at_the_end
from qa.reading.calibration import THRESHOLDS
from qa.reading.calibration_file import load_calibration, made_for
from qa.reading.counting import counted
from qa.reading.lists import with_whole_lists
from qa.reading.network import Network, load_network
from qa.reading.passages import merged, pack
from qa.reading.reader import ENOUGH, Reading, read
from qa.reading.sections import with_section_by_itself
from qa.reading.tables.view import TableRows, tables_of
from qa.settings import Settings
from qa.writing import document_facts, quoting, tabled
from qa.writing.document_facts import document_fact
from qa.writing.listing import with_number_of_items, write_count
from qa.writing.outline import spoken_of, summary_quotes
from qa.writing.quoting import RawSpans
from qa.writing.refusals import not_found, nothing_within
from qa.writing.tabled import SURE, table_answer
from qa.writing.ways import Way, concluded, narrowed, way_of
from qa.writing.writer import EMBEDDED, Writer, load_writer

_OF_SEVERAL = frozenset({"list", "latest"})
_KEPT = 16  # articles; one of ten thousand rows takes 50 MB and a second to load


class Answerer:
    """Answers questions from one collection. Many threads may ask at once.

    Between questions only the last few articles are kept, until the collection changes."""

    def __init__(
        self,
        collection: AnyCollection,
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
        self._kept = lru_cache(_KEPT)(self._load)

    @property
    def threshold(self) -> float:
        """The least confidence with which an answer is shown: as given, else the collection's own, else as shipped.

        Of several that are searched as one, the most cautious. Looked up each time, so that a calibration holds from
        the next question on.
        """
        if self._threshold is not None:
            return self._threshold
        return max(map(self._threshold_of, self.collection.parts))

    def _threshold_of(self, collection: Collection) -> float:
        wanted = made_for(self.writer.name, collection.manifest.fingerprint)
        calibration = load_calibration(collection.path, wanted)
        return (calibration.thresholds if calibration else THRESHOLDS)[self.settings.caution]

    def answer(self, question: str | Question) -> Answer:
        """The whole answer: the last value of `stream`."""
        for answer in self.stream(question):
            last = answer
        return last

    def stream(self, question: str | Question) -> Iterator[Answer]:
        """Answers that grow; the last one is `done`. Raises QuestionError for a question that cannot be asked."""
        asked = with_dates(checked(question), self.collection)
        if reply := plain_reply(asked, self.settings.language):
            yield reply
            return
        clock = _Clock()
        if empty := nothing_within(asked, self.collection, self.settings.language):
            growing = Answer(asked, asked.text, model=self.writer.name, confidence=0.0, seconds=clock.seconds)
            yield replace(self._refusal(growing, clock), text=empty)
            return
        search = cache(partial(self._search, asked=asked))
        rewriting = self.writer.rewrite(asked.text, asked.history, lambda text: _best_score(search(text)))
        standalone = yield from _waiting(rewriting, Answer(asked, asked.text))
        clock.lap("rewrite")
        way = way_of(standalone)
        growing = Answer(asked, standalone, model=EMBEDDED, seconds=clock.seconds)
        found = [search(part.text) for part in way.parts]
        clock.lap("search")
        if answer := self._exact(replace(growing, hits=found[-1]), way):
            clock.lap("write")
            yield replace(answer, done=True, seconds=clock.seconds) if answer.text else self._refusal(answer, clock)
            return
        look = self._look(way, found)
        readings = otherwise(asked.text, asked.history, standalone), asked_at_the_end(standalone)
        if not look.believed and (other := next(filter(None, readings), "")):
            way = way_of(other)
            second = self._look(way, [search(part.text) for part in way.parts])
            look, growing = (second, replace(growing, standalone=other)) if second.believed else (look, growing)
        clock.lap("read")
        best = max(reading.confidence for reading in look.believed or look.readings)
        growing = replace(growing, hits=look.hits, confidence=best, model=self.writer.name)
        if not look.believed:
            yield self._refusal(growing, clock)
            return
        believed = [with_whole_lists(reading, self.collection.passages) for reading in look.believed]
        unanswered = () if look.way.premise else _unanswered(look.way.parts, look.believed)
        yield from self._written(replace(growing, unanswered=unanswered), look.way, believed, clock)

    def _look(self, way: Way, found: Sequence[Sequence[Hit]]) -> _Look:
        readings = [self._read(part.text, hits) for part, hits in zip(way.parts, found, strict=True)]
        return _Look(way, readings, _believed(readings, self.threshold), merged(found, readings))

    def _exact(self, growing: Answer, way: Way) -> Answer | None:
        """A summary, what is told of a document itself, or what a table says exactly; without text where its cell is
        empty. None for all else."""
        asked = growing.question
        search = partial(self._search, asked=asked)
        if way.intent == "summary":
            at_hand = asked.articles or spoken_of(asked.history, search)
            if quotes := summary_quotes(growing.standalone, self.collection, search, at_hand):
                return quoting.write(replace(growing, confidence=SURE), quotes, self._raw_spans())
        if about := about_document(asked.text) or about_document(growing.standalone):
            at_hand = asked.articles or spoken_of(asked.history, search)
            if told := document_fact(about, self.collection, at_hand, self._article):
                return document_facts.write(replace(growing, confidence=SURE), told, self._raw_spans())
        found = table_answer(growing.standalone, growing.hits, self._tables_in)
        if found:
            return tabled.write(growing, found, self._raw_spans()) if found.text else replace(growing, confidence=0.0)
        names = tuple(dict.fromkeys(hit.passage.article_id for hit in growing.hits))
        number = counted(growing.standalone, names, self._article)
        return write_count(replace(growing, confidence=SURE), number, self._raw_spans()) if number else None

    def _read(self, text: str, hits: Sequence[Hit]) -> Reading:
        # What is asked for may stand in several articles: then one that answers well is not the end.
        enough = 1.0 if intent_of(text) in _OF_SEVERAL else ENOUGH
        reading = read(text, hits, self.network, enough=enough)
        return narrowed(with_section_by_itself(reading, hits, self.network), hits)

    def _search(self, text: str, asked: Question) -> tuple[Hit, ...]:
        """The best passages for `text`, which is `asked` completed or a part of it, best first."""
        k = self.settings.k
        found = self.collection.search(text, 3 * k, articles=asked.articles, since=asked.since, until=asked.until)
        return pack(found, k)

    def _raw_spans(self) -> RawSpans:
        return lambda passage, start, end: self._article(passage.article_id).raw_spans(start, end)

    def _article(self, name: str) -> Article:
        return self._kept(self._state, name)[0]

    def _tables_in(self, name: str) -> tuple[TableRows, ...]:
        return self._kept(self._state, name)[1]

    @property
    def _state(self) -> tuple[int, ...]:
        """Another one after each change of the collection."""
        return tuple(part.generation.number for part in self.collection.parts)

    def _load(self, state: tuple[int, ...], name: str) -> tuple[Article, tuple[TableRows, ...]]:
        """An article with its tables, of which what is worked out is kept with them."""
        article = self.collection.article(name)
        return article, tables_of(article)

    def _written(self, growing: Answer, way: Way, readings: Sequence[Reading], clock: _Clock) -> Iterator[Answer]:
        answer = growing
        with closing(self.writer.write(growing, readings, self._raw_spans())) as answers:
            for answer in answers:
                yield answer
        clock.lap("write")
        if any(claim.supported for claim in answer.claims):
            answer = with_number_of_items(concluded(answer, way, readings), self._article)
            yield replace(answer, done=True, seconds=clock.seconds)
        else:
            yield self._refusal(growing, clock)

    def _refusal(self, growing: Answer, clock: _Clock) -> Answer:
        clock.lap("check")
        text = not_found(self.settings.language)
        return replace(growing, text=text, refused=True, done=True, seconds=clock.seconds, unanswered=())


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read for one way to understand a question, and which of it is believed."""

    way: Way
    readings: list[Reading]
    believed: list[Reading]
    hits: tuple[Hit, ...]


def _best_score(hits: Sequence[Hit]) -> float:
    """What tells which reading of a follow-up is meant: how well the articles have its words and its sense."""
    return max((hit.score for hit in hits), default=0.0)


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
