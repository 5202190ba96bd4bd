"""Under which names the page may be asked for, from which pages, and where people find it.

Pure but for `own_addresses`, which asks this machine for its address and sends nothing. A browser that was led here by
a stranger's site names that site in "Origin", or asks for the stranger's name in "Host" (a name that was pointed at
this machine): both are told apart here.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the page that listens at `bound` answers to: that, this machine's own names, and the names in `allowed`.

    A name in `allowed` may have a port ("qa.example.org:8443"); without one it is good at any port.
    """

    bound: str
    allowed: tuple[str, ...] = ()

    def knows(self, host: str) -> bool:
        """Whether a request may name `host` (a "Host" header) as where it goes."""
        name, port = _parted(host)
        if not name:
            return False
        if name in LOOPBACK or name == _parted(self.bound)[0] or self._allows(name, port):
            return True
        # Who listens everywhere is asked for by number; a number cannot be pointed elsewhere, as a name can.
        return is_everywhere(self.bound) and (_ip(name) is not None or name in _own_names())

    def is_own(self, origin: str, host: str) -> bool:
        """Whether the page that a request comes from (its "Origin") is this one, which was asked for as `host`."""
        try:
            parts = urlsplit(origin)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            return False
        name, named_port = _parted(host)
        origin_name = (parts.hostname or "").rstrip(".")
        if origin_name == name and port == (named_port or _PORTS[parts.scheme]):
            return True
        # A proxy may ask for this machine by another name than the browser did.
        return self._allows(origin_name, port)

    def _allows(self, name: str, port: int) -> bool:
        parted = [_parted(allowed) for allowed in self.allowed]
        return any(name == each and wanted in (0, port) for each, wanted in parted)


def is_this_machine(host: str) -> bool:
    """Whether nobody on another machine reaches what listens at `host`."""
    address = _ip(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def is_everywhere(host: str) -> bool:
    """Whether `host` stands for every address of this machine."""
    address = _ip(host)
    return not host or (address is not None and address.is_unspecified)


def own_addresses(host: str, port: int) -> tuple[str, ...]:
    """Where a browser finds what listens at `host` and `port`: on this machine first, then from others."""
    if not is_everywhere(host):
        return (_url(host, port),)
    here = _url("127.0.0.1", port)
    outside = _outside_address()
    return (here, _url(outside, port)) if outside else (here,)


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _outside_address() -> str:
    """The address that others on the same network know this machine by, "" where it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # A datagram socket only looks up the way; 192.0.2.1 is reserved for examples (RFC 5737).
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if is_this_machine(found) or is_everywhere(found) else found


def _own_names() -> tuple[str, ...]:
    name = socket.gethostname().lower()
    return (name, f"{name}.local") if name else ()


def _parted(host: str) -> tuple[str, int]:
    """Name and port (0: none) of a "Host" header; "" for what cannot be one."""
    bare = _ip(host)
    if bare is not None:
        return str(bare), 0
    try:
        parts = urlsplit(f"//{host}")
        name, port = (parts.hostname or "").rstrip("."), parts.port or 0
    except ValueError:
        return "", 0
    if parts.netloc != host or "@" in host:
        return "", 0
    return name, port


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
