"""What several commands of `wenju` take, and how a command begins: where it writes, its settings, its collection."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from qa.cli.help import both
from qa.settings import Settings

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection
    from embeddings.collections.together import AnyCollection
    from qa.cli.terminal import Terminal

CollectionFolder = Annotated[
    Path | None,
    typer.Option("--collection", metavar="DIR", help=both("wenju index --to 建的索引", "Made by wenju index --to")),
]
CollectionFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--collection",
        metavar="DIR",
        help=both("wenju index --to 建的索引，可多次给出，一起查找", "Made by wenju index --to; several are one"),
    ),
]
ArticlePaths = Annotated[
    list[Path] | None,
    typer.Option(
        "--articles",
        metavar="PATH",
        help=both(
            "文章文件或文件夹，可多次给出；自动建索引", "File or folder of articles, repeatable; indexed when needed"
        ),
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME",
        help=both(
            "谁来作答：wenju（内置）、wenju models list 里的名字、文件夹；默认自动",
            "Who answers: wenju (embedded), a name of wenju models list, a folder; automatic by default",
        ),
    ),
]

FurtherHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help=both("还可以用这个名字访问，例如反向代理的域名；可多次给出", "A further name, as of a proxy; repeatable"),
    ),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        help=both("每个问题一行 JSON 写进这个文件，不含问题和回答的文字", "A line of JSON for each question, no texts"),
    ),
]
LogTexts = Annotated[bool, typer.Option("--log-texts", help=both("--log 里也写问题和回答", "With the texts, in --log"))]


def begin(context: typer.Context, model: str = "") -> tuple[Terminal, Settings]:
    """Where to write, and the settings with what was typed on top."""
    from qa.cli.terminal import Terminal

    terminal = Terminal(context.obj)
    warnings.showwarning = lambda message, *_, **__: terminal.note(str(message), str(message), "yellow")
    settings = Settings.from_environment({**os.environ, "WENJU_LANG": context.obj})
    return terminal, replace(settings, model=model) if model else settings


def named_collections(
    terminal: Terminal, settings: Settings, folders: Sequence[Path] | None, paths: Sequence[Path] | None
) -> AnyCollection:
    """The collections that were named by folder, as one, or that of articles; else the sample collection."""
    from qa.library import indexes

    if folders:
        check_one_way(paths)
        return indexes.open_collections(folders)
    return named_collection(terminal, settings, None, paths)


def named_collection(
    terminal: Terminal, settings: Settings, folder: Path | None, paths: Sequence[Path] | None
) -> Collection:
    """The collection that was named, by folder or by articles; else the sample collection."""
    from qa.library import indexes

    if folder:
        check_one_way(paths)
        return indexes.open_collection(folder)
    with terminal.progress() as progress:
        if paths:
            return indexes.collection_for(paths, settings, progress)
        return indexes.sample_collection(settings, progress)


def check_one_way(paths: Sequence[Path] | None) -> None:
    """Raises InputError where articles are named beside a collection."""
    if paths:
        raise InputError("--collection 和 --articles 只能用一个。", "Use either --collection or --articles, not both.")
