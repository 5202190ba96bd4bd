"""How a comparison is shown: in words, as Markdown and as a page.

Knows the plain values of `comparison.json`; what can be told from two reports is found out by `comparison`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpus.languages import LANGUAGES, pick
from qa.evaluation.metrics.catalogue import METRIC
from qa.evaluation.report.markdown import figure, name_of, table, text_of
from qa.evaluation.report.page import page
from qa.evaluation.report.texts import WORDS, kind_name

_LISTED = 50


def statements(comparison: Mapping[str, Any], language: str) -> str:
    """What got significantly better or worse, what cannot be told, and how many questions changed."""
    says = WORDS[language]
    parts = []
    for verdict in ("better", "worse"):
        names = [name_of(each, language) for each in comparison["metrics"] if each["verdict"] == verdict]
        if names:
            parts.append(says[f"verdict_{verdict}"].format(names=says["list_comma"].join(names)))
    untold = sum(each["p"] is not None and not each["verdict"] for each in comparison["metrics"])
    if not parts:
        parts.append(says["verdict_none"])
    elif untold:
        parts.append(says["verdict_unknown"].format(n=untold))
    counts = {"n": comparison["paired"], "better": comparison["better"], "worse": comparison["worse"]}
    parts.append(says["verdict_questions"].format(**counts))
    return says["space"].join(parts)


def comparison_page(comparison: Mapping[str, Any], pairs: Sequence[Mapping[str, Any]]) -> str:
    """The page; `pairs` are the rows {"a", "b"} of each changed question, in their order."""
    data = {"comparison": comparison, "verdict": {language: statements(comparison, language) for language in LANGUAGES}}
    return page("comparison.js", f"{comparison['a']['name']} / {comparison['b']['name']}", data, pairs)


def comparison_markdown(comparison: Mapping[str, Any], language: str) -> str:
    """The comparison in `language`: what can be said, warnings, every metric, the questions that changed."""
    says = WORDS[language]
    lines = [f"# {says['product']} {says['comparison']}", ""]
    for side in ("a", "b"):
        value = comparison[side]
        lines.append(f"- **{says[f'side_{side}']}**: {text_of(value['name'])} · {text_of(value['folder'])}")
    lines += ["", statements(comparison, language), ""]
    lines += [f"> {warning[language]}" for warning in comparison["warnings"]]
    if comparison["differs"]:
        rows = [[says.get(key, text_of(key)), *map(_cell, pair)] for key, pair in comparison["differs"].items()]
        lines += ["", f"## {says['what_differs']}", "", *table(["", says["side_a"], says["side_b"]], rows)]
    lines += ["", f"## {says['metric_table']}", "", *_metrics(comparison, language), says["metric_table_says"], ""]
    lines += [f"## {says['changed_questions']}", "", *_questions(comparison, language)]
    for key in ("only_a", "only_b"):
        if comparison[key]:
            shown = says["list_comma"].join(map(text_of, comparison[key][:_LISTED]))
            more = "…" if len(comparison[key]) > _LISTED else ""
            lines += ["", f"{says[key]} ({len(comparison[key])}): {shown}{more}"]
    return "\n".join(lines).rstrip() + "\n"


def named_metrics(keys: Iterable[str], language: str) -> list[str]:
    """The names of metrics, those of another version by their key."""
    return [(pick(language, METRIC[key].chinese, METRIC[key].english)) if key in METRIC else key for key in keys]


def _metrics(comparison: Mapping[str, Any], language: str) -> list[str]:
    says = WORDS[language]
    rows = []
    for each in comparison["metrics"]:
        unit = each["unit"]
        between = "" if each["low"] is None else f" ({signed(each['low'], unit)} – {signed(each['high'], unit)})"
        rows.append(
            [
                name_of(each, language),
                figure(each["a"]["value"], unit),
                figure(each["b"]["value"], unit),
                signed(each["difference"], unit) + between,
                p_value(each["p_holm"]),
                "—" if each["p"] is None else f"{each['questions_better']} / {each['questions_worse']}",
                f"**{says[each['verdict']]}**" if each["verdict"] else "",
            ]
        )
    heads = [says["metric"], says["side_a"], says["side_b"], says["difference"], says["p"]]
    return table([*heads, f"{says['better']} / {says['worse']}", ""], rows)


def _questions(comparison: Mapping[str, Any], language: str) -> list[str]:
    says = WORDS[language]
    lines = []
    for direction in ("better", "worse"):
        chosen = [each for each in comparison["questions"] if each["direction"] == direction]
        lines += [f"### {says[direction]} ({len(chosen)})", ""]
        for each in chosen[:_LISTED]:
            kind = text_of(kind_name(each["kind"], language))
            lines += [
                f"- {text_of(each['id'])} · {kind} · {text_of(each['question'])}",
                f"  - {says['side_a']} ({says[each['a']]}): {text_of(each['text_a'])}",
                f"  - {says['side_b']} ({says[each['b']]}): {text_of(each['text_b'])}",
            ]
        lines += ["…", ""] if len(chosen) > _LISTED else [""]
    return lines


def signed(value: float | None, unit: str) -> str:
    """A difference with its sign; shares in percentage points."""
    if value is None:
        return "—"
    return ("+" if value > 0 else "−" if value < 0 else "±") + figure(abs(value), unit)


def p_value(p: float | None) -> str:
    """A p value to three places."""
    return "—" if p is None else "<0.001" if p < 0.001 else f"{p:.3f}"


def _cell(value: object) -> str:
    return "—" if value is None else text_of(value)
