"""Archives (.zip) of documents: their members one by one, without harm.

Knows names in archives (also in the old Chinese encoding) and how much may come out of one. Nothing is written to disk,
so no name can lead out of a folder. Knows nothing of what a member says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.errors import ReadError
from corpus.reading.packages import check_sizes, read_entry

MOST_MEMBERS = 2_000
LARGEST_MEMBER = 200 * 1024 * 1024
_UTF_8_NAME = 0x800


def members(data: bytes) -> Iterator[tuple[str, bytes | ReadError]]:
    """Name and bytes of each file in a .zip, or why it cannot be had; hidden ones and folders are left out.

    Raises ReadError if the archive is damaged, or made to burst.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise ReadError(
            "压缩文件不完整或已损坏，解不开。请重新下载或重新压缩。",
            f"The compressed file is cut off or damaged ({error}). Download or compress it again.",
        ) from error
    check_sizes(entries)
    if len(entries) > MOST_MEMBERS:
        raise ReadError(
            f"压缩包里有 {len(entries):,} 个文件，最多 {MOST_MEMBERS:,} 个，没有读。请解压成文件夹后再读。",
            f"The archive has {len(entries):,} files, at most {MOST_MEMBERS:,} are read. Unpack it to a folder first.",
        )
    for entry in entries:
        name = _safe_name(entry)
        if not name or any(part.startswith((".", "~$", "__MACOSX")) for part in PurePosixPath(name).parts):
            continue
        try:
            yield name, read_entry(archive, entry, LARGEST_MEMBER)
        except ReadError as error:
            yield name, error


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """The path of a member inside the archive, never leading out of it."""
    name = entry.filename
    if not entry.flag_bits & _UTF_8_NAME:
        # Old programs write names in their own encoding; the library takes that for cp437.
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return "/".join(part for part in parts if not part.endswith(":"))
