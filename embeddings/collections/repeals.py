"""Which articles of a collection others put out of force: 《…》同时废止 in a later one.

Knows titles, days and the table of an article store that keeps what is repealed. A title is compared without the
number or year in brackets behind it; 关于印发《甲》的通知 is 甲, too.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from corpus.article import Article, Passage
from corpus.text.terms import squeeze

SCHEMA = """
CREATE TABLE IF NOT EXISTS repeals (name TEXT NOT NULL, article INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS repeals_of_name ON repeals (name);
"""
Ask = Callable[[str, Any], Sequence[Any]]
"""Runs a statement with values, and returns its rows."""

_Told = TypeVar("_Told", Article, Passage)
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]$")
_ISSUES = re.compile(r"关于(?:印发|发布|公布|颁布|修订|施行|实行)[^《]{0,12}《([^》]{2,80})》")


@dataclass(frozen=True, slots=True)
class _Repealing:
    article_id: str
    title: str
    published: str


def rows_for(article: Article, row: int) -> Iterator[tuple[str, int]]:
    """What is kept of an article that is stored in `row`."""
    return ((title_key(name), row) for name in article.validity.repeals)


def title_key(title: str) -> str:
    """What titles are compared by."""
    return squeeze(_BRACKETS.sub("", title.strip()))


def in_force(ask: Ask, titles: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Of articles (id, title, published) those that another one puts out of force: the title of that one, by id."""
    told = {one: title_keys(one[1]) for one in titles}
    wanted = json.dumps(sorted({key for keys in told.values() for key in keys}), ensure_ascii=False)
    try:
        found = ask(
            "SELECT name, articles.id, title, published FROM json_each(?) JOIN repeals ON name = value "
            "JOIN articles ON articles.row = article",
            (wanted,),
        )
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return {}  # a store that was made before this was kept
    repealing: dict[str, list[_Repealing]] = {}
    for name, *other in found:
        repealing.setdefault(name, []).append(_Repealing(*other))
    result = {}
    for one, keys in told.items():
        by = next((by for key in keys for by in repealing.get(key, ()) if _puts_out(by, *one)), None)
        if by:
            result[one[0]] = by.title
    return result


def with_repeal(one: _Told, by: str) -> _Told:
    """`one` put out of force by the rules with the title `by` ("" for none)."""
    return replace(one, validity=replace(one.validity, repealed=True, repealed_by=by)) if by else one


def title_keys(title: str) -> tuple[str, ...]:
    """The names that rules with this title go by."""
    issued = _ISSUES.search(title)
    return (title_key(title), *((title_key(issued[1]),) if issued else ()))


def _puts_out(by: _Repealing, article_id: str, title: str, published: str) -> bool:
    """Whether `by` means this article: another one, not younger; of the same title, one that is surely older."""
    if by.article_id == article_id:
        return False
    dated = bool(published and by.published)
    if set(title_keys(by.title)) & set(title_keys(title)):
        return dated and published < by.published
    return not (dated and published > by.published)
