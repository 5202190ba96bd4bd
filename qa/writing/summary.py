"""Summaries without a language model: an outline of quoted key sentences, in order, each with its place.

Knows texts with titles, and vectors of sentences. Sentences are chosen by how near they are to the middle of all that
is said, to the title or the topic asked for, by their place, and by what they add to those chosen before; headings,
imprints, questions and what only announces are never quoted. What it was measured with stands in this room's README.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.text.sentences import split_clauses, split_sentences
from corpus.text.terms import terms
from embeddings.encoders.encoder import Encoder
from qa.questions.summaries import Length

Vector = NDArray[np.float32]

_SHORTEST, _LONGEST_HEADING = 9, 40  # characters
_FEWEST, _MOST = 3, 8  # sentences where no length is asked for
_ONE_IN = 6
_PLACE_WEIGHT = 0.5
_REPEAT_WEIGHT = 1.5
_SAME_HEADING = 0.5
_OF_EACH, _ON_TOPIC = 100.0, 0.5  # worth of being the first sentence of a text: all are heard, or those on the topic
_REPRINT = 0.92  # cosine from which a sentence says nothing new
_TOO_MANY = 4000  # sentences: those of longer texts are taken at equal distances
_NOT_QUOTED = re.compile(
    r"^(?:[（(【\[]?(?:来源|日期|作者|编辑|责编|责任编辑|审核|校对|原标题|图片?|摄影|编者按|免责|风险提示|声明|关注"
    r"|点击|扫码)[：:\s]"
    r"|(?:本报|全媒体)?(?:记者|通讯员)\s)|(?:不构成|谨慎决策|版权归|转载|请联系|二维码|责任编辑)|[？?]$"
    r"|分[为成].{1,3}[类种个方面项]+[。：:]?$|(?:[：:]|(?:表示|指出|介绍|认为|如下|所示)[：:]?)$"
)
_ENDS = re.compile(r"[。！!；;…”’」』）)]$")
_LEANS = re.compile(
    r"^(?:但是?|不过|然而|而且?|并且?|同时|此外|另外|因此|所以|于是|其中|这[些个样种]?|那[些个]?|他们?|她们?|它们?|其"
    r"|该)"
)


class Text(Protocol):
    """An article or a passage."""

    @property
    def title(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class KeySentence:
    """`texts[source].text[start:end]`, quoted for a summary; `heading` is the line above that it stands under, or "".

    `cut` says that the sentence goes on after `end`.
    """

    source: int
    start: int
    end: int
    text: str
    heading: str = ""
    cut: bool = False


def summarise(
    texts: Sequence[Text],
    encoder: Encoder,
    idf: Callable[[str], float],
    *,
    length: Length | None = None,
    about: str = "",
) -> tuple[KeySentence, ...]:
    """The key sentences of `texts` (articles, or passages found for a topic), in the order of the texts.

    `about` is the topic asked for, "" for all that the texts say. Never longer than `length`; without a
    topic, each text has a sentence where the length allows it. Empty where no text has a sentence that can be quoted.
    """
    length = length or Length()
    found = [one for number, text in enumerate(texts) for one in _sentences(number, text.text)]
    found = found[:: -(-len(found) // _TOO_MANY)] if len(found) > _TOO_MANY else found
    if not found:
        return ()
    vectors = encoder.encode_passages([one.text for one in found])
    worth = _worth(found, texts, vectors, encoder, idf, about)
    heard = _ON_TOPIC if about else _OF_EACH
    chosen = _chosen(found, worth, vectors, _limits(length, len(found), 1 if about else len(texts)), heard)
    return tuple(sorted(chosen, key=lambda one: (one.source, one.start)))


def _limits(length: Length, sentences: int, texts: int) -> tuple[int, int]:
    """The most sentences and characters."""
    usual = max(_FEWEST, texts, min(_MOST, sentences // _ONE_IN))
    most = length.sentences or (sentences if length.characters else usual)
    return most, length.characters or 10**9


def _sentences(number: int, text: str) -> list[KeySentence]:
    """What of `text` can be quoted, with the heading above it."""
    heading, found = "", []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        alone = (start == 0 or text[:start].rstrip(" \u3000").endswith("\n")) and text[end : end + 1] in ("", "\n")
        if alone and end - start <= _LONGEST_HEADING and not _ENDS.search(sentence):
            heading = re.sub(r"^[#\s]+", "", sentence)
        elif end - start >= _SHORTEST and not _NOT_QUOTED.search(sentence):
            found.append(KeySentence(number, start, end, sentence, heading))
    return found


def _worth(
    found: Sequence[KeySentence],
    texts: Sequence[Text],
    vectors: Vector,
    encoder: Encoder,
    idf: Callable[[str], float],
    about: str,
) -> NDArray[np.float64]:
    """How much each sentence says of the whole: the sum of four standard scores."""
    wanted = [about or text.title for text in texts]
    asked = encoder.encode_queries([name or " " for name in wanted])
    source = np.array([one.source for one in found])
    middle = np.stack([_middle(vectors[source == number]) for number in range(len(texts))])
    central = np.einsum("ij,ij->i", vectors, middle[source])
    near = np.einsum("ij,ij->i", vectors, asked[source])
    shared = np.array([_shared(one.text, wanted[one.source], idf) for one in found])
    first = {number: int(np.argmax(source == number)) for number in set(source.tolist())}
    place = np.array([1 / np.sqrt(1 + at - first[one.source]) for at, one in enumerate(found)])
    leaning = np.array([_LEANS.match(one.text) is not None for one in found], dtype=float)
    topic = 2.0 if about else 1.0
    known = _standard(central) + topic * (_standard(near) + _standard(shared)) + _PLACE_WEIGHT * _standard(place)
    worth: NDArray[np.float64] = known - leaning
    return worth


def _middle(vectors: Vector) -> Vector:
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    middle = vectors.mean(axis=0)
    scaled: Vector = middle / max(float(np.linalg.norm(middle)), 1e-9)
    return scaled


def _shared(sentence: str, wanted: str, idf: Callable[[str], float]) -> float:
    """The share of the words of `wanted`, by how much they say, that `sentence` has."""
    words = set(terms(wanted))
    total = sum(map(idf, words))
    return sum(map(idf, words & set(terms(sentence)))) / total if total else 0.0


def _standard(values: NDArray[np.floating]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = (values - values.mean()) / max(float(values.std()), 1e-9)
    return scaled


def _chosen(
    found: Sequence[KeySentence],
    worth: NDArray[np.float64],
    vectors: Vector,
    limits: tuple[int, int],
    heard: float,
) -> list[KeySentence]:
    """The sentences of most worth, one after another, less for what repeats those taken before, `heard` more for those
    of a text that has none yet."""
    most, room = limits
    chosen: list[KeySentence] = []
    repeated = np.zeros(len(found))
    left = np.ones(len(found), dtype=bool)
    sources = {one.source for one in found}
    while len(chosen) < most and left.any():
        scores = worth - _REPEAT_WEIGHT * repeated
        taken = {(one.source, one.heading) for one in chosen if one.heading}
        scores -= _SAME_HEADING * np.array([(one.source, one.heading) in taken for one in found])
        unheard = sources - {one.source for one in chosen}
        scores += heard * np.array([one.source in unheard for one in found])
        best = int(np.argmax(np.where(left, scores, -np.inf)))
        left[best] = False
        fitting = _fitting(found[best], room, first=not chosen)
        if fitting is None:
            continue
        chosen.append(fitting)
        room -= fitting.end - fitting.start
        cosines = vectors @ vectors[best]
        repeated = np.maximum(repeated, cosines)
        left &= cosines < _REPRINT
    return chosen


def _fitting(one: KeySentence, room: int, *, first: bool) -> KeySentence | None:
    """`one` if there is room for it; of the first, which has to be there, the clauses that there is room for."""
    if one.end - one.start <= room:
        return one
    if not first:
        return None
    clauses = [(start, end) for start, end in split_clauses(one.text, 0, len(one.text)) if end <= room]
    if not clauses:
        return None
    end = clauses[-1][1]
    return KeySentence(one.source, one.start, one.start + end, one.text[:end], one.heading, cut=True)
