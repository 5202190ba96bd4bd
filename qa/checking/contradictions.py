"""What a source says otherwise: a figure or name that belongs to something else there, the opposite, scattered words.

Knows two texts in one plain form (`corpus.text.terms.normalise`), a claim and what it rests on. Whether the source has
the figures, names and words of the claim at all is looked at before, in `qa/checking/verification.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Span
from corpus.text.figures import Figure, is_stated
from qa.checking.polarity import NOT, denied, opposite
from qa.checking.source_text import (
    AFTER,
    APART,
    CLEARLY,
    clause_of,
    figure_text,
    figures_of,
    fit,
    grams_of,
    names_of,
    places_of,
    sentence_at,
    size_of,
    stated_in,
    windows_of,
    words_of,
)

_TOGETHER = 0.67  # share of its words that one or two sentences must have of a claim
_FIGURE_THERE = 0.7  # the same of those that have its figures, against the best
_PARALLEL = 40  # characters between two figures that may be told in the same way of two things
_NO_SIGN = re.compile(r"[\W_]+")


def find_contradiction(claim: str, source: str) -> str:
    """What `source` says otherwise than `claim`, as one Chinese sentence; "" where it seems to agree. Both plain."""
    checks = (_other_clause, _other_figure, opposite, denied, _other_name, _scattered)
    return next((problem for check in checks if (problem := check(claim, source))), "")


def _scattered(claim: str, source: str) -> str:
    wanted = words_of(claim) & words_of(source)
    best: frozenset[str] = frozenset()
    for passage in source.split(APART):
        best |= wanted & words_of(max(windows_of(passage), key=lambda window: size_of(wanted & words_of(window))))
    if size_of(best) < _TOGETHER * size_of(wanted):
        return "出处里没有哪一处把这些话说在一起。"
    figures = [figure for figure in stated_in(claim) if not figure.value.endswith("-?-?")]
    if not figures or APART in source:
        return ""
    there = [window for window in windows_of(source) if all(is_stated(f, figures_of(window)) for f in figures)]
    if max((size_of(wanted & words_of(window)) for window in there), default=0) < _FIGURE_THERE * size_of(best):
        return f"出处里的“{figure_text(claim, figures[0])}”说的是别的事。"
    return ""


def _other_clause(claim: str, source: str) -> str:
    """Whether a figure of `claim` stands in a clause of its own in `source`, and what it is said of, in the next one.

    甲村八十三人，乙村六十五人: 甲村六十五人 has nothing of what sets the second clause apart, but what does the first.
    """
    for figure in stated_in(claim):
        about = grams_of(clause_of(claim, (figure.start, figure.end)))
        own = [g for g in stated_in(source) if is_stated(figure, [g])]
        for other in stated_in(source) if len(own) == 1 else ():
            near = abs(own[0].start - other.start) < _PARALLEL and own[0].kind == other.kind and other not in own
            if not near or source[own[0].end : own[0].end + 1] != source[other.end : other.end + 1]:
                continue
            here, there = (
                grams_of(clause_of(source, (own[0].start, own[0].end))),
                grams_of(clause_of(source, (other.start, other.end))),
            )
            if here & there and here - there and not about & (here - there) and size_of(about & (there - here)) > 2:
                return f"出处里这里说的是“{figure_text(source, other)}”，不是“{figure_text(claim, figure)}”。"
    return ""


def _other_figure(claim: str, source: str) -> str:
    stated, known = stated_in(claim), figures_of(source)
    for figure in stated:
        place = (figure.start, figure.end)
        own = [(g.start, g.end) for g in known if is_stated(figure, [g])]
        if any(_beside(claim, place, source, one) for one in own):
            continue
        other = [
            g
            for g in stated_in(source)
            if (g.kind, g.value.count("?")) == (figure.kind, figure.value.count("?"))
            and not any(is_stated(f, [g]) for f in stated)
            and (g.kind != "number" or _unit(source, g) == _unit(claim, figure))
        ]
        fits = fit(claim, place, source, own)
        better = [
            g
            for g in other
            if fit(claim, place, source, [(g.start, g.end)]) > fits + CLEARLY
            and _fuller(claim, place, source, (g.start, g.end), own)
        ]
        if own and better:
            return f"出处里这里说的是“{figure_text(source, better[0])}”，不是“{figure_text(claim, figure)}”。"
    return ""


def _other_name(claim: str, source: str) -> str:
    known = names_of(source)
    for name, kind, place in names_of(claim):
        if NOT.search(claim, place[1], place[1] + AFTER):
            continue
        own = places_of(name, source)
        if any(_beside(claim, place, source, one) for one in own):
            continue
        fits = fit(claim, place, source, own)
        for other, other_kind, other_place in known if own else ():
            differs = other_kind == kind and other not in claim and name not in other
            if (
                differs
                and fit(claim, place, source, [other_place]) > fits + CLEARLY
                and _fuller(claim, place, source, other_place, own)
            ):
                return f"出处里这里说的是“{other}”，不是“{name}”。"
    return ""


def _fuller(claim: str, at: Span, source: str, place: Span, others: Sequence[Span]) -> bool:
    """Whether sentence and clause at `place` have more of the claim, and of its clause `at`, than those at `others`."""
    words, grams = words_of(claim), grams_of(clause_of(claim, at))

    def has(one: Span) -> tuple[int, int]:
        told = size_of(words & words_of(sentence_at(source, one[0])))
        return told, size_of(grams & grams_of(clause_of(source, one)))

    sentence, clause = has(place)
    return all(sentence >= told and clause > beside for told, beside in map(has, others))


def _beside(claim: str, place: Span, source: str, other: Span) -> bool:
    """Whether the same two characters stand before both places."""
    before = _NO_SIGN.sub("", claim[max(0, place[0] - 4) : place[0]])[-2:]
    return len(before) == 2 and _NO_SIGN.sub("", source[max(0, other[0] - 4) : other[0]])[-2:] == before


def _unit(text: str, figure: Figure) -> str:
    return text[figure.end :].lstrip()[:1]
