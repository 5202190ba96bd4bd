"""The command `wenju train`: fits the encoder to a collection's own articles.

Arguments, options, help in two languages, and which parts of the program are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from qa.cli.help import Command, both
from qa.cli.options import ArticlePaths, CollectionFolder, begin, named_collection

if TYPE_CHECKING:
    from qa.cli.terminal import Terminal
    from qa.library.adapting_report import Adapted

app = typer.Typer()

_STAGES = {"learning": ("训练", "Training"), "asking": ("比较", "Comparing")}


@app.command(
    cls=Command,
    help=both(
        "用文章本身（不用题目）训练编码器，更好才换上。一核一两分钟；中断后再运行同一条命令就接着做。\n\n\b\n例：\n"
        "  wenju train --articles 报纸/\n  wenju train --reset --articles 报纸/",
        "Train the encoder on the articles themselves, without questions, and use it if it is better. A minute or two "
        "on one core; run it again to go on after an interruption.\n\n\b\nExamples:\n"
        "  wenju train --articles PAGES/\n  wenju train --reset --articles PAGES/",
    ),
)
def train(
    context: typer.Context,
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", metavar="N", help=both("大约训练几分钟；默认看文章多少", "Train for about so long")),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help=both("随机数的种子", "Seed of all random numbers"))] = 0,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=both("没有变好也换上", "Use it even if it is not better"))
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help=both("恢复原来的编码器", "Back to the former encoder"))
    ] = False,
) -> None:
    from qa.library import indexes, trained_encoder
    from qa.library.adapting import adapt

    terminal, settings = begin(context)
    if bool(collection) == bool(articles):
        raise InputError(
            "请给出文章（--articles PATH）或索引（--collection DIR）中的一个。例：wenju train --articles 报纸/",
            "Name articles (--articles PATH) or a collection (--collection DIR): wenju train --articles PAGES/",
        )
    if minutes is not None and not minutes > 0:
        raise InputError(f"--minutes 是 {minutes}，应当大于 0。", f"--minutes is {minutes}; it should be above 0.")
    if reset:
        folder = collection or indexes.folder_for(articles or (), settings)
        with terminal.progress() as progress:
            there = trained_encoder.reset(folder, settings, progress)
        done = ("已恢复原来的编码器，索引已重新编码。", "The former encoder is used again.")
        none = ("这些文章没有用自己的编码器。", "These articles have no encoder of their own.")
        terminal.write(terminal.pick(*(done if there else none)))
        return
    with named_collection(terminal, settings, collection, articles) as opened:
        with _bar(terminal) as progress:
            adapted = adapt(opened, settings, seed=seed, minutes=minutes, anyway=anyway, progress=progress)
        _show(terminal, adapted, opened.path)


def _show(terminal: Terminal, adapted: Adapted, folder: Path) -> None:
    from qa.library.adapting_report import HEADINGS, remarks, rows_of
    from qa.reading.calibration_file import NAME

    table = terminal.table(*terminal.pick(*HEADINGS).split("|"))
    for row in rows_of(adapted.comparison, terminal.pick):
        table.add_row(*row)
    terminal.write(
        terminal.pick(
            f"学了 {adapted.sentences} 个句子。用没有学过的句子和标题查找它们的文章，原来的编码器 → 新的：",
            f"Learnt from {adapted.sentences} sentences. Found by sentences and titles kept apart, before → after:",
        )
    )
    terminal.write(table)
    for remark in remarks(adapted, (folder / NAME).exists()):
        terminal.write(terminal.pick(*remark))


@contextmanager
def _bar(terminal: Terminal) -> Iterator[Callable[[str, int, int], None]]:
    """Steps of the training, questions of the comparison, then the bar of indexing; nothing where nobody watches."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    with terminal.progress() as indexing:
        if not terminal.notes.is_terminal:
            yield lambda stage, done, total: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.percentage:>3.0f}%"))
        times = TimeElapsedColumn(), TimeRemainingColumn()
        with Progress(*columns, *times, console=terminal.notes, transient=True, refresh_per_second=5) as bars:
            tasks = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in _STAGES:
                    bars.stop()
                    indexing(stage, done, total)
                    return
                if stage not in tasks:
                    tasks[stage] = bars.add_task(terminal.pick(*_STAGES[stage]))
                bars.update(tasks[stage], completed=done, total=total)

            yield show
