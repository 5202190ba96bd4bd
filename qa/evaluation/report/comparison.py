"""Two reports of the same questions: what got better, what got worse, and what cannot be told.

Knows how questions are paired, which tests are made and what they allow to be said. Nothing is asked anew: all is taken
from two folders that `output` wrote. How it looks is the business of `comparison_view`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus.languages import LANGUAGES
from qa.evaluation.metrics.catalogue import METRICS, SCORE_OF, Metric
from qa.evaluation.metrics.estimates import Paired, holm, mean_interval, paired_test, share_interval
from qa.evaluation.report.comparison_view import comparison_markdown, comparison_page, named_metrics, statements
from qa.evaluation.report.files import plain, to_json, write_files
from qa.evaluation.report.output import load_report
from qa.evaluation.report.rows import expected_of, outcome_of
from qa.evaluation.report.texts import WORDS
from qa.evaluation.results import FORMAT, Estimate

Verdict = Literal["better", "worse", ""]
Direction = Literal["better", "worse", "changed"]
SIGNIFICANT = 0.05
JSON, HTML = "comparison.json", "comparison.html"
MARKDOWN = {"zh": "comparison.md", "en": "comparison.en.md"}
_OWN = ("run", "created", "machine", "python", "workers")  # what may differ between two runs of the same


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two reports: where it lies, what it is called, what it says about itself."""

    folder: Path
    name: str
    about: Mapping[str, Any]
    rows: int
    failed: int


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric on both sides.

    With a test, `a` and `b` are means over the questions that have this score on both sides, and `paired` is about B
    less A. `p` is Holm's. `better` and `worse` count questions, whichever direction is the good one; `verdict` is
    empty where no difference can be told. Quantiles and areas have no test: `a` and `b` are those of the reports.
    """

    metric: Metric
    a: Estimate
    b: Estimate
    paired: Paired | None = None
    p: float | None = None
    better: int = 0
    worse: int = 0
    verdict: Verdict = ""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that came to another outcome; `a` and `b` are its rows as they were saved."""

    id: str
    direction: Direction
    a: Mapping[str, Any]
    b: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A. `paired` questions are in both; the others are named by id. `warnings` are (Chinese, English)."""

    a: Side
    b: Side
    paired: int
    metrics: tuple[MetricChange, ...]
    questions: tuple[QuestionChange, ...]
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    def count(self, direction: Direction) -> int:
        """How many questions changed that way."""
        return sum(change.direction == direction for change in self.questions)

    def verdict(self, language: str) -> str:
        """What can be said, in words."""
        return statements(self.to_dict(), language)

    def to_dict(self) -> dict[str, Any]:
        """What `comparison.json` holds."""
        value: dict[str, Any] = plain(
            {
                "format": FORMAT,
                "a": asdict(self.a),
                "b": asdict(self.b),
                "paired": self.paired,
                "better": self.count("better"),
                "worse": self.count("worse"),
                "metrics": [_plain_metric(change) for change in self.metrics],
                "questions": [_plain_question(change) for change in self.questions],
                "only_a": self.only_a,
                "only_b": self.only_b,
                "warnings": [dict(zip(LANGUAGES, warning, strict=True)) for warning in self.warnings],
                "differs": differing(self.a.about, self.b.about),
            }
        )
        return value


def compare(a: Path, b: Path) -> Comparison:
    """Compare the report in folder `b` with that in folder `a`, question by question.

    Raises InputError where one of them is no report.
    """
    (report_a, list_a), (report_b, list_b) = load_report(a), load_report(b)
    rows_a, rows_b = ({row["id"]: row for row in rows} for rows in (list_a, list_b))
    # Sets that are numbered alike are not alike: the question must be the same, too.
    both = [
        (rows_a[id], row) for id, row in rows_b.items() if id in rows_a and rows_a[id]["question"] == row["question"]
    ]
    paired = {row["id"] for row, _ in both}
    return Comparison(
        _side(a, report_a),
        _side(b, report_b),
        paired=len(both),
        metrics=_metrics(both, report_a["overall"], report_b["overall"]),
        questions=tuple(change for pair in both if (change := _changed(*pair))),
        only_a=tuple(id for id in rows_a if id not in paired),
        only_b=tuple(id for id in rows_b if id not in paired),
        warnings=tuple(_warnings(report_a, report_b, both)),
    )


def save_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write comparison.html, .md, .en.md and .json to `folder` and return the path of the page. Raises InputError."""
    value = comparison.to_dict()
    contents = {
        **{name: comparison_markdown(value, language) for language, name in MARKDOWN.items()},
        HTML: comparison_page(value, [plain({"a": change.a, "b": change.b}) for change in comparison.questions]),
        JSON: to_json(value, indent=1) + "\n",
    }
    write_files(folder, contents)
    return folder / HTML


