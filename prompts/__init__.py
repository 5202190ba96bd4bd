"""Texts with named fields, one file each. A leaf: imports nothing of this project."""

from __future__ import annotations

import string
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def template(name: str) -> str:
    """The text of `name`.txt as it stands, without the last line break."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def fields(name: str) -> frozenset[str]:
    """The names of the fields in `name`.txt."""
    return frozenset(field for _, field, _, _ in string.Formatter().parse(template(name)) if field)


def render(name: str, **values: str) -> str:
    """`name`.txt with its fields filled in. Raises ValueError unless exactly its fields are given."""
    if values.keys() != fields(name):
        raise ValueError(f"prompt {name} has the fields {sorted(fields(name))}, given were {sorted(values)}")
    return template(name).format(**values)


def as_data(text: str) -> str:
    """`text` so that it cannot close the marks it stands between: its angle brackets are widened."""
    return text.replace("<", "＜").replace(">", "＞").strip() or "（无）"
