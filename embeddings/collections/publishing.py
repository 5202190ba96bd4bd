"""How a generation becomes the current one: the lock of the writer, the draft, and the switch in one step.

Knows the order of steps that makes a change all or nothing, and what a disk may refuse. Where files lie is the business
of `embeddings/collections/storage.py`; nothing here knows what they mean.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from corpus.errors import CollectionBusy, CollectionError, CollectionReadOnly
from embeddings.collections.hit import Manifest
from embeddings.collections.locking import locked
from embeddings.collections.storage import (
    CURRENT,
    FORMAT,
    MANIFEST,
    PARTIAL,
    checksum_of,
    current_number,
    generation_folder,
    numbers,
    read_manifest,
    read_whole,
)

_LITTLE_SPACE = 4 << 20
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the lock of the collection in `folder`.

    Raises CollectionBusy where another writer has it, CollectionReadOnly where nobody may write.
    """
    with ExitStack() as held:
        try:
            (folder / "generations").mkdir(parents=True, exist_ok=True)
            holder = held.enter_context(locked(folder / "lock"))
        except OSError as error:
            problem = _refused(error, folder)
            if problem is error:
                raise
            raise problem from error
        if holder:
            raise CollectionBusy(
                f"另一个进程（{holder}）正在写入 {folder}。请等它结束后再试。",
                f"Another process ({holder}) is writing to {folder}. Try again when it has finished.",
            )
        yield


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """An empty folder for the next generation, under the lock; taken away again if it is not published.

    Raises CollectionError where the disk is full or refuses; the current generation is untouched then.
    """
    clear(folder)
    number = max(numbers(folder), default=0) + 1
    partial = generation_folder(folder, number).with_suffix(PARTIAL)
    try:
        partial.mkdir()
        yield partial
    except Exception as error:
        problem = _refused(error, folder)
        if problem is error:
            raise
        raise problem from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def publish(folder: Path, partial: Path, manifest: Manifest, base: Path | None) -> tuple[Path, Manifest]:
    """Make the draft `partial` the current generation, in one step; returns its folder and its full manifest.

    `base` is the generation it grew from: files shared with it are not read again. Only it is kept beside the new one.
    """
    known = {file.path: file for file in read_manifest(base).files} if base else {}
    files = []
    for path in sorted(partial.rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(partial).as_posix()
        if base and name in known and path.samefile(base / name):
            files.append(known[name])
        else:
            _sync(path)
            files.append(read_whole(path, name))
    manifest = replace(manifest, format=FORMAT, files=tuple(files))
    plain = asdict(manifest)
    plain["checksum"] = checksum_of(plain)
    (partial / MANIFEST).write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
    _sync(partial / MANIFEST)
    for inner in (*(path for path in partial.rglob("*") if path.is_dir()), partial):
        _sync(inner)
    generation = partial.with_suffix("")
    partial.rename(generation)
    _sync(generation.parent)
    _switch(folder, int(generation.name))
    for number in numbers(folder):
        kept = generation_folder(folder, number)
        if kept not in (generation, base):
            shutil.rmtree(kept, ignore_errors=True)
    return generation, manifest


def clear(folder: Path) -> None:
    """Take away what killed writers left: drafts, and generations never switched to. Needs the lock."""
    for path in (folder / "generations").glob(f"*{PARTIAL}"):
        shutil.rmtree(path, ignore_errors=True)
    current = current_number(folder)
    for number in numbers(folder):
        if current is not None and number > current and generation_folder(folder, current).is_dir():
            shutil.rmtree(generation_folder(folder, number), ignore_errors=True)


def _switch(folder: Path, number: int) -> None:
    fresh = folder / f"{CURRENT}{PARTIAL}"
    fresh.write_text(f"{number:06d}\n", "ascii")
    _sync(fresh)
    fresh.replace(folder / CURRENT)
    _sync(folder)


def _sync(path: Path) -> None:
    """Wait until the file or folder is on the disk; Windows has no such thing for folders."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: Exception, folder: Path) -> Exception:
    """What to tell of `error`, which ended a change: a disk that is full or takes nothing, else the error itself."""
    if _disk_is_full(error, folder):
        return CollectionError(
            f"磁盘空间不足，{folder} 没有改动。请腾出空间后再试。",
            f"The disk is full; {folder} was left as it was. Make room and try again.",
        )
    if isinstance(error, OSError) and error.errno in _REFUSED:
        return CollectionReadOnly(
            f"不能写入 {folder}（{error.strerror}）。已有的索引仍可以提问；要改动，请换一个可写的文件夹，或开放权限。",
            f"{folder} cannot be written to ({error.strerror}). What is indexed can still be asked; to change it, "
            "choose a writable folder or have the permissions changed.",
        )
    return error


def _disk_is_full(error: BaseException, folder: Path) -> bool:
    """Whether `error` comes of a full disk; SQLite, FAISS and tantivy each say so in their own way."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    said = str(error).lower()
    if "disk is full" in said or "no space left" in said or "storagefull" in said:
        return True
    return isinstance(error, RuntimeError | ValueError) and shutil.disk_usage(folder).free < _LITTLE_SPACE
