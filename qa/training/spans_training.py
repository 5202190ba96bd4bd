"""Trains the span model: `python -m qa.training.spans_training --data DIR`. Needs LightGBM (extra `train`).

Knows the five models, how they are fitted and judged. What they learn from is made in `qa/training/spans_examples.py`.
The ranker learns on candidates of border models that did not see its questions, the judge on choices of such a ranker.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.collections.collection import Collection
from embeddings.encoders.encoder import Encoder
from embeddings.encoders.static_encoder import load_static_encoder
from qa.reading.spans.candidates import Candidates
from qa.reading.spans.finder import BORDERS, MODEL, judged_row, place_of, proposed
from qa.reading.spans.gap import gap_in
from qa.reading.spans.habits import Habits, count_habits
from qa.reading.spans.kinds import Expectations, count_expectations
from qa.reading.spans.text import look_at
from qa.reading.spans.words import Board
from qa.reading.trees import Floats, Trees
from qa.training.spans_examples import Told, collect, load, quick_f1, save
from qa.training.spans_measures import curve, measured, report
from qa.training.trees_examples import articles_in
from qa.training.trees_training import flatten

BORDER_ROUNDS, RANKER_ROUNDS, JUDGE_ROUNDS = 100, 400, 150
_GAIN = [0, 1, 2, 3, 4, 6, 20]
_STEPS = (0.1, 0.3, 0.5, 0.7, 0.85, 0.999)  # of F1, from which on a span is worth the next gain
# CMRC's references are often whole clauses, DRCD's a word or two. The page wants what a reader would underline.
_WEIGHTS = {"drcd": 0.3, "xquad": 0.3}


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with its board and the labels of its words."""

    told: Told
    board: Board
    labels: NDArray[np.int8]

    def text(self, candidates: Candidates, number: int) -> str:
        """The text of a candidate."""
        claim, (start, end) = place_of(self.board, candidates, number)
        return self.told.texts[claim][start:end]


@dataclass(frozen=True, slots=True)
class Tried:
    """The candidates of a question, the F1 of each with the references, and how much the question counts."""

    weight: float
    candidates: Candidates
    worths: Floats


def weight_of(told: Told) -> float:
    """How much a question counts."""
    return next((weight for name, weight in _WEIGHTS.items() if told.source.startswith(name)), 1.0)


def expectations_of(told: Sequence[Told]) -> Expectations:
    """What the answers to the questions are like."""
    answered = []
    for one in told:
        words = [word for word in look_at(one.answers[0]).words if word.plain]
        if words:
            answered.append((gap_in(one.question), words))
    return count_expectations(answered)


def habits_of(told: Sequence[Told]) -> Habits:
    """Which words stand at the borders of the answers."""
    return count_habits((gap_in(one.question).wanted, *one.labels()) for one in told)


def seen(told: Sequence[Told], others: Sequence[Told], encoder: Encoder) -> list[Seen]:
    """The questions with their boards, with what `others` tell to expect; not those without words."""
    known, habits = expectations_of(others), habits_of(others)
    boards = ((one, one.board(known, habits, encoder)) for one in told)
    return [Seen(one, board, one.labels()[1]) for one, board in boards if any(word.plain for word in board.words)]


def train_borders(questions: Sequence[Seen], seed: int) -> tuple[Trees, ...]:
    """Classifiers of words by `BORDERS`, from the claims that have an answer."""
    import lightgbm

    options = {
        "objective": "binary",
        "num_leaves": 31,
        "learning_rate": 0.1,
        "min_data_in_leaf": 60,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_depth": 8,
        "lambda_l2": 5.0,
    }
    used = [one for one in questions if one.labels.any()]
    rows = np.concatenate([one.board.table for one in used])
    weights = np.concatenate([np.full(len(one.board.claim), weight_of(one.told)) for one in used])
    models = []
    for number in range(len(BORDERS)):
        labels = np.concatenate([one.labels[number] for one in used])
        learned = lightgbm.Dataset(rows, labels, weight=weights)
        models.append(
            flatten(lightgbm.train(_fixed(options, seed), learned, num_boost_round=BORDER_ROUNDS).dump_model())
        )
    return tuple(models)


