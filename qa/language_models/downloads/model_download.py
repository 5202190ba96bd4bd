"""Getting a model onto this machine when somebody asks for it, and removing it again.

Knows the folder where a model grows, the space on the disk, a lock between processes, and the one rename after which a
model is there. How a file arrives is known to `file_download`, what a hub has to `hubs`. huggingface_hub is not
used: it throws away what it has of a file when it is interrupted, compares no checksum, and cannot be stopped.
"""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import ModelError
from embeddings.collections.locking import locked
from qa.language_models.catalogue import find, gigabytes, missing, models_folder, recommended_model, unfinished_folder
from qa.language_models.downloads.file_download import Arriving
from qa.language_models.downloads.hubs import Offer, RemoteFile, ask, explained
from qa.language_models.downloads.transfer import NetworkTrouble, Stopped
from qa.language_models.model_folder import architecture, size_on_disk, what_is_missing

Progress = Callable[[str, int, int], None]
SPARE = 256 << 20  # bytes that stay free on the disk


def look_up(name: str, home: Path, *, source: str = "", stop: threading.Event | None = None) -> Offer:
    """What would be downloaded for `name`, from the hub or from "modelscope". Downloads nothing. Raises ModelError."""
    found = find(name, home)
    if not found.repository:
        raise missing(found, home)
    with _stop_told(found.repository):
        return ask(found.repository, source, stop)


def size_of(name: str, home: Path, *, source: str = "") -> int:
    """Bytes that `get` would have to download, without those that are there already. Raises ModelError."""
    return still_to_come(look_up(name, home, source=source), name, home)


def still_to_come(offer: Offer, name: str, home: Path) -> int:
    """Bytes of `offer` for the model `name` that an earlier download has not brought."""
    return offer.size - _had(offer, _staging(find(name, home).repository, home))


def get(
    name: str,
    home: Path,
    *,
    source: str = "",
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    offer: Offer | None = None,
) -> Path:
    """The folder of the model `name`, which is downloaded where it is not on this machine yet.

    `progress` is told a stage ("checking", "downloading"), bytes done and bytes in all. `offer` is what `look_up`
    returned, where it was called before. Raises ModelError, also when `stop` is set, or another process is getting the
    same model. What has arrived is kept in any case, and gone on with the next time.
    """
    found = find(name, home)
    if found.folder:
        return found.folder
    if not found.repository:
        raise missing(found, home)
    staging, target = _staging(found.repository, home), models_folder(home) / found.repository
    with _stop_told(found.repository), _alone(staging, found.name):
        offer = offer or ask(found.repository, source, stop)
        with _disk_told(staging):
            staging.mkdir(exist_ok=True)
            _fetch_all(offer, staging, progress or (lambda *_: None), stop)
            _put_in_place(offer, staging, target)
    return target


def remove(name: str, home: Path) -> int:
    """Delete the model `name`, and what is there of a download of it; bytes set free.

    Only below the program's own folder. Raises ModelError for a model that is elsewhere, or nowhere.
    """
    found = find(name, home)
    if found.folder and not found.folder.resolve().is_relative_to(models_folder(home).resolve()):
        raise ModelError(
            f"模型 {found.name} 在 {found.folder}，不是本程序下载的，所以不删。要删请自己删那个文件夹。",
            f"The model {found.name} is in {found.folder}. This program did not fetch it and does not remove it: "
            "delete that folder yourself.",
        )
    named = found.repository or (found.folder.name if found.folder else "")
    staging = _staging(named, home)
    doomed = [folder for folder in (found.folder, staging) if named and folder and folder.is_dir()]
    if not doomed:
        raise ModelError(
            f"这台机器上没有模型 {found.name}，没有什么可删。wenju models list 列出已有的模型。",
            f"There is no model {found.name} on this machine to remove. See wenju models list.",
        )
    with _alone(staging, found.name), _disk_told(doomed[0]):
        free = sum(size_on_disk(folder) for folder in doomed)
        for folder in doomed:
            shutil.rmtree(folder)
        with suppress(OSError):
            doomed[0].parent.rmdir()  # of an owner who has no other model here
    return free


def _fetch_all(offer: Offer, staging: Path, progress: Progress, stop: threading.Event | None) -> None:
    """Have every file of `offer` whole and checked in `staging`, and nothing else."""
    expected = {path for file in offer.files for path in (staging / file.name, _part(file, staging))}
    for path in staging.iterdir():
        if path not in expected:
            path.unlink()
    _check_space(offer, staging)
    before = 0
    for file in offer.files:
        if file == offer.weights[0]:
            _check_kind(offer, staging)

        def told(stage: str, done: int, before: int = before) -> None:
            progress(stage, before + done, offer.size)

        try:
            _fetch(offer, file, staging, told, stop)
        except NetworkTrouble as trouble:
            raise explained(trouble, offer.host, offer.repository, offer.source) from trouble
        before += file.size


