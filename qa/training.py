"""Trains the embedded reader: `python -m qa.training --data DIR`. Needs LightGBM (extra `train`).

Every training question is asked of a collection made from the same data, four ways: as it is; with its own article
taken away; with only the sentences taken away that answer it; and with another year or name put into the question. The
last three teach the judge what an unanswered question looks like. A third of the articles are searched in small
collections, as users have them. Held out for the figures it prints: CMRC 2018's trial part, a tenth of DRCD and of the
news questions. `nc/` is never read.

The vectors must come from an encoder trained without these questions (`embeddings.training` on a folder that has
only the `corpus_*` files): the shipped one has seen most of them, and the reader would learn to trust it too much.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from embeddings.collection import Collection
from embeddings.hit import Hit
from embeddings.static_encoder import load_static_encoder
from embeddings.training_data import is_held_out as unseen_by_encoder
from embeddings.training_data import read_rows
from qa.context import pack
from qa.features import Asked, ask_about, feature_table
from qa.reader import MODEL, judged_row, load_reader
from qa.trees import Floats, Trees
from qa.units import Unit, units_of
from qa.verification import names_in, squeeze

QUESTION_SETS = ("qa_cmrc2018", "qa_drcd", "qa_xquad_zh", "qa_cmrc2017", "qa_crud_dev")
PASSAGES = 10
SMALL = 40  # articles


@dataclass(frozen=True, slots=True)
class Example:
    """One question asked once: the feature rows of its units, and 1 for each unit that holds the answer."""

    source: str
    held_out: bool
    as_asked: bool
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


def examples_of(row: dict[str, Any], collection: Collection, names: Sequence[str]) -> Iterator[Example]:
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
    for hits, kept in ((packed, units), (others, elsewhere), (packed, silent)):
        if kept and answers and (kept is not silent or len(silent) < len(units)):
            answering = labels if kept is units else np.zeros(len(kept), np.int8)
            yield _example(row, asked, kept, hits, answering, collection)
    if other := swapped(row["question"], names, 0):
        hits = pack(collection.search(other, 4 * PASSAGES), PASSAGES)
        if units := units_of(hits):
            asked = ask_about(other, collection.inverse_document_frequency, collection.encoder)
            yield _example(row, asked, units, hits, np.zeros(len(units), np.int8), collection)


def _example(
    row: dict[str, Any],
    asked: Asked,
    units: Sequence[Unit],
    hits: Sequence[Hit],
    labels: NDArray[np.int8],
    collection: Collection,
) -> Example:
    columns, table = feature_table(asked, units, hits, collection.encoder)
    return Example(row["dataset"], is_held_out(row), bool(labels.any()), table, labels, tuple(columns))


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


def flatten(model: dict[str, Any]) -> Trees:
    """LightGBM's dumped model as arrays."""
    listed = [_nodes(tree["tree_structure"]) for tree in model["tree_info"]]
    width = max(len(nodes) for nodes in listed)
    table = np.zeros((5, len(listed), width), np.float64)
    table[0] = -1
    for number, nodes in enumerate(listed):
        table[:, number, : len(nodes)] = np.asarray(nodes).T
    kinds = (np.int16, np.float32, np.int16, np.int16, np.float32)
    return Trees(*(column.astype(kind) for column, kind in zip(table, kinds, strict=True)))


def _nodes(root: dict[str, Any]) -> list[tuple[float, float, float, float, float]]:
    nodes: list[tuple[float, float, float, float, float]] = []

    def visit(node: dict[str, Any]) -> int:
        place = len(nodes)
        nodes.append((-1, 0, place, place, node.get("leaf_value", 0.0)))
        if "split_feature" in node:
            left, right = visit(node["left_child"]), visit(node["right_child"])
            # float32 rows are compared: the threshold must not fall below the value it was made from.
            threshold = np.nextafter(np.float32(node["threshold"]), np.float32(np.inf))
            nodes[place] = (node["split_feature"], float(threshold), left, right, 0.0)
        return place

    visit(root)
    return nodes


def train_ranker(examples: Sequence[Example], seed: int) -> Trees:
    """LambdaRank over the units of each question that has an answering one."""
    import lightgbm

    asked = [e for e in examples if e.labels.any()]
    data = lightgbm.Dataset(
        np.concatenate([e.table for e in asked]),
        np.concatenate([e.labels for e in asked]),
        group=[len(e.labels) for e in asked],
    )
    options = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": 5,
        "num_leaves": 31,
        "learning_rate": 0.06,
        "min_data_in_leaf": 60,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_depth": 8,
        "lambda_l2": 5.0,
    }
    return flatten(lightgbm.train(_fixed(options, seed), data, num_boost_round=300).dump_model())


def train_judge(rows: Floats, answered: NDArray[np.int8], seed: int) -> Trees:
    """A classifier from what the judge sees to whether the best units answer."""
    import lightgbm

    options = {
        "objective": "binary",
        "num_leaves": 15,
        "learning_rate": 0.05,
        "min_data_in_leaf": 60,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_depth": 6,
        "lambda_l2": 10.0,
    }
    return flatten(
        lightgbm.train(_fixed(options, seed), lightgbm.Dataset(rows, answered), num_boost_round=200).dump_model()
    )


def _fixed(options: dict[str, Any], seed: int) -> dict[str, Any]:
    return options | {"seed": seed, "num_threads": 1, "deterministic": True, "verbose": -1}


