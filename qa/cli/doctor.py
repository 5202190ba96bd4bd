"""What a healthy installation has, checked one by one, with the exact remedy for what is missing.

Knows packages, model files, disk, memory and ports. Knows nothing of how checks are shown, and mends nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from corpus.errors import WenjuError
from corpus.languages import pick
from qa.language_models.local.hardware import available_memory
from qa.settings import Settings

# The least versions, as pyproject.toml has them (a test compares the two); the last column: works without.
PACKAGES = (
    ("numpy", "1.26", False),
    ("faiss-cpu", "1.9", False),
    ("tantivy", "0.27", False),
    ("tokenizers", "0.21", False),
    ("jieba", "0.42.1", False),
    ("opencc", "1.1.9", False),
    ("gradio", "6.17", False),
    ("httpx", "0.27", False),
    ("typer", "0.15", False),
    ("rich", "13", False),
    ("onnxruntime", "1.20", False),
    ("pypdfium2", "4.30", False),
    ("python-calamine", "0.9", False),
    ("python-docx", "1.1", False),
    ("openpyxl", "3.1", False),
    ("trafilatura", "2", False),
    ("lxml", "5", False),
    ("lxml-html-clean", "0.4", False),
    ("torch", "2.6", False),
    ("transformers", "5.20", False),
    ("sentence-transformers", "6", False),
    ("rjieba", "0.2", True),
    ("rapidocr", "3.9", True),
    ("pillow", "10", True),
)
LEAST_PYTHON = (3, 11)
LEAST_MEMORY = 1 << 30
LEAST_DISK = 512 << 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `remedy` is what to type or do where it is not `ok`.

    Without an `essential` one questions cannot be answered; the others are advice.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    essential: bool = True


def examine(settings: Settings, *, collection: Path | None = None, port: int = 7860) -> Iterator[Check]:
    """Every check in turn, the quick ones first, in the language of `settings`."""
    language = settings.language
    yield check_python(language)
    for name, least, optional in PACKAGES:
        yield check_package(name, least, optional, language)
    yield check_encoder(settings, language)
    yield check_reader(language)
    yield check_model(settings, language)
    yield check_home(settings.home, language)
    yield check_collection(settings, collection, language)
    yield check_calibration(settings, collection, language)
    yield check_memory(available_memory(), language)
    yield check_disk(settings.home, language)
    yield check_port(port, language)


def check_python(language: str) -> Check:
    wanted = ".".join(map(str, LEAST_PYTHON))
    remedy = pick(language, f"请安装 Python {wanted} 或更新的版本。", f"Install Python {wanted} or newer.")
    return Check("Python", sys.version_info >= LEAST_PYTHON, sys.version.split()[0], remedy)


def check_package(name: str, least: str, optional: bool, language: str) -> Check:
    """Whether the distribution `name` is installed, in version `least` or newer; it is not imported."""
    remedy = f'{sys.executable} -m pip install "{name}>={least}"'
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        missing = pick(language, "没有安装", "not installed")
        if optional:
            missing += pick(language, "（只是慢一些）", " (only slower)")
        return Check(name, False, missing, remedy, essential=not optional)
    old = "" if _numbers(version) >= _numbers(least) else f" < {least}"
    return Check(name, not old, version + old, remedy, essential=not optional)


def check_encoder(settings: Settings, language: str) -> Check:
    from embeddings.encoders.loading import load_encoder

    name = pick(language, "编码器", "Encoder")
    try:
        encoder = load_encoder(settings.encoder, downloads=settings.downloads)
    except WenjuError as error:
        return Check(name, False, settings.encoder, error.message(settings.language))
    return Check(name, True, f"{encoder.name} ({encoder.dimension})")


def check_reader(language: str) -> Check:
    from qa.reading.network import load_network

    name = pick(language, "阅读模型", "Reader")
    try:
        load_network()
    except WenjuError as error:
        return Check(name, False, "", error.message(language))
    return Check(name, True, pick(language, "内置", "embedded"))


def check_model(settings: Settings, language: str) -> Check:
    """Whether the model that is to answer can be had. A server is asked; weights are looked at, not loaded."""
    from qa.language_models.catalogue import find, missing
    from qa.language_models.loading import EMBEDDED, load_language_model, model_name

    name = pick(language, "作答模型", "Answered by")
    chosen = model_name(settings)
    if chosen == EMBEDDED:
        return Check(name, True, pick(language, "内置阅读模型", "the embedded reader"))
    if settings.server:
        try:
            model = load_language_model(settings)
        except WenjuError as error:
            return Check(name, False, settings.server, error.message(settings.language))
        return Check(name, True, f"{model.name if model else ''} · {settings.server}")
    found = find(chosen, settings.home)
    if found.folder is None:
        return Check(name, False, chosen, missing(found, settings.home).message(settings.language))
    return Check(name, True, f"{found.name} · {found.folder}")


def check_home(home: Path, language: str) -> Check:
    """Whether indexes can be kept in `home`, which is not made for the purpose."""
    there = _nearest(home)
    remedy = pick(language, "请用环境变量 WENJU_HOME 指定一个可写的文件夹。", "Set WENJU_HOME to a writable folder.")
    writable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return Check(pick(language, "数据文件夹", "Data folder"), writable, str(home), remedy, essential=False)


def check_collection(settings: Settings, folder: Path | None, language: str) -> Check:
    """Whether the collection, every byte of it, is whole; the sample one is where it is not named."""
    from embeddings.collections import storage
    from qa.library.indexes import open_collection, sample_folder
    from qa.library.trained_encoder import described

    name = pick(language, "索引", "Collection")
    named = folder is not None
    folder = folder or sample_folder(settings)
    if not named and not storage.exists(folder):
        return Check(name, True, pick(language, "第一次提问时建立", "made at the first question"))
    try:
        with open_collection(folder) as collection:
            collection.verify()
            held = collection.manifest
    except WenjuError as error:
        return Check(name, False, str(folder), error.message(settings.language))
    counts = f"{held.articles} articles, {held.passages} passages, "
    counts = pick(language, f"{held.articles} 篇文章，{held.passages} 个段落，", counts)
    return Check(name, True, f"{counts}{folder} ({described(held, settings.language)})")


def check_calibration(settings: Settings, folder: Path | None, language: str) -> Check:
    """Whether the collection's own thresholds, where it has any, are those that refuse."""
    from embeddings.collections import storage
    from qa.language_models.loading import model_name
    from qa.library.indexes import sample_folder
    from qa.reading.calibration_file import examine, made_for

    name = pick(language, "拒答门槛", "Refusal thresholds")
    folder = folder or sample_folder(settings)
    try:
        encoder = storage.newest_whole(folder)[1].fingerprint if storage.exists(folder) else ""
        calibration, problem = examine(folder, made_for(model_name(settings), encoder))
    except WenjuError as error:
        calibration, problem = None, error
    if problem:
        return Check(name, False, str(folder), problem.message(settings.language), essential=False)
    if not calibration:
        return Check(name, True, pick(language, "随程序附带的", "as shipped"), essential=False)
    values = ", ".join(f"{caution} {value:.2f}" for caution, value in calibration.thresholds.items())
    from_set = pick(language, f"{calibration.questions} 个问题", f"{calibration.questions} questions")
    return Check(name, True, f"{values} ({calibration.name}, {from_set}, {calibration.created[:10]})", essential=False)


