"""Who may use the page: names with hashed passwords in one file, and the tokens that a browser keeps after a login.

Knows hashes and files. Knows nothing of requests. A token names its user and its end and is signed with a secret of
this data folder and the user's hash: it needs no memory, so several page processes share it, a restart keeps it, and a
changed password or a removed user ends it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError

LEAST_PASSWORD = 8  # characters
LONGEST_NAME = 64  # characters
LONGEST_PASSWORD = 1024  # characters
TOKEN_SECONDS = 7 * 86_400
# 16 MiB and about a quarter of a second for each try, as OWASP's password storage cheat sheet has it for scrypt.
_COST, _BLOCK, _PARALLEL = 1 << 14, 8, 5


@dataclass(frozen=True, slots=True)
class Users:
    """The users whose file lies in the data folder `home`. Nothing is kept in memory: a change holds at once."""

    home: Path

    @property
    def file(self) -> Path:
        return self.home / "users" / "users.json"

    def names(self) -> tuple[str, ...]:
        """Everyone who may log in, sorted. Raises InputError where the file cannot be read."""
        return tuple(sorted(self._hashes()))

    def add(self, name: str, password: str) -> None:
        """Let `name` in with `password`; who is there already gets the new one. Raises InputError."""
        if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise InputError(
                f"用户名“{name}”不能用：要有 1 到 {LONGEST_NAME} 个字，前后没有空格，没有看不见的字符。",
                f"The name {name!r} cannot be used: 1 to {LONGEST_NAME} visible characters, no blank at either end.",
            )
        if not LEAST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise InputError(
                f"密码有 {len(password)} 个字符；应当有 {LEAST_PASSWORD} 到 {LONGEST_PASSWORD} 个。请换一个再试。",
                f"The password has {len(password)} characters; it takes {LEAST_PASSWORD} to {LONGEST_PASSWORD}. "
                "Try again with another one.",
            )
        salt = secrets.token_bytes(16)
        self._save({**self._hashes(), name: f"scrypt${salt.hex()}${_hash(password, salt).hex()}"})

    def remove(self, name: str) -> None:
        """Let `name` in no more; what is logged in under that name is out. Raises InputError where nobody has it."""
        hashes = self._hashes()
        if name not in hashes:
            there = "、".join(sorted(hashes)) or "（还没有用户）"
            raise InputError(
                f"没有名叫“{name}”的用户，有的是：{there}。用 wenju users list 查看。",
                f"There is no user {name!r}. See wenju users list.",
            )
        self._save({other: kept for other, kept in hashes.items() if other != name})

    def check(self, name: str, password: str) -> bool:
        """Whether `password` is that of `name`. Takes the same time whether or not there is such a user."""
        kept = self._hashes().get(name, "")
        _, salt, expected = (kept or "scrypt$00$00").split("$")
        found = _hash(password[: LONGEST_PASSWORD + 1], bytes.fromhex(salt))
        return hmac.compare_digest(found, bytes.fromhex(expected)) and bool(kept)

    def token(self, name: str, now: float | None = None) -> str:
        """What the browser of `name` shows from now on instead of the password, for TOKEN_SECONDS."""
        end = int((time.time() if now is None else now) + TOKEN_SECONDS)
        named = f"{urlsafe_b64encode(name.encode()).decode()}.{end}"
        return f"{named}.{self._signature(named, self._hashes()[name])}"

    def named_by(self, token: str, now: float | None = None) -> str:
        """The user that `token` was made for, "" where it is none of ours or its time is over."""
        named, _, signature = token.rpartition(".")
        encoded, _, end = named.partition(".")
        try:
            name = urlsafe_b64decode(encoded.encode()).decode()
            alive = int(end) > (time.time() if now is None else now)
        except ValueError:
            return ""
        kept = self._hashes().get(name)
        if not kept or not alive or not hmac.compare_digest(signature.encode(), self._signature(named, kept).encode()):
            return ""
        return name

    def _signature(self, named: str, kept: str) -> str:
        return hmac.new(self._secret(), f"{named}\0{kept}".encode(), hashlib.sha256).hexdigest()

    def _secret(self) -> bytes:
        path = self.file.with_name("secret")
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self._folder()
            fresh = path.with_name(f"secret-{secrets.token_hex(4)}")
            _write(fresh, secrets.token_bytes(32))
            try:
                os.link(fresh, path)  # of two processes that come here together, one makes the secret
            except FileExistsError:
                pass
            except OSError:
                fresh.replace(path)
            fresh.unlink(missing_ok=True)
            return path.read_bytes()

    def _hashes(self) -> Mapping[str, str]:
        try:
            read = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self._unreadable(str(error)) from error
        if not isinstance(read, dict) or not all(_is_hash(kept) for kept in read.values()):
            raise self._unreadable("JSON")
        return read

    def _unreadable(self, reason: str) -> InputError:
        return InputError(
            f"用户文件 {self.file} 读不了（{reason}）。请恢复备份，或删去它再用 wenju users add 重新添加。",
            f"The file of users {self.file} cannot be read ({reason}). Restore it, or delete it and add the users "
            "again with wenju users add.",
        )

    def _save(self, hashes: Mapping[str, str]) -> None:
        self._folder()
        fresh = self.file.with_name(f"users-{secrets.token_hex(4)}.json")
        _write(fresh, json.dumps(hashes, ensure_ascii=False, indent=1).encode())
        fresh.replace(self.file)

    def _folder(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.parent.chmod(0o700)


def _hash(password: str, salt: bytes) -> bytes:
    encoded = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(encoded, salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=1 << 26)


def _is_hash(kept: object) -> bool:
    return isinstance(kept, str) and kept.startswith("scrypt$") and kept.count("$") == 2


def _write(path: Path, data: bytes) -> None:
    """Write `data` where nobody else may read it, not even for a moment."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
