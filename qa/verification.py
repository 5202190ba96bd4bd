"""Does the source say it? Every claim of an answer is checked here before it is shown as cited.

Knows two texts, a claim and what it rests on; nothing of marks, models or pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.article import Passage
from corpus.sentences import split_sentences
from embeddings.terms import normalise
from qa.contradictions import APART, figures_of, find_contradiction, words_of
from qa.figures import is_stated, stated_figures
from qa.tagging import NAMED, tag

ENOUGH_SHARED = 0.5  # share of a claim's words that its source must have
_QUOTED = re.compile(r"[《「『“]([^》」』”]{2,40})[》」』”]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]+")
_BRACKETS = str.maketrans("[［【〖]］】〗", "〔〔〔〔〕〕〕〕")  # numbers copied from an article are shown in 〔〕
_NO_NAMES = {"东西", "城市", "海洋", "中断", "多达", "高峰", "和平"}
_NOT_OF_NAMES = "以现于写在是和与为的曾被由从到向对把将及并也都任称说人国"
_ITEM = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}(?:[、)）]|\.(?!\d))\s*|[①-⑳])|[(（]\d{1,2}[)）]")  # numbers of a list
_CUT = re.compile(r"^(?:…|\.\.\.)+|(?:…|\.\.\.)+$")


def source_of(passages: Iterable[Passage]) -> str:
    """The text that a claim resting on `passages` is held against."""
    return APART.join(f"{passage.title}\n{passage.text}" for passage in passages)


@lru_cache(maxsize=1024)
def find_problem(claim: str, source: str) -> str:
    """What `source` lacks of `claim`, or says otherwise, as one Chinese sentence for the reader; "" if it agrees.

    A claim that stands in the source word for word has no problem. Otherwise its figures and dates (by value), its
    names and quoted titles, and at least `ENOUGH_SHARED` of its words must be there, in one place, and belong together
    there as they do in the claim.
    """
    claim = _ITEM.sub("", _CUT.sub("", claim.strip()))
    if not squeeze(claim):
        return "这句话没有内容。"
    if squeeze(claim) in _squeezed(source):
        return ""
    if lacks := find_missing(claim, source):
        return lacks
    if shared_words(claim, source) < ENOUGH_SHARED:
        return "出处里的说法与这句话相差太远。"
    return find_contradiction(normalise(claim), _plain(source))


def find_missing(claim: str, source: str) -> str:
    """The first figure, date or name of `claim` that `source` has nowhere, as a sentence; "" where it has them all."""
    claim, plain = normalise(claim), _plain(source)
    for figure in stated_figures(claim):
        if not is_stated(figure, figures_of(plain)):
            return f"出处里没有“{claim[figure.start : figure.end].strip()}”。"
    for name in names_in(claim):
        if not _has_name(_squeezed(source), squeeze(name)):
            return f"出处里没有“{name}”。"
    return ""


def _has_name(source: str, name: str) -> bool:
    """Whether `source` has `name`, or its two parts near each other (中国科学院 for 中国……科学院).

    The tagger also takes words for names, and a character beside a name for a part of it.
    """
    if name in source or name in _NO_NAMES:
        return True
    bare = name.strip(_NOT_OF_NAMES) if len(name) > 2 else name
    if len(bare) > 1 and bare in source:
        return True
    parts = [(name[:cut], name[cut:]) for cut in range(2, len(name) - 1)]
    return any(re.search(f"{one}.{{0,8}}{other}", source) for one, other in parts)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return normalise(text)


@lru_cache(maxsize=256)
def _squeezed(text: str) -> str:
    return squeeze(text)


def names_in(text: str) -> list[str]:
    """Names of people, places and bodies, quoted titles and Latin words of two characters or more."""
    found = [word for word, flag in tag(text) if flag in NAMED and len(word) > 1]
    return list(dict.fromkeys([*found, *_QUOTED.findall(text), *_LATIN.findall(text)]))


def shared_words(claim: str, source: str) -> float:
    """Share of the distinct words of `claim` that `source` has too, in [0, 1]; 1 for a claim without words."""
    wanted = words_of(claim)
    return len(wanted & words_of(source)) / len(wanted) if wanted else 1.0


@lru_cache(maxsize=1024)
def supporting_span(claim: str, source: str) -> tuple[int, int]:
    """The sentences of `source` that support `claim` best: those that hold it word for word, else the nearest one."""
    claim, source = _CUT.sub("", claim.strip()).translate(_BRACKETS), source.translate(_BRACKETS)
    sentences = split_sentences(source) or [(0, len(source))]
    # A writer may have ended with a full stop what goes on in the source.
    claim = claim if claim in source else claim.rstrip("。；;，, ")
    at = source.find(claim)
    if claim and at >= 0:
        touched = [s for s in sentences if s[0] < at + len(claim) and s[1] > at]
        if touched:
            return touched[0][0], touched[-1][1]
    pairs = _pairs(claim)
    return max(sentences, key=lambda s: len(pairs & _pairs(source[s[0] : s[1]])) / (len(pairs) + 5))


def _pairs(text: str) -> set[str]:
    plain = squeeze(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def squeeze(text: str) -> str:
    """`text` without punctuation and white space, in simplified, half-width, lower-case characters."""
    return re.sub(r"[\W_]+", "", normalise(text))
