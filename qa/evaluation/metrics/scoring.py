"""What one answer is worth by every metric that applies, and what many rows come to.

Knows which metric looks at which part of an answer, and for which questions. How each is computed is in the
modules beside this one, intervals in `estimates`, names and definitions in `catalogue`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence, Set
from math import inf, isfinite, nextafter

from qa.answer import Answer
from qa.evaluation.metrics import answer_text, retrieval
from qa.evaluation.metrics import citations as cited
from qa.evaluation.metrics.catalogue import METRIC, METRICS, SCORE_OF, STAGES, Metric
from qa.evaluation.metrics.estimates import area, mean_interval, quantile_interval, ratio, share_interval
from qa.evaluation.questions.cases import Case
from qa.evaluation.results import CurvePoint, Estimate, Row

__all__ = ["METRIC", "METRICS", "Metric", "refusal_curve", "score", "summarise"]

_QUANTILES = {"p50": 0.5, "p95": 0.95}
_MOST_POINTS = 101


def score(case: Case, answer: Answer, *, relevant: Set[str], text_of: Callable[[str], str]) -> dict[str, float]:
    """The scores of `answer` by metric key, only those that say something about this case.

    `relevant` are the ids of the articles that answer (empty: unknown), `text_of` gives an article's text by its id and
    raises KeyError where there is none. A refusal has no citations to score, and a question without an answer in the
    articles is only right or wrong to refuse. Time is in seconds.
    """
    text = shown_text(answer)
    found: dict[str, float] = {}
    if case.required:
        found |= _of_answer(case, answer, text)
    if case.answerable and not answer.refused:
        found |= _of_citations(case, answer, relevant, text_of)
    found |= _of_refusal(case, answer, found)
    if case.answerable:
        found |= _of_retrieval(case, answer, relevant)
    if case.wrong_answers:
        found["misled"] = answer_text.misled(text, case.wrong_answers, case.required) if not answer.refused else 0.0
    found |= {stage: answer.seconds[stage] for stage in STAGES if stage in answer.seconds}
    if "total" in answer.seconds:
        found["seconds"] = answer.seconds["total"]
    if not answer.refused:
        found |= {"length": float(len(text)), "claims": float(len(answer.claims))}
    return found


def shown_text(answer: Answer) -> str:
    """What the answer says, without marks: those of its claims are known by place, others by their looks."""
    pieces, end = [], 0
    for claim in answer.claims:
        pieces += [answer_text.without_marks(answer.text[end : claim.start]), claim.text]
        end = claim.end
    text = ""
    for piece in (*pieces, answer_text.without_marks(answer.text[end:])):
        # Where only a mark stood between two figures, they must not become one.
        text += " " + piece if text[-1:].isdigit() and piece[:1].isdigit() else piece
    return text


def short_text(answer: Answer) -> str:
    """What is highlighted as the shortest answer; all that is shown where nothing is."""
    return "，".join(answer.text[start:end] for start, end in answer.highlights) or shown_text(answer)


def _of_answer(case: Case, answer: Answer, text: str) -> dict[str, float]:
    if answer.refused:
        return dict.fromkeys(("contained", "coverage", "exact", "f1", "rouge_l"), 0.0)
    wanted, short = answer_text.references(case), short_text(answer)
    return {
        "contained": answer_text.contained(text, case.required),
        "coverage": answer_text.coverage([text], case.required),
        "exact": answer_text.exact(short, wanted),
        "f1": answer_text.f1(short, wanted),
        "rouge_l": answer_text.rouge_l(text, wanted),
    }


def _of_citations(case: Case, answer: Answer, relevant: Set[str], text_of: Callable[[str], str]) -> dict[str, float]:
    recall, precision = cited.recall_and_precision(answer.claims, answer.citations)
    found = {"citation_recall": recall, "citation_precision": precision}
    if answer.citations:
        found["quote_exact"] = cited.quote_exact(answer.citations, text_of)
    if case.required:
        found["evidence"] = answer_text.coverage([citation.quote for citation in answer.citations], case.required)
    if relevant:
        right = [citation.passage.article_id in relevant for citation in answer.citations]
        found |= {"right_article": float(right[:1] == [True]), "any_right_article": float(any(right))}
    return found


def _of_refusal(case: Case, answer: Answer, found: dict[str, float]) -> dict[str, float]:
    if not case.answerable:
        return {"refusal_recall": float(answer.refused), "wrong_shown": float(not answer.refused)}
    scores = {"answered": float(not answer.refused)}
    if case.required:
        scores["wrong_shown"] = float(not answer.refused and not found["contained"])
    return scores


def _of_retrieval(case: Case, answer: Answer, relevant: Set[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    if relevant:
        ranking = list(dict.fromkeys(hit.passage.article_id for hit in answer.hits))
        found |= {f"hit@{k}": retrieval.hit(ranking, relevant, k) for k in (1, 5, 10)}
        found |= {f"recall@{k}": retrieval.recall(ranking, relevant, k) for k in (5, 10)}
        found["mrr@10"] = retrieval.reciprocal_rank(ranking, relevant, 10)
        found["ndcg@10"] = retrieval.ndcg(ranking, relevant, 10)
    if case.required:
        texts = [hit.passage.text for hit in answer.hits]
        found |= {f"answer_in_hits@{k}": retrieval.answer_in(texts, case.required, k) for k in (1, 5, 10)}
    return found


def summarise(rows: Sequence[Row]) -> dict[str, Estimate]:
    """An estimate for every metric that some row has, in the order of `METRICS`.

    Means, but medians and 95th percentiles of seconds and lengths, and what only many rows have together. Rows with a
    `problem` are left out.
    """
    rows = [row for row in rows if not row.problem]
    together = _of_set(rows)
    summary: dict[str, Estimate] = {}
    for key in METRIC:
        estimate = together[key] if key in together else _estimate(key, rows)
        if estimate:
            summary[key] = estimate
    return summary


def _estimate(key: str, rows: Sequence[Row]) -> Estimate | None:
    name = SCORE_OF.get(key, key)
    values = [row.scores[name] for row in rows if name in row.scores and isfinite(row.scores[name])]
    if not values:
        return None
    if name == key:
        return share_interval(values) if METRIC[key].unit == "share" else mean_interval(values)
    return quantile_interval(values, _QUANTILES[key.rpartition("_")[2]])


def _of_set(rows: Sequence[Row]) -> dict[str, Estimate | None]:
    """Precision and area of refusals: what no single row has."""
    refused = [row for row in rows if row.record.get("refused")]
    right = sum(not row.case.answerable for row in refused)
    both = len({row.case.answerable for row in rows}) == 2
    known = [row for row in rows if "confidence" in row.record]
    return {
        "refusal_precision": ratio(right, len(refused), len(rows)) if both else None,
        "refusal_area": area([row.record["confidence"] for row in known], [row.case.answerable for row in known]),
    }


def refusal_curve(rows: Sequence[Row]) -> tuple[CurvePoint, ...]:
    """What every threshold of confidence would do, at most 101 points from refusing nothing to refusing all.

    An answer is shown where its confidence is at least the threshold. Empty where all or none are answerable.
    """
    known = [row for row in rows if not row.problem and isfinite(row.record.get("confidence", inf))]
    with_answer = sorted(row.record["confidence"] for row in known if row.case.answerable)
    without = sorted(row.record["confidence"] for row in known if not row.case.answerable)
    if not with_answer or not without:
        return ()
    levels = sorted({0.0, *with_answer, *without})
    levels.append(nextafter(levels[-1], inf))
    if len(levels) > _MOST_POINTS:
        last = len(levels) - 1
        levels = [levels[round(step * last / (_MOST_POINTS - 1))] for step in range(_MOST_POINTS)]
    return tuple(
        CurvePoint(
            level,
            1 - bisect_left(with_answer, level) / len(with_answer),
            bisect_left(without, level) / len(without),
        )
        for level in levels
    )
