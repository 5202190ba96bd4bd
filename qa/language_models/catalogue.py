"""Which open models are recommended, what a typed model name means, and which models are on this machine.

Knows names and facts of models, and the program's own folder of them; what a folder must hold is known to
`model_folder`. Uses no network and loads nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError
from qa.language_models.gguf_files import SUFFIX, files_below
from qa.language_models.model_folder import cached_models, chats, folders_in, from_home, size_on_disk, what_is_missing

GIGABYTE = 1_000_000_000
BESIDE_WEIGHTS = GIGABYTE  # of memory, for the program and what a model has read so far
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.\-]*/[A-Za-z0-9][\w.\-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recommended:
    """An open model that suits questions over Chinese articles and runs without code from its repository.

    `size` is about how many bytes are downloaded, nearly all of them weights in bfloat16; the hub tells the exact
    number before a download starts. `languages` counts those it is said to know; 2 are Chinese and English.
    `architecture` is its type in transformers.
    """

    alias: str
    repository: str
    parameters: str
    size: int
    languages: int
    licence: str
    architecture: str

    @property
    def memory(self) -> int:
        """About how many bytes of memory, of the computer or of its GPU, it takes to run as it was published."""
        return self.size + BESIDE_WEIGHTS

    @property
    def hardware_chinese(self) -> str:
        return self._hardware()[0]

    @property
    def hardware_english(self) -> str:
        return self._hardware()[1]

    def _hardware(self) -> tuple[str, str]:
        if self.size < 2.5 * GIGABYTE:
            return "普通电脑即可", "any computer"
        if self.size < 5 * GIGABYTE:
            return "6 GB 显卡、CPU", "6 GB GPU or CPU"
        return ("12 GB 显卡", "12 GB GPU") if self.size < 10 * GIGABYTE else ("24 GB 显卡", "24 GB GPU")


_APACHE, _HUNYUAN = "Apache-2.0", "Tencent Hunyuan"
# The small ones first. Others were left out because they need code from their repository (MiniCPM4, the tokenizer of
# InternLM3) or have their weights as pickles only (MiniCPM3).
RECOMMENDED: tuple[Recommended, ...] = (
    Recommended("qwen3-0.6b", "Qwen/Qwen3-0.6B", "0.6B", 1_500_000_000, 119, _APACHE, "qwen3"),
    Recommended("qwen3.5-0.8b", "Qwen/Qwen3.5-0.8B", "0.8B", 1_800_000_000, 201, _APACHE, "qwen3_5"),
    Recommended("minicpm5-1b", "openbmb/MiniCPM5-1B", "1.1B", 2_200_000_000, 2, _APACHE, "llama"),
    Recommended("glm-edge-1.5b", "zai-org/glm-edge-1.5b-chat", "1.6B", 3_200_000_000, 2, "GLM-4", "glm"),
    Recommended(
        "hunyuan-1.8b", "tencent/Hunyuan-1.8B-Instruct", "1.8B", 3_600_000_000, 2, _HUNYUAN, "hunyuan_v1_dense"
    ),
    Recommended("qwen3-1.7b", "Qwen/Qwen3-1.7B", "1.7B", 4_100_000_000, 119, _APACHE, "qwen3"),
    Recommended("qwen3.5-2b", "Qwen/Qwen3.5-2B", "2B", 4_600_000_000, 201, _APACHE, "qwen3_5"),
    Recommended("qwen3-4b", "Qwen/Qwen3-4B-Instruct-2507", "4B", 8_100_000_000, 119, _APACHE, "qwen3"),
    Recommended("hunyuan-4b", "tencent/Hunyuan-4B-Instruct", "4.2B", 8_500_000_000, 2, _HUNYUAN, "hunyuan_v1_dense"),
    Recommended("qwen3.5-4b", "Qwen/Qwen3.5-4B", "4B", 9_300_000_000, 201, _APACHE, "qwen3_5"),
    Recommended("qwen3-8b", "Qwen/Qwen3-8B", "8.2B", 16_400_000_000, 119, _APACHE, "qwen3"),
    Recommended("glm-4-9b", "zai-org/GLM-4-9B-0414", "9.4B", 18_800_000_000, 2, "MIT", "glm4"),
    Recommended("qwen3.5-9b", "Qwen/Qwen3.5-9B", "9B", 19_300_000_000, 201, _APACHE, "qwen3_5"),
)
# Owners that have another name on ModelScope.
_MODELSCOPE_OWNERS = {"openbmb": "OpenBMB", "tencent": "Tencent-Hunyuan", "zai-org": "ZhipuAI"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed name means. Without a `folder`, which may be one GGUF file, that model is not, or not wholly, here.

    `repository` is its name on the hub ("owner/name"), "" for a folder somewhere else and for what is no name at all.
    """

    name: str
    folder: Path | None
    recommended: Recommended | None
    repository: str


@dataclass(frozen=True, slots=True)
class Installed:
    """A whole chat model on this machine. `name` is what one types for it: an alias, a hub name, a folder or file.

    `size` is in bytes. `ours`: it is in the program's own folder, so that the program may remove it.
    """

    name: str
    folder: Path
    size: int
    ours: bool


def models_folder(home: Path) -> Path:
    """Where the program keeps models that it fetched: owner/name below this."""
    return home / "models"


def unfinished_folder(home: Path) -> Path:
    """Where the program keeps models that are not whole yet, each in a folder of its own."""
    return models_folder(home) / ".unfinished"


def unfinished(home: Path) -> dict[str, int]:
    """What one types for a model whose download was interrupted, and how many bytes there are of it."""
    names = {folder: folder.name.replace("--", "/", 1) for folder in folders_in(unfinished_folder(home))}
    models = {folder: recommended_model(name) for folder, name in names.items()}
    return {model.alias if model else names[folder]: size_on_disk(folder) for folder, model in models.items()}


