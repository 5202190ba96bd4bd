"""Questions made of documents for the network's first training: a sentence with a gap, and the passages around it.

What stands in the gap comes twice in the document; another sentence that has it is in the passage, and the network has
to point at it there (recurring spans, Ram et al. 2021). Beside it stand passages of documents on the same subject, some
of which answer as well; a good part of the questions have nothing but such as do not. Knows documents as words; nothing
of real questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.reading.network.words import TAGS, Numbers
from qa.training.network_data import Corpus

LONGEST_GAP = 6  # words
LONGEST_QUESTION = 24
LONGEST_PASSAGE = 130
_MOST = 3  # questions on a document
_DIRECTIONS = 192  # that words fall on, to compare documents
_OFTEN = 100  # a word that comes no more than so many times is never a common one
_TRIED = 40  # words
_UNANSWERED = 0.3  # of the questions lose the sentences that answer
NEIGHBOURS = 4  # documents on the same subject, for each document
_BESIDE = 2  # of them are shown beside
_TOLD = 2  # things that the question is about must stand there
_THIN_OUT = (0.5, 1.1)  # between which shares of a sentence's words a question keeps
_NAMING = [
    TAGS.index(t) for t in ["n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "m", "t", "eng", "vn", "j", "l", "i", "an"]
]
# What is asked in the place of a gap, by the part of speech at its end.
_ASKING = {
    "nr": ("谁", "哪位", "哪个 人", "什么 人", "谁"), "nrt": ("谁", "哪位"), "nrfg": ("谁", "哪位"),
    "ns": ("哪里", "哪个 城市", "什么 地方", "哪个 地方", "哪", "哪个 国家", "何处"),
    "nt": ("哪个 单位", "什么 机构", "哪个 机构", "哪个 公司", "哪个 组织"),
    "nz": ("什么", "哪个", "什么 名字", "哪个 品牌"),
    "m": ("多少", "几", "多少", "多少"), "t": ("什么 时候", "何时", "什么 时间", "哪年", "哪 一年", "哪天"),
}  # fmt: skip
_ASKING_ELSE = ("什么", "哪个", "哪些", "什么 东西", "哪 一个", "什么 内容")


Tags = NDArray[np.int8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Window:
    """A passage: its words, their tags and sentences, and where answers begin and end; all `(words,)`."""

    keys: Numbers
    tags: Tags
    sentences: Numbers
    starts: Flags
    ends: Flags


@dataclass(frozen=True, slots=True)
class Gapped:
    """A question with a gap, and the passages that it is asked of."""

    question: Numbers
    tags: Tags
    passages: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    """Words with their tags, the sentence of each, the borders of sentences, and which words name something."""

    keys: Numbers
    tags: Tags
    line: Numbers
    borders: NDArray[np.int64]
    naming: Flags

    def sentence(self, number: int) -> Numbers:
        return self.keys[self.borders[number] : self.borders[number + 1]]


class GapMaker:
    """Makes questions of `corpus`; words stand as keys of its forms."""

    def __init__(self, corpus: Corpus, near: Numbers, seed: int) -> None:
        """`near` `(documents, NEIGHBOURS)` are those on the same subject."""
        self.corpus, self.near = corpus, near
        self.dice = np.random.default_rng(seed)
        numbers = {form: key for key, form in enumerate(corpus.forms)}
        self.asking = {TAGS.index(t): [_keys(a, numbers) for a in words] for t, words in _ASKING.items()}
        self.asking_else = [_keys(a, numbers) for a in _ASKING_ELSE]
        counts = np.bincount(corpus.keys, minlength=len(corpus.forms))
        self.common = counts > max(_OFTEN, len(corpus.keys) / 1500)
        self.marks = np.asarray([not any(c.isalnum() for c in form) for form in corpus.forms])
        self.breaks = np.asarray([form in "，,；;：:。！？!?" for form in corpus.forms])

    def make(self, number: int) -> Iterator[Gapped]:
        """A few questions on a document of the corpus."""
        document = self._document(number)
        if len(document.borders) < 4:
            return
        near = [self._document(other) for other in self.near[number].tolist()]
        order = np.flatnonzero(document.naming)
        self.dice.shuffle(order)
        used: set[int] = set()
        for place in order[:_TRIED].tolist():
            if document.line[place] not in used and (made := self._at(place, document, near)):
                used.add(int(document.line[place]))
                yield made
            if len(used) >= _MOST:
                break

    def _document(self, number: int) -> _Document:
        corpus = self.corpus
        first, last = corpus.documents[number], corpus.documents[number + 1]
        begin, end = corpus.sentences[first], corpus.sentences[last]
        keys, tags = corpus.keys[begin:end], corpus.tags[begin:end]
        borders = corpus.sentences[first : last + 1] - begin
        line = np.repeat(np.arange(last - first), np.diff(borders)).astype(np.int32)
        naming = np.isin(tags, _NAMING) & ~self.common[keys] & ~self.marks[keys]
        return _Document(keys, tags, line, borders, naming)

    def _at(self, place: int, document: _Document, near: Sequence[_Document]) -> Gapped | None:
        """A question whose gap has the word at `place`, or None where no other sentence can answer it."""
        keys, line, borders = document.keys, document.line, document.borders
        twins = np.flatnonzero((keys == keys[place]) & (line != line[place]))
        if not len(twins):
            return None
        other = int(self.dice.choice(twins))
        start, stop = self._widen(place, other, document)
        while start < stop and not document.naming[start]:
            start += 1
        while stop > start and not document.naming[stop]:
            stop -= 1
        asked, support = document.sentence(int(line[place])), document.sentence(int(line[other]))
        if not start <= place <= stop or np.array_equal(asked, support):
            return None
        low = int(borders[line[place]])
        shared = np.isin(asked, support) & ~self.common[asked] & ~self.marks[asked]
        shared[start - low : stop - low + 1] = False
        if not shared.any():
            return None
        question, tags = self._question(document, low, start, stop, shared)
        if len(question) < 4:
            return None
        gap = keys[start : stop + 1]
        window = self._window(borders, int(line[other]), int(line[place]))
        answered = self.dice.random() >= _UNANSWERED
        if not answered:
            window = [number for number in window if not len(_occurrences(document.sentence(number), gap))]
        passages = [_passage(document, window, gap)] if window else []
        about = np.unique(question[~self.common[question] & ~self.marks[question] & (tags != TAGS.index("r"))])
        about = about[~np.isin(about, gap)]
        for other_document in near:
            if len(passages) <= _BESIDE and (found := self._beside(other_document, about, gap, answered)):
                passages.append(found)
        passages = [passage for passage in passages if len(passage.keys) > 15]
        return Gapped(question, tags, tuple(passages)) if passages else None

    def _beside(self, document: _Document, about: Numbers, gap: Numbers, answered: bool) -> Window | None:
        """The passage of another document that has most of what a question is `about`; None where that is too little.

        One with the gap's words must have it in the very sentence.
        """
        shared = np.isin(document.keys, about)
        if not shared.any():
            return None
        best = int(np.bincount(document.line[shared]).argmax())
        passage = _passage(document, self._window(document.borders, best, -1), gap)
        told = passage.keys
        if passage.starts.any():
            told = told[passage.sentences == passage.sentences[passage.starts][0]]
        if len(np.intersect1d(told, about)) < _TOLD or (passage.starts.any() and not answered):
            return None
        return passage

    def _widen(self, place: int, other: int, document: _Document) -> tuple[int, int]:
        """The longest run around `place` that stands around `other`, too."""
        start = stop = place
        apart = other - place
        while stop - start + 1 < LONGEST_GAP and start > 0 and self._same(start - 1, apart, place, document):
            start -= 1
        while stop - start + 1 < LONGEST_GAP and self._same(stop + 1, apart, place, document):
            stop += 1
        return start, stop

    def _same(self, mine: int, apart: int, place: int, document: _Document) -> bool:
        """Whether the words at `mine` and `mine + apart` are the same, in the same sentences as before."""
        keys, line, twin = document.keys, document.line, mine + apart
        if not (0 <= mine < len(keys) and 0 <= twin < len(keys)) or self.marks[keys[mine]]:
            return False
        return bool(keys[mine] == keys[twin] and line[mine] == line[place] and line[twin] == line[place + apart])

    def _question(self, document: _Document, low: int, start: int, stop: int, shared: Flags) -> tuple[Numbers, Tags]:
        """The sentence around the gap, cut at clauses and thinned out, with words that ask in the gap's place."""
        keys, tags = document.keys, document.tags
        high = low + len(shared)
        places = np.arange(low, high)
        breaks = places[self.breaks[keys[low:high]]]
        left = max([low, *(b + 1 for b in breaks if b < start)]) if self.dice.random() < 0.5 else low
        right = min([high, *(b for b in breaks if b > stop)]) if self.dice.random() < 0.5 else high
        inside = (places >= left) & (places < right)
        if not shared[inside].any():
            inside[:] = True
        kept = self.dice.random(high - low) < self.dice.uniform(*_THIN_OUT)
        kept = inside & (kept | (shared & (self.dice.random(high - low) < 0.5))) & ~self.breaks[keys[low:high]]
        before = places[kept & (places < start)][-LONGEST_QUESTION // 2 :]
        after = places[kept & (places > stop)][: LONGEST_QUESTION // 2]
        choices = self.asking.get(int(tags[stop]), self.asking_else)
        asking = choices[int(self.dice.integers(len(choices)))]
        if choices is self.asking_else and self.dice.random() < 0.4:  # 什么 and the noun at the gap's end
            asking = np.concatenate([asking[:1], keys[stop : stop + 1]])
        asking_tags = np.full(len(asking), TAGS.index("r"), np.int8)
        order = [(keys[before], tags[before]), (asking, asking_tags), (keys[after], tags[after])]
        if self.dice.random() < 0.3:
            order = [order[0], order[2], order[1]]
        return np.concatenate([part for part, _ in order]), np.concatenate([part for _, part in order])

    def _window(self, borders: NDArray[np.int64], support: int, asked: int) -> list[int]:
        """Sentences around `support`, without the one that is asked about."""
        window, left, right = [support], support - 1, support + 1
        length, count = borders[support + 1] - borders[support], len(borders) - 1
        while left >= 0 or right < count:
            go_left = left >= 0 and (right >= count or self.dice.random() < 0.5)
            number = left if go_left else right
            left, right = (left - 1, right) if go_left else (left, right + 1)
            if number == asked:
                continue
            length += borders[number + 1] - borders[number]
            if length > LONGEST_PASSAGE:
                break
            window.append(number)
        return sorted(window)


def neighbours(corpus: Corpus, seed: int) -> Numbers:
    """The documents whose words are most like each one's: `(documents, NEIGHBOURS)`, nearest first.

    Words weigh as they are rare, and fall on random directions, which keeps cosines nearly as they are.
    """
    import faiss

    counts = np.bincount(corpus.keys, minlength=len(corpus.forms)).astype(np.float32)
    rarity = np.log(len(corpus.keys) / np.maximum(counts, 1)) - np.log(_OFTEN)
    directions = np.random.default_rng(seed).standard_normal((len(counts), _DIRECTIONS)).astype(np.float32)
    directions *= np.maximum(rarity, 0)[:, None] * (counts > 1)[:, None]
    borders = corpus.sentences[corpus.documents]
    vectors = np.stack([directions[np.unique(corpus.keys[a:b])].sum(0) for a, b in pairwise(borders.tolist())])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    index = faiss.IndexFlatIP(_DIRECTIONS)
    index.add(vectors)
    _, found = index.search(vectors, NEIGHBOURS + 1)
    return np.stack([row[row != number][:NEIGHBOURS] for number, row in enumerate(found)]).astype(np.int32)


def _keys(text: str, numbers: dict[str, int]) -> Numbers:
    return np.asarray([numbers[word] for word in text.split() if word in numbers], np.int32)


def _passage(document: _Document, window: list[int], gap: Numbers) -> Window:
    places = np.concatenate([np.arange(*document.borders[number : number + 2]) for number in window])[:LONGEST_PASSAGE]
    _, sentences = np.unique(document.line[places], return_inverse=True)
    keys = document.keys[places]
    starts, ends = np.zeros(len(keys), bool), np.zeros(len(keys), bool)
    found = _occurrences(keys, gap)
    starts[found] = ends[found + len(gap) - 1] = True
    return Window(keys, document.tags[places], sentences.astype(np.int32), starts, ends)


def _occurrences(keys: Numbers, gap: Numbers) -> NDArray[np.intp]:
    found = np.flatnonzero(keys == gap[0])
    found = found[found + len(gap) <= len(keys)]
    for place in range(1, len(gap)):
        found = found[keys[found + place] == gap[place]]
    return found
