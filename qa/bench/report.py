"""What a benchmark found: rows, and how they are shown and kept.

Knows figures, units and languages. Knows nothing of how anything is measured.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from corpus.errors import InputError

Say = Callable[[str, str], str]
"""Chooses between a Chinese and an English text."""

_PACKAGES = ("wenju", "numpy", "tantivy", "faiss-cpu", "rjieba", "jieba", "torch", "sentence-transformers", "gradio")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured: `ours` and `theirs` in `unit`, `theirs` None where there is no alternative to be had.

    `rate` says that more is better. `against` names the alternative, `detail` says where the time goes.
    """

    key: str
    what: str
    unit: str
    ours: float
    theirs: float | None = None
    against: str = ""
    detail: str = ""
    rate: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better ours is; below 1 it is worse."""
        if self.theirs is None:
            return None
        return self.ours / self.theirs if self.rate else self.theirs / self.ours


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and what they were measured on: counts, machine, versions."""

    rows: tuple[Row, ...]
    about: Mapping[str, str | int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {"about": dict(self.about), "rows": [asdict(row) | {"ratio": row.ratio} for row in self.rows]}


def about(articles: int, passages: int, characters: int, questions: int, encoder: str) -> dict[str, str | int]:
    """Counts of what was measured on, the machine, and versions of those packages that are installed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    counts = {"articles": articles, "passages": passages, "characters": characters, "questions": questions}
    machine: dict[str, str | int] = {
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "encoder": encoder,
    }
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return {**counts, **machine, **versions}


def markdown(report: Report, say: Say) -> str:
    """The report as a Markdown table, with what it was measured on above it."""
    machine = dict(report.about)
    counts = [machine.pop(name) for name in ("articles", "passages", "characters", "questions", "cores")]
    form = say(
        "{:,} 篇文章，{:,} 段，{:,} 字；{} 个问题；{} 核。",
        "{:,} articles, {:,} passages, {:,} characters; {} questions; {} cores.",
    )
    columns = say(
        "项目|问据|对照|倍数|对照是什么|时间用在哪里",
        "what|wenju|alternative|ratio|which alternative|where the time goes",
    )
    lines = [form.format(*counts), ", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    lines += [f"| {columns.replace('|', ' | ')} |", "| --- | ---: | ---: | ---: | --- | --- |"]
    for row in report.rows:
        theirs = "—" if row.theirs is None else f"{_figure(row.theirs)} {row.unit}"
        ratio = "—" if row.ratio is None else f"{_figure(row.ratio)}×"
        cells = (row.what, f"{_figure(row.ours)} {row.unit}", theirs, ratio, row.against or "—", row.detail or "—")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _figure(value: float) -> str:
    """Three significant digits, whole from 100 on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def save(report: Report, path: Path) -> None:
    """Write the report as JSON. Raises InputError where `path` cannot be written."""
    try:
        path.write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"不能写入 {path}（{error.strerror}）。请换一个可写的文件。",
            f"{path} cannot be written ({error.strerror}). Name a file that can be.",
        ) from error
