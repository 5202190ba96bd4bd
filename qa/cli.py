"""The command `wenju`: reads what was typed, calls the library, shows the result or one clear error.

Knows commands, options and exit codes: 0 also for a refused question, 1 for an error, 2 for wrong usage, 130 after
Ctrl-C. How things look is the business of `qa.terminal`. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from corpus.errors import InputError, QuestionError, WenjuError
from qa.settings import LANGUAGES, Settings, language_of

if TYPE_CHECKING:
    from embeddings.collection import Collection
    from qa.terminal import Terminal

_BORDER = "\x1f"
_PANELS = {"ARGUMENTS_PANEL_TITLE": "参数", "OPTIONS_PANEL_TITLE": "选项", "COMMANDS_PANEL_TITLE": "命令"}
_PANELS |= {"DEFAULT_STRING": "[默认：{}]", "REQUIRED_LONG_STRING": "[必填]"}
# Every usage error is a child of this class, wherever the installed typer keeps it.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def both(chinese: str, english: str) -> str:
    """A help text in both languages; `_localised` keeps the half that is wanted."""
    return f"{chinese}{_BORDER}{english}"


class _Command(TyperCommand):
    """A command whose help has headings in the person's language."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx), ctx.obj)

    def get_help_option(self, ctx: Any) -> Any:
        return _help_option(super().get_help_option(ctx), ctx.obj)


