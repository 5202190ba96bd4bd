"""`wenju bench --users N`: people who ask at once on the page, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from corpus.errors import InputError
from qa.cli.options import named_collection

if TYPE_CHECKING:
    from qa.cli.terminal import Terminal
    from qa.settings import Settings

EACH = 3  # questions of one person
MOST = 12  # different ones


def show_crowd(terminal: Terminal, settings: Settings, articles: Sequence[Path] | None, users: int) -> None:
    """Measure and print; ends with 1 where anybody got no answer or another one's."""
    from qa.answerer import Answerer
    from qa.library.indexes import sample_questions
    from qa.web.crowd import crowd
    from qa.web.suggesting import suggest

    with named_collection(terminal, settings, None, articles) as opened, TemporaryDirectory() as home:
        answerer = Answerer(opened, settings=settings)
        ids = tuple(summary.id for summary in opened.articles())
        questions = suggest(answerer, ids, count=MOST, seconds=60) if articles else sample_questions()
        if not questions:
            raise InputError(
                "从这些文章里没有拟出可问的问题，量不了。请换一些文章。",
                "No question could be drafted from these articles. Measure with others.",
            )
        terminal.note(f"{users} 人同时提问……", f"{users} people are asking…")
        told = crowd(answerer, questions, replace(settings, home=Path(home)), users=users, each=EACH)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    p50, p95, last = (told.percentile(share) for share in (0.5, 0.95, 1.0))
    terminal.write(
        terminal.pick(
            f"{users} 人各问 {EACH} 题：p50 {p50:.2f} 秒，p95 {p95:.2f} 秒，最慢 {last:.2f} 秒；"
            f"每秒 {len(told.asked) / told.seconds:.1f} 题；答错人或没答上 {len(told.wrong)} 题；"
            f"机器负载 {load:.1f}，{os.cpu_count()} 核。",
            f"{users} people, {EACH} questions each: p50 {p50:.2f} s, p95 {p95:.2f} s, slowest {last:.2f} s; "
            f"{len(told.asked) / told.seconds:.1f} a second; {len(told.wrong)} without their own answer; "
            f"load {load:.1f} on {os.cpu_count()} cores.",
        )
    )
    for each in told.wrong[:5]:
        terminal.error(f"{each.question}：{each.wrong}", f"{each.question}: {each.wrong}")
    if told.wrong:
        raise typer.Exit(1)
