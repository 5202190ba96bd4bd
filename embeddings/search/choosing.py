"""Which kind of index a collection has: files of its own, or a Milvus server.

A generation that has a `milvus.json` is looked up on the server that this names; every other one has its own files. New
collections go where the address says that they are made with.
"""

from __future__ import annotations

from pathlib import Path

from embeddings.search.local_index import LocalIndex, LocalWriter
from embeddings.search.passage_index import IndexWriter, PassageIndex

PLACE = "milvus.json"


def open_index(folder: Path) -> PassageIndex:
    """The index of the generation in `folder`, open for reading.

    Raises CollectionError where its server does not answer, MissingPackage where pymilvus is not installed, and what
    the libraries say of damaged files.
    """
    if not (folder / PLACE).exists():
        return LocalIndex(folder)
    from embeddings.search.milvus_index import MilvusIndex

    return MilvusIndex(folder / PLACE)


def index_writer(folder: Path, base: Path | None, dimension: int, address: str = "") -> IndexWriter:
    """A writer of the index of the generation in the making in `folder`, which goes on with that in `base`.

    Without `base` it begins a new one: on the Milvus server at `address`, or in files where this is "".
    """
    place = base / PLACE if base and (base / PLACE).exists() else None
    if place is None and (base or not address):
        return LocalWriter(folder, base, dimension)
    from embeddings.search.milvus_writer import MilvusWriter

    return MilvusWriter(folder / PLACE, place, dimension, address)


def address_of(folder: Path) -> str:
    """The address of the server that the generation in `folder` is indexed on, "" where that has files of its own.

    Raises what comes of a damaged `milvus.json`.
    """
    if not (folder / PLACE).exists():
        return ""
    from embeddings.search.milvus_place import read_place

    return read_place(folder / PLACE).address
