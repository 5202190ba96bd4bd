"""Who asks: a user who is logged in, a browser that is known by its cookie, or an address without either.

Knows names and their forms. A person is a text ("user:NAME", "visitor:HEX", "address:IP"; "" where nobody is known);
whatever is kept for a person goes by it.
"""

from __future__ import annotations

import re
import secrets

COOKIE = "wenju-visitor"
COOKIE_SECONDS = 400 * 86_400  # as long as browsers keep one at most
_VISITOR = re.compile(r"[0-9a-f]{32}")


def user(name: str) -> str:
    """The person who is logged in as `name`."""
    return f"user:{name}"


def visitor(name: object) -> str:
    """The person whose browser is called `name`; "" where that, which came from a browser, is no such name."""
    return f"visitor:{name}" if isinstance(name, str) and _VISITOR.fullmatch(name) else ""


def address(number: str) -> str:
    """Everyone at the address `number` who is not known otherwise."""
    return f"address:{number}"


def new_visitor() -> str:
    """A name for a browser that is new here. Nobody can guess it."""
    return secrets.token_hex(16)


def cookie(name: str, *, secure: bool) -> bytes:
    """The header by which a browser keeps its `name`: for this page alone, and out of reach for scripts."""
    parts = f"{COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_SECONDS}"
    return (parts + "; Secure" * secure).encode()


def person() -> str:
    """Who sent the event of the page that is being handled; "" outside of one."""
    from gradio.context import LocalContext

    request = LocalContext.request.get(None)
    scope = getattr(getattr(request, "request", None), "scope", {})
    return str(scope.get("wenju.person", ""))
