"""The commands of `wenju`: what each is called, what it takes, and which parts of the program it calls.

Knows arguments, options and their help in two languages. How things look is the business of `qa.cli.terminal`, errors and
exit codes that of `qa.cli.main`. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError, QuestionError
from qa.cli.help import Command, Group, both
from qa.settings import Settings

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection
    from qa.cli.terminal import Terminal

app = typer.Typer()
articles_app = typer.Typer(cls=Group, help=both("列出、查看、删除索引里的文章。", "List, show or remove the articles."))

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
        "--model",
        metavar="NAME",
        help=both(
            "谁来作答：wenju（内置）、wenju models list 里的名字、文件夹；默认自动",
            "Who answers: wenju (embedded), a name of wenju models list, a folder; automatic by default",
        ),
    ),
]


@app.command(
    cls=Command,
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
        typer.Argument(metavar="PATH", help=both("文章文件或文件夹", "Files or folders of articles")),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=both("放在这个文件夹；不写则由程序保管", "Keep it in this folder")),
    ] = None,
) -> None:
    from qa.library import indexes
    from qa.cli.terminal import show_indexed, show_next

    terminal, settings = begin(context)
    with terminal.progress() as progress:
        indexed = indexes.index(paths, to=to, settings=settings, progress=progress)
    with indexed.collection as collection:
        show_indexed(terminal, indexed, {summary.id: summary.passages for summary in collection.articles()})
    terminal.write()
    show_next(terminal, "--collection" if to else "--articles", [str(to)] if to else [str(path) for path in paths])


@app.command(
    cls=Command,
    help=both(
        "回答一个问题，每句话后面标出处。不给文章时问自带的示例文章。\n\n\b\n例：\n"
        "  wenju ask 商都路有多少名党员？\n  wenju ask 停车难怎么解决？ --articles 报纸/",
        "Answer a question and cite every sentence; from the sample articles if none are given.\n\n\b\nExamples:\n"
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
    from qa.cli.terminal import follow, show_answer

    terminal, settings = begin(context, model)
    words = " ".join(question)
    if not words.strip():
        raise QuestionError("问题是空的，请写下您想问的内容。", "The question is empty: write what you want to know.")
    with named_collection(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer

        answerer = Answerer(opened, settings=settings)
        answer = answerer.answer(words) if as_json else follow(terminal, answerer.stream(words))
    if as_json:
        terminal.json(answer.to_dict())
    else:
        show_answer(terminal, answer)


@articles_app.command("list", cls=Command, help=both("列出文章。", "List the articles."))
def list_articles(context: typer.Context, collection: CollectionFolder = None, articles: ArticlePaths = None) -> None:
    from qa.library.trained_encoder import described
    from qa.cli.terminal import show_articles

    terminal, settings = begin(context)
    with named_collection(terminal, settings, collection, articles) as opened:
        show_articles(terminal, list(opened.articles()))
        encoder = described(opened.manifest, settings.language)
        terminal.note(f"{len(opened)} 篇，{encoder}", f"{len(opened)} articles, {encoder}", "dim")


@articles_app.command("show", cls=Command, help=both("显示一篇文章。", "Show one article."))
def show_article(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID", help=both("编号或标题的开头", "Start of an id or title"))],
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
    raw: Annotated[bool, typer.Option("--raw", help=both("修补前的原文", "The text before repair"))] = False,
) -> None:
    terminal, settings = begin(context)
    with named_collection(terminal, settings, collection, articles) as opened:
        found = opened.article(_article_id(opened, article))
    if not raw:
        terminal.write(f"《{found.title}》" if found.title else found.id)
        terminal.write("  ".join(filter(None, (found.source, found.published, found.author))))
        terminal.write()
    terminal.write(found.raw_text if raw else found.text)


@articles_app.command(
    "remove", cls=Command, help=both("从索引里删去文章，文件不动。", "Take articles out of the index.")
)
def remove_articles(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help=both("编号或标题的开头", "Start of id or title"))],
    collection: CollectionFolder = None,
    articles: ArticlePaths = None,
) -> None:
    terminal, settings = begin(context)
    if not collection and not articles:
        raise InputError(
            "没有说从哪个索引里删。请加 --collection DIR 或 --articles PATH。",
            "It is not said which index to remove from. Add --collection DIR or --articles PATH.",
        )
    with named_collection(terminal, settings, collection, articles) as opened:
        removed = opened.remove([_article_id(opened, name) for name in ids]).removed
    terminal.write(terminal.pick(f"删去了 {len(removed)} 篇：", f"Removed {len(removed)}: ") + " ".join(removed))


@app.command(
    cls=Command,
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
    from qa.web import serving

    terminal, settings = begin(context, model)
    terminal.note("正在启动……", "Starting…")
    with named_collection(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer
        from qa.library.indexes import sample_questions

        samples = () if collection or articles else sample_questions()
        answerer = Answerer(opened, settings=settings)
        page = serving.serve(
            answerer, host=host, port=port, open_browser=not no_browser, settings=settings, samples=samples, wait=False
        )
        address = f"http://{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}"
        terminal.note(f"问据在 {address} ，按 Ctrl-C 结束。", f"Wenju is at {address} ; Ctrl-C ends it.", "bold green")
        try:
            _wait()
        finally:
            page.close(verbose=False)


@app.command(
    cls=Command, help=both("检查安装、模型、索引、内存和端口。", "Check packages, models, index, memory and port.")
)
def doctor(
    context: typer.Context,
    collection: CollectionFolder = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "Port"))] = 7860,
) -> None:
    from qa.cli.doctor import examine
    from qa.cli.terminal import show_checks

    terminal, settings = begin(context)
    checks = []
    for check in examine(settings, collection=collection, port=port):
        show_checks(terminal, [check])
        checks.append(check)
    if any(check.essential and not check.ok for check in checks):
        raise typer.Exit(1)
    terminal.write(terminal.pick("可以使用。", "Ready to use."))


@app.command(
    cls=Command,
    help=both(
        "测量速度和内存，并与常见的做法相比，约一两分钟。不给文章时用示例文章。\n\n\b\n例：\n"
        "  wenju bench\n  wenju bench --articles 报纸/ --json 结果.json",
        "Measure speed and memory beside the usual alternatives, in a minute or two; on sample articles by default."
        "\n\n\b\nExamples:\n  wenju bench\n  wenju bench --articles PAGES/ --json RESULT.json",
    ),
)
def bench(
    context: typer.Context,
    articles: ArticlePaths = None,
    questions: Annotated[
        int, typer.Option("--questions", min=1, help=both("测量时问几个问题", "How many questions to ask"))
    ] = 40,
    to_json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help=both("结果另存为 JSON", "Save the result as JSON too")),
    ] = None,
) -> None:
    from qa.bench.measuring import measure
    from qa.bench.report import markdown, save

    terminal, settings = begin(context)
    report = measure(
        articles or (),
        questions=questions,
        settings=settings,
        say=terminal.pick,
        note=lambda part: terminal.note(f"正在测量：{part}", f"Measuring: {part}"),
    )
    terminal.out.print(markdown(report, terminal.pick), soft_wrap=True)
    if to_json:
        save(report, to_json)


def _wait() -> None:
    """Until Ctrl-C. Gradio has a way of its own, which prints."""
    while True:
        time.sleep(3600)


def begin(context: typer.Context, model: str = "") -> tuple[Terminal, Settings]:
    """Where to write, and the settings with what was typed on top."""
    from qa.cli.terminal import Terminal

    terminal = Terminal(context.obj)
    warnings.showwarning = lambda message, *_, **__: terminal.note(str(message), str(message), "yellow")
    settings = Settings.from_environment({**os.environ, "WENJU_LANG": context.obj})
    return terminal, replace(settings, model=model) if model else settings


def named_collection(
    terminal: Terminal, settings: Settings, folder: Path | None, paths: Sequence[Path] | None
) -> Collection:
    """The collection that was named, by folder or by articles; else the sample collection."""
    from qa.library import indexes

    if folder and paths:
        raise InputError("--collection 和 --articles 只能用一个。", "Use either --collection or --articles, not both.")
    if folder:
        return indexes.open_collection(folder)
    with terminal.progress() as progress:
        if paths:
            return indexes.collection_for(paths, settings, progress)
        return indexes.sample_collection(settings, progress)


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
