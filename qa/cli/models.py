"""The commands around models: `wenju models list`, `wenju models get`, `wenju models remove`.

Arguments, options, help in two languages, and which parts of the program are called. What they show is here too: a
table, and a bar of bytes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from qa.cli.help import Command, Group, both
from qa.cli.options import begin

if TYPE_CHECKING:
    from pathlib import Path

    from qa.cli.terminal import Terminal
    from qa.language_models.catalogue import Installed
    from qa.language_models.downloads.hubs import Offer

app = typer.Typer(
    cls=Group,
    help=both(
        "列出、下载、删除可以代替内置阅读模型作答的开源大模型。",
        "List, get or remove the open language models that can answer instead of the embedded reader.",
    ),
)

_STAGES = {"checking": ("核对已有的部分", "Checking"), "downloading": ("下载", "Downloading")}
Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help=both("别名（如 qwen3-1.7b）或模型库里的名字", "An alias (such as qwen3-1.7b) or hub name")
    ),
]


@app.command(
    "list", cls=Command, help=both("列出推荐的模型，和这台机器上已有的。", "List recommended models, and those here.")
)
def list_models(context: typer.Context) -> None:
    from qa.language_models.catalogue import installed, recommended_model, unfinished

    terminal, settings = begin(context)
    here, begun = installed(settings.home), unfinished(settings.home)
    _show_recommended(terminal, {model.name for model in here}, begun)
    others = [model for model in here if not recommended_model(model.name)]
    parts = {name: size for name, size in begun.items() if not recommended_model(name)}
    if others or parts:
        _show_others(terminal, others, parts)
    terminal.write()
    terminal.write(
        terminal.pick(
            "没有显卡时模型越大越慢，5 GB 以上的不建议用。",
            "Without a GPU, the larger the slower: models over 5 GB are not for the CPU.",
        )
    )
    terminal.write(
        terminal.pick(
            "下载：wenju models get 名字    使用：wenju chat --model 名字",
            "Get one: wenju models get NAME    Use it: wenju chat --model NAME",
        )
    )


@app.command(
    "get",
    cls=Command,
    help=both(
        "下载一个模型：先说大小，可以中断，再运行同一条命令就接着下载，下完核对。\n\n\b\n例：\n"
        "  wenju models get qwen3-1.7b\n  wenju models get qwen3-1.7b --from modelscope\n"
        "  HF_ENDPOINT=https://hf-mirror.com wenju models get Qwen/Qwen3-1.7B",
        "Download a model: says the size first, goes on where it was interrupted, checks what it got.\n\n\b\n"
        "Examples:\n"
        "  wenju models get qwen3-1.7b\n  wenju models get qwen3-1.7b --from modelscope\n"
        "  HF_ENDPOINT=https://hf-mirror.com wenju models get Qwen/Qwen3-1.7B",
    ),
)
def get_model(
    context: typer.Context,
    name: Name,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="hub|modelscope",
            help=both("从 Hugging Face（或 HF_ENDPOINT 指的镜像）还是魔搭下载", "From the hub, or from ModelScope"),
        ),
    ] = "hub",
    yes: Annotated[bool, typer.Option("--yes", "-y", help=both("不问，直接下载", "Do not ask"))] = False,
) -> None:
    from qa.language_models.catalogue import find
    from qa.language_models.downloads.model_download import get, look_up, still_to_come

    terminal, settings = begin(context)
    found = find(name, settings.home)
    if found.folder:
        terminal.write(terminal.pick(f"模型 {found.name} 已经在 {found.folder}", f"{found.name} is in {found.folder}"))
        return
    offer = look_up(name, settings.home, source=source)
    _tell_size(terminal, offer, still_to_come(offer, name, settings.home), settings.home / "models")
    if not yes and not _agreed(terminal):
        return
    try:
        with bytes_bar(terminal) as progress:
            folder = get(name, settings.home, source=source, progress=progress, offer=offer)
    except KeyboardInterrupt:
        terminal.note(
            "停下了。已下载的部分留着，再运行同一条命令就接着下载。",
            "Stopped. What has arrived is kept: run the same command again to go on.",
        )
        raise
    terminal.write(terminal.pick("下载并核对好了：", "Downloaded and checked: ") + str(folder))
    terminal.write(terminal.pick("使用：", "Use it: ") + f"wenju chat --model {found.name}")


@app.command(
    "remove", cls=Command, help=both("删除下载的模型（或没下完的部分）。", "Remove a model that was downloaded.")
)
def remove_model(context: typer.Context, name: Name) -> None:
    from qa.language_models.catalogue import gigabytes
    from qa.language_models.downloads.model_download import remove

    terminal, settings = begin(context)
    free = gigabytes(remove(name, settings.home))
    terminal.write(terminal.pick(f"删除了 {name}，腾出 {free}。", f"Removed {name}: {free} are free again."))


def _tell_size(terminal: Terminal, offer: Offer, rest: int, to: Path) -> None:
    from qa.language_models.catalogue import gigabytes

    size = gigabytes(offer.size)
    begun = (f"，还要下载 {gigabytes(rest)}", f", {gigabytes(rest)} still to come") if rest < offer.size else ("", "")
    terminal.note(
        f"{offer.repository}：共 {size}{begun[0]}，来自 {offer.host}，放到 {to}。",
        f"{offer.repository}: {size}{begun[1]}, from {offer.host}, to {to}.",
    )


def _agreed(terminal: Terminal) -> bool:
    """Whether the person wants it. Where nobody can be asked, the command must say so itself."""
    if not sys.stdin.isatty():
        raise InputError("没有人可以问。要直接下载，请加 --yes。", "There is nobody to ask. Add --yes to download.")
    terminal.notes.print(terminal.pick("下载吗？[Y/n] ", "Download it? [Y/n] "), end="")
    with suppress(EOFError):
        return input().strip().lower() in ("", "y", "yes", "是", "好")
    return False


def _show_recommended(terminal: Terminal, here: set[str], begun: dict[str, int]) -> None:
    from qa.language_models.catalogue import RECOMMENDED, gigabytes

    columns = terminal.pick(
        "推荐的模型|下载约|内存约|适合的硬件|许可|已有", "Recommended|Size|Memory|Hardware|Licence|Here"
    )
    table = terminal.table(*columns.split("|"))
    for model in RECOMMENDED:
        part = gigabytes(begun[model.alias]) if model.alias in begun else ""
        state = "✓" if model.alias in here else terminal.pick(f"没下完（{part}）", f"{part} so far") if part else ""
        hardware = terminal.pick(model.hardware_chinese, model.hardware_english)
        sizes = gigabytes(model.size), gigabytes(model.memory)
        table.add_row(model.alias, *sizes, hardware, model.licence, state)
    terminal.write(table)


def _show_others(terminal: Terminal, models: Sequence[Installed], parts: Mapping[str, int]) -> None:
    from qa.language_models.catalogue import gigabytes

    terminal.write()
    table = terminal.table(*terminal.pick("本机上的其他模型|大小|位置", "Others here|Size|Folder").split("|"))
    for model in models:
        table.add_row(model.name, gigabytes(model.size), str(model.folder))
    for name, size in parts.items():
        table.add_row(name, gigabytes(size), terminal.pick("没下完", "not whole yet"))
    terminal.write(table)


@contextmanager
def bytes_bar(terminal: Terminal) -> Iterator[Callable[[str, int, int], None]]:
    """A bar of bytes with their rate and the time left; where nobody watches, a line for each tenth."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    if not terminal.notes.is_terminal:
        yield _tenths(terminal)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=terminal.notes, transient=True) as bars:
        task = bars.add_task("", total=None)
        stage_before = ""

        def show(stage: str, done: int, total: int) -> None:
            nonlocal stage_before
            if stage != stage_before:  # what is read from the disk says nothing about the network
                bars.reset(task, total=total, completed=done, description=terminal.pick(*_STAGES[stage]))
                stage_before = stage
            bars.update(task, completed=done)

        yield show


def _tenths(terminal: Terminal) -> Callable[[str, int, int], None]:
    from qa.language_models.catalogue import gigabytes

    began, told = time.monotonic(), 0

    def show(stage: str, done: int, total: int) -> None:
        nonlocal told
        if total and done * 10 // total > told and stage == "downloading":
            told = done * 10 // total
            passed = time.monotonic() - began
            terminal.note(
                f"下载 {told * 10} %，{gigabytes(done)}，{passed:.0f} 秒",
                f"Downloaded {told * 10} %, {gigabytes(done)}, {passed:.0f} s",
            )

    return show
