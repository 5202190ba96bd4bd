"""The command line put together: every command of `wenju` and every group of commands is named here, in their order."""

from __future__ import annotations

from typing import Annotated

import typer

import qa
from qa.cli import articles, commands, evaluate, models, train, users
from qa.cli.help import Group, both

_HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    cls=Group,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings=_HELP,
    help=both(
        "问据：对一批中文文章提问，每句回答都有出处。\n\n\b\n例：\n"
        "  wenju ask 商都路有多少名党员？\n  wenju index 文章文件夹/\n  wenju chat",
        "Wenju: questions over Chinese articles, answered with evidence.\n\n\b\nExamples:\n"
        "  wenju ask 商都路有多少名党员？\n  wenju index FOLDER/\n  wenju chat",
    ),
)
app.add_typer(commands.app)
app.add_typer(articles.app, name="articles")
app.add_typer(models.app, name="models")
app.add_typer(users.app, name="users")
app.add_typer(train.app)
app.add_typer(evaluate.app)

Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help=both("消息的语言", "Language of messages"))]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wenju {qa.__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", is_eager=True, callback=_show_version, help=both("显示版本", "Show the version")),
]


@app.callback()
def _start(lang: Language = "", version: Version = False) -> None:
    pass  # `main` takes --lang out of the arguments wherever it stands; this one is for the help text.