def _check_space(offer: Offer, staging: Path) -> None:
    needed, free = offer.size - _had(offer, staging), shutil.disk_usage(staging).free
    if needed + SPARE > free:
        raise ModelError(
            f"磁盘空间不够：{offer.repository} 还要下载 {gigabytes(needed)}，{staging.parent} 所在的磁盘只剩 "
            f"{gigabytes(free)}。请腾出空间，或用环境变量 WENJU_HOME 指定另一块磁盘上的文件夹。",
            f"Not enough space: {gigabytes(needed)} of {offer.repository} are still to come, and the disk of "
            f"{staging.parent} has {gigabytes(free)} left. Make room, or set WENJU_HOME to a folder on another disk.",
        )


def _check_kind(offer: Offer, staging: Path) -> None:
    """Raise ModelError, before there is much to wait for, where transformers could not run what is asked for."""
    if recommended_model(offer.repository):
        return  # known to run; to find out about others takes seconds
    try:
        from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    except ImportError:
        return
    kind = architecture(staging)
    if kind not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        raise ModelError(
            f"{offer.repository} 的结构（{kind}）不是已安装的 transformers 能直接运行的，所以没有下载它的权重。请升级 "
            "transformers，换一个模型（wenju models list），或用别的程序运行它，再设 WENJU_SERVER。",
            f"{offer.repository} is of a kind ({kind}) that the installed transformers cannot run by itself, so its "
            "weights were not downloaded. Upgrade transformers, take another model (wenju models list), or run it by "
            "another program, named in WENJU_SERVER.",
        )


def _fetch(
    offer: Offer, file: RemoteFile, staging: Path, told: Callable[[str, int], None], stop: threading.Event | None
) -> None:
    """Have `file` whole and checked in `staging`. One that came wrong is fetched once more."""
    part, final = _part(file, staging), staging / file.name
    if final.exists():
        final.replace(part)  # perhaps of another version: it is checked as a part is
    for _ in range(2):
        with part.open("a+b") as opened:
            right = Arriving(file, opened, told, stop).complete()
        if right:
            part.replace(final)
            return
        part.unlink()
    raise ModelError(
        f"{offer.host} 给的 {file.name} 两次都与公布的校验和不符，已删去。请换一个来源（--from 或 HF_ENDPOINT）再试。",
        f"Twice, {file.name} from {offer.host} did not match the checksum that goes with it, and was deleted. Try "
        "another source (--from, or HF_ENDPOINT).",
    )


def _put_in_place(offer: Offer, staging: Path, target: Path) -> None:
    """Make a model of what is whole: by one rename, or with the file that makes it a model last."""
    lacking = what_is_missing(staging)
    if lacking:
        raise ModelError(
            f"{offer.host} 上的 {offer.repository} 不是完整的模型：缺 {lacking}。请换一个来源，或换一个模型。",
            f"{offer.repository} at {offer.host} is no whole model: {lacking} is missing. Try another source or model.",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        target.rmdir()
    if not target.exists():
        staging.rename(target)
        return
    (target / "config.json").unlink(missing_ok=True)  # what is broken there is no model while its files change
    for path in sorted(staging.iterdir(), key=lambda path: path.name == "config.json"):
        path.replace(target / path.name)
    staging.rmdir()


def _staging(repository: str, home: Path) -> Path:
    """Where a model is while it is not whole."""
    return unfinished_folder(home) / repository.replace("/", "--")


def _part(file: RemoteFile, staging: Path) -> Path:
    """A file that is not whole. Its name tells versions of it apart."""
    return staging / f"{file.name}.{(file.sha256 or file.git_sha1)[:12]}.part"


def _had(offer: Offer, staging: Path) -> int:
    """Bytes of `offer` that are there already."""
    paths = [path for file in offer.files for path in (staging / file.name, _part(file, staging))]
    return sum(path.stat().st_size for path in paths if path.is_file())


@contextmanager
def _alone(staging: Path, name: str) -> Iterator[None]:
    """Be the only one who changes this model. Raises ModelError, at once, where somebody else does."""
    with _disk_told(staging):
        staging.parent.mkdir(parents=True, exist_ok=True)
    with locked(staging.parent / f"{staging.name}.lock") as other:
        if other:
            raise ModelError(
                f"另一个程序（进程 {other}）正在下载或删除模型 {name}，请等它结束。",
                f"Another program (process {other}) is getting or removing the model {name}: wait until it has ended.",
            )
        yield


@contextmanager
def _disk_told(folder: Path) -> Iterator[None]:
    """Tell people what the disk has against it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(
                f"磁盘满了，{folder} 写不下。已下载的部分留着；请腾出空间，再运行同一条命令接着下载。",
                f"The disk is full: {folder} cannot grow. What has arrived is kept: make room, and run the same "
                "command again to go on.",
            ) from error
        raise ModelError(
            f"读写 {error.filename or folder} 失败（{error.strerror or error}）。请检查权限和磁盘，或用环境变量 "
            "WENJU_HOME 指定另一个文件夹。",
            f"Reading or writing {error.filename or folder} failed ({error.strerror or error}). Check permissions and "
            "the disk, or set WENJU_HOME to another folder.",
        ) from error


@contextmanager
def _stop_told(repository: str) -> Iterator[None]:
    try:
        yield
    except Stopped:
        raise ModelError(
            f"停下了。{repository} 已下载的部分留着，再下载时接着来。",
            f"Stopped. What has arrived of {repository} is kept; the next download goes on from there.",
        ) from None
