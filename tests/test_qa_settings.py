"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import InputError
from qa.settings import Settings, data_folder, language_of


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_environment({"HOME": "/h"}) == Settings(home=data_folder({"HOME": "/h"}))


def test_blank_counts_as_unset() -> None:
    blank = dict.fromkeys(("WENJU_ENCODER", "WENJU_MODEL", "WENJU_PASSAGES", "WENJU_CAUTION", "WENJU_LANG"), " ")
    assert Settings.from_environment({"HOME": "/h"} | blank) == Settings.from_environment({"HOME": "/h"})


def test_every_variable_is_read(tmp_path: Path) -> None:
    environ = {
        "WENJU_HOME": str(tmp_path / "a"),
        "WENJU_ENCODER": "hashing",
        "WENJU_MODEL": "some/model",
        "WENJU_SERVER": "http://127.0.0.1:8000/v1",
        "WENJU_API_KEY": "secret",
        "WENJU_UNSUPPORTED": "remove",
        "WENJU_PASSAGES": "7",
        "WENJU_CAUTION": "Careful",
        "WENJU_LANG": "en",
        "WENJU_DOWNLOADS": "yes",
        "WENJU_INDEX": "http://127.0.0.1:19530",
    }
    assert Settings.from_environment(environ) == Settings(
        home=tmp_path / "a",
        encoder="hashing",
        model="some/model",
        server="http://127.0.0.1:8000/v1",
        key="secret",
        k=7,
        caution="careful",
        unsupported="remove",
        language="en",
        downloads=True,
        index="http://127.0.0.1:19530",
    )


def test_a_key_may_stand_where_other_programs_look_for_it_and_is_not_shown() -> None:
    settings = Settings.from_environment({"OPENAI_API_KEY": "theirs"})
    assert settings.key == "theirs" and "theirs" not in repr(settings)
    assert Settings.from_environment({"OPENAI_API_KEY": "theirs", "WENJU_API_KEY": "ours"}).key == "ours"


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("WENJU_PASSAGES", "0", "50"),
        ("WENJU_PASSAGES", "51", "50"),
        ("WENJU_PASSAGES", "many", "50"),
        ("WENJU_PASSAGES", "²", "50"),
        ("WENJU_CAUTION", "bold", "balanced"),
        ("WENJU_UNSUPPORTED", "hide", "flag"),
        ("WENJU_LANG", "fr", "zh"),
        ("WENJU_DOWNLOADS", "maybe", "yes"),
        ("WENJU_HOME", __file__, ""),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(variable: str, value: str, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_environment({variable: value})
    for message in (caught.value.chinese, caught.value.english):
        assert variable in message
        assert value in message
        assert allowed in message


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "en_US.UTF-8"}, "en"),
        ({"WENJU_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh"),
    ],
)
def test_the_language_follows_the_variable_and_then_the_locale(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/share/wenju"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/d"}, "/d/wenju"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "relative"}, "/h/.local/share/wenju"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/wenju"),
        ("win32", {"LOCALAPPDATA": "/l", "USERPROFILE": "/u"}, "/l/wenju"),
        ("win32", {"USERPROFILE": "/u"}, "/u/AppData/Local/wenju"),
    ],
)
def test_the_data_folder_is_where_the_platform_keeps_data(platform: str, environ: dict[str, str], folder: str) -> None:
    assert data_folder(environ, platform) == Path(folder)


def test_someone_without_a_home_gets_a_private_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = data_folder({}, "linux")
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o077 == 0
    assert data_folder({}, "linux") == folder
    folder.chmod(0o755)
    assert data_folder({}, "linux") not in (folder, tmp_path / "wenju")


def test_a_folder_that_somebody_laid_out_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "trap").mkdir(mode=0o700)
    name = data_folder({}, "linux").name
    (tmp_path / name).rmdir()
    (tmp_path / name).symlink_to(tmp_path / "trap")
    assert data_folder({}, "linux").name != name


def test_a_relative_home_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({"WENJU_HOME": "here"}).home == tmp_path / "here"
