"""Requests to an OpenAI-compatible server: sent, waited for, sent again, given up at once when nobody reads on.

Knows HTTP. What an answer looks like is known to `events`, what to say of a failure to `problems`.
All requests run in one event loop in a thread of its own: so they can be given up at any moment, also while a
connection is being made, and it does not matter whether who asks has an event loop.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import threading
import time
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from corpus.errors import ModelError
from qa.language_models.server import problems
from qa.language_models.server.events import Events, models_in
from qa.language_models.server.problems import Passing, TooLong

if TYPE_CHECKING:
    import httpx

LONGEST_BODY = 65_536  # bytes of an error that are read
LONGEST_LIST = 4 << 20  # bytes of a list of models; services with hundreds of them send a few hundred thousand
_UNPACKED = 65_536  # bytes that a packed body is unpacked to at a time: a few of it may stand for gigabytes
# Ways to say "do not think aloud": to vLLM, SGLang and llama.cpp; to Ollama; to DashScope.
NO_THINKING: Mapping[str, Any] = {
    "chat_template_kwargs": {"enable_thinking": False},
    "reasoning_effort": "none",
    "enable_thinking": False,
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds, and how often it is asked again.

    `first` is until the first piece: it may have to load the model, to answer others, and to read the prompt.
    `between` is from one sign of life to the next after that, `whole` from question to end, further tries included.
    `back_off` is before the second try, doubled before each one after it. A server that asks to be left alone for more
    than `longest_wait` is not asked again. Who waits for a piece is told so every `beat`.
    """

    connect: float = 10.0
    first: float = 120.0
    between: float = 60.0
    whole: float = 180.0
    tries: int = 4
    back_off: float = 0.5
    longest_wait: float = 20.0
    beat: float = 0.2


PATIENCE = Patience()


class Server:
    """One server at the base address `url`, which has no slash at its end. Serves many threads.

    `key` may be "". Raises ModelError where the environment names a proxy that cannot be used.
    """

    def __init__(self, url: str, key: str, patience: Patience) -> None:
        import httpx

        self.url = url
        self.patience = patience
        self.no_thinking = dict(NO_THINKING)  # of these the fields that the server takes
        self._key = key
        self._proxied = _is_proxied(url)
        try:
            self.client = httpx.AsyncClient(
                headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {}),
                timeout=httpx.Timeout(None, connect=patience.connect),
                # A connection per question: none grows stale, and it is the server that decides whose turn it is.
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                trust_env=not _is_this_machine(url),  # a proxy of the environment does not lead back to this machine
            )
        except (ImportError, ValueError) as error:
            raise problems.proxy(url, str(error), ModelError) from error

    def models(self) -> list[dict[str, Any]]:
        """What the server says of each of its models, "id" among it; nothing where it lists none. Raises ModelError."""
        return asyncio.run_coroutine_threadsafe(self.again(self._list, []), _loop()).result()

    def pieces(self, request: dict[str, Any]) -> Generator[str]:
        """The text of a streamed chat completion; "" every now and then while there is none. Raises ModelError."""
        exchange = _Exchange(self, request)
        end = time.monotonic() + self.patience.whole
        task = asyncio.run_coroutine_threadsafe(self.again(exchange.write, exchange.said), _loop())
        task.add_done_callback(lambda _: exchange.arrived.put(None))
        try:
            while True:
                if time.monotonic() > end:
                    raise problems.too_slow(self.url, self.patience.whole)
                try:
                    piece = exchange.arrived.get(timeout=self.patience.beat)
                except Empty:
                    piece = ""
                if piece is None:
                    return task.result()
                yield piece
        finally:
            task.cancel()

    async def again(self, work: Callable[[], Awaitable[_T]], said: Sequence[str]) -> _T:
        """The result of `work`, which is done again where a problem may pass and nothing was `said` yet."""
        pause = self.patience.back_off
        for tries_left in reversed(range(self.patience.tries)):
            try:
                return await work()
            except Passing as problem:
                if said or not tries_left or problem.wait > self.patience.longest_wait:
                    raise
                wait = max(pause, problem.wait)
            # Many that were sent away together shall not come back together.
            await asyncio.sleep(wait * random.uniform(1, 1.5))
            pause *= 2
        raise AssertionError("a server is asked at least once")

    async def _list(self) -> list[dict[str, Any]]:
        """What `models` gives."""
        with self.translated(lambda: self.patience.connect):
            async with (
                asyncio.timeout(self.patience.connect),
                self.client.stream("GET", f"{self.url}/models") as response,
            ):
                body = await _start(response, LONGEST_LIST)
        if response.status_code in (404, 405, 500, 501):
            return []
        if response.status_code != 200:
            raise self.refusal(response, body, "")
        if len(body) > LONGEST_LIST:
            raise problems.endless_list(self.url, LONGEST_LIST)
        try:
            return models_in(body)
        except ValueError:
            raise problems.garbage(self.url, self.safe(body)) from None

    @contextmanager
    def translated(self, quiet: Callable[[], float]) -> Iterator[None]:
        """Whatever goes wrong with a connection, as a ModelError. `quiet`: seconds of silence that were borne."""
        import httpx

        try:
            yield
        except TimeoutError:
            raise problems.silent(self.url, quiet()) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            # Who waited for a connection in vain is not made to wait again.
            kind = ModelError if isinstance(error, httpx.ConnectTimeout) else Passing
            raise (problems.proxy if self._proxied else problems.away)(self.url, self._detail(error), kind) from None
        except (httpx.HTTPError, OSError) as error:
            raise problems.broken(self.url, self._detail(error)) from None

    def _detail(self, error: Exception) -> str:
        return problems.shortened(self.safe(str(error).encode())) or type(error).__name__

    def refusal(self, response: httpx.Response, body: bytes, model: str) -> ModelError:
        """What a `response` other than 200 means."""
        if response.is_redirect:
            return problems.redirected(self.url, self.safe(response.headers.get("Location", "").encode()))
        problem = problems.refused(self.url, model, response.status_code, problems.words_of(self.safe(body)))
        if isinstance(problem, Passing):
            problem.wait = _seconds(response.headers.get("Retry-After", ""))
        return problem

    def safe(self, body: bytes) -> str:
        """What a server sent, fit for a message: some servers repeat the key."""
        text = body.decode("utf-8", "replace")
        return text.replace(self._key, "***") if self._key else text


