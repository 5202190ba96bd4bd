"""Bytes over HTTP, with an end to every wait.

Knows connections, time-outs, and how to be stopped. Knows nothing of models, hubs or files.
"""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
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

    A server that cannot begin in the middle begins at 0. Waits CONNECT_SECONDS for a connection, however many machines
    have that name, and READ_SECONDS for the next byte. Raises NetworkTrouble, and Stopped soon after `stop` is set:
    what waits for the network is another thread, which is left to itself then.
    """
    arrived: queue.Queue[tuple[int, bytes] | Exception | None] = queue.Queue(16)
    connected, over = threading.Event(), threading.Event()
    threading.Thread(target=_receive, args=(address, start, token, arrived, connected, over), daemon=True).start()
    began = time.monotonic()
    try:
        while True:
            if stop and stop.is_set():
                raise Stopped
            try:
                item = arrived.get(timeout=_PATIENCE)
            except queue.Empty:
                if not connected.is_set() and time.monotonic() - began > CONNECT_SECONDS:
                    raise NetworkTrouble(f"no connection within {CONNECT_SECONDS:.0f} s") from None
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        over.set()


def pause(stop: threading.Event | None, failures: int = 1) -> None:
    """Wait before the next try, the longer the more have failed. Raises Stopped."""
    if (stop or threading.Event()).wait(failures * PAUSE):
        raise Stopped


def _receive(
    address: str,
    start: int,
    token: str,
    arrived: queue.Queue[tuple[int, bytes] | Exception | None],
    connected: threading.Event,
    over: threading.Event,
) -> None:
    """Fetch, in a thread of its own, and hand over what comes until nobody wants it."""

    def hand_over(item: tuple[int, bytes] | Exception | None) -> None:
        while not over.is_set():
            with suppress(queue.Full):
                arrived.put(item, timeout=_PATIENCE)
                break

    def watch(event: str, _: object) -> None:
        if event.endswith("connect_tcp.complete"):
            connected.set()

    try:
        import httpx

        headers = {"Accept-Encoding": "identity", "User-Agent": "wenju"}
        headers |= {"Range": f"bytes={start}-"} if start else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        limits = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        with (
            httpx.Client(timeout=limits, follow_redirects=True, verify=_certificates()) as client,
            client.stream("GET", address, headers=headers, extensions={"trace": watch}) as response,
        ):
            connected.set()
            place = _place(response, start)
            for piece in response.iter_raw():
                if over.is_set():
                    return
                hand_over((place, piece))
                place += len(piece)
        hand_over(None)
    except NetworkTrouble as trouble:
        hand_over(trouble)
    except Exception as error:  # of the network, of a proxy's settings, of certificates: all reach the person
        hand_over(NetworkTrouble(f"{type(error).__name__}: {error}"))


def _place(response: Any, start: int) -> int:
    """Where in the file the body of `response` begins. Raises NetworkTrouble for a response without the file."""
    status = int(response.status_code)
    if status == 200:
        return 0
    if status == 206 and response.headers.get("content-range", "").startswith(f"bytes {start}-"):
        return start
    raise NetworkTrouble(f"HTTP {status}", status, response.headers.get("x-error-code", ""))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe; reading them takes longer than a small file."""
    import httpx

    return httpx.create_ssl_context()
