"""Questions made of documents for the network's first training: a sentence with a gap, and the passages around it.

What stands in the gap comes twice in the document; another sentence that has it is in the passage, and the network has
to point at it there. Knows documents as words; nothing of real questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.network.training_data import Corpus
from qa.network.words import TAGS, Lexicon, key_of

LONGEST_GAP = 6  # words
LONGEST_QUESTION = 24
LONGEST_PASSAGE = 130
_NAMING = frozenset(TAGS.index(t) for t in ("n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "m", "t", "eng", "vn", "j", "l", "i", "an"))  # fmt: skip
# What is asked in the place of a gap, by the part of speech at its end.
_ASKING = {
    "nr": ("谁", "哪位", "哪个 人", "什么 人", "谁"), "nrt": ("谁", "哪位"), "nrfg": ("谁", "哪位"),
    "ns": ("哪里", "哪个 城市", "什么 地方", "哪个 地方", "哪", "哪个 国家", "何处"),
    "nt": ("哪个 单位", "什么 机构", "哪个 机构", "哪个 公司", "哪个 组织"),
    "nz": ("什么", "哪个", "什么 名字", "哪个 品牌"),
    "m": ("多少", "几", "多少", "多少"), "t": ("什么 时候", "何时", "什么 时间", "哪年", "哪 一年", "哪天"),
}  # fmt: skip
_ASKING_ELSE = ("什么", "哪个", "哪些", "什么 东西", "哪 一个", "什么 内容")


@dataclass(frozen=True, slots=True)
class Gapped:
    """A question with a gap, and passages: for each its words, sentences, and where answers begin and end."""

    question: NDArray[np.int32]
    question_tags: NDArray[np.int8]
    passages: list[tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]]


class GapMaker:
    """Makes questions of `corpus`; words stand as keys of its forms, and those that ask have keys of their own."""

    def __init__(self, corpus: Corpus, lexicon: Lexicon, seed: int) -> None:
        self.corpus = corpus
        self.dice = np.random.default_rng(seed)
        numbers = {form: key for key, form in enumerate(corpus.forms)}
        self.asking = {TAGS.index(t): [self._keys(a, numbers) for a in words] for t, words in _ASKING.items()}
        self.asking_else = [self._keys(a, numbers) for a in _ASKING_ELSE]
        counts = np.bincount(corpus.keys, minlength=len(corpus.forms))
        self.common = counts > len(corpus.keys) / 1500
        marks = [not any(c.isalnum() for c in form) for form in corpus.forms]
        self.marks = np.asarray(marks)
        self.breaks = np.asarray([form in "，,；;：:。！？!?" for form in corpus.forms])

    def _keys(self, text: str, numbers: dict[str, int]) -> NDArray[np.int32]:
        return np.asarray([numbers[word] for word in text.split() if word in numbers], np.int32)

    def make(self, document: int) -> Iterator[Gapped]:
        """A few questions on a document."""
        corpus = self.corpus
        first, last = corpus.documents[document], corpus.documents[document + 1]
        if last - first < 3:
            return
        begin, end = corpus.sentences[first], corpus.sentences[last]
        keys, tags = corpus.keys[begin:end], corpus.tags[begin:end]
        borders = corpus.sentences[first : last + 1] - begin
        line = np.repeat(np.arange(last - first), np.diff(borders)).astype(np.int32)
        naming = np.isin(tags, list(_NAMING)) & ~self.common[keys] & ~self.marks[keys]
        order = np.flatnonzero(naming)
        self.dice.shuffle(order)
        used: set[int] = set()
        for place in order[:40].tolist():
            if line[place] in used:
                continue
            if made := self._at(place, keys, tags, line, borders, naming):
                used.add(int(line[place]))
                yield made
            if len(used) >= 3:
                break

    def _at(self, place, keys, tags, line, borders, naming):  # type: ignore[no-untyped-def]
        twins = np.flatnonzero((keys == keys[place]) & (line != line[place]))
        if not len(twins):
            return None
        other = int(self.dice.choice(twins))
        start, stop = self._widen(place, other, keys, line)
        # A gap begins and ends with words that name something.
        while start < stop and not naming[start]:
            start += 1
        while stop > start and not naming[stop]:
            stop -= 1
        if not start <= place <= stop:
            return None
        width = stop - start + 1
        low, high = borders[line[place]], borders[line[place] + 1]
        support = slice(borders[line[other]], borders[line[other] + 1])
        shared = np.isin(keys[low:high], keys[support]) & ~self.common[keys[low:high]] & ~self.marks[keys[low:high]]
        shared[start - low : stop - low + 1] = False
        if shared.sum() < 1 or high - low >= width and np.array_equal(keys[low:high], keys[support]):
            return None
        question, question_tags = self._question(keys, tags, low, high, start, stop, shared)
        if len(question) < 4:
            return None
        gap = keys[start : stop + 1]
        passages = []
        window = self._window(line, borders, int(line[other]), int(line[place]))
        if self.dice.random() < 0.15:  # the answer is taken away
            window = [s for s in window if not self._holds(keys[borders[s] : borders[s + 1]], gap)]
        if window:
            passages.append(self._passage(window, keys, tags, borders, gap))
        return Gapped(question, question_tags, passages) if passages and len(passages[0][0]) > 15 else None

    def _widen(self, place, other, keys, line):  # type: ignore[no-untyped-def]
        start = stop = place
        while stop - start + 1 < LONGEST_GAP and start > 0 and other - (place - start) > 0:
            mine, twin = start - 1, other - (place - start) - 1
            if keys[mine] != keys[twin] or line[mine] != line[place] or line[twin] != line[other] or self.marks[keys[mine]]:
                break
            start -= 1
        while stop - start + 1 < LONGEST_GAP and stop + 1 < len(keys) and other + (stop - place) + 1 < len(keys):
            mine, twin = stop + 1, other + (stop - place) + 1
            if keys[mine] != keys[twin] or line[mine] != line[place] or line[twin] != line[other] or self.marks[keys[mine]]:
                break
            stop += 1
        return start, stop

    def _question(self, keys, tags, low, high, start, stop, shared):  # type: ignore[no-untyped-def]
        """The sentence around the gap, cut at clauses and thinned out, with words that ask in the gap's place."""
        breaks = np.flatnonzero(self.breaks[keys[low:high]]) + low
        left = max([low, *(b + 1 for b in breaks if b < start)]) if self.dice.random() < 0.5 else low
        right = min([high, *(b for b in breaks if b > stop)]) if self.dice.random() < 0.5 else high
        kept = np.arange(low, high)
        inside = (kept >= left) & (kept < right)
        if shared[inside].sum() == 0:
            inside[:] = True
        keep = inside & ((self.dice.random(high - low) < self.dice.uniform(0.5, 1.1)) | (shared & (self.dice.random(high - low) < 0.5)))
        keep &= ~self.breaks[keys[low:high]]
        keep[start - low : stop - low + 1] = False
        before, after = kept[keep & (kept < start)][-LONGEST_QUESTION // 2 :], kept[keep & (kept > stop)][: LONGEST_QUESTION // 2]
        choices = self.asking.get(int(tags[stop]), self.asking_else)
        asking = choices[int(self.dice.integers(len(choices)))]
        if tags[stop] not in self.asking and self.dice.random() < 0.4:  # 什么 + the noun at the gap's end
            asking = np.concatenate([asking[:1], keys[stop : stop + 1]])
        asking_tags = np.full(len(asking), TAGS.index("r"), np.int8)
        if self.dice.random() < 0.3:  # asked at the end
            parts = (keys[before], keys[after], asking), (tags[before], tags[after], asking_tags)
        else:
            parts = (keys[before], asking, keys[after]), (tags[before], asking_tags, tags[after])
        return np.concatenate(parts[0]).astype(np.int32), np.concatenate(parts[1])

    def _window(self, line, borders, support, asked):  # type: ignore[no-untyped-def]
        """Sentences around `support`, without the one that is asked about."""
        window, left, right = [support], support - 1, support + 1
        length, count = borders[support + 1] - borders[support], len(borders) - 1
        while left >= 0 or right < count:
            go_left = left >= 0 and (right >= count or self.dice.random() < 0.5)
            line_number = left if go_left else right
            left, right = (left - 1, right) if go_left else (left, right + 1)
            if line_number == asked:
                continue
            size = borders[line_number + 1] - borders[line_number]
            if length + size > LONGEST_PASSAGE:
                break
            window.append(line_number)
            length += size
        return sorted(window)

    def _holds(self, keys, gap):  # type: ignore[no-untyped-def]
        return bool(len(_occurrences(keys, gap)))

    def _passage(self, window, keys, tags, borders, gap):  # type: ignore[no-untyped-def]
        places = np.concatenate([np.arange(borders[s], borders[s + 1]) for s in window])[:LONGEST_PASSAGE]
        sentences = np.concatenate([np.full(borders[s + 1] - borders[s], n) for n, s in enumerate(window)])[:LONGEST_PASSAGE]
        own = keys[places]
        starts, ends = np.zeros(len(own), bool), np.zeros(len(own), bool)
        for at in _occurrences(own, gap):
            starts[at] = ends[at + len(gap) - 1] = True
        return own, tags[places], sentences.astype(np.int32), starts, ends


def _occurrences(keys: NDArray[np.int32], gap: NDArray[np.int32]) -> NDArray[np.intp]:
    found = np.flatnonzero(keys == gap[0])
    found = found[found + len(gap) <= len(keys)]
    for place in range(1, len(gap)):
        found = found[keys[found + place] == gap[place]]
    return found