def find(name: str, home: Path) -> Found:
    """What `name` means: an alias, a name of the hub, ModelScope, Ollama or LM Studio, a folder or a GGUF file.

    Capitals do not matter in names.
    """
    typed = name.strip()
    recommended = recommended_model(typed)
    folder = None if recommended else _as_folder(typed)
    if folder and (not what_is_missing(folder) or not _HUB_NAME.fullmatch(typed)):
        whole = not what_is_missing(folder)
        shown = folder.stem if folder.is_file() else folder.resolve().name
        return Found(shown if whole else typed, folder if whole else None, None, "")
    repository = recommended.repository if recommended else typed if _HUB_NAME.fullmatch(typed) else ""
    wanted = (repository or typed).lower()
    for candidate, folder in _candidates(home):
        if candidate.lower() == wanted and not what_is_missing(folder):
            named = "" if folder.is_file() else candidate
            return Found(recommended.alias if recommended else candidate, folder, recommended, named)
    return Found(recommended.alias if recommended else typed, None, recommended, repository)


def installed(home: Path) -> tuple[Installed, ...]:
    """The whole chat models on this machine: the program's own, then those in the caches of the hub and ModelScope."""
    models: dict[str, Installed] = {}
    for name, folder in _candidates(home):
        if name.lower() not in models and not what_is_missing(folder) and chats(folder):
            model = recommended_model(name)
            ours = folder.is_relative_to(models_folder(home))
            models[name.lower()] = Installed(model.alias if model else name, folder, size_on_disk(folder), ours)
    return tuple(models.values())


def recommended_model(name: str) -> Recommended | None:
    """The recommended model of that alias, or of that name on the hub or ModelScope."""
    wanted = name.lower()
    for model in RECOMMENDED:
        if wanted in (model.alias, model.repository.lower(), on_modelscope(model.repository).lower()):
            return model
    return None


def on_modelscope(repository: str) -> str:
    """The name on ModelScope of what is `repository` on the hub."""
    owner, _, name = repository.partition("/")
    return f"{_MODELSCOPE_OWNERS.get(owner.lower(), owner)}/{name}"


def gigabytes(size: int) -> str:
    """`size` for people: "4.1 GB", "312 MB"; in thousands, as hubs count and disks are sold."""
    return f"{size / GIGABYTE:.1f} GB" if size >= GIGABYTE else f"{size / 1_000_000:.0f} MB"


def missing(found: Found, home: Path) -> ModelError:
    """What to tell somebody who asked for a model that is not here, with the command that gets it."""
    if found.recommended or found.repository:
        name = found.name if found.recommended else found.repository
        size = gigabytes(found.recommended.size) if found.recommended else ""
        return ModelError(
            f"这台机器上没有模型 {name}{f'（要下载约 {size}）' if size else ''}。下载：wenju models get {name}",
            f"The model {name} is not on this machine{f' (about {size} to download)' if size else ''}. Get it: "
            f"wenju models get {name}",
        )
    folder = _as_folder(found.name)
    return _unusable(folder) if folder else _unknown(found.name, home)


def _unusable(folder: Path) -> ModelError:
    """For a folder that holds no whole model."""
    if folder.is_file():
        return ModelError(
            f"{folder} 不是能写文字的 GGUF 模型。请给出模型的文件夹，或对话模型的 .gguf 文件。",
            f"{folder} is no GGUF model that writes text. Name a model's folder, or the .gguf file of a chat model.",
        )
    if not folder.is_dir():
        return ModelError(f"没有 {folder} 这个文件夹，请检查路径。", f"There is no folder {folder}: check the path.")
    lacks = what_is_missing(folder)
    return ModelError(
        f"文件夹 {folder} 里没有完整的模型：缺 {lacks}，或者它不完整。请把模型的全部文件放进去。",
        f"The folder {folder} holds no whole model: {lacks} is missing or not whole. Put all files of the model there.",
    )


def _unknown(name: str, home: Path) -> ModelError:
    """For a name that is nobody's: what it may have been meant to be."""
    known = {each.lower(): each for each in [model.alias for model in RECOMMENDED]}
    known |= {model.name.lower(): model.name for model in installed(home)}
    near = [known[each] for each in difflib.get_close_matches(name.lower(), known, 1)]
    return ModelError(
        f"没有叫“{name}”的模型。{f'是不是 {near[0]}？' if near else ''}wenju models list 列出推荐的和已有的模型；"
        "也可以写模型库里的名字（如 Qwen/Qwen3-1.7B）、文件夹或 .gguf 文件。",
        f"There is no model called {name!r}. {f'Did you mean {near[0]}? ' if near else ''}See wenju models list, or "
        "name one of the hub (such as Qwen/Qwen3-1.7B), a folder or a .gguf file.",
    )


def _as_folder(name: str) -> Path | None:
    """`name` as a folder or a file, where it is one or is written like one."""
    if not name:
        return None
    path = from_home(name)
    written_so = name.startswith((".", "~")) or path.is_absolute() or "\\" in name or name.count("/") > 1
    return path if written_so or path.is_dir() or (path.suffix == SUFFIX and path.is_file()) else None


def _candidates(home: Path) -> Iterator[tuple[str, Path]]:
    """Names and folders of what may be models on this machine, whole or not; recommended ones as the hub names them."""
    for owner in folders_in(models_folder(home)):
        yield from ((f"{owner.name}/{folder.name}", folder) for folder in folders_in(owner))
        yield owner.name, owner  # somebody may have put a model there by hand
    yield from files_below(models_folder(home))
    for name, folder in cached_models():
        model = recommended_model(name)
        yield (model.repository if model else name), folder
