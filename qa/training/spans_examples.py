"""What the span model learns from: questions, and the claims that the embedded reader answers them with.

Every question is asked of its own article alone, those held out also of the whole collection. The answers are kept in
a file, so that training can be done again without asking. Knows how a claim is compared with a reference. Held out are
the same questions as for the reader (`qa/training/trees_examples.py`); `nc/` is never read.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.static_encoder import load_static_encoder
from embeddings.training.data import read_rows
from qa.checking.citations import cite
from qa.evaluation.metrics.answer_text import longest_run, plain
from qa.reading.features import ask_about
from qa.reading.passages import pack
from qa.reading.reader import Reader, load_reader
from qa.reading.spans.finder import shares_of
from qa.reading.spans.habits import Habits
from qa.reading.spans.kinds import Expectations
from qa.reading.spans.text import Word, look_at
from qa.reading.spans.words import Board, board_of
from qa.training.trees_examples import is_held_out
from qa.writing.writer import QuotingWriter

QUESTION_SETS = ("qa_cmrc2018", "qa_drcd", "qa_xquad_zh", "qa_crud_dev")
PASSAGES = 8
_HALF = 0.5  # of an answer that a claim must have for its part to count
_FEWEST = 6  # characters of such a part
_EDGE = " \t　。，；！？,;!?、"


@dataclass(frozen=True, slots=True)
class Told:
    """A question and the claims that answered it one way ("own" article or "open"), with the reader's shares."""

    source: str
    group: str
    held_out: bool
    way: str
    question: str
    weights: dict[str, float]
    answers: tuple[str, ...]
    texts: tuple[str, ...]
    shares: tuple[float, ...]

    def board(self, known: Expectations, habits: Habits, encoder: Encoder) -> Board:
        """The words of the claims, seen from the question."""
        asked = ask_about(self.question, lambda term: self.weights.get(term, 0.0), encoder)
        return board_of(asked, self.texts, self.shares, known, habits)

    def labels(self) -> tuple[list[Word], NDArray[np.int8]]:
        """The words of the claims, and whether each begins, ends, and is inside an answer: `(3, words)`."""
        looks = [look_at(text) for text in self.texts]
        claim = [number for number, look in enumerate(looks) for _ in look.words]
        words = [word for look in looks for word in look.words]
        return words, labels_of(words, claim, answering_spans(self.texts, self.answers))

    @property
    def half(self) -> int:
        """0 or 1: questions on one article are in the same half."""
        return zlib.crc32(self.group.encode()) % 2


def collect(data: Path, collection: Path, encoder: Path, most: int, seed: int) -> Iterator[Told]:
    """Ask the questions of all sets, at most `most` of each (0 for all)."""
    from rich.progress import track

    reader = load_reader()
    with Collection.open(collection, encoder=load_static_encoder(encoder)) as world:
        for name in QUESTION_SETS:
            rows = [row for row in read_rows(data / f"{name}.jsonl.gz") if row.get("self_contained", True)]
            rows = [row for row in rows if row["answers"] and row["question"].strip()]
            random.Random(seed).shuffle(rows)
            for row in track(rows[: most or None], description=name):
                own = tuple(row.get("context_ids") or [row["context_id"]])
                for way, articles in (("own", own), ("open", ())) if is_held_out(row) else (("own", own),):
                    hits = pack(world.search(row["question"], 3 * PASSAGES, articles=articles), PASSAGES)
                    yield from _told(row, way, own, reader, hits, world)


def _told(
    row: dict[str, object], way: str, own: tuple[str, ...], reader: Reader, hits: Sequence[Hit], world: Collection
) -> Iterator[Told]:
    question = str(row["question"])
    idf, encoder = world.inverse_document_frequency, world.encoder
    reading = reader.read(question, hits, idf=idf, encoder=encoder, text_of=world.text)
    if not reading.units:
        return
    written = "".join(QuotingWriter().write(question, hits, [reading]))
    _, claims, _ = cite(written, [hit.passage for hit in hits], lambda passage, start, end: ())
    texts = tuple(claim.text for claim in claims if claim.supported)
    if texts:
        yield Told(
            str(row["dataset"]),
            " ".join(own),
            is_held_out(row),
            way,
            question,
            reading.asked.weights,
            tuple(row["answers"]),  # type: ignore[arg-type]
            texts,
            tuple(shares_of(reading, texts)),
        )


def save(told: Sequence[Told], path: Path) -> None:
    """Write what was collected as gzipped JSON Lines, all or nothing."""
    beside = path.with_suffix(".part")
    with gzip.open(beside, "wt", encoding="utf-8") as lines:
        for one in told:
            lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    beside.replace(path)


def load(path: Path) -> list[Told]:
    """Read what `save` wrote."""
    told = []
    for row in read_rows(path):
        lists = {name: tuple(row[name]) for name in ("answers", "texts", "shares")}
        told.append(Told(**(row | lists)))
    return told


def answering_spans(texts: Sequence[str], answers: Sequence[str]) -> list[tuple[int, Span]]:
    """Where `texts` hold one of `answers`, longer ones first; else the longest part of one that a text is cut from."""
    found: list[tuple[int, Span]] = []
    stripped = sorted({answer.strip(_EDGE) for answer in answers} - {""}, key=lambda a: (-len(a), a))
    for answer in stripped:
        for number, text in enumerate(texts):
            for match in re.finditer(re.escape(answer), text):
                start, end = match.span()
                if not any(n == number and s < end and start < e for n, (s, e) in found):
                    found.append((number, (start, end)))
    return found or _part(texts, stripped)


def _part(texts: Sequence[str], answers: Sequence[str]) -> list[tuple[int, Span]]:
    longest: tuple[int, int, Span] = (0, 0, (0, 0))
    for answer in answers:
        for number, text in enumerate(texts):
            length = longest_run(answer, text)
            if length > longest[0] and length >= max(_FEWEST, len(answer) * _HALF):
                starts = (text.find(answer[s : s + length]) for s in range(len(answer) - length + 1))
                start = next(place for place in starts if place >= 0)
                longest = (length, number, (start, start + length))
    return [longest[1:]] if longest[0] else []


def labels_of(words: Sequence[Word], claim: Sequence[int], spans: Sequence[tuple[int, Span]]) -> NDArray[np.int8]:
    """Whether each word begins, ends, and is inside one of `spans`: `(3, words)`. `claim` is the claim of each word."""
    labels = np.zeros((3, len(words)), np.int8)
    for number, (start, end) in spans:
        within = [
            i
            for i, word in enumerate(words)
            if claim[i] == number and word.end > start and word.start < end and word.plain
        ]
        if within:
            labels[0, within[0]] = labels[1, within[-1]] = 1
            labels[2, within] = 1
    return labels


def quick_f1(text: str, answers: Sequence[str]) -> float:
    """As `qa.metrics.f1` with every character by itself: a hundred times faster, the same but for Latin and figures."""
    mine, best = plain(text), 0.0
    for answer in answers:
        other, run, start = plain(answer), 0, 0
        while mine and start + run < len(mine):
            if mine[start : start + run + 1] in other:
                run += 1
            else:
                start += 1
        if run:
            best = max(best, 2 * run / (len(mine) + len(other)))
    return best
