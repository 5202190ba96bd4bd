"""What a hub has of a model, and how it hands it over: Hugging Face's hub, its mirrors, and ModelScope.

Knows their two interfaces, which files a model needs, and what to tell people when a hub does not give them. How bytes
are had is known to `transfer`, what is done with them to `model_download`.
"""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from corpus.errors import ModelError
from qa.language_models.catalogue import on_modelscope
from qa.language_models.downloads.transfer import BUSY, NetworkTrouble, pause, pieces

SOURCES = ("hub", "modelscope")
# What transformers needs of a repository, all of it at its top; no second copy of the weights in another format.
_NEEDED = re.compile(
    r"[\w.\-]+\.(json|jinja|model|tiktoken|safetensors)|(merges|vocab)\.txt|(licen[cs]e|notice)[\w.\-]*", re.I | re.A
)
_WEIGHTS = re.compile(r"model(\.safetensors)?(-\d+-of-\d+)?\.safetensors", re.A)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on a hub: its size in bytes, and its checksum, of which there may be one of two kinds or none."""

    name: str
    size: int
    address: str
    sha256: str = ""
    git_sha1: str = ""

    def __post_init__(self) -> None:
        # They become part of a file's name.
        if self.size < 0 or not re.fullmatch(r"([0-9a-f]{64})?/([0-9a-f]{40})?", f"{self.sha256}/{self.git_sha1}"):
            raise ValueError(f"{self.name} has a size or checksum that is none")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a hub would hand over of one model: all files that it needs to run.

    `repository` is its name there, `source` one of SOURCES, `host` the address that was asked.
    """

    repository: str
    source: str
    host: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def weights(self) -> tuple[RemoteFile, ...]:
        """The files that nearly all of the bytes are in; they come last."""
        return tuple(file for file in self.files if file.name.endswith(".safetensors"))


def ask(repository: str, source: str = "", stop: threading.Event | None = None) -> Offer:
    """What `source` ("hub", "modelscope"; "" is the hub) has of `repository`. Raises ModelError, or Stopped.

    The address of the hub is that of HF_ENDPOINT, where it is set; that of ModelScope, of MODELSCOPE_DOMAIN.
    """
    if source not in ("", *SOURCES):
        raise ModelError(
            f"没有“{source}”这个来源，可用的有：{'、'.join(SOURCES)}。",
            f"There is no source {source!r}; it should be one of: {', '.join(SOURCES)}.",
        )
    if source == "modelscope":
        repository, address = on_modelscope(repository), _address("MODELSCOPE_DOMAIN", "https://www.modelscope.cn")
        listing = _modelscope_files
    else:
        address, listing = _address("HF_ENDPOINT", "https://huggingface.co"), _hub_files
    try:
        files = listing(address, repository, stop)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{address} 的回答不是模型库的格式，也许是网络的登录页，或者这个地址不是模型库。请在浏览器里打开它看看。",
            f"What {address} answers is not what a hub says: perhaps a page to log in to the network, or no hub. Open "
            "it in a browser.",
        ) from error
    chosen = _needed(files)
    sizes = [file.size for file in chosen if file.name == "config.json" or file.name.endswith(".safetensors")]
    if len(sizes) < 2 or not all(sizes):
        raise ModelError(
            f"{address} 上的 {repository} 没有 transformers 能直接读的权重（config.json 和 *.safetensors）。"
            "GGUF 格式的模型请自己下载那个 .gguf 文件，再写 --model 文件。",
            f"{repository} at {address} has no weights that transformers reads (config.json and *.safetensors). Of "
            "a model in GGUF format, download the .gguf file yourself and give it to --model.",
        )
    return Offer(repository, source or "hub", address, chosen)


def hub_token(address: str) -> str:
    """The person's token, for files at the hub that HF_ENDPOINT means and for nobody else."""
    here = urlsplit(address).netloc == urlsplit(_address("HF_ENDPOINT", "https://huggingface.co")).netloc
    return os.environ.get("HF_TOKEN", "").strip() if here else ""


def _address(variable: str, default: str) -> str:
    value = os.environ.get(variable, "").strip().rstrip("/") or default
    return value if "://" in value else f"https://{value}"


def _hub_files(address: str, repository: str, stop: threading.Event | None) -> list[RemoteFile]:
    answer = _json(f"{address}/api/models/{repository}/revision/main?blobs=true", address, repository, "hub", stop)
    revision = answer.get("sha") or "main"
    files = []
    for file in answer.get("siblings") or ():
        large = file.get("lfs") or {}
        files.append(
            RemoteFile(
                name=str(file["rfilename"]),
                size=int(large.get("size") or file.get("size") or 0),
                address=f"{address}/{repository}/resolve/{revision}/{quote(str(file['rfilename']))}",
                sha256=str(large.get("sha256") or "").lower(),
                git_sha1="" if large else str(file.get("blobId") or ""),
            )
        )
    return files


