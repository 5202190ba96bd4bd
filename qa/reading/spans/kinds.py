"""What kind of thing a span is, and which kinds a question expects: 哪个城市 a place, 什么奖 a name that ends in 奖.

Knows words and the gap in a question. The expectations are counted from answered questions by
`qa/training/spans_training.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.text.tagging import PERSON
from qa.reading.spans.gap import Gap
from qa.reading.spans.text import Word

SpanKind = Literal["date", "figure", "person", "place", "body", "quoted", "latin", "noun", "act", "clause"]
SPAN_KINDS: tuple[SpanKind, ...] = get_args(SpanKind)
_CLAUSE = 7  # words, from which on a span with a verb is a clause
_PRIOR = 4.0  # how many questions what is known of a shorter key counts for
_FEWEST = 2
PLACE_END = re.compile(r"[省市县区国州洲岛镇乡村街路山河湖江海港湾城府郡道园馆宫寺院站]$")
_BODY = re.compile(r"(?:大学|学院|公司|集团|委员会|部|局|会|党|队|社|厂|银行|中心|学校|中学|军|组织)$")
_DATE = re.compile(r"\d+年|\d+月|\d+[日号]|世纪|年代|时期|朝|[点时]$")
_FIGURE = re.compile(r"[\d一二三四五六七八九十两百千万亿几]+")
_OPENS, _CLOSES = "《“「『", "》”」』"


def kind_of_span(words: Sequence[Word]) -> int:
    """The place in `SPAN_KINDS` of the kind of thing that `words` are, told mostly by the last one."""
    last, first = words[-1], words[0]
    if len(words) >= _CLAUSE and any(word.flag[0] == "v" for word in words):
        return SPAN_KINDS.index("clause")
    if last.text[-1:] in _CLOSES and first.text[:1] in _OPENS:
        return SPAN_KINDS.index("quoted")
    if last.flag == "t" or _DATE.search("".join(word.plain for word in words[-3:])):
        return SPAN_KINDS.index("date")
    if _FIGURE.match(first.plain) and (last is first or last.flag[0] in "qmn"):
        return SPAN_KINDS.index("figure")
    if last.flag in PERSON or any("·" in word.text for word in words):
        return SPAN_KINDS.index("person")
    if last.flag == "nt" or _BODY.search(last.plain):
        return SPAN_KINDS.index("body")
    if last.flag in ("ns", "s") or PLACE_END.search(last.plain):
        return SPAN_KINDS.index("place")
    if last.plain and last.plain.isascii():
        return SPAN_KINDS.index("latin")
    return SPAN_KINDS.index("act" if last.flag[0] in "vad" else "noun")


@dataclass(frozen=True, slots=True)
class Expectations:
    """How often each kind answers, and the logarithm of the usual length in words, by what stands at the gap.

    `keys` are texts like "which 城市" and "which 市" and "which"; `rows` is `(keys, kinds + 1)`.
    """

    keys: tuple[str, ...]
    rows: NDArray[np.float32]
    places: Mapping[str, int]

    def of(self, gap: Gap) -> NDArray[np.float32]:
        """Shares of the kinds and the length for `gap`: of its longest key that is known, `(kinds + 1,)`."""
        place = next((self.places[key] for key in keys_of(gap) if key in self.places), 0)
        return np.asarray(self.rows[place])


def keys_of(gap: Gap) -> list[str]:
    """The names under which the answers of questions like `gap` are counted, from particular to general; "" is all."""
    noun = gap.noun or gap.subject
    verb = gap.verb if gap.wanted in ("what", "nothing", "thing", "how") else ""
    keys = [f"{gap.wanted} {noun}", f"{gap.wanted} {noun[-2:]}"] if noun else []
    keys += [f"{gap.wanted} {noun[-1]}"] if noun else [f"{gap.wanted} ~{verb}"] if verb else []
    return list(dict.fromkeys([*keys, gap.wanted, ""]))


def expectations(keys: Sequence[str], rows: NDArray[np.float32]) -> Expectations:
    """Expectations from their arrays."""
    return Expectations(tuple(keys), rows, {key: place for place, key in enumerate(keys)})


def count_expectations(answered: Iterable[tuple[Gap, Sequence[Word]]]) -> Expectations:
    """Count what answered: each key's counts, drawn towards those of the next shorter key."""
    width = len(SPAN_KINDS) + 1
    sums: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(width + 1))
    above: dict[str, str] = {}
    for gap, words in answered:
        keys = keys_of(gap)
        row = np.zeros(width + 1)
        row[kind_of_span(words)], row[-2], row[-1] = 1, np.log(len(words)), 1
        for key, shorter in zip(keys, [*keys[1:], ""], strict=True):
            sums[key] += row
            above.setdefault(key, shorter)
    means: dict[str, NDArray[np.float64]] = {"": sums[""][:-1] / max(sums[""][-1], 1)}

    def mean(key: str) -> NDArray[np.float64]:
        if key not in means:
            total = sums[key]
            means[key] = (total[:-1] + _PRIOR * mean(above[key])) / (total[-1] + _PRIOR)
        return means[key]

    kept = ["", *sorted(key for key in sums if key and sums[key][-1] >= _FEWEST)]
    return expectations(kept, np.stack([mean(key) for key in kept]).astype(np.float32))
