"""A collection on disk: a folder of generations, one of which is current.

    CURRENT                      the name of the current generation
    lock                         held by the one process that writes; has its number in it
    generations/000007/          whole, never changed again
        manifest.json            what it holds, and size and checksum of every other file
        damaged                  what was found wrong with it, if anything, while it was in use
    generations/000008.partial/  being written; the next writer clears away what a killed one left

Knows names, places and checksums, and which generation is to be read; not what the files mean, nor how one is written
(`embeddings/collections/publishing.py`). The
generation before the current one is kept to fall back on and for readers that still have it open; older ones go.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path

from corpus.errors import CollectionDamaged, CollectionError, CollectionNotFound
from embeddings.collections.hit import Manifest, StoredFile

FORMAT = 3
# Those without texts in a file of their own are read as ever, and written as the others are.
_READ = (2, FORMAT)
CURRENT, MANIFEST, PARTIAL = "CURRENT", "manifest.json", ".partial"
# So many bytes are read in full before a generation is opened, the rest of a large one while it is in use: a tenth of
# a second. The files that a search library would die of, rather than raise an error, are always among the first.
FULL_CHECK_LIMIT = 128 << 20
FRAGILE = "terms/"
_DAMAGED = "damaged"
_INSIDE = "./"
# Files that this process has found whole, by what a change of them would change: none is read twice.
_whole: set[tuple[str, int, int, int, int]] = set()


def exists(folder: Path) -> bool:
    """Whether `folder` holds a collection, whole or not. Raises CollectionError where it may not be looked into."""
    try:
        return (folder / CURRENT).is_file() or bool(numbers(folder))
    except PermissionError as error:
        raise _closed(folder, str(error.strerror)) from error


def newest_whole(
    folder: Path, *, thorough: bool = False, but: Container[int] = ()
) -> tuple[Path, Manifest, tuple[str, ...]]:
    """The generation to read, its manifest, and what was wrong with those that had to be passed over.

    Its files are checked byte by byte, but for those of a large one that are `postponed`, unless `thorough`.
    Generations whose numbers are in `but` are passed over. Raises CollectionNotFound where there is no collection,
    CollectionDamaged where no generation is whole, CollectionError where none may be read.
    """
    found, problems, closed = _look(folder, thorough, but)
    if found:
        return *found, tuple(problems)
    if closed:
        raise _closed(folder, "；".join(problems))
    raise damaged(folder, problems)


def problems(folder: Path) -> tuple[str, ...]:
    """What is wrong with the collection in `folder`, every byte read again; () where its newest generation is whole.

    Raises CollectionNotFound where there is no collection.
    """
    found, problems, _ = _look(folder, True, ())
    if found and not problems:
        with suppress(OSError):
            (found[0] / _DAMAGED).unlink(missing_ok=True)
    return tuple(problems)


def _look(folder: Path, thorough: bool, but: Container[int]) -> tuple[tuple[Path, Manifest] | None, list[str], bool]:
    """The first whole generation, if any; what was wrong with those before it; whether one may not be read."""
    if not exists(folder):
        raise CollectionNotFound(
            f"{folder} 里没有索引。请先用 wenju index 建立，或检查路径。",
            f"There is no collection in {folder}. Build one with wenju index, or check the path.",
        )
    problems = [] if current_number(folder) is not None else [f"{CURRENT}: missing or unreadable"]
    closed = False
    for number in candidates(folder):
        generation = generation_folder(folder, number)
        if number in but:
            problems.append(f"{generation.name}: damaged")
            continue
        try:
            manifest = read_manifest(generation)
            problem = ("" if thorough else _noted(generation)) or check(
                generation, () if thorough else postponed(manifest), manifest.files, again=thorough
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            closed = closed or isinstance(error, PermissionError)
            problem = f"{MANIFEST}: {error}"
        if not problem:
            return (generation, manifest), problems, False
        problems.append(f"{generation.name}/{problem}")
    return None, problems, closed


def candidates(folder: Path) -> list[int]:
    """The numbers of all generations in the order in which they are to be tried."""
    current, there = current_number(folder), sorted(numbers(folder), reverse=True)
    if current is None:
        return there
    # A higher number than the current one was never switched to: the last resort.
    return [current, *(n for n in there if n < current), *(n for n in there if n > current)]


def damaged(folder: Path, problems: Iterable[str]) -> CollectionDamaged:
    """The error that says what is wrong with the collection in `folder`, and what mends it."""
    return CollectionDamaged(
        f"{folder} 里的索引已损坏（{'；'.join(problems)}）。请用 wenju doctor --repair --collection {folder} 修复。",
        f"The collection in {folder} is damaged ({'; '.join(problems)}). "
        f"Mend it with wenju doctor --repair --collection {folder}",
    )


def current_number(folder: Path) -> int | None:
    """The number in CURRENT, or None where it is missing or says nothing sensible."""
    try:
        return int((folder / CURRENT).read_text("ascii"))
    except (OSError, ValueError):
        return None


def read_manifest(generation: Path) -> Manifest:
    """The manifest of `generation`. Raises OSError, ValueError or the like where it is not as written."""
    plain = json.loads((generation / MANIFEST).read_bytes())
    if plain.pop("checksum") != checksum_of(plain):
        raise ValueError("checksum does not match")
    if plain["format"] not in _READ:
        raise ValueError(f"format {plain['format']}, expected {FORMAT}")
    files = tuple(StoredFile(**file) for file in plain.pop("files"))
    return Manifest(**plain, files=files)


def postponed(manifest: Manifest) -> tuple[StoredFile, ...]:
    """The files that are checked only after opening: the largest, until the others are quickly read; no fragile one."""
    waiting: list[StoredFile] = []
    total = sum(file.size for file in manifest.files)
    for file in sorted(manifest.files, key=lambda file: -file.size):
        if total > FULL_CHECK_LIMIT and not file.path.startswith(FRAGILE):
            waiting.append(file)
            total -= file.size
    return tuple(waiting)


def check(generation: Path, by_size: Container[StoredFile], files: Iterable[StoredFile], *, again: bool = False) -> str:
    """What is wrong with `files` of `generation`, "" where nothing is; those `by_size` are not read.

    What this process has read before and what has not been written to since is read only with `again`.
    Raises PermissionError where a file may not be read.
    """
    for file in files:
        path = generation / file.path
        try:
            status = path.stat()
        except FileNotFoundError:
            return f"{file.path}: missing"
        if status.st_size != file.size:
            return f"{file.path}: {status.st_size} bytes, expected {file.size}"
        known = _identity(status, file.sha256)
        if file in by_size or (known in _whole and not again):
            continue
        try:
            found = _sha256(path)
        except PermissionError:
            raise
        except OSError as error:
            return f"{file.path}: {error.strerror}"
        if found != file.sha256:
            _whole.discard(known)
            return f"{file.path}: content changed"
        _whole.add(known)
    return ""


def read_whole(path: Path, name: str) -> StoredFile:
    """What the manifest is to say of the file at `path`, just written, under `name`."""
    status, sha256 = path.stat(), _sha256(path)
    _whole.add(_identity(status, sha256))
    return StoredFile(name, status.st_size, sha256)


def note_damage(generation: Path, problem: str) -> None:
    """Leave word in `generation` that it is damaged, for whoever opens it next, if anything can be written there."""
    with suppress(OSError):
        (generation / _DAMAGED).write_text(problem, "utf-8")


def _noted(generation: Path) -> str:
    try:
        return (generation / _DAMAGED).read_text("utf-8", errors="replace") or "damaged"
    except OSError:
        return ""


def _identity(status: os.stat_result, sha256: str) -> tuple[str, int, int, int, int]:
    return (sha256, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)


def _closed(folder: Path, reason: str) -> CollectionError:
    return CollectionError(
        f"{folder} 里的索引不能读取（{reason}）。请检查文件夹的权限。",
        f"The collection in {folder} cannot be read ({reason}). Check the permissions of the folder.",
    )


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


def generation_folder(folder: Path, number: int) -> Path:
    return folder / "generations" / f"{number:06d}"


def numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in (folder / "generations").glob("*") if path.name.isdecimal()]


def checksum_of(plain: dict[str, object]) -> str:
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
