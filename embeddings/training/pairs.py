"""Pairs of a query and its passage, drawn from documents and questions for the training of the encoder.

Knows texts as spans of one long array of piece numbers. Knows nothing of files or of the model: a batch is numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from embeddings.training.data import Document, Example, split_sentences

Ints = NDArray[np.int64]
Cut = Callable[[Sequence[str]], tuple[Ints, Ints]]

# Stretches of a document, in pieces: about 80 to 380 characters, so that passages of 300 are well inside.
SHORTEST_WINDOW, LONGEST_WINDOW = 48, 224


class TokenStore:
    """All texts as one long array of token numbers, and spans `(start, end)` in it."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._parts: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self._length = 0

    def add(self, texts: Iterable[str], batch: int = 5_000) -> Ints:
        """Append texts; returns their spans, shape (n, 2)."""
        waiting, counts, start = list(texts), [np.zeros(0, dtype=np.int64)], self._length
        for first in range(0, len(waiting), batch):
            tokens, counts_here = self._cut(waiting[first : first + batch])
            self._parts.append(tokens)
            counts.append(counts_here)
        lengths = np.concatenate(counts)
        self._length += int(lengths.sum())
        ends = start + np.cumsum(lengths)
        return np.stack([ends - lengths, ends], axis=1)

    @property
    def tokens(self) -> Ints:
        return np.concatenate(self._parts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Everything a pair can be drawn from: texts as spans `(start, end)` of `tokens`.

    `sentences` (n, 2); the sentences of document d, `documents[d]`, are `first_sentence[d]` to `first_sentence[d + 1]`.
    `titles` (t, 2) belong to the documents `title_documents` (t,). `questions` (q, 2) are answered by the sentences
    `question_anchors` (q, 2) of the documents `question_documents` (q,). Queries are drawn from the sentences `drawn`
    (m,), ascending numbers; the others only stand in passages.
    """

    tokens: Ints
    sentences: Ints
    documents: Ints
    first_sentence: Ints
    titles: Ints
    title_documents: Ints
    questions: Ints
    question_anchors: Ints
    question_documents: Ints
    drawn: Ints


def build_pairs(
    documents: Sequence[Document], examples: Sequence[Example], cut: Cut, never_drawn: Container[str] = ()
) -> Pairs:
    """Cut documents, titles and questions once; the rest of the training works on numbers.

    Sentences in `never_drawn` (stripped) are learnt from as parts of passages alone, never as queries.
    """
    store = TokenStore(cut)
    contexts = {example.context: 0 for example in examples}
    texts = [document.text for document in documents] + list(contexts)
    for number, context in enumerate(contexts):
        contexts[context] = len(documents) + number
    split = [split_sentences(text) for text in texts]
    first = np.concatenate([[0], np.cumsum([len(sentences) for sentences in split])]).astype(np.int64)
    sentences = store.add(sentence for row in split for sentence in row)
    drawn = [n for n, sentence in enumerate(chain.from_iterable(split)) if sentence.strip() not in never_drawn]
    borders = np.append(sentences[:, 0], sentences[-1, 1])
    titled = [number for number, document in enumerate(documents) if document.title]
    titles = store.add(documents[number].title for number in titled)
    usable = [e for e in examples if e.answer_start >= 0]
    homes = np.array([contexts[e.context] for e in usable], dtype=np.int64)
    places = [
        first[home] + _sentence_at(split[home], e.context, e.answer_start)
        for home, e in zip(homes, usable, strict=True)
    ]
    questions = store.add(e.question for e in usable)
    return Pairs(
        tokens=store.tokens,
        sentences=sentences,
        documents=np.stack([borders[first[:-1]], borders[first[1:]]], axis=1),
        first_sentence=first,
        titles=titles,
        title_documents=np.array(titled, dtype=np.int64),
        questions=questions,
        question_anchors=sentences[np.array(places, dtype=np.int64)],
        question_documents=homes,
        drawn=np.array(drawn, dtype=np.int64),
    )


def _sentence_at(sentences: Sequence[str], text: str, offset: int) -> int:
    """Number of the sentence that covers `offset` of the text."""
    position = 0
    for number, sentence in enumerate(sentences):
        position = text.index(sentence, position) + len(sentence)
        if offset < position:
            return number
    return len(sentences) - 1


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as bags of tokens: flat token numbers, and the offset at which each text begins."""

    tokens: Ints
    offsets: Ints


@dataclass(frozen=True, slots=True)
class Mixture:
    """How pairs are drawn: shares of questions and titles (the rest are sentences), and how sentences are spoilt.

    `hollow` is the share of sentences that are taken out of their passage, `least_kept` the smallest share of a
    sentence's tokens that its query keeps.
    """

    questions: float = 0.1
    titles: float = 0.1
    hollow: float = 0.4
    least_kept: float = 0.3


class PairSampler:
    """Draws batches of pairs; one seed and step always give the same pairs, so a restarted training loses nothing."""

    def __init__(self, pairs: Pairs, seed: int, mixture: Mixture | None = None) -> None:
        self._pairs = pairs
        self._seed = seed
        self._mixture = mixture or Mixture()
        self._first_drawn = np.searchsorted(pairs.drawn, pairs.first_sentence)
        self._counts = np.diff(self._first_drawn)
        lengths = pairs.documents[:, 1] - pairs.documents[:, 0]
        several = np.diff(pairs.first_sentence) >= 2
        self._documents = np.flatnonzero(several & (self._counts > 0) & (lengths >= 16))
        self._titles = np.flatnonzero(self._counts[pairs.title_documents] > 0)

    def batch(self, step: int, size: int) -> tuple[Bags, Bags, Ints]:
        """Queries, their passages, and the document of each of the `size` pairs."""
        random = np.random.default_rng((self._seed, step))
        pairs, mixture = self._pairs, self._mixture
        questions = random.integers(0, max(1, len(pairs.questions)), int(size * mixture.questions))
        questions = questions if len(pairs.questions) else questions[:0]
        titles = random.integers(0, max(1, len(self._titles)), int(size * mixture.titles))
        titles = self._titles[titles] if len(self._titles) else titles[:0]
        count = size - len(questions) - len(titles)
        chosen = random.choice(self._documents, count, replace=count > len(self._documents))
        documents = np.concatenate([pairs.question_documents[questions], pairs.title_documents[titles], chosen])
        anchors = pairs.sentences[self._random_sentences(random, documents)]
        anchors[: len(questions)] = pairs.question_anchors[questions]
        queries = np.concatenate([pairs.questions[questions], pairs.titles[titles], anchors[size - count :]])
        spoilt = np.arange(size) >= size - count
        kept = np.where(spoilt, random.uniform(mixture.least_kept, 1, size), random.uniform(0.7, 1, size))
        hollow = spoilt & (random.random(size) < mixture.hollow)
        windows = _windows(random, anchors, pairs.documents[documents])
        return self._drop(random, queries, kept), self._cut_out(windows, anchors, hollow), documents

    def _random_sentences(self, random: np.random.Generator, documents: Ints) -> Ints:
        place = random.random(len(documents)) * self._counts[documents]
        return self._pairs.drawn[self._first_drawn[documents] + place.astype(np.int64)]

    def _drop(self, random: np.random.Generator, spans: Ints, kept: NDArray[np.float64]) -> Bags:
        """The tokens of the spans, each kept with the probability of its text."""
        rows, places = _places(spans)
        keep = random.random(len(places)) < kept[rows]
        return self._bags(rows[keep], places[keep], len(spans))

    def _cut_out(self, spans: Ints, holes: Ints, hollow: NDArray[np.bool_]) -> Bags:
        """The tokens of the spans, without those in the hole where the span is hollow."""
        rows, places = _places(spans)
        inside = (places >= holes[rows, 0]) & (places < holes[rows, 1])
        keep = ~(inside & hollow[rows])
        return self._bags(rows[keep], places[keep], len(spans))

    def _bags(self, rows: Ints, places: Ints, count: int) -> Bags:
        lengths = np.bincount(rows, minlength=count)
        return Bags(self._pairs.tokens[places], np.cumsum(lengths) - lengths)


def _places(spans: Ints) -> tuple[Ints, Ints]:
    """For every token of every span: the number of its span, and its place in the token array."""
    lengths = spans[:, 1] - spans[:, 0]
    rows = np.repeat(np.arange(len(spans)), lengths)
    firsts = np.cumsum(lengths) - lengths
    return rows, np.arange(len(rows)) - firsts[rows] + spans[rows, 0]


def _windows(random: np.random.Generator, anchors: Ints, documents: Ints) -> Ints:
    """Random stretches of the documents, each around its anchor where the anchor is not longer than the stretch."""
    length = random.integers(SHORTEST_WINDOW, LONGEST_WINDOW, len(anchors))
    slack = np.maximum(0, length - (anchors[:, 1] - anchors[:, 0]))
    start = anchors[:, 0] - (random.random(len(anchors)) * (slack + 1)).astype(np.int64)
    start = np.maximum(np.minimum(start, documents[:, 1] - length), documents[:, 0])
    return np.stack([start, np.minimum(start + length, documents[:, 1])], axis=1)
