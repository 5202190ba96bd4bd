"""A Milvus server, or Milvus Lite in a file, through pymilvus: the one module that imports it.

Knows the fields of a passage there and what to ask for; not which rows are to be seen. Words are scored by BM25 on the
server, texts and titles apart. Every call raises CollectionError where the server does not do what it is asked to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import CollectionError, InputError, MissingPackage

TOKEN = "WENJU_MILVUS_TOKEN"
TEXT, TITLE, VECTOR = "text_words", "title_words", "vector"
# As tantivy has them.
_BM25 = {"bm25_k1": 1.2, "bm25_b": 0.75}
_ROWS_AT_ONCE = 1_000
_SECONDS = 60.0

_Result = TypeVar("_Result")


class Server:
    """A connection to `address`. May be used from many threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._milvus = _pymilvus()
        self._client: Any = self._tried(
            lambda: self._milvus.MilvusClient(uri=address, token=os.environ.get(TOKEN, ""), timeout=_SECONDS)
        )

    def names(self) -> list[str]:
        """The names of the Milvus collections there are."""
        return list(self._tried(self._client.list_collections))

    def create(self, name: str, dimension: int) -> None:
        """An empty Milvus collection for passages with vectors of `dimension`."""
        milvus, client = self._milvus, self._client
        kinds = milvus.DataType
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", kinds.INT64, is_primary=True)
        schema.add_field(VECTOR, kinds.FLOAT_VECTOR, dim=dimension)
        for field in ("article", "first_day", "last_day"):
            schema.add_field(field, kinds.VARCHAR, max_length=32)
        indexes = client.prepare_index_params()
        indexes.add_index(VECTOR, index_type="AUTOINDEX", metric_type="IP")
        for source, words in (("text", TEXT), ("title", TITLE)):
            analyzed: dict[str, Any] = {"enable_analyzer": True, "analyzer_params": {"tokenizer": "standard"}}
            schema.add_field(source, kinds.VARCHAR, max_length=65_535, enable_match=source == "text", **analyzed)
            schema.add_field(words, kinds.SPARSE_FLOAT_VECTOR)
            schema.add_function(milvus.Function(words, milvus.FunctionType.BM25, [source], [words]))
            indexes.add_index(words, index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=_BM25)
        self._tried(
            lambda: client.create_collection(name, schema=schema, index_params=indexes, consistency_level="Strong")
        )

    def load(self, name: str) -> None:
        """Have the server make `name` ready to be searched, where it is not."""
        self._tried(lambda: self._client.load_collection(name))

    def drop(self, name: str) -> None:
        self._tried(lambda: self._client.drop_collection(name))

    def insert(self, name: str, passages: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(passages), _ROWS_AT_ONCE):
            self._tried(partial(self._client.insert, name, list(passages[start : start + _ROWS_AT_ONCE])))

    def settle(self, name: str) -> None:
        """Have Milvus Lite write out what it was given: until then it weighs words by the rows of one search alone.

        A server weighs them by all rows, and takes it ill to be asked too often.
        """
        if self.address.endswith(".db"):
            self._tried(lambda: self._client.flush(name))

    def delete(self, name: str, condition: str) -> None:
        """Take out what `condition` holds for."""
        self._tried(lambda: self._client.delete(name, filter=condition))

    def delete_rows(self, name: str, rows: Iterable[int]) -> None:
        """Take out `rows`; those that are not there are passed over."""
        waiting = list(rows)
        for start in range(0, len(waiting), _ROWS_AT_ONCE):
            self.delete(name, f"row in {waiting[start : start + _ROWS_AT_ONCE]}")

    def count(self, name: str, condition: str) -> int:
        """How many rows `condition` holds for."""
        found = self._tried(lambda: self._client.query(name, filter=condition, output_fields=["count(*)"]))
        return int(found[0]["count(*)"])

    def vectors(self, name: str, rows: Sequence[int]) -> dict[int, list[float]]:
        """The vectors of `rows`; those that are not there are left out."""
        found = self._tried(
            lambda: self._client.query(name, filter=f"row in {list(rows)}", output_fields=["row", VECTOR])
        )
        return {int(each["row"]): each[VECTOR] for each in found}

    def by_words(self, name: str, field: str, words: str, count: int, condition: str) -> dict[int, float]:
        """The `count` rows whose `field` (TEXT or TITLE) says most about `words`, with their BM25 scores."""
        return self._search(name, field, words, "BM25", count, condition)

    def by_vector(self, name: str, query: NDArray[np.float32], count: int, condition: str) -> dict[int, float]:
        """The `count` rows nearest to `query`, with their inner products."""
        return self._search(name, VECTOR, query.tolist(), "IP", count, condition)

    def _search(self, name: str, field: str, wanted: Any, metric: str, count: int, condition: str) -> dict[int, float]:
        found = self._tried(
            lambda: self._client.search(
                name, data=[wanted], anns_field=field, limit=count, filter=condition, output_fields=["row"],
                search_params={"metric_type": metric},
            )
        )  # fmt: skip
        # Milvus Lite has BM25 as a distance, below 0; no score of a row that shares a word is 0.
        sign = -1 if metric == "BM25" and any(hit["distance"] < 0 for hit in found[0]) else 1
        scores = {int(hit["row"]): sign * float(hit["distance"]) for hit in found[0]}
        return {row: score for row, score in scores.items() if score > 0 or metric == "IP"}

    def _tried(self, work: Callable[[], _Result]) -> _Result:
        try:
            return work()
        except Exception as error:
            said = " ".join(str(error).split())[:300]
            raise CollectionError(
                f"Milvus（{self.address}）没有照办：{said}。请检查它是否在运行、地址和 {TOKEN} 是否正确。",
                f"Milvus ({self.address}) did not do what it was asked to: {said}. Check that it is running, and its "
                f"address and {TOKEN}.",
            ) from error


@lru_cache(maxsize=16)
def server(address: str) -> Server:
    """The connection to the server at `address`, one for the whole process."""
    return Server(address)


def checked(address: str) -> str:
    """`address` as it is kept: a URI as it is, the file of Milvus Lite by its whole path.

    Raises InputError where it is neither.
    """
    if address.startswith(("http://", "https://", "tcp://", "unix:")):
        return address
    if address.endswith(".db"):
        return str(Path(address).expanduser().resolve())
    raise InputError(
        f"“{address}”不是 Milvus 的地址。应当像 http://主机:19530，或一个 .db 文件（Milvus Lite）。",
        f"{address!r} is no address of Milvus. It should be like http://host:19530, or a .db file (Milvus Lite).",
    )


def _pymilvus() -> Any:
    try:
        import pymilvus
    except ImportError as error:
        raise MissingPackage(
            "索引在 Milvus 里，但没有安装 pymilvus。请运行：pip install 'wenju[milvus]'",
            "The index is kept in Milvus, and pymilvus is not installed. Run: pip install 'wenju[milvus]'",
        ) from error
    return pymilvus
