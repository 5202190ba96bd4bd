"""What an evaluation found: one row per question, and what the rows come to.

Knows values and their JSON. Knows nothing of how questions are asked, scored or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from qa.answer import Answer
from qa.evaluation.questions.cases import Case

FORMAT = 1
# What a record may have: what `record_of` keeps, the ids of the articles that answer, and what a judge said.
RECORD = (
    *("standalone", "text", "refused", "unsure", "confidence", "highlights", "claims", "citations", "hits"),
    *("seconds", "model", "relevant", "judged"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question: the case, what was answered (`record`, plain values) and its scores by metric key.

    Where asking failed, `problem` says why and `record` is empty. A metric that says nothing about this case, such as
    one of citations about a refusal, is not among the scores.
    """

    case: Case
    record: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values: the case's fields, those of `record`, "scores" and "problem"."""
        case = {name: value for name, value in asdict(self.case).items() if value not in ((), "", None)}
        return {**case, **self.record, "scores": dict(self.scores), "problem": self.problem}

    @classmethod
    def from_dict(cls, case: Case, plain: Mapping[str, Any]) -> Row:
        """The row of `case` whose `to_dict` gave `plain`."""
        record = {name: plain[name] for name in RECORD if name in plain}
        return cls(case, record, plain["scores"], plain["problem"])


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, share, quantile or area over `n` rows, with its 95 % interval by bootstrap.

    Where all are 0 or all 1, resampling says nothing and the interval is exact (see `estimates.share_interval`).
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a threshold of confidence would do: share of answerable questions answered, of unanswerable refused."""

    threshold: float
    answered: float
    refused: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything about one run. `about` names the set, collection, model, settings and program, in plain values.

    `overall` has an estimate for every metric that some row has; `kinds` the same for the rows of each kind, where
    there is more than one. `refusal` is the curve over all thresholds, empty where all or none are answerable.
    """

    name: str
    about: Mapping[str, Any]
    rows: tuple[Row, ...]
    overall: Mapping[str, Estimate]
    kinds: Mapping[str, Mapping[str, Estimate]]
    refusal: tuple[CurvePoint, ...] = ()

    @property
    def failed(self) -> int:
        """How many questions could not be asked."""
        return sum(bool(row.problem) for row in self.rows)


def record_of(answer: Answer) -> dict[str, Any]:
    """What is kept of an answer: all that a person needs to judge it, in plain values."""
    return {
        "standalone": answer.standalone,
        "text": answer.text,
        "refused": answer.refused,
        "unsure": answer.unsure,
        "confidence": round(answer.confidence, 4),
        "highlights": [list(span) for span in answer.highlights],
        "claims": [asdict(claim) for claim in answer.claims],
        "citations": [
            {
                "number": citation.number,
                "article": citation.passage.article_id,
                "title": citation.title,
                "source": citation.source,
                "published": citation.published,
                "passage": citation.passage.text,
                "quote": citation.quote,
                "start": citation.start - citation.passage.start,
                "end": citation.end - citation.passage.start,
            }
            for citation in answer.citations
        ],
        "hits": [
            {
                "article": hit.passage.article_id,
                "passage": hit.passage.id,
                "title": hit.passage.title,
                "score": round(hit.score, 4),
            }
            for hit in answer.hits
        ],
        "seconds": {stage: round(seconds, 5) for stage, seconds in answer.seconds.items()},
        "model": answer.model,
    }