def _ranker(tried: Sequence[Tried], seed: int) -> Trees:
    """A LambdaRank model of candidates, by their F1 with the reference."""
    import lightgbm

    options = {
        "objective": "lambdarank",
        "label_gain": _GAIN,
        "lambdarank_truncation_level": 5,
        "num_leaves": 31,
        "learning_rate": 0.06,
        "min_data_in_leaf": 100,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
    }
    sizes = [len(one.worths) for one in tried]
    learned = lightgbm.Dataset(
        np.concatenate([one.candidates.table for one in tried]),
        np.digitize(np.concatenate([one.worths for one in tried]), _STEPS),
        group=sizes,
        weight=np.repeat([one.weight for one in tried], sizes),
    )
    return flatten(lightgbm.train(_fixed(options, seed), learned, num_boost_round=RANKER_ROUNDS).dump_model())


def _judge(one: Sequence[Tried], for_one: Trees, other: Sequence[Tried], for_other: Trees, seed: int) -> Trees:
    """A regression to the F1 of the chosen span, chosen by a ranker that did not see the question."""
    import lightgbm

    options = {
        "objective": "regression",
        "num_leaves": 15,
        "learning_rate": 0.05,
        "min_data_in_leaf": 80,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "boost_from_average": False,
    }
    rows, worths = [], []
    for tried, ranker in [*((t, for_one) for t in one), *((t, for_other) for t in other)]:
        scores = ranker.score(tried.candidates.table)
        rows.append(judged_row(tried.candidates, scores))
        worths.append(tried.worths[int(scores.argmax())])
    learned = lightgbm.Dataset(np.stack(rows), np.asarray(worths))
    return flatten(lightgbm.train(_fixed(options, seed), learned, num_boost_round=JUDGE_ROUNDS).dump_model())


def _fixed(options: dict[str, Any], seed: int) -> dict[str, Any]:
    return options | {"seed": seed, "num_threads": 1, "deterministic": True, "verbose": -1}


def train(told: Sequence[Told], encoder: Encoder, seed: int, to: Path) -> None:
    """Train all models and write them."""
    halves = [[one for one in told if one.half == half] for half in (0, 1)]
    parts = [seen(halves[half], halves[1 - half], encoder) for half in (0, 1)]
    models = [train_borders(part, seed) for part in parts]
    crossed = [[_tried(one, models[1 - half]) for one in parts[half]] for half in (0, 1)]
    rankers = [_ranker(part, seed) for part in crossed]
    judge = _judge(crossed[0], rankers[1], crossed[1], rankers[0], seed)
    known, habits = expectations_of(told), habits_of(told)
    arrays: dict[str, Any] = _ranker(crossed[0] + crossed[1], seed).arrays("ranker") | judge.arrays("judge")
    for name, model in zip(BORDERS, train_borders(parts[0] + parts[1], seed), strict=True):
        arrays |= model.arrays(name)
    arrays |= {"expectations.keys": np.array(known.keys), "expectations.rows": known.rows}
    arrays |= {"habits.keys": np.array(habits.keys), "habits.rows": habits.rows.astype(np.float16)}
    arrays["word_columns"] = np.array(parts[0][0].board.names)
    arrays["span_columns"] = np.array(crossed[0][0].candidates.names)
    to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(to, **arrays)


def _tried(one: Seen, borders: Sequence[Trees]) -> Tried:
    candidates = proposed(one.board, borders)
    answers = one.told.answers
    worths = [quick_f1(one.text(candidates, i), answers) for i in range(len(candidates.first))]
    return Tried(weight_of(one.told), candidates, np.array(worths, np.float32))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: ask the questions unless it was done, train, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpus_*.jsonl.gz and qa_*.jsonl.gz")
    parser.add_argument(
        "--work", type=Path, required=True, help="folder of the collection that qa.training.trees_training made"
    )
    parser.add_argument("--encoder", type=Path, required=True, help="an encoder trained without the questions")
    parser.add_argument("--to", type=Path, default=MODEL)
    parser.add_argument("--most", type=int, default=0, help="questions per set, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    kept = options.work.with_name(f"{options.work.name}.spans-{options.most}.jsonl.gz")
    encoder = load_static_encoder(options.encoder)
    if not options.work.exists():
        Collection.build(options.work, articles_in(options.data, 1), encoder=encoder).close()
    if not kept.exists():
        save(list(collect(options.data, options.work, options.encoder, options.most, options.seed)), kept)
    told = load(kept)
    train([one for one in told if one.way == "own" and not one.held_out], encoder, options.seed, options.to)
    rows = measured([one for one in told if one.held_out], encoder, options.to)
    print(report(rows), curve(rows), sep="\n\n")


if __name__ == "__main__":
    main()
