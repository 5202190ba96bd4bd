"""A model behind an OpenAI-compatible server: vLLM, SGLang, Ollama, llama.cpp, a service on the net.

Knows addresses, the list of models and what a chat completion is asked for. How requests travel is in `stream.py`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from qa.language_models.language_model import LanguageModel, Message
from qa.language_models.server import problems
from qa.language_models.server.stream import PATIENCE, Patience, Server
from qa.language_models.thinking import without_thinking

ANSWER = 768  # tokens of the context that are left for the answer and for what a chat template adds
MOST_ROOM = 6000
SAFE_ROOM = 3000  # where the server does not say: Ollama and llama.cpp give 4,096 tokens to prompt and answer
_VERSION = re.compile(r"/v\d\w*(/|$)")
_COMMAND = re.compile(r"(/chat/completions|/completions|/models)?/*$")  # people copy whole addresses
_SIZE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,2})?)b(?![a-z\d])", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_NO_WRITER = re.compile(r"embed|rerank|whisper|\bbge\b|\bgte\b", re.IGNORECASE)  # listed, but they write nothing
_CHEAP = re.compile(r"[A-Za-z\s]")
_LONGEST_TOKEN = 8  # characters; who writes more than so many for each token asked for does not heed "max_tokens"


class ServerModel:
    """The model called `name` on `server`, which reads at most `context` tokens and has so many `parameters` (0: nobody
    knows, but for what the name says)."""

    def __init__(self, server: Server, name: str, context: int = 0, parameters: int = 0) -> None:
        self.name = name
        self.parameters = parameters or _parameters_in(name)
        self.room = min(MOST_ROOM, max(context - ANSWER, context // 2)) if context > 0 else SAFE_ROOM
        self._server = server

    def count(self, text: str) -> int:
        """Tokens of `text`, rather too many: half of the Latin letters and blanks, all other characters.

        Tokenizers of Chinese models have a token for one or two Han characters, for each digit and mark, and for three
        to five letters. Of this count Qwen's makes 64 to 69 % on Chinese articles, and never more than all of it;
        Mistral's, which was not made for Chinese, 108 % at most.
        """
        cheap = len(_CHEAP.findall(text))
        return len(text) - cheap // 2

    def generate(self, messages: Sequence[Message], *, most: int) -> Generator[str]:
        """As in `LanguageModel`. One request; nothing is sent before the first piece is asked for."""
        request = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "max_tokens": most,
            "temperature": 0,
            "stream": True,
        }
        said, left = False, most * _LONGEST_TOKEN
        with closing(self._server.pieces(request)) as pieces:
            for piece in without_thinking(pieces):
                said = said or bool(piece.strip())
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    return
        if not said:
            raise problems.empty(self._server.url, self.name, most)


def server_model(url: str, *, model: str = "", key: str = "", patience: Patience = PATIENCE) -> LanguageModel:
    """The model called `model` on the server at `url`, or the first that it has. Asks the server for its list.

    `url` may end in /v1 or not. Raises ModelError for an address or a key that cannot be right, a server that is away
    and a model that it does not have.
    """
    server = Server(base_address(url), _sendable(key), patience)
    listed = server.models()
    if not listed:
        if not model:
            raise problems.unnamed(server.url)
        return ServerModel(server, model)
    found = _find(model, listed)
    if not found:
        raise problems.not_there(server.url, model, [each["id"] for each in listed])
    return ServerModel(server, found["id"], _context(found), parameters_told(found))


def base_address(url: str) -> str:
    """What stands before /chat/completions in requests to the server at `url`. Raises ModelError for no address.

    >>> base_address("http://localhost:11434/"), base_address("https://example.org/api/v4/chat/completions")
    ('http://localhost:11434/v1', 'https://example.org/api/v4')
    """
    text = url.strip()
    if "@" in text or "?" in text:
        raise problems.secret_address()
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not _BLANK.search(text)
    except ValueError:
        right = False
    if not right:
        raise problems.bad_address(text)
    path = _COMMAND.sub("", parts.path)
    return f"{parts.scheme}://{parts.netloc}{path}{'' if _VERSION.search(path) else '/v1'}"


def _sendable(key: str) -> str:
    """`key` without blanks around it. Raises ModelError where it cannot stand in a header."""
    key = key.strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise problems.bad_key()
    return key


def _find(model: str, listed: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The one of `listed` that is meant by `model`; by "" the first that can answer."""
    if not model:
        return next((each for each in listed if not _NO_WRITER.search(each["id"])), listed[0])
    wanted = model.casefold()
    alike = [each for each in listed if each["id"].casefold() in (wanted, f"{wanted}:latest")]
    alike += [each for each in listed if each["id"].casefold().endswith(f"/{wanted}")]
    return next((each for each in listed if each["id"] == model), alike[0] if alike else None)


def parameters_told(listed: dict[str, Any]) -> int:
    """How large a model is, where the server says so: llama.cpp does."""
    meta = listed.get("meta")
    told = meta.get("n_params") if isinstance(meta, dict) else 0
    return told if isinstance(told, int) and told > 0 else 0


def _parameters_in(name: str) -> int:
    """What a name says of its model's size, as in qwen3:0.6b; 0 for one that says nothing."""
    found = _SIZE.search(name)
    return int(float(found[1]) * 1e9) if found else 0


def _context(listed: dict[str, Any]) -> int:
    """Tokens of prompt and answer together, where the server says so: vLLM, SGLang; services on the net."""
    said = (listed.get(name) for name in ("max_model_len", "context_length"))
    return next((tokens for tokens in said if isinstance(tokens, int)), 0)
