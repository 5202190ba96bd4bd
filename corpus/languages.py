"""The two languages of everything that a person reads: Chinese, and English for those who ask for it.

Texts stand side by side where they are used, Chinese first; here is told which of the two is shown.
"""

from __future__ import annotations

from typing import TypeVar

Text = TypeVar("Text")

LANGUAGES = ("zh", "en")


def pick(language: str, chinese: Text, english: Text) -> Text:
    """`english` where `language` is "en", else `chinese`."""
    return english if language == "en" else chinese
