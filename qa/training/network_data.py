"""What the neural reader learns from: words of documents as flat arrays, and questions with passages around them.

Knows the data folder, the lexicon's making and where answers stand. Held out are the same questions as for the embedded
reader (`qa/training/trees_examples.py`), and a fifth of the others, on which the trees learn how far to trust the
network.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Passage
from corpus.text.passages import split_passages
from corpus.text.tagging import tag
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.training.data import Document, split_sentences
from qa.checking.verification import names_in, squeeze
from qa.reading.network.words import HIGHEST, LETTERS, NOTHING, UNKNOWN, Lexicon, Numbers, normal, number_of_tag, shape
from qa.reading.units import units_of
from qa.training.trees_examples import article_of, has_answer, is_held_out, swapped

PASSAGES = 8  # of other articles, kept for each question
FEWEST_WORDS, FEWEST_LETTERS = 12, 20  # times that a word and a character must be seen
MOST_WORDS = 32_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents as words: `keys` are places in `forms`, `tags` parts of speech, `sentences` and `documents` borders."""

    keys: Numbers
    tags: NDArray[np.int8]
    sentences: NDArray[np.int64]
    documents: NDArray[np.int64]
    forms: tuple[str, ...]


def read_corpus(documents: Iterable[Document]) -> Corpus:
    """Cut documents into words, sentence by sentence."""
    numbers: dict[str, int] = {}
    keys: list[NDArray[np.int32]] = []
    tags: list[NDArray[np.int8]] = []
    borders, ends, count, lines = [0], [0], 0, 0
    for document in documents:
        for sentence in split_sentences(document.text):
            words = tag(sentence)
            forms = [(normal(w), number_of_tag(f)) for w, f in words if not w.isspace()]
            if not forms:
                continue
            keys.append(np.fromiter((numbers.setdefault(f, len(numbers)) for f, _ in forms), np.int32, len(forms)))
            tags.append(np.fromiter((t for _, t in forms), np.int8, len(forms)))
            count += len(forms)
            lines += 1
            borders.append(count)
        ends.append(lines)
    return Corpus(np.concatenate(keys), np.concatenate(tags), np.asarray(borders), np.asarray(ends), tuple(numbers))


def make_lexicon(corpus: Corpus) -> Lexicon:
    """The words and characters that are frequent enough, and how rare they are."""
    counts = np.bincount(corpus.keys, minlength=len(corpus.forms))
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for form, count in zip(corpus.forms, counts.tolist(), strict=True):
        words[shape(form)] += count
        for letter in form[:LETTERS]:
            letters[letter] += count
    listed = [word for word, count in words.most_common(MOST_WORDS) if count >= FEWEST_WORDS]
    spelt = [letter for letter, count in letters.most_common() if count >= FEWEST_LETTERS and ord(letter) < HIGHEST]
    codes = np.full(HIGHEST, UNKNOWN, np.int32)
    codes[NOTHING] = NOTHING
    codes[[ord(letter) for letter in spelt]] = np.arange(2, len(spelt) + 2)
    total = float(sum(words.values()))
    rarity = np.ones(len(listed) + 2, np.float32)
    rarity[2:] = [min(1.0, np.log(total / words[word]) / np.log(total / FEWEST_WORDS)) for word in listed]
    rarity[NOTHING] = 0
    return Lexicon(
        {word: number for number, word in enumerate(listed, 2)},
        codes,
        rarity,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage: its title, its units, and the places of answers in it: unit, start and end offset in the unit."""

    title: str
    units: tuple[str, ...]
    answers: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with passages of its own article and of others. `other` is the question about another year or name."""

    source: str
    group: str
    held_out: bool
    question: str
    other: str
    own: tuple[Shown, ...]
    rest: tuple[Shown, ...]


def pose(row: dict[str, Any], collection: Collection, names: Sequence[str]) -> Posed | None:
    """A question of the data folder, with the passages that a search finds in `collection`."""
    start = max(row["answer_starts"], default=-1)
    answers = [answer for answer in row["answers"] if squeeze(answer)]
    if start < 0 or not answers or not squeeze(row["question"]):
        return None
    ids = set(row.get("context_ids") or [row["context_id"]])
    places = [(s, s + len(a)) for a, s in zip(row["answers"], row["answer_starts"], strict=True) if s >= 0]
    hits = collection.search(row["question"], 3 * PASSAGES)
    title = _title(collection, sorted(ids)[0])
    own = tuple(_shown(p.text, title, p.start, places) for p in split_passages(Article("own", title, row["context"])))
    squeezed = [squeeze(answer) for answer in answers]
    rest = [
        _shown(hit.passage.text, hit.passage.title, 0, ())
        for hit in hits
        if hit.passage.article_id not in ids and not has_answer(hit.passage.text, squeezed)
    ]
    return Posed(
        row["dataset"],
        article_of(row),
        is_held_out(row),
        row["question"],
        swapped(row["question"], names, 0),
        own,
        tuple(rest[:PASSAGES]),
    )


def _title(collection: Collection, name: str) -> str:
    try:
        return collection.article(name).title
    except Exception:  # articles that the collection does not have
        return ""


def _shown(text: str, title: str, offset: int, places: Sequence[tuple[int, int]]) -> Shown:
    """A passage that begins at `offset` of the text in which `places` are."""
    units = units_of([Hit(Passage("", "", text, 0, len(text)), 0.0, 1)])
    answers = []
    for number, unit in enumerate(units):
        for start, end in places:
            begin, stop = max(start - offset, unit.start), min(end - offset, unit.end)
            if stop > begin and stop - begin >= 0.5 * (end - start):
                answers.append((number, begin - unit.start, stop - unit.start))
    return Shown(title, tuple(unit.text for unit in units), tuple(answers))


def questions(rows: Iterable[dict[str, Any]], collection: Collection, name: str) -> Iterator[Posed]:
    """The questions of one set, each with what a search finds in `collection`."""
    from rich.progress import track

    listed = [row for row in rows if row.get("self_contained", True)]
    random.Random(0).shuffle(listed)
    names = sorted({found for row in listed for found in names_in(row["question"]) if len(found) > 1})
    for row in track(listed, description=name):
        if posed := pose(row, collection, names):
            yield posed