class _Group(TyperGroup):
    """The same for a command that has commands."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx), ctx.obj)

    def get_help_option(self, ctx: Any) -> Any:
        return _help_option(super().get_help_option(ctx), ctx.obj)


def _usage(usage: str, language: str) -> str:
    if language == "zh":
        for english, chinese in (("Usage:", "用法："), ("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]", "命令 [参数]")):
            usage = usage.replace(english, chinese)
    return usage


def _help_option(option: Any, language: str) -> Any:
    if option is not None and language == "zh":
        option.help = "显示这段说明"
    return option


_HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    cls=_Group,
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
articles_app = typer.Typer(
    cls=_Group, help=both("列出、查看、删除索引里的文章。", "List, show or remove the articles.")
)
app.add_typer(articles_app, name="articles")

Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help=both("消息的语言", "Language of messages"))]
CollectionFolder = Annotated[
    Path | None,
    typer.Option("--collection", metavar="DIR", help=both("wenju index --to 建的索引", "Made by wenju index --to")),
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
        "--model", metavar="NAME", help=both("用哪个模型作答，默认内置的", "Who answers; embedded by default")
    ),
]


@app.callback()
def _start(lang: Language = "") -> None:
    pass  # `main` takes --lang out of the arguments wherever it stands; this one is for the help text.


@app.command(
    cls=_Command,
    help=both(
        "读取文章，建立或更新索引。\n\n\b\n例：\n  wenju index 报纸/ 通知.pdf\n  wenju index 报纸/ --to 我的索引",
        "Read articles and build or update their index.\n\n\b\nExamples:\n  wenju index PAGES/ NOTICE.pdf\n\n"
        "  wenju index PAGES/ --to MY-INDEX",
    ),
)
def index(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help=both("文章文件或文件夹", "Files or folders of articles")),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=both("放在这个文件夹；不写则由程序保管", "Keep it in this folder")),
    ] = None,
) -> None:
    from qa import library
    from qa.terminal import show_indexed, show_next

    terminal, settings = _begin(context)
    with terminal.progress() as progress:
        indexed = library.index(paths, to=to, settings=settings, progress=progress)
    with indexed.collection as collection:
        show_indexed(terminal, indexed, {summary.id: summary.passages for summary in collection.articles()})
    terminal.write()
    show_next(terminal, "--collection" if to else "--articles", [str(to)] if to else [str(path) for path in paths])


@app.command(
    cls=_Command,
    help=both(
        "回答一个问题，每句话后面标出处。不给文章时问自带的示例文章。\n\n\b\n例：\n"
        "  wenju ask 商都路有多少名党员？\n  wenju ask 停车难怎么解决？ --articles 报纸/",
        "Answer a question and cite every sentence; from the sample articles unless others are given.\n\n\b\nExamples:\n"
        "  wenju ask 商都路有多少名党员？\n  wenju ask 停车难怎么解决？ --articles PAGES/",
    ),
)
def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help=both("问题", "The question"))],
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    as_json: Annotated[bool, typer.Option("--json", help=both("输出 JSON", "Print JSON"))] = False,
    model: Model = "",
) -> None:
    from qa.terminal import show_answer

    terminal, settings = _begin(context, model)
    words = " ".join(question)
    if not words.strip():
        raise QuestionError("问题是空的，请写下您想问的内容。", "The question is empty: write what you want to know.")
    with _collection(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer

        answer = Answerer(opened, settings=settings).answer(words)
    if as_json:
        terminal.json(answer.to_dict())
    else:
        show_answer(terminal, answer)


@articles_app.command("list", cls=_Command, help=both("列出文章。", "List the articles."))
def list_articles(context: typer.Context, collection: CollectionFolder = None, articles: ArticlePaths = None) -> None:
    from qa.terminal import show_articles

    terminal, settings = _begin(context)
    with _collection(terminal, settings, collection, articles) as opened:
        show_articles(terminal, list(opened.articles()))


@articles_app.command("show", cls=_Command, help=both("显示一篇文章。", "Show one article."))
def show_article(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID", help=both("编号或标题的开头", "Start of an id or title"))],
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    raw: Annotated[bool, typer.Option("--raw", help=both("修补前的原文", "The text before repair"))] = False,
) -> None:
    terminal, settings = _begin(context)
    with _collection(terminal, settings, collection, articles) as opened:
        found = opened.article(_article_id(opened, article))
    if not raw:
        terminal.write(f"《{found.title}》" if found.title else found.id)
        terminal.write("  ".join(filter(None, (found.source, found.published, found.author))))
        terminal.write()
    terminal.write(found.raw_text if raw else found.text)


@articles_app.command(
    "remove", cls=_Command, help=both("从索引里删去文章，文件不动。", "Take articles out of the index.")
)
def remove_articles(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help=both("编号或标题的开头", "Start of id or title"))],
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
) -> None:
    terminal, settings = _begin(context)
    if not collection and not articles:
        raise InputError(
            "没有说从哪个索引里删。请加 --collection DIR 或 --articles PATH。",
            "It is not said which index to remove from. Add --collection DIR or --articles PATH.",
        )
    with _collection(terminal, settings, collection, articles) as opened:
        removed = opened.remove([_article_id(opened, name) for name in ids]).removed
    terminal.write(terminal.pick(f"删去了 {len(removed)} 篇：", f"Removed {len(removed)}: ") + " ".join(removed))


@app.command(
    cls=_Command,
    help=both(
        "打开浏览器里的问答页面，按 Ctrl-C 结束。\n\n\b\n例：\n  wenju chat --articles 报纸/",
        "Open the chat page in the browser; Ctrl-C ends it.\n\n\b\nExample:\n  wenju chat --articles PAGES/",
    ),
)
def chat(
    context: typer.Context,
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    host: Annotated[str, typer.Option("--host", help=both("监听的地址", "Address to listen on"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "Port"))] = 7860,
    no_browser: Annotated[bool, typer.Option("--no-browser", help=both("不打开浏览器", "Open no browser"))] = False,
    model: Model = "",
) -> None:
    from qa import web

    terminal, settings = _begin(context, model)
    terminal.note("正在启动……", "Starting…")
    with _collection(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer
        from qa.library import sample_questions

        samples = () if collection or articles else sample_questions()
        answerer = Answerer(opened, settings=settings)
        page = web.serve(
            answerer, host=host, port=port, open_browser=not no_browser, settings=settings, samples=samples, wait=False
        )
        address = f"http://{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}"
        terminal.note(f"问据在 {address} ，按 Ctrl-C 结束。", f"Wenju is at {address} ; Ctrl-C ends it.", "bold green")
        try:
            page.block_thread()
        finally:
            page.close(verbose=False)


@app.command(
    cls=_Command, help=both("检查安装、模型、索引、内存和端口。", "Check packages, models, index, memory and port.")
)
def doctor(
    context: typer.Context,
    collection: CollectionFolder = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "Port"))] = 7860,
) -> None:
    from qa.doctor import examine
    from qa.terminal import show_checks

    terminal, settings = _begin(context)
    checks = []
    for check in examine(settings, collection=collection, port=port):
        show_checks(terminal, [check])
        checks.append(check)
    if any(check.essential and not check.ok for check in checks):
        raise typer.Exit(1)
    terminal.write(terminal.pick("可以使用。", "Ready to use."))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line in `arguments` (default: what was typed) and return the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    language = "zh"
    try:
        language, typed = _language(typed)
        code = _command(language, typed).main(typed or ["--help"], "wenju", standalone_mode=False, obj=language)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read the output (`head`) has had enough. Python would complain while it closes the stream.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if os.environ.get("WENJU_DEBUG") == "1":
            raise
        return _explain(error, language)


def _language(typed: list[str]) -> tuple[str, list[str]]:
    """The language of --lang, which may stand anywhere, or of the environment; and the arguments without it."""
    rest, named = [], ""
    arguments = iter(typed)
    for argument in arguments:
        if argument == "--":
            rest += [argument, *arguments]
        elif argument == "--lang":
            named = next(arguments, "?")
        elif argument.startswith("--lang="):
            named = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    if named and named not in LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    return named or language_of(os.environ), rest


def _command(language: str, typed: Sequence[str]) -> Any:
    """The commands with help in `language`."""
    command = typer.main.get_command(app)
    _localise(command, language)
    if language == "zh" and (not typed or not {"-h", "--help"}.isdisjoint(typed)):
        from typer import rich_utils

        for name, text in _PANELS.items():
            setattr(rich_utils, name, text)
    return command


def _localise(item: Any, language: str) -> None:
    """Keep one half of the help texts of a command, its parameters and its commands."""
    if item.help and _BORDER in item.help:
        item.help = item.help.split(_BORDER)[language == "en"]
    for part in [*getattr(item, "params", ()), *getattr(item, "commands", {}).values()]:
        _localise(part, language)


def _explain(error: Exception, language: str) -> int:
    """Say what went wrong in one message; the exit code."""
    from qa.terminal import Terminal

    terminal = Terminal(language)
    if isinstance(error, WenjuError):
        terminal.error(error.chinese, error.english)
        return 1
    if isinstance(error, _UsageError):
        terminal.error(*_wrong_usage(error))
        return 2
    name = f"{type(error).__name__}: {error}"
    terminal.error(
        f"程序出了意外的错误（{name}）。设 WENJU_DEBUG=1 再运行一次可以看到细节。",
        f"The program failed unexpectedly ({name}). Run it again with WENJU_DEBUG=1 to see the details.",
    )
    return 1


def _wrong_usage(error: Any) -> tuple[str, str]:
    """What is wrong with the arguments, and where help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "wenju"
    parameter = getattr(error, "param", None)
    name = error.param_hint or "" if hasattr(error, "param_hint") else ""
    if parameter:
        name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar or parameter.name
    kind = type(error).__name__
    english = error.format_message()
    if kind == "NoSuchOption":
        chinese = f"没有 {error.option_name} 这个选项。"
    elif kind == "MissingParameter":
        chinese = f"少了 {name}。"
    elif kind == "BadParameter" and name:
        chinese = f"{name} 的值不对（{error.message}）。"
    elif "No such command" in english:
        commands = "、".join(context.command.commands) if context else ""
        chinese = f"没有这个命令，可用的有：{commands}。"
    elif "Missing command" in english:
        chinese = "少了命令。"
    else:
        chinese = english
    return f"{chinese}请看 {path} --help", f"{english.rstrip('.')}. See {path} --help"


