"""Logging in: the form, the cookie that a browser gets for a right password, and patience with wrong ones.

Knows HTTP as far as a login takes it; who may come in is known to `qa.web.users`. A form is taken from this page alone
(the guard looks at its origin), so it needs no secret of its own.
"""

from __future__ import annotations

import hashlib
import time
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Any

from qa.web.texts import words
from qa.web.users import TOKEN_SECONDS, Users

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

WRONG_TRIES = 5
WRONG_SECONDS = 300.0  # so many wrong tries in so many seconds, and nobody at that address is heard for that name
_BASIC_SECONDS = 300.0


@dataclass(slots=True)
class Logins:
    """Who is logged in, where `users` has anyone to log in; None: nobody has to."""

    users: Users | None
    language: str = "zh"
    _wrong: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _basic: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _hashing: Semaphore = field(default_factory=lambda: Semaphore(2))  # each takes 16 MiB and a core

    @property
    def demanded(self) -> bool:
        return self.users is not None

    @property
    def cookie(self) -> str:
        """The name of the cookie: cookies do not heed ports, so that each data folder has one of its own."""
        return f"wenju-login-{hashlib.sha256(str(self.users and self.users.home).encode()).hexdigest()[:8]}"

    def user_by_cookie(self, cookies: Mapping[str, str]) -> str:
        """Who is logged in in the browser that sends `cookies`; "" where nobody is."""
        return self.users.named_by(cookies.get(self.cookie, "")) if self.users else ""

    def try_password(self, name: str, password: str, address: str) -> bool:
        """Whether `password` is that of `name`. After WRONG_TRIES wrong ones from `address`: no, whatever it is."""
        if self.users is None or self.seconds_to_wait(name, address):
            return False
        with self._hashing:
            right = self.users.check(name, password)
        with self._lock:
            if right:
                self._wrong.pop((name, address), None)
            else:
                self._wrong[name, address].append(time.monotonic())
                while len(self._wrong) > 10_000:
                    self._wrong.pop(next(iter(self._wrong)))
        return right

    def seconds_to_wait(self, name: str, address: str) -> int:
        """How long nobody at `address` is heard for `name`, 0 where they are."""
        with self._lock:
            tries = self._wrong.get((name, address), deque())
            while tries and time.monotonic() - tries[0] > WRONG_SECONDS:
                tries.popleft()
            return 0 if len(tries) < WRONG_TRIES else max(1, round(WRONG_SECONDS - (time.monotonic() - tries[0])))

    def user_by_password(self, authorization: str, address: str) -> str:
        """Whose name and password came along (HTTP Basic, as programs send it); "" where they are not right."""
        kind, _, encoded = authorization.partition(" ")
        if self.users is None or kind.lower() != "basic":
            return ""
        try:
            name, _, password = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return ""
        # Hashed again for each request it would take longer than an answer; a changed password ends it by its token.
        key = hashlib.sha256(encoded.encode()).hexdigest()
        token, until = self._basic.get(key, ("", 0.0))
        if time.monotonic() < until and self.users.named_by(token) == name:
            return name
        if not self.try_password(name, password, address):
            return ""
        if len(self._basic) > 1000:
            self._basic.clear()
        self._basic[key] = (self.users.token(name), time.monotonic() + _BASIC_SECONDS)
        return name

    # --- the form ---

    def draw(self, notice: str = "", name: str = "") -> str:
        """The page with the form. Nothing on it is fetched from anywhere."""
        says = words(self.language)
        own = says.shelf
        alert = f'<p class="notice" role="alert">{escape(notice)}</p>' if notice else ""
        return (
            f'<!doctype html><html lang="{says.locale}"><head><meta charset="utf-8"><title>{says.name}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            f"<style>{_STYLE}</style></head><body><main><h1>{says.name}</h1><p>{says.tagline}</p>{alert}"
            f'<form method="post" action="/login"><label>{own.user_name}<input name="name" value="{escape(name)}" '
            f'autocomplete="username" required autofocus></label><label>{own.password}<input name="password" '
            f'type="password" autocomplete="current-password" required></label><button>{own.log_in}</button></form>'
            "</main></body></html>"
        )

    async def page(self, request: Request) -> Response:
        """GET /login."""
        from starlette.responses import HTMLResponse, RedirectResponse

        if not self.demanded:
            return RedirectResponse("/", 303)
        return HTMLResponse(self.draw())

    async def log_in(self, request: Request) -> Response:
        """POST /login: a form with `name` and `password`."""
        from anyio.to_thread import run_sync
        from starlette.responses import HTMLResponse, RedirectResponse

        form = await _form(request)
        name, password = form.get("name", "").strip(), form.get("password", "")
        address = request.client.host if request.client else ""
        right = await run_sync(self.try_password, name, password, address)
        if right and self.users is not None:
            response: Response = RedirectResponse("/", 303)
            self._remember(response, name, request)
            return response
        says, wait = words(self.language), self.seconds_to_wait(name, address)
        told = says.shelf.login_later.format(minutes=-(-wait // 60)) if wait else says.shelf.login_wrong
        headers = {"Retry-After": str(wait)} if wait else None
        return HTMLResponse(self.draw(told, name), 429 if wait else 401, headers=headers)

    async def log_out(self, request: Request) -> Response:
        """POST /logout."""
        from starlette.responses import RedirectResponse

        response = RedirectResponse("/login", 303)
        response.delete_cookie(self.cookie, path="/")
        response.delete_cookie(_who(request), path="/")
        return response

    def _remember(self, response: Any, name: str, request: Request) -> None:
        """Let the browser show who is logged in, and let its scripts tell users apart in what they keep."""
        assert self.users is not None
        kept = {"max_age": TOKEN_SECONDS, "path": "/", "secure": request.url.scheme == "https", "samesite": "lax"}
        response.set_cookie(self.cookie, self.users.token(name), httponly=True, **kept)
        response.set_cookie(_who(request), hashlib.sha256(f"who:{name}".encode()).hexdigest()[:16], **kept)


def _who(request: Request) -> str:
    """The cookie that scripts of the page may read: a number for the user's name, apart for each port."""
    return f"wenju-who-{request.url.port or ''}"


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a small form."""
    from urllib.parse import parse_qsl

    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 8192:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


_STYLE = """
:root { color-scheme: light dark; --paper: #faf8f3; --ink: #1d1b18; --soft: #5d574e; --accent: #9c2320; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161513; --ink: #ece7dd; --soft: #aca499; --accent: #f09a8e; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1rem/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { width: min(22rem, 88vw); padding: 2rem 0; }
h1 { font: 700 2rem/1.3 "Songti SC", "Noto Serif CJK SC", SimSun, serif; letter-spacing: .12em; margin: 0; }
p { margin: .25rem 0 1.5rem; color: var(--soft); }
.notice { color: var(--accent); font-weight: 600; }
label { display: block; margin-bottom: 1rem; }
input { display: block; box-sizing: border-box; width: 100%; padding: .55rem .7rem; margin-top: .25rem; font: inherit;
  color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 6px; }
button { width: 100%; padding: .6rem; font: inherit; font-weight: 600; color: var(--paper); background: var(--accent);
  border: 0; border-radius: 6px; cursor: pointer; }
:is(input, button):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""
