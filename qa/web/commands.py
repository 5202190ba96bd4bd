"""What a browser asks for besides an answer, and what it wishes answers to be like: JSON that anybody may have written.

Knows which fields there are and what they may hold; what is something else counts as not said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qa.settings import CAUTIONS, MOST_PASSAGES, Settings

LONGEST = 8_000_000  # characters of a command; a kept conversation is the longest


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `does` says what, `said` the rest as it came."""

    does: str
    said: Mapping[str, Any]

    def text(self, name: str, most: int = 2000) -> str:
        value = self.said.get(name)
        return value[:most] if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number from 0 on; 0 where none was said."""
        value = self.said.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            return int(value)
        return value if type(value) is int and value >= 0 else 0

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.said.get(name)
        return tuple(each for each in value[:50] if isinstance(each, str)) if isinstance(value, list) else ()

    def values(self, name: str) -> list[object]:
        value = self.said.get(name)
        return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a visitor wants answers; what is blank or 0 is as the settings have it."""

    caution: str = ""
    k: int = 0

    def wished(self, settings: Settings) -> Settings:
        """`settings` with what the visitor wishes instead."""
        return replace(settings, caution=self.caution or settings.caution, k=self.k or settings.k)


def command_of(text: object) -> Command:
    """The command that `text` is; one that does nothing where it is none."""
    said = _object(text)
    does = said.get("do")
    return Command(does if isinstance(does, str) else "", said)


def wishes_of(text: object) -> Wishes:
    """The wishes that `text` tells."""
    said = Command("", _object(text))
    caution, k = said.text("caution"), said.number("k")
    return Wishes(caution if caution in CAUTIONS else "", k if 1 <= k <= MOST_PASSAGES else 0)


def _object(text: object) -> dict[str, Any]:
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        return {}
    try:
        value = json.loads(text)
    except (RecursionError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
