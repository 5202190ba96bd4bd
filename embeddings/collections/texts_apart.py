"""The texts of a collection, nearly all of its bytes, in a file of their own that its generations share.

    articles.sqlite    articles, passages, and the texts that came since the other file was written
    texts.sqlite       the texts from before that: of large collections shared, and never changed

Knows where a text is to be found and when the two are made one again. Texts of articles that are gone stay in the
shared file until then: a row is never used twice, so nobody comes across them.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from embeddings.sharing import SHARED_FROM, worth_writing_anew

TEXTS = "texts.sqlite"
OLDER = "older"
"""What the shared file is called beside the other."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS {}.texts (
    row INTEGER PRIMARY KEY, text BLOB NOT NULL, raw BLOB, raw_start INTEGER NOT NULL, runs BLOB NOT NULL,
    tables TEXT NOT NULL);
"""
_WRITTEN = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"


def attach(connection: sqlite3.Connection, articles: Path, *, writable: bool = False) -> tuple[str, ...]:
    """Have the texts beside the file `articles` at hand; returns the tables that texts are in, those to add to first.

    With `writable` they are made where there are none, and all texts go there.
    """
    path = articles.with_name(TEXTS)
    if not writable and not path.exists():
        return ("main.texts",)
    address = f"{path.absolute().as_uri()}?{'mode=rwc' if writable else 'mode=ro&immutable=1'}"
    connection.execute(f"ATTACH ? AS {OLDER}", (address,))
    if not writable:
        return ("main.texts", f"{OLDER}.texts")
    connection.executescript(f"PRAGMA {OLDER}.journal_mode = OFF; PRAGMA {OLDER}.synchronous = OFF;")
    connection.executescript(SCHEMA.format(OLDER))
    return (f"{OLDER}.texts", "main.texts")


def found_in(
    tables: Iterable[str], ask: Callable[[str, Any], list[Any]], columns: str, rows: Iterable[int]
) -> dict[int, tuple[Any, ...]]:
    """`columns` of the texts in `rows`, by row, out of whichever of `tables` has them; those in none are left out."""
    wanted = json.dumps(sorted(rows))
    found: dict[int, tuple[Any, ...]] = {}
    for table in tables:
        statement = f"SELECT row, {columns} FROM json_each(?) JOIN {table} ON row = value"
        found |= {row: tuple(values) for row, *values in ask(statement, (wanted,))}
    return found


def gather(articles: Path) -> None:
    """Put the texts in the file `articles` to those beside it, where they are many; nobody may have it open.

    The file beside it is written anew: other generations have the one that was there.
    """
    path = articles.with_name(TEXTS)
    with closing(sqlite3.connect(articles)) as connection:
        size = "coalesce(sum(length(text) + coalesce(length(raw), 0) + length(runs) + length(tables)), 0)"
        waiting = int(connection.execute(f"SELECT {size} FROM texts").fetchone()[0])
    before = path.stat().st_size if path.exists() else 0
    if not waiting or (before >= SHARED_FROM and not worth_writing_anew(waiting, before)):
        return
    made = path.with_suffix(".new")
    if before:
        shutil.copyfile(path, made)
    with closing(sqlite3.connect(made)) as connection:
        connection.executescript(_WRITTEN + SCHEMA.format("main"))
        connection.execute("ATTACH ? AS fresh", (str(articles),))
        connection.execute("INSERT INTO main.texts SELECT * FROM fresh.texts")
        connection.execute("DELETE FROM main.texts WHERE row NOT IN (SELECT row FROM fresh.articles)")
        connection.commit()
    made.replace(path)
    with closing(sqlite3.connect(articles)) as connection:
        connection.executescript(_WRITTEN)
        connection.execute("DELETE FROM texts")
        connection.commit()
        connection.execute("VACUUM")
