"""The commands `wenju index`, `ask`, `chat`, `doctor`, `bench`: what each takes and calls.

Knows arguments, options and their help in two languages. How things look is the business of `qa/cli/terminal.py`,
errors and exit codes that of `qa/cli/main.py`. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import QuestionError
from qa.cli.help import Command, both
from qa.cli.limits import limited_question
from qa.cli.options import (
    ArticlePaths,
    CollectionFolder,
    CollectionFolders,
    FurtherHosts,
    LogFile,
    LogTexts,
    Model,
    begin,
    named_collections,
)

if TYPE_CHECKING:
    from qa.cli.terminal import Terminal
    from qa.settings import Settings

app = typer.Typer()
INCOMPLETE = 3
"""The exit code of an index that lacks files which vanished while they were read."""


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
    from qa.cli.terminal import show_indexed, show_next
    from qa.library import indexes

    terminal, settings = begin(context)
    with terminal.progress() as progress:
        indexed = indexes.index(paths, to=to, settings=settings, progress=progress)
    with indexed.collection as collection:
        show_indexed(terminal, indexed, {summary.id: summary.passages for summary in collection.articles()})
    terminal.write()
    if indexed.vanished:
        terminal.error(
            f"读的时候有 {indexed.vanished} 个文件不见了，索引不完整。请检查文件夹，再运行一次。",
            f"{indexed.vanished} files vanished while they were read; the index is incomplete. "
            "Check the folder and run this again.",
        )
        raise typer.Exit(INCOMPLETE)
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
    collection: CollectionFolders = None,
    articles: ArticlePaths = None,
    matching: Annotated[
        str,
        typer.Option(
            "--articles-matching",
            metavar="WORDS",
            help=both("只问标题、文件名里有这些字的文章", "Only articles with these words in title or file name"),
        ),
    ] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="DATE", help=both("只问这天以来的文章", "Published since"))
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help=both("只问到这天的文章", "Published until"))
    ] = "",
    all_dates: Annotated[
        bool, typer.Option("--all-dates", help=both("不按问题里的日期限定", "Do not limit by dates in the question"))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=both("输出 JSON", "Print JSON"))] = False,
    model: Model = "",
) -> None:
    from qa.cli.answers import follow, show_answer

    terminal, settings = begin(context, model)
    words = " ".join(question)
    if not words.strip():
        raise QuestionError("问题是空的，请写下您想问的内容。", "The question is empty: write what you want to know.")
    with named_collections(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer

        limited = limited_question(words, opened, matching, since, until, all_dates=all_dates)
        answerer = Answerer(opened, settings=settings)
        answer = answerer.answer(limited) if as_json else follow(terminal, answerer.stream(limited))
    if as_json:
        terminal.json(answer.to_dict())
    else:
        show_answer(terminal, answer)


@app.command(
    cls=Command,
    help=both(
        "打开浏览器里的问答页面，按 Ctrl-C 结束。\n\n\b\n例：\n  wenju chat --articles 报纸/\n"
        "  wenju chat --host 0.0.0.0 --login",
        "Open the chat page in the browser; Ctrl-C ends it.\n\n\b\nExamples:\n  wenju chat --articles PAGES/\n"
        "  wenju chat --host 0.0.0.0 --login",
    ),
)
def chat(
    context: typer.Context,
    collection: CollectionFolders = None,
    articles: ArticlePaths = None,
    host: Annotated[str, typer.Option("--host", help=both("监听的地址", "Address to listen on"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "Port"))] = 7860,
    no_browser: Annotated[bool, typer.Option("--no-browser", help=both("不打开浏览器", "Open no browser"))] = False,
    login: Annotated[
        bool, typer.Option("--login", help=both("只有 wenju users 里的用户能用", "For the users of wenju users alone"))
    ] = False,
    allow_host: FurtherHosts = None,
    log: LogFile = None,
    log_texts: LogTexts = False,
    model: Model = "",
) -> None:
    from qa.observing import logs
    from qa.web import serving
    from qa.web.addresses import own_addresses

    terminal, settings = begin(context, model)
    if log:
        logs.keep_in(log)
    terminal.note("正在启动……", "Starting…")
    with named_collections(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer
        from qa.library.indexes import sample_questions

        samples = () if collection or articles else sample_questions()
        answerer = Answerer(opened, settings=settings)
        page = serving.serve(
            answerer,
            host=host,
            port=port,
            open_browser=not no_browser,
            settings=settings,
            samples=samples,
            wait=False,
            login=login,
            allow_hosts=allow_host or (),
            log_texts=log_texts,
        )
        names = (*own_addresses(host, port), *(allow_host or ()))
        where = terminal.pick(" 和 ", " and ").join(names)
        terminal.note(f"问据在 {where} ，按 Ctrl-C 结束。", f"Wenju is at {where} ; Ctrl-C ends it.", "bold green")
        try:
            _wait()
        finally:
            page.close(verbose=False)


@app.command(
    cls=Command,
    help=both(
        "以 MCP 服务的身份回答别的程序（ask 和 search 两个工具，标准输入输出）。\n\n\b\n例：\n"
        "  wenju mcp --articles 报纸/",
        "Serve other programs by MCP (the tools ask and search, over standard input and output).\n\n\b\nExample:\n"
        "  wenju mcp --articles PAGES/",
    ),
)
def mcp(
    context: typer.Context, collection: CollectionFolders = None, articles: ArticlePaths = None, model: Model = ""
) -> None:
    terminal, settings = begin(context, model)
    with named_collections(terminal, settings, collection, articles) as opened:
        from qa.answerer import Answerer
        from qa.web.mcp_server import mcp_server

        mcp_server(Answerer(opened, settings=settings)).run("stdio")


@app.command(
    cls=Command, help=both("检查安装、模型、索引、内存和端口。", "Check packages, models, index, memory and port.")
)
def doctor(
    context: typer.Context,
    collection: CollectionFolder = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "Port"))] = 7860,
    repair: Annotated[
        bool, typer.Option("--repair", help=both("先修复损坏的索引", "Mend a damaged index first"))
    ] = False,
) -> None:
    from qa.cli.doctor import examine
    from qa.cli.terminal import show_checks

    terminal, settings = begin(context)
    if repair:
        _repair(terminal, settings, collection)
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
    users: Annotated[
        int,
        typer.Option(
            "--users", min=0, max=200, help=both("改为量这么多人同时在页面上提问", "So many at once on the page")
        ),
    ] = 0,
) -> None:
    if users:
        from qa.cli.crowd import show_crowd

        show_crowd(*begin(context), articles, users)
        return
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


def _repair(terminal: Terminal, settings: Settings, folder: Path | None) -> None:
    from qa.library.indexes import sample_folder
    from qa.library.mending import described, mend

    folder = folder or sample_folder(settings)
    with terminal.progress() as progress:
        mending = mend(folder, settings, progress)
    if mending.problems:
        terminal.write(described(folder, mending, settings.language))
    else:
        terminal.write(terminal.pick("索引完好，没有要修的。", "The index is whole; there is nothing to mend."))


def _wait() -> None:
    """Until Ctrl-C. Gradio has a way of its own, which prints."""
    while True:
        time.sleep(3600)
