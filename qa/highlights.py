"""The shortest answer inside a shown answer, where the kind of question tells what to look for: figure, date, name.

Knows the text of the answer and what was asked. Marks nothing when it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Span
from qa.answer import Claim
from qa.features import Asked
from qa.figures import find_figures, stated_figures
from qa.tagging import PERSON, tag

_AFTER_FIGURE = re.compile(r"\s?[余多]?[一-鿿%％]{1,2}")
_UNIT = re.compile(
    r"[余多]?(?:平方[公千]?米|立方米|公里|千米|毫米|厘米|分钟|小时|个月|美元|欧元|日元|港元|[个名位人次户家件项条座所处场批份套台只间栋幢层部支篇本册辆吨里米亩公元岁年月日天时分秒级成倍届期平例种门对队起片块棵株头艘架道张万亿斤克度字])*[余多]?"
)


def highlights(asked: Asked, text: str, claims: Sequence[Claim]) -> tuple[Span, ...]:
    """Spans of `text` that answer most shortly, in the first claim that has one; empty where none is plain."""
    for claim in claims:
        if not claim.supported:
            continue
        spans = _of_kind(asked, claim.text)
        if spans:
            return tuple((claim.start + start, claim.start + end) for start, end in spans)
    return ()


def _of_kind(asked: Asked, text: str) -> list[Span]:
    if asked.kind == "how_many":
        return _nearest(asked, text, _amounts(text, asked.measure))
    if asked.kind == "when":
        return _nearest(asked, text, [(f.start, f.end) for f in find_figures(text) if f.kind == "date"])
    if asked.kind == "who":
        known = "".join(asked.weights)
        return _nearest(asked, text, [s for s, word in _people(text) if word not in known and word not in asked.text])
    return []


def _amounts(text: str, measure: str) -> list[Span]:
    spans = []
    for figure in stated_figures(text):
        if figure.kind == "date":
            continue
        tail = _UNIT.match(text, figure.end)
        spans.append((figure.start, tail.end() if tail else figure.end))
    exact = [(s, e) for s, e in spans if measure and measure in text[s:e]]
    return exact or spans


def _people(text: str) -> list[tuple[Span, str]]:
    found, at = [], 0
    for word, flag in tag(text):
        if flag in PERSON and len(word) > 1:
            found.append(((at, at + len(word)), word))
        at += len(word)
    return found


def _nearest(asked: Asked, text: str, spans: list[Span]) -> list[Span]:
    """The span nearest to the words that the question asks about; none where there is nothing to choose by."""
    if len(spans) < 2:
        return spans
    places = [m.start() for word in asked.focus if len(word) > 1 for m in re.finditer(re.escape(word), text)]
    if not places:
        return []
    return [min(spans, key=lambda span: min(abs(span[0] - place) for place in places))]