def _side(folder: Path, report: Mapping[str, Any]) -> Side:
    return Side(folder, str(report["name"]), report["about"], report["rows"], report["failed"])


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def _metrics(pairs: Sequence[Pair], a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[MetricChange, ...]:
    """Every metric that both sides have, in the order of the catalogue."""
    asked = [pair for pair in pairs if not pair[0].get("problem") and not pair[1].get("problem")]
    shared = [metric for metric in METRICS if metric.key in a and metric.key in b]
    changes = [_tested(metric, asked) or _untested(metric, a[metric.key], b[metric.key]) for metric in shared]
    # Where no question differs there is nothing to test, and the other tests need not pay for it.
    tested = [place for place, change in enumerate(changes) if change.paired and change.better + change.worse]
    adjusted = holm([paired.p for place in tested if (paired := changes[place].paired)])
    for place, p in zip(tested, adjusted, strict=True):
        changes[place] = replace(changes[place], p=p, verdict=_verdict(changes[place], p))
    return tuple(replace(change, p=1.0) if change.paired and change.p is None else change for change in changes)


def _tested(metric: Metric, pairs: Sequence[Pair]) -> MetricChange | None:
    """`metric` over the questions that have it on both sides; None where it is no mean of questions."""
    if metric.key in SCORE_OF:
        return None
    scores = [
        (one, two)
        for a, b in pairs
        if (one := a["scores"].get(metric.key)) is not None and (two := b["scores"].get(metric.key)) is not None
    ]
    if not scores:
        return None
    ones, twos = zip(*scores, strict=True)
    paired = paired_test(ones, twos)
    better, worse = (paired.worse, paired.better) if metric.better == "low" else (paired.better, paired.worse)
    interval = share_interval if metric.unit == "share" else mean_interval
    return MetricChange(metric, interval(ones), interval(twos), paired, None, better, worse)


def _verdict(change: MetricChange, p: float) -> Verdict:
    if p >= SIGNIFICANT or not change.paired or not change.metric.better:
        return ""
    return "better" if (change.paired.difference > 0) == (change.metric.better == "high") else "worse"


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> QuestionChange | None:
    """The question where its outcome or its goodness differs."""
    before, after = _goodness(a), _goodness(b)
    direction: Direction = "changed"
    if before is not None and after is not None and before != after:
        direction = "better" if after > before else "worse"
    elif outcome_of(a) == outcome_of(b):
        return None
    return QuestionChange(b["id"], direction, a, b)


def _goodness(row: Mapping[str, Any]) -> float | None:
    """1 for a right answer or refusal, 0 for a wrong one; None where nobody can tell."""
    outcome = outcome_of(row)
    if outcome in ("failed", "unjudged"):
        return None
    return 1.0 if outcome in ("right", "rightly_refused") else 0.0


def _warnings(a: Mapping[str, Any], b: Mapping[str, Any], both: Sequence[Pair]) -> list[tuple[str, str]]:
    """Why the two may not be comparable."""
    about_a, about_b = a["about"], b["about"]
    failed = sum(bool(one.get("problem") or two.get("problem")) for one, two in both)
    rewritten = sum(expected_of(one) != expected_of(two) for one, two in both)
    only = [key for key in (*a["overall"], *b["overall"]) if (key in a["overall"]) != (key in b["overall"])]
    names = [WORDS[language]["list_comma"].join(named_metrics(only, language)) for language in LANGUAGES]
    found: list[tuple[bool, str, list[dict[str, Any]]]] = [
        (not both, "warn_none", [{}, {}]),
        (about_a.get("questions_sha256") != about_b.get("questions_sha256"), "warn_set", [{}, {}]),
        (about_a.get("collection_sha256") != about_b.get("collection_sha256"), "warn_collection", [{}, {}]),
        (a["rows"] != b["rows"], "warn_count", [{"a": a["rows"], "b": b["rows"]}] * 2),
        (rewritten > 0, "warn_expected", [{"n": rewritten}] * 2),
        (failed > 0, "warn_failed", [{"n": failed}] * 2),
        (bool(only), "warn_metrics", [{"names": name} for name in names]),
    ]
    return [
        (WORDS["zh"][key].format(**chinese), WORDS["en"][key].format(**english))
        for holds, key, (chinese, english) in found
        if holds
    ]


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the two were set to where it differs, as {name: [A's, B's]}."""
    names = [name for name in dict.fromkeys([*a, *b]) if name not in _OWN and a.get(name) != b.get(name)]
    return {name: [a.get(name), b.get(name)] for name in names}


def _plain_metric(change: MetricChange) -> dict[str, Any]:
    paired = asdict(change.paired) if change.paired else {}
    return {
        **asdict(change.metric),
        "a": asdict(change.a),
        "b": asdict(change.b),
        "difference": paired.get("difference", change.b.value - change.a.value),
        "low": paired.get("low"),
        "high": paired.get("high"),
        "n": paired.get("n"),
        "p": paired.get("p"),
        "p_holm": change.p,
        "questions_better": change.better,
        "questions_worse": change.worse,
        "verdict": change.verdict,
    }


def _plain_question(change: QuestionChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "question": change.b["question"],
        "kind": change.b.get("kind", ""),
        "direction": change.direction,
        "a": outcome_of(change.a),
        "b": outcome_of(change.b),
        "text_a": change.a.get("text", ""),
        "text_b": change.b.get("text", ""),
    }


def _untested(metric: Metric, a: Mapping[str, Any], b: Mapping[str, Any]) -> MetricChange:
    """What the two reports say of the whole set; what was no number is null there."""
    ends = [[math.nan if each[name] is None else each[name] for name in ("value", "low", "high")] for each in (a, b)]
    (value_a, low_a, high_a), (value_b, low_b, high_b) = ends
    return MetricChange(metric, Estimate(value_a, low_a, high_a, a["n"]), Estimate(value_b, low_b, high_b, b["n"]))
