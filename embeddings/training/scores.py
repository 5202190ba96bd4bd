"""How well an encoder finds the texts of held-out questions.

Knows ranks and their means. Knows nothing of how an encoder is made.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.encoders.encoder import Encoder
from embeddings.training.data import Document, Example, split_sentences


@dataclass(frozen=True, slots=True)
class Scores:
    """How well questions find their text: shares of questions with rank 1 and rank <= 10, mean reciprocal rank."""

    questions: int
    recall_1: float
    recall_10: float
    reciprocal_rank: float

    def __str__(self) -> str:
        return (
            f"n={self.questions} R@1={100 * self.recall_1:.1f} R@10={100 * self.recall_10:.1f} "
            f"MRR={self.reciprocal_rank:.3f}"
        )


def score_among(
    encoder: Encoder, examples: Sequence[Example], documents: Sequence[Document], pool: int, seed: int
) -> dict[str, Scores]:
    """Scores by group among `pool` of all documents, and among as many of the largest corpus alone."""
    largest, _ = Counter(document.corpus for document in documents).most_common(1)[0]
    among = {"all": documents, largest: [document for document in documents if document.corpus == largest]}
    scores: dict[str, Scores] = {}
    for name, candidates in among.items():
        found = evaluate(encoder, examples, make_pool(candidates, examples, pool, seed))
        scores |= {f"{group} among {name}": score for group, score in found.items()}
    return scores


def make_pool(documents: Sequence[Document], held_out: Iterable[Example], size: int, seed: int) -> list[str]:
    """Up to `size` documents among which the held-out texts have to be found; none repeats much of one of these."""
    taken = {sentence for example in held_out for sentence in split_sentences(example.context)}
    pool: list[str] = []
    for document in random.Random(seed).sample(documents, len(documents)):
        if len(pool) >= size:
            break
        sentences = split_sentences(document.text)
        if sum(sentence in taken for sentence in sentences) < 0.3 * len(sentences):
            pool.append(document.text)
    return pool


def evaluate(encoder: Encoder, examples: Iterable[Example], pool: Sequence[str]) -> dict[str, Scores]:
    """Scores by group: rank of each question's own text among the texts of its group and the pool."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.group, []).append(example)
    others = encoder.encode_passages(pool)
    scores = {}
    for group, members in sorted(groups.items()):
        contexts = {context: number for number, context in enumerate(dict.fromkeys(e.context for e in members))}
        passages = np.concatenate([encoder.encode_passages(list(contexts)), others])
        cosines = encoder.encode_queries([e.question for e in members]) @ passages.T
        own = cosines[np.arange(len(members)), [contexts[e.context] for e in members]]
        ranks = 1 + (cosines > own[:, None] + 1e-6).sum(axis=1)
        scores[group] = Scores(
            len(ranks), float((ranks == 1).mean()), float((ranks <= 10).mean()), float((1 / ranks).mean())
        )
    return scores
