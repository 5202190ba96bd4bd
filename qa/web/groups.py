"""The named collections of a visitor: which of the visitor's articles belong together, under what name.

Knows names and ids of articles, and the file in which a visitor's are kept. The articles themselves lie in the one
index that the visitor has, so that any of these may be asked together; an article may be in several. May be used from
many threads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from corpus.errors import InputError
from qa.web.arrivals import private_folder

MOST_GROUPS = 50
LONGEST_NAME = 40  # characters
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Group:
    """One named collection; `articles` are ids, in the order in which they came."""

    name: str
    articles: tuple[str, ...] = ()


def plain_name(name: str) -> str:
    """`name` as it is kept: in one line, without what cannot be seen. Raises InputError where nothing is left."""
    kept = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:LONGEST_NAME].strip()
    if not kept:
        raise InputError("还没有写文集的名字。", "The collection has no name yet.")
    return kept


class Groups:
    """The named collections of all visitors, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, visitor: str) -> tuple[Group, ...]:
        """Those of `visitor`, as they were made; none where nothing can be read."""
        try:
            said = json.loads(self._file(visitor).read_text(encoding="utf-8"))
            return tuple(Group(str(each["name"]), tuple(map(str, each["articles"]))) for each in said)
        except (OSError, ValueError, TypeError, KeyError):
            return ()

    def articles(self, visitor: str, names: Collection[str]) -> tuple[str, ...]:
        """The ids of the articles that are in any of `names`, each once."""
        found = (each.articles for each in self.of(visitor) if each.name in names)
        return tuple(dict.fromkeys(article for articles in found for article in articles))

    def begin(self, visitor: str, name: str, articles: Collection[str] = ()) -> str:
        """Make one with `articles` in it; its name. Raises InputError where there is one of that name, or too many."""
        plain = plain_name(name)

        def begun(groups: tuple[Group, ...]) -> tuple[Group, ...]:
            _check_new(plain, groups)
            if len(groups) >= MOST_GROUPS:
                raise InputError(
                    f"已有 {MOST_GROUPS} 个文集，不能更多了。请先删去一个。",
                    f"There are {MOST_GROUPS} collections, which is the most. Remove one first.",
                )
            return (*groups, Group(plain, tuple(articles)))

        self._change(visitor, begun)
        return plain

    def rename(self, visitor: str, name: str, to: str) -> str:
        """Call `name` otherwise; the new name. Raises InputError where there is one of that name."""
        plain = plain_name(to)

        def renamed(groups: tuple[Group, ...]) -> tuple[Group, ...]:
            if plain != name:
                _check_new(plain, groups)
            return tuple(replace(each, name=plain) if each.name == name else each for each in groups)

        self._change(visitor, renamed)
        return plain

    def add(self, visitor: str, name: str, articles: Collection[str]) -> None:
        """Put `articles` into `name`."""
        self._change(
            visitor,
            lambda groups: tuple(
                replace(each, articles=tuple(dict.fromkeys((*each.articles, *articles)))) if each.name == name else each
                for each in groups
            ),
        )

    def remove(self, visitor: str, name: str) -> tuple[str, ...]:
        """Forget `name`; the articles that are in no other one now."""
        alone: list[str] = []

        def left(groups: tuple[Group, ...]) -> tuple[Group, ...]:
            rest = tuple(each for each in groups if each.name != name)
            elsewhere = {article for each in rest for article in each.articles}
            gone = (article for each in groups if each.name == name for article in each.articles)
            alone.extend(article for article in gone if article not in elsewhere)
            return rest

        self._change(visitor, left)
        return tuple(alone)

    def forget(self, visitor: str, articles: Collection[str]) -> None:
        """Take `articles` out of all."""
        gone = set(articles)
        self._change(
            visitor,
            lambda groups: tuple(
                replace(each, articles=tuple(one for one in each.articles if one not in gone)) for each in groups
            ),
        )

    def _change(self, visitor: str, change: Callable[[tuple[Group, ...]], tuple[Group, ...]]) -> None:
        with _lock:
            before = self.of(visitor)
            after = change(before)
            if after == before:
                return
            path = private_folder(self.folder) / self._file(visitor).name
            said = [{"name": each.name, "articles": each.articles} for each in after]
            written = path.with_suffix(".new")
            written.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
            written.replace(path)

    def _file(self, visitor: str) -> Path:
        if not visitor.isalnum():
            raise ValueError("not the name of a visitor")
        return self.folder / f"{visitor}.json"


def _check_new(name: str, groups: tuple[Group, ...]) -> None:
    if any(each.name == name for each in groups):
        raise InputError(
            f"已经有叫“{name}”的文集。请换个名字。", f"There is a collection {name!r}. Choose another name."
        )
