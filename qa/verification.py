"""Does the source say it? Every claim of an answer is checked here before it is shown as cited.

Knows two texts, a claim and what it rests on; nothing of marks, models or pages.
"""

from __future__ import annotations

import re

from corpus.sentences import split_sentences
from embeddings.terms import normalise, terms
from qa.figures import find_figures, is_stated, stated_figures
from qa.question_words import EMPTY_TERMS
from qa.tagging import NAMED, tag

ENOUGH_SHARED = 0.6  # share of a claim's words that its source must have
_QUOTED = re.compile(r"[《「『“]([^》」』”]{2,40})[》」』”]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]+")
_CUT = re.compile(r"^(?:…|\.\.\.)+|(?:…|\.\.\.)+$")


def find_problem(claim: str, source: str) -> str:
    """What `source` lacks of `claim`, as one Chinese sentence for the reader; "" where it has everything.

    A claim that stands in the source word for word has no problem. Otherwise its figures and dates (by value), its
    names and quoted titles, and at least `ENOUGH_SHARED` of its words must be there.
    """
    claim = _CUT.sub("", claim.strip())
    if not claim:
        return "这句话没有内容。"
    if squeeze(claim) in squeeze(source):
        return ""
    if lacks := find_missing(claim, source):
        return lacks
    if shared_words(claim, source) < ENOUGH_SHARED:
        return "出处里的说法与这句话相差太远。"
    return ""


def find_missing(claim: str, source: str) -> str:
    """The first figure, date or name of `claim` that `source` has nowhere, as a sentence; "" where it has them all."""
    known = find_figures(source)
    for figure in stated_figures(claim):
        if not is_stated(figure, known):
            return f"出处里没有“{claim[figure.start : figure.end].strip()}”。"
    plain = squeeze(source)
    for name in names_in(claim):
        if squeeze(name) not in plain:
            return f"出处里没有“{name}”。"
    return ""


def names_in(text: str) -> list[str]:
    """Names of people, places and bodies, quoted titles and Latin words of two characters or more."""
    found = [word for word, flag in tag(text) if flag in NAMED and len(word) > 1]
    return list(dict.fromkeys([*found, *_QUOTED.findall(text), *_LATIN.findall(text)]))


def shared_words(claim: str, source: str) -> float:
    """Share of the distinct words of `claim` that `source` has too, in [0, 1]; 1 for a claim without words."""
    wanted = set(terms(claim)) - EMPTY_TERMS
    return len(wanted & set(terms(source))) / len(wanted) if wanted else 1.0


def supporting_span(claim: str, source: str) -> tuple[int, int]:
    """The sentences of `source` that support `claim` best: those that hold it word for word, else the nearest one."""
    claim = _CUT.sub("", claim.strip())
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
