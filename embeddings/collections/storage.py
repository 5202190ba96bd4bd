"""A collection on disk: a folder of generations, one of which is current.

    CURRENT                      the name of the current generation
    lock                         held by the one process that writes; has its number in it
    generations/000007/          whole, never changed again
        manifest.json            what it holds, and size and checksum of every other file
    generations/000008.partial/  being written; the next writer clears away what a killed one left

Knows names, checksums and the order of steps that makes a change all or nothing; not what the files mean. The
generation before the current one is kept to fall back on and for readers that still have it open; older ones go.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from corpus.errors import CollectionBusy, CollectionDamaged, CollectionError, CollectionNotFound
from embeddings.collections.hit import Manifest, StoredFile
from embeddings.collections.locking import locked

FORMAT = 2
# Below this many bytes a generation is checked in full each time it is opened; that takes about a tenth of a second.
FULL_CHECK_LIMIT = 64 << 20
_MANIFEST = "manifest.json"
_PARTIAL = ".partial"
_INSIDE = "./"
_LITTLE_SPACE = 4 << 20


def exists(folder: Path) -> bool:
    """Whether `folder` holds a collection, whole or not."""
    return (folder / "CURRENT").is_file() or bool(_numbers(folder))


def newest_whole(folder: Path, *, thorough: bool = False) -> tuple[Path, Manifest, tuple[str, ...]]:
    """The generation to read, its manifest, and what was wrong with those that had to be passed over.

    Small ones are checked byte by byte, large ones by the sizes of their files, unless `thorough`.
    Raises CollectionNotFound where there is no collection, CollectionDamaged where no generation is whole.
    """
    if not exists(folder):
        raise CollectionNotFound(
            f"{folder} 里没有索引。请先用 wenju index 建立，或检查路径。",
            f"There is no collection in {folder}. Build one with wenju index, or check the path.",
        )
    current = current_number(folder)
    numbers = sorted(_numbers(folder), reverse=True)
    if current is None:
        problems = ["CURRENT: missing or unreadable"]
        candidates = numbers
    else:
        problems = []
        # A higher number than the current one was never switched to: the last resort.
        candidates = [current, *(n for n in numbers if n < current), *(n for n in numbers if n > current)]
    for number in candidates:
        generation = _generation(folder, number)
        try:
            manifest = read_manifest(generation)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            problems.append(f"{generation.name}/{_MANIFEST}: {error}")
            continue
        small = sum(file.size for file in manifest.files) < FULL_CHECK_LIMIT
        problem = check(generation, manifest, checksums=small or thorough)
        if not problem:
            return generation, manifest, tuple(problems)
        problems.append(f"{generation.name}/{problem}")
    raise CollectionDamaged(
        f"{folder} 里的索引已损坏（{'；'.join(problems)}）。请用 wenju index 重新建立。",
        f"The collection in {folder} is damaged ({'; '.join(problems)}). Build it again with wenju index.",
    )


def current_number(folder: Path) -> int | None:
    """The number in CURRENT, or None where it is missing or says nothing sensible."""
    try:
        return int((folder / "CURRENT").read_text("ascii"))
    except (OSError, ValueError):
        return None


def read_manifest(generation: Path) -> Manifest:
    """The manifest of `generation`. Raises OSError, ValueError or the like where it is not as written."""
    plain = json.loads((generation / _MANIFEST).read_bytes())
    if plain.pop("checksum") != _checksum_of(plain):
        raise ValueError("checksum does not match")
    if plain["format"] != FORMAT:
        raise ValueError(f"format {plain['format']}, expected {FORMAT}")
    files = tuple(StoredFile(**file) for file in plain.pop("files"))
    return Manifest(**plain, files=files)


def check(generation: Path, manifest: Manifest, *, checksums: bool) -> str:
    """What is wrong with the files of `generation`, "" where nothing is; by size, and by content with `checksums`."""
    for file in manifest.files:
        path = generation / file.path
        if not path.is_file():
            return f"{file.path}: missing"
        size = path.stat().st_size
        if size != file.size:
            return f"{file.path}: {size} bytes, expected {file.size}"
        if checksums and _sha256(path) != file.sha256:
            return f"{file.path}: content changed"
    return ""


def encoder_name(folder: Path, manifest: Manifest) -> str:
    """What to load the encoder by that the collection in `folder` was built with."""
    if encoder_is_inside(manifest):
        return str(folder.resolve() / manifest.encoder.removeprefix(_INSIDE))
    return manifest.encoder


def encoder_is_inside(manifest: Manifest) -> bool:
    """Whether the collection's encoder is its own, kept in its folder."""
    return manifest.encoder.startswith(_INSIDE)


