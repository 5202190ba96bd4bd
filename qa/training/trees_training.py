"""Trains the embedded reader: `python -m qa.training.trees_training --data DIR`. Needs LightGBM (extra `train`).

Knows the two models, how they are fitted, flattened and judged. What they learn from is made in
`qa/training/trees_examples.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.collections.collection import Collection
from embeddings.encoders.static_encoder import load_static_encoder
from qa.reading.reader import MODEL, Look, judged_row, load_look, load_reader
from qa.reading.trees import Floats, Trees
from qa.training.trees_examples import Example, Source, articles_in, collect
from qa.training.trees_report import picture, refusals, report, table

# How much a question counts for the judge whose passages are all about it, but less the units that answer: the hardest
# to refuse.
SILENT = 3.0

# Ways to split the questions in halves. Each gives the second look a judge that learns from the scores of other
# rankers, and their mean is a better one than any.
SPLITS = 3


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


def train_judge(rows: Floats, answered: NDArray[np.int8], weights: Floats, seed: int) -> Trees:
    """A classifier from what the judge sees to whether the best units answer."""
    import lightgbm

    options = {
        "objective": "binary",
        "num_leaves": 31,
        "learning_rate": 0.05,
        "min_data_in_leaf": 60,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_depth": 8,
        "lambda_l2": 10.0,
    }
    data = lightgbm.Dataset(rows, answered, weight=weights)
    judge = flatten(lightgbm.train(_fixed(options, seed), data, num_boost_round=300).dump_model())
    # Counting some of those without an answer more makes answers look less likely than they are.
    judge.value[0] += np.log(np.mean(weights[answered == 0]))
    return judge


def _fixed(options: dict[str, Any], seed: int) -> dict[str, Any]:
    return options | {"seed": seed, "num_threads": 1, "deterministic": True, "verbose": -1}


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


def judged(examples: Sequence[Example], scores: Sequence[Floats]) -> tuple[Floats, NDArray[np.int8]]:
    """Rows for the judge, and whether one of the best two units answers."""
    orders = [np.argsort(-s, kind="stable") for s in scores]
    rows = np.stack([judged_row(e.table, s, o) for e, s, o in zip(examples, scores, orders, strict=True)])
    answered = np.array([e.labels[o[:2]].any() for e, o in zip(examples, orders, strict=True)], np.int8)
    return rows, answered


def mean_of(models: Sequence[Trees]) -> Trees:
    """One model that scores as `models` do in the mean."""
    width = max(model.feature.shape[1] for model in models)

    def together(name: str) -> NDArray[Any]:
        return np.concatenate([np.pad(a := getattr(m, name), ((0, 0), (0, width - a.shape[1]))) for m in models])

    columns = {name: together(name) for name in Trees.__slots__}
    return Trees(**columns | {"value": columns["value"] / np.float32(len(models))})


def train_look(examples: Sequence[Example], seed: int, splits: int = 1) -> tuple[Look, list[Floats]]:
    """A ranker and the mean of `splits` judges; and scores of `examples` by rankers that did not see them, such as the
    judges learn from."""
    apart = [scores_apart(examples, number, seed + number) for number in range(splits)]
    weights = np.array([SILENT if example.way == "silent" else 1.0 for example in examples], np.float32)
    judges = [train_judge(*judged(examples, scores), weights, seed + number) for number, scores in enumerate(apart)]
    return Look(train_ranker(examples, seed), mean_of(judges)), apart[0]


def scores_apart(examples: Sequence[Example], split: int, seed: int) -> list[Floats]:
    """Scores of `examples` by rankers of the half that each is not in; every `split` has other halves."""
    count = len(examples)
    order = np.random.default_rng(split).permutation(count) if split else np.arange(count)
    halves = order[::2], order[1::2]
    rankers = [train_ranker([examples[place] for place in half], seed) for half in halves]
    scores: list[Floats] = [np.zeros(0, np.float32)] * count
    for half, ranker in zip(halves, rankers[::-1], strict=True):
        for place in half:
            scores[place] = ranker.score(examples[place].table)
    return scores


def train(examples: Sequence[Example], first: Look, seed: int, to: Path) -> None:
    """Train the second look and write it with the first."""
    look, scores = train_look(examples, seed, SPLITS)
    arrays: dict[str, Any] = look_arrays(first, "first_") | look_arrays(look)
    arrays["columns"] = np.array(examples[0].names)
    arrays["temperature"] = np.float32(fit_temperature(examples, scores))
    to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(to, **arrays)


def look_arrays(look: Look, prefix: str = "") -> dict[str, NDArray[np.generic]]:
    """The arrays of a look, named as `qa.reading.reader.load_look` reads them."""
    return look.ranker.arrays(f"{prefix}ranker") | look.judge.arrays(f"{prefix}judge")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: collect examples, train, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="folder for the collection made from the data")
    parser.add_argument("--encoder", type=Path, required=True, help="an encoder trained without the questions")
    parser.add_argument("--to", type=Path, default=MODEL)
    parser.add_argument("--news", type=int, default=2, help="files of news to search among")
    parser.add_argument("--most", type=int, default=0, help="questions per set, 0 for all")
    parser.add_argument("--first", action="store_true", help="only the first look, which the network is not needed for")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if not options.work.exists():
        encoder = load_static_encoder(options.encoder)
        Collection.build(options.work, articles_in(options.data, options.news), encoder=encoder).close()
    source = Source(options.data, options.work, options.encoder, options.most, options.seed)
    chooser = options.work.with_name(options.work.name + ".first.npz")
    if options.first:
        look, _ = train_look([e for e in collect(source) if not e.held_out], options.seed)
        np.savez_compressed(chooser, **look_arrays(look))  # type: ignore[arg-type]
        return
    examples = collect(replace(source, first=chooser))
    with np.load(chooser, allow_pickle=False) as arrays:
        first = load_look(arrays)
    train([e for e in examples if not e.held_out], first, options.seed, options.to)
    held_out = [e for e in examples if e.held_out]
    reader = load_reader(options.to)
    print(report(held_out, reader), table(refusals(held_out, reader)), sep="\n\n")
    options.to.with_name("refusal.svg").write_text(picture(refusals(held_out, reader)), encoding="utf-8")


if __name__ == "__main__":
    main()
