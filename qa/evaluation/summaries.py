"""How good are extracted summaries? ROUGE-L of ours, of the first sentences, and of TextRank, on news.

Run as `python -m qa.evaluation.summaries FILE.jsonl.gz [--articles 500] [--sentences 3]` over JSON lines with "title"
and "text". The reference is the title and the first sentence, which none of the candidates may take: they choose from
the rest. That favours what follows from the title (ours knows it, as it does in use), so the figures against the first
sentence alone are printed, too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path

import numpy as np

from corpus.text.sentences import split_sentences
from corpus.text.terms import terms
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.loading import load_encoder
from qa.evaluation.metrics.answer_text import rouge_l
from qa.questions.summaries import Length
from qa.writing.summary import summarise

_SENTENCES = (8, 60)  # an article has at least and at most
_SHORTEST_TITLE = 8
_DAMPING, _ROUNDS = 0.85, 30


@dataclass(frozen=True, slots=True)
class News:
    """An article without its first sentence, `lead`."""

    title: str
    lead: str
    text: str


def news_in(path: Path) -> Iterator[News]:
    """The articles of a file that have a title and enough sentences, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            spans = split_sentences(row["text"])
            if len(row["title"]) >= _SHORTEST_TITLE and _SENTENCES[0] <= len(spans) <= _SENTENCES[1]:
                (start, end), *rest = spans
                yield News(row["title"], row["text"][start:end], row["text"][rest[0][0] :])


def text_rank(sentences: Sequence[str], most: int) -> list[int]:
    """The places of the sentences most like the others, by shared words over log lengths (Mihalcea and Tarau 2004)."""
    words = [{word for word in terms(sentence) if len(word) > 1} for sentence in sentences]
    alike = np.zeros((len(words), len(words)))
    for (i, one), (j, other) in combinations(enumerate(words), 2):
        if min(len(one), len(other)) > 1:
            alike[i, j] = alike[j, i] = len(one & other) / (math.log(len(one)) + math.log(len(other)))
    shares = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)
    rank = np.full(len(words), 1 / len(words))
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / len(words) + _DAMPING * shares.T @ rank
    return sorted(int(place) for place in np.argsort(-rank)[:most])


def candidates(news: News, most: int, encoder: Encoder, idf: Callable[[str], float]) -> dict[str, str]:
    """A summary of `most` sentences of the rest of `news` by each way of choosing."""
    sentences = [news.text[start:end] for start, end in split_sentences(news.text)]
    chosen = summarise([news], encoder, idf, length=Length(sentences=most))
    lottery = random.Random(len(news.text))
    return {
        "ours": "".join(one.text for one in chosen),
        "first": "".join(sentences[:most]),
        "textrank": "".join(sentences[place] for place in text_rank(sentences, most)),
        "random": "".join(lottery.sample(sentences, min(most, len(sentences)))),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--sentences", type=int, default=3)
    asked = parser.parse_args(arguments)
    news = list(islice(news_in(asked.file), asked.articles))
    held = Counter(word for one in news for word in set(terms(one.text)))
    scores: dict[str, list[tuple[float, float, int]]] = {}
    encoder = load_encoder()
    for one in news:
        for name, text in candidates(
            one, asked.sentences, encoder, lambda w: math.log(1 + len(news) / (1 + held[w]))
        ).items():
            whole = rouge_l(text, [f"{one.title}。{one.lead}"])
            scores.setdefault(name, []).append((whole, rouge_l(text, [one.lead]), len(text)))
    print(f"{len(news)} articles, {asked.sentences} sentences\nchosen by   title and lead   lead alone   characters")
    for name, rows in scores.items():
        whole, lead, length = np.mean(rows, axis=0)
        print(f"{name:10} {100 * whole:15.1f} {100 * lead:12.1f} {length:12.0f}")


if __name__ == "__main__":
    main()