class _Exchange:
    """One request and what comes back: `arrived` for who waits, `said` once there is something to show."""

    def __init__(self, server: Server, request: dict[str, Any]) -> None:
        self.server = server
        self.request = request
        self.arrived: SimpleQueue[str | None] = SimpleQueue()
        self.said: list[str] = []

    async def write(self) -> None:
        """Send the request and take in the answer; again with fewer fields where the server does not know them all."""
        fields: dict[str, Any] | None = self.server.no_thinking
        with self.server.translated(self._quiet):
            async with asyncio.timeout(self._quiet()) as clock:
                while fields is not None:
                    fields = await self._send(fields, clock)

    async def _send(self, fields: dict[str, Any], clock: asyncio.Timeout) -> dict[str, Any] | None:
        """Send the request with `fields`; None when it was answered, else those of `fields` to try next."""
        server, request = self.server, self.request | fields
        async with server.client.stream("POST", f"{server.url}/chat/completions", json=request) as response:
            if response.status_code == 200:
                server.no_thinking = fields
                await self._read(response, clock)
                return None
            body = await _start(response, LONGEST_BODY)
        problem = server.refusal(response, body, request["model"])
        if not fields or response.status_code not in (400, 422) or isinstance(problem, TooLong):
            raise problem
        named = [name for name in fields if name.encode() in body]
        return {name: value for name, value in fields.items() if named and name not in named}

    async def _read(self, response: httpx.Response, clock: asyncio.Timeout) -> None:
        """Take in a stream until the answer is complete."""
        events = Events(self.server.url, self.request["model"], self.server.safe)
        async for chunk in _unpacked(response):
            self._say(events.take(chunk))
            if events.complete:
                return
            clock.reschedule(asyncio.get_running_loop().time() + self._quiet())
        self._say(events.end())

    def _say(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.said.append(text)
            self.arrived.put(text)

    def _quiet(self) -> float:
        """Seconds of silence that are borne now."""
        return self.server.patience.between if self.said else self.server.patience.first


async def _start(response: httpx.Response, most: int) -> bytes:
    """The body of `response`, or a little more than the first `most` bytes of it."""
    body = b""
    async with aclosing(_unpacked(response)) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) > most:
                break
    return body


async def _unpacked(response: httpx.Response) -> AsyncGenerator[bytes]:
    """The body of `response` in small pieces, also where a server packs it, which it was asked not to."""
    packing = response.headers.get("Content-Encoding", "identity").lower()
    if packing not in ("gzip", "x-gzip", "deflate"):
        async for chunk in response.aiter_raw():
            yield chunk
        return
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        async for chunk in response.aiter_raw():
            while chunk:
                yield unpacker.decompress(chunk, _UNPACKED)
                chunk = unpacker.unconsumed_tail
    except zlib.error:
        return  # what was not packed after all is no answer either


def _seconds(retry_after: str) -> float:
    """Seconds that a Retry-After header asks for; 0 for none and for one that cannot be read."""
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError):
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    return 0.0


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        return address.is_loopback or address.is_unspecified
    return False


def _is_proxied(url: str) -> bool:
    """Whether the environment names a proxy for requests to `url`."""
    parts, proxies = urlsplit(url), getproxies()
    named = parts.scheme in proxies or "all" in proxies
    return named and not _is_this_machine(url) and not proxy_bypass(parts.hostname or "")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that all requests run in."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="wenju-servers", daemon=True).start()
    return loop
