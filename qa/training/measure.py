"""How well the reader reads: `python -m qa.training.measure --data DATA [--collection ALL] [--most 300]`.

Asks the questions that nothing was trained on of their own paragraph: the best span against the reference, the best one
and two units, and whether the paragraph is told from the best wrong one that a search among all articles finds. Then
minimal pairs: the same questions, and with one year, figure, name or opposite exchanged for one of which the paragraph
says nothing, so that nothing answers.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import Article, Passage
from corpus.text.passages import split_passages
from embeddings.collections.collection import Collection
from embeddings.collections.hit import Hit
from embeddings.encoders.loading import load_encoder
from qa.reading.calibration import THRESHOLDS
from qa.reading.choosing import MOST
from qa.reading.network import load_network
from qa.reading.reader import Reading, read
from qa.training.examples.asked import rows_of, titles_of
from qa.training.examples.exchanged import exchanged_question, names_of

_SHORT = 8  # characters that say little alone
PAIRS = 300
SETS = {"CMRC 2018 trial": "cmrc2018", "DRCD, a tenth": "drcd", "CRUD_RAG, a tenth": "crud"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what was read of its own paragraph and of the best wrong passage."""

    answers: tuple[str, ...]
    own: Reading
    wrong: Reading


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m qa.training.measure", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--collection", type=Path, help="of all articles, to find wrong passages in; no AUC without")
    parser.add_argument("--most", type=int, default=300, help="questions of each set")
    options = parser.parse_args()
    titles = titles_of(options.data)
    rows = rows_of(options.data, held_out=True)
    random.Random(1).shuffle(rows)
    print(f"{'set':20} {'n':>4} {'exact':>6} {'F1':>6} {'unit 1':>7} {'unit 2':>7} {'AUC':>6}")
    with ExitStack() as opened:
        articles = None
        if options.collection:
            articles = opened.enter_context(Collection.open(options.collection, encoder=load_encoder()))
        for name, dataset in SETS.items():
            chosen = [row for row in rows if row["dataset"].startswith(dataset)][: options.most]
            print(f"{name:20} {len(chosen):4} {_line([_asked(row, titles, articles) for row in chosen])}", flush=True)
    print(f"{'minimal pairs':20} {'n':>4} {'answered':>9} {'refused':>8}   at {THRESHOLDS['balanced']}")
    pairs = _pairs(rows, titles)
    for name, chosen_pairs in (("odd", pairs[::2]), ("even", pairs[1::2])):
        answered, refused = np.mean(chosen_pairs, axis=0)
        print(f"{name:20} {len(chosen_pairs):4} {100 * answered:9.1f} {100 * refused:8.1f}")


def _pairs(rows: Sequence[dict[str, Any]], titles: dict[str, str]) -> list[tuple[bool, bool]]:
    """Per minimal pair, whether the question is answered rightly, and whether the exchanged one is refused."""
    dice = random.Random(3)
    names = sorted({name for row in rows for name in names_of(row["question"])})
    made: list[tuple[bool, bool]] = []
    for row in rows:
        head = titles.get(sorted(row.get("context_ids") or [row["context_id"]])[0], "")
        other = exchanged_question(row["question"], head + row["context"], names, dice)
        if other and len(made) < PAIRS:
            right, wrong = _asked(row, titles, None), _asked({**row, "question": other}, titles, None)
            least = THRESHOLDS["balanced"]
            made.append((right.own.confidence >= least and _holds(right, MOST), wrong.own.confidence < least))
    return made


def _asked(row: dict[str, Any], titles: dict[str, str], articles: Collection | None) -> Asked:
    names = row.get("context_ids") or [row["context_id"]]
    article = Article("own", titles.get(sorted(names)[0], ""), row["context"])
    passages = split_passages(article)
    network = load_network()
    own = read(row["question"], _hits(passages), network, whole=True)
    found = articles.search(row["question"], 10) if articles else ()
    plain = [_squeezed(answer) for answer in row["answers"]]
    others = [hit for hit in found if hit.passage.article_id not in names]
    wrong = [hit for hit in others if not any(answer in _squeezed(hit.passage.text) for answer in plain)]
    return Asked(tuple(row["answers"]), own, read(row["question"], wrong[:1], network))


def _hits(passages: Sequence[Passage]) -> list[Hit]:
    return [Hit(passage, 1.0, rank) for rank, passage in enumerate(passages, 1)]


def _line(asked: Sequence[Asked]) -> str:
    exact = np.mean([max(_squeezed(one.own.reads[0].answer) == _squeezed(a) for a in one.answers) for one in asked])
    overlap = np.mean([max(character_f1(one.own.reads[0].answer, a) for a in one.answers) for one in asked])
    first, second = (np.mean([_holds(one, most) for one in asked]) for most in (1, 2))
    wrong = [one.wrong.confidence for one in asked if one.wrong.reads]
    told = f"{area([one.own.confidence for one in asked], wrong):6.3f}" if wrong else "     -"
    return f"{100 * exact:6.1f} {100 * overlap:6.1f} {100 * first:7.1f} {100 * second:7.1f} {told}"


def _holds(asked: Asked, most: int) -> bool:
    """Whether one of the best units has an answer whole, or is most of the longest one."""
    texts = [_squeezed(read.unit.text) for read in asked.own.reads[:most]]
    answers = [_squeezed(answer) for answer in asked.answers]
    longest = max(answers, key=len)
    mostly = any(len(text) > _SHORT and text in longest and 2 * len(text) >= len(longest) for text in texts)
    return mostly or any(answer in text for text in texts for answer in answers)


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def character_f1(said: str, reference: str) -> float:
    """F1 of the characters of both, as CMRC 2018's measure without its search for the longest common part."""
    one, two = _squeezed(said), _squeezed(reference)
    shared = sum((Counter(one) & Counter(two)).values())
    return 2 * shared / (len(one) + len(two)) if one and two else float(one == two)


def area(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Area under the curve: how often a right one has more than a wrong one."""
    one, two = np.array(right)[:, None], np.array(wrong)[None, :]
    return float((one > two).mean() + (one == two).mean() / 2)


if __name__ == "__main__":
    main()
