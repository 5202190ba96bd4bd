"""Makes the reader: `python -m qa.training.reader --data DATA --pretrained E5 --work FOLDER --to qa/reading/weights`.

In steps of which each is left out where its result is in `--work` already: the pieces, a collection of all articles to
find wrong passages in, the examples, fitting (which goes on from its checkpoint), and the export. Killed at any moment,
the same command goes on. DATA holds `corpus_*` and `qa_*` files, E5 a pretrained multilingual-e5-small in the form of
transformers.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from corpus.article import Article
from embeddings.collections.collection import Collection
from embeddings.encoders.loading import load_encoder
from embeddings.training.data import read_rows
from qa.training.examples.asked import examples_of, is_held_out, rows_of, titles_of
from qa.training.examples.drafted import drafted_examples
from qa.training.examples.example import Example, write_examples
from qa.training.examples.faq import faq_examples
from qa.training.examples.laws import law_examples
from qa.training.examples.neighbours import Neighbours, neighbours
from qa.training.examples.notices import notice_examples, parallel_examples
from qa.training.examples.reports import count_examples, office_examples
from qa.training.examples.tables import table_examples
from qa.training.examples.written import written_examples
from qa.training.export import export
from qa.training.fit import Fitting
from qa.training.model import from_pretrained
from qa.training.vocabulary import cut_vocabulary

STEPS, RATE = 2_600, 1e-4
MADE = {
    "tables": 3_000, "laws": 4_000, "parallel": 3_000, "notices": 3_000, "offices": 1_500, "counts": 1_800,
    "drafted": 6_000, "faq": 800,
}  # fmt: skip
ROUNDS = 2  # of the questions written for this project
STORIES = 0.35  # of the examples of CMRC 2017, whose answers are one word of a children's story
TRADITIONAL = 0.03  # of the questions, and nearly as many of the texts
SHARD = 2_000  # examples in a file
_NEWS = ("00", "03", "04")  # files of news on which questions are drafted
_LONGEST, _LONGEST_NEWS = 60_000, 3_000  # characters of a document, of news on which questions are drafted
_READ_FOR_WORDS, _OPENING = 2_500, 600  # articles that words are taken from, and characters of each


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m qa.training.reader", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "pretrained", "work", "to"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "kept.json").exists():
        kept = cut_vocabulary(options.pretrained, options.data, work / "tokenizer.json")
        (work / "kept.json").write_text(json.dumps(kept))
    if not (work / "collection").exists():
        Collection.build(work / "collection", _articles(options.data), encoder=load_encoder()).close()
    if not (work / "examples").exists():
        _write_all(options.data, options.pretrained, work)
    _fit(options.pretrained, work, options.steps, options.threads)
    export(options.pretrained, work, options.to)


def _articles(data: Path) -> Iterator[Article]:
    for path in sorted(data.glob("corpus_*.jsonl.gz")):
        for row in read_rows(path):
            yield Article(row["id"], row["title"], row["text"][:_LONGEST])


def _write_all(data: Path, pretrained: Path, work: Path) -> None:
    """All examples, asked and made in the same mixture in each file."""
    dice = random.Random(5)
    news = _news(data)
    near = neighbours(pretrained, (article.text[:_OPENING] for article in news[:_READ_FOR_WORDS]))
    with Collection.open(work / "collection", encoder=load_encoder()) as articles:
        rows = rows_of(data)
        random.Random(0).shuffle(rows)
        asked = [
            e
            for e in examples_of(rows, titles_of(data), articles, near, 0)
            if not e.kind.startswith("cmrc2017") or dice.random() < STORIES
        ]
        made = _made(data, news, articles, near)
    dice.shuffle(asked)
    dice.shuffle(made)
    unfinished = work / "examples.part"
    unfinished.mkdir(exist_ok=True)
    shards = max(1, (len(asked) + len(made)) // SHARD)
    for number in range(shards):
        part = asked[number::shards] + made[number::shards]
        dice.shuffle(part)
        write_examples(unfinished / f"{number:03d}.jsonl.gz", [_traditional(example, dice) for example in part])
    unfinished.rename(work / "examples")


def _news(data: Path) -> list[Article]:
    """News on which questions are drafted, in random order; none that a question was kept of."""
    kept_back = {
        name for row in read_rows(data / "qa_crud_dev.jsonl.gz") if is_held_out(row) for name in row["context_ids"]
    }
    news = [
        Article(row["id"], row["title"], row["text"])
        for number in _NEWS
        for row in read_rows(data / f"corpus_crud_news-{number}.jsonl.gz")
        if row["id"] not in kept_back and len(row["text"]) < _LONGEST_NEWS
    ]
    random.Random(2).shuffle(news)
    return news


def _made(data: Path, news: Sequence[Article], articles: Collection, near: Neighbours) -> list[Example]:
    laws = [(row["title"], row["text"][:_LONGEST]) for row in read_rows(data / "corpus_laws.jsonl.gz")]
    return [
        *table_examples(MADE["tables"], 1),
        *law_examples(laws, MADE["laws"], 1),
        *parallel_examples(MADE["parallel"], 1),
        *notice_examples(MADE["notices"], 1),
        *office_examples(MADE["offices"], 1),
        *count_examples(MADE["counts"], 1),
        *drafted_examples(news, articles, near, MADE["drafted"], 1),
        *faq_examples(rows_of(data), MADE["faq"], 1),
        *written_examples(ROUNDS, 1),
    ]


def _traditional(example: Example, dice: random.Random) -> Example:
    from opencc import OpenCC

    if dice.random() < TRADITIONAL:
        example = replace(example, question=OpenCC("s2t").convert(example.question))
    if dice.random() < TRADITIONAL and len(text := OpenCC("s2t").convert(example.text)) == len(example.text):
        example = replace(example, text=text, head=OpenCC("s2t").convert(example.head))
    return example


def _fit(pretrained: Path, work: Path, steps: int, threads: int) -> None:
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(threads)
    model = from_pretrained(pretrained, json.loads((work / "kept.json").read_text()))
    (work / "fit").mkdir(exist_ok=True)
    Fitting(model, Tokenizer.from_file(str(work / "tokenizer.json")), work / "fit", RATE, steps).run(work / "examples")


if __name__ == "__main__":
    main()
