"""Which articles a visitor asks, and which of them the list shows: what the browser tells of both.

Knows summaries of articles, nothing of how they look. What a browser tells is JSON that anybody may have written: what
is not as it should be counts as not said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.collections.hit import ArticleSummary
    from qa.answerer import Answerer

LISTED = 200  # rows of the list
MOST_TICKED = 1000
LONGEST_WISH = 200_000  # characters
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_SORTS: dict[str, tuple[Callable[[ArticleSummary], str], bool]] = {
    "newest": (lambda each: each.published, True),
    "oldest": (lambda each: each.published or "9", False),
    "title": (lambda each: each.title or each.source, False),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Whom a visitor asks: the shared articles, or `own` ones under the visitor's name.

    Of those only `articles` (ids) where any are named, published from `since` to `until` (ISO dates, "" for no limit);
    of the own ones only those in `groups`, the visitor's named collections, where any are chosen. `with_shared`: beside
    the own ones the shared ones, too.
    """

    visitor: str = ""
    own: Answerer | None = None
    asks_own: bool = False
    articles: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    groups: tuple[str, ...] = ()
    with_shared: bool = False


@dataclass(frozen=True, slots=True)
class Browsed:
    """What the list shows: articles with all words of `query`, by `sort` ("" for the order in which they came)."""

    query: str = ""
    sort: str = ""

    def pick(
        self, articles: Iterable[ArticleSummary], since: str = "", until: str = ""
    ) -> tuple[tuple[ArticleSummary, ...], int]:
        """The first LISTED of the articles to show, and how many there are."""
        wanted = self.query.casefold().split()
        found = [each for each in articles if _has(each, wanted) and is_within(each.published, since, until)]
        if self.sort in _SORTS:
            key, backwards = _SORTS[self.sort]
            found.sort(key=key, reverse=backwards)
        return tuple(found[:LISTED]), len(found)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the browser tells: `does` ("", "remove", "untick", "no-dates" or, of a named collection, "group",
    "no-groups", "begin-group", "rename-group", "remove-group"), what to list, a row or the named collection `group`
    ticked or not, and the `name` that one is to have. With "recall": which `groups` or `articles` were asked before,
    own ones where `on`, shared ones beside them `with_shared`. With "shared": whether they are, as `on` says."""

    does: str = ""
    query: str = ""
    sort: str = ""
    since: str = ""
    until: str = ""
    tick: str = ""
    on: bool = False
    group: str = ""
    name: str = ""
    groups: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    with_shared: bool = False

    def browsed(self, before: Browsed) -> Browsed:
        return replace(before, query=self.query[:200], sort=self.sort if self.sort in _SORTS else "")

    def ticked(self, selection: Selection) -> Selection:
        """The selection with what is ticked and dated now."""
        since, until = ("", "") if self.does == "no-dates" else (self.since, self.until)
        articles = () if self.does == "untick" else selection.articles
        if self.tick:
            articles = tuple(name for name in articles if name != self.tick)
            articles += (self.tick,) if self.on and len(articles) < MOST_TICKED else ()
        return replace(selection, articles=articles, since=since, until=until)


def wish_of(text: object) -> Wish:
    """The wish that `text` tells; an empty one where it tells none."""
    try:
        said: Any = json.loads(text) if isinstance(text, str) and len(text) < LONGEST_WISH else {}
    except (RecursionError, ValueError):
        said = {}
    said = said if isinstance(said, dict) else {}

    def told(name: str) -> str:
        return said[name] if isinstance(said.get(name), str) else ""

    def dated(name: str) -> str:
        return told(name) if _DATE.fullmatch(told(name)) else ""

    def listed(name: str) -> tuple[str, ...]:
        value = said.get(name)
        return tuple(each for each in value[:MOST_TICKED] if isinstance(each, str)) if isinstance(value, list) else ()

    on, shared = said.get("on") is True, said.get("shared") is True
    limits = (told("query"), told("sort"), dated("since"), dated("until"))
    chosen = (listed("groups"), listed("articles"), shared)
    return Wish(told("do"), *limits, told("tick"), on, told("group"), told("name"), *chosen)


def is_within(published: str, since: str, until: str) -> bool:
    """Whether a date is in a period, as a collection has it: at the coarser precision; no date is in none."""
    if not since and not until:
        return True
    width = len(published)
    after = not since or published[: len(since)] >= since[:width]
    before = not until or published[: len(until)] <= until[:width]
    return bool(published) and after and before


def _has(article: ArticleSummary, wanted: list[str]) -> bool:
    text = f"{article.title} {article.source} {article.author} {article.published}".casefold()
    return all(word in text for word in wanted)
