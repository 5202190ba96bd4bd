"""What stands between the network and the page: which requests come through at all, and who sends them.

An ASGI application around the page's own. Knows hosts, origins, paths, logins and sizes; knows Gradio by the paths and
the one message that the page's browser half uses, and lets nothing else through to it. Answers are never changed, only
their headers: no other site may read, frame or embed them, and nothing in them may fetch from elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from anyio.to_thread import run_sync

from qa.web import persons
from qa.web.addresses import Addresses, is_this_machine
from qa.web.logins import Logins

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_MESSAGE = 8 << 20  # bytes of one event of the page; a long conversation is a few hundred thousand
MOST_SESSIONS = 20_000
_ALIVE = ("/healthz", "/readyz")
_PAGES = re.compile(r"/|/(zh|en)/?|/login|/reports/[\w/.-]+")
_OPEN = re.compile(r"/login|/healthz|/readyz|/metrics|/(robots\.txt|favicon\.ico)")
_LOCAL = ("/metrics",)  # for programs on this machine, who need no login; for nobody else, logged in or not
# All that the browser half of Gradio asks for on this page. What runs functions directly, proxies, writes programs or
# shows statistics is not among it.
_GRADIO = re.compile(
    r"/|/(zh|en)/?|/(config|theme\.css|manifest\.json|favicon\.ico|robots\.txt)/?"
    r"|/(assets|static|svelte)/.+"
    r"|/gradio_api/((queue/(join|data)|cancel|reset|startup-events|app_id|info|theme\.css)/?|file=.+)"
)
_CARRYING = re.compile(r"/gradio_api/(queue/join|cancel|reset)/?")
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    # With "no-referrer" a browser would not say that a form which it sends came from this page.
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"SAMEORIGIN",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    # Gradio's own page runs inline scripts and makes functions; what counts is that nothing comes from elsewhere.
    b"content-security-policy": b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    b"frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'",
}


class Refused(Exception):
    """A request that does not come through: a status, and why in two languages."""

    def __init__(self, status: int, chinese: str, english: str) -> None:
        super().__init__(status)
        self.status, self.chinese, self.english = status, chinese, english


@dataclass(slots=True)
class Guard:
    """`app`, guarded. `functions` has the number of inputs of each of the page's functions; `own` are further paths."""

    app: App
    addresses: Addresses
    logins: Logins
    functions: Mapping[int, int]
    own: re.Pattern[str]
    language: str = "zh"
    _sessions: OrderedDict[str, str] = field(default_factory=OrderedDict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # the page has no websockets
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        fresh = b""
        try:
            self._check_place(scope, headers)
            scope["wenju.person"], fresh = await self._person(scope, headers)
            self._check_path(scope)
            receive = await self._checked_message(scope, receive)
            self._check_session(scope["wenju.person"], parse_qs(scope["query_string"].decode("latin-1")))
        except Refused as refused:
            await self._refuse(scope, headers, refused, send)
            return
        await self.app(scope, receive, _hardened(send, fresh))

    def _check_place(self, scope: Scope, headers: Mapping[str, str]) -> None:
        """That the request names this page as its aim, and comes from it where a browser sends it."""
        path, method, host = scope["path"], scope["method"], headers.get("host", "")
        if path in _ALIVE and method in ("GET", "HEAD"):
            return
        if not self.addresses.knows(host) or not self.addresses.knows(headers.get("x-forwarded-host", host)):
            raise Refused(
                403,
                f"这个页面不叫“{host[:100]}”。要用这个名字访问，请在启动时加 --allow-host 名字。",
                f"This page is not called {host[:100]!r}. To use that name, start it with --allow-host NAME.",
            )
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        visiting = method in ("GET", "HEAD") and headers.get("sec-fetch-mode", "navigate") == "navigate"
        if origin is None:
            foreign = site in ("cross-site", "same-site") and not (visiting and _PAGES.fullmatch(path))
        else:
            foreign = not self.addresses.is_own(origin, host)
        if foreign:
            raise Refused(403, "不接受别的网站发来的请求。", "Requests from other sites are not accepted.")
        if path in _LOCAL and not is_this_machine((scope.get("client") or ("",))[0]):
            raise Refused(403, "只有这台电脑上的程序能看。", "For programs on this machine only.")
        if method == "OPTIONS":  # asked by browsers on behalf of other sites only
            raise Refused(405, "不支持这种请求。", "This kind of request is not supported.")

    async def _person(self, scope: Scope, headers: Mapping[str, str]) -> tuple[str, bytes]:
        """Who sends the request, and the cookie by which a browser that is new here is to be known."""
        cookies, address = _cookies(headers.get("cookie", "")), (scope.get("client") or ("",))[0]
        if self.logins.demanded:
            user = self.logins.user_by_cookie(cookies)
            if not user and "authorization" in headers:  # hashing a password takes a while
                user = await run_sync(self.logins.user_by_password, headers["authorization"], address)
            if not user and not _OPEN.fullmatch(scope["path"]):
                raise Refused(401, "请先登录。", "Log in first.")
            return (persons.user(user) if user else ""), b""
        known = persons.visitor(cookies.get(persons.COOKIE, ""))
        if known:
            return known, b""
        if scope["method"] == "GET" and _PAGES.fullmatch(scope["path"]):
            name = persons.new_visitor()
            return persons.visitor(name), persons.cookie(name, secure=scope.get("scheme") == "https")
        return persons.address(address), b""

    def _check_path(self, scope: Scope) -> None:
        path = scope["path"]
        if not (self.own.fullmatch(path) or _GRADIO.fullmatch(path)):
            raise Refused(404, "没有这个地址。", "There is nothing at this address.")

    async def _checked_message(self, scope: Scope, receive: Receive) -> Receive:
        """`receive`, after a look at an event that the page's browser half sends, if it is one."""
        if scope["method"] != "POST" or not _CARRYING.fullmatch(scope["path"]):
            return receive
        body = await _body(receive)
        try:
            message = json.loads(body)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise Refused(422, "请求里不是 JSON 对象。", "The request is no JSON object.")
        self._check_session(scope["wenju.person"], {"session_hash": [str(message.get("session_hash"))]})
        if "queue/join" in scope["path"]:
            index, data = message.get("fn_index"), message.get("data")
            if type(index) is not int or index not in self.functions:
                raise Refused(404, "页面没有这个功能，请刷新页面。", "The page has no such function; reload it.")
            if not isinstance(data, list) or len(data) != self.functions[index]:
                raise Refused(422, "请求的内容不完整，请刷新页面。", "The request is not complete; reload the page.")
        return _replayed(body, receive)

    def _check_session(self, person: str, query: Mapping[str, list[str]]) -> None:
        """That a session of the page is used by the one who began it, and by nobody else."""
        for name in query.get("session_hash", ()):
            owner = self._sessions.setdefault(name[:100], person)
            self._sessions.move_to_end(name[:100])
            if owner != person:
                raise Refused(403, "这是别人的会话。", "This session is somebody else's.")
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)

    async def _refuse(self, scope: Scope, headers: Mapping[str, str], refused: Refused, send: Send) -> None:
        send = _hardened(send, b"")
        visiting = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
        if refused.status == 401 and visiting:
            await _answer(send, 303, b"", [(b"location", b"/login")])
            return
        told = refused.english if self.language == "en" else refused.chinese
        body = json.dumps({"detail": told}, ensure_ascii=False).encode()
        await _answer(send, refused.status, body, [(b"content-type", b"application/json; charset=utf-8")])


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _hardened(send: Send, cookie: bytes) -> Send:
    """`send`, with headers that keep other sites out, and without those that let them in."""

    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", ()) if not _lets_in(name)]
            named = {name.lower() for name, _ in kept}
            kept += [(name, value) for name, value in _HEADERS.items() if name not in named]
            message["headers"] = [*kept, (b"set-cookie", cookie)] if cookie else kept
        await send(message)

    return hardened


def _lets_in(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")


async def _body(receive: Receive) -> bytes:
    """The whole body of a request. Raises Refused where it is longer than LARGEST_MESSAGE."""
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        more = message.get("more_body", False)
        if length > LARGEST_MESSAGE:
            raise Refused(
                413,
                f"这次发送的内容超过 {LARGEST_MESSAGE >> 20} MB。请开始一个新对话再问。",
                f"What was sent is more than {LARGEST_MESSAGE >> 20} MB. Start a new conversation and ask again.",
            )
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` first."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _cookies(header: str) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
