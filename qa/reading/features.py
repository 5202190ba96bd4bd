"""What the embedded reader looks at: the features of units of text, seen from a question.

Knows the question, the passages with their search scores, the collection's idf and the encoder. Knows nothing of how
features are weighed; `qa/reading/reader.py` does that, `qa/training/trees_training.py` learns it. Every feature is a
plain number, and most come three times: as they are, relative to the best unit of the question, and as a rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.text.figures import Figure, find_figures, is_stated
from corpus.text.tagging import PERSON, tag
from corpus.text.terms import normalise, terms
from embeddings.collections.hit import Hit
from embeddings.encoders.encoder import Encoder
from qa.checking.verification import names_in
from qa.questions.kinds import EMPTY_TERMS, KINDS, QuestionKind, asked_measure, focus_of, kind_of, subject_of
from qa.reading.units import LONG, Unit

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, taken apart once: terms with their idf, character pairs, figures, kind, vector."""

    text: str
    kind: QuestionKind
    weights: dict[str, float]
    focus: frozenset[str]
    pairs: frozenset[str]
    figures: tuple[Figure, ...]
    names: tuple[str, ...]
    measure: str
    plain: str
    vector: Floats


def ask_about(question: str, idf: Callable[[str], float], encoder: Encoder) -> Asked:
    """Take `question` apart."""
    subject = subject_of(question)
    wanted = [t for t in dict.fromkeys(terms(subject)) if t not in EMPTY_TERMS]
    plain = plain_text(subject)
    return Asked(
        text=question,
        kind=kind_of(question),
        weights={t: idf(t) for t in wanted},
        focus=frozenset(t for t in terms(focus_of(question)) if t not in EMPTY_TERMS),
        pairs=frozenset(plain[i : i + 2] for i in range(len(plain) - 1)),
        figures=tuple(f for f in find_figures(question) if f.kind == "date" or f.value not in {"1", "2"}),
        names=tuple(plain_text(name) for name in names_in(question)),
        measure=asked_measure(question),
        plain=plain,
        vector=encoder.encode_queries([question])[0],
    )


_MARKS = re.compile(r"[\W_]+")
LONGEST_ARTICLE = 20_000  # characters of an article in which words of the question are looked for


def plain_text(text: str) -> str:
    """`text` without marks and blanks, in one form of characters and lower case."""
    return _MARKS.sub("", normalise(text))


_plain_article = lru_cache(maxsize=256)(plain_text)  # of texts that are cut already: the whole ones may be huge


@dataclass(frozen=True, slots=True)
class Seen:
    """What one unit has, independent of the question; kept by text, since the same sentences come again and again."""

    terms: tuple[str, ...]
    plain: str
    figures: tuple[Figure, ...]
    people: tuple[tuple[int, int], ...]
    tags: frozenset[str]


@lru_cache(maxsize=8192)  # units, and the best span of each that was read
def look(text: str) -> Seen:
    """What `text` has."""
    people, tags, at = [], set(), 0
    for word, flag in tag(text):
        tags.add(flag)
        if flag in PERSON and len(word) > 1:
            people.append((at, at + len(word)))
        at += len(word)
    return Seen(
        tuple(t for t in terms(text) if t not in EMPTY_TERMS),
        plain_text(text),
        tuple(find_figures(text)),
        tuple(people),
        frozenset(tags),
    )


_REASON = re.compile(r"因为|由于|因此|为了|所以|原因|导致|使得|致使|鉴于|旨在|出于|以便|目的")
_MANNER = re.compile(r"通过|采用|采取|以.{1,12}方式|利用|按照|方法|措施|首先|先后")
_MEANING = re.compile(r"是指|指的是|即|就是|称为|意思|定义|是一[种个座位部条家]|所谓")
_LISTING = re.compile(r"、.{1,14}、|包括|分别|以及|等")
_QUOTED = re.compile(r"[“《「『]")


def has_kind(kind: str, seen: Seen, text: str) -> float:
    """1 where `text`, seen as `seen`, has the kind of thing that a question of `kind` asks for."""
    if kind == "how_many":
        return float(any(f.kind != "date" for f in seen.figures))
    if kind == "when":
        return float(any(f.kind == "date" for f in seen.figures) or "t" in seen.tags)
    if kind == "who":
        return float(bool(seen.people) or "·" in text)
    if kind == "where":
        return float(bool(seen.tags & {"ns", "nt", "s"}))
    pattern = {"why": _REASON, "how": _MANNER, "definition": _MEANING, "which": _LISTING}.get(kind)
    return float(bool(pattern and pattern.search(text)))