def _begin(context: typer.Context, model: str = "") -> tuple[Terminal, Settings]:
    """Where to write, and the settings with what was typed on top."""
    from qa.terminal import Terminal

    terminal = Terminal(context.obj)
    warnings.showwarning = lambda message, *_, **__: terminal.note(str(message), str(message), "yellow")
    settings = Settings.from_environment({**os.environ, "WENJU_LANG": context.obj})
    return terminal, replace(settings, model=model) if model else settings


def _collection(
    terminal: Terminal, settings: Settings, folder: Path | None, paths: Sequence[Path] | None
) -> Collection:
    """The collection that was named, by folder or by articles; else the sample collection."""
    from qa import library

    if folder and paths:
        raise InputError("--collection 和 --articles 只能用一个。", "Use either --collection or --articles, not both.")
    if folder:
        return library.open_collection(folder)
    with terminal.progress() as progress:
        if paths:
            return library.collection_for(paths, settings, progress)
        return library.sample_collection(settings, progress)


def _article_id(collection: Collection, name: str) -> str:
    """The id of the one article whose id is `name`, or whose id or title begins with it."""
    matches = []
    for summary in collection.articles():
        if summary.id == name:
            return name
        if summary.id.startswith(name) or summary.title.startswith(name):
            matches.append(summary.id)
    if len(matches) == 1:
        return matches[0]
    several = "、".join(matches[:5])
    if matches:
        raise InputError(
            f"“{name}”对应 {len(matches)} 篇文章：{several}……请写全编号。",
            f"{name!r} fits {len(matches)} articles: {several} … Type the whole id.",
        )
    raise InputError(
        f"没有编号或标题以“{name}”开头的文章。用 wenju articles list 查看有哪些。",
        f"No article has an id or title that begins with {name!r}. See wenju articles list.",
    )
