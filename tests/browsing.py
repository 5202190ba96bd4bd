"""The browser of the machine, for tests that drive one."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
browser_test = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""It asks nothing of other machines by itself."""


def note_errors(page: Any, errors: list[str]) -> None:
    """Note in `errors` what `page` tells its console as an error.

    Where a page is left, Gradio ends the stream it listens to, and tells of that for each event that was under way.
    """
    left = False

    def heard(message: Any) -> None:
        nonlocal left
        if message.type == "error" and "AbortError" in message.text:
            left = True
        elif message.type == "error" and not (left and "Connection errored out" in message.text):
            errors.append(message.text)

    def loaded(_: Any) -> None:
        nonlocal left
        left = False

    page.on("console", heard)
    page.on("load", loaded)
