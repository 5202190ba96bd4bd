"""What a person may set, read once from the environment and passed on as one frozen value.

Knows the names of the variables, their defaults and what they may be. Knows nothing of models or indexes:
whether a named model exists is found out by those who load it.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import InputError
from corpus.languages import LANGUAGES

CAUTIONS = ("careful", "balanced", "eager")
UNSUPPORTED = ("flag", "remove")
SWITCHES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
MOST_PASSAGES = 50


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting there is.

    `home` is where indexes and models are kept. New indexes have their words and vectors in the Milvus at `index`
    (a URI, or a .db file for Milvus Lite), where one is named. `encoder` and `model` are names: "wenju" is the
    embedded one of each; the model "auto" is that of the server where there is one, else a recommended one that is
    on this machine, else "wenju". `server` is the address of an OpenAI-compatible server and `key` its key. `k` is
    the number of passages that an answer may be made from. `caution` says how sure the reader must be before it
    answers. Sentences of a language model that no passage supports are flagged, or removed, as `unsupported` says.
    `language` is that of messages, not of articles. Only with `downloads` may an encoder be fetched from a hub.
    """

    home: Path = field(default_factory=lambda: data_folder(os.environ))
    encoder: str = "wenju"
    model: str = "auto"
    server: str = ""
    key: str = field(default="", repr=False)
    k: int = 10
    caution: str = "balanced"
    unsupported: str = "flag"
    language: str = "zh"
    downloads: bool = False
    index: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings that `environ` asks for; what is unset or blank keeps its default.

        Raises InputError, naming the variable, its value and what is allowed.
        """
        home = environ.get("WENJU_HOME", "").strip()
        return cls(
            home=_home(home) if home else data_folder(environ),
            encoder=environ.get("WENJU_ENCODER", "").strip() or "wenju",
            model=environ.get("WENJU_MODEL", "").strip() or "auto",
            server=environ.get("WENJU_SERVER", "").strip(),
            key=environ.get("WENJU_API_KEY", "").strip() or environ.get("OPENAI_API_KEY", "").strip(),
            k=_passages(environ.get("WENJU_PASSAGES", "").strip() or "10"),
            caution=_choice("WENJU_CAUTION", environ.get("WENJU_CAUTION", "").strip() or "balanced", CAUTIONS),
            unsupported=_choice(
                "WENJU_UNSUPPORTED", environ.get("WENJU_UNSUPPORTED", "").strip() or "flag", UNSUPPORTED
            ),
            language=language_of(environ),
            index=environ.get("WENJU_INDEX", "").strip(),
            downloads=_switch("WENJU_DOWNLOADS", environ.get("WENJU_DOWNLOADS", "").strip() or "0"),
        )


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where programs keep data of this person on `platform`; a private temporary folder for someone without a home."""
    person = environ.get("HOME") or environ.get("USERPROFILE") or ""
    if platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / "wenju"
    if platform not in ("win32", "darwin") and Path(environ.get("XDG_DATA_HOME") or ".").is_absolute():
        return Path(environ["XDG_DATA_HOME"]) / "wenju"
    if not person:
        return _temporary()
    folder = {"win32": "AppData/Local", "darwin": "Library/Application Support"}.get(platform, ".local/share")
    return Path(person) / folder / "wenju"


def _temporary() -> Path:
    """A folder among everybody's temporary ones that is this person's alone, the same each time if that can be."""
    number = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"wenju-{number}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        # Others may have made it first, or a link of that name, to read what is kept there or to put in their own.
        if stat.S_ISDIR(found.st_mode) and (os.name == "nt" or (found.st_uid == number and not found.st_mode & 0o077)):
            return folder
    return Path(tempfile.mkdtemp(prefix="wenju-"))


def language_of(environ: Mapping[str, str]) -> str:
    """The language of messages: WENJU_LANG, else the locale; "en" for an English locale, "zh" for all others.

    The locale is the first of LC_ALL, LC_MESSAGES and LANG that is set, as POSIX has it.
    """
    named = environ.get("WENJU_LANG", "").strip()
    if named:
        return _choice("WENJU_LANG", named, LANGUAGES)
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"


def _home(value: str) -> Path:
    folder = Path.cwd() / (Path(value).expanduser() if value[:2] in ("~", "~/") else value)
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"环境变量 WENJU_HOME 是“{value}”，那是一个文件；这里应当是一个文件夹（没有的话会新建）。",
            f"WENJU_HOME is {value!r}, which is a file; it should be a folder (it is made where there is none).",
        )
    return folder


def _passages(value: str) -> int:
    if value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_PASSAGES:
        return int(value)
    raise InputError(
        f"环境变量 WENJU_PASSAGES 是“{value}”；应当是 1 到 {MOST_PASSAGES} 的整数。",
        f"WENJU_PASSAGES is {value!r}; it should be a whole number from 1 to {MOST_PASSAGES}.",
    )


def _choice(variable: str, value: str, allowed: tuple[str, ...]) -> str:
    if value.lower() in allowed:
        return value.lower()
    raise InputError(
        f"环境变量 {variable} 是“{value}”；应当是其中之一：{'、'.join(allowed)}。",
        f"{variable} is {value!r}; it should be one of: {', '.join(allowed)}.",
    )


def _switch(variable: str, value: str) -> bool:
    return SWITCHES[_choice(variable, value, tuple(SWITCHES))]
