"""A damaged collection mended, and the files of what could not be saved marked to be read again.

Knows which encoder a collection without a manifest was made with, and how files are recognised as unread. What can be
saved is the business of `embeddings/collections/mending.py`.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

from embeddings.collections.collection import Collection
from embeddings.collections.indexing import Progress
from embeddings.collections.mending import Mending
from embeddings.encoders.loading import load_encoder
from qa.library.file_records import NEVER, load_records, save_records
from qa.library.trained_encoder import own_encoder
from qa.settings import Settings


def mend(folder: Path, settings: Settings, progress: Progress | None = None) -> Mending:
    """Make the collection in `folder` whole. Raises what `Collection.mend` raises.

    What could only be had as it was before, or not at all, counts as never read: the next update of the collection
    reads the files of it again.
    """
    encoder = load_encoder(own_encoder(folder) or settings.encoder, downloads=settings.downloads)
    mending = Collection.mend(folder, encoder=encoder, progress=progress)
    if mending.problems:
        with Collection.open(folder) as collection:
            sure = {summary.id for summary in collection.articles()}.difference(mending.older)
        records = load_records(folder).values()
        save_records(folder, [r if sure.issuperset(r.articles) else replace(r, stamp=NEVER) for r in records])
    return mending


def warn_of(folder: Path, mending: Mending, settings: Settings) -> None:
    """Say what was done to the collection in `folder`."""
    if mending.problems:
        warnings.warn(described(folder, mending, settings.language), stacklevel=3)


def described(folder: Path, mending: Mending, language: str) -> str:
    """What was wrong with the collection in `folder` and what became of it."""
    missing = len(mending.older) + len(mending.lost)
    if language == "en":
        rest = f"; {missing} could not be read, or only as they were before: run wenju index on them again"
        return (
            f"The collection in {folder} was damaged ({'; '.join(mending.problems)}). It was written anew with "
            f"{mending.kept} articles{rest if missing else ''}."
        )
    rest = f"；另有 {missing} 篇读不出来，或只读出了以前的样子，请对原来的文件再运行一次 wenju index"
    return (
        f"{folder} 里的索引坏了（{'；'.join(mending.problems)}），"
        f"已经用读得出的 {mending.kept} 篇文章重新写好{rest if missing else ''}。"
    )
