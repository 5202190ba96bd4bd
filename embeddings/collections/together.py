"""Several collections searched as one: named ones of a person, or one's own beside those that everybody asks.

Knows what a collection can be asked, and that an article of two of them may go by one name. Changes none of them. The
scores of a search are absolute (see `embeddings.search.fusion`), so that hits of several can stand in one order.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Ids
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self, TypeAlias

from corpus.article import Article, Passage
from embeddings.collections.collection import Collection
from embeddings.collections.hit import ArticleSummary, Hit
from embeddings.encoders.encoder import Encoder

_NUMBERED = re.compile(r"(.*)@(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the collections; of its articles `only` these (ids), or all where that is None."""

    collection: Collection | Together
    only: frozenset[str] | None = None

    def has(self, name: str) -> bool:
        return (self.only is None or name in self.only) and self.collection.count(articles=[name]) > 0

    def within(self, names: Iterable[str] | None) -> tuple[str, ...] | None:
        """What to limit a search to that asks for `names` of this part (None: for all); None where nothing is left."""
        if names is None:
            return tuple(self.only) or None if self.only is not None else ()
        return tuple(name for name in names if self.only is None or name in self.only) or None

    def articles(self) -> Iterator[ArticleSummary]:
        return (each for each in self.collection.articles() if self.only is None or each.id in self.only)


class Together:
    """Collections that are searched as one. Has what `Collection` has, but for what changes one.

    An article goes by its id; one whose id an earlier collection has as well by `id@2`, where 2 is the place of its
    collection. Nothing is copied: a change of a part is seen at once.
    """

    def __init__(self, parts: Sequence[Collection | Together | Part]) -> None:
        self._parts = tuple(part if isinstance(part, Part) else Part(part) for part in parts)
        if not self._parts:
            raise ValueError("no collection is given")

    @property
    def parts(self) -> tuple[Collection, ...]:
        """The collections, in their order."""
        return tuple(single for part in self._parts for single in part.collection.parts)

    @property
    def limits(self) -> tuple[str, ...]:
        """The ids of the articles to which some parts are limited; empty where all are there whole."""
        return tuple(sorted(name for part in self._parts for name in part.only or ()))

    @property
    def whole(self) -> bool:
        """Whether no part is limited to some of its articles."""
        return all(part.only is None for part in self._parts)

    @property
    def encoder(self) -> Encoder:
        """That of the first one."""
        return self._parts[0].collection.encoder

    def search(
        self, text: str, k: int = 10, *, articles: Ids[str] = (), since: str = "", until: str = ""
    ) -> tuple[Hit, ...]:
        """The `k` passages that say most about `text`, best first, each text once; limits as `Collection.search`."""
        found: list[Hit] = []
        for place, part, within in self._limited(articles):
            hits = part.collection.search(text, k, articles=within, since=since, until=until)
            found += (replace(hit, passage=self._shown(place, hit.passage)) for hit in hits)
        found.sort(key=lambda hit: -hit.score)
        once = {(hit.passage.title, hit.passage.text): hit for hit in reversed(found)}
        best = [hit for hit in found if once[hit.passage.title, hit.passage.text] is hit][: max(0, k)]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(_placed(best), 1))

    def article(self, article_id: str) -> Article:
        """The article, under the id that it has here. Raises KeyError where it is not there."""
        part, name = self._known(article_id)
        return replace(part.collection.article(name), id=article_id)

    def text(self, article_id: str) -> str:
        """The text of an article, "" where it is not there (any more)."""
        try:
            part, name = self._known(article_id)
        except KeyError:
            return ""
        return part.collection.text(name)

    def articles(self) -> Iterator[ArticleSummary]:
        """What there is, without the texts, those of the first collection first."""
        before: set[str] = set()
        for place, part in enumerate(self._parts, 1):
            summaries = tuple(part.articles())
            for each in summaries:
                apart = each.id in before or _NUMBERED.fullmatch(each.id)
                yield replace(each, id=f"{each.id}@{place}") if apart else each
            before.update(each.id for each in summaries)

    def count(self, *, articles: Ids[str] = (), since: str = "", until: str = "") -> int:
        """How many articles a search with the same limits looks into."""
        limited = self._limited(articles)
        return sum(part.collection.count(articles=within, since=since, until=until) for _, part, within in limited)

    def dates(self) -> tuple[str, str]:
        """The first and the last date of an article; "" twice where none has any."""
        known: list[str] = []
        for part in self._parts:
            known += (each.published for each in part.articles()) if part.only is not None else part.collection.dates()
        dated = [date for date in known if date]
        return min(dated, default=""), max(dated, default="")

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article in reading order. Raises KeyError where it is not there."""
        part, name = self._known(article_id)
        return tuple(_renamed(passage, article_id) for passage in part.collection.passages(name))

    def inverse_document_frequency(self, term: str) -> float:
        """How much it says that a passage holds `term`: where it is most usual."""
        return min(part.collection.inverse_document_frequency(term) for part in self._parts)

    def close(self) -> None:
        """Close all of them."""
        for part in self._parts:
            part.collection.close()

    def __len__(self) -> int:
        return sum(len(part.collection) if part.only is None else self._size(part) for part in self._parts)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def _size(part: Part) -> int:
        return part.collection.count(articles=tuple(part.only)) if part.only else 0

    def _limited(self, articles: Ids[str]) -> Iterator[tuple[int, Part, tuple[str, ...]]]:
        """The parts to look into for a search in `articles`, each with its place and the ids it is limited to."""
        wanted: dict[int, list[str]] = {}
        for place, name in filter(None, map(self._place, articles)):
            wanted.setdefault(place, []).append(name)
        for place, part in enumerate(self._parts, 1):
            within = part.within(wanted.get(place, ()) if articles else None)
            if within is not None:
                yield place, part, within

    def _place(self, article_id: str) -> tuple[int, str] | None:
        """The place of the collection that has an article, and its id there."""
        if numbered := _NUMBERED.fullmatch(article_id):
            place, name = int(numbered[2]), numbered[1]
            return (place, name) if 0 < place <= len(self._parts) and self._parts[place - 1].has(name) else None
        return next(((place, article_id) for place, part in enumerate(self._parts, 1) if part.has(article_id)), None)

    def _known(self, article_id: str) -> tuple[Part, str]:
        found = self._place(article_id)
        if found is None:
            raise KeyError(article_id)
        return self._parts[found[0] - 1], found[1]

    def _shown(self, place: int, passage: Passage) -> Passage:
        """A passage of the collection at `place`, under the id that its article has here."""
        name = passage.article_id
        apart = _NUMBERED.fullmatch(name) or any(part.has(name) for part in self._parts[: place - 1])
        return _renamed(passage, f"{name}@{place}") if apart else passage


AnyCollection: TypeAlias = Collection | Together


def _renamed(passage: Passage, article_id: str) -> Passage:
    return replace(passage, id=article_id + passage.id.removeprefix(passage.article_id), article_id=article_id)


def _placed(hits: Sequence[Hit]) -> list[Hit]:
    """`hits` with the places that their ways of searching give them among each other."""
    terms = sorted((hit.terms.score for hit in hits if hit.terms), reverse=True)
    vectors = sorted((hit.vectors.score for hit in hits if hit.vectors), reverse=True)
    return [
        replace(
            hit,
            terms=replace(hit.terms, rank=terms.index(hit.terms.score) + 1) if hit.terms else None,
            vectors=replace(hit.vectors, rank=vectors.index(hit.vectors.score) + 1) if hit.vectors else None,
        )
        for hit in hits
    ]
