"""Archives that a visitor put in, as the files in them: each is then read, told of and counted like any other.

Knows archives and where their files are laid. Knows nothing of what is in a file; an archive in an archive stays one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.errors import ReadError
from corpus.reading.archives import members
from qa.web.arrivals import LARGEST_BATCH, Arrived, private_folder, shown_name, stored_name


@dataclass(frozen=True, slots=True)
class Refused:
    """A file in an archive that cannot be had, by its name, and why."""

    name: str
    problem: ReadError


def unpacked(files: Sequence[Arrived]) -> Iterator[Arrived | Refused]:
    """`files`, in place of each archive the files in it, laid in a folder beside it.

    An archive stays one where it is broken, has no files, or where more would be unpacked than may be put in at once.
    """
    room = LARGEST_BATCH
    for file in files:
        if file.path.suffix.lower() != ".zip" or room <= 0:
            yield file
            continue
        for part in _members(file):
            room -= part.path.stat().st_size if isinstance(part, Arrived) else 0
            yield part


def _members(file: Arrived) -> Iterator[Arrived | Refused]:
    try:
        found = members(file.path.read_bytes())
        first = next(found)
    except (ReadError, StopIteration):  # whoever reads it says what is wrong with it
        yield file
        return
    for number, (name, data) in enumerate(chain([first], found)):
        whole = shown_name(f"{file.name}/{name}")
        if isinstance(data, ReadError):
            yield Refused(whole, data)
            continue
        path = private_folder(file.path.parent / "unpacked" / str(number)) / stored_name(whole)
        path.write_bytes(data)
        yield Arrived(path, whole)
