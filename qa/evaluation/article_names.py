"""Which articles a question set means: it may name them by id, by file or by title.

Knows names and the table of contents of a collection. Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from embeddings.collections.hit import ArticleSummary


def ids_by_name(summaries: Iterable[ArticleSummary]) -> Mapping[str, tuple[str, ...]]:
    """Names that articles go by, and the ids of those that go by them.

    An id beats what stands in it after "#" (the row of a file), that a file's name, that the name without its ending,
    and that a title. Several articles of one page share the name of its file.
    """
    tables: tuple[dict[str, list[str]], ...] = ({}, {}, {}, {}, {})
    for summary in summaries:
        file, _, row = summary.id.partition("#")
        name = PurePath(file.replace("\\", "/")).name
        for table, key in zip(tables, (summary.id, row, name, _stem(name), summary.title.strip()), strict=True):
            if key:
                table.setdefault(key, []).append(summary.id)
    known: dict[str, tuple[str, ...]] = {}
    for table in reversed(tables):
        known.update((name, tuple(ids)) for name, ids in table.items())
    return known


def resolve(names: Iterable[str], known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The ids of the articles that go by `names`, each once; names that nobody knows are left out."""
    found = (article for name in names for article in known.get(name) or known.get(name.strip("《》 "), ()))
    return tuple(dict.fromkeys(found))


def _stem(name: str) -> str:
    """`name` without its ending, and without that inside: "页.txt.gz" is "页"."""
    return PurePath(name.removesuffix(".gz")).stem
