"""What the embedded reader learns from: questions asked of a collection, and which units answer.

Every training question is asked of a collection made from the same data, four ways: as it is; with its own article
taken away; with only the sentences taken away that answer it; and with another year or name put into the question. The
last three teach the judge what an unanswered question looks like. A third of the articles are searched in small
collections, as users have them. Held out for the figures it prints: CMRC 2018's trial part, a tenth of DRCD and of the
news questions. `nc/` is never read.

The vectors must come from an encoder trained without these questions (`embeddings.training.train` on a folder that has
only the `corpus_*` files): the shipped one has seen most of them, and the reader would learn to trust it too much.
"""

from __future__ import annotations

import random
import re
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.encoders.static_encoder import load_static_encoder
from embeddings.training.data import is_held_out as unseen_by_encoder
from embeddings.training.data import read_rows
from qa.checking.verification import names_in, squeeze
from qa.reading.features import Asked, ask_about, feature_table
from qa.reading.network.columns import COLUMNS, network_columns
from qa.reading.network.network import load_network
from qa.reading.passages import pack
from qa.reading.reader import load_look
from qa.reading.trees import Floats, Trees
from qa.reading.units import Unit, units_of

QUESTION_SETS = ("qa_cmrc2018", "qa_drcd", "qa_xquad_zh", "qa_cmrc2017", "qa_crud_dev")
PASSAGES = 10
SMALL = 40  # articles
# As it is; without its article; without the units that answer; about another year or name.
Way = Literal["asked", "elsewhere", "silent", "swapped"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where examples come from: the data folder, the collection made of it, at most so many questions of each set.

    With `first`, the file of the trees that choose what is read word by word, examples also have what the network saw,
    and are only of questions that it was not trained on.
    """

    data: Path
    collection: Path
    encoder: Path
    most: int
    seed: int
    first: Path | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One question asked once, in one way: the feature rows of its units, and 1 for each unit that holds the answer."""

    source: str
    held_out: bool
    way: Way
    table: Floats
    labels: NDArray[np.int8]
    names: tuple[str, ...]


def articles_in(data: Path, news_files: int) -> Iterator[Article]:
    """The reading corpus, and the first `news_files` files of news with those that the questions are about."""
    wanted = {i for row in read_rows(data / "qa_crud_dev.jsonl.gz") for i in row["context_ids"]}
    for row in read_rows(data / "corpus_reading.jsonl.gz"):
        yield Article(row["id"], row["title"], row["text"])
    for number, path in enumerate(sorted(data.glob("corpus_crud_news-*.jsonl.gz"))):
        for row in read_rows(path):
            if number < news_files or row["id"] in wanted:
                yield Article(row["id"], row["title"], row["text"])


def is_held_out(row: dict[str, Any]) -> bool:
    """Whether a question is kept for evaluation: those that the encoder never saw, but of the news only a tenth."""
    if row["dataset"].startswith("crud"):
        return zlib.crc32(str(row["context_ids"]).encode()) % 10 == 0
    return unseen_by_encoder(row)


def article_of(row: dict[str, Any]) -> str:
    """The article that a question was made from; of several the first."""
    return str(sorted(set(row.get("context_ids") or [row["context_id"]]))[0])


def for_trees(article: str) -> bool:
    """Whether questions on an article are kept from the network, so that trees can learn how far to trust it."""
    return zlib.crc32(f"network {article}".encode()) % 5 == 0


def examples_of(
    row: dict[str, Any], collection: Collection, names: Sequence[str], first: Trees | None
) -> Iterator[Example]:
    """The question as it is, without its article, without the sentences that answer, and with another of `names`."""
    own = set(row.get("context_ids") or [row["context_id"]])
    answers = [squeeze(a) for a in row["answers"] if squeeze(a)]
    found = collection.search(row["question"], 4 * PASSAGES)
    asked = ask_about(row["question"], collection.inverse_document_frequency, collection.encoder)
    packed = pack(found, PASSAGES)
    others = pack([hit for hit in found if hit.passage.article_id not in own], PASSAGES)
    units = units_of(packed)
    labels = labels_of(units, packed, own, answers)
    silent = [u for u, label in zip(units, labels, strict=True) if not label and not has_answer(u.text, answers)]
    elsewhere = [unit for unit in units_of(others) if not has_answer(unit.text, answers)]
    ways: tuple[tuple[Way, Sequence[Hit], list[Unit]], ...]
    ways = (("asked", packed, units), ("elsewhere", others, elsewhere), ("silent", packed, silent))
    for way, hits, kept in ways:
        if kept and answers and (way != "silent" or len(silent) < len(units)):
            answering = labels if way == "asked" else np.zeros(len(kept), np.int8)
            yield _example(row, way, asked, kept, hits, answering, collection, first)
    if other := swapped(row["question"], names, 0):
        hits = pack(collection.search(other, 4 * PASSAGES), PASSAGES)
        if units := units_of(hits):
            asked = ask_about(other, collection.inverse_document_frequency, collection.encoder)
            yield _example(row, "swapped", asked, units, hits, np.zeros(len(units), np.int8), collection, first)


def _example(
    row: dict[str, Any],
    way: Way,
    asked: Asked,
    units: Sequence[Unit],
    hits: Sequence[Hit],
    labels: NDArray[np.int8],
    collection: Collection,
    first: Trees | None,
) -> Example:
    names, table = feature_table(asked, units, hits, collection.encoder, collection.text)
    columns = tuple(names)
    if first:
        columns += COLUMNS
        closely, _ = network_columns(load_network(), asked, units, hits, first.score(table))
        table = np.concatenate([table, closely], 1)
    return Example(row["dataset"], is_held_out(row), way, table, labels, columns)


def swapped(question: str, names: Sequence[str], seed: int) -> str:
    """`question` with another year, or else another name, in the place of its own; "" where it has neither."""
    dice = random.Random(f"{seed} {question}")
    if year := re.search(r"(?<!\d)(1[89]|20)\d\d(?=年)", question):
        other = int(year[0]) + dice.choice([-3, -2, -1, 1, 2, 3])
        return question[: year.start()] + str(other) + question[year.end() :]
    own = [name for name in names_in(question) if len(name) > 1]
    others = [name for name in dice.sample(names, min(20, len(names))) if name not in question]
    return question.replace(dice.choice(own), others[0]) if own and others else ""


def has_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether `text` holds one of the squeezed `answers`."""
    plain = squeeze(text)
    return any(answer in plain for answer in answers)


def labels_of(units: Sequence[Unit], hits: Sequence[Hit], own: set[str], answers: Sequence[str]) -> NDArray[np.int8]:
    """1 for units of the question's own article that hold an answer whole, or most of the longest one."""
    labels = np.zeros(len(units), np.int8)
    longest = max(answers, key=len, default="")
    for i, unit in enumerate(units):
        if hits[unit.hit].passage.article_id in own:
            plain = squeeze(unit.text)
            mostly = len(plain) > 8 and plain in longest and len(plain) >= len(longest) / 2
            labels[i] = any(answer in plain for answer in answers) or mostly
    return labels


def worlds(rows: Sequence[dict[str, Any]], big: Collection, work: Path) -> Iterator[tuple[dict[str, Any], Collection]]:
    """Each question with the collection to ask: the big one, or for a third of the articles one of `SMALL` articles."""
    small: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        article = row.get("context_id") or row["context_ids"][0]
        if zlib.crc32(f"world {article}".encode()) % 3:
            yield row, big
        else:
            small.setdefault(article, []).append(row)
    names = sorted(small)
    for start in range(0, len(names), SMALL):
        group = names[start : start + SMALL]
        with tempfile.TemporaryDirectory(dir=work.parent) as folder:
            members = (big.article(name) for name in group)
            world = Collection.build(Path(folder) / "world", members, encoder=big.encoder)
            yield from ((row, world) for name in group for row in small[name])
            world.close()


def collect(source: Source) -> list[Example]:
    """The examples of all question sets, two sets at a time."""
    with ProcessPoolExecutor(2) as pool:
        return [e for part in pool.map(partial(_examples_in, source), QUESTION_SETS) for e in part]


def _examples_in(source: Source, name: str) -> list[Example]:
    from rich.progress import track

    encoder = load_static_encoder(source.encoder)
    with Collection.open(source.collection, encoder=encoder) as big:
        rows = [row for row in read_rows(source.data / f"{name}.jsonl.gz") if row.get("self_contained", True)]
        first = None
        if source.first:
            with np.load(source.first, allow_pickle=False) as arrays:
                first = load_look(arrays).ranker
            rows = [row for row in rows if is_held_out(row) or for_trees(article_of(row))]
        random.Random(source.seed).shuffle(rows)
        rows = rows[: source.most or None]
        names = sorted({found for row in rows for found in names_in(row["question"]) if len(found) > 1})
        asked = track(worlds(rows, big, source.collection), description=name, total=len(rows))
        return [example for row, world in asked for example in examples_of(row, world, names, first)]
