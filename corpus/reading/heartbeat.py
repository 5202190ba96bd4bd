"""Signs of life of a reader that works for long, to whoever waits for it.

Knows nothing of readers, nor of who waits: a process that reads for another says where its signs go.
"""

from __future__ import annotations

from collections.abc import Callable


class _Heart:
    """What this process does with signs of life."""

    def __init__(self) -> None:
        self.tell: Callable[[float], None] | None = None
        self.worn_out = False


_heart = _Heart()


def beat(seconds: float = 0.0) -> None:
    """Say that one more page or sheet is done. Does nothing where nobody waits.

    The next step may take `seconds` of processor time where that is more than usual.
    """
    if _heart.tell is not None:
        _heart.tell(seconds)


def on_beat(tell: Callable[[float], None]) -> None:
    """Have `tell` called at every beat."""
    _heart.tell = tell


def wear_out() -> None:
    """This process is to end after the file at hand: something of it is still running."""
    _heart.worn_out = True


def is_worn_out() -> bool:
    """Whether this process is to end."""
    return _heart.worn_out
