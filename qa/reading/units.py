"""Units: the stretches of passages that can answer, which are sentences, or parts of long ones.

Knows hits and sentence borders, nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.text.sentences import split_clauses, split_sentences
from embeddings.collections.hit import Hit

# Who wrote it and where it appeared, which is said of the article and not in it.
_IMPRINT = re.compile(r"(?:来源|日期|作者|编辑|责编|责任编辑|(?:本报|全媒体)?记者|通讯员)[：: ]")
LONG = 80  # characters; a longer sentence is cut into parts


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch `passage.text[start:end]` of hit number `hit` (from 0) that could answer; inside one sentence."""

    hit: int
    start: int
    end: int
    sentence: tuple[int, int]
    text: str


def units_of(hits: Sequence[Hit]) -> list[Unit]:
    """The units of all passages, in reading order: sentences, long ones cut into clauses of about half `LONG`."""
    return [
        Unit(number, start, end, sentence, hit.passage.text[start:end])
        for number, hit in enumerate(hits)
        for sentence in _sentences(hit.passage.text)
        for start, end in _parts(hit.passage.text, sentence)
    ]


def _sentences(text: str) -> list[tuple[int, int]]:
    """Sentences but for imprints; a short question goes together with what follows it: alone it answers nothing."""
    joined: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        if end - start <= LONG and _IMPRINT.match(text, start):
            continue
        asks = bool(joined) and text[joined[-1][1] - 1] in "？?" and joined[-1][1] - joined[-1][0] <= LONG // 2
        if asks and start - joined[-1][1] <= 2:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _parts(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    if sentence[1] - sentence[0] <= LONG:
        return [sentence]
    parts: list[tuple[int, int]] = []
    for start, end in split_clauses(text, *sentence):
        if parts and end - parts[-1][0] <= LONG and parts[-1][1] - parts[-1][0] < LONG // 2:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    if len(parts) > 1 and parts[-1][1] - parts[-1][0] < LONG // 5:
        parts[-2:] = [(parts[-2][0], parts[-1][1])]
    return parts