def _nearness(asked: Asked, seen: Seen, text: str) -> float:
    """How close the kind of thing asked for stands to the words asked about: 1 side by side, 0 where either lacks."""
    if asked.kind == "how_many":
        things = [(f.start, f.end) for f in seen.figures if f.kind != "date" and not is_stated(f, asked.figures)]
    elif asked.kind == "when":
        things = [(f.start, f.end) for f in seen.figures if f.kind == "date" and not is_stated(f, asked.figures)]
    elif asked.kind == "who":
        things = [(start, end) for start, end in seen.people if text[start:end] not in asked.text]
    else:
        return 0.0
    places = [(m.start(), m.end()) for word in asked.focus for m in re.finditer(re.escape(word), text) if word]
    gaps = [max(place[0] - thing[1], thing[0] - place[1], 0) for thing in things for place in places]
    return 1 / (1 + min(gaps) / 4) if gaps else 0.0


def _share_in(names: Sequence[str], text: str) -> float:
    return sum(name in text for name in names) / len(names) if names else 1.0


def _unit_columns(
    asked: Asked, units: Sequence[Unit], hits: Sequence[Hit], text_of: Callable[[str], str]
) -> dict[str, Floats]:
    """Features of each unit by itself: `name -> (units,)`."""
    seen = [look(unit.text) for unit in units]
    total = sum(asked.weights.values()) or 1.0
    average = sum(len(s.terms) for s in seen) / max(1, len(seen)) or 1.0
    local = _local_idf(seen, asked)
    local_total = sum(local.values()) or 1.0
    titles = [set(terms(hit.passage.title)) for hit in hits]
    whole: list[set[str]] = [set() for _ in hits]
    plains = [plain_text(hit.passage.title) for hit in hits]
    known = [find_figures(f"{hit.passage.title}\n{hit.passage.published}") for hit in hits]
    for unit, s in zip(units, seen, strict=True):
        whole[unit.hit].update(s.terms)
        plains[unit.hit] += s.plain
        known[unit.hit] += s.figures
    ids = [hit.passage.article_id for hit in hits]
    articles = {name: _plain_article(text_of(name)[:LONGEST_ARTICLE]) for name in dict.fromkeys(ids)}
    there = {name: {t for t in asked.weights if t in article} for name, article in articles.items()}
    named = [_share_in(asked.names, f"{plain}\n{articles[name]}") for plain, name in zip(plains, ids, strict=True)]
    rows: list[list[float]] = []
    for unit, s in zip(units, seen, strict=True):
        counts = {t: s.terms.count(t) for t in set(s.terms) & asked.weights.keys()}
        saturated = {t: c * 2.2 / (c + 1.2 * (0.25 + 0.75 * len(s.terms) / average)) for t, c in counts.items()}
        reach = counts.keys() | (titles[unit.hit] & asked.weights.keys())
        passage = reach | (whole[unit.hit] & asked.weights.keys())
        new = [t for t in s.terms if t not in asked.weights]
        own_pairs = {s.plain[i : i + 2] for i in range(len(s.plain) - 1)}
        figures = [f for f in asked.figures if is_stated(f, s.figures)]
        rows.append(
            [
                sum(asked.weights[t] for t in counts) / total,
                sum(asked.weights[t] for t in reach) / total,
                sum(asked.weights[t] for t in passage) / total,
                sum(asked.weights[t] for t in passage | there[ids[unit.hit]]) / total,
                sum(asked.weights[t] * v for t, v in saturated.items()) / total,
                sum(local[t] * v for t, v in saturated.items()) / local_total,
                len(asked.pairs & own_pairs) / (len(asked.pairs) or 1),
                len(asked.focus & set(s.terms)) / (len(asked.focus) or 1),
                _longest_shared(asked.plain, s.plain) / (len(asked.plain) or 1),
                has_kind(asked.kind, s, unit.text),
                float(bool(asked.measure) and has_measure(unit.text, asked.measure)),
                len(figures) / len(asked.figures) if asked.figures else 1.0,
                sum(is_stated(f, known[unit.hit]) for f in asked.figures) / (len(asked.figures) or 1),
                float(bool(asked.figures)),
                _share_in(asked.names, s.plain),
                _share_in(asked.names, plains[unit.hit]),
                named[unit.hit],
                float(len(asked.names)),
                _nearness(asked, s, unit.text),
                len(new) / (len(s.terms) or 1),
                len(unit.text) / LONG,
                len(s.figures),
                float(bool(_QUOTED.search(unit.text))),
                float(unit.text[-1:] in "？?"),
                unit.start / (len(hits[unit.hit].passage.text) or 1),
                float(unit.start + hits[unit.hit].passage.start == 0),
                float(unit.end - unit.start < unit.sentence[1] - unit.sentence[0]),
            ]
        )
    table = np.asarray(rows, dtype=np.float32).reshape(len(units), len(_UNIT))
    return {name: table[:, i] for i, name in enumerate(_UNIT)}


