"""Reports in short, as Markdown.

Knows the plain values of `report.json` and rows. Everything that comes from questions or articles is escaped, so that
it is read as text wherever the Markdown is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.languages import pick
from qa.evaluation.report.rows import count_outcomes, expected_of, headline, outcome_of, worst
from qa.evaluation.report.texts import WORDS, kind_name

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&$])")
_LONGEST = 200
_NAMED = ("questions", "model", "articles", "passages", "encoder", "threshold", "created", "version")
_OF_KINDS = ("contained", "f1", "evidence", "wrong_shown", "answered", "refusal_recall", "hit@1", "misled")


def markdown_of(report: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """The report in `language`: what was evaluated, summary, scores by kind, the ten worst questions."""
    says = WORDS[language]
    outcomes = count_outcomes(rows)
    about = " · ".join(f"{says[key]} {text_of(report['about'][key])}" for key in _NAMED if key in report["about"])
    title = f"# {says['product']} {says['report']}: {text_of(report['name'])}"
    lines = [title, "", headline(outcomes, language), "", about, ""]
    if report["failed"]:
        lines += [f"**{says['of_failed'].format(n=report['failed'])}**", ""]
    lines += table(
        [says["outcome"], says["count"], ""],
        [[says[outcome], str(count), says[f"{outcome}_means"]] for outcome, count in outcomes.items()],
    )
    lines += [f"## {says['summary']}", "", *_summary(report, language)]
    if report["kinds"]:
        lines += [f"## {says['by_kind']}", "", *_kinds(report, language)]
    bad = worst(rows)
    lines += [f"## {says['worst'].format(n=len(bad))}" if bad else says["none_wrong"], ""]
    return "\n".join(lines + [line for row in bad for line in _question(row, language)]).rstrip() + "\n"


def _summary(report: Mapping[str, Any], language: str) -> list[str]:
    says = WORDS[language]
    rows, last = [], ""
    for metric in report["metrics"]:
        estimate = report["overall"].get(metric["key"])
        if estimate is None:
            continue
        group = says.get(metric["group"], metric["group"])
        low, high = figure(estimate["low"], metric["unit"]), figure(estimate["high"], metric["unit"])
        value = figure(estimate["value"], metric["unit"])
        rows.append(
            [group if group != last else "", name_of(metric, language), value, f"{low} – {high}", str(estimate["n"])]
        )
        last = group
    return table(["", says["metric"], says["value"], says["interval"], says["count"]], rows)


def _kinds(report: Mapping[str, Any], language: str) -> list[str]:
    says = WORDS[language]
    present = set().union(*report["kinds"].values())
    chosen = [metric for metric in report["metrics"] if metric["key"] in _OF_KINDS and metric["key"] in present]
    rows = []
    for kind, estimates in report["kinds"].items():
        cells = [
            figure(estimates[metric["key"]]["value"], metric["unit"]) if metric["key"] in estimates else "—"
            for metric in chosen
        ]
        most = max((estimate["n"] for estimate in estimates.values()), default=0)
        rows.append([text_of(kind_name(kind, language)), str(most), *cells])
    return table([says["kind"], says["count"], *(name_of(metric, language) for metric in chosen)], rows)


def _question(row: Mapping[str, Any], language: str) -> list[str]:
    says = WORDS[language]
    outcome = outcome_of(row)
    expected = [says["or"].join(map(text_of, group)) for group in expected_of(row)]
    wanted = " + ".join(expected) or says["expected_none" if row.get("answerable", True) else "expected_refusal"]
    lines = [
        f"- **{says[outcome]}** · {text_of(row['id'])} · {text_of(row['question'])}",
        f"  - {says['expected']}: {wanted}",
    ]
    if row.get("problem"):
        return [*lines, f"  - {says['failed']}: {text_of(row['problem'])}"]
    confidence = figure(row.get("confidence", 0.0), "share")
    return [*lines, f"  - {says['given_answer']} ({says['confidence']} {confidence}): {text_of(row.get('text', ''))}"]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table with an empty line after it."""
    cells = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(row)} |" for row in cells), ""]


def figure(value: float | None, unit: str) -> str:
    """A value as people read it: shares in per cent, seconds in ms below one second."""
    if value is None:
        return "—"
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "seconds":
        return f"{value:.2f} s" if abs(value) >= 1 else f"{value * 1000:.{1 if abs(value) < 0.01 else 0}f} ms"
    return f"{value:.1f}"


def name_of(metric: Mapping[str, Any], language: str) -> str:
    return str(metric[pick(language, "chinese", "english")])


def text_of(value: object) -> str:
    """Any text on one line, escaped and cut; without control characters and those that turn the direction of text."""
    flat = " ".join(str(value).split())
    flat = "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in flat)
    flat = "".join(each for each in flat if unicodedata.category(each) not in ("Cc", "Cf"))
    return _SPECIAL.sub(r"\\\1", flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…")