def check_memory(available: int | None, language: str) -> Check:
    """`available`: bytes of memory that a program may still take; None where the system does not say."""
    name = pick(language, "可用内存", "Free memory")
    if available is None:
        return Check(name, True, pick(language, "系统没有提供", "unknown"), essential=False)
    remedy = pick(language, "请关掉一些别的程序。", "Close other programs.")
    return Check(name, available >= LEAST_MEMORY, _size(available), remedy, essential=False)


def check_disk(home: Path, language: str) -> Check:
    free = shutil.disk_usage(_nearest(home)).free
    remedy = pick(
        language, "请腾出空间，或用 WENJU_HOME 换一个磁盘。", "Make room, or name another disk with WENJU_HOME."
    )
    return Check(pick(language, "可用磁盘", "Free disk"), free >= LEAST_DISK, _size(free), remedy, essential=False)


def check_port(port: int, language: str) -> Check:
    """Whether the chat can listen at `port` of this machine."""
    name = pick(language, "端口", "Port")
    with socket.socket() as probe:
        if os.name != "nt":
            # As servers do: a port that was left a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            taken = f"{port}: {error.strerror}"
            return Check(name, False, taken, f"wenju chat --port {port % 65535 + 1}", essential=False)
    return Check(name, True, pick(language, f"{port} 空闲", f"{port} is free"), essential=False)


def _numbers(version: str) -> tuple[int, ...]:
    """2.13.0+cpu -> (2, 13), to be compared: zeros at the end say nothing."""
    release = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in release[0].split(".")] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _nearest(path: Path) -> Path:
    """`path`, or the nearest of its parents that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _size(number: int) -> str:
    return f"{number / (1 << 30):.1f} GiB"
