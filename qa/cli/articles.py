"""The commands around articles: `wenju articles list`, `wenju articles show`, `wenju articles remove`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from qa.cli.help import Command, Group, both
from qa.cli.options import ArticlePaths, CollectionFolder, begin, named_collection

if TYPE_CHECKING:
    from embeddings.collections.collection import Collection

app = typer.Typer(cls=Group, help=both("列出、查看、删除索引里的文章。", "List, show or remove the articles."))


@app.command("list", cls=Command, help=both("列出文章。", "List the articles."))
def list_articles(context: typer.Context, collection: CollectionFolder = None, articles: ArticlePaths = None) -> None:
    from qa.cli.terminal import show_articles
    from qa.library.trained_encoder import described

    terminal, settings = begin(context)
    with named_collection(terminal, settings, collection, articles) as opened:
        show_articles(terminal, list(opened.articles()))
        encoder = described(opened.manifest, settings.language)
        terminal.note(f"{len(opened)} 篇，{encoder}", f"{len(opened)} articles, {encoder}", "dim")


@app.command("show", cls=Command, help=both("显示一篇文章。", "Show one article."))
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


@app.command("remove", cls=Command, help=both("从索引里删去文章，文件不动。", "Take articles out of the index."))
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
