"""What an OpenAI-compatible server sends in answer to a chat completion, taken apart: pieces of text, the end, errors.

Knows the format, and what servers make of it. Opens no connection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from corpus.errors import ModelError
from qa.language_models.server import problems

LONGEST_LINE = 1_000_000  # bytes; an event of a stream has some hundreds
_SAYS_NOTHING = (b":", b"event:", b"id:", b"retry:")
# Models that always think aloud. Their templates begin the thought, so that only its end is written; unless the server
# takes thoughts out of the text, and sends them in fields of their own.
_THINKS = re.compile(r"thinking|reason|qwq|(?<![a-z0-9])r1(?![a-z0-9])", re.IGNORECASE)
_UNREADABLE = (ValueError, RecursionError, KeyError, IndexError, TypeError, AttributeError)


class Events:
    """The answer of `model` on the server at `url`, as its bytes come. `safe` makes what it sent fit for a message."""

    def __init__(self, url: str, model: str, safe: Callable[[bytes], str]) -> None:
        self.complete = False
        self._url = url
        self._model = model
        self._safe = safe
        self._rest = b""  # of a line that has not ended yet
        self._thinks = bool(_THINKS.search(model))

    def take(self, chunk: bytes) -> Iterator[str]:
        """The pieces of text that end in `chunk`. Raises ModelError for errors of the server and for garbage."""
        # Cut at the bytes: decoded too early, halves of characters and rare line breaks in texts do damage.
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            yield from self._text(line)
        if len(self._rest) > LONGEST_LINE:
            raise problems.garbage(self._url, self._safe(self._rest))

    def end(self) -> Iterator[str]:
        """What there is in a last line without an end. Raises ModelError where the answer is not complete with it."""
        yield from self._text(self._rest, cut=self._rest.startswith(b"data:"))
        if not self.complete:
            raise problems.broken(self._url, "EOF")

    def _text(self, line: bytes, *, cut: bool = False) -> Iterator[str]:
        """The text in one line, which may be `cut`, if it has any."""
        line = line.strip()
        if self.complete or not line or line.startswith(_SAYS_NOTHING):
            return
        data = line.removeprefix(b"data:").strip()
        if data == b"[DONE]":
            self.complete = True
            return
        try:
            event = json.loads(data)
            problem = self._problem(event, data)
            text, apart, self.complete = ("", False, False) if problem else _piece(event)
        except _UNREADABLE:
            if cut:
                return
            raise problems.garbage(self._url, self._safe(line)) from None
        if problem:
            raise problem
        self._thinks = self._thinks and not apart
        if text:
            yield f"<think>{text}" if self._thinks else text
            self._thinks = False

    def _problem(self, event: dict[str, Any], data: bytes) -> ModelError | None:
        """What a server reports inside a stream that began well."""
        error = event.get("error")
        if not error and event.get("object") != "error":
            return None
        code = (error if isinstance(error, dict) else event).get("code")
        words = problems.words_of(self._safe(data))
        return problems.refused(self._url, self._model, code if isinstance(code, int) else 0, words)


def models_in(body: bytes) -> list[dict[str, Any]]:
    """What a server says of each of its models, "id" among it. Raises ValueError for what is no list of models."""
    try:
        listed = json.loads(body)
        found = listed["data"] if isinstance(listed, dict) else listed
        return [model for model in found or [] if isinstance(model["id"], str)]
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error


def _piece(event: dict[str, Any]) -> tuple[str, bool, bool]:
    """The text of one event, whether thoughts come apart from it (and are not read), and whether it is the last."""
    choice = (event.get("choices") or [{}])[0]
    # A server that does not stream sends one "message".
    delta = choice.get("delta") or choice.get("message") or {}
    apart = bool(delta.get("reasoning_content") or delta.get("reasoning"))
    return str(delta.get("content") or ""), apart, choice.get("finish_reason") not in (None, "", "null")
