"""What became of each question, and what follows from it: counts, the words at the head of a report, the worst ones.

Knows rows as plain values (`Row.to_dict()`), so that a report just made and one read from disk are treated alike.
Knows nothing of files, HTML or Markdown.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from qa.evaluation.report.texts import WORDS

Plain = Mapping[str, Any]

OUTCOMES = ("right", "wrong", "wrongly_refused", "rightly_refused", "wrongly_answered", "unjudged", "failed")
GOOD = frozenset({"right", "rightly_refused"})
BAD = frozenset({"wrong", "wrongly_refused", "wrongly_answered"})
_SHOWN = 160  # characters of a question in the table; the whole of it is shown where it is opened


def outcome_of(row: Plain) -> str:
    """One of OUTCOMES. An answer is right where every required part is contained in it."""
    if row.get("problem"):
        return "failed"
    if not row.get("answerable", True):
        return "rightly_refused" if row.get("refused") else "wrongly_answered"
    contained = row.get("scores", {}).get("contained")
    if contained is None:
        return "unjudged"
    if row.get("refused"):
        return "wrongly_refused"
    return "right" if contained >= 1 else "wrong"


def expected_of(row: Plain) -> list[list[str]]:
    """The required parts of an answer, each a list of alternatives; the same as `Case.required`."""
    if not row.get("answerable", True):
        return []
    groups = row.get("answer_groups") or ([row["answers"]] if row.get("answers") else [])
    return [list(group) for group in groups]


def count_outcomes(rows: Iterable[Plain]) -> dict[str, int]:
    """How many questions came to each outcome, in the order of OUTCOMES; outcomes of no question are left out."""
    counted = Counter(map(outcome_of, rows))
    return {outcome: counted[outcome] for outcome in OUTCOMES if counted[outcome]}


def headline(outcomes: Mapping[str, int], language: str) -> str:
    """What came out, in one sentence."""
    says = WORDS[language]
    count = Counter(outcomes)
    answerable = count["right"] + count["wrong"] + count["wrongly_refused"]
    unanswerable = count["rightly_refused"] + count["wrongly_answered"]
    parts = []
    if answerable:
        right, refused = percent(count["right"] / answerable), percent(count["wrongly_refused"] / answerable)
        parts.append(says["said_answerable"].format(n=answerable, right=right, refused=refused))
    if unanswerable:
        refused = percent(count["rightly_refused"] / unanswerable)
        parts.append(says["said_unanswerable"].format(n=unanswerable, refused=refused))
    if count["unjudged"]:
        parts.append(says["said_unjudged"].format(n=count["unjudged"]))
    if not parts:
        parts.append(says["said_nothing"])
    if count["failed"]:
        parts.append(says["said_failed"].format(n=count["failed"]))
    sentence = says["joint"].join(parts) + says["stop"]
    return sentence[0].upper() + sentence[1:]


def percent(share: float) -> str:
    """A share without decimals, but never 100 % or 0 % of something that is not all or none."""
    rounded = round(share * 100)
    if (rounded == 100 and share < 1) or (rounded == 0 and share > 0):
        return f"{min(max(share * 100, 0.1), 99.9):.1f}%"
    return f"{rounded}%"


def median_stages(rows: Iterable[Plain]) -> dict[str, float]:
    """The median of seconds that each stage took, over the questions that had this stage, in order of appearance."""
    stages: dict[str, list[float]] = {}
    for row in rows:
        for stage, seconds in row.get("seconds", {}).items():
            if seconds is not None:
                stages.setdefault(stage, []).append(seconds)
    return {stage: statistics.median(values) for stage, values in stages.items()}


def columns(rows: Sequence[Plain]) -> dict[str, list[Any]]:
    """What the table of questions sorts and filters by, a list per column; `find` is the text looked through."""
    return {
        "id": [row["id"] for row in rows],
        "question": [_cut(row["question"]) for row in rows],
        "kind": [row.get("kind", "") for row in rows],
        "outcome": [outcome_of(row) for row in rows],
        "confidence": [row.get("confidence") for row in rows],
        "f1": [row.get("scores", {}).get("f1") for row in rows],
        "seconds": [row.get("seconds", {}).get("total") for row in rows],
        "characters": [len(row["text"]) if "text" in row else None for row in rows],
        "find": ["\n".join([row["question"], *chain(*expected_of(row)), row.get("text", "")]) for row in rows],
    }


def worst(rows: Iterable[Plain], most: int = 10) -> list[Plain]:
    """At most `most` rows that went wrong: failures, then wrong answers by falling confidence, then wrong refusals."""
    order = {"failed": 0, "wrong": 1, "wrongly_answered": 1, "wrongly_refused": 2}
    bad = [(order[outcome], row) for row in rows if (outcome := outcome_of(row)) in order]
    return [row for _, row in sorted(bad, key=lambda pair: (pair[0], -(pair[1].get("confidence") or 0.0)))][:most]


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
