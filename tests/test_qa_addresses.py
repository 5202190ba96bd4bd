"""Names the page answers to, and pages that may use it."""

from __future__ import annotations

import socket

import pytest

from qa.web.addresses import Addresses, is_everywhere, is_this_machine, own_addresses

HERE = Addresses("127.0.0.1")
PROXIED = Addresses("127.0.0.1", ("qa.example.org", "wenju.example.net:8443"))
OPEN = Addresses("0.0.0.0")


@pytest.mark.parametrize(
    ("addresses", "host"),
    [
        (HERE, "127.0.0.1:7860"), (HERE, "localhost:7860"), (HERE, "LOCALHOST"), (HERE, "[::1]:7860"), (HERE, "localhost."),
        (PROXIED, "qa.example.org"), (PROXIED, "QA.example.org:444"), (PROXIED, "wenju.example.net:8443"),
        (OPEN, "192.168.1.5:7860"), (OPEN, "[fe80::1]:7860"), (OPEN, f"{socket.gethostname()}:7860"),
        (Addresses("wenju.lan"), "wenju.lan:7860"), (Addresses("::"), "10.0.0.3"),
    ],
)  # fmt: skip
def test_names_that_are_ours(addresses: Addresses, host: str) -> None:
    assert addresses.knows(host)


@pytest.mark.parametrize(
    ("addresses", "host"),
    [
        (HERE, "evil.example:7860"), (HERE, "127.0.0.1.evil.example"), (HERE, "192.168.1.5"), (HERE, ""), (HERE, "a@localhost"),
        (HERE, "localhost:x"), (HERE, "localhost/evil"), (PROXIED, "example.org"), (PROXIED, "qa.example.org.evil.example"),
        (PROXIED, "wenju.example.net:1"), (OPEN, "evil.example"), (OPEN, "localhost.evil.example"),
    ],
)  # fmt: skip
def test_names_that_a_stranger_pointed_here(addresses: Addresses, host: str) -> None:
    assert not addresses.knows(host)


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:7860", "127.0.0.1:7860", True),
        ("http://[::1]:7860", "[::1]:7860", True),
        ("http://localhost", "localhost:80", True),
        ("https://qa.example.org", "127.0.0.1:7860", True),
        ("https://qa.example.org", "qa.example.org", True),
        ("http://localhost:3000", "localhost:7860", False),
        ("http://localhost:7860", "127.0.0.1:7860", False),
        ("https://evil.example", "127.0.0.1:7860", False),
        ("http://127.0.0.1.evil.example:7860", "127.0.0.1:7860", False),
        ("null", "127.0.0.1:7860", False),
        ("file://", "127.0.0.1:7860", False),
        ("", "127.0.0.1:7860", False),
        ("http://127.0.0.1:x", "127.0.0.1:7860", False),
        ("chrome-extension://abc", "127.0.0.1:7860", False),
    ],
)
def test_pages_that_may_use_this_one(origin: str, host: str, own: bool) -> None:
    assert PROXIED.is_own(origin, host) is own


def test_who_else_reaches_an_address() -> None:
    assert [is_this_machine(host) for host in ("localhost", "127.0.0.8", "::1", "0.0.0.0", "", "a.example")] == [
        True
    ] * 3 + [False] * 3
    assert [is_everywhere(host) for host in ("", "0.0.0.0", "::", "127.0.0.1", "a.example")] == [True] * 3 + [False] * 2


def test_where_people_find_the_page() -> None:
    assert own_addresses("127.0.0.1", 7860) == ("http://127.0.0.1:7860",)
    assert own_addresses("::1", 7860) == ("http://[::1]:7860",)
    here, *outside = own_addresses("0.0.0.0", 7860)
    assert here == "http://127.0.0.1:7860"
    assert all("0.0.0.0" not in address and "127.0.0.1" not in address for address in outside)
