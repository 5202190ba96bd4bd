"""What is measured on: articles and questions, a person's own or put together from the samples.

Knows nothing of what is measured.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.reading.folders import read_articles, read_files
from corpus.text.sentences import split_sentences
from embeddings.collections.collection import Collection
from embeddings.encoders.encoder import Encoder
from qa.bench.timing import Stages
from qa.library.indexes import SAMPLE_ARTICLES, SAMPLE_QUESTIONS

_SENTENCES = 12  # of an article made from the samples

_MOST_CHARACTERS = 2_000_000


def shuffled(folder: Path, count: int) -> Path:
    """`count` files in `folder`, each an article of sentences of the sample articles, the same on every run."""
    folder.mkdir()
    samples = list(read_articles(SAMPLE_ARTICLES))
    sentences = [a.text[start:end] for a in samples for start, end in split_sentences(a.text) if end - start > 5]
    drawing = random.Random(0)
    for number in range(count):
        drawn = drawing.sample(sentences, _SENTENCES)
        paragraphs = ["".join(drawn[start : start + 6]) for start in range(0, _SENTENCES, 6)]
        title = f"{drawing.choice(samples).title}（{number + 1}）"
        (folder / f"{number:05}.txt").write_text("\n\n".join([title, *paragraphs]), encoding="utf-8")
    return folder


def articles_under(roots: Sequence[Path]) -> Iterator[Article]:
    """The articles under `roots`, until there are enough of them."""
    return up_to(_all_articles(roots), _MOST_CHARACTERS, lambda article: len(article.text))


def _all_articles(roots: Sequence[Path]) -> Iterator[Article]:
    """Files that cannot be read are passed over in silence, unless no other gives an article."""
    found, problem = False, None
    for result in read_files(*roots):
        problem = problem or result.problem
        found = found or bool(result.articles)
        yield from result.articles
    if problem and not found:
        raise problem


def questions_on(sentences: Sequence[str], count: int, *, own: bool) -> list[str]:
    """Questions that ship with the sample articles; for a person's `own` articles, beginnings of their sentences."""
    if own:
        there = [sentence[:24] for sentence in sentences if len(sentence) > 11] or list(sentences)
    else:
        rows = map(json.loads, SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines())
        there = [row["question"] for row in rows]
    return random.Random(0).sample(there, min(max(1, count), len(there)))


def up_to(items: Iterable[Any], limit: int, size: Callable[[Any], int]) -> Iterator[Any]:
    """The first of `items`, until their sizes add up to `limit`."""
    total = 0
    for item in items:
        yield item
        total += size(item)
        if total >= limit:
            return


def indexed(folder: Path, roots: Sequence[Path], encoder: Encoder) -> tuple[Collection, float, Mapping[str, float]]:
    """Index three times over in `folder`; the collection, the seconds of the middle run, and its seconds by stage."""
    runs = []
    for number in range(3):
        stages = Stages()
        begin = time.perf_counter()
        collection = Collection.build(
            folder / f"index{number}", articles_under(roots), encoder=encoder, progress=stages
        )
        runs.append((time.perf_counter() - begin, stages.seconds))
        if number < 2:
            collection.close()
    seconds, shares = sorted(runs, key=lambda run: run[0])[1]
    return collection, seconds, shares
