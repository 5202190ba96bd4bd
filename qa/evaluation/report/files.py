"""How files of a report come to the disk: beside the old ones, then renamed, in UTF-8 that every reader takes.

Knows files and JSON. Knows nothing of what is in a report.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.reading.folders import NOT_ARTICLES


def write_files(folder: Path, contents: Mapping[str, str]) -> None:
    """Write each text to its name in `folder`, all of them beside first and then renamed, in the order given.

    Raises InputError where the folder cannot be written to; the files of an earlier report are then as they were.
    """
    beside = {name: folder / f"{name}.{os.getpid()}.new" for name in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A report in a folder of articles is none of them.
        (folder / NOT_ARTICLES).touch()
        for name, text in contents.items():
            # A lone surrogate becomes \udxxx, which JSON reads as what it was.
            beside[name].write_bytes(text.encode("utf-8", "backslashreplace"))
            with beside[name].open("r+b") as file:
                os.fsync(file.fileno())  # else a power cut can leave the new name with nothing in it
        for name, path in beside.items():
            path.replace(folder / name)
    except OSError as error:
        raise InputError(
            f"报告不能写入 {folder}（{error.strerror}）。请腾出空间，或换一个可写的文件夹。",
            f"The report cannot be written to {folder} ({error.strerror}). Make room, or name a folder that can be.",
        ) from error
    finally:
        for path in beside.values():
            _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def to_json(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON that every reader takes: figures that are no number become null."""
    separators = None if indent else (",", ":")
    dump = partial(json.dumps, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    try:
        return dump(value)
    except (TypeError, ValueError):  # something that JSON does not have
        return dump(plain(value))


def to_json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One object per line."""
    return "".join(f"{to_json(row)}\n" for row in rows)


def plain(value: Any) -> Any:
    """`value` made of what JSON has: other things as their text, NaN and infinities as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value)


def read_json(path: Path) -> Any:
    """What is in a JSON file. Raises InputError where there is none that can be read."""
    return _parse(path, _text(path))


def read_json_lines(path: Path) -> list[Any]:
    """What is in the lines of a JSON Lines file. Raises InputError."""
    return [_parse(path, line) for line in _text(path).split("\n") if line.strip()]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"不能读 {path}（{reason}）。应当是 wenju eval 写的报告文件夹，里面有 report.json 和 rows.jsonl。",
            f"{path} cannot be read ({reason}). Name a folder written by wenju eval, with report.json and rows.jsonl.",
        ) from error


def _parse(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(
            f"{path} 不是完整的 JSON（{error}）。请重新评测，或换一个报告文件夹。",
            f"{path} is not whole JSON ({error}). Evaluate again, or name another report.",
        ) from error
