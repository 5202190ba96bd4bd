"""Bytes over HTTP, with an end to every wait.

Knows connections, time-outs, and how to be stopped. Knows nothing of models, hubs or files.
"""

from __future__ import annotations

import math
import queue
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import urlsplit

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
BUSY = (429, 500, 502, 503, 504)
"""Answers of servers that may be better the next time."""
PAUSE = 1.0  # seconds before something is tried again
_PATIENCE = 0.2  # seconds between looks at whether to stop


class NetworkTrouble(Exception):
    """Something that may be better the next time; the text says what, without addresses that hold secrets."""

    def __init__(self, reason: str, status: int = 0, code: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


class Stopped(Exception):
    """Somebody does not want to wait any more."""


def pieces(
    address: str, *, start: int = 0, token: str = "", stop: threading.Event | None = None
) -> Iterator[tuple[int, bytes]]:
    """The bytes at `address` from `start` on, each piece with its place in the file.

    A server that cannot begin in the middle begins at 0. Waits CONNECT_SECONDS for each connection, however many
    machines have that name, and READ_SECONDS for the next byte. Raises NetworkTrouble, and Stopped soon after `stop` is
    set: what waits for the network is another thread, which is left to itself then.
    """
    exchange = _Exchange(address, start, token)
    threading.Thread(target=exchange.run, daemon=True).start()
    try:
        while True:
            if stop and stop.is_set():
                raise Stopped
            try:
                item = exchange.arrived.get(timeout=_PATIENCE)
            except queue.Empty:
                if time.monotonic() - exchange.connecting_since > CONNECT_SECONDS:
                    raise NetworkTrouble(f"{exchange.host}: no connection in {CONNECT_SECONDS:.0f} s") from None
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        exchange.over.set()


def pause(stop: threading.Event | None, failures: int = 1) -> None:
    """Wait before the next try, the longer the more have failed. Raises Stopped."""
    if (stop or threading.Event()).wait(failures * PAUSE):
        raise Stopped


class _Exchange:
    """One request, and what comes of it until nobody wants it. `run` has a thread of its own."""

    def __init__(self, address: str, start: int, token: str) -> None:
        self.arrived: queue.Queue[tuple[int, bytes] | Exception | None] = queue.Queue(16)
        self.over = threading.Event()
        self.host = urlsplit(address).netloc
        self.connecting_since = math.inf  # but while a connection is being made
        self._address, self._start = address, start
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "wenju"}
        self._headers |= {"Range": f"bytes={start}-"} if start else {}
        self._headers |= {"Authorization": f"Bearer {token}"} if token else {}

    def run(self) -> None:
        try:
            self._receive()
            self._hand_over(None)
        except NetworkTrouble as trouble:
            self._hand_over(trouble)
        except Exception as error:  # of the network, of a proxy's settings, of certificates: all reach the person
            self._hand_over(NetworkTrouble(f"{self.host}: {type(error).__name__}: {error}"))

    def _receive(self) -> None:
        import httpx

        limits = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        extensions = {"trace": self._watch}
        with (
            httpx.Client(timeout=limits, follow_redirects=True, verify=_certificates()) as client,
            client.stream("GET", self._address, headers=self._headers, extensions=extensions) as response,
        ):
            self.host = response.url.netloc.decode()
            place = self._place(response.status_code, response.headers)
            for piece in response.iter_raw():
                if self.over.is_set():
                    return
                self._hand_over((place, piece))
                place += len(piece)

    def _hand_over(self, item: tuple[int, bytes] | Exception | None) -> None:
        while not self.over.is_set():
            with suppress(queue.Full):
                self.arrived.put(item, timeout=_PATIENCE)
                return

    def _watch(self, event: str, facts: Mapping[str, Any]) -> None:
        """Hear of each connection that is made: one to the hub, one to where it says that the file is."""
        if event == "connection.connect_tcp.started":
            self.host, self.connecting_since = str(facts["host"]), time.monotonic()
        elif event == "connection.connect_tcp.complete":
            self.connecting_since = math.inf

    def _place(self, status: int, headers: Mapping[str, str]) -> int:
        """Where in the file the body of a response begins. Raises NetworkTrouble for one without the file."""
        if status == 200:
            return 0
        if status == 206 and headers.get("content-range", "").startswith(f"bytes {self._start}-"):
            return self._start
        raise NetworkTrouble(f"{self.host}: HTTP {status}", status, headers.get("x-error-code", ""))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe; reading them takes longer than a small file."""
    import httpx

    return httpx.create_ssl_context()
