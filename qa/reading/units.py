"""Units: the stretches of a passage that can answer. Rows, items, sentences, or parts of long ones.

Knows passages, their blocks and sentence borders, nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Block, Passage, Span
from corpus.text.sentences import split_clauses, split_sentences

# Who wrote it and where it appeared, which is said of the article and not in it.
_IMPRINT = re.compile(r"(?:来源|日期|作者|编辑|责编|责任编辑|(?:本报|全媒体)?记者|通讯员)[：: ]")
LONG = 80  # characters; a longer sentence is cut into parts


# Blocks that are answers as a whole, and those that only stand over answers.
_WHOLE = frozenset({"row", "item"})
_OVER = frozenset({"heading", "caption"})


@dataclass(frozen=True, slots=True)
class Unit:
    """The stretch `passage.text[start:end]`, which could answer; it lies inside `sentence`, and that in `block`."""

    passage: Passage
    start: int
    end: int
    sentence: Span
    block: Block | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.passage.text[self.start : self.end]


def units_of(passage: Passage) -> list[Unit]:
    """The units of `passage` in reading order: rows and items whole, else sentences, long ones cut into clauses of
    about half `LONG`. Headings are none, unless there is nothing else."""
    blocks = [block for block in passage.blocks if block.kind not in _OVER] or list(passage.blocks)
    if not blocks:
        return list(_of_text(passage, 0, len(passage.text), None))
    shift = passage.start
    return [unit for block in blocks for unit in _of_text(passage, block.start - shift, block.end - shift, block)]


def _of_text(passage: Passage, start: int, end: int, block: Block | None) -> Iterator[Unit]:
    text = passage.text[start:end]
    whole = block is not None and block.kind in _WHOLE and (block.kind == "row" or len(text) <= 2 * LONG)
    for first, last in [(0, len(text))] if whole else _sentences(text):
        for one, other in [(first, last)] if whole else parts_of_sentence(text, (first, last)):
            yield Unit(passage, start + one, start + other, (start + first, start + last), block)


def _sentences(text: str) -> list[Span]:
    """Sentences but for imprints; a short question goes together with what follows it: alone it answers nothing."""
    joined: list[Span] = []
    for start, end in split_sentences(text):
        if end - start <= LONG and _IMPRINT.match(text, start):
            continue
        asks = bool(joined) and text[joined[-1][1] - 1] in "？?" and joined[-1][1] - joined[-1][0] <= LONG // 2
        if asks and start - joined[-1][1] <= 2:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def parts_of_sentence(text: str, sentence: Span) -> list[Span]:
    """`sentence` itself, or where it is long its clauses, neighbours joined up to `LONG` characters."""
    if sentence[1] - sentence[0] <= LONG:
        return [sentence]
    parts: list[Span] = []
    for start, end in split_clauses(text, *sentence):
        if parts and end - parts[-1][0] <= LONG and parts[-1][1] - parts[-1][0] < LONG // 2:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    if len(parts) > 1 and parts[-1][1] - parts[-1][0] < LONG // 5:
        parts[-2:] = [(parts[-2][0], parts[-1][1])]
    return parts