def _modelscope_files(address: str, repository: str, stop: threading.Event | None) -> list[RemoteFile]:
    base = f"{address}/api/v1/models/{repository}/repo"
    answer = _json(f"{base}/files?Revision=master&Recursive=True", address, repository, "modelscope", stop)
    return [
        RemoteFile(
            name=str(file["Path"]),
            size=int(file.get("Size") or 0),
            address=f"{base}?Revision=master&FilePath={quote(str(file['Path']), safe='')}",
            sha256=str(file.get("Sha256") or "").lower(),
        )
        for file in (answer.get("Data") or {}).get("Files") or ()
        if file.get("Type") != "tree"
    ]


def _needed(files: list[RemoteFile]) -> tuple[RemoteFile, ...]:
    """Those files that a model needs to run, and its licence, the small ones first."""
    needed = [file for file in files if _NEEDED.fullmatch(file.name)]
    usual = any(_WEIGHTS.fullmatch(file.name) for file in needed)
    chosen = [
        file for file in needed if not usual or not file.name.endswith(".safetensors") or _WEIGHTS.fullmatch(file.name)
    ]
    return tuple(sorted(chosen, key=lambda file: (file.name.endswith(".safetensors"), file.name)))


def _json(address: str, host: str, repository: str, source: str, stop: threading.Event | None) -> Any:
    """The JSON at `address`. A hub that is busy is asked twice. Raises ModelError that tells what to do, ValueError."""
    for last in (False, True):
        try:
            return json.loads(b"".join(piece for _, piece in pieces(address, token=hub_token(address), stop=stop)))
        except NetworkTrouble as trouble:
            if last or trouble.status not in BUSY:
                raise explained(trouble, host, repository, source) from trouble
            pause(stop)
    raise AssertionError("not reached")


def explained(trouble: NetworkTrouble, host: str, repository: str, source: str) -> ModelError:
    """What to tell somebody who gets no model because of `trouble`, and what to do about it."""
    if trouble.status in (401, 403) and (trouble.code == "GatedRepo" or trouble.status == 403):
        return ModelError(
            f"{repository} 要先登录并同意条款才能下载。请打开 {host}/{repository} 同意条款，再把访问令牌放进环境变量 "
            "HF_TOKEN。",
            f"{repository} is given only to those who agreed to its terms. Agree at {host}/{repository}, and put your "
            "access token into HF_TOKEN.",
        )
    if trouble.status in (401, 404):
        other = "hub" if source == "modelscope" else "modelscope"
        return ModelError(
            f"{host} 上没有 {repository}，或者它不公开（那要设 HF_TOKEN）。请核对名字；别处也许有：--from {other}。",
            f"There is no {repository} at {host}, or it is private (that takes HF_TOKEN). Check the name; it may be "
            f"elsewhere: --from {other}.",
        )
    if trouble.status:
        return ModelError(
            f"{host} 现在给不了 {repository}（{trouble}）。请过一会儿再运行同一条命令。",
            f"{host} does not hand over {repository} now ({trouble}). Run the same command again later.",
        )
    return _unreachable(host, source, str(trouble))


def _unreachable(host: str, source: str, reason: str) -> ModelError:
    if source == "modelscope":
        return ModelError(
            f"连不上 {host}（{reason}）。可以去掉 --from modelscope，从 Hugging Face 或它的镜像（HF_ENDPOINT）下载；"
            "也可以在别的电脑上下载，把整个模型文件夹拷来，用 --model 文件夹。",
            f"{host} cannot be reached ({reason}). Leave out --from modelscope to use the hub or a mirror of it "
            "(HF_ENDPOINT); or download the model elsewhere, copy its folder here, and name that: --model FOLDER.",
        )
    return ModelError(
        f"连不上 {host}（{reason}）。可以加 --from modelscope 从魔搭下载；或把环境变量 HF_ENDPOINT 设为镜像的地址"
        "（如 https://hf-mirror.com）；也可以在别的电脑上下载，把整个模型文件夹拷来，用 --model 文件夹。",
        f"{host} cannot be reached ({reason}). Add --from modelscope; or set HF_ENDPOINT to the address of a mirror; "
        "or download the model elsewhere, copy its folder here, and name that: --model FOLDER.",
    )
