"""A language model in a GGUF file, run by llama.cpp: inside this process by `xllamacpp`, else by a `llama-server` that
is on this machine.

Either way it is a server on this machine's own address that asks for a key which nobody else knows, and is spoken to
like any other. It keeps what it has read: of a prompt that begins like the last one only the rest is read.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from weakref import finalize

from corpus.errors import MissingPackage, ModelError
from qa.language_models.gguf_files import writes
from qa.language_models.language_model import LanguageModel
from qa.language_models.server.openai_model import ServerModel, parameters_told
from qa.language_models.server.stream import PATIENCE, Server

CONTEXT = 4096  # tokens of prompt and answer together
# Tokens of a prompt as `ServerModel` counts them, half as many again as Qwen's tokenizer: about 1,200 of its own are
# read without a long wait by a processor.
ROOM = 1800
_AT_ONCE = 128  # tokens that are read before it is looked whether anybody still waits
_KEPT = 2  # models in memory
_STARTING = 120.0  # seconds until a program must say that it listens
_LISTENS = re.compile(r"listening on (http://[\d.]+:\d+)")


def load_gguf(file: Path, *, name: str = "") -> LanguageModel:
    """The model in `file`, shown as `name`, else by the file's. All who ask for one file share it.

    Raises ModelError for a file that is no such model, or that llama.cpp cannot run; MissingPackage where there is
    neither the package nor the program.
    """
    file = file.expanduser().resolve()
    if not file.is_file() or not writes(file):
        raise _no_model(file)
    with _loading:
        running = _running(file, file.stat().st_mtime_ns)
    model = _GgufModel(running.server, name or file.stem, running.context, running.parameters)
    model.room = min(model.room, ROOM)
    model.running = running
    return model


class _GgufModel(ServerModel):
    """As others behind a server; as long as somebody has it, its server lives."""

    running: _Running


@dataclass(frozen=True, slots=True)
class _Running:
    server: Server
    context: int
    parameters: int
    by: Any  # what must live as long as the server is asked


@lru_cache(maxsize=_KEPT)
def _running(file: Path, _: int) -> _Running:
    """The server for `file` in its present state; the last few are kept."""
    key = secrets.token_urlsafe(24)
    address, by = _way()(file, key)
    server = Server(f"{address}/v1", key, PATIENCE)
    (told,) = server.models()
    # Where the model was made for fewer tokens, llama.cpp gives it no more.
    context = min(CONTEXT, int(told["meta"]["n_ctx_train"]))
    return _Running(server, context, parameters_told(told), by)


_loading = Lock()


def _way() -> Callable[[Path, str], tuple[str, Any]]:
    try:
        import xllamacpp  # noqa: F401
    except ImportError as error:
        if shutil.which("llama-server"):
            return _program
        raise MissingPackage(
            "运行 GGUF 文件要用 llama.cpp，还没有安装。请运行 pip install 'wenju[gguf]'，或安装 llama.cpp 的 "
            "llama-server，或用 Ollama、LM Studio 运行它，再设 WENJU_SERVER。",
            "A GGUF file is run by llama.cpp, which is not installed. Run pip install 'wenju[gguf]', or install "
            "llama-server of llama.cpp, or run it in Ollama or LM Studio and set WENJU_SERVER.",
        ) from error
    return _inside


def _inside(file: Path, key: str) -> tuple[str, Any]:
    """A server in threads of this process, and its address."""
    import xllamacpp

    given = xllamacpp.CommonParams()
    given.model.path = str(file)
    given.n_ctx, given.n_parallel = CONTEXT, 1
    given.n_batch = given.n_ubatch = _AT_ONCE
    given.api_keys, given.cors_origins = [key], "http://127.0.0.1"
    given.endpoint_slots = given.warmup = False
    given.verbosity = 0
    try:
        server = xllamacpp.Server(given)
    except Exception as error:  # The library raises what it likes.
        raise _cannot_run(file, " ".join(str(error).split())) from error
    return str(server.listening_address), server


def _program(file: Path, key: str) -> tuple[str, Any]:
    """A `llama-server`, which ends with this program, and its address."""
    numbers = {"--ctx-size": CONTEXT, "--parallel": 1, "--batch-size": _AT_ONCE, "--ubatch-size": _AT_ONCE}
    command = [str(shutil.which("llama-server")), "--model", str(file), "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        [*command, *(str(part) for pair in numbers.items() for part in pair)],
        env=os.environ | {"LLAMA_API_KEY": key},  # an argument could be read by everybody on this machine
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    finalize(process, process.kill)
    return _address(file, process), process


def _address(file: Path, process: subprocess.Popen[str]) -> str:
    """Where `process` says that it listens; what it says after that is read, and passed over."""
    assert process.stdout
    end, said = time.monotonic() + _STARTING, ""
    for line in process.stdout:
        if found := _LISTENS.search(line):
            Thread(target=_read_on, args=(process.stdout,), daemon=True).start()
            return found[1]
        said = line if "error" in line.lower() else said
        if time.monotonic() > end:
            break
    process.kill()
    raise _cannot_run(file, " ".join(said.split()))


def _read_on(lines: Iterable[str]) -> None:
    for _ in lines:
        pass


def _no_model(file: Path) -> ModelError:
    return ModelError(
        f"{file} 不是能写文字的 GGUF 模型。请换一个对话模型的 .gguf 文件，要在一起的几个文件里写第一个。",
        f"{file} is no GGUF model that writes text. Take the .gguf file of a chat model; of one in parts the first.",
    )


def _cannot_run(file: Path, reason: str) -> ModelError:
    return ModelError(
        f"llama.cpp 运行不了 {file}{f'：{reason[:200]}' if reason else ''}。请检查文件是否下载完整、内存够不够，"
        "或升级 xllamacpp。",
        f"llama.cpp cannot run {file}{f': {reason[:200]}' if reason else ''}. Check that the file is complete and that "
        "there is enough memory, or upgrade xllamacpp.",
    )