_UNIT = (
    "covered", "covered_with_title", "covered_with_passage", "covered_with_article", "bm25", "bm25_local", "pairs",
    "focus", "shared_run", "has_kind", "has_measure", "figures_met", "figures_met_in_passage", "figures_asked",
    "names_met", "names_met_in_passage", "names_met_in_article", "names_asked", "nearness", "new_terms", "length",
    "figures", "quoted", "is_question", "place", "opens_article", "is_part",
)  # fmt: skip


def _local_idf(seen: Sequence[Seen], asked: Asked) -> dict[str, float]:
    count = len(seen)
    return {
        t: float(np.log(1 + (count - n + 0.5) / (n + 0.5)))
        for t in asked.weights
        for n in [sum(t in s.terms for s in seen)]
    }


def has_measure(text: str, measure: str) -> bool:
    """Whether `text` has a number of `measure`: 2584名."""
    return re.search(rf"[\d零一二两三四五六七八九十百千万亿][余多]?[万亿]?\s?{measure}", text) is not None


def _longest_shared(one: str, other: str) -> int:
    """Length of the longest run of characters that both have."""
    best = 0
    for start in range(len(one)):
        while start + best < len(one) and one[start : start + best + 1] in other:
            best += 1
    return best


def _relative(column: Floats) -> Floats:
    best = float(column.max()) if len(column) else 0.0
    return column / best if best > 0 else np.zeros_like(column)


def _rank(column: Floats) -> Floats:
    order = np.argsort(-column, kind="stable")
    ranks = np.empty(len(column), np.float32)
    ranks[order] = np.arange(len(column), dtype=np.float32)
    return np.minimum(ranks, 20)


def _neighbours(column: Floats, units: Sequence[Unit]) -> tuple[Floats, Floats]:
    """`column` of the unit before and after, 0 across the borders of passages."""
    before, after = np.zeros_like(column), np.zeros_like(column)
    for i in range(1, len(units)):
        if units[i].hit == units[i - 1].hit:
            before[i], after[i - 1] = column[i - 1], column[i]
    return before, after


_COMPARED = (
    "nearness",
    "covered",
    "covered_with_title",
    "bm25",
    "bm25_local",
    "pairs",
    "focus",
    "shared_run",
    "cosine",
)


def feature_table(
    asked: Asked, units: Sequence[Unit], hits: Sequence[Hit], encoder: Encoder, text_of: Callable[[str], str]
) -> tuple[list[str], Floats]:
    """Names and values of all features: `(columns,)` and `(units, columns)`, float32.

    `text_of` tells the text of an article: what a passage leaves out (中原区, then only 全区) stands elsewhere in it.
    """
    columns = _unit_columns(asked, units, hits, text_of)
    vectors = encoder.encode_passages([unit.text for unit in units])
    columns["cosine"] = (vectors @ asked.vector).astype(np.float32)
    for name in _COMPARED:
        columns[f"{name}_relative"] = _relative(columns[name])
        columns[f"{name}_rank"] = _rank(columns[name])
    for name in ("covered", "cosine", "has_kind", "bm25"):
        columns[f"{name}_before"], columns[f"{name}_after"] = _neighbours(columns[name], units)
    at = [unit.hit for unit in units]
    scores = np.asarray([hit.score for hit in hits], np.float32)
    bm25 = np.asarray([hit.terms.score if hit.terms else 0.0 for hit in hits], np.float32)
    cosine = np.asarray([hit.vectors.score if hit.vectors else 0.0 for hit in hits], np.float32)
    columns["hit_score"] = scores[at]
    columns["hit_score_relative"] = _relative(scores)[at]
    columns["hit_bm25_share"] = bm25[at] / (sum(asked.weights.values()) or 1.0)
    columns["hit_bm25_relative"] = _relative(bm25)[at]
    columns["hit_cosine"] = cosine[at]
    columns["hit_rank"] = np.asarray(at, np.float32)
    for kind in KINDS:
        columns[f"asks_{kind}"] = np.full(len(units), float(asked.kind == kind), np.float32)
    columns["question_length"] = np.full(len(units), len(asked.plain), np.float32)
    return list(columns), np.stack(list(columns.values()), axis=1)
