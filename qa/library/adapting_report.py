"""What is told of an encoder that was trained for a collection: a table, its card, what it means.

Knows scores and words for them. Knows nothing of terminals, or of how anything was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from embeddings.training.adapting import Comparison
from embeddings.training.scores import Scores
from embeddings.training.train import Recipe

CARD = "README.md"
Pick = Callable[[str, str], str]
HEADINGS = (
    "题|题数|向量 R@1|R@10|MRR|合并 R@1|R@10|MRR",
    "Questions|n|Vectors R@1|R@10|MRR|Fused R@1|R@10|MRR",
)
_KINDS = {
    "words": ("句中的几个词", "Words of a sentence"),
    "gist": ("抽走的句子", "Sentence taken out"),
    "title": ("抽走的标题", "Title taken off"),
    "all": ("全部", "All"),
}


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it; `sentences` is how many were learnt from."""

    comparison: Comparison
    recipe: Recipe
    sentences: int
    switched: bool


def rows_of(comparison: Comparison, pick: Pick) -> Iterator[list[str]]:
    """A line per kind of question for a table under HEADINGS, before → after."""
    for change in comparison.changes:
        figures = [*_figures(change.vectors), *_figures(change.fused)]
        yield [pick(*_KINDS[change.kind]), str(change.vectors[0].questions), *figures]


def card(adapted: Adapted, start: str, articles: int) -> str:
    """What the model folder says of itself, in Markdown."""
    recipe = adapted.recipe
    head = HEADINGS[0].split("|")
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head))]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows_of(adapted.comparison, lambda zh, en: f"{zh} {en}")]
    steps = f"{recipe.minutes} 分钟 minutes" if recipe.minutes else f"{recipe.steps} 步 steps"
    about = (
        f"{articles} 篇文章 articles，{steps}，seed {recipe.seed}，{datetime.now(UTC).isoformat(timespec='seconds')}"
    )
    return "\n".join(
        [
            "# 为这些文章训练的编码器 · The encoder trained for these articles",
            "",
            f"wenju train：从 from {start}，{about}。",
            "留出的句子和标题，从没学过；箭头左边是原来的编码器。Sentences and titles kept apart; before → after.",
            "",
            *lines,
            "",
        ]
    )


def _figures(pair: tuple[Scores, Scores]) -> list[str]:
    parts = ("recall_1", "recall_10", "reciprocal_rank")
    return [" → ".join(f"{100 * getattr(scores, part):.1f}" for scores in pair) for part in parts]


def remarks(adapted: Adapted, calibrated: bool) -> Iterator[tuple[str, str]]:
    """What people should know of the result, Chinese and English."""
    last = adapted.comparison.changes[-1]
    vectors, fused = ([100 * scores.reciprocal_rank for scores in pair] for pair in (last.vectors, last.fused))
    yield (
        f"只用向量，MRR {vectors[0]:.1f} → {vectors[1]:.1f}；和词合并（提问时用的），{fused[0]:.1f} → {fused[1]:.1f}。",
        f"MRR by vectors alone {vectors[0]:.1f} → {vectors[1]:.1f}; fused with the words, as questions are searched, "
        f"{fused[0]:.1f} → {fused[1]:.1f}.",
    )
    if adapted.switched:
        yield (
            "已换用为这些文章训练的编码器，以后问这些文章就用它；wenju train --reset 可以恢复。",
            "The encoder trained for these articles is used from now on; wenju train --reset undoes it.",
        )
    else:
        yield (
            "没有证据表明变好了（只用向量时 MRR 要升高超过两倍标准误差，合并后不能降低），所以没有换。"
            "仍要换，加 --anyway。",
            "There is no proof that it is better (by vectors alone the MRR must rise by more than two standard errors, "
            "fused it must not fall), so nothing was changed. To change all the same, add --anyway.",
        )
    if adapted.switched and calibrated:
        yield (
            "原来校准的拒答门槛是为原来的编码器定的，不再适用，请重新 wenju calibrate。",
            "Thresholds that were calibrated before do not fit this encoder: run wenju calibrate again.",
        )