def name_of_encoder(folder: Path, name: str) -> str:
    """How the manifest names an encoder: one inside the collection's folder so that the folder can be moved."""
    place = Path(name)
    return f"{_INSIDE}{place.name}" if place.is_absolute() and place.parent == folder.resolve() else name


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the lock of the collection in `folder`. Raises CollectionBusy where another writer has it."""
    (folder / "generations").mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock") as holder:
        if holder:
            raise CollectionBusy(
                f"另一个进程（{holder}）正在写入 {folder}。请等它结束后再试。",
                f"Another process ({holder}) is writing to {folder}. Try again when it has finished.",
            )
        yield


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """An empty folder for the next generation, under the lock; taken away again if it is not published.

    Raises CollectionError where the disk is full; the current generation is untouched then.
    """
    clear(folder)
    number = max(_numbers(folder), default=0) + 1
    partial = _generation(folder, number).with_suffix(_PARTIAL)
    try:
        partial.mkdir()
        yield partial
    except Exception as error:
        if not _disk_is_full(error, folder):
            raise
        raise CollectionError(
            f"磁盘空间不足，{folder} 没有改动。请腾出空间后再试。",
            f"The disk is full; {folder} was left as it was. Make room and try again.",
        ) from error
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
            files.append(StoredFile(name, path.stat().st_size, _sha256(path)))
    manifest = replace(manifest, format=FORMAT, files=tuple(files))
    plain = asdict(manifest)
    plain["checksum"] = _checksum_of(plain)
    (partial / _MANIFEST).write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
    _sync(partial / _MANIFEST)
    for inner in (*(path for path in partial.rglob("*") if path.is_dir()), partial):
        _sync(inner)
    generation = partial.with_suffix("")
    partial.rename(generation)
    _sync(generation.parent)
    _switch(folder, int(generation.name))
    for number in _numbers(folder):
        kept = _generation(folder, number)
        if kept not in (generation, base):
            shutil.rmtree(kept, ignore_errors=True)
    return generation, manifest


def clear(folder: Path) -> None:
    """Take away what killed writers left: drafts, and generations never switched to. Needs the lock."""
    for path in (folder / "generations").glob(f"*{_PARTIAL}"):
        shutil.rmtree(path, ignore_errors=True)
    current = current_number(folder)
    for number in _numbers(folder):
        if current is not None and number > current and _generation(folder, current).is_dir():
            shutil.rmtree(_generation(folder, number), ignore_errors=True)


def link(source: Path, target: Path) -> None:
    """Put the unchanging file `source` also at `target`: as a second name where the disk can, else as a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _switch(folder: Path, number: int) -> None:
    fresh = folder / f"CURRENT{_PARTIAL}"
    fresh.write_text(f"{number:06d}\n", "ascii")
    _sync(fresh)
    fresh.replace(folder / "CURRENT")
    _sync(folder)


def _generation(folder: Path, number: int) -> Path:
    return folder / "generations" / f"{number:06d}"


def _numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in (folder / "generations").glob("*") if path.name.isdecimal()]


def _checksum_of(plain: dict[str, object]) -> str:
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until the file or folder is on the disk; Windows has no such thing for folders."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _disk_is_full(error: BaseException, folder: Path) -> bool:
    """Whether `error` comes of a full disk; SQLite, FAISS and tantivy each say so in their own way."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    said = str(error).lower()
    if "disk is full" in said or "no space left" in said or "storagefull" in said:
        return True
    return isinstance(error, RuntimeError | ValueError) and shutil.disk_usage(folder).free < _LITTLE_SPACE
