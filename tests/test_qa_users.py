"""Names, hashed passwords and the tokens of those who are logged in."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import InputError
from qa.web.users import TOKEN_SECONDS, Users


@pytest.fixture(autouse=True, scope="module")
def cheap_hashes() -> Iterator[None]:
    """Hashes that cost what a test may cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.web.users._COST", 1 << 4)
        yield


@pytest.fixture
def users(tmp_path: Path) -> Users:
    users = Users(tmp_path)
    users.add("张三", "一把很长的铁钥匙")
    return users


def test_a_password_is_checked_and_never_kept(users: Users) -> None:
    assert users.check("张三", "一把很长的铁钥匙")
    assert not users.check("张三", "一把很长的铁钥匙 ")
    assert not users.check("李四", "一把很长的铁钥匙")
    assert "钥匙" not in users.file.read_text(encoding="utf-8")
    assert stat.S_IMODE(users.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(users.file.parent.stat().st_mode) == 0o700


def test_the_same_password_is_never_hashed_to_the_same(users: Users) -> None:
    users.add("李四", "一把很长的铁钥匙")
    assert len(set(json.loads(users.file.read_text(encoding="utf-8")).values())) == 2


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), (" a", "long enough"), ("a\n", "long enough"), ("a", "short"), ("a" * 65, "long enough")]
)  # fmt: skip
def test_names_and_passwords_that_cannot_be_used(users: Users, name: str, password: str) -> None:
    with pytest.raises(InputError):
        users.add(name, password)
    assert users.names() == ("张三",)


def test_a_token_names_its_user_until_its_end(users: Users) -> None:
    token = users.token("张三", now=1000.0)
    assert users.named_by(token, now=1000.0) == "张三"
    assert Users(users.home).named_by(token, now=1000.0) == "张三"
    assert users.named_by(token, now=1001.0 + TOKEN_SECONDS) == ""


def test_tokens_that_were_tampered_with_name_nobody(users: Users, tmp_path: Path) -> None:
    users.add("李四", "another password")
    name, end, signature = users.token("张三").split(".")
    other = users.token("李四").split(".")[0]
    elsewhere = Users(tmp_path / "elsewhere")
    elsewhere.add("张三", "一把很长的铁钥匙")
    forged = [f"{other}.{end}.{signature}", f"{name}.{int(end) + 1}.{signature}", f"{name}.{end}.", "", "...", "é.1.é"]
    assert [users.named_by(token) for token in [*forged, elsewhere.token("张三")]] == [""] * 7


def test_a_new_password_and_a_removal_end_what_is_logged_in(users: Users) -> None:
    token = users.token("张三")
    users.add("张三", "eine andere")
    assert users.named_by(token) == ""
    token = users.token("张三")
    users.remove("张三")
    assert users.named_by(token) == ""
    assert users.names() == ()
    with pytest.raises(InputError, match="张三"):
        users.remove("张三")


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": "md5$x"}'])
def test_a_damaged_file_lets_nobody_in(users: Users, text: str) -> None:
    token = users.token("张三")
    users.file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"users\.json"):
        users.check("张三", "一把很长的铁钥匙")
    with pytest.raises(InputError):
        users.named_by(token)
