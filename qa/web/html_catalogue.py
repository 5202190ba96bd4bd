"""The place for files and the list of articles as HTML.

Pure functions from values to strings; knows nothing of Gradio, files or collections. A row leads to its article by
`data-article`; what is ticked, removed or looked for is told to the page by articles.js.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.web import arrivals
from qa.web.html import escape
from qa.web.texts import Words
from qa.web.uploads import KEPT_DAYS


class Listed(Protocol):
    """What the list of articles shows of each; a collection's summaries have it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def published(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """`articles`, the first of `found` of `total`; those `ticked` are asked, or all, published in the period.

    They are the visitor's `own`, those of the named collections `groups` where there are any, and those called
    `beside` ("" for none); or else the shared ones.
    """

    articles: Sequence[Listed]
    found: int
    total: int
    ticked: Sequence[str] = ()
    since: str = ""
    until: str = ""
    own: bool = False
    groups: Sequence[str] = ()
    beside: str = ""


def draw_drop(words: Words) -> str:
    """Where files and folders are put in, with the limits. Nothing is sent before they are chosen."""
    limits = words.shelf.put_in_limits.format(
        size=arrivals.LARGEST_FILE >> 20, files=arrivals.MOST_FILES, batch=arrivals.LARGEST_BATCH >> 30
    )
    data = drop_data(words, "arrived", most=arrivals.MOST_FILES)
    return (
        f'<div class="put-in" lang="{words.locale}"><h3>{words.put_in}</h3><p>{words.put_in_hint}</p>'
        f'<div class="drop" {data}><p>{words.drop_here}</p><p class="choose">'
        f'<label class="pick">{words.shelf.pick_files}<input type="file" multiple></label>'
        f'<label class="pick">{words.shelf.pick_folder}<input type="file" webkitdirectory></label></p></div>'
        f'<ol class="sending" role="status" aria-label="{escape(words.sending)}"></ol>'
        f"<p>{limits}{words.kept_where.format(days=KEPT_DAYS)}</p></div>"
    )


def drop_data(words: Words, box: str, *, most: int) -> str:
    """What articles.js has to know of a place for at most so many files: its limits, its words, whom to tell."""
    return (
        f'data-box="{box}" data-largest="{arrivals.LARGEST_FILE}" data-most="{most}" '
        f'data-too-large="{escape(words.shelf.too_large.format(size=arrivals.LARGEST_FILE >> 20))}" '
        f'data-too-many="{escape(words.shelf.too_many)}" data-broken="{escape(words.shelf.upload_broken)}"'
    )


def draw_browse(words: Words) -> str:
    """What the list can be searched and sorted by, and the period that is asked."""
    sorts = "".join(f'<option value="{value}">{escape(name)}</option>' for value, name in words.shelf.sorts.items())
    label = escape(words.shelf.search_articles)
    return (
        f'<form class="browse"><input type="search" name="query" placeholder="{label}" aria-label="{label}">'
        f'<select name="sort" aria-label="{escape(words.shelf.sort_by)}">{sorts}</select>'
        f'<label>{words.shelf.since}<input type="date" name="since"></label>'
        f'<label>{words.shelf.until}<input type="date" name="until"></label></form>'
    )


def draw_catalogue(shelf: Shelf, words: Words) -> str:
    """The list of articles, above it what questions are limited to."""
    rows = "".join(_draw_row(article, shelf, words) for article in shelf.articles)
    count = str(shelf.total) if shelf.found == shelf.total else f"{shelf.found} / {shelf.total}"
    shown = len(shelf.articles)
    cut = f"<p>{words.titles_cut.format(total=shelf.found, shown=shown)}</p>" if shown < shelf.found else ""
    none = "" if rows else f"<p>{words.shelf.no_such_articles}</p>"
    return (
        f'<section class="catalogue" data-chosen="{escape(_chosen(shelf))}">'
        f'<h3>{words.titles} <span class="count">{count}</span></h3>'
        f"{draw_scope(shelf, words)}{cut}{none}<ol>{rows}</ol></section>"
    )


def _chosen(shelf: Shelf) -> str:
    """What is asked, for the browser to keep."""
    said = {"own": shelf.own, "shared": bool(shelf.beside), "groups": shelf.groups, "articles": shelf.ticked}
    return json.dumps({**said, "since": shelf.since, "until": shelf.until}, ensure_ascii=False)


def draw_scope(shelf: Shelf, words: Words) -> str:
    """What questions are limited to, each with a button that ends it; for one's own ticked ones, one that removes."""
    chips = ""
    if shelf.groups:
        names = "、".join(shelf.groups)
        told = words.shelf.and_shared.format(name=names, shared=shelf.beside) if shelf.beside else names
        chips += _chip(words.shelf.only_groups.format(names=escape(told)), "no-groups", words)
    if shelf.since or shelf.until:
        period = draw_period(shelf.since, shelf.until, words)
        chips += _chip(words.shelf.only_dates.format(period=period), "no-dates", words)
    if shelf.ticked:
        chips += _chip(words.shelf.only_ticked.format(count=len(shelf.ticked)), "untick", words)
        if shelf.own and not shelf.beside:
            told = words.shelf.remove_ticked.format(count=len(shelf.ticked))
            sure = escape(words.shelf.remove_sure.format(count=len(shelf.ticked)))
            chips += f'<button type="button" class="remove" data-shelf="remove" data-sure="{sure}">{told}</button>'
    return f'<p class="scope">{chips}</p>' if chips else ""


def draw_period(since: str, until: str, words: Words) -> str:
    """A period in words."""
    if since and until:
        return words.shelf.period.format(since=escape(since), until=escape(until))
    return (
        words.shelf.period_since.format(since=escape(since))
        if since
        else words.shelf.period_until.format(until=escape(until))
    )


def _chip(text: str, ends: str, words: Words) -> str:
    button = f'<button type="button" data-shelf="{ends}" aria-label="{escape(words.shelf.no_limit)}：{text}">×</button>'
    return f'<span class="limit">{text}{button}</span>'


def _draw_row(article: Listed, shelf: Shelf, words: Words) -> str:
    title, name = escape(article.title or words.untitled), escape(article.id)
    checked = " checked" if article.id in shelf.ticked else ""
    return (
        f'<li><input type="checkbox" data-tick="{name}" aria-label="{escape(words.shelf.tick)}：{title}"{checked}>'
        f'<div><button type="button" class="title" data-article="{name}">{title}</button>'
        f"<small>{escape(article.published or words.no_date)} · {escape(article.source)}</small></div></li>"
    )
