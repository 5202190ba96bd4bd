"""What the command line shows: answers, tables, progress and errors as lines of text.

Knows the terminal: its width, colours, encoding, language. Knows nothing of commands, and decides nothing about
answers. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from corpus.languages import pick

if TYPE_CHECKING:
    from embeddings.collections.hit import ArticleSummary
    from qa.cli.doctor import Check
    from qa.library.updating import Indexed

ROWS = 40
PIPE_WIDTH = 160
_DRAW_SECONDS = 0.1
_STAGES = {
    "files": ("读取文章", "Reading"),
    "reading": ("读取文章", "Reading"),
    "passages": ("切分段落", "Splitting"),
    "embedding": ("计算向量", "Encoding"),
    "terms": ("切词", "Indexing words"),
    "writing": ("写入磁盘", "Writing"),
}
# What a terminal obeys instead of showing it, and what turns a line round: titles and names of files may have it.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """`text` with U+FFFD for every character that a terminal would obey; as long as before."""
    return _OBEYED.sub("\ufffd", text)


def _shown(text: str | Text) -> Text:
    shown = text.copy() if isinstance(text, Text) else Text(printable(text))
    shown.plain = printable(shown.plain)
    return shown


class _Rows(Table):
    """A table whose cells only show."""

    def add_row(self, *cells: Any, **options: Any) -> None:
        super().add_row(*(_shown(cell) if isinstance(cell, str | Text) else cell for cell in cells), **options)


class Terminal:
    """Where a command writes, in the language ("zh" or "en") of the person before it."""

    def __init__(self, language: str) -> None:
        self.language = language
        # Nobody reads the width of a pipe, but a table needs one.
        width = None if sys.stdout.isatty() else PIPE_WIDTH
        self.out = Console(highlight=False, markup=False, emoji=False, width=width)
        self.notes = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def pick(self, chinese: str, english: str) -> str:
        """The text in the person's language."""
        return pick(self.language, chinese, english)

    def write(self, text: str | Text | Table = "", indent: int = 0) -> None:
        """A result. On a terminal lines are wrapped to its width; in a file or pipe they stay whole."""
        if isinstance(text, Table):
            self.out.print(text)
        elif not self.out.is_terminal:
            # As it is: rich would turn tabs into blanks.
            sys.stdout.write(" " * indent + printable(str(text)) + "\n")
        elif indent:
            for line in _shown(text).wrap(self.out, max(20, self.out.width - indent)):
                self.out.print(Text(" " * indent) + line)
        else:
            self.out.print(_shown(text))

    def note(self, chinese: str, english: str, style: str = "") -> None:
        """Something beside the result."""
        self.notes.print(Text(printable(self.pick(chinese, english)), style=style), soft_wrap=True)

    def error(self, chinese: str, english: str) -> None:
        """What went wrong, in red."""
        self.note(f"错误：{chinese}", f"Error: {english}", "bold red")

    def json(self, value: object) -> None:
        """`value` as JSON; with escapes where the terminal's encoding cannot carry Chinese."""
        ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
        sys.stdout.write(json.dumps(value, ensure_ascii=ascii_only, indent=2) + "\n")

    def table(self, *columns: str) -> Table:
        """An empty table; in a pipe without frame."""
        table = _Rows(box=None, pad_edge=False) if not self.out.is_terminal else _Rows(header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        return table

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """A bar with stage, share, passages, their rate and the time left; nothing where nobody watches."""
        if not self.notes.is_terminal:
            yield lambda stage, done, total: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            _Rate(self.language),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        bars = Progress(*columns, console=self.notes, transient=True, refresh_per_second=5)
        try:
            yield _Bar(bars, self.language)
        finally:
            bars.stop()


class _Rate(ProgressColumn):
    """Passages indexed so far and per second."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._form = pick(language, "{} 段，每秒 {} 段", "{} passages, {}/s")

    def render(self, task: Task) -> Text:
        passages = int(task.fields["passages"])
        rate = passages / task.elapsed if task.elapsed else 0.0
        return Text(self._form.format(passages, round(rate)) if passages else "")


class _Bar:
    """Draws what `library.index` reports: the share of bytes read, and beside it the passages done.

    The stages take turns for every batch, so the bar follows the bytes alone; stages only change its label.
    """

    def __init__(self, bars: Progress, language: str) -> None:
        self._bars = bars
        self._language = language
        self._task = bars.add_task("", total=None, passages=0)
        self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._drawn < _DRAW_SECONDS and done < total:
            return
        self._bars.start()  # not before there is something to show
        self._drawn = now
        label = pick(self._language, *_STAGES.get(stage, (stage, stage)))
        changes: dict[str, Any] = {"description": label}
        if stage == "files":
            changes |= {"completed": done, "total": total or None}
        elif stage == "terms":
            changes["passages"] = done
        self._bars.update(self._task, **changes)


def show_indexed(terminal: Terminal, indexed: Indexed, passages: dict[str, int]) -> None:
    """What became of each file: those that could not be read first, then at most ROWS others, then the sum.

    `passages` has the number of passages of each article.
    """
    files = sorted(indexed.files, key=lambda record: record.problem is None)
    rows = files[: len(indexed.problems) + ROWS]
    table = terminal.table(*terminal.pick("文件|文章|段落|修补", "File|Articles|Passages|Repairs").split("|"))
    for record in rows:
        count = sum(passages.get(article, 0) for article in record.articles)
        notes = Text(record.repairs.describe(terminal.language) if record.articles else "")
        if record.problem:
            notes.append(" " * bool(notes) + record.problem.message(terminal.language), style="red")
        table.add_row(record.path.name, str(len(record.articles)), str(count), notes)
    terminal.write(table)
    if len(files) > len(rows):
        more = len(files) - len(rows)
        terminal.write(terminal.pick(f"……还有 {more} 个文件", f"… and {more} more files"))
    terminal.write()
    for line in _summary(terminal, indexed):
        terminal.write(line)


def _summary(terminal: Terminal, indexed: Indexed) -> Iterable[Text | str]:
    from qa.library.trained_encoder import described

    change, manifest = indexed.change, indexed.collection.manifest
    added, updated, removed = len(change.added), len(change.updated), len(change.removed)
    yield terminal.pick(
        f"文件 {len(indexed.files)} 个，这次读了 {indexed.read} 个；"
        f"文章新增 {added} 篇，更新 {updated} 篇，删去 {removed} 篇。",
        f"{len(indexed.files)} files, {indexed.read} read this time; "
        f"articles: {added} added, {updated} updated, {removed} removed.",
    )
    if indexed.problems:
        bad = len(indexed.problems)
        yield Text(
            terminal.pick(
                f"有 {bad} 个文件没有读成或没有读全，原因见上表。",
                f"{bad} files were not read or not in full: see above.",
            ),
            "red",
        )
    yield terminal.pick(
        f"索引共 {manifest.articles} 篇文章、{manifest.passages} 个段落，在 {indexed.folder}",
        f"The collection holds {manifest.articles} articles, {manifest.passages} passages, in {indexed.folder}",
    )
    yield terminal.pick("用的是", "It is searched with the ") + described(manifest, terminal.language)


def show_next(terminal: Terminal, option: str, places: Sequence[str]) -> None:
    """What to type after indexing: `option` with each of `places`."""
    where = " ".join(f"{option} {shlex.quote(place)}" for place in places)
    question = terminal.pick("在这里写问题", "在这里写问题 (your question)")
    terminal.write(terminal.pick("接下来：", "Next:"))
    terminal.write(f'  wenju ask "{question}" {where}')
    terminal.write(f"  wenju chat {where}")


def show_articles(terminal: Terminal, summaries: Sequence[ArticleSummary]) -> None:
    """One line per article; tab-separated in a pipe."""
    if not terminal.out.is_terminal:
        for summary in summaries:
            row = (summary.id, summary.published, summary.title, summary.source, summary.length, summary.passages)
            terminal.write("\t".join(str(value).replace("\t", " ").replace("\n", " ") for value in row))
        return
    table = terminal.table(
        *terminal.pick("编号|日期|标题|出处|字数|段落", "Id|Date|Title|Source|Length|Passages").split("|")
    )
    for summary in summaries:
        table.add_row(
            summary.id, summary.published, summary.title, summary.source, str(summary.length), str(summary.passages)
        )
    terminal.write(table)


def show_checks(terminal: Terminal, checks: Iterable[Check]) -> None:
    """One line per check as it ends, and the remedy under what failed."""
    for check in checks:
        mark, style = ("✓", "green") if check.ok else ("✗", "bold red") if check.essential else ("!", "yellow")
        line = Text(f"{mark} ", style=style)
        line.append(check.name, style="bold").append(f"  {check.detail}")
        terminal.write(line)
        if check.remedy and not check.ok:
            terminal.write(Text(f"→ {check.remedy}", style=style), indent=4)
