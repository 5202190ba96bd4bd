"""Folders with language models, loaded by transformers: what can be wrong with one, and how each fault is told.

Knows files, devices and dtypes. Never asks the network, and runs no code that comes with a model.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import MissingPackage, ModelError
from qa.language_models.local.chat_format import ChatFormat
from qa.language_models.local.generation_thread import TokenSource
from qa.language_models.local.hardware import Plan, multiplies_in_bf16, no_memory, parameters_in, plan, require_memory
from qa.language_models.local.int8_weights import FEW_ROWS, keep_in_int8
from qa.language_models.model_folder import what_is_missing

_UNKNOWN_CONTEXT = 2048


@dataclass(frozen=True, slots=True)
class Loaded:
    """What all users of one folder share. `context` is the number of tokens that are read and written at most."""

    format: ChatFormat
    source: TokenSource
    device: str
    context: int
    parameters: int = 0


def require_whole(folder: Path) -> None:
    """Raise ModelError unless `folder` holds a model to its last byte. Reads the heads of its files only."""
    if not folder.is_dir():
        raise ModelError(
            f"没有文件夹“{folder}”。本机模型应当是一个文件夹，里面有 config.json、分词器和权重。",
            f"There is no folder {str(folder)!r}. A model on this machine is a folder with config.json, a tokenizer "
            "and weights.",
        )
    missing = what_is_missing(folder)
    if missing:
        raise ModelError(
            f"文件夹“{folder}”里的模型不完整：{missing} 没有或没有下载完。请重新运行 wenju models get；"
            "GGUF 格式的模型请写出那个 .gguf 文件。",
            f"The model in {str(folder)!r} is not whole: {missing} is missing or was not fetched to its end. Run "
            "wenju models get again; of a model in GGUF format, name the .gguf file.",
        )


def load(folder: Path, name: str) -> Loaded:
    """The model in `folder` on the device that suits it. Raises ModelError; MissingPackage without transformers."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin are ten times slower beside other programs
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingPackage(
            f"运行模型“{name}”需要 torch 和 transformers。请运行 pip install torch transformers。",
            f"The model {name!r} needs torch and transformers. Run pip install torch transformers.",
        ) from error
    with _quietly(transformers):
        try:
            config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            tokenizer = transformers.AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
            tokenizer.chat_template = tokenizer.chat_template or _template_of_processor(folder)
            parameters = parameters_in(folder)
            planned = plan(parameters, torch)
            require_memory(name, planned, parameters, torch)
            model = load_weights(folder, planned)
        except ModelError:
            raise
        except Exception as error:  # Libraries below raise what they like.
            raise _cannot_load(folder, name, error) from error
    named = model.generation_config.eos_token_id
    # Sampling and penalties, which it may ask for, are not wanted.
    model.generation_config = type(model.generation_config)()
    text_config = config.get_text_config()
    context = getattr(text_config, "max_position_embeddings", None) or _UNKNOWN_CONTEXT
    return Loaded(
        ChatFormat(tokenizer, named if isinstance(named, list) else [named]),
        TokenSource(model),
        planned.device,
        context,
        parameters,
    )


def _template_of_processor(folder: Path) -> str | None:
    """Where models that also see pictures had their chat template before there was a file for it."""
    try:
        return str(json.loads((folder / "chat_template.json").read_text(encoding="utf-8"))["chat_template"])
    except (OSError, ValueError, KeyError):
        return None


def load_weights(folder: Path, planned: Plan) -> Any:
    """The model on its device, as planned; not in 8 bits where that does not work for its architecture."""
    import torch
    from transformers import AutoModelForCausalLM

    auto: Any = AutoModelForCausalLM
    model, found = auto.from_pretrained(
        folder,
        dtype=getattr(torch, planned.dtype),
        local_files_only=True,
        trust_remote_code=False,
        output_loading_info=True,
    )
    if found["missing_keys"]:
        raise ValueError(f"no weights for {sorted(found['missing_keys'])[0]}")
    model = model.eval().requires_grad_(False).to(planned.device)
    if planned.int8 and not _now_in_int8(model):
        del model
        return load_weights(folder, replace(planned, int8=False))
    return model


def _now_in_int8(model: Any) -> bool:
    """Whether `model` could be brought to 8 bits and still works; else it is spoilt."""
    import torch

    try:
        keep_in_int8(model, torch.bfloat16 if multiplies_in_bf16(torch) else torch.float32)
        for length in (1, FEW_ROWS + 1):
            model(torch.zeros((1, length), dtype=torch.long))
    except Exception:  # Architectures do what they like with their layers.
        return False
    return True


def _cannot_load(folder: Path, name: str, error: Exception) -> ModelError:
    reason = brief(error)
    if is_out_of_memory(error):
        return no_memory(name, "cuda" if "CUDA" in str(error) else "cpu")
    if "trust_remote_code" in str(error):
        return ModelError(
            f"模型“{name}”要运行它自带的程序，出于安全不这样做。请换一个 transformers 直接支持的模型，"
            "或用别的程序运行它，再设 WENJU_SERVER。",
            f"The model {name!r} needs code of its own to be run, which is not done, for safety. Take a model that "
            "transformers supports itself, or run it by another program, named in WENJU_SERVER.",
        )
    if isinstance(error, (ValueError, KeyError)) and (
        "does not recognize" in str(error) or "Unrecognized" in str(error)
    ):
        return ModelError(
            f"已安装的 transformers 不认识模型“{name}”的结构，或它不是写文字的模型：{reason}。"
            "请升级 transformers，或换一个模型。",
            f"The installed transformers does not know the architecture of {name!r}, or it does not write text: "
            f"{reason}. Upgrade transformers, or take another model.",
        )
    return ModelError(
        f"模型“{name}”无法加载：{reason}。请检查 {folder} 里的文件是否完整。",
        f"The model {name!r} cannot be loaded: {reason}. Check that the files in {folder} are complete.",
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether `error`, of whatever library, says that memory did not suffice."""
    return isinstance(error, MemoryError) or "out of memory" in str(error) or "can't allocate memory" in str(error)


def brief(error: Exception) -> str:
    """The beginning of what a library says, in one line."""
    return (" ".join(str(error).split()) or type(error).__name__)[:200].rstrip("。. ")


@contextmanager
def _quietly(transformers: Any) -> Iterator[None]:
    """Without the progress bars and advice of transformers on the terminal."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
