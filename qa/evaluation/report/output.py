"""The report of an evaluation: `report.json`, `rows.jsonl`, Markdown and one HTML page, written and read back.

Knows which files there are and what is in `report.json`. How a page and Markdown are made is the business of
`page` and `markdown`, what became of each question that of `rows`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.evaluation.metrics.catalogue import METRICS
from qa.evaluation.report.files import plain, read_json, read_json_lines, to_json, to_json_lines, write_files
from qa.evaluation.report.markdown import markdown_of
from qa.evaluation.report.page import report_page
from qa.evaluation.results import FORMAT, Estimate, Evaluation, Row

JSON, ROWS, HTML = "report.json", "rows.jsonl", "report.html"
MARKDOWN = {"zh": "report.md", "en": "report.en.md"}


def save_report(evaluation: Evaluation, folder: Path) -> Path:
    """Write the whole report to `folder`, which is made where there is none, and return the path of the HTML page.

    Raises InputError where the folder cannot be written to; an earlier report there is then left as it was.
    """
    report = to_dict(evaluation)
    rows = [_plain_row(row) for row in evaluation.rows]
    contents = {
        ROWS: to_json_lines(rows),
        **{name: markdown_of(report, rows, language) for language, name in MARKDOWN.items()},
        HTML: report_page(report, rows),
        JSON: to_json(report, indent=1) + "\n",
    }
    write_files(folder, contents)
    return folder / HTML


def load_report(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """`report.json` and the rows of a report that `save_report` wrote. Raises InputError."""
    report, rows = read_json(folder / JSON), read_json_lines(folder / ROWS)
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        found = report.get("format") if isinstance(report, dict) else type(report).__name__
        raise InputError(
            f"{folder / JSON} 的格式是 {found}，这个版本读的是格式 {FORMAT}。请用现在的版本重新评测。",
            f"{folder / JSON} has format {found}; this version reads format {FORMAT}. Evaluate again.",
        )
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise InputError(
            f"{folder / ROWS} 里有一行不是题目。请重新评测，或换一个报告文件夹。",
            f"{folder / ROWS} has a line that is no question. Evaluate again, or name another report.",
        )
    return report, rows


def to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """What `report.json` holds: metrics with their definitions, all estimates, the refusal curve, counts."""
    present = set(evaluation.overall).union(*evaluation.kinds.values())
    report: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "name": evaluation.name,
            "created": str(evaluation.about.get("created") or datetime.now(UTC).isoformat(timespec="seconds")),
            "about": evaluation.about,
            "metrics": [asdict(metric) for metric in METRICS if metric.key in present],
            "overall": _plain_estimates(evaluation.overall),
            "kinds": {kind: _plain_estimates(estimates) for kind, estimates in evaluation.kinds.items()},
            "refusal": [asdict(point) for point in evaluation.refusal],
            "failed": evaluation.failed,
            "rows": len(evaluation.rows),
        }
    )
    return report


def markdown(evaluation: Evaluation, language: str) -> str:
    """The report in short as Markdown, in `language` ("zh" or "en"): summary, by kind, the ten worst questions."""
    return markdown_of(to_dict(evaluation), [_plain_row(row) for row in evaluation.rows], language)


def _plain_estimates(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {key: asdict(estimate) for key, estimate in estimates.items()}


def _plain_row(row: Row) -> dict[str, Any]:
    """A line of `rows.jsonl`; a score that is no number is none."""
    value: dict[str, Any] = plain(row.to_dict())
    value["scores"] = {key: score for key, score in value["scores"].items() if score is not None}
    return value
