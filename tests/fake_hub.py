"""A hub on loopback that speaks as Hugging Face's and ModelScope do, and misbehaves when a test wants it to."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

REVISION = "c" * 40


def model_files(size: int = 300_000) -> dict[str, bytes]:
    """A made-up model of two shards of `size` bytes each, whole as far as anyone can see without loading it."""
    shards = {f"model-0000{n}-of-00002.safetensors": weights(bytes([n]) * size, f"layer{n}") for n in (1, 2)}
    index = {"weight_map": {f"layer{n}": name for n, name in enumerate(shards, 1)}}
    config = {"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}
    return {
        "config.json": json.dumps(config).encode(),
        "tokenizer.json": b"{}",
        "tokenizer_config.json": b'{"chat_template": "{{ messages }}"}',
        "model.safetensors.index.json": json.dumps(index).encode(),
        "LICENSE": b"",
        **shards,
    }


def weights(content: bytes, name: str = "layer") -> bytes:
    """A file of weights with one tensor."""
    header = json.dumps({name: {"dtype": "U8", "shape": [len(content)], "data_offsets": [0, len(content)]}}).encode()
    return len(header).to_bytes(8, "little") + header + content


class FakeHub:
    """Serves `files` of `repository` until it is closed; what else it does is set in its fields."""

    def __init__(self, files: Mapping[str, bytes], repository: str = "Qwen/Qwen3-0.6B") -> None:
        self.files, self.repository = dict(files), repository
        self.told: dict[str, bytes] = dict(files)  # what sizes and checksums are told of
        self.status: dict[str, int] = {}  # answers instead of what a path that ends so would give
        self.busy: dict[str, list[int]] = {}  # the same, once for each number
        self.error_code = ""
        self.cuts: dict[str, list[int]] = {}  # after so many bytes the connection ends, once for each number
        self.seconds = 0.0  # between pieces of 16 kB
        self.hangs = threading.Event()  # set: nothing is answered any more
        self.ranges = True
        self.requests: list[tuple[str, str]] = []  # path and range
        self.tokens: dict[str, str] = {}  # which token each path was asked with
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.hangs.clear()
        self._server.shutdown()
        self._server.server_close()

    def ranges_of(self, name: str) -> list[str]:
        """The ranges that were asked of one file, where it is really served."""
        return [asked for path, asked in self.requests if path == f"/cdn/{name}"]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # who does not want to hear more just leaves


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with suppress(ConnectionError):
            self._answer()

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def _answer(self) -> None:
        hub, parts = self.hub, urlsplit(self.path)
        path, query = unquote(parts.path), parse_qs(parts.query)
        asked = self.headers.get("Range", "")
        hub.requests.append((path, asked))
        hub.tokens[path] = self.headers.get("Authorization", "")
        while hub.hangs.is_set():
            time.sleep(0.05)
        once = {end: statuses.pop(0) for end, statuses in hub.busy.items() if statuses and path.endswith(end)}
        for end, status in (once or hub.status).items():
            if path.endswith(end):
                return self._send(b'{"error": "no"}', status)
        resolved = f"/{hub.repository}/resolve/{REVISION}/"
        if path == f"/api/models/{hub.repository}/revision/main":
            return self._send(self._hub_listing())
        if path == f"/api/v1/models/{hub.repository}/repo/files":
            return self._send(self._modelscope_listing())
        if path == f"/api/v1/models/{hub.repository}/repo":
            return self._redirect(query["FilePath"][0])
        if path.startswith(resolved) and path.removeprefix(resolved) in hub.files:
            return self._redirect(path.removeprefix(resolved))
        if path.startswith("/cdn/"):
            return self._file(path.removeprefix("/cdn/"), asked)
        return self._send(b'{"error": "Repository not found"}', 404)

    def _redirect(self, name: str) -> None:
        # Another name of the same machine, as files are on another one: what must not go there can be seen.
        place = self.hub.address.replace("127.0.0.1", "localhost")
        self._send(b"", 302, {"Location": f"{place}/cdn/{name}?signature=secret"})

    def _file(self, name: str, asked: str) -> None:
        hub, content = self.hub, self.hub.files[name]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and hub.ranges else 0
        headers = {}
        if start >= len(content) > 0:
            return self._send(b"", 416)
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._head(206 if start else 200, len(content) - start, headers)
        left = hub.cuts[name].pop(0) if hub.cuts.get(name) else len(content)
        for begin in range(start, len(content), 16_384):
            piece = content[begin : begin + 16_384][:left]
            left -= len(piece)
            self.wfile.write(piece)
            if left <= 0 and begin + len(piece) < len(content):
                self.close_connection = True
                self.connection.close()
                return None
            while hub.hangs.is_set():
                time.sleep(0.05)
            time.sleep(hub.seconds)
        return None

    def _hub_listing(self) -> bytes:
        siblings = []
        for name, content in self.hub.told.items():
            sibling: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": git_sha1(content)}
            if name.endswith(".safetensors"):
                sibling["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            siblings.append(sibling)
        return json.dumps({"id": self.hub.repository, "sha": REVISION, "siblings": siblings}).encode()

    def _modelscope_listing(self) -> bytes:
        files = [
            {"Path": name, "Type": "blob", "Size": len(content), "Sha256": hashlib.sha256(content).hexdigest()}
            for name, content in self.hub.told.items()
        ]
        folder = {"Path": "figures", "Type": "tree", "Size": 0, "Sha256": ""}
        return json.dumps({"Code": 200, "Success": True, "Data": {"Files": [folder, *files]}}).encode()

    def _send(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self._head(status, len(body), {"X-Error-Code": self.hub.error_code, **(headers or {})})
        self.wfile.write(body)

    def _head(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
