"""A web server in a thread of its own, on a socket that is bound before anything else is done.

Knows uvicorn. Knows nothing of what it serves.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from typing import Any

from corpus.errors import InputError
from qa.web.texts import words

START_SECONDS = 60.0
STOP_SECONDS = 5.0


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens at `host`:`port` (None: any free one). Raises InputError where that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port or 0), family=family, backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and port:
            told = {each: words(each).port_taken.format(port=port, other=port + 1) for each in ("zh", "en")}
            raise InputError(told["zh"], told["en"]) from error
        reason = error.strerror or str(error)
        raise InputError(
            f"不能在 {host} 的端口 {port} 上监听（{reason}）。--host 应当是这台电脑的一个地址，例如 127.0.0.1。",
            f"Nothing can listen at {host}, port {port} ({reason}). --host takes an address of this machine, "
            "such as 127.0.0.1.",
        ) from error


class Server:
    """`app` behind `listening`, until `close`."""

    def __init__(self, app: Any, listening: socket.socket) -> None:
        import uvicorn

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            ws="none",
            # Who forwards requests from this machine may say whose they are; FORWARDED_ALLOW_IPS names other proxies.
            proxy_headers=True,
            forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"),
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="wenju-server", daemon=True)
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the web server did not start")
            time.sleep(0.005)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