def judged(examples: Sequence[Example], scores: Sequence[Floats]) -> tuple[Floats, NDArray[np.int8]]:
    """Rows for the judge, and whether one of the best two units answers."""
    orders = [np.argsort(-s, kind="stable") for s in scores]
    rows = np.stack([judged_row(e.table, s, o) for e, s, o in zip(examples, scores, orders, strict=True)])
    answered = np.array([e.labels[o[:2]].any() for e, o in zip(examples, orders, strict=True)], np.int8)
    return rows, answered


def fit_temperature(examples: Sequence[Example], scores: Sequence[Floats]) -> float:
    """The temperature under which the shares of answering units are most likely."""

    def loss(temperature: float) -> float:
        total = 0.0
        for example, s in zip(examples, scores, strict=True):
            if example.labels.any():
                powers = np.exp((s - s.max()) / temperature)
                total -= float(np.log(powers[example.labels > 0].sum() / powers.sum() + 1e-9))
        return total

    return float(min(np.geomspace(0.1, 5, 40), key=loss))


def train(examples: Sequence[Example], seed: int, to: Path) -> None:
    """Train both models and write them. The judge learns from scores of rankers that did not see its questions."""
    halves = [examples[::2], examples[1::2]]
    rankers = [train_ranker(half, seed) for half in halves]
    crossed = [r.score(e.table) for r, half in zip(rankers[::-1], halves, strict=True) for e in half]
    ordered = [*halves[0], *halves[1]]
    rows, answered = judged(ordered, crossed)
    ranker = train_ranker(examples, seed)
    judge = train_judge(rows, answered, seed)
    to.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = ranker.arrays("ranker") | judge.arrays("judge")
    arrays["columns"] = np.array(examples[0].names)
    arrays["temperature"] = np.float32(fit_temperature(ordered, crossed))
    np.savez_compressed(to, **arrays)


def report(examples: Sequence[Example], path: Path) -> str:
    """Held-out questions as a Markdown table: answer in the best 1, 2, 3 units; the judge's area under the curve."""
    reader = load_reader(path)
    lines = ["| set | questions | best 1 | best 2 | best 3 | AUC |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for source in sorted({e.source for e in examples}):
        part = [e for e in examples if e.source == source]
        scores = [reader.ranker.score(e.table) for e in part]
        rows, answered = judged(part, scores)
        hits = [
            [e.labels[np.argsort(-s, kind="stable")[:n]].any() for n in (1, 2, 3)]
            for e, s in zip(part, scores, strict=True)
            if e.as_asked and e.labels.any()
        ]
        shares = " | ".join(f"{100 * share:.1f}" for share in np.mean(hits, axis=0))
        lines.append(f"| {source} | {len(hits)} | {shares} | {area(reader.judge.score(rows), answered):.3f} |")
    return "\n".join(lines)


def curve(examples: Sequence[Example], path: Path) -> str:
    """Held-out questions as a Markdown table: what each threshold of confidence answers and refuses, in per cent."""
    reader = load_reader(path)
    rows, answered = judged(examples, [reader.ranker.score(e.table) for e in examples])
    confidence = 1 / (1 + np.exp(-reader.judge.score(rows)))
    lines = [
        "| confidence from | answered rightly, of those it can | refused, of those it cannot |",
        "| ---: | ---: | ---: |",
    ]
    for least in (0.03, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5):
        right, refused = (confidence[answered > 0] >= least).mean(), (confidence[answered == 0] < least).mean()
        lines.append(f"| {least} | {100 * right:.1f} | {100 * refused:.1f} |")
    return "\n".join(lines)


def area(scores: Floats, positive: NDArray[np.int8]) -> float:
    """Area under the ROC curve: how often a positive scores above a negative, ties half."""
    right, wrong = scores[positive > 0], np.sort(scores[positive == 0])
    if not len(right) or not len(wrong):
        return 0.5
    below, upto = np.searchsorted(wrong, right, "left"), np.searchsorted(wrong, right, "right")
    return float((below + upto).mean() / 2 / len(wrong))


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


def main() -> None:
    """The command line: collect examples, train, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="folder for the collection made from the data")
    parser.add_argument("--encoder", type=Path, required=True, help="an encoder trained without the questions")
    parser.add_argument("--to", type=Path, default=MODEL)
    parser.add_argument("--news", type=int, default=2, help="files of news to search among")
    parser.add_argument("--most", type=int, default=0, help="questions per set, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not options.work.exists():
        encoder = load_static_encoder(options.encoder)
        Collection.build(options.work, articles_in(options.data, options.news), encoder=encoder).close()
    examples = _collect(options)
    train([e for e in examples if not e.held_out], options.seed, options.to)
    held_out = [e for e in examples if e.held_out]
    print(report(held_out, options.to), curve(held_out, options.to), sep="\n\n")


def _collect(options: argparse.Namespace) -> list[Example]:
    """The examples of all question sets, two sets at a time."""
    with ProcessPoolExecutor(2) as pool:
        return [e for part in pool.map(partial(_examples_in, options), QUESTION_SETS) for e in part]


def _examples_in(options: argparse.Namespace, name: str) -> list[Example]:
    from rich.progress import track

    encoder = load_static_encoder(options.encoder)
    with Collection.open(options.work, encoder=encoder) as big:
        rows = [row for row in read_rows(options.data / f"{name}.jsonl.gz") if row.get("self_contained", True)]
        random.Random(options.seed).shuffle(rows)
        rows = rows[: options.most or None]
        names = sorted({found for row in rows for found in names_in(row["question"]) if len(found) > 1})
        asked = track(worlds(rows, big, options.work), description=name, total=len(rows))
        return [example for row, world in asked for example in examples_of(row, world, names)]


if __name__ == "__main__":
    main()
