"""What the commands around evaluation show: a bar of questions, tables of scores.

Knows the terminal. Knows nothing of commands or of how anything is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from qa.evaluation.metrics.scoring import METRIC, Metric
from qa.evaluation.report.comparison_view import p_value

if TYPE_CHECKING:
    from qa.cli.terminal import Terminal
    from qa.evaluation.report.comparison import Comparison
    from qa.evaluation.results import Estimate, Evaluation
    from qa.reading.calibration import Calibration

_SHOWN = (
    *("contained", "coverage", "f1", "exact", "right_article", "evidence", "quote_exact", "wrong_shown"),
    *("answered", "refusal_recall", "refusal_area", "hit@1", "hit@10", "mrr@10", "answer_in_hits@10", "misled"),
    *("length_p50", "seconds_p50", "seconds_p95"),
)
"""The metrics that fit on one screen; the report has them all."""


@contextmanager
def questions_bar(terminal: Terminal) -> Iterator[Callable[[str, int, int], None]]:
    """A bar with questions done, their rate, failures and the time left; nothing where nobody watches."""
    if not terminal.notes.is_terminal:
        yield lambda stage, done, total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
    )
    with Progress(*columns, console=terminal.notes, transient=True, refresh_per_second=5) as bars:
        task = bars.add_task(terminal.pick("提问", "Asking"), total=1, rate="", failed="")

        def show(stage: str, done: int, total: int) -> None:
            if stage == "failed":
                bars.update(task, failed=terminal.pick(f"失败 {done}", f"{done} failed") if done else "")
                return
            speed = bars.tasks[0].speed or 0.0
            rate = terminal.pick(f"每秒 {speed:.1f} 题", f"{speed:.1f}/s") if speed else ""
            bars.update(task, completed=done, total=total, rate=rate)

        yield show


def show_evaluation(terminal: Terminal, evaluation: Evaluation) -> None:
    """The main scores with their intervals, and those of each kind of question where there are several."""
    columns = terminal.pick("指标|得分|95% 区间|题数", "Metric|Score|95 % interval|Questions").split("|")
    table = terminal.table(*columns)
    for key in _SHOWN:
        estimate = evaluation.overall.get(key)
        if estimate:
            metric = METRIC[key]
            name = terminal.pick(metric.chinese, metric.english)
            between = f"{figure(estimate.low, metric)} – {figure(estimate.high, metric)}"
            table.add_row(name, figure(estimate.value, metric), between, str(estimate.n))
    terminal.write(table)
    if evaluation.kinds:
        terminal.write()
        _show_kinds(terminal, evaluation.kinds)
    if evaluation.failed:
        failed = terminal.pick(f"有 {evaluation.failed} 题没能问成，报告里写明了原因。", "")
        failed = failed or f"{evaluation.failed} questions could not be asked; the report says why."
        terminal.write(Text(failed, "bold red"))


def _show_kinds(terminal: Terminal, kinds: Mapping[str, Mapping[str, Estimate]]) -> None:
    possible = ("contained", "answered", "refusal_recall", "misled")
    keys = [key for key in possible if any(key in scores for scores in kinds.values())]
    names = [terminal.pick(METRIC[key].chinese, METRIC[key].english) for key in keys]
    table = terminal.table(terminal.pick("题目类型", "Kind"), *names)
    for kind, scores in kinds.items():
        cells = [f"{figure(scores[key].value, METRIC[key])} ({scores[key].n})" if key in scores else "" for key in keys]
        table.add_row(kind or "—", *cells)
    terminal.write(table)


def show_comparison(terminal: Terminal, comparison: Comparison) -> None:
    """What can be said, and one line per metric: before, after, difference, how sure."""
    for warning in comparison.warnings:
        terminal.note(*warning, "yellow")
    terminal.write(comparison.verdict(terminal.language))
    terminal.write()
    columns = terminal.pick("指标|甲|乙|差（95% 区间）|p|变好|变差", "Metric|A|B|Difference (95 %)|p|Better|Worse")
    table = terminal.table(*columns.split("|"))
    for change in comparison.metrics:
        if change.metric.key not in _SHOWN:
            continue
        values: tuple[str, ...] = (figure(change.a.value, change.metric), figure(change.b.value, change.metric))
        told: tuple[str, ...] = ("", "", "", "")
        if change.paired and change.p is not None:
            paired = change.paired
            between = " … ".join(figure(value, change.metric) for value in (paired.low, paired.high))
            difference = f"{figure(paired.difference, change.metric)} ({between})"
            told = (difference, p_value(change.p), str(change.better), str(change.worse))
        style = {"better": "green", "worse": "red"}.get(change.verdict, "")
        table.add_row(terminal.pick(change.metric.chinese, change.metric.english), *values, *told, style=style)
    terminal.write(table)


def show_calibration(terminal: Terminal, calibration: Calibration) -> None:
    """The threshold of each caution, and what shipped and fitted ones do to questions like these."""
    columns = terminal.pick(
        "谨慎程度|门槛（95% 区间）|全部题里答了的|答的里面对的|没有答案的拒答了|每题得分",
        "Caution|Threshold (95 %)|Answered of all|Right of these|Unanswerable refused|Worth per question",
    ).split("|")
    table = terminal.table(*columns)
    for caution, threshold in calibration.thresholds.items():
        low, high = calibration.intervals[caution]
        before, after = calibration.before[caution], calibration.after[caution]
        cells = (_pair(getattr(before, part), getattr(after, part)) for part in ("answered", "right", "refused"))
        worth = f"{before.worth:.3f} → {after.worth:.3f}"
        table.add_row(caution, f"{threshold:.2f} ({low:.2f} – {high:.2f})", *cells, worth)
    terminal.write(table)
    for remark in calibration.remarks:
        terminal.note(*remark, "yellow")


def _pair(before: float | None, after: float | None) -> str:
    return " → ".join("—" if share is None else f"{100 * share:.0f} %" for share in (before, after))


def figure(value: float, metric: Metric) -> str:
    """A value in the unit of its metric."""
    if metric.unit == "share":
        return f"{100 * value:.1f} %"
    if metric.unit == "seconds":
        return f"{1000 * value:.0f} ms" if value < 10 else f"{value:.1f} s"
    return f"{value:.1f}".removesuffix(".0")


def show_problems(terminal: Terminal, problems: Sequence[tuple[str, str]], most: int = 5) -> None:
    """What of a set could not be used."""
    for chinese, english in problems[:most]:
        terminal.note(chinese, english, "yellow")
    if len(problems) > most:
        more = len(problems) - most
        terminal.note(f"……还有 {more} 处", f"… and {more} more", "yellow")
