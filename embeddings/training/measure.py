"""How well questions find the articles that answer them: `python -m embeddings.training.measure --data DIR`.

Knows the developer data's fields (JSON Lines, gzipped: corpora with id, title, date, source, text; questions with
question and context_id or context_ids). Prints one Markdown table; the weight in `fusion.py` was chosen by it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.collections.searching import Candidates, candidates
from embeddings.encoders.loading import load_encoder
from embeddings.search.fusion import TERMS_WEIGHT, fuse
from embeddings.training.data import is_held_out, read_rows

_CORPORA = ("corpus_reading*.jsonl.gz", "corpus_crud_news*.jsonl.gz")
_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the ids of the articles that answer it."""

    text: str
    answering: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of questions whose article is among the first 1, 5, 10 articles, and the mean reciprocal rank (to 100)."""

    first: float
    five: float
    ten: float
    reciprocal: float


def quality(rankings: Sequence[Sequence[str]], questions: Sequence[Asked]) -> Quality:
    """The quality of `rankings`, article ids best first, one for each of `questions`."""
    places = [
        next((place for place, article in enumerate(ranking[:100], 1) if article in asked.answering), 0)
        for ranking, asked in zip(rankings, questions, strict=True)
    ]

    def share(limit: int) -> float:
        return sum(0 < place <= limit for place in places) / len(places)

    return Quality(share(1), share(5), share(10), sum(1 / place for place in places if place) / len(places))


def article_rankings(collection: Collection, text: str) -> tuple[list[str], list[str]]:
    """Ids of the articles that `collection` finds for `text`, best first: by vectors alone, and fused."""
    found = _Found.of(collection, text)
    return found.by_vectors(), found.fused(TERMS_WEIGHT)


def articles(folder: Path) -> Iterator[Article]:
    """The documents of the reading and news corpora in `folder`."""
    for pattern in _CORPORA:
        for path in sorted(folder.glob(pattern)):
            for row in read_rows(path):
                yield Article(row["id"], row["title"], row["text"], row["source"], row["date"])


def question_sets(folder: Path) -> dict[str, list[Asked]]:
    """Questions that the embedded encoder never saw: CMRC 2018 trial, a tenth of DRCD, CRUD that stand alone.

    Only of the sets that are in `folder`.
    """
    sets = {}
    for name, file in (("CMRC 2018", "qa_cmrc2018"), ("DRCD", "qa_drcd"), ("CRUD", "qa_crud_dev")):
        rows = [row for row in read_rows(folder / f"{file}.jsonl.gz") if is_held_out(row)]
        sets[name] = [_asked(row) for row in rows if row.get("self_contained", True)]
    return {name: questions for name, questions in sets.items() if questions}


def table(collection: Collection, sets: dict[str, list[Asked]], weights: Sequence[float]) -> str:
    """One line for BM25, for vectors, and for the two fused at each of `weights`."""
    lines = ["| | " + " | ".join(f"{name} R@1 | R@5 | R@10 | MRR" for name in [*sets, "mean"]) + " |"]
    lines.append("| --- |" + " ---: |" * (4 * (len(sets) + 1)))
    found = {name: [_Found.of(collection, asked.text) for asked in questions] for name, questions in sets.items()}
    ways: dict[str, Callable[[_Found], list[str]]] = {"BM25": _Found.by_terms, "vectors": _Found.by_vectors}
    for weight in weights:
        ways[f"fused, {weight:.2f} BM25"] = lambda one, weight=weight: one.fused(weight)  # type: ignore[misc]
    for way, rank in ways.items():
        rows = [quality([rank(one) for one in found[name]], sets[name]) for name in sets]
        columns = [[q.first, q.five, q.ten, q.reciprocal] for q in rows]
        columns.append([sum(values) / len(values) for values in zip(*columns, strict=True)])
        lines.append(f"| {way} | " + " | ".join(f"{100 * value:.1f}" for four in columns for value in four) + " |")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Found:
    """What both ways of searching say to one question, with the article of each row."""

    candidates: Candidates
    article_of: dict[int, str]

    @classmethod
    def of(cls, collection: Collection, text: str) -> _Found:
        generation = collection.generation
        found = candidates(generation, collection.encoder, text, _DEPTH)
        passages = generation.store.passages(found.cosines)
        return cls(found, {row: passage.article_id for row, passage in passages.items()})

    def by_terms(self) -> list[str]:
        return self._articles(list(self.candidates.by_terms))

    def by_vectors(self) -> list[str]:
        return self._articles(list(self.candidates.by_vectors))

    def fused(self, weight: float) -> list[str]:
        found = self.candidates
        return self._articles([row for row, _ in fuse(found.weights, found.cosines, found.ceiling, weight)])

    def _articles(self, rows: list[int]) -> list[str]:
        return list(dict.fromkeys(self.article_of[row] for row in rows))


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(row["question"], frozenset(row.get("context_ids") or [row["context_id"]]))


def main() -> None:
    """Build a collection of the corpora in a temporary folder, or take the one given, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.training.measure", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument("--encoder", default="wenju")
    parser.add_argument("--collection", type=Path, help="keep the collection here, and use the one that is here")
    parser.add_argument("--weights", type=float, nargs="+", default=sorted({0.5, 0.7, 0.8, 0.92, 0.96, TERMS_WEIGHT}))
    chosen = parser.parse_args()
    encoder = load_encoder(chosen.encoder)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.collection or Path(temporary) / "collection"
        if chosen.collection is None or not folder.exists():
            Collection.build(folder, articles(chosen.data), encoder=encoder).close()
        with Collection.open(folder, encoder=encoder) as collection:
            sys.stdout.write(f"{collection.manifest.articles:,} articles, {collection.manifest.passages:,} passages, ")
            sys.stdout.write(f"encoder {encoder.name} {encoder.fingerprint[:12]}\n\n")
            sys.stdout.write(table(collection, question_sets(chosen.data), chosen.weights) + "\n")


if __name__ == "__main__":
    main()
