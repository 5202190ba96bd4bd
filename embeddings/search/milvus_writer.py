"""How a generation is written to a Milvus server, so that a kill at any moment loses nothing.

Rows only ever come; what is taken out is first only noted (`embeddings/search/milvus_place.py`) and cleared away when
no generation that is kept shows it any more. What a killed writer left is cleared by the next one. Knows the folders of
the generations beside the one in the making; nothing of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.errors import CollectionError
from corpus.text.exact import passage_terms
from embeddings.search.milvus_place import PREFIX, Place, coded, read_place, scalars
from embeddings.search.milvus_server import Server, checked, server

_NUMBER = re.compile(r"\d+$")


class MilvusWriter:
    """Writes the rows of a generation in the making, and in the end its place."""

    def __init__(self, path: Path, base: Path | None, dimension: int, address: str) -> None:
        """Go on with what the place at `base` shows, or begin at `address`; the new place is to go to `path`."""
        self._path = path
        self._fresh = base is None
        kept = dict(_kept(path))
        if base:
            self._place = read_place(base)
        else:
            self._place = _new_place(checked(address), [place.name for place in kept.values()])
        self._server: Server = server(self._place.address)
        _drop_forgotten(self._server, self._place, [place.name for place in kept.values()])
        if base:
            # No generation from before the base shows what it says to be gone, and nothing shows what is newer.
            older = [place for number, place in kept.items() if number < int(base.parent.name)]
            cleared = {row for place in older if place.name == self._place.name for row in place.gone}
            self._server.delete_rows(self._place.name, cleared)
            self._server.delete(self._place.name, f"row > {self._place.newest}")
            self._place = replace(self._place, gone=tuple(row for row in self._place.gone if row not in cleared))
        else:
            self._server.create(self._place.name, dimension)
        self._shown_before = self._place.newest

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32], passages: Sequence[Passage]) -> None:
        put_in = []
        for row, vector, passage in zip(rows, vectors, passages, strict=True):
            text, title = (coded(terms) for terms in passage_terms(passage))
            put_in.append({"row": row, "vector": vector.tolist(), "text": text, "title": title, **scalars(passage)})
        self._server.insert(self._place.name, put_in)
        self._place = replace(self._place, newest=max((self._place.newest, *rows)))

    def remove(self, rows: Sequence[int]) -> None:
        self._server.delete_rows(self._place.name, [row for row in rows if row > self._shown_before])
        noted = [row for row in rows if row <= self._shown_before]
        self._place = replace(self._place, gone=(*self._place.gone, *noted))

    def finish(self) -> None:
        self._server.settle(self._place.name)
        self._place.write(self._path)

    def abandon(self) -> None:
        if self._fresh:
            with suppress(CollectionError):
                self._server.drop(self._place.name)


def _kept(path: Path) -> Iterator[tuple[int, Place]]:
    """The places of the generations that are kept beside the one in the making whose place goes to `path`."""
    for place in path.parents[1].glob(f"*/{path.name}"):
        if place.parent.name.isdecimal():
            with suppress(OSError, ValueError, TypeError, KeyError):
                yield int(place.parent.name), read_place(place)


def _new_place(address: str, kept: Sequence[str]) -> Place:
    """A name of the family that the generations beside it have, so that what is left of them is known for theirs."""
    if not kept:
        return Place(address, f"{PREFIX}{uuid4().hex[:12]}_1")
    family = Place(address, kept[0]).family
    number = max(int(found[0]) for name in kept if (found := _NUMBER.search(name)))
    return Place(address, f"{family}{number + 1}")


def _drop_forgotten(found: Server, place: Place, kept: Sequence[str]) -> None:
    """Take away the Milvus collections of this family that no generation names any more."""
    for name in found.names():
        if name.startswith(place.family) and name not in kept:
            found.drop(name)
