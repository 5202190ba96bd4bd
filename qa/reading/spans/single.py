"""What a question makes of single words: what they are, whether it has them, how its wording agrees around them.

Knows the question, its gap, and one claim taken apart. Knows nothing of a word's neighbours but their wording.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Span
from corpus.text.figures import find_figures, is_stated
from corpus.text.tagging import PERSON
from qa.questions.kinds import EMPTY_TERMS
from qa.reading.features import Asked
from qa.reading.spans.gap import Gap
from qa.reading.spans.kinds import PLACE_END, kind_of_span
from qa.reading.spans.text import COMMAS, ENDS, Look, Word, code_of
from qa.reading.trees import Floats

# What is told of each word by itself.
BASE = (
    "code", "length", "mass", "mass_before", "mass_after", "focus", "in_question", "figure", "date", "stated",
    "measure", "fits", "like_noun", "like_subject", "quoted", "bracketed", "breaks", "verb", "expected",
)  # fmt: skip


def base_rows(asked: Asked, gap: Gap, text: str, look: Look, expected: Floats) -> list[list[float]]:
    """One row of `BASE` per word of a claim."""
    figures, dates = _covered(text, look.figures), _covered(text, look.dates)
    known = [(f.start, f.end) for f in find_figures(text) if is_stated(f, asked.figures)] if asked.figures else []
    stated = _covered(text, known)
    bracketed = _covered(text, [span for span in look.quoted if text[span[0]] in "（("])
    quoted = _covered(text, [span for span in look.quoted if text[span[0]] not in "（("])
    rows = []
    for word in look.words:
        mass, at = _mass(asked, word), word.start
        rows.append(
            [
                code_of(word),
                len(word.plain),
                mass,
                mass if mass and word.plain in gap.before else 0.0,
                mass if mass and word.plain in gap.onward else 0.0,
                float(word.plain in asked.focus),
                float(bool(word.plain) and word.plain in asked.plain),
                figures[at],
                dates[at],
                stated[at],
                float(bool(asked.measure) and word.text.startswith(asked.measure)),
                _fits(gap, word, figures[at], dates[at]),
                _alike(word.plain, gap.noun),
                _alike(word.plain, gap.subject),
                quoted[at],
                bracketed[at],
                float(bool(word.text.strip()) and word.text[0] in ENDS + COMMAS),
                float(bool(gap.verb) and word.text in gap.verb),
                float(expected[kind_of_span((word,))]) if word.plain else 0.0,
            ]
        )
    return rows


def _covered(text: str, spans: Sequence[Span]) -> list[float]:
    """1 for each character of `text` that is in one of `spans`, else 0."""
    covered = [0.0] * len(text)
    for start, end in spans:
        covered[start:end] = [1.0] * (end - start)
    return covered


def _mass(asked: Asked, word: Word) -> float:
    """The share of the question's weight that a word carries; of a word that it lacks, by pairs of characters."""
    if not word.plain or word.plain in EMPTY_TERMS:
        return 0.0
    if weight := asked.weights.get(word.plain, 0.0):
        return weight / sum(asked.weights.values())
    pairs = [word.plain[i : i + 2] for i in range(len(word.plain) - 1)]
    return sum(pair in asked.pairs for pair in pairs) / (len(pairs) or 1) / (len(asked.weights) or 1)


def _fits(gap: Gap, word: Word, figure: float, date: float) -> float:
    """Whether a word is of the kind that fills the gap."""
    if gap.wanted == "figure":
        return figure
    if gap.wanted == "when":
        return float(date > 0 or word.flag == "t")
    if gap.wanted == "who":
        return float(word.flag in PERSON or "·" in word.text)
    if gap.wanted == "where":
        return float(word.flag in ("ns", "s", "nt")) or 0.5 * float(bool(PLACE_END.search(word.text)))
    return 0.0


def _alike(word: str, noun: str) -> float:
    """How much a word looks like the noun of the question: 2 the same end of two characters, 1 of one, else 0."""
    if not word or not noun:
        return 0.0
    if word[-2:] == noun[-2:]:
        return 2.0
    return float(word[-1] == noun[-1]) or 0.5 * float(word[0] == noun[0])


def _shared_tail(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _shared_head(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def beside_rows(gap: Gap, words: Sequence[Word]) -> list[list[float]]:
    """How text and question agree next to each word's borders, in characters.

    Left of the word against what stands left of the gap, right of it against what stands right; and crosswise.
    """
    whole = "".join(word.plain for word in words)
    rows, at = [], 0
    for word in words:
        left, right = whole[max(0, at - 8) : at], whole[at + len(word.plain) : at + len(word.plain) + 8]
        rows.append(
            [
                _shared_tail(left, gap.before),
                max(_shared_head(right, gap.after), _shared_head(right, gap.onward)),
                _shared_tail(left, gap.onward),
                _shared_head(right, gap.before),
                float(bool(gap.before) and len(left) > 1 and left[-2:] in gap.before),
                float(bool(gap.onward) and len(right) > 1 and right[:2] in gap.onward),
            ]
        )
        at += len(word.plain)
    return rows


BESIDE = ("tail_before", "head_after", "tail_after", "head_before", "pair_left", "pair_right")
